"""Reads of one school: facts as of a day, campuses with their counts."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from khue.base.org.models import School, UnitVersion
from khue.base.registers.history import event_model

from ..models import Campus, Enrolment, Position
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
    in_force = Q(valid_until=None) | Q(valid_until__gt=day)
    version = UnitVersion.objects.filter(in_force, unit_id=school.pk, valid_from__lte=day)
    name, since = version.values_list("name", "valid_from").first() or (school.name, FIRST_DAY)
    found["name"] = Fact(name, since if since > FIRST_DAY else None)
    return found


def _fact(versions: list[tuple[datetime, list[Any]]], index: int) -> Fact:
    fact = Fact(None)
    for number, (at, values) in enumerate(versions):
        if number == 0:
            fact = Fact(values[index])
        elif values[index] != fact.value:
            fact = Fact(values[index], timezone.localdate(at), fact.value)
    return fact


def campus_table(school: School, year: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Campuses with their classes, pupils and rooms, and the totals of the school (with pupils whom no class holds)."""
    classes = Count("classes", filter=Q(classes__year=year), distinct=True)
    campuses = Campus.objects.filter(school=school).annotate(n_classes=classes, n_rooms=Count("rooms", distinct=True))
    here = Enrolment.objects.filter(studying_on(), school=school, year=year).order_by()
    pupils = dict(here.values_list("current_class__campus_id").annotate(n=Count("pk")))
    table = [
        {
            "pk": campus.pk, "name": campus.name, "address": campus.address, "since": campus.valid_from,
            "classes": campus.n_classes, "pupils": pupils.get(campus.pk, 0), "rooms": campus.n_rooms,
        }
        for campus in campuses.order_by("-is_main", "name")
    ]  # fmt: skip
    totals = {name: sum(row[name] for row in table) for name in ("classes", "rooms")}
    return table, {**totals, "pupils": sum(pupils.values())}


def staff_count(school: School) -> int:
    return Position.objects.filter(working_on(), school=school).count()
