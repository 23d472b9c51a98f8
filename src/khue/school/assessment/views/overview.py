"""Results of a class in a term (Bảng tổng hợp): every subject side by side, what is missing, the level and why."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.school.registry.models import SchoolClass
from khue.school.registry.selectors.scope import find, visible_classes

from ..rules.secondary import GRADES, TermResult
from ..rules.trace import Trace
from ..rules.wording import to_dict
from ..selectors.results import ClassBook, ClassResults, class_results
from ..selectors.sheets import TERMS
from .rows import ANY, NOT_YET, average_text, head, headed
from .sheets import READ, term_links, term_name, why_page


def _class(request: HttpRequest, pk: int, term: int) -> SchoolClass:
    klass = find(visible_classes(request, any_year=True), pk)
    if term not in TERMS or klass.grade not in GRADES:
        raise Http404
    return klass


@require_GET
@needs(READ)
def class_overview(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """All subjects of the pupils of a class: results of the term as the marks stand now."""
    klass, place = _class(request, pk, term), place_of(request)
    found = class_results(klass, term, timezone.localdate())
    books = [book for book in found.books if not book.part_of]
    sheets = place.url("gradebook-sheet", pk=ANY, term=term)
    why = place.url("class-why", pk=pk, term=term, enrolment=ANY)
    whole = sum(result.learning.value is not None for result in found.results.values())
    context = {
        "title": _("Tổng hợp {klass}, {term}").format(klass=klass.code, term=term_name(term)),
        "lead": _("{n} em, {whole} em đã đủ điểm để xếp mức. Tính từ điểm đang có trong sổ.").format(
            n=len(found.roster.present), whole=whole
        ),
        "columns": [
            {**headed(book.subject, found.names[book.subject]), "url": sheets.replace(str(ANY), str(book.pk))}
            for book in books
        ],
        "rows": _rows(found, books, why),
        "count": len(found.roster.present),
        "has_books": bool(books),
        "terms": term_links(request, "class-overview", pk, term),
    }
    return render(request, "assessment/overview.html", context)


@require_GET
@needs(READ)
def class_why(request: HttpRequest, pk: int, term: int, enrolment: int) -> HttpResponse:
    """Why a pupil's level of the term is what it is."""
    found = class_results(_class(request, pk, term), term, timezone.localdate())
    line = next((line for line in found.roster.present if line.enrolment_id == enrolment), None)
    if line is None:
        raise Http404
    return why_page(request, line.name, found.results[enrolment].learning, found.names)


def _rows(found: ClassResults, books: Iterable[ClassBook], why: str) -> SafeString:
    """The rows as HTML: 45 pupils by 13 cells."""
    subjects = [book.subject for book in books]
    rows = (
        _row(
            number, line.name, found.results[line.enrolment_id], subjects, why.replace(str(ANY), str(line.enrolment_id))
        )
        for number, line in enumerate(found.roster.present, start=1)
    )
    return mark_safe("\n".join(rows))  # noqa: S308  # names are escaped, the rest are figures and our own words


def _row(number: int, name: str, result: TermResult, subjects: Iterable[str], why: str) -> str:
    cells = "".join(_cell(result.subjects.get(subject)) for subject in subjects)
    level = level_text(result.learning)
    label = _("{result}, vì sao, {name}").format(result=level, name=escape(name))
    link = f'<a class="door" href="{why}" data-open="vi-sao" aria-label="{label}">{level}</a>'
    return f'<tr>{head(number, name)}{cells}<td class="avg">{link}</td></tr>'


def _cell(trace: Trace | None) -> str:
    text, low = average_text(trace)
    return f'<td class="n lock">{f"<b>{text}</b>" if low else text}</td>'


def level_text(trace: Trace) -> str:
    """Mức of study in words, or how much is missing."""
    if trace.value is None:
        missing: Any = sum(item.number for item in trace.missing)
        return _("thiếu {n}").format(n=missing) if missing else NOT_YET
    return str(to_dict(trace)["text"])
