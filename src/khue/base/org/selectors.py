"""Reads of the organisation: units, schools, school years."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from .models import School, SchoolYear, Unit, UnitKind, UnitVersion
from .rules import Calendar, usual_calendar


def root_office() -> Unit | None:
    """The office that runs this installation, or None before set-up."""
    return Unit.objects.filter(kind=UnitKind.OFFICE, valid_until=None).order_by("id").first()


def schools_below(unit: Unit) -> QuerySet[School]:
    """Schools under a unit, sorted by name."""
    return School.objects.filter(unit__path__startswith=unit.path, unit__valid_until=None)


def school_ids_below(unit: Unit) -> list[int]:
    if unit.kind == UnitKind.SCHOOL:
        return [unit.pk]
    units = Unit.objects.filter(kind=UnitKind.SCHOOL, path__startswith=unit.path)
    return list(units.order_by("id").values_list("id", flat=True))


def name_on(unit_id: int, day: date) -> str:
    """The unit's name on a day; today's when no version reaches that far back."""
    version = (
        UnitVersion.objects.filter(unit_id=unit_id, valid_from__lte=day)
        .filter(Q(valid_until=None) | Q(valid_until__gt=day))
        .first()
    )
    return version.name if version else Unit.objects.values_list("name", flat=True).get(pk=unit_id)


def calendar_of(year: int) -> Calendar:
    """The calendar of a school year; the usual one where the office has not set it."""
    usual = usual_calendar(year)
    rows = SchoolYear.objects.filter(pk=year).values_list(
        "starts_on", "ends_on", "terms__number", "terms__starts_on", "terms__ends_on"
    )
    terms = {1: usual.term1, 2: usual.term2}
    first, last = usual.starts_on, usual.ends_on
    for first, last, number, starts_on, ends_on in rows:  # noqa: B007
        if number:
            terms[number] = (starts_on, ends_on)
    return Calendar(year, first, last, terms[1], terms[2])


def year_of_day(day: date) -> int | None:
    """The school year whose span holds this day."""
    return SchoolYear.objects.filter(starts_on__lte=day, ends_on__gte=day).values_list("year", flat=True).first()


def current_year(unit: Unit) -> int | None:
    """The unit's own current year, else that of the nearest unit above it, else the newest."""
    ids = [int(part) for part in unit.path.split("/") if part]
    years = dict(Unit.objects.filter(pk__in=ids).values_list("id", "current_year"))
    own = next((years[i] for i in reversed(ids) if years.get(i)), None)
    return own or SchoolYear.objects.values_list("year", flat=True).first()


def years() -> list[int]:
    return list(SchoolYear.objects.values_list("year", flat=True))


def schools_by_code(codes: Iterable[str]) -> dict[str, School]:
    return {school.code: school for school in School.objects.filter(code__in=list(codes))}
