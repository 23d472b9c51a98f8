"""What a piece of work costs in processor time, which other work on the machine does not lengthen."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from khue.base.core.bulk import query


def seconds(work: Callable[[], object], *, others: bool = False) -> float:
    """Processor time of this process, of the children that it waited for and of its session in the database.

    With ``others`` of all the database's processes that ended meanwhile too: sessions of the children, but also
    those that tidy up.
    """
    session = _session()
    before = _spent(session, others)
    work()
    return _spent(session, others) - before


def _session() -> Path:
    connection.ensure_connection()
    return Path(f"/proc/{query('SELECT pg_backend_pid()')[0][0]}")


def _spent(session: Path, others: bool) -> float:
    """Where the database's processes cannot be looked at, the clock on the wall."""
    if not (session / "schedstat").exists():
        return time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = int((session / "schedstat").read_text().split()[0]) / 1e9
    ended = _ended(session) if others else 0.0
    return time.process_time() + children.ru_utime + children.ru_stime + own + ended


def _ended(session: Path) -> float:
    """Time of the server's processes that have ended: the postmaster, their parent, has it (man proc_pid_stat)."""
    parent = _stat(session)[1]
    return sum(map(int, _stat(Path(f"/proc/{parent}"))[13:15])) / os.sysconf("SC_CLK_TCK")


def _stat(process: Path) -> list[str]:
    """Fields 3 and on: what comes before holds the name in parentheses."""
    return (process / "stat").read_text().rpartition(")")[2].split()
