"""What reporting asks of each person, by the state of the report."""

from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.office.desk.reporting import report_duties, review_duties
from khue.office.returns.models import Action, Step
from khue.office.returns.tests.conftest import TODAY, make_period
from khue.office.statistics.models import ReturnState

from .conftest import stands

pytestmark = pytest.mark.django_db
LATE = date(2026, 10, 12)
WRITE = ("Làm báo cáo đầu năm học 2026–2027", "Làm báo cáo")
MEND = ("Sửa báo cáo đầu năm học 2026–2027 phòng trả lại", "Xem lý do")
STATES = [
    (ReturnState.OPEN, WRITE, WRITE),
    (
        ReturnState.READY, ("Chờ hiệu trưởng trình số đầu năm học 2026–2027", "Xem báo cáo"),
        ("Trình số đầu năm học 2026–2027", "Xem và trình"),
    ),
    (ReturnState.RETURNED, MEND, MEND),
    (ReturnState.REOPENED, WRITE, WRITE),
    (ReturnState.SUBMITTED, None, None),
    (ReturnState.APPROVED, None, None),
]  # fmt: skip


def asked(place: Any, school: Any, today: date = TODAY) -> list[dict[str, Any]]:
    with open_scope([school.pk]):
        return list(report_duties(place, today))


@pytest.fixture
def principal(make_user: Any, school: Any) -> Any:
    return make_user("principal", school.unit, full_name="Hồ Văn Thông")


@pytest.mark.parametrize(("state", "of_clerk", "of_principal"), STATES)
def test_clerk_and_principal(state, of_clerk, of_principal, school, period, clerk, principal, at):
    stands(school, period, state)
    for user, wanted in ((clerk, of_clerk), (principal, of_principal)):
        found = asked(at(user, "truong", school.code), school)
        assert [(one["title"], one["verb"]) for one in found] == ([wanted] if wanted else [])
        assert all(one["url"] == f"/truong/{school.code}/nop/{period.pk}/" for one in found)


def test_before_anybody_has_opened_the_report(school, period, clerk, at):
    (found,) = asked(at(clerk, "truong", school.code), school)
    assert (found["title"], found["date"], found["note"], found["late"]) == (
        "Làm báo cáo đầu năm học 2026–2027", date(2026, 10, 10), "còn 5 ngày", False,
    )  # fmt: skip
    assert found["text"] == "Số tại ngày 30/09/2026: xem chỗ chưa khớp, ghi số nhập tay, giải trình."
    (late,) = asked(at(clerk, "truong", school.code), school, LATE)
    assert (late["note"], late["late"]) == ("trễ 2 ngày", True)


def test_a_new_day_moves_the_duty(school, period, principal, at):
    report = stands(school, period, ReturnState.RETURNED)
    with open_scope([school.pk]):
        Step.objects.create(
            school=school, report=report, action=Action.RETURN, version=1, by="Trần Kim Oanh", due_on=date(2026, 10, 20)
        )
    (found,) = asked(at(principal, "truong", school.code), school, LATE)
    assert (found["date"], found["late"], found["note"]) == (date(2026, 10, 20), False, "còn 8 ngày")


def test_periods_that_are_closed_or_not_open_ask_nothing(school, office, clerk, at):
    make_period(closed_on=date(2026, 10, 1))
    make_period(2027)
    assert asked(at(clerk, "truong", school.code), school) == []


def test_teacher_is_not_asked(school, period, make_user, at):
    place = at(make_user("teacher", school.unit), "truong", school.code)
    assert asked(place, school) == []


@pytest.mark.parametrize("state", list(ReturnState))
def test_the_specialist_reviews_what_was_submitted(state, school, period, specialist, at):
    stands(school, period, state)
    place = at(specialist)
    with open_scope(place.school_ids, all_schools=True):
        found = list(review_duties(place, TODAY))
    titles = ["Duyệt 1 báo cáo đầu năm học 2026–2027"] if state == ReturnState.SUBMITTED else []
    assert [one["title"] for one in found] == titles
    assert [one["url"] for one in found] == [f"/phong/TDM/duyet/?ky={period.pk}" for _title in titles]


def test_reviews_are_late_after_the_office_s_day(school, other_school, office, specialist, at):
    period = make_period(office_due_on=date(2026, 10, 10))
    stands(school, period, ReturnState.SUBMITTED)
    stands(other_school, period, ReturnState.SUBMITTED)
    place = at(specialist)
    with open_scope(place.school_ids, all_schools=True):
        (found,) = review_duties(place, LATE)
    assert (found["title"], found["note"], found["late"]) == (
        "Duyệt 2 báo cáo đầu năm học 2026–2027", "trễ 2 ngày", True,
    )  # fmt: skip


def test_a_school_reviews_nothing(school, period, principal, at):
    stands(school, period, ReturnState.SUBMITTED)
    with open_scope([school.pk]):
        assert list(review_duties(at(principal, "truong", school.code), TODAY)) == []
