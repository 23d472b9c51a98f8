"""Đánh giá học sinh: the rules of assessment, pure, by regulation.

Given the marks of one pupil (`marks.py`) a regulation's module gives results that explain themselves (`trace.py`,
`wording.py`). `regulation_for(grade, school_year)` says which regulation it is.

What the circulars leave open is read as follows; the first five are settings (`marks.Readings`), the others are marked
[check] where they stand:

- Điều 9.3 of 22/2021 and Điều 13.6 of 58/2011: the one subject at fault is thought made good, for counts too.
- A regular mark missed for good: 22/2021 leaves the book incomplete, 58/2011 counts 0; comments: Chưa đạt.
- A subject with one term alone: 22/2021 lets the school decide, 58/2011 takes the term that was studied.
- Conduct and study both Chưa đạt (22/2021): summer training and re-assessment are both open.
- Điều 13.6 of 58/2011 applies after a re-test too.
- Giỏi pulled down to Kém (58/2011) becomes Yếu, as Khá → Kém does.
- Nghệ thuật is Đạt when Âm nhạc and Mĩ thuật are.
- Tin học and Công nghệ of primary schools have a level and a test each.
- Grades 1 and 2 need no rating of the competences công nghệ and tin học; if there is one, it counts.
- Re-assessment: the pupil chooses; only subjects that were re-assessed are replaced.
- Rounding is half-up, which no circular says and everybody does.
"""

from types import ModuleType

from . import tt22_2021, tt27_2020, tt30_2014, tt58_2011
from .regulations import Regulation, curriculum_for, regulation_for, regulation_named, regulations
from .wording import to_dict

__all__ = [
    "Regulation",
    "curriculum_for",
    "regulation_for",
    "regulation_named",
    "regulations",
    "rules_of",
    "to_dict",
]

_MODULES = {module.CODE: module for module in (tt22_2021, tt58_2011, tt27_2020, tt30_2014)}


def rules_of(regulation: Regulation) -> ModuleType:
    """The module that holds a regulation: ``evaluate_term``, ``evaluate_year``."""
    return _MODULES[regulation.code]
