"""Reads of the plan: which columns of a book are open."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from khue.base.core.bulk import query
from khue.base.org.rules import GRADE_LEVELS

from ..rules.locks import Open, Window, closed_because, reason_of
from .sheets import Book

# the school's own row before the office's: the longer path is nearer
_WINDOWS = """
SELECT DISTINCT ON (w.kind) w.kind, w.opens_on, w.closes_on FROM assessment_markwindow w
JOIN org_unit u ON u.id = w.unit_id JOIN org_unit s ON s.id = %(school)s AND s.path LIKE u.path || '%%'
WHERE w.year = %(year)s AND w.level = %(level)s AND w.term = %(term)s ORDER BY w.kind, length(u.path) DESC
"""
_REOPENED = """
SELECT DISTINCT ON (kind) kind, until, id, reason FROM assessment_reopening
WHERE school_id = %(school)s AND gradebook_id = %(book)s AND term = %(term)s AND granted AND until > %(now)s
ORDER BY kind, until DESC
"""


class Locks(NamedTuple):
    """Kind of mark → why it is closed ("" or missing: open), and the reason that entries of a reopening carry."""

    closed: Mapping[str, str]
    reasons: Mapping[str, str]


def last_days(*, school_id: int, year: int, level: str, term: int) -> dict[str, date]:
    """Kind of mark → last day by the plan, where there is one."""
    rows = query(_WINDOWS, {"school": school_id, "year": year, "level": level, "term": term})
    return {kind: closes_on for kind, _opens_on, closes_on in rows}


def locks_of(book: Book, term: int, now: datetime) -> Locks:
    """The columns of a book at a moment: two statements."""
    asked = {
        "school": book.school_id, "year": book.year, "level": GRADE_LEVELS.get(book.grade, ""), "term": term,
        "book": book.pk, "now": now,
    }  # fmt: skip
    windows = {kind: Window(*days) for kind, *days in query(_WINDOWS, asked)}
    if not windows:
        return Locks({}, {})
    reopened = {kind: Open(*rest) for kind, *rest in query(_REOPENED, asked)}
    today = timezone.localdate(now)
    return Locks(
        {kind: closed_because(window, reopened.get(kind), today, now) for kind, window in windows.items()},
        {kind: reason_of(window, reopened.get(kind), today) for kind, window in windows.items()},
    )
