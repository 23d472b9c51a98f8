"""What was read from a spreadsheet: plain values, with the addresses that the spreadsheet shows."""

from dataclasses import dataclass, field
from datetime import date

from khue.base.sheets.encodings import Encoding
from khue.base.sheets.findings import Finding

Cell = str | int | float | bool | date | None
"""A cell's value; a date with a time of day is a `datetime`. Numbers without a fraction are `int`."""

Range = tuple[int, int, int, int]
"""Top, left, bottom, right of a merged range, counted from 1, ends included."""


def column_letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(slots=True)
class Sheet:
    """One sheet. `rows` is rectangular and begins at A1, so that an index plus one is what the spreadsheet shows."""

    name: str
    rows: list[list[Cell]]
    merged: list[Range] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden: bool = False
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    legacy: dict[int, str] = field(default_factory=dict)
    """Columns (counted from 1) whose text was stored in TCVN3 or VNI, by the encoding's name."""

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Cell:
        """The value at an address counted from 1; None outside of what was read."""
        return self.rows[row - 1][column - 1] if 0 < row <= len(self.rows) and 0 < column <= self.width else None


@dataclass(slots=True)
class Workbook:
    """One file: `format` is xlsx, xls, ods or csv; `encoding` says how the text was stored."""

    path: str
    format: str
    sheets: list[Sheet]
    encoding: Encoding
    delimiter: str | None = None
    has_macros: bool = False
    findings: list[Finding] = field(default_factory=list)
