"""Whoever has the database alone is found out: a row changed, taken away, or put in without the key."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.school.assessment.jobs import verify_marks_job
from khue.school.assessment.models import Chain, MarkEntry, Verification
from khue.school.assessment.rules.chain import FIRST, Entry, chained, digest, message, message_sql
from khue.school.assessment.selectors.chains import told, verify

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 5, 3, 15, 0, 120000, tzinfo=UTC)
PLACE = "Trường THCS Phú Cường, lớp 8A2, Toán"


def stored(school: Any, book: Any, rows: list[tuple[Entry, bytes]], end: tuple[int, bytes]) -> list[str]:
    """What verification says of a book with these rows and this end."""
    with open_scope([school.pk]):
        for entry, print_ in rows:
            fields = dict(zip(("school_id", "gradebook_id", "serial", "enrolment_id"), entry[:4], strict=True))
            rest = dict(zip(Entry._fields[4:], entry[4:], strict=True))
            rest["user_id"] = rest.pop("user")
            MarkEntry.objects.create(**fields, **rest, digest=print_)
        Chain.objects.create(school=school, gradebook=book, length=end[0], head=end[1])
        return [told(fault) for fault in verify([school.pk]).faults]


@pytest.fixture
def rows(school: Any, book: Any, pupils: Any, teach: Any) -> list[tuple[Entry, bytes]]:
    user = teach(book).pk
    entries = [
        Entry(school.pk, book.pk, n, pupils[n - 1].pk, 1, "tx", 1, value, user, AT, "Chrome", "chấm lại", "THCS A")
        for n, value in enumerate(("80", "45", "90"), start=1)
    ]
    return list(zip(entries, chained(settings.MARKS_KEY, FIRST, entries), strict=True))


def end(rows: list[tuple[Entry, bytes]]) -> tuple[int, bytes]:
    return len(rows), rows[-1][1]


def test_a_whole_chain_has_no_faults(school, book, rows):
    assert stored(school, book, rows, end(rows)) == []


@pytest.mark.parametrize(
    "change",
    [{"value": "95"}, {"reason": ""}, {"number": 2}, {"term": 2}, {"device": "x"}, {"origin": ""}, {"kind": "ck"}],
)
def test_a_changed_row_is_named_and_no_other(school, book, rows, change):
    rows[1] = (rows[1][0]._replace(**change), rows[1][1])
    [said] = stored(school, book, rows, end(rows))
    assert said.startswith(PLACE)
    assert "em Đoàn Ngọc Minh Anh: dòng 2 không còn như lúc ghi (05/10/2026 10:15:00, Phạm Văn Dũng" in said


def test_another_pupil_cannot_be_given_the_mark(school, book, rows, pupils):
    rows[1] = (rows[1][0]._replace(enrolment=pupils[2].pk), rows[1][1])
    [said] = stored(school, book, rows, end(rows))
    assert "em Võ Thành Đạt: dòng 2 không còn như lúc ghi" in said


def test_a_row_that_was_taken_away_is_missed(school, book, rows):
    [said] = stored(school, book, [rows[0], rows[2]], end(rows))
    assert said == (
        f"{PLACE}, Thường xuyên 1, học kì I, em Tô Bình An: sau dòng 1 (05/10/2026 10:15:00, Phạm Văn Dũng) mất ít "
        "nhất một dòng"
    )


def test_the_first_row_is_missed(school, book, rows):
    [said] = stored(school, book, rows[1:], end(rows))
    assert "mất các dòng từ 1" in said


def test_the_last_row_is_missed(school, book, rows):
    [said] = stored(school, book, rows[:2], end(rows))
    assert "dòng cuối 2 (05/10/2026 10:15:00, Phạm Văn Dũng) không khớp đầu chuỗi" in said


def test_a_row_put_in_without_the_key_is_named(school, book, rows):
    false = rows[2][0]._replace(serial=4, value="100")
    rows.append((false, digest(b"another key", rows[2][1], message(false))))
    said = stored(school, book, rows, end(rows[:3]))
    assert "dòng 4 không còn như lúc ghi" in said[0]
    assert "dòng cuối 4" in said[1]


def test_a_book_without_rows_that_had_some(school, book, rows):
    [said] = stored(school, book, [], end(rows))
    assert said == f"{PLACE}: mất các dòng từ 0"


def test_postgresql_and_python_digest_the_same_text(school, book, rows):
    stored(school, book, rows, end(rows))
    with open_scope([school.pk]):
        found = query(f"SELECT {message_sql('e')} FROM assessment_markentry e ORDER BY e.serial")
    assert [text for (text,) in found] == [message(entry) for entry, _print in rows]


def test_every_night_is_noted_and_shown(school, other_school, book, rows, sign_in, make_user):
    rows[1] = (rows[1][0]._replace(value="95"), rows[1][1])
    stored(school, book, rows, end(rows))
    verify_marks_job(0)
    with open_scope([school.pk, other_school.pk]):
        assert [(one.entries, len(one.faults)) for one in Verification.objects.order_by("school_id")] == [
            (3, 1),
            (0, 0),
        ]
    client = sign_in(make_user("principal", school.unit))
    page = client.get(f"/truong/74700001/so-diem/{book.pk}/1/lich-su/").content.decode()
    assert "1 chỗ không còn như lúc ghi" in page
    assert "em Đoàn Ngọc Minh Anh: dòng 2 không còn như lúc ghi" in page
