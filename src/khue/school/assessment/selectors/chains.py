"""Reading whole chains: whether every entry is as it was written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from django.conf import settings
from django.db import connection
from django.utils import timezone

from khue.base.catalog.selectors import name_of
from khue.base.core.bulk import query

from ..models.entries import Kind
from ..rules.cells import shown
from ..rules.chain import FIRST, message_sql

_FETCHED = 5_000
_ENTRIES = f"""
SELECT e.gradebook_id, e.serial, convert_to({message_sql("e")}, 'UTF8'), e.digest
FROM assessment_markentry e WHERE e.school_id = %s ORDER BY e.gradebook_id, e.serial
"""  # our own names
_ENDS = "SELECT gradebook_id, length, head FROM assessment_chain WHERE school_id = %s ORDER BY gradebook_id"
_NAMED = """
SELECT s.name, c.code, g.subject, e.term, e.kind, e.number, COALESCE(p.full_name, n.frozen ->> 'full_name', ''),
  e.value, e.written_at, u.full_name
FROM assessment_markentry e
JOIN assessment_gradebook g ON g.school_id = e.school_id AND g.id = e.gradebook_id
JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
JOIN org_school s ON s.unit_id = e.school_id
JOIN registry_enrolment n ON n.school_id = e.school_id AND n.id = e.enrolment_id
LEFT JOIN registry_pupil p ON p.id = n.pupil_id
JOIN accounts_user u ON u.id = e.user_id
WHERE e.school_id = %s AND e.gradebook_id = %s AND e.serial = %s
"""
_BOOK = """
SELECT s.name, c.code, g.subject FROM assessment_gradebook g
JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
JOIN org_school s ON s.unit_id = g.school_id WHERE g.school_id = %s AND g.id = %s
"""


@dataclass(frozen=True)
class Fault:
    """Where a chain no longer holds: ``kind`` is changed, missing, or end (more or fewer entries than the end says)."""

    school_id: int
    gradebook_id: int
    serial: int
    kind: str


@dataclass
class Verified:
    """What was read: entries, chains, and the faults among them."""

    entries: int
    chains: int
    faults: list[Fault]


def verify(school_ids: Iterable[int]) -> Verified:
    """Recompute every digest of these schools' chains; the scope must hold the schools."""
    found = Verified(0, 0, [])
    for school_id in school_ids:
        _verify_school(school_id, found)
    return found


def _verify_school(school_id: int, found: Verified) -> None:
    """One school: its entries in the order of books and serials, each against the digest before it."""
    ends = {book: (length, bytes(head)) for book, length, head in query(_ENDS, [school_id])}
    key, book, serial, before = settings.MARKS_KEY, 0, 0, FIRST
    reached: dict[int, tuple[int, bytes]] = {}
    for number, at, text, stored in entries_read(school_id):
        if number != book:
            reached[book] = (serial, before)
            book, serial, before = number, 0, FIRST
        digest = blake2b(before + text, key=key, digest_size=32).digest()
        if at != serial + 1:
            found.faults.append(Fault(school_id, book, serial + 1, "missing"))
        elif digest != stored:
            found.faults.append(Fault(school_id, book, at, "changed"))
        serial, before = at, stored
        found.entries += 1
    reached[book] = (serial, before)
    for one, end in ends.items():
        found.chains += 1
        if reached.get(one, (0, FIRST)) != end:
            found.faults.append(Fault(school_id, one, reached.get(one, (0, FIRST))[0], "end"))
    found.faults += [Fault(school_id, one, reached[one][0], "end") for one in reached if one and one not in ends]


def entries_read(school_id: int) -> Iterator[tuple[int, int, bytes, bytes]]:
    """(gradebook, serial, message, digest) by a server's cursor, in binary: a city's entries do not fit into memory."""
    connection.ensure_connection()
    with connection.connection.cursor(name="chains", binary=True) as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(_ENTRIES, [school_id])
        yield from cursor


def told(fault: Fault) -> str:
    """A fault in words: which school, class, subject, column, pupil, when and by whom."""
    serial = max(fault.serial - (fault.kind == "missing"), 1)
    rows = query(_NAMED, [fault.school_id, fault.gradebook_id, serial])
    if not rows:
        [(school, klass, subject)] = query(_BOOK, [fault.school_id, fault.gradebook_id])
        return f"{school}, lớp {klass}, {name_of('subject', subject)}: mất các dòng từ {fault.serial}"
    school, klass, subject, term, kind, number, name, value, at, by = rows[0]
    column = f"{Kind(kind).label}{f' {number}' if kind == Kind.FORMATIVE else ''}, học kì {'I' * term}"
    place = f"{school}, lớp {klass}, {name_of('subject', subject)}, {column}, em {name}"
    when = f"{timezone.localtime(at):%d/%m/%Y %H:%M:%S}, {by}"
    if fault.kind == "changed":
        return f"{place}: dòng {fault.serial} không còn như lúc ghi ({when}; nay là “{shown(kind, value)}”)"
    if fault.kind == "missing":
        return f"{place}: sau dòng {serial} ({when}) mất ít nhất một dòng"
    return f"{place}: dòng cuối {fault.serial} ({when}) không khớp đầu chuỗi, có dòng bị bỏ hay ghi thẳng vào sau đó"
