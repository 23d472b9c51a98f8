"""Thông tư 22/2021: tables of the circular and worked examples, with their article."""

import pytest

from khue.school.assessment.rules import tt22_2021 as tt22
from khue.school.assessment.rules.marks import (
    Carried,
    Gap,
    Level,
    Outcome,
    PupilYear,
    Readings,
    Study,
    Subject,
    TermMarks,
)
from khue.school.assessment.rules.numbers import read_mark
from khue.school.assessment.rules.trace import Lift, Missing
from khue.school.assessment.rules.wording import Words

from .helpers import ABSENCES, COMMENTS, comment, graded, marks, passed, study

NOT_MET, MET, FAIR, GOOD = Level
SEVEN = "8,2 8,5 8,0 9,0 8,1 8,4 8,8 "


def level(scores, failed=(), readings=tt22.READINGS):
    trace = tt22.learning(graded(scores, failed), 0, readings)
    return Level(trace.base), Level(trace.value)


def pupil(scores="8,0 " * 8, conduct=(GOOD, GOOD), absences=ABSENCES, failed=(), **more):
    studies = [study(f"s{n}", read_mark(mark)) for n, mark in enumerate(scores.split())]
    studies += [comment(code, code not in failed, code not in failed) for code in COMMENTS]
    return PupilYear(tuple(studies), conduct, absences, **more)


class TestLevels:
    @pytest.mark.parametrize(
        ("scores", "failed", "base"),
        [
            ("8,0 8,0 8,0 8,0 8,0 8,0 6,5 6,5", (), GOOD),
            ("8,0 8,0 8,0 8,0 8,0 7,9 6,5 6,5", (), FAIR),
            ("8,0 8,0 8,0 8,0 8,0 8,0 6,5 6,4", (), FAIR),
            ("6,5 6,5 6,5 6,5 6,5 6,5 5,0 5,0", (), FAIR),
            ("6,5 6,5 6,5 6,5 6,5 6,4 5,0 5,0", (), MET),
            ("5,0 5,0 5,0 5,0 5,0 5,0 3,5 3,5", (), MET),
            ("5,0 5,0 5,0 5,0 5,0 4,9 3,5 3,5", (), NOT_MET),
            ("5,0 5,0 5,0 5,0 5,0 5,0 5,0 3,4", (), NOT_MET),
            ("5,0 5,0 5,0 5,0 5,0 5,0 3,5 3,5", ("gdtc",), MET),
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 9,0", ("gdtc", "hdtn"), NOT_MET),
        ],
    )
    def test_article_9_2(self, scores, failed, base):
        assert level(scores, failed)[0] == base

    @pytest.mark.parametrize(
        ("scores", "failed", "base", "final"),
        [
            (SEVEN + "6,5", (), GOOD, GOOD),
            (SEVEN + "5,0", (), FAIR, FAIR),
            (SEVEN + "4,9", (), MET, FAIR),
            (SEVEN + "3,5", (), MET, FAIR),
            (SEVEN + "3,4", (), NOT_MET, MET),
            ("8,2 8,5 8,0 9,0 8,1 8,4 4,9 4,9", (), MET, MET),
            (SEVEN + "8,0", ("gdtc",), MET, FAIR),
            ("7,2 7,5 7,0 7,0 7,1 7,4 7,8 8,0", ("gdtc",), MET, MET),
            ("7,2 7,5 7,0 7,0 7,1 7,4 7,8 4,9", (), MET, MET),
            ("7,2 7,5 7,0 7,0 7,1 7,4 7,8 3,4", (), NOT_MET, MET),
            ("5,2 5,5 5,0 5,0 5,1 5,4 5,8 3,4", (), NOT_MET, NOT_MET),
            ("8,2 8,5 8,0 9,0 8,1 8,4 8,8 3,4", ("gdtc",), NOT_MET, NOT_MET),
        ],
    )
    def test_article_9_3_and_example_3(self, scores, failed, base, final):
        assert level(scores, failed) == (base, final)

    def test_whether_the_subject_at_fault_counts_among_the_six_is_a_setting(self):
        scores = "8,0 8,0 8,0 8,0 8,0 7,0 7,0 4,0"
        trace = tt22.learning(graded(scores), 0, Readings())
        strict = tt22.learning(graded(scores), 0, Readings(adjustment="others_alone"))
        assert (trace.value, strict.value) == (FAIR, MET)
        assert ("reading", "made_good") in trace.decided
        assert ("reading", "others_alone") in strict.decided
        assert not [c for c in tt22.learning(graded(SEVEN + "4,9"), 0, Readings()).decided if c[0] == "reading"]

    def test_example_5_seven_subjects_of_a_disabled_pupil(self):
        assert level("6,6 6,5 7,0 6,8 6,5 6,9 5,2") == (FAIR, FAIR)

    def test_fewer_than_six_subjects_are_for_the_principal(self):
        trace = tt22.learning(graded("8,0 8,0 8,0 8,0 8,0"), 0, Readings())
        assert (trace.value, trace.missing) == (None, (Missing("", 0, "principal_decides"),))


