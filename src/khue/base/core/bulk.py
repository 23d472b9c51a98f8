"""Bulk writing: COPY into a temporary table, then one set-based statement (COPY itself is refused under policies)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def copy_rows(table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
    """Create the temporary table ``table`` (dropped at the transaction's end) and fill it.

    ``columns`` are (name, PostgreSQL type) in the order of the values of each row; values are Python objects.
    """
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
    definition = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns  # type: ignore[arg-type]
    )
    name = sql.Identifier(table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS pg_temp.{}").format(name))
        cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP").format(name, definition))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(name, names)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("ANALYZE {}").format(name))


def execute(statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run one statement; returns the number of rows that it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def query(statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Rows of one SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
