"""Where the values of a sheet lie, found before calamine reads it."""

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


class Extent:
    """Last row and column that hold a value (from 1), how many values there are, and what calamine does not tell.

    `errors` are cells with an error value (#N/A) as (row, column, text); `uncomputed` the first formula that was saved
    without its result; `merged` is filled for ODS only. (A class by hand: `dataclasses` would double the time that the
    child takes to start.)
    """

    __slots__ = (
        "bottom", "bottom_column", "errors", "hidden_rows", "merged", "right", "right_row", "rows", "uncomputed",
        "values",
    )  # fmt: skip

    def __init__(self) -> None:
        self.bottom = self.bottom_column = self.right = self.right_row = self.values = self.rows = 0
        self.hidden_rows: list[int] = []
        self.errors: list[tuple[int, int, str]] = []
        self.uncomputed: str | None = None
        self.merged: list[tuple[int, int, int, int]] = []

    def add(self, row: int, column: int) -> None:
        self.values += 1
        if row > self.bottom:
            self.bottom, self.bottom_column = row, column
        if column > self.right:
            self.right, self.right_row = column, row


def are_small(extents: dict[str, Extent]) -> bool:
    """Whether nothing speaks against reading the boxes from A1 to each sheet's last cell."""
    found = extents.values()
    boxes, cells = sum(e.bottom * e.right for e in found), max((e.values for e in found), default=0)
    return boxes <= MAX_CELLS and cells <= MAX_CELLS and all(e.bottom <= MAX_ROWS for e in found)


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