class TestExplanations:
    def test_the_nearest_change(self):
        trace = tt22.learning(graded(SEVEN + "4,9"), 0, Readings())
        assert trace.decided == (("adjusted", MET, "s7"), ("below", 50, (("s7", 49),)))
        assert trace.lifts == (Lift(GOOD, (("s7", 65),)),)
        words = Words(trace, {"s7": "Tin học"})
        assert words.decided() == [
            "Chỉ do Tin học mà bị xếp Đạt: được điều chỉnh lên Khá theo khoản 3 Điều 9.",
            "Tin học 4,9 dưới 5,0.",
        ]
        assert words.lifts() == ["Nếu Tin học đạt 6,5 thì được Tốt."]

    def test_a_mark_or_a_comment(self):
        trace = tt22.learning(graded("5,0 5,0 5,0 5,0 5,0 4,9 3,5 3,5", ("gdtc",)), 0, Readings())
        assert trace.lifts == (Lift(MET, (("s5", 50),)),)
        trace = tt22.learning(graded(SEVEN + "8,0", ("gdtc",)), 0, Readings())
        assert trace.lifts == (Lift(GOOD, (("gdtc", True),)),)

    def test_several_subjects_where_one_is_not_enough(self):
        trace = tt22.learning(graded("6,5 6,5 6,5 6,5 6,4 6,4 5,0 4,0"), 0, Readings())
        assert trace.value == MET
        assert trace.lifts == (Lift(FAIR, (("s4", 65), ("s5", 65), ("s7", 50))),)

    def test_what_is_missing_is_named(self):
        first = Study(Subject("toan", "score", 4), (TermMarks((70, 80), None, Gap.MAKE_UP), TermMarks()))
        result = tt22.evaluate_term(PupilYear((first, comment("gdtc"))), 1)
        wanted = (Missing("toan", 1, "formative", 2), Missing("toan", 1, "midterm"), Missing("toan", 1, "final"))
        assert result.subjects["toan"].value is None
        assert result.learning.missing == wanted
        assert Words(result.learning, {"toan": "Toán"}).missing() == [
            "Toán, học kì I: còn thiếu 2 lần đánh giá thường xuyên",
            "Toán, học kì I: còn thiếu đánh giá giữa kì",
            "Toán, học kì I: còn thiếu đánh giá cuối kì",
        ]


