"""What was written into a book, by cell, as people read it: from what to what, by whom, when and why."""

from dataclasses import dataclass
from datetime import datetime

from khue.base.core.bulk import query

from .sheets import Book

_WRITTEN = """
SELECT e.serial, e.enrolment_id, COALESCE(p.full_name, n.frozen ->> 'full_name', ''), e.kind, e.number,
  lag(e.value) OVER cell, e.value, u.full_name, e.written_at, e.device, e.reason, e.origin
FROM assessment_markentry e
JOIN registry_enrolment n ON n.school_id = e.school_id AND n.id = e.enrolment_id
LEFT JOIN registry_pupil p ON p.id = n.pupil_id
JOIN accounts_user u ON u.id = e.user_id
WHERE e.school_id = %(school)s AND e.gradebook_id = %(book)s AND e.term = %(term)s
  AND (%(pupil)s::bigint IS NULL OR e.enrolment_id = %(pupil)s)
WINDOW cell AS (PARTITION BY e.enrolment_id, e.kind, e.number ORDER BY e.serial)
ORDER BY e.serial DESC
"""


@dataclass(frozen=True)
class Written:
    """One entry with what the cell held before (None: nothing was ever written there)."""

    serial: int
    enrolment_id: int
    name: str
    kind: str
    number: int
    before: str | None
    value: str
    by: str
    at: datetime
    device: str
    reason: str
    origin: str

    @property
    def is_change(self) -> bool:
        """Whether it changed what stood there, emptied it, or filled again what had been emptied."""
        return self.before is not None


def written(book: Book, term: int, *, pupil: int | None = None) -> list[Written]:
    """Entries of a sheet, newest first; of one pupil where asked."""
    rows = query(_WRITTEN, {"school": book.school_id, "book": book.pk, "term": term, "pupil": pupil})
    return [Written(*row) for row in rows]
