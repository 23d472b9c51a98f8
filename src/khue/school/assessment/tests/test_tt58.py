"""Thông tư 58/2011 amended by 26/2020: tables of the circular and worked examples, with their article."""

import pytest

from khue.school.assessment.rules import tt58_2011 as tt58
from khue.school.assessment.rules.marks import (
    Academic,
    Conduct58,
    Gap,
    Outcome,
    PupilYear,
    Readings,
    Study,
    Subject,
    TermMarks,
)
from khue.school.assessment.rules.numbers import read_mark
from khue.school.assessment.rules.trace import Lift
from khue.school.assessment.rules.wording import Words

from .helpers import ABSENCES, comment, graded, passed, study

POOR, WEAK, AVERAGE, FAIR, EXCELLENT = Academic
C_WEAK, C_AVERAGE, C_FAIR, C_GOOD = Conduct58


def level(scores, failed=(), core=(0, 1, 2), readings=tt58.READINGS):
    """(average over subjects, level before the adjustment, level)."""
    overall, trace = tt58.learning(graded(scores, failed, core, comments=3), 0, readings)
    return overall.value, Academic(trace.base), Academic(trace.value)


def pupil(scores, conduct=C_GOOD, absences=ABSENCES, **more):
    codes = ("toan", "ngu_van", "ngoai_ngu", *(f"s{n}" for n in range(10)))
    values = [read_mark(mark) for mark in scores.split()]
    studies = [study(code, mark) for code, mark in zip(codes, values, strict=False)]
    return PupilYear(
        (*studies, comment("td"), comment("an"), comment("mt")), (conduct, conduct), absences, conduct, **more
    )


