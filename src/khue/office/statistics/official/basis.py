"""Which rows a table counts: the live ones of a period's day, or the frozen ones of what schools handed in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from khue.base.org.models import School

from ..models import EnteredFigure, ReportingPeriod, Return, Snapshot
from .figures import Basis, Cells, figures, with_entered
from .loading import form_of
from .shape import Condition, Table


@dataclass(frozen=True)
class Filled:
    """A table with its figures; ``before``: those of the same period of the year before, if anything was handed in."""

    table: Table
    cells: Cells
    before: Cells | None = None


def newest(periods: Iterable[ReportingPeriod], day: date) -> ReportingPeriod | None:
    """The newest period that is open or was; before the first one opens, the first."""
    by_opening = sorted(periods, key=lambda period: (period.opens_on, period.pk))
    opened = [period for period in by_opening if period.opens_on <= day]
    return (opened[-1:] or by_opening[:1] or [None])[0]  # type: ignore[list-item]


def current_period(day: date) -> ReportingPeriod | None:
    return newest(ReportingPeriod.objects.all(), day)


def period_before(period: ReportingPeriod, periods: Iterable[ReportingPeriod]) -> ReportingPeriod | None:
    """The same period of the year before, among these."""
    wanted = (period.kind, period.number, period.year - 1)
    return next((one for one in periods if (one.kind, one.number, one.year) == wanted), None)


def same_period_before(period: ReportingPeriod) -> ReportingPeriod | None:
    return period_before(period, ReportingPeriod.objects.filter(year=period.year - 1))


def approved_by_period(periods: Collection[int], school_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Period → school → what is official of it, of several periods in one statement."""
    found: dict[int, dict[int, int]] = {}
    rows = Return.objects.filter(period__in=periods, school__among=school_ids).exclude(approved=None)
    for period, school, snapshot in rows.order_by("approved").values_list("period_id", "school_id", "approved_id"):
        found.setdefault(period, {})[school] = snapshot
    return found


def approved_snapshots(period: ReportingPeriod, school_ids: Collection[int]) -> tuple[int, ...]:
    """What is official of these schools, in the order of keys."""
    return tuple(approved_by_period([period.pk], school_ids).get(period.pk, {}).values())


def frozen_basis(period: ReportingPeriod, snapshots: Sequence[int]) -> Basis:
    """The figures of these snapshots, entered ones included."""
    rows = Snapshot.objects.filter(pk__in=snapshots).values_list("school__code", "figures")
    return Basis(period.as_at, tuple(snapshots), dict(rows))


def live_basis(period: ReportingPeriod, school_ids: Collection[int]) -> Basis:
    """The rows as they are now, counted for the period's day; the numbers that schools have entered so far."""
    entered: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = EnteredFigure.objects.filter(report__period=period, school__among=school_ids)
    for code, table, row, column, number in rows.values_list("school__code", "table", "row", "column", "number"):
        entered[code][table][f"{row} {column}"] = number
    return Basis(period.as_at, None, entered, period.year)


def filled(
    tables: Iterable[Table], basis: Basis, before: Basis | None = None, where: Condition | None = None,
    codes: Collection[str] | None = None,
) -> list[Filled]:  # fmt: skip
    """Tables of one place. ``where`` narrows what is counted, ``codes`` the schools whose entered numbers are added."""
    return [
        Filled(table, _cells(table, basis, where, codes), _cells(table, before, where, codes) if before else None)
        for table in tables
    ]


def _cells(table: Table, basis: Basis, where: Condition | None, codes: Collection[str] | None) -> Cells:
    cells = figures(table, basis, where=where)[""]
    entered = (found for code, found in basis.entered.items() if codes is None or code in codes)
    return with_entered(table, cells, entered)


def before_basis(period: ReportingPeriod, school_ids: Collection[int]) -> Basis | None:
    """The approved figures of the year before, or None."""
    last = same_period_before(period)
    snapshots = approved_snapshots(last, school_ids) if last else ()
    return frozen_basis(last, snapshots) if last and snapshots else None


def tables_of_school(period: ReportingPeriod, school: School) -> list[Table]:
    return form_of(period.kind).of_levels(school.levels)
