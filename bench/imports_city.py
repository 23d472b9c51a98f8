"""Import of a whole city by the command line: 140 workbooks, 70,000 pupils; beside a floor, and a tenth of it."""

import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import django.db
from django.db import transaction

from khue.base.core.scope import open_scope
from khue.base.org.selectors import root_office, school_ids_below
from khue.demo.generator import Maker
from khue.demo.load import found_city
from khue.demo.spreadsheets.book import school_folder
from khue.demo.spreadsheets.khue import write_kind
from khue.school.intake.models import SheetImport, State

from .cost import seconds
from .imports import floor, narrow_floor, written_rows
from .table import Table

YEAR, DAY, SEED, SCHOOLS = 2026, date(2026, 11, 24), 7, 140


@cache
def maker() -> Maker:
    return Maker(seed=SEED, year=YEAR, day=DAY, size="city")


def run() -> None:
    if root_office() is not None:
        sys.exit("Phép đo này cần cơ sở dữ liệu trống: ./khue bench imports_city")
    found_city(maker())
    transaction.get_connection().close()
    with tempfile.TemporaryDirectory() as folder:
        paths = written(Path(folder))
        part, rows_of_part = timed("--dry-run", paths[::10])
        dry, rows = timed("--dry-run", paths)
        both, _ = timed("", paths)
        base, narrow = floors(paths)
    table = Table(f"Import of a city: {len(paths)} workbooks, {rows} rows, processor time")
    apply = both - dry
    for what, spent, times in (("dry run", dry, 5), ("apply", apply, 3)):
        table.add(f"{what} to the floor", f"{spent:.1f} s", f"≤ {times} × {base:.1f} s", f"{spent / base:.1f}")
        table.add(f"{what} to the narrow floor", f"{spent:.1f} s", f"{narrow:.1f} s", f"{spent / narrow:.1f}")
    growth = (dry / rows) / (part / rows_of_part)
    table.add("time a row, whole city to a tenth of it", f"{growth:.2f}", "about 1")
    table.add(
        "peak memory of a process", f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10} MB", "≤ 600 MB"
    )
    table.show()


def written(folder: Path) -> list[Path]:
    """The pupils' workbook of each school, in the project's layout."""
    django.db.connections.close_all()
    with ProcessPoolExecutor(2, get_context("fork")) as pool:
        return list(pool.map(write_one, [folder] * SCHOOLS, range(SCHOOLS)))


def write_one(folder: Path, n: int) -> Path:
    school = maker().school(n)
    return write_kind(school_folder(folder, school) / "hoc-sinh.xlsx", "pupils", school.pupils)


def floors(paths: list[Path]) -> tuple[float, float]:
    """Seconds of reading the workbooks and of COPY of the rows that they became, and with six columns for each row."""
    wide = narrow = 0.0
    with open_scope(school_ids_below(root_office()), all_schools=True):
        sources = list(SheetImport.objects.filter(state=State.APPLIED).select_related("school").order_by("pk"))
    for path, source in zip(paths, sources, strict=True):
        assert source.school is not None
        rows = written_rows(source.school, source.pk)
        wide += floor(path, rows, repeats=1)
        narrow += narrow_floor(path, sum(map(len, rows.values())), repeats=1)
    return wide, narrow


def timed(option: str, paths: list[Path]) -> tuple[float, int]:
    """Processor time and rows of a run of the command."""
    command = [sys.executable, "-m", "khue.config.manage", "import_sheets", "--kind", "pupils", "--year", str(YEAR)]
    arguments = [*command, *([option] if option else []), *map(str, paths)]
    lines: list[str] = []
    spent = seconds(lambda: lines.extend(subprocess.check_output(arguments, text=True).splitlines()), others=True)
    return spent, sum(int(line.split(" dòng")[0].rsplit(" ", 1)[1]) for line in lines)
