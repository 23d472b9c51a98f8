"""Adding entries behind the end of chains. Nothing else inserts into the table of entries."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from khue.base.core.bulk import insert_rows, query

from ..models import MarkEntry
from ..rules.chain import FIRST, Entry, chained, digest, message

# each field of an entry with the column it goes to
_FIELDS = (*Entry._fields, "digest")


class End(NamedTuple):
    """The end of a chain: how many entries, the digest of the last."""

    length: int
    head: bytes


def locked(school_id: int, books: Iterable[int]) -> dict[int, End]:
    """The ends of these books' chains, kept for this transaction: others on the same sheets wait."""
    wanted = sorted(set(books))
    sql = """SELECT gradebook_id, length, head FROM assessment_chain
        WHERE school_id = %s AND gradebook_id = ANY (%s) ORDER BY gradebook_id FOR UPDATE"""
    rows = query(sql, [school_id, wanted])
    if len(rows) < len(wanted):
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO assessment_chain (school_id, gradebook_id, length, head)
                SELECT %s, book, 0, %s FROM unnest(%s) AS book ORDER BY book ON CONFLICT DO NOTHING""",
                [school_id, FIRST, wanted],
            )
        rows = query(sql, [school_id, wanted])
    return {book: End(length, bytes(head)) for book, length, head in rows}


_APPEND = """
WITH entries AS (
  INSERT INTO assessment_markentry (school_id, gradebook_id, serial, enrolment_id, term, kind, number, value, user_id,
    written_at, device, reason, origin, batch, digest)
  SELECT %(school)s, %(book)s, n.serial, n.enrolment, n.term, n.kind, n.number, n.value, %(user)s, %(at)s, %(device)s,
    n.reason, n.origin, %(batch)s, n.digest
  FROM unnest(%(serials)s::int[], %(enrolments)s::bigint[], %(terms)s::int[], %(kinds)s::text[], %(numbers)s::int[],
    %(values)s::text[], %(reasons)s::text[], %(origins)s::text[], %(digests)s::bytea[])
    AS n (serial, enrolment, term, kind, number, value, reason, origin, digest)
)
UPDATE assessment_chain SET length = %(length)s, head = %(head)s
WHERE school_id = %(school)s AND gradebook_id = %(book)s
"""


def append(end: End, entries: Sequence[Entry]) -> End:
    """Add entries of one book, person and moment behind an end that this transaction holds: one statement."""
    digests = chained(settings.MARKS_KEY, end.head, entries)
    first, after = entries[0], End(entries[-1].serial, digests[-1])
    parameters: dict[str, Any] = {
        "school": first.school, "book": first.gradebook, "user": first.user, "at": first.written_at,
        "device": first.device, "batch": first.batch, "length": after.length,
        "head": after.head,
        "serials": [e.serial for e in entries], "enrolments": [e.enrolment for e in entries],
        "terms": [e.term for e in entries], "kinds": [e.kind for e in entries], "numbers": [e.number for e in entries],
        "values": [e.value for e in entries], "reasons": [e.reason for e in entries],
        "origins": [e.origin for e in entries], "digests": digests,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, parameters)
    return after


@transaction.atomic
def append_many(school_id: int, entries: Iterable[Entry]) -> int:
    """Add entries of any books of a school in the order given; their serials are set here. Returns how many."""
    given = list(entries)
    ends = locked(school_id, {entry.gradebook for entry in given})
    rows = []
    for entry in given:
        end = ends[entry.gradebook]
        placed = entry._replace(serial=end.length + 1)
        print_ = digest(settings.MARKS_KEY, end.head, message(placed))
        ends[entry.gradebook] = End(placed.serial, print_)
        rows.append((*placed, print_))
    insert_rows(MarkEntry, _FIELDS, rows)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE assessment_chain c SET length = n.length, head = n.head
            FROM unnest(%s::bigint[], %s::int[], %s::bytea[]) AS n (book, length, head)
            WHERE c.school_id = %s AND c.gradebook_id = n.book""",
            [list(ends), [end.length for end in ends.values()], [end.head for end in ends.values()], school_id],
        )
    return len(rows)
