"""Reads of classes: who sits in one on a day, who came and went."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, Value
from django.http import HttpRequest

from ..models import Enrolment, Placement, Position, SchoolClass
from ..rules import ACTIVE
from .people import person_expressions
from .scope import studying_on


class _StatusOn(Func):
    """The status in force on a day (function of the database, statistics §2)."""

    function = "registry_status_on"
    output_field = CharField()


@dataclass
class RosterLine:
    """One pupil of a class: since when, until when (first day out), and the class before or after."""

    enrolment_id: int
    name: str
    sort_key: str
    sex: str
    birth_date: date | None
    code: str
    since: date
    until: date | None
    status: str
    other_class: str = ""


@dataclass
class Roster:
    present: list[RosterLine] = field(default_factory=list)
    gone: list[RosterLine] = field(default_factory=list)

    @property
    def girls(self) -> int:
        return sum(line.sex == "0" for line in self.present)


def roster(request: HttpRequest, school_class: SchoolClass, day: date) -> Roster:
    """Who is in the class on a day, and who left it before: two statements."""
    placements = Placement.objects.filter(school_id=school_class.school_id, school_class=school_class, since__lte=day)
    status = _StatusOn(F("school_id"), F("id"), Value(day))
    people = Enrolment.objects.filter(placements__in=placements)
    columns = ("id", "person_full_name", "person_sort_key", "person_sex", "person_birth_date", "code")
    persons = person_expressions("pupil", request)
    rows = people.annotate(on_day=status, **{name: persons[name] for name in columns[1:5]}).values_list(
        *columns, "placements__since", "placements__until", "on_day", "placements__school_class_id"
    )
    lines = [_line(row) for row in rows if row[-1] == school_class.pk and row[6] <= day]
    found = Roster()
    for line in sorted(lines, key=lambda item: (item.sort_key, item.enrolment_id)):
        stays = (line.until is None or line.until > day) and (line.status or "1") in ACTIVE
        (found.present if stays else found.gone).append(line)
    _name_other_classes(found, school_class)
    return found


def _line(row: tuple[Any, ...]) -> RosterLine:
    pk, name, sort_key, sex, birth, code, since, until, status, _klass = row
    return RosterLine(pk, name or "", sort_key or "", sex or "", birth, code or "", since, until, status or "")


def _name_other_classes(found: Roster, school_class: SchoolClass) -> None:
    """From which class a pupil came, or to which they went."""
    lines = {(line.enrolment_id): line for line in (*found.present, *found.gone)}
    others = Placement.objects.filter(school_id=school_class.school_id, enrolment_id__in=lines).exclude(
        school_class=school_class
    )
    for pk, since, until, name in others.values_list("enrolment_id", "since", "until", "school_class__name"):
        line = lines[pk]
        if (line in found.present and until == line.since) or (line in found.gone and since == line.until):
            line.other_class = name


def classes_of_school(school_id: int, year: int) -> list[tuple[int, str, int]]:
    """(id, code, grade) of the classes of a school year, in the order of grade and name."""
    rows = SchoolClass.objects.filter(school_id=school_id, year=year).order_by("grade", "sort_key", "code")
    return list(rows.values_list("id", "code", "grade"))


def with_sizes(classes: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """Annotate ``size``: pupils present today."""
    return classes.annotate(size=Count("current_enrolments", filter=studying_on(prefix="current_enrolments__")))


def homeroom_choices(school_id: int) -> list[tuple[str, str]]:
    """Teachers and managers at work, by name, as (position id, name) for a form."""
    positions = Position.objects.filter(school_id=school_id, group__in=("1", "2"), left_on=None)
    rows = positions.filter(staff__isnull=False).order_by("staff__sort_key")
    found = rows.values_list("id", "staff__full_name", "code")
    return [(str(pk), f"{name} ({code})" if code else name) for pk, name, code in found]
