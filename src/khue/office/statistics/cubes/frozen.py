"""The same cubes over frozen facts: each dimension is a column of the table of facts, named ``is_`` and its name."""

from dataclasses import replace
from functools import cache

from .base import SCHOOL_COLUMN, Column, Cube

_SNAPSHOT = {"snapshot": "JOIN statistics_snapshot n ON n.school_id = f.school_id AND n.id = f.snapshot_id"}
_CASTS = {"text": "f.{}", "date": "f.{}::date", "number": "f.{}::numeric"}


@cache
def frozen(cube: Cube) -> Cube:
    """The cube that counts the facts of the snapshots in ``%(snapshots)s`` instead of the live rows."""
    return replace(
        cube,
        table=f"statistics_{cube.name}fact f",
        owner="f.school_id",
        where="f.snapshot_id = ANY (%(snapshots)s)",
        cte="",
        joins=_SNAPSHOT,
        all_dimensions=tuple(replace(d, sql=f"f.is_{d.name}", needs=()) for d in cube.all_dimensions),
        key="f.record_id",
        title=Column(cube.title.label, "f.title"),
        columns=tuple(_column(n, column) for n, column in enumerate(cube.columns)),
        order="f.sort_key",
        order_needs=(),
        search="f.search_key" if cube.search else "",
        measures={name: (label, f"f.{name}") for name, (label, _sql) in cube.measures.items()},
    )


def _column(n: int, column: Column) -> Column:
    if column is SCHOOL_COLUMN:
        return replace(column, sql="n.school_name", needs=("snapshot",))
    return replace(column, sql=_CASTS[column.kind].format(f"x{n}"), needs=())
