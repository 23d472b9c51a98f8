"""Schools whose opening figures are in different states, and the places of people."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from khue.base.access.places import Place, find_place
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.returns.tests.conftest import TODAY, make_period
from khue.office.statistics.models import ReportingPeriod, Return, ReturnState, Snapshot
from khue.office.statistics.services import freeze
from khue.testing import factories


@pytest.fixture
def period(office: Any) -> ReportingPeriod:
    return make_period()


def pupils(school: School, grade: int, count: int, *, year: int = 2026) -> None:
    """A class of a grade with pupils."""
    room = factories.school_class(school, f"L{grade}", grade=grade, year=year)
    for _n in range(count):
        factories.pupil(school, room, year=year, birth_date=date(year - 6, 3, 4))


def stands(school: School, period: ReportingPeriod, state: ReturnState, *, version: int = 1) -> Return:
    """The school's report in a state; figures are frozen where it has handed in."""
    with open_scope([school.pk]):
        report = Return.objects.create(school=school, period=period, state=state)
        if state in (ReturnState.OPEN, ReturnState.READY):
            return report
        snapshot = Snapshot.objects.create(
            school=school, period=period, version=version, as_at=period.as_at, year=period.year,
            school_name=school.name, office_name="Phòng", taken_at=timezone.now(), taken_by="Hiệu trưởng",
        )  # fmt: skip
        freeze([snapshot])
        report.version, report.snapshot = version, snapshot
        report.approved = snapshot if state in (ReturnState.APPROVED, ReturnState.REOPENED) else None
        report.save()
        return report


@pytest.fixture
def at() -> Callable[..., Place]:
    """``at(user, "truong", "74700001")``: where a person works."""

    def find(user: Any, kind: str = "phong", code: str = "TDM") -> Place:
        found = find_place(user, kind, code, TODAY)
        assert found is not None
        return found

    return find
