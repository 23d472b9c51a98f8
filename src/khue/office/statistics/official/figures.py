"""Figures of official tables: one statement a table, for all its rows, columns and places at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from khue.base.core.bulk import query

from ..selectors import make_query, source
from .shape import Condition, Table

Number = int | Decimal
Cells = dict[tuple[str, str], Number]
"""(row code, column code) → figure; cells that do not apply are missing."""
Group = tuple[str, dict[str, str], list[Number]]


@dataclass(frozen=True)
class Basis:
    """What is counted: the live rows of a day, or frozen ``snapshots`` with the figures that schools entered."""

    day: date
    snapshots: tuple[int, ...] | None = None
    entered: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    """School code → table code → "row column" → number."""


def figures(table: Table, basis: Basis, *, by: str = "", where: Condition | None = None) -> dict[str, Cells]:
    """Place → cells. ``by``: a dimension of places (school, ward), or "" for one place; ``where``: places counted.

    Rows are conditions inside the sums, columns are summed up here from the groups of their dimensions: two passes
    over a few hundred groups cost less than one sum for each cell.
    """
    groups = _groups(table, basis, by, where or Condition())
    found: dict[str, Cells] = defaultdict(dict)
    counted = [row for row in table.rows if not row.entered]
    for place, values, sums in groups:
        cells = found[place]
        for column in table.columns:
            if not column.when.holds(values):
                continue
            for row, number in zip(counted, sums, strict=True):
                if table.applies(row, column):
                    key = (row.code, column.code)
                    cells[key] = cells.get(key, 0) + number
    for cells in found.values() if by else [found[""]]:
        for row in counted:
            for column in table.columns:
                if table.applies(row, column):
                    cells.setdefault((row.code, column.code), 0)
    return dict(found)


def _groups(
    table: Table, basis: Basis, by: str, where: Condition
) -> Iterable[tuple[str, dict[str, str], list[Number]]]:
    """(place, values of the columns' dimensions, one number a row) for each group that occurs."""
    across = sorted({name for column in table.columns for name in column.when.dimensions})
    down = sorted({name for row in table.rows for name in row.when.dimensions} - set(across))
    sums = sorted({row.sum for row in table.rows if row.sum})
    when = table.when.joined(where)
    asked = make_query(
        cube=table.cube.name, by=(), day=basis.day, filters=when.takes, without=when.leaves, snapshots=basis.snapshots
    )
    cube = asked.cube
    names = [*([by] if by else []), *across, *down]
    names = list(dict.fromkeys(names))
    head, body, parameters = source(asked, [need for name in names for need in cube.dimensions[name].needs])
    inner = [f"{cube.dimensions[name].sql} AS is_{name}" for name in names]
    inner += ["count(*) AS n", *(f"COALESCE(sum({cube.measures[m][1]}), 0) AS {m}" for m in sums)]
    group = f"GROUP BY {', '.join(str(n + 1) for n in range(len(names)))}" if names else ""
    outer = [f"is_{name}" for name in list(dict.fromkeys([*([by] if by else []), *across]))]
    rows_sql, more = _sums(table)
    with_ = f"{head.rstrip()}, " if head else "WITH "
    statement = f"""{with_}grouped AS MATERIALIZED (SELECT {", ".join(inner)} {body} {group})
        SELECT {", ".join([*outer, *rows_sql])} FROM grouped"""
    statement += f" GROUP BY {', '.join(str(n + 1) for n in range(len(outer)))}" if outer else ""
    keys = [name.removeprefix("is_") for name in outer]
    for row in query(statement, parameters | more):
        values = dict(zip(keys, row[: len(keys)], strict=True))
        yield (values[by] if by else ""), values, [number or 0 for number in row[len(keys) :]]


def _sums(table: Table) -> tuple[list[str], dict[str, Any]]:
    """An aggregate for each counted row, and the parameters of their conditions."""
    found, parameters = [], {}
    for n, row in enumerate(r for r in table.rows if not r.entered):
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