class TestSubjects:
    def test_example_1_a_tie_decides_a_title(self):
        technology = Study(Subject("cn", "score", 3), (marks("9 9 9; 9; 9"), marks("9,0 9,0 9,6; 8,5; 9,0")))
        others = [study(f"s{n}", 90) for n in range(5)] + [study("s5", 80), study("s6", 80)]
        result = tt22.evaluate_year(PupilYear((technology, *others, comment("gdtc")), (GOOD, GOOD), ABSENCES))
        assert (result.terms[1].subjects["cn"].value, result.subjects["cn"].value) == (90, 90)
        assert Words(result.award).value() == "Học sinh Xuất sắc"

    def test_example_2_the_year_from_rounded_terms(self):
        maths = Study(Subject("toan", "score", 4), (marks("7 8 6 9; 7,5; 8"), marks("8 8 8,5 8; 8; 8")))
        result = tt22.evaluate_year(PupilYear((maths,)))
        assert [term.subjects["toan"].value for term in result.terms] == [77, 81]
        assert result.subjects["toan"].value == 80
        assert Words(result.subjects["toan"]).worked() == "(7,7 + 2 × 8,1) / 3 = 23,9 / 3 → 8,0"

    @pytest.mark.parametrize(("midterm", "average"), [(70, 78), (Gap.ABSENT, 62), (Gap.MAKE_UP, None), (None, None)])
    def test_example_4_a_missing_midterm(self, midterm, average):
        science = Study(Subject("khtn", "score", 4), (TermMarks((80, 80, 90, 70), midterm, 80), TermMarks()))
        assert tt22.evaluate_term(PupilYear((science,)), 1).subjects["khtn"].value == average

    def test_a_regular_mark_missed_for_good_leaves_the_book_incomplete_or_counts_nothing(self):
        entry = (TermMarks((80, Gap.ABSENT), 80, 80), TermMarks())
        pupil = PupilYear((Study(Subject("gdcd", "score", 2), entry),))
        assert tt22.evaluate_term(pupil, 1).subjects["gdcd"].missing == (Missing("gdcd", 1, "formative"),)
        zero = tt22.evaluate_term(pupil, 1, Readings(absent_formative="zero"))
        assert zero.subjects["gdcd"].value == 69

    @pytest.mark.parametrize(
        ("entry", "value"),
        [
            (passed(True, True, True, True), True),
            (passed(True, False, True, True), False),
            (TermMarks((True, True), True, Gap.ABSENT), False),
            (TermMarks((True, Gap.ABSENT), True, True), False),
            (TermMarks((True,), True, True), None),
            (TermMarks((True, True), None, False), None),
        ],
    )
    def test_a_term_of_comments(self, entry, value):
        pe = Study(Subject("gdtc", "comment", 2), (entry, entry))
        assert tt22.evaluate_term(PupilYear((pe,)), 1).subjects["gdtc"].value is value

    def test_example_5_practice_replaced_by_theory_counts_normally(self):
        exempt = comment("gdtc", True, True, practice_exempt=True)
        trace = tt22.evaluate_term(PupilYear((exempt,)), 1).subjects["gdtc"]
        assert trace.value is True
        assert Words(trace).decided() == ["Miễn phần thực hành: đánh giá bằng lí thuyết."]

    def test_comments_of_the_year_are_those_of_the_second_term(self):
        result = tt22.evaluate_year(PupilYear((comment("a", False, True), comment("b", True, False))))
        assert {code: trace.value for code, trace in result.subjects.items()} == {"a": True, "b": False}

    def test_a_subject_without_assessment_has_no_result(self):
        result = tt22.evaluate_year(PupilYear((study("nn1", 50, without=(1, 2)), study("toan", 80))))
        assert set(result.subjects) == set(result.terms[0].subjects) == {"toan"}

    def test_a_subject_with_one_term_is_for_the_school(self):
        pupil = PupilYear((study("nn2", 80, without=(1,)),))
        assert tt22.evaluate_year(pupil).subjects["nn2"].missing == (Missing("nn2", 0, "school_decides"),)
        assert tt22.evaluate_year(pupil, Readings(lone_term="studied")).subjects["nn2"].value == 80

    def test_arts_have_two_contents_and_one_result(self):
        parts = (comment("am_nhac", True, True), comment("mi_thuat", False, True))
        arts = Study(Subject("nghe_thuat", "comment", 2), parts=parts)
        result = tt22.evaluate_year(PupilYear((arts,)))
        assert [term.subjects["nghe_thuat"].value for term in result.terms] == [False, True]
        assert result.subjects["nghe_thuat"].value is True

    def test_example_6_a_pupil_who_moved(self):
        second = TermMarks((70, 80, 60, 90), 75, 80, ("Trường A", "Trường A", "", "", "Trường A", ""))
        literature = Study(Subject("van", "score", 4), (Carried(64, "Trường A"), second))
        moved = PupilYear((literature,), absences=(("Trường A", 28), ("Trường B", 17)))
        result = tt22.evaluate_year(moved)
        assert (result.terms[0].subjects["van"].value, result.terms[1].subjects["van"].value) == (64, 77)
        assert result.subjects["van"].value == 73
        assert Words(result.terms[0].subjects["van"]).decided() == [
            "Kết quả do Trường A chốt, giữ nguyên khi chuyển trường."
        ]
        assert Words(result.terms[1].subjects["van"]).decided() == ["Có điểm của Trường A chuyển đến."]


