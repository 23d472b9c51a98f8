"""What the ``/`` box finds in assessment: the book of a subject of a class."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from khue.base.access.places import Place, place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.text import search_key
from khue.base.org.selectors import calendar_of
from khue.base.registers.search import SHOWN_PER_GROUP, Found, marked

from .models import Gradebook
from .rules.books import SHORT
from .selectors.results import METHODS
from .selectors.teaching import label_of, taught_books

_ADDRESS = 987_654_321


def find_books(request: HttpRequest, words: list[str]) -> list[Found]:
    """ "8a2 toan" finds the sheet of that class; a teacher finds their own, by subject or class alone too."""
    place = place_of(request)
    if not place.is_school or not place.may("assessment.marks:read"):
        return []
    own = place.own_classes_only
    wanted = [word for word in words if word not in ("lop", "so", "diem")]
    codes = [word for word in wanted if any(c.isdigit() for c in word)]
    if not wanted or not (own or (codes and len(wanted) > len(codes))):
        return []
    books = taught_books(request) if own else Gradebook.objects.filter(school_class__year=place.year)
    books = books.filter(kind__in=METHODS)
    for code in codes:
        books = books.filter(school_class__code__istartswith=code)
    rows = books.order_by("school_class__grade", "school_class__sort_key", "position").values_list(
        "pk", "subject", "school_class__code", "school_class__grade", "school_class__language1",
        "school_class__language2",
    )  # fmt: skip
    found: list[tuple[int, str, str]] = []
    for pk, subject, code, grade, first, second in rows:
        name = label_of(grade, place.year, subject, (first, second))
        if _names(subject, name, [word for word in wanted if word not in codes]):
            found.append((pk, name, code))
    if not found:
        return []
    pattern = _address(place)
    return [
        {
            "url": pattern.replace(str(_ADDRESS), str(pk)),
            "icon": "notebook",
            "title": format_html("{} <mark>{}</mark>", marked(name, words), code),
            "note": _("Sổ chủ nhiệm") if name == "Chủ nhiệm" else _("Sổ điểm"),
        }
        for pk, name, code in found[:SHOWN_PER_GROUP]
    ]


def _names(subject: str, name: str, words: list[str]) -> bool:
    """Whether each word begins a word of the subject, of its short name or of its name in the catalogue."""
    known = f"{name} {SHORT.get(subject, '')} {name_of('subject', subject) if subject != 'chu_nhiem' else ''}"
    parts = search_key(known).split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def _address(place: Place) -> str:
    """The sheet of the running term."""
    term = calendar_of(place.year).term_on(timezone.localdate())
    return place.url("gradebook-sheet", pk=_ADDRESS, term=term)
