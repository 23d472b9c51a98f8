"""Official tables of a city from frozen facts, the rows behind a figure, freezing a school; beside one GROUP BY."""

import os
import statistics
import time
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from khue.base.core.bulk import query
from khue.base.core.process import settle_memory
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.base.org.selectors import root_office, school_ids_below
from khue.launch.database import analyse
from khue.office.statistics.cubes import CUBES, frozen
from khue.office.statistics.models import PeriodKind, ReportingPeriod, Snapshot
from khue.office.statistics.official import form_of
from khue.office.statistics.official.basis import approved_snapshots, frozen_basis
from khue.office.statistics.official.figures import figures
from khue.office.statistics.selectors import make_query, rows_of, total
from khue.office.statistics.services import freeze

from . import city
from .table import Table

REPEATS = 7


def run() -> None:
    if root_office() is None:
        city.make(Table("Making the city"))
    analyse(os.environ["DATABASE_URL"])
    office = root_office()
    assert office is not None
    ids = school_ids_below(office)
    period = ReportingPeriod.objects.get(kind=PeriodKind.OPENING, year=city.YEAR)
    table = Table("Official tables of a city, frozen facts")
    with open_scope(ids, all_schools=True):
        snapshots = approved_snapshots(period, ids)
        basis = frozen_basis(period, snapshots)
        tables = form_of(period.kind).tables
        settle_memory()
        floor = _median(lambda: _floor(snapshots))
        spent = _median(lambda: [figures(one, basis) for one in tables])
        table.add("floor: one GROUP BY a cube by all dimensions of its tables", _ms(floor))
        table.add(f"all {len(tables)} tables", _ms(spent), "≤ 1,000 ms, ≤ 4 × floor", f"{spent / floor:.2f}")
        wards = _median(lambda: [figures(one, basis, by="school") for one in tables])
        table.add("the same for every school at once", _ms(wards), "", f"{wards / floor:.2f}")
        asked = make_query(cube="pupils", by=(), day=period.as_at, filters={"grade": ("6",)}, snapshots=snapshots)
        rows = _median(lambda: (total(asked), rows_of(asked, limit=50)))
        table.add("rows behind a figure, first page", _ms(rows), "≤ 100 ms", f"{rows / 0.1:.2f}")
    _freezing(table, period)
    table.show()


def _floor(snapshots: tuple[int, ...]) -> None:
    for cube in CUBES.values():
        names = sorted({
            name
            for table in form_of("opening").tables if table.cube is cube
            for thing in (*table.rows, *table.columns)
            for name in (*thing.when.dimensions, "level")
        })  # fmt: skip
        columns = ", ".join(frozen(cube).dimensions[name].sql for name in names)
        source = f"statistics_{cube.name}fact f WHERE snapshot_id = ANY (%s)"
        query(f"SELECT {columns}, count(*) FROM {source} GROUP BY {columns}", [list(snapshots)])


def _freezing(table: Table, period: ReportingPeriod) -> None:
    """A school of usual size is frozen; undone afterwards."""
    school = School.objects.filter(levels__contains=["THCS"]).order_by("code")[0]
    with open_scope([school.pk]), transaction.atomic():
        snapshot = Snapshot.objects.create(
            school=school, period=period, version=99, as_at=period.as_at, year=period.year, school_name=school.name,
            office_name="", taken_at=timezone.now(), taken_by="",
        )  # fmt: skip
        begun = time.perf_counter()
        [seal] = freeze([snapshot])
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    table.add(f"freezing a school of {seal.counts['pupils']} pupils", _ms(spent))


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
