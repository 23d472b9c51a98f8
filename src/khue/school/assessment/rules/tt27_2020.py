"""Thông tư 27/2020/TT-BGDĐT: assessment in primary schools."""

from .primary import Completion, PrimaryPupil, PrimaryResult, complete_primary, completion, ratings, recognition

CODE = "TT27/2020"
LOWEST_TEST_MARK = 0
"""The ban on 0 of the earlier circular is gone (Điều 7.1)."""


def evaluate_year(pupil: PrimaryPupil) -> PrimaryResult:
    """Đánh giá kết quả giáo dục (Điều 9), hoàn thành chương trình (Điều 11), khen thưởng (Điều 13).

    A pupil who has not completed the grade is helped and assessed again; if that fails, the principal decides on
    promotion: no rule does.
    """
    given, missing = ratings(pupil)
    level = completion("27.level", given, missing, Completion.EXCELLENT)
    complete = completion("27.completion", given, missing, Completion.COMPLETE)
    award = recognition("27.award", level, pupil, best=Completion.EXCELLENT, lesser=Completion.WELL)
    return PrimaryResult(complete, award, level, complete_primary(pupil.grade, complete.value))
