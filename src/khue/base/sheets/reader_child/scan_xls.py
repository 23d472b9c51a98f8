"""Where the values of XLS sheets lie, their hidden rows and error values, by the records of the BIFF stream."""

import struct

from .compound import Compound
from .extent import Extent
from .limits import MAX_SHEETS, Refused

_BOUNDSHEET, _FILEPASS, _EOF = 0x85, 0x2F, 0x0A
_ROW, _MULRK, _FORMULA, _BOOLERR = 0x208, 0xBD, 0x06, 0x205
_VALUES = {0x203, 0x27E, 0xFD, 0x204, 0xD6, _FORMULA, _BOOLERR, _MULRK}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_HIDDEN_FLAG = 0x20


def scan(data: bytes) -> list[tuple[str, Extent]]:
    """Names and extents in the workbook's order of sheets."""
    container = Compound(data)
    stream = container.stream("Workbook" if "Workbook" in container.names else "Book")
    try:
        return [(name, _scan_sheet(stream, offset)) for name, offset in _sheets(stream)]
    except struct.error as error:
        raise Refused("truncated") from error


def _sheets(stream: bytes) -> list[tuple[str, int]]:
    sheets, position = [], 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == _FILEPASS:
            raise Refused("encrypted")
        if kind == _BOUNDSHEET:
            body = stream[position + 4 : position + 4 + length]
            sheets.append((_name(body), struct.unpack_from("<I", body)[0]))
        if kind == _EOF:
            break
        position += 4 + length
    if len(sheets) > MAX_SHEETS:
        raise Refused("too_many_sheets", sheets=len(sheets))
    return sheets


def _name(body: bytes) -> str:
    """BIFF8 says by a flag whether the name takes one or two bytes a letter."""
    return body[8:].decode("utf-16-le", "replace") if body[7] & 1 else body[8:].decode("latin-1")


def _scan_sheet(stream: bytes, position: int) -> Extent:
    extent, unpack, size = Extent(), struct.Struct("<HHHH").unpack_from, len(stream)
    rows: set[int] = set()
    while position + 8 <= size:
        kind, length, row, column = unpack(stream, position)
        if kind in _VALUES:
            rows.add(row)
            if kind == _MULRK:
                column += (length - 6) // 6 - 1
            extent.add(row + 1, column + 1)
            _note_error(extent, kind, stream[position + 4 : position + 4 + length])
        elif kind == _ROW and struct.unpack_from("<I", stream, position + 16)[0] & _HIDDEN_FLAG:
            extent.hidden_rows.append(row + 1)
        elif kind == _EOF:
            break
        position += 4 + length
    extent.rows = len(rows)
    return extent


def _note_error(extent: Extent, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    code = None
    if kind == _BOOLERR and body[7]:
        code = body[6]
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        code = body[8]
    if code is not None:
        extent.errors.append((row + 1, column + 1, _ERRORS.get(code, "#ERR")))
