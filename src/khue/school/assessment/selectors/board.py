"""The board of a school: how full each book of each class is, and what is late by the plan."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from khue.base.core.bulk import query

from ..rules.cells import FINAL, FORMATIVE, MIDTERM
from .results import METHODS

# newest entries of pupils who are in the class now, counted by kind where they are not empty
_FILLED = """
WITH seats AS (
  SELECT w.school_class_id, w.enrolment_id FROM registry_placement w
  JOIN registry_schoolclass c ON c.school_id = w.school_id AND c.id = w.school_class_id
  WHERE w.school_id = %(school)s AND c.year = %(year)s AND w.until IS NULL
), newest AS (
  SELECT DISTINCT ON (e.gradebook_id, e.enrolment_id, e.kind, e.number)
    e.gradebook_id, e.enrolment_id, e.kind, e.number, e.value
  FROM assessment_markentry e
  WHERE e.school_id = %(school)s AND e.term = %(term)s AND e.kind = ANY ('{tx,gk,ck}')
  ORDER BY e.gradebook_id, e.enrolment_id, e.kind, e.number, e.serial DESC
), filled AS (
  SELECT n.gradebook_id, n.kind, count(*) AS cells FROM newest n
  JOIN assessment_gradebook g ON g.school_id = %(school)s AND g.id = n.gradebook_id
  JOIN seats s ON s.school_class_id = g.school_class_id AND s.enrolment_id = n.enrolment_id
  WHERE n.value <> '' AND (n.kind <> 'tx' OR n.number <= g.formative) GROUP BY 1, 2
)
SELECT c.id, c.code, c.grade, g.id, g.subject, g.formative,
  (SELECT count(*) FROM seats s WHERE s.school_class_id = c.id),
  COALESCE((SELECT jsonb_object_agg(f.kind, f.cells) FROM filled f WHERE f.gradebook_id = g.id), '{}')
FROM assessment_gradebook g JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
WHERE g.school_id = %(school)s AND c.year = %(year)s AND g.kind = ANY (%(methods)s)
  AND NOT EXISTS (SELECT 1 FROM assessment_gradebook p WHERE p.school_id = g.school_id
    AND p.school_class_id = g.school_class_id AND p.part_of = g.subject)
ORDER BY c.grade, c.sort_key, g.position, g.subject
"""


class BookState(NamedTuple):
    """One book: cells wanted and filled in all, and how many of columns that have closed are empty."""

    pk: int
    subject: str
    wanted: int
    filled: int
    late: int

    @property
    def missing(self) -> int:
        return self.wanted - self.filled


@dataclass
class ClassRow:
    """A class with its books by subject."""

    pk: int
    code: str
    grade: int
    books: dict[str, BookState]


def board(*, school_id: int, year: int, term: int, closes: dict[str, date], today: date) -> list[ClassRow]:
    """All classes of a school: one statement. ``closes``: last day by kind of mark, where the plan has one."""
    rows: dict[int, ClassRow] = {}
    asked = {"school": school_id, "year": year, "term": term, "methods": list(METHODS)}
    for klass, code, grade, book, subject, formative, size, counts in query(_FILLED, asked):
        filled = json.loads(counts)
        wanted = {FORMATIVE: formative * size, MIDTERM: size, FINAL: size}
        late = sum(
            number - filled.get(kind, 0) for kind, number in wanted.items() if kind in closes and closes[kind] < today
        )
        row = rows.setdefault(klass, ClassRow(klass, code, grade, {}))
        row.books[subject] = BookState(book, subject, sum(wanted.values()), sum(filled.values()), late)
    return list(rows.values())


def subjects_in(rows: list[ClassRow]) -> list[str]:
    """The subjects that occur, in the order of the books."""
    order: dict[str, int] = defaultdict(int)
    for row in rows:
        for place, subject in enumerate(row.books):
            order[subject] = max(order[subject], place)
    return sorted(order, key=lambda subject: order[subject])
