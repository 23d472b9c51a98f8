"""Where the values of a sheet lie, found before calamine reads it."""

from dataclasses import dataclass, field

from .limits import MAX_CELLS, MAX_ROWS, Refused


def letters(column: int) -> str:
    """1 → A, 28 → AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: str) -> int:
    """A → 1, AB → 28."""
    value = 0
    for letter in column:
        value = value * 26 + ord(letter) - 64
    return value


@dataclass(slots=True)
class Extent:
    """Last row and column that hold a value (from 1), how many values there are, and what calamine does not tell.

    `errors` are cells with an error value (#N/A) as (row, column, text); `uncomputed` the first formula that was saved
    without its result; `merged` is filled for ODS only.
    """

    bottom: int = 0
    bottom_column: int = 0
    right: int = 0
    right_row: int = 0
    values: int = 0
    rows: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncomputed: str | None = None
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, row: int, column: int) -> None:
        self.values += 1
        if row > self.bottom:
            self.bottom, self.bottom_column = row, column
        if column > self.right:
            self.right, self.right_row = column, row


def check_sizes(extents: dict[str, Extent]) -> None:
    """Refuses sheets that are too long or whose few values lie so far apart that millions of cells lie between."""
    total = 0
    for name, extent in extents.items():
        box = extent.bottom * extent.right
        if extent.rows > MAX_ROWS:
            raise Refused("too_many_rows", sheet=name, rows=extent.bottom)
        if extent.bottom > MAX_ROWS:
            raise Refused("far_cell", sheet=name, cell=f"{letters(extent.bottom_column)}{extent.bottom}")
        if box > MAX_CELLS and extent.values < box // 4:
            wide = extent.right > 1000
            cell = (extent.right, extent.right_row) if wide else (extent.bottom_column, extent.bottom)
            raise Refused("far_cell", sheet=name, cell=f"{letters(cell[0])}{cell[1]}")
        total += box
    if total > MAX_CELLS:
        raise Refused("too_many_cells", cells=total)
