"""Where the values of ODS sheets lie, their hidden rows and merged ranges (calamine tells neither)."""

import html
import re
import zipfile

from .containers import chunks
from .extent import Extent
from .limits import MAX_CELLS, MAX_ROWS, Refused

_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^>\"]|\"[^\"]*\")*?)(/?)>"
)
_ATTRIBUTE = re.compile(rb'([\w-]+:[\w-]+)="([^"]*)"')


def scan(archive: zipfile.ZipFile) -> dict[str, Extent]:
    """Extents by sheet name; repeated rows and cells count as often as they are repeated."""
    walk = _Walk()
    held = b""
    for chunk in chunks(archive, "content.xml"):
        held += chunk
        end = held.rfind(b"<")
        for match in _TAG.finditer(held, 0, max(end, 0)):
            walk.tag(*match.groups())
        held = held[end:] if end >= 0 else held
        if len(held) > 32 << 20:
            raise Refused("damaged")
    for match in _TAG.finditer(held):
        walk.tag(*match.groups())
    return walk.extents


class _Walk:
    """Follows rows and cells through the tags of content.xml."""

    def __init__(self) -> None:
        self.extents: dict[str, Extent] = {}
        self._extent = Extent()
        self._name = ""
        self._row = self._column = 0
        self._row_repeat, self._row_values, self._hidden = 1, 0, False

    def tag(self, closing: bytes, name: bytes, raw: bytes, empty: bytes) -> None:
        if name == b"table":
            if not closing:
                self._begin_table(dict(_ATTRIBUTE.findall(raw)))
        elif name == b"table-row":
            if not closing:
                self._begin_row(dict(_ATTRIBUTE.findall(raw)))
            if closing or empty:
                self._end_row()
        elif not closing:
            self._cell(raw)

    def _begin_table(self, attributes: dict[bytes, bytes]) -> None:
        self._name = html.unescape(attributes.get(b"table:name", b"").decode("utf-8", "replace"))
        self._extent = self.extents[self._name] = Extent()
        self._row = 1

    def _begin_row(self, attributes: dict[bytes, bytes]) -> None:
        self._column, self._row_values = 1, 0
        self._row_repeat = _count(attributes.get(b"table:number-rows-repeated"))
        self._hidden = attributes.get(b"table:visibility", b"visible") != b"visible"

    def _end_row(self) -> None:
        extent = self._extent
        if self._row_values:
            last = self._row + self._row_repeat - 1
            extent.values += self._row_values * self._row_repeat
            extent.rows += self._row_repeat
            if last > extent.bottom:
                extent.bottom, extent.bottom_column = last, self._last_value
            if extent.rows > MAX_ROWS:
                raise Refused("too_many_rows", sheet=self._name, rows=extent.bottom)
            if extent.values > MAX_CELLS:
                raise Refused("too_many_cells", cells=extent.values)
        if self._hidden and self._row_repeat <= MAX_ROWS:
            extent.hidden_rows += range(self._row, self._row + self._row_repeat)
        self._row += self._row_repeat

    def _cell(self, raw: bytes) -> None:
        repeat = 1
        if b"repeated" in raw or b"spanned" in raw:
            attributes = dict(_ATTRIBUTE.findall(raw))
            repeat = _count(attributes.get(b"table:number-columns-repeated"))
            self._merge(attributes)
        if b"office:value-type" in raw:
            self._row_values += repeat
            self._last_value = self._column + repeat - 1
            if self._last_value > self._extent.right:
                self._extent.right, self._extent.right_row = self._last_value, self._row
        self._column += repeat

    def _merge(self, attributes: dict[bytes, bytes]) -> None:
        rows = _count(attributes.get(b"table:number-rows-spanned"))
        columns = _count(attributes.get(b"table:number-columns-spanned"))
        if rows > 1 or columns > 1:
            top, left = self._row, self._column
            self._extent.merged.append((top, left, top + rows - 1, left + columns - 1))


def _count(value: bytes | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 9 else 1
