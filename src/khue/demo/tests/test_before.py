"""The year before holds the same people, one grade lower, and agrees with this year pupil by pupil."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from khue.demo import before, plan
from khue.demo.calendar import as_date
from khue.demo.classes import class_places
from khue.demo.generator import Maker
from khue.demo.plan import NORMS, level_of

from .conftest import DAY

SAME = (
    "full_name", "birth_date", "sex", "ethnicity", "personal_number", "ministry_id", "home_ward", "father_name",
    "mother_name", "phone",
)  # fmt: skip


@pytest.fixture(scope="module")
def maker() -> Maker:
    return Maker(seed=1, year=2026, day=DAY)


@pytest.fixture(scope="module")
def years(maker):
    """(this year, year before) of each school."""
    return [(maker.school(n), maker.before(n)) for n in range(6)]


def grades(maker, n: int, *, year: int) -> dict[str, int]:
    one = maker.plans[n] if year == 2026 else before.plan_before(maker.plans[n])
    return {code: grade for grade, code, _ in class_places(one)}


def test_a_school_is_the_same_whichever_was_made_before_it(years):
    other = Maker(seed=1, year=2026, day=DAY)
    again = [(other.before(n), other.school(n)) for n in reversed(range(6))]
    assert [(now, old) for old, now in reversed(again)] == years
    assert other.before(4) == years[4][1]
    assert all(other.entry(n) == years[n][0].school for n in range(6))


def test_who_was_here_is_the_same_person_one_grade_lower(maker, years):
    compared = Counter()
    for n, (now, old) in enumerate(years):
        former = {pupil["code"]: pupil for pupil in old.pupils}
        here, then = grades(maker, n, year=2026), grades(maker, n, year=2025)
        for pupil in now.pupils:
            known = former.get(pupil["code"])
            if pupil["entry"] in ("Tuyển mới", "Chuyển đến"):
                assert known is None
            elif pupil["entry"] == "Lưu ban" or here[pupil["class_code"]] - 1 in then.values():
                assert known
                assert {f: known[f] for f in SAME} == {f: pupil[f] for f in SAME}
                lower = here[pupil["class_code"]] - then[known["class_code"]]
                assert lower == (0 if pupil["entry"] == "Lưu ban" else 1)
                compared[pupil["entry"]] += 1
    assert compared[""] > 1200
    assert compared["Lưu ban"] > 0


def test_who_finished_a_level_is_a_newcomer_of_the_next(years):
    new = {p["personal_number"]: p for now, _ in years for p in now.pupils if p["entry"] == "Tuyển mới"}
    new.pop("", None)
    gone = [p for _, old in years for p in old.pupils if p["personal_number"] in new]
    assert len(gone) == len({p["personal_number"] for p in gone}) > 250
    assert {p["status"] for p in gone} == {"Chuyển đi trong hè"}
    names = {now.school["name"] for now, _ in years}
    assert {p["other_school"] for p in gone} <= names
    assert all(p["full_name"] == new[p["personal_number"]]["full_name"] for p in gone)


def test_nobody_who_left_is_here_again_without_returning(years):
    for now, old in years:
        left = {p["code"] for p in old.pupils if p["status"].startswith(("Chuyển đi", "Thôi học"))}
        assert all(p["entry"] == "Học lại" for p in now.pupils if p["code"] in left)
        dates = [as_date(p["status_on"]) for p in old.pupils]
        assert min(dates) >= date(2025, 6, 1)
        assert max(dates) < date(2026, 8, 1)


def test_identifiers_are_unique_over_both_years(years):
    owners: dict[str, tuple[str, str]] = {}
    for now, old in years:
        for pupil in (*now.pupils, *old.pupils):
            for name in ("personal_number", "ministry_id"):
                if pupil[name]:
                    who = (pupil["full_name"], pupil["birth_date"])
                    assert owners.setdefault(pupil[name], who) == who
        codes = [p["code"] for p in old.pupils]
        names = [(p["full_name"], p["birth_date"]) for p in old.pupils]
        assert len(set(codes)) == len(codes)
        assert len(set(names)) == len(names)


def test_classes_keep_the_norm_and_ages_fit(maker, years):
    for n, (_, old) in enumerate(years):
        then, sizes = grades(maker, n, year=2025), Counter(p["class_code"] for p in old.pupils)
        assert [c["code"] for c in old.classes] == list(then)
        assert {c["school_year"] for c in old.classes} == {"2025-2026"}
        assert all(0 < sizes[code] <= NORMS[grade] for code, grade in then.items())
        for pupil in old.pupils:
            grade = then[pupil["class_code"]]
            usual = grade - 13 if level_of(grade) == "MN" else grade + 5
            assert -1 <= 2025 - as_date(pupil["birth_date"]).year - usual <= (1 if level_of(grade) == "MN" else 3)


def test_every_grade_of_the_large_plan_has_the_classes_that_moved_up():
    for one in plan.city(Random("1/plan")):
        old = Counter(grade for grade, _, _ in class_places(before.plan_before(one)))
        now = Counter(grade for grade, _, _ in class_places(one))
        first, last = min(now), max(now)
        assert {grade + 1: count for grade, count in old.items() if grade != last} == {
            grade: count for grade, count in now.items() if grade != first
        }
