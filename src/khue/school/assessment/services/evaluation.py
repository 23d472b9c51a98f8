"""Evaluating a term for a whole school: from the entries to stored results, class by class in memory."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from khue.base.core.bulk import copied, query

from ..rules import regulation_for, rules_of
from ..rules.curriculum import subjects_for
from ..rules.secondary import GRADES, TermResult
from ..selectors.results import METHODS, ClassBook, newest_cells, pupil_year

_BOOKS = """
SELECT g.school_class_id, g.id, g.subject, g.kind, g.formative, g.part_of FROM assessment_gradebook g
JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
WHERE g.school_id = %s AND c.year = %s AND c.grade = ANY (%s) AND g.kind = ANY (%s) ORDER BY 1, g.position, g.subject
"""
# whoever is in the class; who left keeps what was evaluated before
_PUPILS = """
SELECT c.id, c.grade, w.enrolment_id FROM registry_schoolclass c
JOIN registry_placement w ON w.school_id = c.school_id AND w.school_class_id = c.id AND w.until IS NULL
WHERE c.school_id = %s AND c.year = %s AND c.grade = ANY (%s) ORDER BY 1
"""
_COLUMNS = (
    ("enrolment", "bigint"), ("regulation", "text"), ("learning", "smallint"), ("overall", "smallint"),
    ("missing", "smallint"), ("subjects", "jsonb"), ("traces", "jsonb"),
)  # fmt: skip
_STORE = """
INSERT INTO assessment_result AS r (school_id, enrolment_id, term, regulation, learning, overall, missing, subjects,
  traces, computed_at)
SELECT %(school)s, n.enrolment, %(term)s, n.regulation, n.learning, n.overall, n.missing, n.subjects, n.traces, %(now)s
FROM {source} n
ON CONFLICT (school_id, enrolment_id, term) DO UPDATE SET regulation = excluded.regulation,
  learning = excluded.learning, overall = excluded.overall, missing = excluded.missing, subjects = excluded.subjects,
  traces = excluded.traces, computed_at = excluded.computed_at
"""


@transaction.atomic
def evaluate_term(*, school_id: int, year: int, term: int) -> int:
    """Compute and store the results of a term of all pupils of lớp 6 to 9 of a school; returns how many.

    Six statements whatever the number of pupils. Primary schools give levels and no average in a term (27/2020
    Điều 6), so there is nothing to compute before the year ends.
    """
    rows = list(_rows(school_id, year, term))
    with copied(_COLUMNS, rows) as source, connection.cursor() as cursor:
        parameters: dict[str, Any] = {"school": school_id, "term": term, "now": timezone.now()}
        cursor.execute(sql.SQL(_STORE).format(source=source), parameters)
        return int(cursor.rowcount)


def _rows(school_id: int, year: int, term: int) -> Iterator[tuple[Any, ...]]:
    books: dict[int, list[ClassBook]] = defaultdict(list)
    for klass, *book in query(_BOOKS, [school_id, year, list(GRADES), list(METHODS)]):
        books[klass].append(ClassBook(*book))
    cells = newest_cells(school_id, [book for given in books.values() for book in given])
    for klass, grade, enrolment in query(_PUPILS, [school_id, year, list(GRADES)]):
        if klass not in books:
            continue
        regulation = regulation_for(grade, year)
        core = [subject.code for subject in subjects_for(grade, year) if subject.core]
        rules: Any = rules_of(regulation)
        result = rules.evaluate_term(pupil_year(books[klass], cells, enrolment, core), term)
        yield enrolment, regulation.code, *_stored(result)


def _stored(result: TermResult) -> tuple[Any, ...]:
    """(learning, overall, missing, subjects, traces) of a result."""
    traces = result.traces()
    subjects = {code: None if trace.value is None else int(trace.value) for code, trace in result.subjects.items()}
    return (
        result.learning.value,
        result.overall.value if result.overall else None,
        sum(item.number for item in result.learning.missing),
        json.dumps(subjects),
        json.dumps(traces),
    )
