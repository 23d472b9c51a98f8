"""Reads of teaching: which books a class has or lacks, who teaches what on a day, which books are whose."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone

from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.bulk import query
from khue.school.registry.models import Position, SchoolClass, UserLink
from khue.school.registry.selectors.scope import studying_on, working_on

from ..models.books import HOMEROOM, Gradebook, TeachingAssignment
from ..rules.assignments import Spell, last_day
from ..rules.books import HOMEROOM_NAME, OF_CLASS_TEACHERS, SHORT, Book, books_for, subject_name, taught_by

TEACHER_GROUPS = ("1", "2")
_HOMEROOM_BOOK = Book(HOMEROOM, "homeroom", None, 0, "", 0)


@dataclass(frozen=True)
class ClassPlan:
    """A class, how many books it has, and those it lacks by the curriculum."""

    class_id: int
    code: str
    grade: int
    have: int
    missing: list[Book]


def missing_books(
    *, school_id: int, year: int, classes: Collection[int] | None = None, electives: Collection[str] = ()
) -> list[ClassPlan]:
    """Every class with what it lacks, in the order of the classes: one statement.

    LookupError for a year that the curricula do not reach.
    """
    rows = SchoolClass.objects.filter(school_id=school_id, year=year)
    if classes is not None:
        rows = rows.filter(pk__in=list(classes))
    has = ArrayAgg("gradebooks__subject", filter=~Q(gradebooks=None), default=Value([]))
    found = rows.annotate(has=has).order_by("grade", "sort_key", "code")
    plans = []
    for pk, code, grade, first, second, subjects in found.values_list(
        "pk", "code", "grade", "language1", "language2", "has"
    ):
        wanted = [_HOMEROOM_BOOK, *books_for(grade, year, electives=electives, languages=(first, second))]
        missing = [book for book in wanted if book.subject not in subjects]
        plans.append(ClassPlan(pk, code, grade, len(subjects), missing))
    return plans


def label_of(grade: int, year: int, subject: str, languages: tuple[str, str] = ("", "")) -> str:
    """Toán, Tiếng Anh (Ngoại ngữ 1 of a class that learns English), Chủ nhiệm."""
    code = languages[subject == "ngoai_ngu_2"] if subject in ("ngoai_ngu_1", "ngoai_ngu_2") else ""
    return subject_name(grade, year, subject, language=name_of("foreign_language", code) if code else "")


def book_name(book: Gradebook) -> str:
    """Toán 6A1: a book that comes with its class."""
    klass = book.school_class
    name = label_of(klass.grade, klass.year, book.subject, (klass.language1, klass.language2))
    return f"{name} {klass.code}"


def working_from(position: Position, since: date) -> date:
    return max(since, position.joined_on or since)


# -- who teaches --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Teacher:
    """Somebody who teaches a book between two dates; ``assignment`` is None for the homeroom teacher of the class."""

    assignment: int | None
    position: int
    name: str
    since: date | None = None
    until: date | None = None
    substitute: bool = False

    def teaches_on(self, day: date) -> bool:
        return Spell(self.since or date.min, self.until).holds(day)


def _name(path: str) -> Any:
    """The name of the person behind a position, from the frozen copy when they have left."""
    living, frozen = F(f"{path}staff__full_name"), KeyTextTransform("full_name", f"{path}frozen")
    return Coalesce(living, frozen, Value(""), output_field=models.TextField())


def assignments_of(books: QuerySet[Gradebook] | Collection[int]) -> dict[int, list[Teacher]]:
    """Book → all its assignments, main teachers before substitutes, by date: one statement."""
    rows = TeachingAssignment.objects.filter(gradebook__in=books).annotate(name=_name("teacher__"))
    found: dict[int, list[Teacher]] = defaultdict(list)
    columns = ("gradebook_id", "pk", "teacher_id", "name", "since", "until", "substitute")
    for book, *values in rows.order_by("substitute", "since", "pk").values_list(*columns):
        found[book].append(Teacher(*values))
    return found


def teachers_of(gradebook: Gradebook, day: date) -> list[Teacher]:
    """Who teaches a book on a day, substitutes last; of the homeroom book the homeroom teacher first. At most two
    statements."""
    given = [one for one in assignments_of([gradebook.pk])[gradebook.pk] if one.teaches_on(day)]
    if gradebook.subject != HOMEROOM:
        return given
    rows = Position.objects.filter(homerooms=gradebook.school_class_id).annotate(name=_name(""))
    return [Teacher(None, pk, name) for pk, name in rows.values_list("pk", "name")] + given


def taught_books(request: HttpRequest, day: date | None = None) -> QuerySet[Gradebook]:
    """Books of the place's school year that the signed-in person teaches on a day: by assignment, and the homeroom
    book of their class."""
    on = day or timezone.localdate()
    staff = UserLink.objects.filter(pk=request.user.pk or 0).values("staff_id")
    given = TeachingAssignment.objects.filter(gradebook=OuterRef("pk"), teacher__staff__in=staff, since__lte=on)
    given = given.filter(Q(until=None) | Q(until__gt=on))
    own = Q(subject=HOMEROOM, school_class__homeroom__staff__in=staff, school_class__homeroom__left_on=None)
    return Gradebook.objects.filter(Exists(given) | own, school_class__year=place_of(request).year)


@dataclass(frozen=True)
class TaughtBook:
    """A book of mine, for a list of sheets."""

    pk: int
    subject: str
    name: str
    class_id: int
    class_code: str
    grade: int
    kind: str
    formative: int
    pupils: int

    @property
    def is_homeroom(self) -> bool:
        return self.subject == HOMEROOM


def books_of(request: HttpRequest, day: date | None = None) -> list[TaughtBook]:
    """The books that the signed-in person teaches on a day, by class, the homeroom book first: one statement."""
    on = day or timezone.localdate()
    present = studying_on(on, prefix="school_class__current_enrolments__")
    rows = taught_books(request, on).annotate(pupils=Count("school_class__current_enrolments", filter=present))
    columns = (
        "pk", "subject", "kind", "formative", "pupils", "school_class_id", "school_class__code", "school_class__grade",
        "school_class__year", "school_class__language1", "school_class__language2",
    )  # fmt: skip
    order = ("school_class__grade", "school_class__sort_key", "position", "pk")
    return [
        TaughtBook(
            pk, subject, label_of(grade, year, subject, (first, second)), class_id, code, grade, kind, formative, pupils
        )
        for pk, subject, kind, formative, pupils, class_id, code, grade, year, first, second in rows.order_by(
            *order
        ).values_list(*columns)
    ]


# -- the grid of a grade ------------------------------------------------------------------------------------------

# One statement for all grades: how many classes, how many of them without any book, how many subjects nobody teaches
# today. A subject of several contents (Nghệ thuật) is taught by the teachers of its parts.
_GRADES = """
SELECT c.grade, count(DISTINCT c.id), count(DISTINCT c.id) FILTER (WHERE g.id IS NULL), count(g.id),
  count(g.id) FILTER (WHERE g.subject <> %(homeroom)s
    AND NOT EXISTS (SELECT 1 FROM assessment_gradebook p WHERE p.school_id = g.school_id
      AND p.school_class_id = g.school_class_id AND p.part_of = g.subject)
    AND NOT EXISTS (SELECT 1 FROM assessment_teachingassignment a WHERE a.school_id = g.school_id
      AND a.gradebook_id = g.id AND a.since <= %(day)s AND (a.until IS NULL OR a.until > %(day)s))),
  count(g.id) FILTER (WHERE g.subject = %(homeroom)s AND c.homeroom_id IS NULL)
