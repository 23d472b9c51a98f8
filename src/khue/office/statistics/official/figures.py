"""Figures of official tables: one statement a table, for all its rows, columns and places at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from khue.base.core.bulk import query

from ..selectors import make_query, source
from .shape import Column, Condition, Row, Table

Number = int | Decimal
Cells = dict[tuple[str, str], Number]
"""(row code, column code) → figure; cells that do not apply are missing."""
Group = tuple[str, dict[str, str], list[Number]]


@dataclass(frozen=True)
class Basis:
    """What is counted: the live rows of a day, or frozen ``snapshots`` with the figures that schools entered.

    ``year``: the school year of the day, where it is known: then no table looks it up.
    """

    day: date
    snapshots: tuple[int, ...] | None = None
    entered: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """School code → table code → "row column" → number."""
    year: int | None = None


def figures(table: Table, basis: Basis, *, by: str = "", where: Condition | None = None) -> dict[str, Cells]:
    """Place → cells. ``by``: a dimension of places (school, ward), or "" for one place; ``where``: places counted.

    Rows are conditions inside the sums, columns are summed up here from the groups of their dimensions; rows that are
    one code of a list each (a family) are groups too. So a table costs one pass over its rows and one over the groups.
    """
    plan = _Plan(table, by)
    found: dict[str, Cells] = defaultdict(dict)
    if plan.counted:
        for place, values, sums in _groups(plan, basis, where or Condition()):
            plan.add(found[place], values, sums)
    for cells in found.values() if by else [found[""]]:
        for key in plan.keys:
            cells.setdefault(key, 0)
    return dict(found)


class _Plan:
    """How a table is counted: dimensions of the groups, aggregates of the rows, where each number belongs."""

    def __init__(self, table: Table, by: str) -> None:
        self.table, self.by = table, by
        self.counted = [row for row in table.rows if not row.entered]
        self.summed = [row for row in self.counted if not row.family]
        self.families: dict[str, dict[str, Row]] = {}
        for row in self.counted:
            if row.family:
                [(name, (code,))] = row.when.takes.items()
                self.families.setdefault(name, {})[code] = row
        across = sorted({name for column in table.columns for name in column.when.dimensions})
        self.groups = list(dict.fromkeys([*([by] if by else []), *across, *self.families]))
        self.down = sorted({name for row in self.summed for name in row.when.dimensions} - set(self.groups))
        self.keys = [(r.code, c.code) for r in self.counted for c in table.columns if table.applies(r, c)]
        self._across = across
        self._columns: dict[tuple[str, ...], list[Column]] = {}

    def columns(self, values: Mapping[str, str]) -> list[Column]:
        """The columns that a group belongs to."""
        key = tuple(values[name] for name in self._across)
        if key not in self._columns:
            self._columns[key] = [column for column in self.table.columns if column.when.holds(values)]
        return self._columns[key]

    def add(self, cells: Cells, values: Mapping[str, str], sums: Sequence[Number]) -> None:
        """Spread a group's numbers over the cells; the last one is its rows counted."""
        numbers = [(row, number) for row, number in zip(self.summed, sums, strict=False) if number]
        numbers += [(codes[values[name]], sums[-1]) for name, codes in self.families.items() if values[name] in codes]
        for column in self.columns(values):
            for row, number in numbers:
                if self.table.applies(row, column):
                    key = (row.code, column.code)
                    cells[key] = cells.get(key, 0) + number


def _groups(plan: _Plan, basis: Basis, where: Condition) -> Iterator[Group]:
    """(place, values of the groups' dimensions, one number for each summed row, rows counted) for each that occurs."""
    table = plan.table
    when = table.when.joined(where)
    asked = make_query(
        cube=table.cube.name, by=(), day=basis.day, filters=when.takes, without=when.leaves,
        snapshots=basis.snapshots, year=basis.year,
    )  # fmt: skip
    cube, names = asked.cube, [*plan.groups, *plan.down]
    sums = sorted({row.sum for row in plan.summed if row.sum})
    head, body, parameters = source(asked, [need for name in names for need in cube.dimensions[name].needs])
    inner = [f"{cube.dimensions[name].sql} AS is_{name}" for name in names]
    inner += ["count(*) AS n", *(f"COALESCE(sum({cube.measures[m][1]}), 0) AS {m}" for m in sums)]
    rows_sql, more = _sums(plan.summed)
    outer = [*(f"is_{name}" for name in plan.groups), *rows_sql, "sum(n)::bigint"]
    with_ = f"{head.rstrip()}, " if head else "WITH "
    statement = f"""{with_}grouped AS MATERIALIZED (SELECT {", ".join(inner)} {body} {_group_by(len(names))})
        SELECT {", ".join(outer)} FROM grouped {_group_by(len(plan.groups))}"""
    for row in query(statement, parameters | more):
        values = dict(zip(plan.groups, row, strict=False))
        yield (values[plan.by] if plan.by else ""), values, [number or 0 for number in row[len(plan.groups) :]]


def _group_by(columns: int) -> str:
    return f"GROUP BY {', '.join(str(n + 1) for n in range(columns))}" if columns else ""


def _sums(rows: Sequence[Row]) -> tuple[list[str], dict[str, Any]]:
    """An aggregate for each row, and the parameters of their conditions."""
    found, parameters = [], {}
    for n, row in enumerate(rows):
        conditions = []
        for sign, filters in (("", row.when.takes), ("NOT ", row.when.leaves)):
            for name, values in filters.items():
                key = f"r{n}_{name}{'x' if sign else ''}"
                conditions.append(f"{sign}is_{name} = ANY (%({key})s)")
                parameters[key] = list(values)
        narrowed = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
        found.append(f"sum({row.sum or 'n'}){narrowed}" + ("" if row.sum else "::bigint"))
    return found, parameters


def with_entered(table: Table, cells: Cells, entered: Iterable[Mapping[str, Mapping[str, int]]]) -> Cells:
    """The cells with the numbers that schools entered; a cell that no school entered stays missing."""
    found = dict(cells)
    for school in entered:
        for key, number in school.get(table.code, {}).items():
            row, _space, column = key.partition(" ")
            if row in table.row and table.row[row].entered and column in table.column:
                found[row, column] = found.get((row, column), 0) + number
    return found
