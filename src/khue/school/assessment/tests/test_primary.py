"""Thông tư 27/2020 and 30/2014 with 22/2016: levels, completion, awards, with worked examples 9 and 10."""

import pytest

from khue.school.assessment.rules import tt27_2020 as tt27
from khue.school.assessment.rules import tt30_2014 as tt30
from khue.school.assessment.rules.primary import PrimaryPupil, PrimarySubject
from khue.school.assessment.rules.trace import Lift, Missing
from khue.school.assessment.rules.wording import Words

TESTED = ("tieng_viet", "toan", "ngoai_ngu_1", "lich_su_dia_li", "khoa_hoc", "tin_hoc", "cong_nghe")
T, H, C = 2, 1, 0


def pupil(tests=(10, 9, 9, 10, 9, 9, 9), levels=None, traits=(T,) * 15, grade=4, **more):
    levels = {"am_nhac": T, **(levels or {})}
    subjects = [
        PrimarySubject(code, levels.get(code, T), True, mark if isinstance(mark, tuple) else (mark,))
        for code, mark in zip(TESTED, tests, strict=False)
    ]
    plain = [PrimarySubject(code, level) for code, level in levels.items() if code not in TESTED]
    rated = tuple((f"trait{number}", level) for number, level in enumerate(traits))
    return PrimaryPupil(grade, (*subjects, *plain), rated, **more)


def words(result):
    return Words(result.level).value(), Words(result.award).value()


class Test27:
    @pytest.mark.parametrize(
        ("case", "level"),
        [
            (pupil(), "Hoàn thành xuất sắc"),
            (pupil((10, 9, 8, 10, 9, 9, 9)), "Hoàn thành tốt"),
            (pupil((10, 9, 7, 10, 9, 9, 9)), "Hoàn thành tốt"),
            (pupil((10, 9, 6, 10, 9, 9, 9)), "Hoàn thành"),
            (pupil((10,) * 7, {"am_nhac": H}), "Hoàn thành"),
            (pupil((10, 9, 4, 10, 9, 9, 9)), "Chưa hoàn thành"),
            (pupil((10, 9, (4, 5), 10, 9, 9, 9)), "Hoàn thành"),
            (pupil(traits=(T,) * 14 + (H,)), "Hoàn thành"),
            (pupil(traits=(T,) * 14 + (C,)), "Chưa hoàn thành"),
            (pupil(levels={"am_nhac": C}), "Chưa hoàn thành"),
        ],
    )
    def test_article_9_and_example_9(self, case, level):
        result = tt27.evaluate_year(case)
        assert words(result)[0] == level
        assert bool(result.completion.value) == (level != "Chưa hoàn thành")

    @pytest.mark.parametrize(
        ("tests", "outstanding", "recognised", "award"),
        [
            ((9,) * 7, False, False, "Học sinh Xuất sắc"),
            ((8,) * 7, True, True, "Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện"),
            ((8,) * 7, True, False, "Không"),
            ((8,) * 7, False, True, "Không"),
            ((6,) * 7, True, True, "Không"),
        ],
    )
    def test_article_13(self, tests, outstanding, recognised, award):
        assert words(tt27.evaluate_year(pupil(tests, outstanding=outstanding, recognised=recognised)))[1] == award

    def test_what_keeps_from_the_next_level(self):
        trace = tt27.evaluate_year(pupil((10, 9, 6, 10, 9, 9, 9), {"am_nhac": H})).level
        assert trace.decided == (("test", "ngoai_ngu_1", 6), ("level", "am_nhac", H))
        assert trace.lifts == (Lift(2, (("test:ngoai_ngu_1", 7), ("level:am_nhac", T))),)
        assert Words(trace, {"am_nhac": "Âm nhạc", "ngoai_ngu_1": "Ngoại ngữ 1"}).lifts() == [
            "Nếu bài kiểm tra Ngoại ngữ 1 7 điểm, Âm nhạc mức T thì được Hoàn thành tốt."
        ]

    def test_missing_ratings_and_tests(self):
        result = tt27.evaluate_year(pupil(((), 9, 9), {"am_nhac": None}, traits=(None,)))
        wanted = (Missing("tieng_viet", 0, "test"), Missing("am_nhac", 0, "level"), Missing("trait0", 0, "trait"))
        assert result.level.missing == result.completion.missing == result.award.missing == wanted
        assert result.level.value is None

    def test_primary_school_is_completed_with_grade_5(self):
        assert tt27.evaluate_year(pupil(grade=5)).complete_primary is True
        assert tt27.evaluate_year(pupil((4,), grade=5)).complete_primary is False
        assert tt27.evaluate_year(pupil(((),), grade=5)).complete_primary is None
        assert tt27.evaluate_year(pupil(grade=4)).complete_primary is False

    def test_a_disabled_pupil_is_not_assessed_where_exempt(self):
        case = pupil()
        exempt = case._replace(subjects=(*case.subjects, PrimarySubject("gdtc", None, exempt=True)))
        assert tt27.evaluate_year(exempt).level.value == 3


class Test30:
    def test_example_10(self):
        tests = (9, 9, 10, 8, 10)
        assert Words(tt30.evaluate_year(pupil(tests, traits=(T,) * 7)).award).value() == "Không"
        recognised = tt30.evaluate_year(pupil(tests, traits=(T,) * 7, grade=5, outstanding=True, recognised=True))
        assert Words(recognised.award).value() == "Có thành tích vượt trội hoặc tiến bộ vượt bậc"
        assert recognised.complete_primary is True

    @pytest.mark.parametrize(
        ("case", "complete"),
        [(pupil((5,)), 1), (pupil((4,)), 0), (pupil(levels={"am_nhac": C}), 0), (pupil(traits=(H, C)), 0)],
    )
    def test_completion(self, case, complete):
        result = tt30.evaluate_year(case)
        assert (result.completion.value, result.level) == (complete, None)

    def test_excellent_in_everything(self):
        award = tt30.evaluate_year(pupil((9, 10))).award
        assert Words(award).value() == "Hoàn thành xuất sắc các nội dung học tập và rèn luyện"