class TestAcademic:
    @pytest.mark.parametrize(
        ("scores", "failed", "base"),
        [
            ("8,0 8,0 8,0 8,0 8,0 8,0 8,0 9,5 6,5", (), EXCELLENT),
            ("7,9 7,9 7,9 9,0 9,0 9,0 9,0 9,0 9,0", (), FAIR),
            ("8,0 8,0 8,0 8,0 8,0 8,0 8,0 9,6 6,4", (), FAIR),
            ("6,5 6,5 6,5 6,5 6,5 6,5 6,5 8,0 5,0", (), FAIR),
            ("6,4 6,4 6,4 7,0 7,0 7,0 7,0 7,0 7,0", (), AVERAGE),
            ("6,5 6,5 6,5 6,5 6,5 6,5 6,5 8,1 4,9", (), AVERAGE),
            ("5,0 5,0 5,0 5,0 5,0 5,0 5,0 6,5 3,5", (), AVERAGE),
            ("4,9 4,9 4,9 6,0 6,0 6,0 6,0 6,0 6,0", (), WEAK),
            ("5,0 5,0 5,0 5,0 5,0 5,0 5,0 5,0 5,0", ("gdtc",), WEAK),
            ("3,5 3,5 3,5 3,5 3,5 3,5 3,5 5,0 2,0", (), WEAK),
            ("3,4 3,4 3,4 3,4 3,4 3,4 3,4 3,4 3,4", (), POOR),
            ("3,5 3,5 3,5 3,5 3,5 3,5 3,5 5,1 1,9", (), POOR),
        ],
    )
    def test_article_13(self, scores, failed, base):
        assert level(scores, failed)[1] == base

    @pytest.mark.parametrize(
        ("scores", "failed", "base", "final"),
        [
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 4,9", (), AVERAGE, FAIR),  # G → Tb
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 3,4", (), WEAK, AVERAGE),  # G → Y
            ("7,0 7,0 7,0 7,0 7,0 7,0 7,0 7,0 3,4", (), WEAK, AVERAGE),  # K → Y
            ("7,5 7,5 7,5 7,5 7,5 7,5 7,5 7,5 1,9", (), POOR, WEAK),  # K → Kém
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 1,9", (), POOR, WEAK),  # G → Kém [check]
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 6,4", (), FAIR, FAIR),  # one level
            ("7,0 7,0 7,0 7,0 7,0 7,0 7,0 7,0 4,9", (), AVERAGE, AVERAGE),
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 4,9 4,9", (), AVERAGE, AVERAGE),  # two subjects
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0", ("gdtc",), WEAK, AVERAGE),
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0", ("gdtc", "hdtn"), WEAK, WEAK),
        ],
    )
    def test_article_13_6(self, scores, failed, base, final):
        assert level(scores, failed)[1:] == (base, final)

    def test_example_7_a_tie(self):
        assert level("8,1 7,6 7,6 8,0 8,3 7,9 7,4 7,8 8,6 8,2") == (80, EXCELLENT, EXCELLENT)

    @pytest.mark.parametrize(
        ("scores", "failed", "result"),
        [
            ("9,1 8,8 8,9 9,0 3,4 8,7 9,2 8,9 8,6", (), (83, WEAK, AVERAGE)),
            ("9,1 8,8 8,9 9,0 3,4 4,9 9,2 8,9 8,6", (), (79, WEAK, WEAK)),
            ("9,1 8,8 8,9 9,0 5,0 4,9 9,2 8,9 8,6", (), (80, AVERAGE, AVERAGE)),
            ("9,1 8,8 8,9 9,0 6,4 8,7 9,2 8,9 8,6", (), (86, FAIR, FAIR)),
            ("8,8 8,8 8,8 8,8 8,8 8,8 8,8 8,8 8,8", ("gdtc",), (88, WEAK, AVERAGE)),
        ],
    )
    def test_example_8(self, scores, failed, result):
        assert level(scores, failed) == result

    def test_whether_the_failing_subject_counts_as_core_is_a_setting(self):
        scores = "4,0 7,9 7,9 9,5 9,5 9,5 9,5 9,5 9,5"
        assert level(scores) == (85, AVERAGE, FAIR)
        assert level(scores, readings=Readings(adjustment="others_alone")) == (85, AVERAGE, AVERAGE)

    def test_explanation(self):
        _, trace = tt58.learning(graded("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0 4,9", core=(0, 1, 2)), 0, tt58.READINGS)
        assert trace.lifts == (Lift(EXCELLENT, (("s8", 65),)),)
        assert Words(trace).decided() == [
            "Chỉ do s8 mà bị xếp Trung bình: được điều chỉnh lên Khá theo khoản 6 Điều 13.",
            "s8 4,9 dưới 5,0.",
        ]

    def test_one_mark_may_lift_the_average_over_subjects(self):
        _, trace = tt58.learning(graded("8,0 8,0 8,0 7,9 7,9 7,9 7,9 7,9 7,9"), 0, tt58.READINGS)
        assert trace.value == FAIR
        # sum 71,4: 71,6 is the least that rounds to 8,0 over nine subjects
        assert trace.lifts == (Lift(EXCELLENT, (("s0", 82),)),)


class TestSubjects:
    @pytest.mark.parametrize(
        ("results", "value"),
        [
            ((True, True, True, True), True),
            ((True, False, True, True), True),
            ((False, False, True, True), False),
            ((True, True, True, False), False),
            ((False, True, True, False, True), False),
            ((False, True, True, True, True), True),
        ],
    )
    def test_comments_want_two_thirds_and_the_last(self, results, value):
        entry = passed(*results)
        subject = Study(Subject("td", "comment", len(results) - 2), (entry, entry))
        assert tt58.evaluate_term(PupilYear((subject,)), 1).subjects["td"].value is value

    def test_an_absence_counts_nothing_for_regular_marks_too(self):
        entry = TermMarks((80, Gap.ABSENT), 80, 80)
        subject = Study(Subject("su", "score", 2), (entry, entry))
        assert tt58.evaluate_term(PupilYear((subject,)), 1).subjects["su"].value == 69

    def test_example_5_exempt_in_the_first_term(self):
        entry = TermMarks((True, True, True), True, False)
        sport = Study(Subject("td", "comment", 3), (TermMarks(), entry), without=(1,))
        result = tt58.evaluate_year(PupilYear((sport, study("toan", 80))))
        assert "td" not in result.terms[0].subjects
        assert result.subjects["td"].value is False

    def test_the_studied_term_is_the_year(self):
        result = tt58.evaluate_year(
            PupilYear((comment("an", False, True, without=(2,)), study("toan", 80, without=(1,))))
        )
        assert (result.subjects["an"].value, result.subjects["toan"].value) == (False, 80)

    def test_exempt_all_year_takes_no_part(self):
        case = pupil("5,0 " * 9)
        exempt = case._replace(studies=(*case.studies[:-3], comment("td", False, False, without=(1, 2))))
        result = tt58.evaluate_year(exempt)
        assert (result.learning.value, result.retakes) == (AVERAGE, ())


