"""How far a transaction is, told while it runs.

Nobody sees the rows of a transaction before it ends, and the rows that it has locked cannot be written by another
connection. But the name under which a connection works is seen at once: it says the topic, what is being done, and
how much of it. ``SET LOCAL`` ends with the transaction; nothing is left to clean up.
"""

import re
from dataclasses import dataclass

from .bulk import query

_NAME = re.compile(r"khue (\w+) (\d+) (\w+) (\d+)/(\d+)")


@dataclass(frozen=True)
class Told:
    """The step at work, and how many of its rows are done."""

    step: str
    done: int
    total: int


def tell(topic: str, key: int, step: str, done: int, total: int) -> None:
    """Say how far this transaction is. Names are ASCII; PostgreSQL keeps 63 letters of them."""
    query("SELECT set_config('application_name', %s, true)", [f"khue {topic} {key} {step} {done}/{total}"])


def told(topic: str) -> dict[int, Told]:
    """Key → how far the transaction is that works on it, of all that run now under our own role."""
    names = query(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = current_user AND starts_with(application_name, %s)",
        [f"khue {topic} "],
    )
    found = [match.groups() for (name,) in names if (match := _NAME.fullmatch(name))]
    return {int(key): Told(step, int(done), int(total)) for _topic, key, step, done, total in found}
