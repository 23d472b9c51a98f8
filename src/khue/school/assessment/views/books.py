"""The gradebooks of a person (Sổ điểm): where marks are written; managers see how far all of them are."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.org.selectors import calendar_of
from khue.school.registry.selectors.scope import own_class_ids

from ..rules.secondary import GRADES
from ..selectors.results import METHODS
from ..selectors.teaching import TaughtBook, books_of
from .sheets import READ, term_name


@require_GET
@needs(READ)
def gradebooks(request: HttpRequest) -> HttpResponse:
    """A teacher's books of the term that runs, class by class."""
    place = place_of(request)
    if not place.is_school:
        raise Http404
    term = calendar_of(place.year).term_on(timezone.localdate())
    if not place.own_classes_only:
        return redirect(place.url("marks-board", term=term))
    taught = books_of(request)
    books = [book for book in taught if book.kind in METHODS and book.grade in GRADES]
    homeroom = set(own_class_ids(request))
    context = {
        "title": _("Sổ điểm"),
        "lead": _("Sổ của bạn, {term}.").format(term=term_name(term)),
        "teaches": bool(taught),
        "books": [_shown(request, book, term, homeroom) for book in books],
    }
    return render(request, "assessment/books.html", context)


def _shown(request: HttpRequest, book: TaughtBook, term: int, homeroom: set[int]) -> dict[str, Any]:
    url = place_of(request).url
    return {
        "title": f"{book.name} {book.class_code}",
        "note": _("{n} học sinh").format(n=book.pupils),
        "url": url("gradebook-sheet", pk=book.pk, term=term),
        "class_url": url("class-overview", pk=book.class_id, term=term) if book.class_id in homeroom else "",
    }
