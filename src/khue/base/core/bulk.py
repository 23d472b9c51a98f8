"""Bulk writing: COPY into a temporary table, then one set-based statement (COPY itself is refused under policies)."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

_serial = 0


class JsonText(str):
    """JSON that is written out already: it goes into its column as it is."""

    __slots__ = ()


def array_text(values: Iterable[int]) -> str:
    """Numbers as PostgreSQL writes an array: for rows by the thousand, ten times as quick as a list."""
    return f"{{{','.join(map(str, values))}}}"


@contextmanager
def copied(
    columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]], *, joined: bool = True
) -> Iterator[sql.Identifier]:
    """A temporary table of (name, PostgreSQL type) columns filled with ``rows``; yields its name.

    ``joined``: statements will join it, so that the planner must know how many rows it has.
    """
    global _serial
    _serial += 1
    table = sql.Identifier(f"copied_{_serial}")
    definition = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns
    )
    with connection.cursor() as cursor:
        # rows stay whole: packing a long one for the moment until it is read costs more than writing it
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ({}) WITH (toast_tuple_target = 8160) ON COMMIT DROP").format(
                table, definition
            )
        )
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            for row in rows:
                copy.write_row(row)
        if joined:
            cursor.execute(sql.SQL("ANALYZE {}").format(table))
    yield table
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE {}").format(table))


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """``count`` new keys of a table, so that rows and what points to them can be written together."""
    if not count:
        return []
    table = model._meta.db_table
    # the sequence is looked up once, not for each key
    found = query(
        "WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name)"
        " SELECT nextval(s.name) FROM s, generate_series(1, %s)",
        [table, count],
    )
    return [key for (key,) in found]


def _columns(model: type[models.Model], names: Sequence[str]) -> list[tuple[str, str]]:
    fields: list[Any] = [model._meta.pk if name == "id" else model._meta.get_field(name) for name in names]
    return [(f.column, f.rel_db_type(connection) if f.primary_key else f.db_type(connection)) for f in fields]


def _prepared(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    json = [n for n, name in enumerate(names) if isinstance(model._meta.get_field(name), models.JSONField)]
    if not json:
        return rows
    return ([_as_json(value) if n in json else value for n, value in enumerate(row)] for row in rows)


def _as_json(value: Any) -> Any:
    return value if value is None or isinstance(value, JsonText) else Jsonb(value)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Insert rows of a model by one statement; ``names`` are field names in the order of the values."""
    if not rows:
        return 0
    columns = _columns(model, names)
    listed = sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns)
    with copied(columns, _prepared(model, names, rows), joined=False) as source, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                sql.Identifier(model._meta.db_table), listed, listed, source
            )
        )
        return cursor.rowcount


def update_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Update rows by key in one statement; the first value of each row is the key, ``names`` are the others."""
    if not rows:
        return 0
    columns = _columns(model, ["id", *names])
    assignments = sql.SQL(", ").join(
        sql.SQL("{} = s.{}").format(sql.Identifier(column), sql.Identifier(column)) for column, _ in columns[1:]
    )
    with copied(columns, _prepared(model, ["id", *names], rows)) as source, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("UPDATE {} t SET {} FROM {} s WHERE t.id = s.id").format(
                sql.Identifier(model._meta.db_table), assignments, source
            )
        )
        return cursor.rowcount


def query(statement: str | sql.Composable, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of one SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