FROM registry_schoolclass c
LEFT JOIN assessment_gradebook g ON g.school_id = c.school_id AND g.school_class_id = c.id
WHERE c.school_id = %(school)s AND c.year = %(year)s GROUP BY c.grade ORDER BY c.grade
"""


@dataclass(frozen=True)
class GradeSummary:
    """A grade of a school (Khối): ``empty`` counts subjects without a teacher and classes without a homeroom one."""

    grade: int
    classes: int
    bare: int
    books: int
    empty: int


def grades(school_id: int, year: int, day: date) -> list[GradeSummary]:
    rows = query(_GRADES, {"school": school_id, "year": year, "day": day, "homeroom": HOMEROOM})
    return [
        GradeSummary(grade, classes, bare, books, empty + heads) for grade, classes, bare, books, empty, heads in rows
    ]


@dataclass
class GridRow:
    """A class with its books by subject."""

    class_id: int
    code: str
    homeroom: str
    languages: tuple[str, str]
    books: dict[str, tuple[int, list[Teacher]]] = field(default_factory=dict)


@dataclass
class Grid:
    """Classes × subjects of a grade; ``subjects`` are codes in the order of the books."""

    rows: list[GridRow]
    subjects: list[str]


def grid(school_id: int, year: int, grade: int) -> Grid:
    """The grid of a grade with all assignments: three statements. Subjects that have parts are left out."""
    classes = SchoolClass.objects.filter(school_id=school_id, year=year, grade=grade)
    columns = ("pk", "code", "homeroom_name", "language1", "language2")
    found = classes.annotate(homeroom_name=_name("homeroom__")).order_by("sort_key", "code").values_list(*columns)
    rows = {pk: GridRow(pk, code, name, (first, second)) for pk, code, name, first, second in found}
    books = Gradebook.objects.filter(school_id=school_id, school_class__in=list(rows))
    listed = list(books.order_by("position", "pk").values_list("pk", "school_class_id", "subject", "part_of"))
    teachers = assignments_of([pk for pk, *_ in listed])
    wholes = {part_of for *_, part_of in listed if part_of}
    for pk, class_id, subject, _part in listed:
        if subject not in wholes:
            rows[class_id].books[subject] = (pk, teachers.get(pk, []))
    subjects = dict.fromkeys(subject for _, _, subject, _ in listed if subject not in wholes)
    return Grid(list(rows.values()), list(subjects))


# -- teachers to choose from --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TeacherLine:
    """A teacher of the school with the subject of their position and what they teach on a day."""

    position: int
    name: str
    code: str
    subject: str
    classes: int = 0
    teaching: tuple[tuple[str, str, str], ...] = ()
    """(short name, whole name, classes): ("GDTC", "Giáo dục thể chất", "6A1, 6A2")."""

    @property
    def subject_name(self) -> str:
        return name_of("subject", self.subject) if self.subject else ""


def teachers_at_work(school_id: int, year: int, day: date) -> list[TeacherLine]:
    """Teachers and managers at work, by name, with the number of classes where they teach: one statement."""
    now = Q(assignments__gradebook__school_class__year=year, assignments__since__lte=day)
    now &= Q(assignments__until=None) | Q(assignments__until__gt=day)
    rows = Position.objects.filter(working_on(day), school_id=school_id, group__in=TEACHER_GROUPS, staff__isnull=False)
    rows = rows.annotate(classes=Count("assignments__gradebook__school_class", filter=now, distinct=True))
    columns = ("pk", "staff__full_name", "code", "subject", "classes")
    return [
        TeacherLine(pk, name, code or "", subject, classes)
        for pk, name, code, subject, classes in rows.order_by("staff__sort_key", "pk").values_list(*columns)
    ]


def by_teacher(school_id: int, year: int, day: date) -> list[TeacherLine]:
    """The same with what each teaches, homeroom too: three statements."""
    given = TeachingAssignment.objects.filter(
        Q(until=None) | Q(until__gt=day), since__lte=day, school_id=school_id, gradebook__school_class__year=year
    )
    columns = ("gradebook__subject", "gradebook__position", "gradebook__school_class__grade",
               "gradebook__school_class__code", "gradebook__school_class__language1",
               "gradebook__school_class__language2", "substitute")  # fmt: skip
    taught: dict[int, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = given.order_by("gradebook__position", "gradebook__school_class__sort_key")
    for teacher, subject, _n, grade, code, first, second, substitute in rows.values_list("teacher_id", *columns):
        name = label_of(grade, year, subject, (first, second))
        both = SHORT.get(subject, name) if not subject.startswith("ngoai_ngu") else name, name
        said = (f"{both[0]} (dạy thay)", f"{name} (dạy thay)") if substitute else both
        taught[teacher][said].append(code)
    heads = SchoolClass.objects.filter(school_id=school_id, year=year).exclude(homeroom=None).order_by("sort_key")
    for teacher, code in heads.values_list("homeroom_id", "code"):
        taught[teacher][HOMEROOM_NAME, HOMEROOM_NAME].append(code)
    return [
        TeacherLine(
            one.position, one.name, one.code, one.subject, one.classes,
            tuple((*names, ", ".join(codes)) for names, codes in taught[one.position].items()),
        )
        for one in teachers_at_work(school_id, year, day)
    ]  # fmt: skip


def fitting(lines: Iterable[TeacherLine], wanted: Collection[str]) -> list[TeacherLine]:
    """Teachers of these subjects, of the first subject first."""
    order = {code: n for n, code in enumerate(wanted)}
    return sorted((one for one in lines if one.subject in order), key=lambda one: order[one.subject])


def usual_subjects(grade: int, subject: str, languages: tuple[str, str]) -> tuple[str, ...]:
    """Subjects of positions that suit a book; class teachers of primary schools teach several."""
    own = taught_by(subject, languages)
    return (*own, "tieu_hoc") if grade <= 5 and subject in OF_CLASS_TEACHERS else own


def short_names(names: Iterable[str]) -> Mapping[str, str]:
    """Full name → given name, longer where people share it: "Lan", "Ngọc Lan", "T. Lan", the whole as a last way."""
    shown: dict[str, str] = {}
    ways = (
        lambda words: words[-1],
        lambda words: " ".join(words[-2:]),
        lambda words: f"{words[0][0]}.\u00a0{words[-1]}",
        " ".join,
    )
    left = sorted(set(filter(None, names)))
    for way in ways:
        groups: dict[str, list[str]] = defaultdict(list)
        for name in left:
            groups[way(name.split())].append(name)
        shown |= {members[0]: short for short, members in groups.items() if len(members) == 1}
        left = [name for name in left if name not in shown]
    return shown


def taught_subjects(books: QuerySet[Gradebook], position: int, day: date) -> list[tuple[str, int, str, str, int, bool]]:
    """Subjects of some books, without those that have parts: (code, a grade and its two languages, in how many of
    the books this teacher teaches on a day, whether their own subject suits)."""
    now = Q(assignments__teacher=position, assignments__substitute=False, assignments__since__lte=day)
    now &= Q(assignments__until=None) | Q(assignments__until__gt=day)
    own = Position.objects.filter(pk=position).values_list("subject", flat=True).first()
    part = books.filter(school_class=OuterRef("school_class"), part_of=OuterRef("subject"))
    rows = books.filter(~Exists(part)).values("subject").annotate(
        first_position=Min("position"), grade=Min("school_class__grade"), language1=Max("school_class__language1"),
        language2=Max("school_class__language2"), count=Count("pk", filter=now, distinct=True),
    ).order_by("first_position", "subject")  # fmt: skip
    columns = ("subject", "grade", "language1", "language2", "count")
    return [(*row, own in usual_subjects(row[1], row[0], (row[2], row[3]))) for row in rows.values_list(*columns)]


def assignment_rows(school_id: int, year: int) -> list[tuple[str, str, str, str, date | None, date | None, str]]:
    """(class, subject, teacher, code, first day, last day, "x" for a substitute) of a school year: two statements.

    A subject without a teacher has a row too; the homeroom teacher stands in that of the homeroom book.
    """
    wholes = Gradebook.objects.filter(school_class=OuterRef("school_class"), part_of=OuterRef("subject"))
    books = Gradebook.objects.filter(~Exists(wholes), school_id=school_id, school_class__year=year)
    columns = (
        "pk", "subject", "school_class__code", "school_class__grade", "school_class__language1",
        "school_class__language2", "head", "school_class__homeroom__code",
    )  # fmt: skip
    order = ("school_class__grade", "school_class__sort_key", "position", "pk")
    listed = list(books.annotate(head=_name("school_class__homeroom__")).order_by(*order).values_list(*columns))
    given: dict[int, list[tuple[str, str, date, date | None, bool]]] = defaultdict(list)
    rows = TeachingAssignment.objects.filter(gradebook__in=[row[0] for row in listed]).annotate(name=_name("teacher__"))
    for book, *values in rows.order_by("substitute", "since", "pk").values_list(
        "gradebook_id", "name", "teacher__code", "since", "until", "substitute"
    ):
        given[book].append((values[0], values[1] or "", values[2], values[3], values[4]))
    found: list[tuple[str, str, str, str, date | None, date | None, str]] = []
    for pk, subject, code, grade, first, second, head, head_code in listed:
        name = label_of(grade, year, subject, (first, second))
        if subject == HOMEROOM:
            found.append((code, name, head, head_code or "", None, None, ""))
        elif not given[pk]:
            found.append((code, name, "", "", None, None, ""))
        for teacher, own_code, since, until, substitute in given[pk]:
            last = last_day(until) if until else None
            found.append((code, name, teacher, own_code, since, last, "x" if substitute else ""))
    return found
