"""Who teaches what in the demonstration: by the subject of the position, the work spread evenly.

Homeroom teachers of lower-secondary classes have their own class in their subject; class teachers of primary schools
teach most subjects of theirs. All of it follows from the rows that are there, so that no draw is needed.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from khue.base.core.bulk import insert_rows
from khue.base.org.models import School
from khue.base.org.selectors import calendar_of
from khue.school.assessment.models import Gradebook, TeachingAssignment
from khue.school.assessment.models.books import HOMEROOM
from khue.school.assessment.rules.books import OF_CLASS_TEACHERS, taught_by
from khue.school.assessment.services.teaching import set_up_books
from khue.school.registry.models import Position
from khue.school.registry.rules import STAFF_WORKING

COLUMNS = ("school", "gradebook", "teacher", "since", "until", "substitute")
_LEAVE = ("toan", date(1, 11, 9), date(1, 12, 19))
"""One teacher of this subject is away between these days of the first term; a colleague teaches for them."""

_Row = tuple[int, int, int, date, date | None, bool]


@dataclass(frozen=True)
class _Book:
    pk: int
    subject: str
    grade: int
    periods: int
    languages: tuple[str, str]
    homeroom: int | None


def load_teaching(school: School, year: int) -> int:
    """Books and assignments of one school year; returns how many assignments."""
    set_up_books(school=school, year=year)
    since = calendar_of(year).term1[0]
    teachers = _teachers(school, since)
    given = _share_out(_books(school, year), teachers)
    rows: list[_Row] = [(school.pk, book, teacher, since, None, False) for book, teacher in given.items()]
    rows += _leave(school, year, given, teachers)
    return insert_rows(TeachingAssignment, COLUMNS, rows)


def _teachers(school: School, since: date) -> dict[int, str]:
    """Position → subject of who works here from the beginning of the year on."""
    rows = Position.objects.filter(school=school, group="2", status__in=STAFF_WORKING, left_on=None)
    found = rows.order_by("code", "pk").values_list("pk", "subject", "joined_on")
    return {pk: subject for pk, subject, joined in found if joined is None or joined <= since}


def _books(school: School, year: int) -> list[_Book]:
    """Subjects that somebody teaches: neither the homeroom book nor what has parts."""
    rows = Gradebook.objects.filter(school=school, school_class__year=year).exclude(subject=HOMEROOM)
    columns = ("pk", "subject", "part_of", "school_class_id", "school_class__grade", "periods",
               "school_class__language1", "school_class__language2", "school_class__homeroom_id")  # fmt: skip
    found = list(rows.order_by("school_class__grade", "school_class__sort_key", "position").values_list(*columns))
    wholes = {(class_id, part_of) for _pk, _subject, part_of, class_id, *_rest in found if part_of}
    return [
        _Book(pk, subject, grade, periods or 70, (first, second), homeroom)
        for pk, subject, _part, class_id, grade, periods, first, second, homeroom in found
        if (class_id, subject) not in wholes
    ]


def _share_out(books: list[_Book], teachers: dict[int, str]) -> dict[int, int]:
    """Book → teacher: first what follows from the homeroom, then each book to who has the least to do so far."""
    load: Counter[int] = Counter()
    given: dict[int, int] = {}

    def give(book: _Book, teacher: int) -> None:
        given[book.pk] = teacher
        load[teacher] += book.periods

    for book in books:
        if book.homeroom in teachers and _is_of_homeroom(book, teachers[book.homeroom]):
            give(book, book.homeroom)
    for book in books:
        if book.pk not in given:
            pool = _pool(book, teachers)
            if pool:
                give(book, min(pool, key=lambda teacher: load[teacher]))
    return given


def _is_of_homeroom(book: _Book, subject: str) -> bool:
    if book.grade <= 5:
        return book.subject in OF_CLASS_TEACHERS
    return book.subject == "hoat_dong_trai_nghiem" or subject in taught_by(book.subject, book.languages)[:1]


def _pool(book: _Book, teachers: dict[int, str]) -> list[int]:
    """Teachers of the subject, else of one near to it, else in primary schools the class teacher, else nobody."""
    for subject in taught_by(book.subject, book.languages):
        found = [pk for pk, own in teachers.items() if own == subject]
        if found:
            return found
    return [book.homeroom] if book.grade <= 5 and book.homeroom in teachers else []


def _leave(school: School, year: int, given: dict[int, int], teachers: dict[int, str]) -> list[_Row]:
    subject, first, end = _LEAVE
    pool = [pk for pk, own in teachers.items() if own == subject]
    if len(pool) < 2:
        return []
    away, colleague = pool[-1], pool[0]
    days = first.replace(year=year), end.replace(year=year)
    return [(school.pk, book, colleague, *days, True) for book, teacher in given.items() if teacher == away]
