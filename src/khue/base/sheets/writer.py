"""Spreadsheets going out: tables and templates as XLSX, CSV, and a file that was read with its faults marked.

Cells are typed and never formulas; identifiers are text with the text format, so that no zero is lost on the way back.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from khue.base.sheets.fields import Field, FieldSet
from khue.base.sheets.values import cell_text
from khue.base.sheets.workbook import Cell

CellType = Literal["text", "date", "number", "bool"]
CodeList = Sequence[tuple[str, str]]
"""Pairs (code, name) of a catalogue list."""

_NUMBERS = {"decimal", "integer"}
_LAST_TEMPLATE_ROW = 5_000
"""Rows of a template that get the text format and the drop-down lists."""
_GUARDED = re.compile(r"'*[=+\-@\t\r]")
_LONGEST_CELL = 32_767
EARLIEST_YEAR = 1900
"""Spreadsheets have no earlier dates; such days are written as text."""


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column going out. `values` names the code list that the cell may hold, in `code_lists` of `write_table`."""

    label: str
    hint: str = ""
    type: CellType = "text"
    values: str | None = None
    width: int = 14


def columns_of(fields: FieldSet) -> list[OutColumn]:
    """The columns of the project's template of a kind."""
    return [_out_column(field) for field in fields.fields]


def _out_column(field: Field) -> OutColumn:
    kind: CellType = "text"
    if field.type in _NUMBERS:
        kind = "number"
    elif field.type in ("date", "bool"):
        kind = "date" if field.type == "date" else "bool"
    values = field.catalog if field.type == "code" else None
    return OutColumn(field.header, field.hint, kind, values, max(12, min(30, len(field.header) + 4)))


def write_table(
    stream: BinaryIO,
    *,
    name: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Cell]],
    code_lists: Mapping[str, CodeList] | None = None,
    template: bool = False,
    watermark: str = "",
) -> None:
    """Writes one table as XLSX, row by row, in little memory.

    Header in row 1, in a template hints in row 2; sheets DM_<list> with code and name, from which cells offer a
    choice; `watermark` (who took the file, when, why) stands in a sheet of its own.
    """
    lists = code_lists or {}
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        formats = _Formats(book)
        sheet = book.add_worksheet(sheet_name(name))
        first = 2 if template and any(column.hint for column in columns) else 1
        _prepare(sheet, columns, lists, formats, first)
        _write_head(sheet, columns, formats, first)
        for number, row in enumerate(rows, start=first):
            for index, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(sheet, number, index, column.type, value, formats)
        for list_name, pairs in lists.items():
            _write_list(book, list_name, pairs, formats)
        if watermark:
            _write_watermark(book, watermark)


def sheet_name(name: str) -> str:
    """A name that a spreadsheet takes: no []:*?/\\, at most 31 letters."""
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:31] or "Trang 1"


class _Formats:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.number = book.add_format({"num_format": "General"})
        self.date = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EFEAE0"}
        )
        self.hint = book.add_format({"italic": True, "text_wrap": True, "valign": "top", "font_color": "#6B6459"})

    def of(self, kind: CellType) -> Format | None:
        return {"text": self.text, "bool": self.text, "date": self.date}.get(kind)


def _prepare(
    sheet: Worksheet, columns: Sequence[OutColumn], lists: Mapping[str, CodeList], formats: _Formats, first: int
) -> None:
    sheet.freeze_panes(first, 0)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, formats.of(column.type))
        pairs = lists.get(column.values or "")
        if pairs:
            last = len(pairs) + 1
            source = f"='{sheet_name(f'DM_{column.values}')}'!$B$2:$B${last}"
            choice = {"validate": "list", "source": source, "error_type": "warning"}
            choice |= {"error_title": "Ngoài danh mục", "error_message": "Chọn một giá trị trong danh mục."}
            sheet.data_validation(first, index, _LAST_TEMPLATE_ROW, index, choice)


def _write_head(sheet: Worksheet, columns: Sequence[OutColumn], formats: _Formats, first: int) -> None:
    for index, column in enumerate(columns):
        sheet.write_string(0, index, column.label, formats.head)
    for index, column in enumerate(columns):
        if first == 2 and column.hint:
            sheet.write_string(1, index, column.hint, formats.hint)


def _write_cell(sheet: Worksheet, row: int, index: int, kind: CellType, value: Any, formats: _Formats) -> None:
    """One typed cell; a year alone in a column of dates stays a number."""
    if value is None or value == "":
        return
    if isinstance(value, datetime.date) and value.year >= EARLIEST_YEAR:
        sheet.write_datetime(row, index, _moment(value), formats.date)
    elif isinstance(value, bool) or kind == "bool":
        sheet.write_string(row, index, cell_text(value), formats.text)
    elif kind in ("number", "date") and isinstance(value, int | float | Decimal):
        # a format of its own, or a year in a column of dates would show as a day of 1905
        sheet.write_number(row, index, value, formats.number)
    else:
        text = value if isinstance(value, str) else cell_text(value)
        sheet.write_string(row, index, text[:_LONGEST_CELL], formats.text)


def _moment(value: datetime.date) -> datetime.datetime:
    return value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time())


def _write_list(book: xlsxwriter.Workbook, name: str, pairs: CodeList, formats: _Formats) -> None:
    sheet = book.add_worksheet(sheet_name(f"DM_{name}"))
    sheet.set_column(0, 0, 10, formats.text)
    sheet.set_column(1, 1, 40, formats.text)
    sheet.write_string(0, 0, "Mã", formats.head)
    sheet.write_string(0, 1, "Tên", formats.head)
    for number, (code, label) in enumerate(pairs, start=1):
        sheet.write_string(number, 0, code, formats.text)
        sheet.write_string(number, 1, label, formats.text)


def _write_watermark(book: xlsxwriter.Workbook, watermark: str) -> None:
    sheet = book.add_worksheet("Nguồn")
    sheet.set_column(0, 0, 80)
    for number, line in enumerate(watermark.splitlines()):
        sheet.write_string(number, 0, line)


def write_csv(stream: BinaryIO, *, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """CSV in UTF-8 with BOM; text that a spreadsheet would run as a formula gets a ' that the importer removes."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([_guarded(label) for label in header])
    for row in rows:
        lines.writerow([_guarded(value) if isinstance(value, str) else _csv_value(value) for value in row])
    text.flush()
    text.detach()


def _guarded(text: str) -> str:
    return f"'{text}" if _GUARDED.match(text) else text


def _csv_value(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else cell_text(value)
