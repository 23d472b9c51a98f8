"""Status of pupils (V05, V06), age (V03), disability (V08), order of classes: without a database."""

from datetime import date

import pytest

from khue.base.org.rules import usual_calendar
from khue.school.registry.rules import age_warning, disability_faults, effective_day, status_faults
from khue.school.registry.services.records import class_sort_key

CALENDAR = usual_calendar(2026)


def faults(status, on, former="1", **more):
    values = {"reason": "", "other_school": "", **more}
    return set(status_faults(former=former, status=status, on=on, calendar=CALENDAR, **values))


@pytest.mark.parametrize(
    ("status", "on", "expected"),
    [
        ("1", None, set()),
        ("2", date(2026, 9, 5), set()),
        ("2", date(2026, 9, 4), {"on"}),
        ("2", date(2027, 1, 17), set()),
        ("2", date(2027, 1, 18), {"on"}),
        ("6", date(2027, 1, 18), set()),
        ("6", date(2027, 6, 1), {"on"}),
        ("10", date(2026, 8, 20), set()),
        ("10", date(2027, 6, 15), set()),
        ("10", date(2026, 10, 1), {"on"}),
        ("2", date(2025, 9, 5), {"on"}),
        ("2", None, {"on"}),
    ],
)
def test_v05_the_day_lies_in_the_term_of_the_status(status, on, expected):
    assert faults(status, on) == expected


def test_v06_leaving_needs_a_destination_and_dropping_out_a_reason():
    day = date(2026, 10, 5)
    assert faults("3", day) == {"other_school"}
    assert faults("3", day, other_school="THCS A") == set()
    assert faults("4", day) == {"reason"}
    assert faults("4", day, reason="01") == set()


@pytest.mark.parametrize(("status", "expected"), [("5", set()), ("1", {"status"}), ("2", {"status"})])
def test_v06_after_dropping_out_only_returning(status, expected):
    assert faults(status, date(2026, 10, 5), former="4") == expected


def test_the_first_status_counts_from_the_first_day_of_the_year():
    assert effective_day("1", date(2026, 9, 5), CALENDAR) == date(2026, 8, 1)
    assert effective_day("2", date(2026, 9, 5), CALENDAR) == date(2026, 9, 5)


@pytest.mark.parametrize(
    ("grade", "born", "warned"),
    [(1, 2020, False), (1, 2021, False), (1, 2022, True), (1, 2017, False), (1, 2016, True), (16, 2000, False)],
)
def test_v03_age_for_grade(grade, born, warned):
    assert bool(age_warning(grade=grade, birth_year=born, year=2026)) == warned


def test_v08_disability_and_poverty_agree_with_their_flags():
    right = {"disability": "01", "inclusion": True, "policies": ["ho_ngheo"], "poverty": "ngheo"}
    assert disability_faults(**right) == {}
    assert set(disability_faults(**{**right, "disability": ""})) == {"disability"}
    assert set(disability_faults(**{**right, "poverty": ""})) == {"poverty"}


def test_classes_sort_naturally():
    assert sorted(["6A10", "6A2", "10A1", "6A1"], key=class_sort_key) == ["6A1", "6A2", "6A10", "10A1"]
