"""Evaluating a school: the stored results are those of the sheet, and are made again without doubles."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from khue.base.core.scope import open_scope
from khue.school.assessment.models import Gradebook, Result
from khue.school.assessment.rules.chain import Entry
from khue.school.assessment.rules.trace import unpack
from khue.school.assessment.selectors.chains import verify
from khue.school.assessment.services.chains import append_many
from khue.school.assessment.services.evaluation import evaluate_term
from khue.testing import factories
from khue.testing.fixtures import connection

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 20, 3, 0, tzinfo=UTC)
# assessment.md §9, example 3, as averages of a term: seven subjects and Tin học
AVERAGES = {
    "ngu_van": 82, "toan": 85, "ngoai_ngu_1": 80, "giao_duc_cong_dan": 90, "lich_su_dia_li": 81,
    "khoa_hoc_tu_nhien": 84, "cong_nghe": 88,
}  # fmt: skip


@pytest.fixture
def books(make_book: Any) -> list[Gradebook]:
    scores = [make_book(subject, position=n, formative=2) for n, subject in enumerate([*AVERAGES, "tin_hoc"])]
    return [*scores, make_book("giao_duc_the_chat", kind="comment", formative=2, position=20)]


def enter(school: Any, books: list[Gradebook], pupil: Any, user: Any, computing: int) -> int:
    """Every mark of a subject is its average, so that the average is known."""
    values = {**AVERAGES, "tin_hoc": computing}
    entries = [
        Entry(school.pk, book.pk, 0, pupil.pk, 1, kind, n, str(values.get(book.subject, "D")), user.pk, AT)
        for book in books
        for kind, n in (("tx", 1), ("tx", 2), ("gk", 1), ("ck", 1))
    ]
    with open_scope([school.pk]):
        return append_many(school.pk, entries)


def evaluate(school: Any) -> int:
    with open_scope([school.pk]):
        return evaluate_term(school_id=school.pk, year=2026, term=1)


@pytest.mark.parametrize(("computing", "level"), [(65, 3), (50, 2), (49, 2), (35, 2), (34, 1)])
def test_the_adjustment_of_article_9_reaches_the_stored_result(school, books, pupils, clerk, computing, level):
    enter(school, books, pupils[0], clerk, computing)
    assert evaluate(school) == 3
    with open_scope([school.pk]):
        found = Result.objects.get(enrolment=pupils[0].pk)
        assert (found.learning, found.missing, found.regulation) == (level, 0, "TT22/2021")
        assert found.subjects["tin_hoc"] == computing
        learning = unpack(found.traces[-1])
        assert learning.value == level
        waiting = Result.objects.get(enrolment=pupils[1].pk)
        assert (waiting.learning, waiting.missing) == (None, 36)


def test_evaluated_again_it_replaces_and_takes_the_same_statements(school, books, pupils, clerk, klass):
    enter(school, books, pupils[0], clerk, 65)
    with CaptureQueriesContext(connection) as first:
        evaluate(school)
    for n in range(5):
        enter(school, books, factories.pupil(school, klass, f"Em {n}"), clerk, 70 + n)
    with CaptureQueriesContext(connection) as second:
        assert evaluate(school) == 8
    assert len(second) == len(first)
    with open_scope([school.pk]):
        assert Result.objects.count() == 8


def test_entries_of_many_books_at_once_are_chained(school, books, pupils, clerk):
    assert enter(school, books, pupils[0], clerk, 65) == 36
    enter(school, books, pupils[1], clerk, 40)
    with open_scope([school.pk]):
        found = verify([school.pk])
    assert (found.entries, found.chains, found.faults) == (72, 9, [])
