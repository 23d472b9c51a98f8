"""Entry of the child: `main(path, out, codec, seconds, bytes)`.

Writes JSON lines to `out`: {"format", "macros", "delimiter"}, then for every sheet {"sheet", "hidden"}, one list per
row from A1 on (cells are null, text, number or boolean), and {"end", "dates", "errors", "merged", "hidden_rows",
"uncomputed"} with addresses counted from 1; or, instead of the rest, {"refused", "details"}.

What only one kind of file needs is imported for it: the child starts anew for every file.
"""

import datetime
import json
import resource
from collections.abc import Iterable
from typing import Any, TextIO

import python_calamine

from .containers import check_entities, kind_of, open_container
from .extent import Extent, check_sizes
from .limits import MAX_MERGED, MAX_SHEETS, Refused


def main(path: str, out: str, codec: str, seconds: int, memory: int) -> None:
    """Reads one file under limits on processor time (seconds) and address space (bytes)."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open(out, "w", encoding="utf-8") as stream:
        try:
            _read(path, codec, stream)
        except Refused as refused:
            _line(stream, {"refused": refused.code, "details": refused.details})
        except MemoryError:
            _line(stream, {"refused": "too_big", "details": {}})
        except BaseException as error:  # calamine's panics derive from BaseException
            _line(stream, {"refused": _calamine_code(error), "details": {"reason": str(error)[:200]}})


def _calamine_code(error: BaseException) -> str:
    return "encrypted" if isinstance(error, python_calamine.PasswordError) else "damaged"


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _line(stream: TextIO, value: object) -> None:
    stream.write(_encode(value))
    stream.write("\n")


def _read(path: str, codec: str, stream: TextIO) -> None:
    kind = kind_of(path)
    if kind == "csv":
        from . import text_table

        delimiter, rows = text_table.read(path, codec)
        _line(stream, {"format": kind, "macros": False, "delimiter": delimiter})
        _write_sheet(stream, "CSV", False, rows, Extent(), [])
        return
    extents, macros = _scan(path, kind)
    _line(stream, {"format": kind, "macros": macros, "delimiter": None})
    with python_calamine.CalamineWorkbook.from_path(path) as workbook:
        if len(workbook.sheet_names) > MAX_SHEETS:
            raise Refused("too_many_sheets", sheets=len(workbook.sheet_names))
        for index, meta in enumerate(workbook.sheets_metadata):
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet:
                extent = extents.get(meta.name)
                sheet = workbook.get_sheet_by_index(index)
                hidden = meta.visible != python_calamine.SheetVisibleEnum.Visible
                _write_sheet(stream, meta.name, hidden, _rows(sheet), extent or Extent(), _merged(sheet, kind))


def _scan(path: str, kind: str) -> tuple[dict[str, Extent], bool]:
    """Extents by sheet and whether the file carries macros; refuses what is too large."""
    if kind == "xls":
        from . import scan_xls

        with open(path, "rb") as file:
            data = file.read()
        extents = dict(scan_xls.scan(data))
        macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in data
    else:
        if kind == "xlsx":
            from .scan_xlsx import scan
        else:
            from .scan_ods import scan
        with open_container(path) as archive:
            check_entities(archive)
            extents = scan(archive)
            macros = "xl/vbaProject.bin" in archive.namelist()
    check_sizes(extents)
    return extents, macros


def _rows(sheet: python_calamine.CalamineSheet) -> Iterable[list[Any]]:
    """Rows from A1 on: calamine gives the empty rows above the first value, but not the columns before it."""
    if sheet.start is None:
        return ()
    before = [None] * sheet.start[1]
    return (before + row for row in sheet.iter_rows()) if before else sheet.iter_rows()


def _merged(sheet: python_calamine.CalamineSheet, kind: str) -> list[tuple[int, int, int, int]]:
    if kind == "ods":
        return []
    ranges = sheet.merged_cell_ranges or []
    return [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges[:MAX_MERGED]]


def _write_sheet(
    stream: TextIO, name: str, hidden: bool, rows: Iterable[list[Any]], extent: Extent, merged: list[Any]
) -> None:
    _line(stream, {"sheet": name, "hidden": hidden})
    dates: list[tuple[int, int, str]] = []
    for number, row in enumerate(rows, start=1):
        _line(stream, [
            (value or None) if value.__class__ is str and not value.isspace() else _plain(value, number, column, dates)
            for column, value in enumerate(row, start=1)
        ])  # fmt: skip
    end = {"dates": dates, "errors": extent.errors, "merged": merged or extent.merged[:MAX_MERGED]}
    _line(stream, {"end": name, **end, "hidden_rows": sorted(set(extent.hidden_rows)), "uncomputed": extent.uncomputed})


def _plain(value: Any, row: int, column: int, dates: list[tuple[int, int, str]]) -> Any:
    """A cell that is no text as JSON has it; dates are noted apart, numbers without a fraction become whole numbers."""
    kind = type(value)
    if kind is str:
        return None  # nothing but spaces
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < 1e17 else value
    if kind is datetime.date or kind is datetime.datetime:
        dates.append((row, column, value.isoformat()))
        return None
    if kind is datetime.time or kind is datetime.timedelta:
        return str(value)
    return value
