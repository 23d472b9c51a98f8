"""The file that was read, written again as XLSX with its faults in their places."""

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khue.base.sheets.findings import LEVELS, Finding, Level
from khue.base.sheets.values import cell_text
from khue.base.sheets.workbook import Cell, Sheet, Workbook, column_number
from khue.base.sheets.writer import EARLIEST_YEAR, sheet_name

WORDS: dict[Level, str] = {"error": "Lỗi", "ask": "Câu hỏi", "warning": "Cảnh báo", "normalised": "Đã chuẩn hóa"}
LIST_NAME = "DM_Cần xem"
"""Name of the added sheet; DM_ keeps the importer from reading it as data."""

_COLOURS: dict[Level, str] = {"error": "#F6C9C4", "ask": "#CFE0F5", "warning": "#FBE7B2", "normalised": "#DDEBDA"}
_LARGEST_MERGE, _MOST_MERGES = 10_000, 1_000
_HEAD = ("Trang", "Ô", "Mức", "Giá trị", "Việc cần làm")

Marks = dict[tuple[int, int], tuple[Level, str]]
"""(row, column) from 1 → gravest level and all messages of a cell."""


def write_marked(stream: BinaryIO, workbook: Workbook, findings: Iterable[Finding]) -> None:
    """Writes the workbook as XLSX, sheets, rows and columns where they were; faulty cells coloured and commented.

    A finding without a column marks the row's first cell. A list of all findings, gravest first, is added at the end.
    """
    found = sorted(findings, key=lambda f: (LEVELS.index(f.level), f.sheet or "", f.row or 0))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        painter = _Painter(book)
        names: dict[str, str] = {}
        for sheet in workbook.sheets:
            names[sheet.name] = name = _unused(sheet_name(sheet.name), set(names.values()))
            painter.sheet(book.add_worksheet(name), sheet, _marks(found, sheet.name))
        _write_list(book, _unused(LIST_NAME, set(names.values())), found, names)


def _unused(name: str, taken: set[str]) -> str:
    """The name, numbered if a sheet already has it (spreadsheets ignore case)."""
    lower = {other.lower() for other in taken}
    candidates = (name if n == 1 else f"{name[:27]} {n}" for n in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate.lower() not in lower)


def _marks(findings: list[Finding], sheet: str) -> Marks:
    placed = [(f.row, column_number(f.column) if f.column else 1, f) for f in findings if f.sheet == sheet and f.row]
    placed.sort(key=lambda item: item[:2])
    marks: Marks = {}
    for (row, column), group in groupby(placed, key=lambda item: item[:2]):
        own = [finding for *_, finding in group]
        marks[row, column] = own[0].level, "\n".join(dict.fromkeys(finding.message for finding in own))
    return marks


class _Painter:
    """Writes cells with the formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._active = False
        self._plain = self._formats(book, None)
        self._coloured = {level: self._formats(book, colour) for level, colour in _COLOURS.items()}

    @staticmethod
    def _formats(book: xlsxwriter.Workbook, colour: str | None) -> dict[str, Format]:
        base = {"bg_color": colour} if colour else {}
        numbers = {"general": "General", "text": "@", "date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm"}
        return {kind: book.add_format(base | {"num_format": number}) for kind, number in numbers.items()}

    def sheet(self, out: Worksheet, sheet: Sheet, marks: Marks) -> None:
        self._merge(out, sheet)
        for number, row in enumerate(sheet.rows, start=1):
            for index, cell in enumerate(row, start=1):
                if cell is not None:
                    mark = marks.get((number, index))
                    self._cell(out, number - 1, index - 1, cell, self._coloured[mark[0]] if mark else self._plain)
        for (line, column), (level, message) in marks.items():
            if sheet.cell(line, column) is None:
                out.write_blank(line - 1, column - 1, None, self._coloured[level]["general"])
            out.write_comment(line - 1, column - 1, message, {"x_scale": 2, "author": "Khuê"})
        for hidden in sheet.hidden_rows:
            out.set_row(hidden - 1, None, None, {"hidden": True})
        if sheet.hidden:
            out.hide()
        elif not self._active:
            # a hidden first sheet must not be the one that opens
            self._active = True
            out.activate()
            out.set_first_sheet()

    def _merge(self, out: Worksheet, sheet: Sheet) -> None:
        """Merged ranges stay, unless they reach far outside the data or overlap each other."""
        taken: list[tuple[int, int, int, int]] = []
        for top, left, bottom, right in sheet.merged[:_MOST_MERGES]:
            small = (bottom - top + 1) * (right - left + 1) <= _LARGEST_MERGE
            apart = all(bottom < t or b < top or right < lo or hi < left for t, lo, b, hi in taken)
            if small and apart and (top, left) != (bottom, right):
                taken.append((top, left, bottom, right))
                out.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", self._plain["general"])

    def _cell(self, out: Worksheet, row: int, column: int, cell: Cell, formats: dict[str, Format]) -> None:
        if isinstance(cell, bool):
            out.write_boolean(row, column, cell, formats["general"])
        elif isinstance(cell, str):
            out.write_string(row, column, cell[:32_767], formats["text"])
        elif isinstance(cell, datetime.date) and cell.year < EARLIEST_YEAR:
            out.write_string(row, column, cell_text(cell), formats["text"])
        elif isinstance(cell, datetime.datetime):
            out.write_datetime(row, column, cell, formats["moment"])
        elif isinstance(cell, datetime.date):
            day = datetime.datetime.combine(cell, datetime.time())
            out.write_datetime(row, column, day, formats["date"])
        elif isinstance(cell, int | float):
            self._number(out, row, column, cell, formats)

    @staticmethod
    def _number(out: Worksheet, row: int, column: int, cell: float, formats: dict[str, Format]) -> None:
        """Numbers too long for a spreadsheet's 15 digits stay whole as text."""
        if abs(cell) < 1e15:
            out.write_number(row, column, cell, formats["general"])
        else:
            out.write_string(row, column, str(cell), formats["text"])


def _write_list(book: xlsxwriter.Workbook, name: str, findings: list[Finding], names: dict[str, str]) -> None:
    """The added sheet: one line per finding, with a link to its cell."""
    out = book.add_worksheet(name)
    bold, link = book.add_format({"bold": True, "bottom": 1}), book.get_default_url_format()
    for index, (head, width) in enumerate(zip(_HEAD, (16, 8, 14, 24, 70), strict=True)):
        out.set_column(index, index, width)
        out.write_string(0, index, head, bold)
    for number, finding in enumerate(findings, start=1):
        place = f"{finding.column or 'A'}{finding.row}" if finding.row else ""
        sheet = names.get(finding.sheet or "", finding.sheet or "")
        out.write_string(number, 0, sheet)
        if place and sheet in names.values() and number <= 60_000:
            target = sheet.replace("'", "''")
            out.write_url(number, 1, f"internal:'{target}'!{place}", link, place)
        out.write_string(number, 2, WORDS[finding.level])
        out.write_string(number, 3, finding.value[:1000])
        out.write_string(number, 4, finding.message)
    out.freeze_panes(1, 0)
