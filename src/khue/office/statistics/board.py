"""A table that somebody asked for, as its address says it: shared by sending the address.

``?dem=pupils&hang=level,grade&cot=sex&loc=minority:1&loc=sex:0&ngay=2026-09-30``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from .cubes import CUBES, Cube, Dimension

MOST_ROWS, MOST_COLUMNS = 3, 2
DEFAULT_ROWS = {"pupils": "grade", "classes": "grade", "staff": "group", "rooms": "kind", "schools": "level"}
DEFAULT_COLUMNS = {"pupils": "sex", "classes": "", "staff": "sex", "rooms": "building", "schools": "ownership"}


@dataclass(frozen=True)
class Board:
    """Cube, what leads down and across, conditions (dimension → raw values), the day."""

    cube: Cube
    day: date
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def by(self) -> tuple[str, ...]:
        return (*self.rows, *self.columns)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        return tuple(self.cube.dimensions[name] for name in self.by)

    def address(self, **more: Any) -> str:
        """The query string of this table."""
        pairs = [("dem", self.cube.name), ("hang", ",".join(self.rows)), ("cot", ",".join(self.columns))]
        pairs += [("loc", f"{name}:{value}") for name, values in self.filters.items() for value in values]
        return "?" + urlencode([*pairs, ("ngay", self.day.isoformat()), *more.items()], safe=",:")

    def narrowed(self, values: Mapping[str, str]) -> "Board":
        """The same with one more value for each dimension: what stands behind a figure."""
        return replace(self, filters={**self.filters, **{name: (value,) for name, value in values.items()}})

    def swapped(self) -> "Board":
        """Rows across and columns down, as far as they fit."""
        return replace(self, rows=self.columns[:MOST_ROWS], columns=self.rows[:MOST_COLUMNS])

    def without(self, name: str) -> "Board":
        """The same without a dimension on a shelf."""
        return replace(
            self, rows=tuple(n for n in self.rows if n != name), columns=tuple(n for n in self.columns if n != name)
        )

    def counting(self, cube: Cube) -> "Board":
        """The same table of another cube, with the dimensions that it has too."""
        kept = replace(
            self, cube=cube,
            rows=tuple(n for n in self.rows if n in cube.dimensions),
            columns=tuple(n for n in self.columns if n in cube.dimensions),
            filters={n: v for n, v in self.filters.items() if n in cube.dimensions},
        )  # fmt: skip
        return kept if kept.rows else replace(kept, rows=(DEFAULT_ROWS[cube.name],))


def read_board(query: QueryDict, *, today: date) -> tuple[Board, list[str]]:
    """The table of an address, and the parts of it that nobody can read."""
    wrong: list[str] = []
    cube = CUBES.get(query.get("dem", "pupils"))
    if cube is None:
        wrong.append(str(query["dem"]))
        cube = CUBES["pupils"]
    day = read_day(query.get("ngay", ""))
    if day is None and query.get("ngay"):
        wrong.append(str(query["ngay"]))
    rows = _names(query.get("hang", DEFAULT_ROWS[cube.name]), cube, MOST_ROWS, wrong)
    columns = _names(query.get("cot", DEFAULT_COLUMNS[cube.name]), cube, MOST_COLUMNS, wrong)
    filters = _filters(query.getlist("loc"), cube, wrong)
    return Board(cube, day or today, rows, tuple(n for n in columns if n not in rows), filters), wrong


def read_day(text: str) -> date | None:
    """A day as yyyy-mm-dd or dd/mm/yyyy."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def _names(text: str, cube: Cube, most: int, wrong: list[str]) -> tuple[str, ...]:
    asked = list(dict.fromkeys(part for part in text.split(",") if part))
    known = [name for name in asked if name in cube.dimensions]
    wrong += [name for name in asked if name not in cube.dimensions]
    return tuple(known[:most])


def _filters(texts: list[str], cube: Cube, wrong: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if colon and name in cube.dimensions and "\0" not in value:
            found[name] = (*found.get(name, ()), value)
        else:
            wrong.append(text)
    return found
