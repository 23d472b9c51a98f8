"""C05 and C06: differences between two dates and between two years, told by names."""

from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.office.returns.moves import followed, moves
from khue.office.returns.services import approve
from khue.office.statistics.models import PeriodKind
from khue.school.registry.models import Enrolment, Placement, StatusChange
from khue.testing import factories

from .conftest import make_period
from .test_services import hand_in

pytestmark = pytest.mark.django_db
END = date(2027, 5, 31)


@pytest.fixture
def closing(ready: Any, period: Any, principal: Any, specialist: Any) -> Any:
    hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        approve(school=ready, period=period, version=1, user=specialist)
    return make_period(kind=PeriodKind.CLOSING, as_at=END, title="Cuối năm học 2026–2027")


def found(school: Any, period: Any) -> list[tuple[tuple[Any, ...], str]]:
    with open_scope([school.pk]):
        return [(finding.values, finding.message) for finding in moves(school, period)]


def change(enrolment: Enrolment, status: str, day: date) -> None:
    with open_scope([enrolment.school_id]):
        StatusChange.objects.create(
            school_id=enrolment.school_id, enrolment=enrolment, status=status, on=day, effective_on=day
        )


def first(school: Any) -> Enrolment:
    with open_scope([school.pk]):
        return Enrolment.objects.order_by("pk").first()


def test_dated_moves_are_told(ready: Any, closing: Any) -> None:
    change(first(ready), "4", date(2026, 12, 1))
    factories.pupil(ready, None, "Trần Văn Đến", status="2", on=date(2027, 1, 5))
    assert found(ready, closing) == []


def test_a_departure_dated_before_the_opening_is_named(ready: Any, closing: Any) -> None:
    change(first(ready), "4", date(2026, 9, 15))
    [(values, message)] = found(ready, closing)
    assert values == (12, 0, 0, 11)
    assert message == (
        "Đầu năm 12, đến 0, đi 0, nay 11 em: lệch 1. Chưa có trạng thái ghi ngày trong kỳ: Nguyễn Văn Anh. "
        "Ghi ngày đến, ngày đi của các em."
    )


def test_a_pupil_entered_later_as_if_from_the_start_is_named(ready: Any, closing: Any) -> None:
    factories.pupil(ready, None, "Trần Văn Sót")
    [(values, message)] = found(ready, closing)
    assert values == (12, 0, 0, 13)
    assert "Trần Văn Sót" in message


def test_only_later_periods_with_an_approved_opening(ready: Any, period: Any) -> None:
    midyear = make_period(kind=PeriodKind.MIDYEAR, as_at=date(2027, 1, 15), title="Giữa năm học 2026–2027")
    assert found(ready, midyear) == found(ready, period) == []


def studied_last_year(school: Any, name: str, grade: int, now: int | None = None, **fields: Any) -> Enrolment:
    """A pupil of last year, who is in grade ``now`` this year (None: nowhere); ``entry`` of this year."""
    entry = fields.pop("entry", "")
    old = factories.school_class(school, f"{grade}T{name[-1]}", year=2025, grade=grade)
    before = factories.pupil(school, old, name, year=2025, **fields)
    if now:
        klass = factories.school_class(school, f"{now}S{name[-1]}", grade=now)
        with open_scope([school.pk]):
            again = Enrolment.objects.create(school=school, pupil_id=before.pupil_id, year=2026, entry=entry)
            Placement.objects.create(school=school, enrolment=again, school_class=klass, since=date(2026, 8, 1))
    return before


def told(school: Any, period: Any) -> list[tuple[tuple[Any, ...], str]]:
    with open_scope([school.pk]):
        return [(finding.values, finding.message) for finding in followed(school, period)]


def test_without_last_year_there_is_nothing_to_follow(ready: Any, period: Any) -> None:
    factories.pupil(ready, None, "Lê Văn Tiếp", enrolment={"entry": "len_lop"})
    assert told(ready, period) == []


def test_a_year_that_follows_the_year_before_is_silent(ready: Any, period: Any) -> None:
    studied_last_year(ready, "Lê Văn A", 6, 7)
    studied_last_year(ready, "Lê Văn B", 6, 6, entry="luu_ban")
    studied_last_year(ready, "Lê Văn C", 9)
    studied_last_year(ready, "Lê Văn D", 7, status="12", on=date(2026, 7, 1))
    assert told(ready, period) == []


def test_who_is_nowhere_who_came_from_nowhere_who_jumped(ready: Any, period: Any) -> None:
    studied_last_year(ready, "Lê Văn A", 7)
    studied_last_year(ready, "Lê Văn B", 6, 8)
    studied_last_year(ready, "Lê Văn C", 7, 8, entry="luu_ban")
    factories.pupil(ready, None, "Trần Thị Tiếp", enrolment={"entry": "len_lop"})
    [(values, message)] = told(ready, period)
    assert values == (1, 1, 2)
    assert message == (
        "Năm trước còn học ở trường, năm nay không thấy: Lê Văn A. Thêm em vào lớp, hoặc ghi chuyển đi, thôi học. "
        "Ghi lên lớp, lưu ban mà năm trước không học ở trường: Trần Thị Tiếp. Sửa loại nhập học của em. "
        "Khối năm nay không nối với khối năm trước: Lê Văn B, Lê Văn C. Xem lại lớp, loại nhập học của em."
    )
