"""The shape of official tables: a form has tables, a table has rows and columns, each a condition on one cube."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..cubes import Cube

_WITH_LEVEL = {
    "MN": ("MN", "MN;TH", "MN;THCS", "MN;TH;THCS"),
    "TH": ("TH", "MN;TH", "TH;THCS", "MN;TH;THCS"),
    "THCS": ("THCS", "MN;THCS", "TH;THCS", "MN;TH;THCS"),
}
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Condition:
    """Dimension → values of which a row must have one (``takes``) and none (``leaves``)."""

    takes: Values = field(default_factory=dict)
    leaves: Values = field(default_factory=dict)

    @property
    def dimensions(self) -> set[str]:
        return {*self.takes, *self.leaves}

    def holds(self, values: Mapping[str, str]) -> bool:
        return all(values[name] in wanted for name, wanted in self.takes.items()) and not any(
            values[name] in wanted for name, wanted in self.leaves.items()
        )

    def joined(self, other: "Condition") -> "Condition":
        """Both at once."""
        takes = dict(self.takes)
        for name, values in other.takes.items():
            takes[name] = tuple(v for v in takes[name] if v in values) if name in takes else values
        leaves = {name: (*self.leaves.get(name, ()), *values) for name, values in other.leaves.items()}
        return Condition(takes, {**self.leaves, **leaves})


@dataclass(frozen=True)
class Column:
    """A column (Cột); ``group`` is the heading that it stands under with its neighbours."""

    code: str
    label: str
    when: Condition = Condition()
    group: str = ""


@dataclass(frozen=True)
class Row:
    """A row (Chỉ tiêu). ``of`` names the row it is a part of; rows of one ``part`` add up to that row.

    ``sum``: the measure that is added instead of counting rows; ``entered``: the school enters the number; ``columns``:
    the only columns that apply; ``family``: made for one code of a list, shown only where it occurs.
    """

    code: str
    label: str
    when: Condition = Condition()
    of: str = ""
    part: str = ""
    sum: str = ""
    entered: bool = False
    columns: tuple[str, ...] = ()
    family: bool = False

    @property
    def depth(self) -> int:
        return self.code.count(".")


@dataclass(frozen=True)
class Table:
    """A table (Biểu) of one level of education over one cube."""

    code: str
    level: str
    title: str
    cube: Cube
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    @property
    def when(self) -> Condition:
        """The condition of the level; of staff, rooms and schools it is the school's, which may name several."""
        of_school = self.cube.name in ("staff", "rooms", "schools")
        return Condition({"level": _WITH_LEVEL[self.level] if of_school else (self.level,)})

    @cached_property
    def row(self) -> dict[str, Row]:
        return {row.code: row for row in self.rows}

    @cached_property
    def column(self) -> dict[str, Column]:
        return {column.code: column for column in self.columns}

    def applies(self, row: Row, column: Column) -> bool:
        return not row.columns or column.code in row.columns

    def cell(self, row: Row, column: Column) -> Condition:
        """What a figure counts."""
        return self.when.joined(row.when).joined(column.when)


@dataclass(frozen=True)
class Form:
    """A set of tables for a kind of period (Bộ biểu). ``symbol``: the official symbol, blank until it is verified."""

    code: str
    title: str
    source: str
    symbol: str
    tables: tuple[Table, ...]

    def of_levels(self, levels: list[str]) -> list[Table]:
        return [table for table in self.tables if table.level in levels]

    @cached_property
    def table(self) -> dict[str, Table]:
        return {table.code: table for table in self.tables}