class TestTitles:
    @pytest.mark.parametrize(
        ("scores", "conduct", "title"),
        [
            ("8,0 " * 9, C_GOOD, "Học sinh giỏi"),
            ("8,0 " * 9, C_FAIR, "Học sinh tiên tiến"),
            ("8,0 " * 9, C_AVERAGE, "Không"),
            ("6,5 " * 9, C_GOOD, "Học sinh tiên tiến"),
            ("6,4 " * 9, C_GOOD, "Không"),
        ],
    )
    def test_article_18_for_terms_and_year(self, scores, conduct, title):
        result = tt58.evaluate_year(pupil(scores, conduct))
        assert [Words(t).value() for t in (result.terms[0].title, result.terms[1].title, result.award)] == [title] * 3

    def test_what_bars_a_title_is_enough(self):
        case = pupil("5,0 " * 9)._replace(conduct=(None, None))
        assert tt58.evaluate_term(case, 1).title.value == 0


class TestPromotion:
    @pytest.mark.parametrize(
        ("scores", "conduct", "absences", "outcome"),
        [
            ("5,0", C_AVERAGE, 45, Outcome.PROMOTED),
            ("5,0", C_AVERAGE, 46, Outcome.RETAINED),
            ("4,9", C_AVERAGE, 45, Outcome.RETAKE),
            ("5,0", C_WEAK, 45, Outcome.SUMMER),
            ("4,9", C_WEAK, 45, Outcome.RETAINED),
            ("3,4", C_GOOD, 45, Outcome.RETAINED),
        ],
    )
    def test_articles_15_to_17(self, scores, conduct, absences, outcome):
        result = tt58.evaluate_year(pupil(f"{scores} " * 9, conduct, (("", absences),)))
        assert result.promotion.value == outcome

    def test_example_8_after_a_retest(self):
        scores = "9,1 8,8 8,9 9,0 3,4 4,9 9,2 8,9 8,6"
        result = tt58.evaluate_year(pupil(scores, retakes={"s1": 50}))
        assert (result.promotion.value, result.retakes) == (Outcome.RETAKE, ("s1", "s2"))
        after = result.after_summer
        assert (after.overall.value, after.learning.value, after.promotion.value) == (80, AVERAGE, Outcome.PROMOTED)

    def test_whether_a_retest_is_adjusted_is_a_setting(self):
        case = pupil("9,0 9,0 9,0 9,0 9,0 9,0 9,0 3,4 3,4", retakes={"s4": 70})
        after = tt58.evaluate_year(case).after_summer
        assert (after.learning.base, after.promotion.value) == (WEAK, Outcome.PROMOTED)
        strict = tt58.evaluate_year(case, Readings(adjust_after_retest=False)).after_summer
        assert strict.promotion.value == Outcome.RETAINED

    @pytest.mark.parametrize(("conduct", "outcome"), [(C_AVERAGE, Outcome.PROMOTED), (C_WEAK, Outcome.RETAINED)])
    def test_summer_training(self, conduct, outcome):
        result = tt58.evaluate_year(pupil("5,0 " * 9, C_WEAK, summer_conduct=conduct))
        assert result.after_summer.promotion.value == outcome
