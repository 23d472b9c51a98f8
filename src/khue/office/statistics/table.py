"""The table as HTML: strong subtotals, every figure a door to the rows behind it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khue.base.core.text import dotted

from .board import Board
from .rules import Key, Pivot
from .words import Say, lower

MOST_CELLS = 4000
Door = Callable[[Mapping[str, str]], str]


class Table:
    """One pivot with its words. ``door`` gives the address of the rows behind conditions."""

    def __init__(self, board: Board, pivot: Pivot, says: Mapping[str, Say], door: Door) -> None:
        self.board, self.pivot, self.says, self.door = board, pivot, says, door
        single = len([key for key in pivot.columns if len(key) == 1]) == 1
        self.columns = [key for key in pivot.columns if key or not single or not board.columns]
        self.rows = pivot.rows[: max(1, MOST_CELLS // max(1, len(self.columns)))]

    @property
    def left_out(self) -> int:
        """Rows that would make the page too heavy."""
        return len(self.pivot.rows) - len(self.rows)

    def head(self) -> list[list[dict[str, Any]]]:
        """Rows of column heads: [{label, colspan, rowspan, css, title}]."""
        corner = {"label": self.corner(), "rowspan": max(1, len(self.board.columns)), "css": ""}
        if not self.board.columns:
            return [[corner, {"label": str(_("Tổng")), "css": "r"}]]
        if len(self.board.columns) == 1:
            return [[corner, *({"label": self.column_label(key), "css": "r"} for key in self.columns)]]
        return self._two_heads(corner)

    def _two_heads(self, corner: dict[str, Any]) -> list[list[dict[str, Any]]]:
        groups = [key[0] for key in self.columns if len(key) == 1]
        top = [{"label": self.column_label((g,)), "colspan": self._width(g), "css": "grp"} for g in groups]
        if () in self.columns:
            top.append({"label": str(_("Tổng")), "rowspan": 2, "css": "r first"})
        second = [
            {"label": self.column_label(key) if len(key) == 2 else str(_("Cộng")), "css": self._css(n)}
            for n, key in enumerate(self.columns) if key
        ]  # fmt: skip
        return [[corner, *top], second]

    def _width(self, group: str) -> int:
        return sum(1 for key in self.columns if key[:1] == (group,))

    def _css(self, n: int) -> str:
        """A line stands before each group of columns."""
        if len(self.board.columns) < 2:
            return "r"
        before = self.columns[n - 1] if n else None
        return "r first" if before is None or before[:1] != self.columns[n][:1] else "r"

    def corner(self) -> str:
        labels = [str(self.board.cube.dimensions[name].label) for name in self.board.rows]
        return ", ".join([*labels[:1], *(lower(label) for label in labels[1:])])

    def column_label(self, key: Key) -> str:
        return self.says[self.board.columns[len(key) - 1]](key[-1]) if key else str(_("Tổng"))

    def row_label(self, key: Key) -> str:
        return self.says[self.board.rows[len(key) - 1]](key[-1])

    def body(self) -> SafeString:
        rows = [
            self._row(key, self._row_head(key), "strong" if len(key) < len(self.board.rows) else "")
            for key in self.rows
        ]
        total = self._row((), SafeString(_("Tổng")), "total strong")
        return format_html_join("\n", "{}", ((row,) for row in [*rows, total]))

    def _row_head(self, key: Key) -> SafeString:
        label = format_html("{}", self.row_label(key))
        for _depth in key[1:]:
            label = format_html('<span class="sub">{}</span>', label)
        return label

    def _row(self, key: Key, label: SafeString, css: str) -> SafeString:
        cells = format_html_join("", "{}", ((self._cell(key, column, n),) for n, column in enumerate(self.columns)))
        return format_html('<tr class="{}"><th scope="row">{}</th>{}</tr>', css, label, cells)

    def _cell(self, row: Key, column: Key, n: int) -> SafeString:
        figure, css = self.pivot.cells.get((row, column), 0), self._css(n)
        if not figure:
            return format_html('<td class="{}"><span class="faint">0</span></td>', css)
        values = {
            **dict(zip(self.board.rows, row, strict=False)),
            **dict(zip(self.board.columns, column, strict=False)),
        }
        address = self.door(values)
        return format_html(
            '<td class="{}"><a class="door" href="{}" data-open="ten" data-src="{}" title="{}">{}</a></td>',
            css, address, address, self.hint(row, column), dotted(figure),
        )  # fmt: skip

    def hint(self, row: Key, column: Key) -> str:
        """What a figure counts: "Nữ, Lớp 6"."""
        words = [self.says[name](value) for name, value in zip(self.board.rows, row, strict=False)]
        words += [self.says[name](value) for name, value in zip(self.board.columns, column, strict=False)]
        return ", ".join(words) or str(_("Tất cả"))

    def plain(self) -> tuple[list[str], list[list[Any]]]:
        """(heads, rows) for a spreadsheet: one column a row dimension, then the figures."""
        heads = [str(self.board.cube.dimensions[name].label) for name in self.board.rows] or [""]
        heads += [
            " · ".join(self.column_label(key[: i + 1]) for i in range(len(key))) or str(_("Tổng"))
            for key in self.columns
        ]
        depth = max(1, len(self.board.rows))
        rows: list[list[Any]] = []
        for key in [*self.pivot.rows, ()]:
            names = [self.row_label(key[: i + 1]) for i in range(len(key))] if key else [str(_("Tổng"))]
            names += [str(_("Cộng")) if key and n == 0 else "" for n in range(depth - len(names))]
            rows.append([*names, *(self.pivot.cells.get((key, column), 0) for column in self.columns)])
        return heads, rows
