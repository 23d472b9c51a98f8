"""Reads of one school: facts as of a day, campuses with their counts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from khue.base.org.models import School, UnitVersion
from khue.base.registers.history import event_model

from ..models import Campus, Enrolment, Position, Room, SchoolClass
from .scope import studying_on, working_on

FACTS = ("principal", "national_standard", "ownership", "school_type", "levels", "ward", "address")
FIRST_DAY = date(1900, 1, 1)


@dataclass
class Fact:
    """A value as it stood on a day, and since when (None: since before the records begin)."""

    value: Any
    since: date | None = None
    before: Any = None


def facts_on(school: School, day: date) -> dict[str, Fact]:
    """Name (from the tree of units) and the other facts (from the history) of a school on a day."""
    end = timezone.make_aware(datetime.combine(day, time.max))
    events = event_model(School).objects.filter(pgh_obj_id=school.pk).order_by("pgh_id")
    versions = [(at, values) for at, *values in events.values_list("pgh_created_at", *FACTS) if at <= end]
    found = {name: _fact(versions, i) for i, name in enumerate(FACTS)}
    if not versions:
        found = {name: Fact(getattr(school, name)) for name in FACTS}
    version = UnitVersion.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), unit_id=school.pk, valid_from__lte=day)
    name = version.values_list("name", "valid_from").first()
    known = name and name[1] > FIRST_DAY
    found["name"] = Fact(name[0] if name else school.name, name[1] if known else None)
    return found


def _fact(versions: list[tuple[datetime, list[Any]]], index: int) -> Fact:
    fact = Fact(None)
    for number, (at, values) in enumerate(versions):
        if number == 0:
            fact = Fact(values[index])
        elif values[index] != fact.value:
            fact = Fact(values[index], timezone.localdate(at), fact.value)
    return fact


def campus_table(school: School, year: int) -> list[dict[str, Any]]:
    """Campuses with their classes, pupils and rooms: four statements."""
    campuses = Campus.objects.filter(school=school).order_by("-is_main", "name")
    classes = _counted(SchoolClass.objects.filter(school=school, year=year), "campus_id")
    pupils = _counted(Enrolment.objects.filter(studying_on(), school=school, year=year), "current_class__campus_id")
    rooms = _counted(Room.objects.filter(school=school), "campus_id")
    return [
        {
            "pk": campus.pk, "name": campus.name, "address": campus.address, "since": campus.valid_from,
            "classes": classes.get(campus.pk, 0), "pupils": pupils.get(campus.pk, 0), "rooms": rooms.get(campus.pk, 0),
        }
        for campus in campuses
    ]  # fmt: skip


def _counted(queryset: Any, path: str) -> dict[int, int]:
    return dict(queryset.order_by().values_list(path).annotate(n=Count("pk")))


def staff_count(school: School) -> int:
    return Position.objects.filter(working_on(), school=school).count()


def pupil_count(school: School, year: int) -> int:
    """With those whom no class holds."""
    return Enrolment.objects.filter(studying_on(), school=school, year=year).count()