class TestConduct:
    # Điều 8: rows are the first term, columns the second: Tốt, Khá, Đạt, Chưa đạt
    MATRIX = {
        GOOD: (GOOD, FAIR, FAIR, NOT_MET),
        FAIR: (GOOD, FAIR, MET, NOT_MET),
        MET: (FAIR, FAIR, MET, NOT_MET),
        NOT_MET: (FAIR, MET, MET, NOT_MET),
    }

    @pytest.mark.parametrize(("first", "row"), MATRIX.items())
    def test_article_8(self, first, row):
        assert tuple(tt22.conduct_year(first, second).value for second in (GOOD, FAIR, MET, NOT_MET)) == row

    def test_what_would_have_been_better(self):
        assert Words(tt22.conduct_year(MET, MET)).lifts() == ["Nếu rèn luyện học kì II Khá thì được Khá."]
        assert Words(tt22.conduct_year(MET, GOOD)).lifts() == []

    def test_a_term_without_conduct(self):
        assert tt22.conduct_year(GOOD, None).missing == (Missing("", 2, "conduct"),)


FAILING = "8,0 8,0 8,0 8,0 8,0 8,0 3,4 3,4"


class TestPromotion:
    @pytest.mark.parametrize(
        ("conduct", "scores", "absences", "outcome"),
        [
            (MET, "5,0 " * 8, 45, Outcome.PROMOTED),
            (NOT_MET, "5,0 " * 8, 45, Outcome.SUMMER),
            (MET, FAILING, 45, Outcome.RETAKE),
            (NOT_MET, FAILING, 45, Outcome.BOTH),
            (GOOD, "9,0 " * 8, 46, Outcome.RETAINED),
            (NOT_MET, FAILING, 46, Outcome.RETAINED),
        ],
    )
    def test_articles_12_to_14(self, conduct, scores, absences, outcome):
        result = tt22.evaluate_year(pupil(scores, (conduct, conduct), (("", absences),)))
        assert result.promotion.value == outcome

    def test_absences_of_two_schools_add_up(self):
        promoted = tt22.evaluate_year(pupil(absences=(("A", 28), ("B", 17))))
        retained = tt22.evaluate_year(pupil(absences=(("A", 28), ("B", 18))))
        assert (promoted.promotion.value, retained.promotion.value) == (Outcome.PROMOTED, Outcome.RETAINED)
        assert Words(retained.promotion).decided() == ["Nghỉ 46 buổi, quá 45 buổi."]
        assert Words(retained.promotion).lifts() == ["Nếu nghỉ không quá 45 buổi thì được Lên lớp."]

    def test_both_failing_may_mean_repeating(self):
        case = pupil(FAILING, (NOT_MET, NOT_MET))
        assert tt22.evaluate_year(case, Readings(both_failing="repeat")).promotion.value == Outcome.RETAINED

    def test_what_it_waits_for(self):
        result = tt22.evaluate_year(pupil(conduct=(GOOD, None), absences=None))
        assert result.promotion.missing == (Missing("", 2, "conduct"), Missing("", 0, "absences"))

    def test_too_many_absences_are_known_before_the_rest(self):
        result = tt22.evaluate_year(pupil(conduct=(GOOD, None), absences=(("", 46),)))
        assert result.promotion.value == Outcome.RETAINED


