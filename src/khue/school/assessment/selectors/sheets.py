"""Reads of one sheet: a subject of a class in a term, as its newest entries say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import Http404

from khue.base.core.bulk import query
from khue.school.registry.models import SchoolClass
from khue.school.registry.selectors.classes import Roster, roster

from ..rules import regulation_for, rules_of
from ..rules.cells import Column, Spot, columns, term_marks
from ..rules.marks import PupilYear, Study, Subject, TermMarks
from ..rules.trace import Trace
from .teaching import label_of

TERMS = (1, 2)
# The book, its class, the end of its chain, whether this account teaches it on the day, and is homeroom of the class.
_BOOK = """
WITH mine AS (
  SELECT p.id, p.school_id FROM registry_userlink k JOIN registry_position p ON p.staff_id = k.staff_id
  WHERE k.user_id = %(user)s AND (p.left_on IS NULL OR p.left_on > %(day)s)
)
SELECT g.id, g.school_id, g.subject, g.kind, g.formative, c.id, c.code, c.grade, c.year, c.language1, c.language2,
  COALESCE(h.length, 0),
  EXISTS (SELECT 1 FROM assessment_teachingassignment a JOIN mine m ON m.school_id = a.school_id AND m.id = a.teacher_id
    WHERE a.school_id = g.school_id AND a.gradebook_id = g.id AND a.since <= %(day)s
      AND (a.until IS NULL OR a.until > %(day)s)),
  EXISTS (SELECT 1 FROM mine m WHERE m.id = c.homeroom_id)
FROM assessment_gradebook g JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
LEFT JOIN assessment_chain h ON h.school_id = g.school_id AND h.gradebook_id = g.id
WHERE g.id = %(book)s
"""
_NEWEST = """
SELECT DISTINCT ON (e.enrolment_id, e.kind, e.number) e.enrolment_id, e.kind, e.number, e.value, e.serial, u.full_name,
  e.written_at, e.origin
FROM assessment_markentry e JOIN accounts_user u ON u.id = e.user_id
WHERE e.school_id = %(school)s AND e.gradebook_id = %(book)s AND e.term = %(term)s
ORDER BY e.enrolment_id, e.kind, e.number, e.serial DESC
"""
_SINCE = """
SELECT e.enrolment_id, e.kind, e.number, e.value, e.serial, u.full_name, e.written_at, e.origin
FROM assessment_markentry e JOIN accounts_user u ON u.id = e.user_id
WHERE e.school_id = %(school)s AND e.gradebook_id = %(book)s AND e.term = %(term)s AND e.serial > %(since)s
ORDER BY e.serial
"""


@dataclass(frozen=True)
class Book:
    """A gradebook as the person who asks sees it: ``is_teacher`` on the day, ``is_homeroom`` of the class."""

    pk: int
    school_id: int
    subject: str
    method: str
    formative: int
    class_id: int
    class_code: str
    grade: int
    year: int
    language1: str
    language2: str
    length: int
    is_teacher: bool
    is_homeroom: bool

    @property
    def name(self) -> str:
        return label_of(self.grade, self.year, self.subject, (self.language1, self.language2))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return columns(self.formative)

    def column(self, kind: str, number: int) -> Column | None:
        return next((c for c in self.columns if (c.kind, c.number) == (kind, number)), None)


@dataclass(frozen=True)
class Cell:
    """What a cell holds: the newest entry, who wrote it and when."""

    value: str
    serial: int
    by: str
    at: datetime
    origin: str = ""


@dataclass
class Sheet:
    """A term's sheet: the pupils of the class and the cells that are filled."""

    book: Book
    term: int
    roster: Roster
    cells: dict[Spot, Cell] = field(default_factory=dict)

    @cached_property
    def by_pupil(self) -> dict[int, dict[tuple[str, int], str]]:
        """Enrolment → (kind, number) → value."""
        found: dict[int, dict[tuple[str, int], str]] = {}
        for place, cell in self.cells.items():
            found.setdefault(place.enrolment, {})[place.kind, place.number] = cell.value
        return found

    def result(self, enrolment: int) -> Trace | None:
        """The pupil's result of the term with its trace."""
        return result_of(self.book, self.term, self.by_pupil.get(enrolment, {}))


def book_for(user_id: int | None, pk: int, day: date) -> Book:
    """The gradebook, or 404 if it is missing or another school's: the policies hide it."""
    rows = query(_BOOK, {"book": pk, "user": user_id, "day": day})
    if not rows:
        raise Http404
    return Book(*rows[0])


def sheet_of(book: Book, term: int, day: date) -> Sheet:
    """The sheet in two statements: pupils, newest entries."""
    klass = SchoolClass(pk=book.class_id, school_id=book.school_id)
    return Sheet(book, term, roster(klass, day), newest(book, term))


def newest(book: Book, term: int) -> dict[Spot, Cell]:
    """Spot → what it holds now."""
    rows = query(_NEWEST, {"school": book.school_id, "book": book.pk, "term": term})
    return {Spot(*row[:3]): Cell(*row[3:]) for row in rows}


def entries_since(book: Book, term: int, serial: int) -> list[tuple[Spot, Cell]]:
    """Entries that came after one, oldest first: what another person on the same sheet must see."""
    rows = query(_SINCE, {"school": book.school_id, "book": book.pk, "term": term, "since": serial})
    return [(Spot(*row[:3]), Cell(*row[3:])) for row in rows]


def result_of(book: Book, term: int, cells: Mapping[tuple[str, int], str]) -> Trace | None:
    """The result of one subject from the cells of its sheet; None where the regulation knows none."""
    if book.method not in ("score", "comment"):
        return None
    subject = Subject(book.subject, book.method, book.formative)  # type: ignore[arg-type]
    terms = [TermMarks(), TermMarks()]
    terms[term - 1] = term_marks(cells, book.formative)
    pupil = PupilYear((Study(subject, (terms[0], terms[1])),))
    rules: Any = rules_of(regulation_for(book.grade, book.year))
    found: Trace = rules.evaluate_term(pupil, term).subjects[book.subject]
    return found
