"""What consistency rules look at, and what they find."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

Number = int | Decimal
Cells = Mapping[tuple[str, str], Number]


class RowLike(Protocol):
    """A row of an official table, as far as rules need it."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def of(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def sum(self) -> str: ...
    @property
    def entered(self) -> bool: ...
    @property
    def family(self) -> bool: ...


class ColumnLike(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def group(self) -> str: ...


@dataclass(frozen=True)
class TableFigures:
    """A table with its figures; ``before`` those of the same period of the year before, if any."""

    code: str
    level: str
    title: str
    cube: str
    rows: tuple[RowLike, ...]
    columns: tuple[ColumnLike, ...]
    cells: Cells
    before: Cells | None = None

    def row(self, code: str) -> RowLike | None:
        return next((row for row in self.rows if row.code == code), None)

    def column(self, code: str) -> ColumnLike:
        return next(column for column in self.columns if column.code == code)

    def says(self, row: str, column: str) -> str:
        """Where a figure stands, in words: “Lưu ban, Lớp 6 nữ”."""
        found, head = self.row(row), self.column(column)
        label = head.label if not head.group or head.group == head.label else f"{head.group} {head.label.lower()}"
        return f"{found.label if found else row}, {label}"


@dataclass(frozen=True)
class Sheet:
    """All tables of one place, for the rules. ``is_school``: one school, so there is at most one principal."""

    tables: tuple[TableFigures, ...]
    is_school: bool = True
    norms: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Grade → (least, most) pupils a class."""

    def of(self, cube: str) -> Iterator[TableFigures]:
        return (table for table in self.tables if table.cube == cube)


@dataclass(frozen=True)
class Finding:
    """What a rule found: the cells involved with their values, the formula, and what to do."""

    rule: str
    level: Literal["error", "warning"]
    table: str
    cells: tuple[tuple[str, str], ...]
    values: tuple[Number, ...]
    formula: str
    message: str
    needs_reason: bool = False

    @property
    def key(self) -> str:
        """Names the first cell: reasons hang on it."""
        row, column = self.cells[0]
        return f"{self.table} {row} {column}"


@dataclass(frozen=True)
class Rule:
    """A consistency rule: number, what is right, how grave, the test."""

    number: str
    sentence: str
    level: Literal["error", "warning"]
    test: Callable[[Sheet], Iterator[Finding]]
