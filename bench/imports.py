"""Import of a school of 1,500 pupils: dry run with every check, apply, again unchanged; memory of each process."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import python_calamine
from django.db import connection, transaction

from khue.base.core.scope import open_scope
from khue.school.intake.models import SheetImport
from khue.school.intake.services import apply_import, read_import, take_file

from . import school
from .table import Table


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def floor(path: Path, repeats: int = 3) -> float:
    """Reading all cells and COPY of as many rows as the import writes, history included, into bare tables."""

    def work() -> None:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        rows = [sheet for name in book.sheet_names for sheet in book.get_sheet_by_name(name).to_python()]
        data = [row for row in rows if len(row) > 30][2:]
        # pupil, enrolment, placement, status and two guardians with links, each with its history, and the staged row
        copies = 2 * (1 + 1 + 1 + 1 + 2 + 2) + 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE bare (a text, b text, c text, d text, e text, f text) ON COMMIT DROP"
            )
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in data:
                    for _ in range(copies):
                        copy.write_row([str(cell) for cell in row[:6]])

    return min(timed(work) for _ in range(repeats))


def run() -> None:
    office = school.prepare_office()
    own = school.measured_school(office)
    table = Table("Import of a school")
    with tempfile.TemporaryDirectory() as folder:
        path = school.files(Path(folder))
        base = floor(path)
        source, dry, write = _once(office, own, path)
        rows = source.counts["rows"]
        table.add(f"dry run, {rows} rows, {len(source.columns)} columns", f"{dry:.2f} s", "≤ 3 s", f"{dry / 3:.2f}")
        table.add("apply", f"{write:.2f} s", "≤ 2 s", f"{write / 2:.2f}")
        table.add("floor: calamine and COPY of as many rows", f"{base:.2f} s", "", "")
        table.add("dry run to the floor", f"{dry:.2f} s", f"{base:.2f} s", f"{dry / base:.1f}")
        table.add("apply to the floor", f"{write:.2f} s", f"{base:.2f} s", f"{write / base:.1f}")
        again, dry_again, write_again = _once(office, own, path)
        assert again.counts["unchanged"] == rows, again.counts
        table.add("the same file again: dry run, apply", f"{dry_again:.2f} s, {write_again:.2f} s")
    table.add("peak memory of this process", f"{_megabytes(resource.RUSAGE_SELF)} MB", "≤ 600 MB")
    table.add("peak memory of the reader", f"{_megabytes(resource.RUSAGE_CHILDREN)} MB", "≤ 600 MB")
    table.show()


def _once(office, own, path: Path) -> tuple[SheetImport, float, float]:
    with open_scope([own.pk], actor="đo"):
        source = take_file(
            unit=own.unit, school=own, kind="pupils", year=school.YEAR, user=None, actor="đo", name=path.name, path=path
        )
        dry = timed(lambda: read_import(source))
        assert source.state == "ready", source.refused
    with open_scope([own.pk], actor="đo"):
        write = timed(lambda: apply_import(source=source, actor="đo", skip_bad_rows=True))
    return source, dry, write


def _megabytes(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024
