"""The scope of a piece of work: which schools' rows it may touch, and who does it.

The scope stands twice: in Python (django-scopes refuses a query without it) and in PostgreSQL (``SET LOCAL`` of the
transaction, read by the policies). The context of history (actor, role, action, reason, address) is a third setting
of the same transaction, copied into each history row by the triggers. Requests get all three from the middleware,
jobs and commands from ``open_scope``.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Manager, QuerySet
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled


class SchoolManager(type(ScopedManager(school="school"))):  # type: ignore[misc]  # made by a function of the library
    """Rows of the schools in the scope; refuses a query without one."""

    def get_queryset(self) -> QuerySet:
        ids = get_scope().get("school")
        if hasattr(self, "_override_scope") or not isinstance(ids, list | tuple) or len(ids) < 2:
            return super().get_queryset()
        return Manager.get_queryset(self).filter(school__among=ids)


_READ = """SELECT coalesce(current_setting('khue.school_ids', true), ''),
    coalesce(current_setting('khue.all_schools', true), ''),
    coalesce(current_setting('pghistory.context_metadata', true), '')"""
# SET LOCAL in its plain form: set_config() is not carried to the workers of a sharded database
_WRITE = """SET LOCAL khue.school_ids = %s; SET LOCAL khue.all_schools = %s;
    SET LOCAL pghistory.context_metadata = %s"""


def _read() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        return cursor.fetchone()


def _write(school_ids: str, all_schools: str, context: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [school_ids, all_schools, context])


def _joined(school_ids: Iterable[int]) -> str:
    return ",".join(str(int(i)) for i in sorted(set(school_ids)))


def enter_request_scope(school_ids: Iterable[int], *, all_schools: bool, context: dict[str, Any]) -> None:
    """Set the database's half of the scope inside a transaction that ends with the request."""
    _write(_joined(school_ids), "on" if all_schools else "off", json.dumps(context, ensure_ascii=False))


@contextmanager
def open_scope(school_ids: Iterable[int], *, all_schools: bool = False, **context: Any) -> Iterator[None]:
    """Open a transaction in which the rows of these schools can be read and written.

    ``all_schools`` lets persons without a school be seen too (the office, the demonstration); ``context`` says who
    writes and why. A nested scope gives the former one back when it ends: SET LOCAL alone would survive the release
    of a savepoint.
    """
    ids = sorted({int(i) for i in school_ids})
    with transaction.atomic():
        before = _read()
        text = json.dumps(context, ensure_ascii=False) if context else before[2]
        _write(_joined(ids), "on" if all_schools else "off", text)
        with scope(school=ids):
            yield
        # after an error the rollback to the savepoint gives the former scope back by itself
        _write(*before)


@contextmanager
def because(**context: Any) -> Iterator[None]:
    """Add to the context of history for the writes inside, e.g. ``because(action="…", reason="…")``."""
    before = _read()
    merged = {**(json.loads(before[2]) if before[2] else {}), **context}
    with transaction.atomic():
        _write(before[0], before[1], json.dumps(merged, ensure_ascii=False))
        yield
        _write(*before)


__all__ = ["SchoolManager", "because", "enter_request_scope", "open_scope", "scope", "scopes_disabled"]
