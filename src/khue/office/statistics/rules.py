"""Pure rules of counting: order of values, the table with its subtotals."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_DIGITS = re.compile(r"(\d+)")
Key = tuple[str, ...]


def natural(text: str) -> list[tuple[int, str]]:
    """Sort key in which 6A2 comes before 6A10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _DIGITS.split(text) if part]


@dataclass(frozen=True)
class Pivot:
    """A table: keys of rows and columns in order, subtotals among them as shorter keys, and the figure of each pair.

    The key ``()`` is the total. ``cells[row, column]`` is missing where nothing occurs.
    """

    rows: list[Key]
    columns: list[Key]
    cells: dict[tuple[Key, Key], int]

    @property
    def total(self) -> int:
        return self.cells.get(((), ()), 0)


def pivot(combinations: Sequence[tuple[Any, ...]], *, rows: int, orders: Sequence[Callable[[str], Any]] = ()) -> Pivot:
    """Spread (value …, count) over a table: the first ``rows`` values lead down, the others across.

    Combinations come sorted by what leads down; ``orders`` are sort keys of the values across. Subtotals of rows stand
    before their parts, those of columns after them.
    """
    cells: dict[tuple[Key, Key], int] = defaultdict(int)
    down: dict[Key, None] = {}
    across: set[Key] = set()
    for combination in combinations:
        row, column = combination[:rows], combination[rows : rows + len(orders)]
        across.add(column)
        for r in range(rows + 1):
            down.setdefault(row[:r])
            for c in range(len(column) + 1):
                cells[row[:r], column[:c]] += combination[-1]
    ordered = sorted(across, key=lambda key: [order(value) for order, value in zip(orders, key, strict=True)])
    columns: list[Key] = [*_closed(ordered), ()] if orders else [()]
    return Pivot([key for key in down if key], columns, dict(cells))


def _closed(keys: Sequence[Key]) -> list[Key]:
    found: list[Key] = []
    for n, key in enumerate(keys):
        found.append(key)
        last = n + 1 == len(keys)
        found += [key[:c] for c in range(len(key) - 1, 0, -1) if last or keys[n + 1][:c] != key[:c]]
    return found
