"""A school with everything that its report needs, and a period to report in."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.returns.selectors import draft_of, entered_cells, report_of
from khue.office.returns.services import enter_figures
from khue.office.statistics.models import PeriodKind, ReportingPeriod
from khue.testing import factories

DAY, TODAY = date(2026, 9, 30), date(2026, 10, 5)


def make_period(year: int = 2026, **fields: Any) -> ReportingPeriod:
    due = date(year, 10, 10)
    values = {
        "kind": PeriodKind.OPENING, "title": f"Đầu năm học {year}–{year + 1}", "as_at": date(year, 9, 30),
        "opens_on": date(year, 9, 25), "due_mn": due, "due_th": due, "due_thcs": due,
    }  # fmt: skip
    return ReportingPeriod.objects.create(year=year, **{**values, **fields})


@pytest.fixture
def period(office: Any) -> ReportingPeriod:
    return make_period()


def fill(school: School, *, pupils: int = 12, year: int = 2026) -> None:
    """A class with pupils, a principal, a teacher, a classroom: nothing wrong."""
    principal = factories.staff(school, "Hồ Văn Thông", group="1", job="01", standard_superior="1")
    teacher = factories.staff(
        school, "Lê Thị Toán", group="2", job="gv", subject="toan", standard_superior="2",
        person={"sex": "0", "birth_date": date(1990, 2, 3)},
    )  # fmt: skip
    assert principal.pk != teacher.pk
    room = factories.school_class(school, "6A1", homeroom=teacher, shift="sang", language1="tieng_anh")
    for n in range(pupils):
        name = ("Anh", "Bình", "Chi", "Dũng", "Giang", "Hà")[n % 6]
        factories.pupil(school, room, f"Nguyễn Văn {name}", sex=str(n % 2), enrolment={"entry": "tuyen_moi"})
    factories.room(school, kind="phong_hoc", structure="kien_co")


def enter_zeros(school: School, period: ReportingPeriod, user: Any) -> None:
    """Every number that the school must enter, as 0."""
    draft = draft_of(school, report_of(school.pk, period))
    typed = {f"{one.table.code} {r.code} {c}": "0" for one in draft.tables for r, c in entered_cells(one.table)}
    enter_figures(school=school, period=period, draft=draft, typed=typed, user=user)


@pytest.fixture
def principal(make_user: Callable[..., Any], school: School) -> Any:
    return make_user("principal", school.unit, full_name="Hồ Văn Thông", title="thầy")


@pytest.fixture
def ready(school: School, period: ReportingPeriod, principal: Any) -> School:
    """A school whose report can be submitted."""
    fill(school)
    with open_scope([school.pk]):
        enter_zeros(school, period, principal)
    return school
