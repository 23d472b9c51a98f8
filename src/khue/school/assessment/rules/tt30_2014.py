"""Thông tư 30/2014/TT-BGDĐT amended by Thông tư 22/2016: assessment in primary schools before 27/2020."""

from .primary import Completion, PrimaryPupil, PrimaryResult, complete_primary, completion, ratings, recognition

CODE = "TT30/2014+TT22/2016"
LOWEST_TEST_MARK = 1
"""No 0, no decimals."""


def evaluate_year(pupil: PrimaryPupil) -> PrimaryResult:
    """Hoàn thành chương trình lớp học and khen thưởng; there is no level of the year in this regulation.

    The first certificate wants all T, all Tốt, all tests from 9: what 27/2020 calls Hoàn thành xuất sắc. The second
    does not ask that everything is completed, only that the class recognises what is outstanding.
    """
    given, missing = ratings(pupil)
    complete = completion("30.completion", given, missing, Completion.COMPLETE)
    standing = completion("30.award", given, missing, Completion.EXCELLENT)
    award = recognition("30.award", standing, pupil, best=Completion.EXCELLENT, lesser=Completion.INCOMPLETE)
    return PrimaryResult(complete, award, None, complete_primary(pupil.grade, complete.value))
