"""Writes of teaching: which subjects a class has, who teaches them from when to when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from khue.base.core.bulk import insert_rows
from khue.base.org.models import School
from khue.base.org.rules import Calendar
from khue.base.org.selectors import calendar_of
from khue.school.registry.models import Position
from khue.school.registry.rules import STAFF_WORKING
from khue.school.registry.selectors.people import staff_of

from ..models import Chain, Gradebook, Kind, MarkEntry, TeachingAssignment
from ..models.books import HOMEROOM
from ..rules.assignments import Spell, Worker, end_fault, spell_faults, twice, worker_faults
from ..rules.books import MOST_FORMATIVE, OF_CLASS_TEACHERS, required_formative, subject_of
from ..selectors.teaching import book_name, missing_books, working_from

COLUMNS = ("school", "school_class", "subject", "kind", "periods", "formative", "part_of", "position")
TEACHING_GROUPS = ("1", "2")
"""Managers and teachers (nhóm): both teach."""


@transaction.atomic
def set_up_books(
    *, school: School, year: int, classes: Collection[int] | None = None, electives: Collection[str] = ()
) -> int:
    """Make the books that classes lack by the curriculum of their grade; returns how many.

    ``classes``: all of the year unless given. ``electives``: codes of subjects that the school offers in them. What
    exists stays as it is, so that it can be called again after a class was added.
    """
    try:
        plans = missing_books(school_id=school.pk, year=year, classes=classes, electives=electives)
    except LookupError as error:
        raise ValidationError(f"{error} Xem lại khối của lớp, hoặc năm học.") from error
    rows = [
        (school.pk, plan.class_id, b.subject, b.kind, b.periods, b.formative, b.part_of, b.position)
        for plan in plans
        for b in plan.missing
    ]
    return insert_rows(Gradebook, COLUMNS, rows)


@transaction.atomic
def assign(
    *,
    gradebooks: Iterable[Gradebook],
    teacher: Position,
    since: date,
    until: date | None = None,
    substitute: bool = False,
    replace: bool = False,
) -> list[TeachingAssignment]:
    """Give books of one school year to a teacher from ``since``; ``until`` is the first day without.

    ``substitute``: dạy thay, the teacher of the subject stays. ``replace``: whoever teaches it on that day stops (đổi
    giáo viên); otherwise both teach (phân môn). All books or none.
    """
    books = _locked(gradebooks)
    if not books:
        raise ValidationError("Chưa chọn môn của lớp nào. Đánh dấu ít nhất một lớp.")
    calendar, spell = calendar_of(books[0].school_class.year), Spell(since, until)
    _check_person(books, teacher, spell, calendar, substitute=substitute)
    others = _check_twice(books, teacher, spell)
    if replace and not substitute:
        _stop([a for a in others if not a.substitute and Spell(a.since, a.until).holds(since)], since)
    return TeachingAssignment.objects.bulk_create(
        TeachingAssignment(
            school_id=book.school_id, gradebook=book, teacher=teacher, since=since, until=until, substitute=substitute
        )
        for book in books
    )


def _locked(gradebooks: Iterable[Gradebook]) -> list[Gradebook]:
    """The books with their classes, locked, so that two people cannot give the same subject at once."""
    keys = [book.pk for book in gradebooks]
    rows = Gradebook.objects.filter(pk__in=keys).select_related("school_class").select_for_update(of=("self",))
    return list(rows.order_by("school_class__sort_key", "position", "pk"))


def _check_person(
    books: list[Gradebook], teacher: Position, spell: Spell, calendar: Calendar, *, substitute: bool
) -> None:
    if any(book.school_id != teacher.school_id or book.school_class.year != calendar.year for book in books):
        raise ValidationError("Giáo viên và các lớp phải cùng một trường, một năm học. Chọn lại.")
    if not substitute and any(book.subject == HOMEROOM for book in books):
        raise ValidationError("Chủ nhiệm đổi ở trang Sửa lớp; ở đây chỉ ghi người chủ nhiệm thay, có ngày cuối.")
    faults = spell_faults(spell, calendar=calendar, substitute=substitute) or worker_faults(_worker(teacher), spell)
    if faults:
        raise ValidationError(faults)


def _worker(teacher: Position) -> Worker:
    return Worker(
        staff_of(teacher)[0].full_name,
        teacher.group in TEACHING_GROUPS,
        teacher.status in STAFF_WORKING,
        teacher.joined_on,
        teacher.left_on,
    )


def _check_twice(books: list[Gradebook], teacher: Position, spell: Spell) -> list[TeachingAssignment]:
    """Assignments of others in these books; ValidationError where this teacher has one in these days already."""
    given = TeachingAssignment.objects.filter(gradebook__in=[book.pk for book in books]).order_by("since")
    by_book: dict[int, list[TeachingAssignment]] = defaultdict(list)
    for one in given:
        by_book[one.gradebook_id].append(one)
    said, others = [], []
    for book in books:
        for one in by_book[book.pk]:
            if one.teacher_id != teacher.pk:
                others.append(one)
            elif spell.meets(Spell(one.since, one.until)):
                name = staff_of(teacher)[0].full_name
                said.append(twice(name, book_name(book), Spell(one.since, one.until)))
    if said:
        raise ValidationError(said)
    return others


def _stop(assignments: Collection[TeachingAssignment], until: date) -> None:
    """End assignments with the day before ``until``; one that begins on that day was never taught."""
    begun = [one.pk for one in assignments if one.since < until]
    never = [one.pk for one in assignments if one.since >= until]
    if begun:
        TeachingAssignment.objects.filter(pk__in=begun).update(until=until)
    if never:
        TeachingAssignment.objects.filter(pk__in=never).delete()


@transaction.atomic
def end_assignment(*, assignments: Collection[TeachingAssignment], until: date) -> int:
    """End teaching; ``until`` is the first day without. Returns how many. All or none."""
    keys = [one.pk for one in assignments]
    rows = TeachingAssignment.objects.filter(pk__in=keys).select_related("gradebook__school_class")
    found = list(rows.select_for_update(of=("self",)))
    if not found:
        raise ValidationError("Phân công này không còn. Tải lại trang.")
    calendar = calendar_of(found[0].gradebook.school_class.year)
    spells = ((book_name(one.gradebook), Spell(one.since, one.until)) for one in found)
    said = [fault for where, spell in spells if (fault := end_fault(where, spell, until, calendar))]
    if said:
        raise ValidationError(said)
    return TeachingAssignment.objects.filter(pk__in=keys).update(until=until)


@transaction.atomic
def drop_assignment(*, assignment: TeachingAssignment) -> None:
    """Take back an assignment that was written by mistake; its history stays."""
    assignment.delete()


@transaction.atomic
def teach_classes(*, teacher: Position, subject_books: Collection[Gradebook], wanted: Collection[int], since: date,
                  day: date) -> tuple[int, int]:  # fmt: skip
    """One teacher, one subject: ``wanted`` are the books that they teach from ``since`` on, of ``subject_books``.

    What they teach on ``day`` and is no longer wanted ends; the others of what is new stop. Returns (new, ended).
    """
    theirs = TeachingAssignment.objects.filter(
        gradebook__in=[book.pk for book in subject_books], teacher=teacher, substitute=False
    )
    now = {one.gradebook_id: one for one in theirs if Spell(one.since, one.until).holds(max(day, since))}
    new = [book for book in subject_books if book.pk in wanted and book.pk not in now]
    over = [one for pk, one in now.items() if pk not in wanted]
    _stop_theirs(over, since)
    if new:
        assign(gradebooks=new, teacher=teacher, since=since, replace=True)
    return len(new), len(over)


def _stop_theirs(over: Collection[TeachingAssignment], since: date) -> None:
    if any(one.since > since for one in over):
        first = max(one.since for one in over)
        raise ValidationError({"since": f"Có lớp mới dạy từ {first:%d/%m/%Y}. Ghi ngày từ ngày ấy trở đi."})
    _stop(over, since)


@transaction.atomic
def give_to_class_teachers(*, school: School, year: int, grade: int, since: date, day: date) -> tuple[int, list[str]]:
    """Primary schools: what a class teacher usually teaches and nobody has on ``day`` goes to the homeroom teacher.

    Returns how many, and a sentence for each class that was left out.
    """
    books = Gradebook.objects.filter(
        school=school, school_class__year=year, school_class__grade=grade, subject__in=OF_CLASS_TEACHERS
    ).select_related("school_class__homeroom__staff")
    taken = TeachingAssignment.objects.filter(gradebook__in=books, substitute=False).exclude(until__lte=day)
    free = books.exclude(pk__in=taken.values("gradebook")).order_by("school_class__sort_key", "position")
    calendar = calendar_of(year)
    rows, said = [], {}
    for book in free:
        klass = book.school_class
        if klass.homeroom is None:
            said[klass.code] = f"Lớp {klass.code} chưa có chủ nhiệm. Chọn chủ nhiệm ở trang Sửa lớp."
            continue
        spell = Spell(working_from(klass.homeroom, since))
        faults = spell_faults(spell, calendar=calendar, substitute=False) or worker_faults(
            _worker(klass.homeroom), spell
        )
        if faults:
            said[klass.code] = f"Lớp {klass.code}: {next(iter(faults.values()))}"
            continue
        rows.append(TeachingAssignment(
            school=school, gradebook=book, teacher=klass.homeroom, since=spell.since
        ))  # fmt: skip
    TeachingAssignment.objects.bulk_create(rows)
    return len(rows), list(said.values())


@transaction.atomic
def set_formative(*, gradebook: Gradebook, count: int) -> bool:
    """Change the number of regular marks of a term; returns whether it changed."""
    book = _locked([gradebook])[0]
    klass = book.school_class
    subject = subject_of(klass.grade, klass.year, book.subject)
    least = required_formative(klass.grade, klass.year, subject) if subject else 0
    if not least:
        raise ValidationError({"formative": "Môn này không có điểm thường xuyên."})
    if not least <= count <= MOST_FORMATIVE:
        raise ValidationError({
            "formative": f"Quy định là {least} điểm thường xuyên mỗi kì. Ghi từ {least} đến {MOST_FORMATIVE}."
        })  # fmt: skip
    highest = MarkEntry.objects.filter(gradebook=book, kind=Kind.FORMATIVE).aggregate(most=Max("number"))["most"] or 0
    if highest > count:
        raise ValidationError({
            "formative": f"Sổ đã có điểm thường xuyên thứ {highest}. Ghi từ {highest} trở lên."
        })  # fmt: skip
    if book.formative == count:
        return False
    book.formative = gradebook.formative = count
    book.save(update_fields=["formative"])
    return True


@transaction.atomic
def remove_book(*, gradebook: Gradebook) -> None:
    """Take a subject from a class, with its parts, while nothing was entered; assignments go with it."""
    book = _locked([gradebook])[0]
    if book.subject == HOMEROOM:
        raise ValidationError("Sổ chủ nhiệm không bỏ được: lớp nào cũng có.")
    parts = Gradebook.objects.filter(school_class=book.school_class, part_of=book.subject)
    keys = [book.pk, *parts.values_list("pk", flat=True)]
    if MarkEntry.objects.filter(gradebook__in=keys).exists():
        raise ValidationError(
            f"{book_name(book)} đã có điểm hoặc nhận xét nên không bỏ được: điểm đã ghi thì giữ. Không dạy nữa thì kết"
            " thúc phân công của giáo viên."
        )
    Chain.objects.filter(gradebook__in=keys).delete()
    Gradebook.objects.filter(pk__in=keys).delete()


def first_day(calendar: Calendar, day: date) -> date:
    """From when a new assignment counts unless another day is written: the first day of teaching, or today."""
    return min(max(day, calendar.term1[0]), calendar.ends_on - timedelta(days=1))
