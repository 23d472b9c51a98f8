"""What a piece of work costs in processor time, which other work on the machine does not lengthen."""

import resource
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from khue.base.core.bulk import query


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, of children that it waited for, and of its session in the database."""
    session = _session()
    before = _spent(session)
    work()
    return _spent(session) - before


def _session() -> Path:
    connection.ensure_connection()
    return Path(f"/proc/{query('SELECT pg_backend_pid()')[0][0]}/schedstat")


def _spent(session: Path) -> float:
    """Where the database's processes cannot be looked at, the clock on the wall."""
    if not session.exists():
        return time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + int(session.read_text().split()[0]) / 1e9
