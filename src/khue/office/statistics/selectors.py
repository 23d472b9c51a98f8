"""Counting: one GROUP BY for a table, one SELECT for the names behind a figure. The scope is the caller's."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from khue.base.catalog.selectors import names
from khue.base.core.bulk import query
from khue.base.core.text import search_key
from khue.base.org.selectors import year_of_day

from .cubes import CUBES, UNKNOWN, Column, Cube, Dimension, frozen
from .rules import natural

Filters = Mapping[str, Collection[str]]
"""Dimension → raw values; a row counts when it has one of them in each dimension named."""


class NoSchoolYearError(ValueError):
    """No school year holds the day."""


@dataclass(frozen=True)
class Query:
    """What to count: cube, dimensions in order, the day, conditions; ``snapshots`` instead of live rows.

    ``year`` is the school year that holds the day, looked up where the caller does not know it.
    A row counts when it has one of the values of ``filters`` and none of those of ``without``.
    """

    cube: Cube
    by: tuple[Dimension, ...]
    day: date
    filters: Filters = field(default_factory=dict)
    without: Filters = field(default_factory=dict)
    snapshots: tuple[int, ...] | None = None
    year: int | None = None


def make_query(
    *,
    cube: str,
    by: Iterable[str],
    day: date,
    filters: Filters | None = None,
    without: Filters | None = None,
    snapshots: Iterable[int] | None = None,
    year: int | None = None,
) -> Query:
    """A query by names, over live rows or over frozen facts. Raises ``KeyError`` for what is not declared."""
    chosen = CUBES[cube] if snapshots is None else frozen(CUBES[cube])
    return Query(
        chosen,
        tuple(chosen.dimensions[name] for name in by),
        day,
        {name: tuple(values) for name, values in (filters or {}).items() if chosen.dimensions[name]},
        {name: tuple(values) for name, values in (without or {}).items() if chosen.dimensions[name]},
        None if snapshots is None else tuple(snapshots),
        year,
    )


def source(asked: Query, needs: Iterable[str], extra: str = "") -> tuple[str, str, dict[str, Any]]:
    """(WITH, FROM … WHERE, parameters) with only the joins that are needed. Raises ``NoSchoolYearError``."""
    cube, parameters = asked.cube, _parameters(asked)
    named = (*asked.filters, *asked.without)
    wanted = {need for name in named for need in cube.dimensions[name].needs} | set(needs)
    conditions = [cube.where]
    for prefix, sign, filters in (("is", "", asked.filters), ("no", "NOT ", asked.without)):
        for name, values in filters.items():
            conditions.append(f"{sign}({cube.dimensions[name].sql}) = ANY (%({prefix}_{name})s)")
            parameters[f"{prefix}_{name}"] = list(values)
    joins = " ".join(sql for name, sql in cube.joins.items() if name in wanted)
    conditions += [extra] if extra else []
    return (
        (f"WITH {cube.cte} " if cube.cte else ""),
        f"FROM {cube.table} {joins} WHERE {' AND '.join(conditions)}",
        parameters,
    )


def _parameters(asked: Query) -> dict[str, Any]:
    if asked.snapshots is not None:
        return {"snapshots": list(asked.snapshots)}
    year = asked.year or year_of_day(asked.day)
    if year is None:
        raise NoSchoolYearError(asked.day)
    return {"day": asked.day, "year": year}


def count(asked: Query, *, measure: str = "") -> list[tuple[Any, ...]]:
    """Rows (raw value of each dimension …, count[, sum of the measure]), one a combination that occurs, in order."""
    expressions = [f"{d.sql} AS d{n}" for n, d in enumerate(asked.by)]
    figures = ["count(*)"] + ([f"COALESCE(sum({asked.cube.measures[measure][1]}), 0)"] if measure else [])
    head, body, parameters = source(asked, [need for d in asked.by for need in d.needs])
    group = f" GROUP BY {', '.join(str(n + 1) for n in range(len(asked.by)))}" if asked.by else ""
    rows = query(f"{head}SELECT {', '.join([*expressions, *figures])} {body}{group}", parameters)
    orders = [order_of(d) for d in asked.by]
    return sorted(rows, key=lambda row: [order(value) for order, value in zip(orders, row, strict=False)])


def order_of(dimension: Dimension) -> Any:
    """Sort key of raw values: the catalogue's order, else numbers by size and words by letters; unknown last."""
    known = {code: n for n, code in enumerate(names(dimension.values))} if dimension.values else {}
    known = known or {code: n for n, code in enumerate(dimension.labels)}
    return lambda value: (value == UNKNOWN, known.get(value, len(known)), natural(value))


def csv_rows(asked: Query, rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """The rows of ``count`` as CSV writes them: codes by name, unless a dimension keeps its codes."""
    lists = [names(d.values) if d.values and not d.coded else {} for d in asked.by]
    for row in rows:
        yield [
            *(_guarded(known.get(value, value)) for known, value in zip(lists, row, strict=False)),
            *row[len(lists) :],
        ]


def _guarded(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets a leading '; the sign for nothing known is none."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and text != UNKNOWN else text


def rows_of(
    asked: Query, *, search: str = "", offset: int = 0, limit: int | None = None
) -> list[tuple[int, str, tuple[Any, ...]]]:
    """The rows behind a figure: (id of the record, name, values of the cube's columns), codes by name."""
    cube = asked.cube
    columns: tuple[Column, ...] = (cube.title, *cube.columns)
    extra = f"{cube.search} LIKE %(q)s" if search and cube.search else ""
    needs = [need for c in columns for need in c.needs] + list(cube.order_needs)
    head, body, parameters = source(asked, needs, extra)
    parameters |= {"q": f"%{_escaped(search_key(search))}%", "offset": offset, "limit": limit}
    selected = ", ".join([cube.key, *(c.sql for c in columns)])
    found = query(
        f"{head}SELECT {selected} {body} ORDER BY {cube.order}, {cube.key} OFFSET %(offset)s LIMIT %(limit)s",
        parameters,
    )
    lists = [names(c.values) if c.values else None for c in cube.columns]
    return [(key, title or "", tuple(_named(lists, values))) for key, title, *values in found]


def total(asked: Query, *, search: str = "") -> int:
    """How many rows stand behind a figure."""
    needs = asked.cube.order_needs if search else ()
    head, body, parameters = source(
        asked, needs, f"{asked.cube.search} LIKE %(q)s" if search and asked.cube.search else ""
    )
    return query(f"{head}SELECT count(*) {body}", parameters | {"q": f"%{_escaped(search_key(search))}%"})[0][0]


def measured(asked: Query, measure: str) -> Any:
    """The sum of a measure behind a figure."""
    head, body, parameters = source(asked, [])
    return query(f"{head}SELECT COALESCE(sum({asked.cube.measures[measure][1]}), 0) {body}", parameters)[0][0]


def _named(lists: Sequence[Mapping[str, str] | None], values: Sequence[Any]) -> Iterable[Any]:
    return (v if known is None else known.get(v, v) for known, v in zip(lists, values, strict=True))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
