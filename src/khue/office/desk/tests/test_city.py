"""The city at a glance: handed-in figures, live ones of who is missing; change, trend, who is late."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test.utils import CaptureQueriesContext

from khue.base.access.places import Place
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.office.desk.city import city, opening
from khue.office.desk.reporting import late_schools
from khue.office.returns.tests.conftest import TODAY, make_period
from khue.office.statistics.models import PeriodKind, ReturnState
from khue.testing.fixtures import connection

from .conftest import pupils, stands

pytestmark = pytest.mark.django_db
APPROVED, SUBMITTED = ReturnState.APPROVED, ReturnState.SUBMITTED


@pytest.fixture
def schools(make_school: Any, period: Any) -> dict[str, School]:
    """Primary approved (3), lower-secondary submitted (4), kindergarten missing (2); each has one more since."""
    made = {
        "TH": make_school("74700001", levels=["TH"], name="Trường TH Phú Lợi"),
        "THCS": make_school("74700002", levels=["THCS"], name="Trường THCS Phú Cường"),
        "MN": make_school("74700003", levels=["MN"], name="Trường MN Hoa Mai"),
    }
    for level, grade, count in (("TH", 1, 3), ("THCS", 6, 4), ("MN", 18, 1)):
        pupils(made[level], grade, count)
    stands(made["TH"], period, APPROVED)
    stands(made["THCS"], period, SUBMITTED)
    for level, grade in (("TH", 2), ("THCS", 7), ("MN", 17)):
        pupils(made[level], grade, 1)
    return made


@pytest.fixture
def place(schools: Any, specialist: Any, at: Callable[..., Place]) -> Place:
    return at(specialist)


@contextmanager
def seen(place: Place) -> Iterator[None]:
    with open_scope(place.school_ids, all_schools=True):
        yield


def test_handed_in_figures_stand_and_live_ones_fill_up(place, period, schools):
    with seen(place):
        found = city(place, period)["levels"]
    assert found["total"]["value"] == 9
    assert [(one["label"], one["value"]) for one in found["levels"]] == [
        ("Mầm non", 2), ("Tiểu học", 3), ("Trung học cơ sở", 4),
    ]  # fmt: skip
    assert [dict(one["facts"]).get("lớp", dict(one["facts"]).get("nhóm, lớp")) for one in found["levels"]] == [2, 1, 1]
    assert dict(found["total"]["facts"])["đơn vị"] == 3
    assert found["levels"][1]["url"] == f"/phong/TDM/thong-ke/?ky={period.pk}&cap=TH"


def test_without_a_year_before_there_is_no_change(place, period):
    with seen(place):
        seen_now = city(place, period)
    found = seen_now["levels"]
    assert seen_now["trend"] is None
    assert found["total"]["change"] is None
    assert [one["change"] for one in found["levels"]] == [None, None, None]


def test_change_and_trend_against_what_was_approved(place, period, schools):
    last = make_period(2025)
    for level, grade, count in (("TH", 1, 5), ("MN", 18, 2)):
        pupils(schools[level], grade, count, year=2025)
        stands(schools[level], last, APPROVED)
    pupils(schools["THCS"], 6, 1, year=2025)
    stands(schools["THCS"], last, SUBMITTED)
    with seen(place):
        shown = city(place, period)
    found, drawn = shown["levels"], shown["trend"]
    assert [one["change"] for one in found["levels"]] == [0, -2, None]
    assert found["total"]["change"] == 9 - 7
    assert drawn is not None
    assert drawn["rows"] == [(2025, [2, 5, 0], 7), (2026, [2, 3, 4], 9)]
    assert drawn["title"] == "THCS tăng 4, Tiểu học giảm 2 so với năm trước"
    assert drawn["chart"].count("<polyline") == 3


def test_the_same_figures_every_year(place, period, schools):
    last = make_period(2025)
    for level, grade, count in (("TH", 1, 3), ("THCS", 6, 4), ("MN", 18, 2)):
        pupils(schools[level], grade, count, year=2025)
        stands(schools[level], last, APPROVED)
    with seen(place):
        drawn = city(place, period)["trend"]
    assert drawn is not None
    assert drawn["title"] == "Số học sinh không đổi so với năm trước"


def test_the_newest_opening_period_counts(place, period):
    make_period(2025)
    make_period(2027, kind=PeriodKind.CLOSING)
    assert opening() == period


def test_who_is_late_stands_first(place, period, schools):
    stands(schools["MN"], period, ReturnState.RETURNED)
    with seen(place):
        found = late_schools(place, period, date(2026, 10, 13))
    assert (found["all"], found["done"], found["total"]) == (1, 2, 3)
    assert [(row["name"], row["level"], row["state"], row["due"]) for row in found["rows"]] == [
        ("Trường MN Hoa Mai", "err", "Trả lại", "trễ 3 ngày"),
    ]
    with seen(place):
        assert late_schools(place, period, TODAY)["rows"][0]["due"] == "còn 5 ngày"


def test_the_home_s_statements_do_not_grow_with_schools(office_client, period, make_school):
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office_client.get("/phong/TDM/").status_code == 200
        return len([query for query in captured if "FROM" in query["sql"].upper()])

    last = make_period(2025)
    counts = []
    for n in range(3):
        school = make_school(f"7470000{n}", levels=["TH"])
        for year, one in ((2025, last), (2026, period)):
            pupils(school, 1, 1, year=year)
            stands(school, one, SUBMITTED if n else APPROVED)
        cache.clear()
        counts.append((statements(), statements()))
    assert counts[0][0] >= counts[2][0], "the first view counts"
    assert [again for _first, again in counts] == [9, 9, 9]