class TestSummer:
    def test_reassessed_results_replace_those_of_the_year(self):
        case = pupil(FAILING, retakes={"s6": 35})
        result = tt22.evaluate_year(case)
        assert result.retakes == ("s6", "s7")
        after = result.after_summer
        assert (after.subjects["s6"].value, after.subjects["s7"].value) == (35, 34)
        assert result.subjects["s6"].value == 34
        # 3,5 and 3,4 are still two subjects at fault
        assert (after.learning.value, after.promotion.value) == (NOT_MET, Outcome.RETAINED)

    def test_the_adjustment_applies_after_reassessment(self):
        after = tt22.evaluate_year(pupil(FAILING, retakes={"s6": 65})).after_summer
        assert (after.learning.base, after.learning.value) == (NOT_MET, MET)
        assert after.promotion.value == Outcome.PROMOTED

    def test_summer_training(self):
        case = pupil(conduct=(NOT_MET, NOT_MET), summer_conduct=MET)
        result = tt22.evaluate_year(case)
        assert (result.conduct.value, result.after_summer.conduct.value) == (NOT_MET, MET)
        assert result.after_summer.promotion.value == Outcome.PROMOTED
        assert result.award.value == 0

    def test_both_ways_must_succeed(self):
        both = pupil(FAILING, (NOT_MET, NOT_MET), retakes={"s6": 50, "s7": 50}, summer_conduct=MET)
        one = both._replace(retakes={})
        assert tt22.evaluate_year(both).after_summer.promotion.value == Outcome.PROMOTED
        assert tt22.evaluate_year(one).after_summer.promotion.value == Outcome.RETAINED

    def test_no_way_back_from_absences(self):
        case = pupil(FAILING, absences=(("", 46),), retakes={"s6": 90, "s7": 90})
        assert tt22.evaluate_year(case).after_summer is None

    def test_a_subject_that_was_good_enough_is_not_reassessed(self):
        after = tt22.evaluate_year(pupil(FAILING, retakes={"s0": 100, "s6": 50, "s7": 50})).after_summer
        assert after.subjects["s0"].value == 80


class TestAwards:
    @pytest.mark.parametrize(
        ("scores", "conduct", "award"),
        [
            ("9,0 9,0 9,0 9,0 9,0 9,0 6,5 6,5", GOOD, "Học sinh Xuất sắc"),
            ("9,0 9,0 9,0 9,0 9,0 8,9 6,5 6,5", GOOD, "Học sinh Giỏi"),
            ("9,0 9,0 9,0 9,0 9,0 9,0 6,5 6,5", FAIR, "Không"),
            ("9,0 9,0 9,0 9,0 9,0 9,0 9,0 6,4", GOOD, "Không"),
            (SEVEN + "4,9", GOOD, "Không"),  # Khá by adjustment
        ],
    )
    def test_article_15(self, scores, conduct, award):
        assert Words(tt22.evaluate_year(pupil(scores, (conduct, conduct))).award).value() == award

    def test_how_far_the_higher_title_was(self):
        award = tt22.evaluate_year(pupil("9,0 9,0 9,0 9,0 9,0 8,9 8,8 6,5")).award
        assert award.lifts == (Lift(2, (("s5", 90),)),)
