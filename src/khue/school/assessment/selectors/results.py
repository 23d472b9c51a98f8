"""Results of a whole class, computed from its newest entries by the rules: nothing is stored that could differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from khue.base.core.bulk import query
from khue.school.registry.models import SchoolClass
from khue.school.registry.selectors.classes import Roster, roster

from ..models import Gradebook
from ..rules import regulation_for, rules_of
from ..rules.cells import term_marks
from ..rules.curriculum import subjects_for
from ..rules.marks import PupilYear, Study, Subject, TermMarks
from ..rules.secondary import TermResult
from .teaching import label_of

METHODS = ("score", "comment")
_NEWEST = """
SELECT DISTINCT ON (e.gradebook_id, e.enrolment_id, e.term, e.kind, e.number)
  e.gradebook_id, e.enrolment_id, e.term, e.kind, e.number, e.value
FROM assessment_markentry e
WHERE e.school_id = %(school)s AND e.gradebook_id = ANY (%(books)s) AND e.kind = ANY ('{tx,gk,ck}')
ORDER BY e.gradebook_id, e.enrolment_id, e.term, e.kind, e.number, e.serial DESC
"""


class ClassBook(NamedTuple):
    """A subject of the class as its results need it."""

    pk: int
    subject: str
    method: str
    formative: int
    part_of: str


Cells = Mapping[tuple[int, int, int], Mapping[tuple[str, int], str]]
"""(gradebook, enrolment, term) → (kind, number) → value."""


@dataclass
class ClassResults:
    """A term of a class: its books, its pupils, the result of each pupil; ``names`` of the subjects."""

    books: tuple[ClassBook, ...]
    roster: Roster
    results: dict[int, TermResult]
    names: dict[str, str]


def class_results(klass: SchoolClass, term: int, day: date) -> ClassResults:
    """Three statements: books, entries, pupils; then the rules, pupil by pupil."""
    books = books_of_class(klass)
    cells = newest_cells(klass.school_id, books)
    here = roster(klass, day)
    rules: Any = rules_of(regulation_for(klass.grade, klass.year))
    core = {subject.code for subject in subjects_for(klass.grade, klass.year) if subject.core}
    results = {
        line.enrolment_id: rules.evaluate_term(pupil_year(books, cells, line.enrolment_id, core), term)
        for line in here.present
    }
    names = {
        book.subject: label_of(klass.grade, klass.year, book.subject, (klass.language1, klass.language2))
        for book in books
    }
    return ClassResults(books, here, results, names)


def books_of_class(klass: SchoolClass) -> tuple[ClassBook, ...]:
    """The subjects of a class that marks or words are given in, in the order of the book."""
    rows = Gradebook.objects.filter(school_class=klass.pk, kind__in=METHODS).order_by("position", "subject")
    return tuple(ClassBook(*row) for row in rows.values_list("pk", "subject", "kind", "formative", "part_of"))


def newest_cells(school_id: int, books: Sequence[ClassBook]) -> Cells:
    """What the cells of these books hold, of both terms."""
    found: dict[tuple[int, int, int], dict[tuple[str, int], str]] = {}
    for book, enrolment, term, kind, number, value in query(
        _NEWEST, {"school": school_id, "books": [one.pk for one in books]}
    ):
        found.setdefault((book, enrolment, term), {})[kind, number] = value
    return found


def pupil_year(books: Iterable[ClassBook], cells: Cells, enrolment: int, core: Iterable[str] = ()) -> PupilYear:
    """A pupil's marks as the rules take them; contents of a subject (phân môn) stand inside it."""
    studies: list[Study] = []
    parts: dict[str, list[Study]] = {}
    core = set(core)
    for book in books:
        subject = Subject(book.subject, book.method, book.formative, book.subject in core)  # type: ignore[arg-type]
        first, second = (_marks(cells, book, enrolment, term) for term in (1, 2))
        study = Study(subject, (first, second))
        (parts.setdefault(book.part_of, []) if book.part_of else studies).append(study)
    whole = (study._replace(parts=tuple(parts.get(study.subject.code, ()))) for study in studies)
    return PupilYear(tuple(whole))


def _marks(cells: Cells, book: ClassBook, enrolment: int, term: int) -> TermMarks:
    return term_marks(cells.get((book.pk, enrolment, term), {}), book.formative)
