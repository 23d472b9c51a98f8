"""What rules are given: marks of one pupil in one year, with everything that bears on the result.

A mark is a number of tenths, or True/False for Đạt / Chưa đạt. An empty cell is never 0: it is not entered (None), or
the pupil was absent and may still make up for it, or was absent for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

Kind = Literal["score", "comment", "test", "level"]
Value = int | bool


class Gap(StrEnum):
    """Why a cell holds no mark (lí do chưa có điểm)."""

    MAKE_UP = "make_up"
    """Vắng có lí do, chờ kiểm tra bù."""
    ABSENT = "absent"
    """Vắng, không kiểm tra bù: 0 điểm hoặc Chưa đạt (22/2021 Điều 7.5; 58/2011)."""


Mark = int | bool | Gap | None


class TermMarks(NamedTuple):
    """Marks of one subject in one term: thường xuyên, giữa kì, cuối kì.

    ``origins`` names the schools that marks come from, for a pupil who moved during the term.
    """

    formative: tuple[Mark, ...] = ()
    midterm: Mark = None
    final: Mark = None
    origins: tuple[str, ...] = ()


class Carried(NamedTuple):
    """A term's result that the former school closed: counts as it is (học sinh chuyển trường)."""

    value: Value
    origin: str


TermEntry = TermMarks | Carried


class Subject(NamedTuple):
    """A subject of a class; ``formative``: regular marks wanted a term; ``core``: see 58/2011 Điều 13."""

    code: str
    kind: Literal["score", "comment"]
    formative: int
    core: bool = False


class Study(NamedTuple):
    """What one pupil has in one subject.

    ``without``: terms without assessment (exempt, not taught, or a disabled pupil's plan leaves the subject out:
    22/2021 Điều 11, 58/2011 Điều 12). ``practice_exempt``: theory takes the place of practice, so that the marks are
    complete all the same (22/2021 Điều 10). ``parts``: contents with teachers of their own (Nghệ thuật), one result.
    """

    subject: Subject
    terms: tuple[TermEntry, TermEntry] = (TermMarks(), TermMarks())
    without: tuple[int, ...] = ()
    practice_exempt: bool = False
    parts: tuple["Study", ...] = ()


class PupilYear(NamedTuple):
    """One pupil of a secondary school in one school year.

    ``absences``: (school, half days) for each school of the year, None before it ends. ``year_conduct`` is set by a
    person under 58/2011 and follows from the terms under 22/2021. ``retakes``, ``summer_conduct``: of the summer.
    """

    studies: tuple[Study, ...]
    conduct: tuple[int | None, int | None] = (None, None)
    absences: tuple[tuple[str, int], ...] | None = None
    year_conduct: int | None = None
    retakes: Mapping[str, Value] = {}
    summer_conduct: int | None = None


class Level(IntEnum):
    """Mức of 22/2021: of study (kết quả học tập) and of conduct (kết quả rèn luyện)."""

    NOT_MET = 0
    MET = 1
    FAIR = 2
    GOOD = 3


class Academic(IntEnum):
    """Học lực of 58/2011."""

    POOR = 0
    WEAK = 1
    AVERAGE = 2
    FAIR = 3
    EXCELLENT = 4


class Conduct58(IntEnum):
    """Hạnh kiểm of 58/2011."""

    WEAK = 0
    AVERAGE = 1
    FAIR = 2
    GOOD = 3


class Outcome(IntEnum):
    """What becomes of a pupil at the end of the year, the better the higher."""

    RETAINED = 0
    """Ở lại lớp."""
    BOTH = 1
    """Rèn luyện trong hè và đánh giá lại."""
    RETAKE = 2
    """Kiểm tra, đánh giá lại các môn học."""
    SUMMER = 3
    """Rèn luyện trong kì nghỉ hè."""
    PROMOTED = 4
    """Được lên lớp, lớp 9: hoàn thành chương trình."""


@dataclass(frozen=True, slots=True)
class Readings:
    """How the open points of the circulars are read; each office may decide otherwise.

    ``adjustment`` (22/2021 Điều 9.3, 58/2011 Điều 13.6): the single subject at fault is thought "made_good", so that it
    also counts among the six (or as one of Toán, Ngữ văn, Ngoại ngữ); or the "others_alone" must satisfy the counts.
    ``absent_formative``: a regular mark missed for good is "missing" (the book stays incomplete) or "zero".
    ``lone_term``: a subject with a result in one term alone: the school must "decide", or what was "studied" counts.
    ``both_failing``: study and conduct both Chưa đạt (22/2021): summer training and re-assessment "both", or "repeat".
    ``adjust_after_retest``: whether 58/2011 Điều 13.6 applies to the marks after a re-test.
    """

    adjustment: Literal["made_good", "others_alone"] = "made_good"
    absent_formative: Literal["missing", "zero"] = "missing"
    lone_term: Literal["decide", "studied"] = "decide"
    both_failing: Literal["both", "repeat"] = "both"
    adjust_after_retest: bool = True
