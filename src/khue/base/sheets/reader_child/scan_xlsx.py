"""Where the values of XLSX sheets lie, their hidden rows, error values and formulas without a result."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from .containers import chunks
from .extent import Extent, are_small, number
from .limits import MAX_CELLS, MAX_ROWS, MAX_SHEETS, Refused

_CELL = re.compile(rb"""r=["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'][^>/]*>\s*<[^/]""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\s(?=[^>]*\shidden=["'](?:1|true))[^>]*?\br=["'](\d+)["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt=["']e["'])[^>]*?\br=["']([A-Z]+)(\d+)["'][^>]*>.{0,2000}?<(?:\w+:)?v>([^<]{1,20})<"""
)
_UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+\d+)["'][^>/]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_MAX_HELD = 32 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def scan(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """Extents by sheet name; refuses a sheet as soon as it is too long.

    Cells are quickly found; which of them hold a value is asked, at four times the price, only of sheets that would be
    too large with the empty ones.
    """
    parts = sheet_parts(archive)
    extents = {name: _scan_sheet(archive, part, _CELL) for name, part in parts}
    if are_small(extents):
        return extents
    return {name: _refuse_long(name, _scan_sheet(archive, part, _VALUE)) for name, part in parts}


def sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Sheet names and the paths of their parts, in the workbook's order (parts with entities are refused before)."""
    try:
        workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, EOFError) as error:
        raise Refused("damaged") from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    present = set(archive.namelist())
    sheets = []
    for sheet in workbook.iterfind(".//{*}sheets/{*}sheet"):
        target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        if part in present:
            sheets.append((sheet.get("name", ""), part))
    if len(sheets) > MAX_SHEETS:
        raise Refused("too_many_sheets", sheets=len(sheets))
    return sheets


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Pieces of a sheet that end where a row ends, so that no cell is cut."""
    held = b""
    for chunk in chunks(archive, part):
        held += chunk
        end = held.rfind(b"row>") + 4
        if end > 3:
            yield held[:end]
            held = held[end:]
        if len(held) > _MAX_HELD:
            raise Refused("damaged")
    yield held


def _refuse_long(name: str, extent: Extent) -> Extent:
    if extent.rows > MAX_ROWS:
        raise Refused("too_many_rows", sheet=name, rows=extent.bottom)
    if extent.values > MAX_CELLS:
        raise Refused("too_many_cells", cells=extent.values)
    return extent


def _scan_sheet(archive: zipfile.ZipFile, part: str, pattern: re.Pattern[bytes]) -> Extent:
    """Where the cells lie that a pattern finds; stops as soon as there are too many."""
    extent, columns = Extent(), dict[bytes, int]()
    for piece in _whole_rows(archive, part):
        _scan_values(extent, columns, pattern.findall(piece))
        if extent.rows > MAX_ROWS or extent.values > MAX_CELLS:
            break
        if b"hidden=" in piece:
            extent.hidden_rows += map(int, _HIDDEN.findall(piece))
        if b't="e"' in piece or b"t='e'" in piece:
            extent.errors += [(int(r), number(c.decode()), v.decode()) for c, r, v in _ERROR.findall(piece)]
        if extent.uncomputed is None and b"f>" in piece and (missing := _UNCOMPUTED.search(piece)):
            extent.uncomputed = missing[1].decode()
    return extent


def _scan_values(extent: Extent, columns: dict[bytes, int], found: list[tuple[bytes, bytes]]) -> None:
    """Takes in one piece: last row, last column, number of values and of rows that hold any."""
    if not found:
        return
    extent.values += len(found)
    rows = {row for _, row in found}
    extent.rows += len(rows)
    bottom = max(rows, key=int)
    if int(bottom) > extent.bottom:
        extent.bottom = int(bottom)
        extent.bottom_column = max(number(c.decode()) for c, row in found if row == bottom)
    for letters in {column for column, _ in found} - columns.keys():
        columns[letters] = column = number(letters.decode())
        if column > extent.right:
            extent.right = column
            extent.right_row = next(int(row) for c, row in found if c == letters)
