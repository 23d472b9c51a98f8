"""The chain of a gradebook: each entry's digest binds the entry, the digest before it and the installation's key.

Whoever has the database alone can change rows but cannot make a digest that fits; a row that is missing leaves a gap.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

FIRST = bytes(32)
"""What the first entry takes for the digest before it."""
_BETWEEN = "\x1f"


class Entry(NamedTuple):
    """One entry as the chain sees it, in the order of ``message_sql``."""

    school: int
    gradebook: int
    serial: int
    enrolment: int
    term: int
    kind: str
    number: int
    value: str
    user: int
    written_at: datetime
    device: str = ""
    reason: str = ""
    origin: str = ""
    batch: UUID | None = None


def message(entry: Entry) -> str:
    """The text that is digested; free texts carry their length, so that nothing can move from one to the next."""
    parts: list[object] = [*entry]
    parts[7], parts[10:13] = _measured(entry.value), map(_measured, entry[10:13])
    parts[9], parts[13] = _instant(entry.written_at), entry.batch or ""
    return _BETWEEN.join(map(str, parts))


def message_sql(table: str) -> str:
    """The same text made by PostgreSQL (its time zone UTC): reading one column is quicker than reading fourteen."""

    def measured(name: str) -> str:
        return f"length({table}.{name}) || ':' || {table}.{name}"

    parts = [
        "school_id", "gradebook_id", "serial", "enrolment_id", "term", "kind", "number", measured("value"), "user_id",
        f"to_char({table}.written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", measured("device"),
        measured("reason"), measured("origin"), f"COALESCE({table}.batch::text, '')",
    ]  # fmt: skip
    return f"concat_ws(chr(31), {', '.join(p if '(' in p else f'{table}.{p}' for p in parts)})"


def digest(key: bytes, before: bytes, text: str) -> bytes:
    """The digest of an entry whose message is ``text`` after one with the digest ``before``."""
    return hashlib.blake2b(before + text.encode(), key=key, digest_size=32).digest()


def chained(key: bytes, before: bytes, entries: Sequence[Entry]) -> list[bytes]:
    """The digests of entries that follow one another."""
    found = []
    for entry in entries:
        before = digest(key, before, message(entry))
        found.append(before)
    return found


def _measured(text: str) -> str:
    return f"{len(text)}:{text}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
