"""Subjects by curriculum and grade (`data/curriculum.csv`), and what primary schools rate besides (`data/traits.csv`).

Codes are those of the catalogue's list of subjects; ``short`` is the code in files that come from elsewhere. Periods
are those of the curriculum, not of a timetable: a reduced programme does not change the number of marks.
"""

import csv
from dataclasses import dataclass
from functools import cache

from .marks import Kind, Subject
from .regulations import DATA, regulation_for, regulation_named


@dataclass(frozen=True, slots=True)
class CurriculumSubject:
    """A subject of one grade (môn học); ``periods`` a year, None where the source names none.

    ``kind``: score (nhận xét và điểm), comment (nhận xét), test (mức và bài kiểm tra), level (mức). ``core``: Toán, Ngữ
    văn, Ngoại ngữ of Thông tư 58/2011. ``part_of``: a content with a teacher of its own, not a result of its own.
    """

    code: str
    short: str
    name: str
    kind: Kind
    periods: int | None
    elective: bool
    core: bool
    part_of: str
    source: str


@dataclass(frozen=True, slots=True)
class Trait:
    """A quality or competence (phẩm chất, năng lực) that primary schools rate."""

    code: str
    name: str
    group: str


@cache
def subjects_for(grade: int, school_year: int) -> tuple[CurriculumSubject, ...]:
    """All subjects of the grade in the order of the books, electives too."""
    return _subjects(regulation_for(grade, school_year).curriculum, grade)


@cache
def subjects_of(regulation_code: str, grade: int) -> tuple[CurriculumSubject, ...]:
    """The same for a named regulation, whatever the year: to check what others computed."""
    return _subjects(regulation_named(regulation_code).curriculum, grade)


def _subjects(curriculum: str, grade: int) -> tuple[CurriculumSubject, ...]:
    rows = [r for r in _rows("curriculum") if r["curriculum"] == curriculum and r[str(grade)]]
    return tuple(
        CurriculumSubject(
            code=row["code"],
            short=row["short"],
            name=row["name"],
            kind=row["kind"],  # type: ignore[arg-type]
            periods=int(row[str(grade)]) if row[str(grade)].isdecimal() else None,
            elective=bool(row["elective"]),
            core=bool(row["core"]),
            part_of=row["part_of"],
            source=row["source"],
        )
        for row in rows
    )


@cache
def traits_for(regulation_code: str, grade: int) -> tuple[Trait, ...]:
    """Traits rated in the grade. [check] Công nghệ, tin học from grade 3 on, where there is such a subject."""
    rows = [r for r in _rows("traits") if r["regulation"] == regulation_code and int(r["from_grade"]) <= grade]
    return tuple(Trait(row["code"], row["name"], row["group"]) for row in rows)


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def formative_count(periods: int) -> int:
    """Number of regular marks a term (số điểm thường xuyên): 22/2021 Điều 6, 26/2020 Điều 1."""
    return 2 if periods <= 35 else 3 if periods <= 70 else 4


def formative_required(regulation_code: str, kind: str, periods: int) -> int:
    """22/2021 Điều 6 wants two regular results in a subject with comments alone, however many periods it has."""
    return 2 if regulation_code == "TT22/2021" and kind == "comment" else formative_count(periods)


def subject_rules(regulation_code: str, subject: CurriculumSubject) -> Subject:
    """What the rules of secondary schools need to know of a subject."""
    return Subject(
        subject.code,
        "score" if subject.kind == "score" else "comment",
        formative_required(regulation_code, subject.kind, subject.periods or 0),
        subject.core,
    )


def has_midterm_test(grade: int, code: str) -> bool:
    """Bài kiểm tra giữa học kì: Tiếng Việt, Toán of grades 4 and 5 (27/2020 Điều 7, 22/2016)."""
    return grade >= 4 and code in ("tieng_viet", "toan")
