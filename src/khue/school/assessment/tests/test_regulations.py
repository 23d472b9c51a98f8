"""Which regulation, which curriculum (§0), which subjects with how many marks (§2)."""

import pytest

from khue.base.catalog.rules import read_rows
from khue.school.assessment.rules import curriculum_for, regulation_for, regulations, rules_of
from khue.school.assessment.rules.curriculum import (
    formative_count,
    formative_required,
    has_midterm_test,
    subject_rules,
    subjects_for,
    traits_for,
)

A, B, C, D = "TT30/2014+TT22/2016", "TT27/2020", "TT58/2011+TT26/2020", "TT22/2021"
GRID = {
    1: (B, B, B, B, B),
    2: (A, B, B, B, B),
    3: (A, A, B, B, B),
    4: (A, A, A, B, B),
    5: (A, A, A, A, B),
    6: (C, D, D, D, D),
    7: (C, C, D, D, D),
    8: (C, C, C, D, D),
    9: (C, C, C, C, D),
}


@pytest.mark.parametrize(("grade", "codes"), GRID.items())
def test_the_grid_of_grades_and_years(grade, codes):
    assert tuple(regulation_for(grade, 2020 + offset).code for offset in range(5)) == codes
    assert regulation_for(grade, 2030).code == codes[-1]
    wanted = tuple("2018" if code in (B, D) else "2006" for code in codes)
    assert tuple(curriculum_for(grade, 2020 + offset) for offset in range(5)) == wanted


@pytest.mark.parametrize(("grade", "year"), [(13, 2026), (18, 2026), (6, 2019), (1, 2015), (10, 2026)])
def test_no_regulation_is_guessed(grade, year):
    with pytest.raises(LookupError, match=f"lớp {grade}"):
        regulation_for(grade, year)


def test_every_regulation_has_its_rules():
    assert all(callable(rules_of(regulation).evaluate_year) for regulation in regulations())


@pytest.mark.parametrize(("periods", "count"), [(18, 2), (35, 2), (36, 3), (52, 3), (70, 3), (71, 4), (140, 4)])
def test_number_of_regular_marks_by_periods(periods, count):
    assert formative_count(periods) == count
    assert formative_required(D, "comment", periods) == 2
    assert formative_required(C, "comment", periods) == count


@pytest.mark.parametrize(
    ("grade", "year", "scores", "comments", "electives"),
    [(6, 2021, 8, 4, 2), (9, 2024, 8, 4, 2), (7, 2021, 9, 3, 2), (8, 2021, 10, 3, 2), (9, 2021, 10, 3, 2)],
)
def test_subjects_of_lower_secondary(grade, year, scores, comments, electives):
    subjects = [subject for subject in subjects_for(grade, year) if not subject.part_of]
    compulsory = [subject.kind for subject in subjects if not subject.elective]
    assert (compulsory.count("score"), compulsory.count("comment")) == (scores, comments)
    assert len(subjects) - len(compulsory) == electives


def test_marks_wanted_in_grade_8():
    wanted = {s.short: subject_rules(D, s).formative for s in subjects_for(8, 2023)}
    assert (wanted["NGUVAN"], wanted["GDCD"], wanted["CONGNGHE"], wanted["GDTC"]) == (4, 2, 3, 2)
    core = {s.short for s in subjects_for(8, 2021) if s.core}
    assert core == {"TOAN", "NGUVAN", "NGOAINGU"}


@pytest.mark.parametrize(
    ("grade", "year", "tested"),
    [
        (1, 2020, {"TV", "TOAN"}),
        (3, 2022, {"TV", "TOAN", "NN1", "TINHOC", "CONGNGHE"}),
        (5, 2024, {"TV", "TOAN", "NN1", "LSDL", "KHOAHOC", "TINHOC", "CONGNGHE"}),
        (3, 2021, {"TV", "TOAN", "NN", "TINHOC", "TDT"}),
        (4, 2021, {"TV", "TOAN", "KHOAHOC", "LSDL", "NN", "TINHOC", "TDT"}),
    ],
)
def test_year_end_tests_of_primary(grade, year, tested):
    assert {subject.short for subject in subjects_for(grade, year) if subject.kind == "test"} == tested


def test_midterm_tests_are_of_grades_4_and_5():
    assert [has_midterm_test(grade, "toan") for grade in range(1, 6)] == [False, False, False, True, True]
    assert not has_midterm_test(5, "khoa_hoc")


def test_traits_of_primary():
    assert len(traits_for(B, 3)) == 15
    assert len(traits_for(B, 2)) == 13
    assert len(traits_for(A, 4)) == 7


def test_codes_of_subjects_are_those_of_the_catalogue():
    known = {row["code"] for row in read_rows("subject")}
    years = [(grade, year) for grade in range(1, 10) for year in range(2020, 2026)]
    assert {subject.code for grade, year in years for subject in subjects_for(grade, year)} <= known
