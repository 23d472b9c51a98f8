"""Import of a school of 1,500 pupils: dry run with every check, apply, again unchanged; memory of each process."""

import resource
import tempfile
from pathlib import Path
from typing import Any

import python_calamine
from django.db import connection, transaction
from psycopg import sql

from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.school.intake.models import SheetImport
from khue.school.intake.services import apply_import, read_import, take_file

from . import school
from .cost import seconds
from .table import Table

REPEATS = 3
ENROLLED = "(SELECT pupil_id FROM registry_enrolment WHERE school_id = %(school)s)"
GUARDING = f"(SELECT guardian_id FROM registry_pupilguardian WHERE pupil_id IN {ENROLLED})"
WRITTEN = {
    "intake_stagedrow": "source_id = %(source)s",
    "registry_pupil": f"id IN {ENROLLED}",
    "registry_pupilevent": f"pgh_obj_id IN {ENROLLED}",
    "registry_guardian": f"id IN {GUARDING}",
    "registry_guardianevent": f"pgh_obj_id IN {GUARDING}",
    **{f"registry_pupilguardian{event}": f"pupil_id IN {ENROLLED}" for event in ("", "event")},
    **{
        f"registry_{name}{event}": "school_id = %(school)s"
        for name in ("enrolment", "placement", "statuschange") for event in ("", "event")
    },
}  # fmt: skip
"""Tables that the first list of pupils of a school fills, and the condition of its rows there."""
COLUMNS = """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    ORDER BY attnum"""
Rows = list[tuple[Any, ...]]


def written_rows(own: School, source: int) -> dict[str, Rows]:
    """Table → rows of all that the first list of pupils of a school wrote, each value as text."""
    found = {}
    with open_scope([own.pk], all_schools=True):
        for table, condition in WRITTEN.items():
            columns = [sql.Identifier(name) for (name,) in query(COLUMNS, [table])]
            texts = sql.SQL(", ").join(sql.SQL("{}::text").format(column) for column in columns)
            statement = sql.SQL("SELECT {} FROM {} WHERE {}").format(texts, sql.Identifier(table), sql.SQL(condition))
            found[table] = query(statement, {"school": own.pk, "source": source})
    return found


def floor(path: Path, rows: dict[str, Rows], repeats: int = REPEATS) -> float:
    """Reading all cells with calamine and COPY of the rows that the import writes into bare tables."""
    return _floor(path, [(f"LIKE {table}", own) for table, own in rows.items()], repeats)


def narrow_floor(path: Path, count: int, repeats: int = REPEATS) -> float:
    """The same for as many rows of six short columns each."""
    row = ("1", "Nguyễn Thị An", "2015-09-03", "0", "079315001234", "6A1")
    return _floor(path, [("a text, b text, c text, d text, e text, f text", [row] * count)], repeats)


def _floor(path: Path, tables: list[tuple[str, Rows]], repeats: int) -> float:
    def work() -> None:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
        with transaction.atomic(), connection.cursor() as cursor:
            for n, (definition, rows) in enumerate(tables):
                cursor.execute(f"CREATE TEMPORARY TABLE bare_{n} ({definition}) ON COMMIT DROP")
                with cursor.copy(f"COPY bare_{n} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

    return min(seconds(work) for _ in range(repeats))


def run() -> None:
    own = school.measured_school(school.prepare_office())
    with tempfile.TemporaryDirectory() as folder:
        path = school.files(Path(folder))
        dry, write = _first_time(own, path)
        source, _, _ = _once(own, path)
        rows = written_rows(own, source.pk)
        base, narrow = floor(path, rows), narrow_floor(path, sum(map(len, rows.values())))
        again, dry_again, write_again = _once(own, path)
    assert again.counts["unchanged"] == source.counts["rows"], again.counts
    table = Table("Import of a school, processor time")
    what = f"dry run, {source.counts['rows']} rows, {len(source.columns)} columns"
    for name, spent, limit, times in ((what, dry, 3, 5), ("apply", write, 2, 3)):
        table.add(name, f"{spent:.2f} s", f"≤ {limit} s", f"{spent / limit:.2f}")
        table.add("  to the floor", f"{spent:.2f} s", f"≤ {times} × {base:.2f} s", f"{spent / base:.1f}")
        table.add("  to the narrow floor", f"{spent:.2f} s", f"{narrow:.2f} s", f"{spent / narrow:.1f}")
    table.add(f"floor: calamine, COPY of the {sum(map(len, rows.values()))} rows written", f"{base:.2f} s")
    table.add("narrow floor: the rows with six columns each", f"{narrow:.2f} s")
    table.add("the same file again: dry run, apply", f"{dry_again:.2f} s, {write_again:.2f} s")
    table.add("peak memory of this process", f"{_megabytes(resource.RUSAGE_SELF)} MB", "≤ 600 MB")
    table.add("peak memory of the reader", f"{_megabytes(resource.RUSAGE_CHILDREN)} MB", "≤ 600 MB")
    table.show()


def _first_time(own: School, path: Path) -> tuple[float, float]:
    """Cost of dry run and apply at a school without pupils: the best of several, each taken back."""
    runs = []
    for _ in range(REPEATS):
        with transaction.atomic():
            runs.append(_once(own, path)[1:])
            transaction.set_rollback(True)
    dry, write = zip(*runs, strict=True)
    return min(dry), min(write)


def _once(own: School, path: Path) -> tuple[SheetImport, float, float]:
    with open_scope([own.pk], actor="đo"):
        source = take_file(
            unit=own.unit, school=own, kind="pupils", year=school.YEAR, user=None, actor="đo", name=path.name, path=path
        )
        dry = seconds(lambda: read_import(source))
        assert source.state == "ready", source.refused
    with open_scope([own.pk], actor="đo"):
        write = seconds(lambda: _apply(source))
    return source, dry, write


def _apply(source: SheetImport) -> None:
    """With the checks of keys, which else come with the end of the transaction."""
    apply_import(source=source, actor="đo", skip_bad_rows=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _megabytes(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024
