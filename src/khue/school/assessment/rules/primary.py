"""What both regulations of primary schools share: levels of subjects, qualities, competences, marks of year-end tests.

Nothing is computed from marks; the weakest of all ratings decides. T, H, C of subjects (Hoàn thành tốt, Hoàn thành,
Chưa hoàn thành) and T, Đ, C of qualities and competences (Tốt, Đạt, Cần cố gắng) are 2, 1, 0.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from .trace import Lift, Missing, Trace


class Completion(IntEnum):
    """Mức hoàn thành at the end of the year (27/2020 Điều 9)."""

    INCOMPLETE = 0
    COMPLETE = 1
    WELL = 2
    EXCELLENT = 3


class PrimarySubject(NamedTuple):
    """A subject's level at the end of the year and the attempts at its test, of which the last counts.

    ``tested``: whether the regulation wants a year-end test in it. ``exempt``: a disabled pupil's plan leaves it out.
    """

    code: str
    level: int | None
    tested: bool = False
    attempts: tuple[int, ...] = ()
    exempt: bool = False


class PrimaryPupil(NamedTuple):
    """One pupil of a primary school at the end of the year.

    ``outstanding``: distinguished in a subject, or clear progress in a quality or competence; ``recognised``: by the
    class.
    """

    grade: int
    subjects: tuple[PrimarySubject, ...]
    traits: tuple[tuple[str, int | None], ...]
    outstanding: bool = False
    recognised: bool = False


class PrimaryResult(NamedTuple):
    """Level (27/2020 alone), completion of the grade and of primary school, award."""

    completion: Trace
    award: Trace
    level: Trace | None = None
    complete_primary: bool | None = False

    def traces(self) -> list[Trace]:
        return [trace for trace in (self.level, self.completion, self.award) if trace is not None]


Rating = tuple[str, str, int]
"""Kind (level, trait, test), code, what was given."""

_REACHES = {"level": (0, 1, 3), "trait": (0, 1, 3)}
"""The best completion that a rating allows: one H or Đ and no more than Hoàn thành is reached."""
_NEEDS = {
    Completion.COMPLETE: {"level": 1, "trait": 1, "test": 5},
    Completion.WELL: {"level": 2, "trait": 2, "test": 7},
    Completion.EXCELLENT: {"level": 2, "trait": 2, "test": 9},
}
"""What each completion wants of every rating (27/2020 Điều 9.2a; 22/2016 for Hoàn thành and the award)."""


def reaches(kind: str, given: int) -> int:
    """The best completion that one rating allows."""
    if kind == "test":
        return 3 if given >= 9 else 2 if given >= 7 else 1 if given >= 5 else 0
    return _REACHES[kind][given]


def ratings(pupil: PrimaryPupil) -> tuple[list[Rating], tuple[Missing, ...]]:
    """Everything that was rated, and what is missing."""
    given: list[tuple[str, str, int | None]] = []
    for subject in pupil.subjects:
        if not subject.exempt:
            given.append(("level", subject.code, subject.level))
            if subject.tested:
                given.append(("test", subject.code, subject.attempts[-1] if subject.attempts else None))
    given += [("trait", code, level) for code, level in pupil.traits]
    missing = tuple(Missing(code, 0, kind) for kind, code, value in given if value is None)
    return [(kind, code, value) for kind, code, value in given if value is not None], missing


def completion(rule: str, given: Sequence[Rating], missing: tuple[Missing, ...], best: Completion) -> Trace:
    """The weakest rating decides, up to ``best``; the traces name those that keep it from the next level."""
    if missing:
        return Trace(rule, None, inputs=tuple(given), missing=missing)
    value = min((reaches(kind, rating) for kind, _, rating in given), default=Completion.INCOMPLETE)
    value = min(value, best)
    if value == best:
        return Trace(rule, int(value), inputs=tuple(given), decided=(("all_met",),))
    needs = _NEEDS[Completion(value + 1)]
    short = [rating for rating in given if rating[2] < needs[rating[0]]]
    lifts = (Lift(value + 1, tuple((f"{kind}:{code}", needs[kind]) for kind, code, _ in short)),)
    return Trace(rule, int(value), inputs=tuple(given), decided=tuple(short), lifts=lifts)


def complete_primary(grade: int, value: int | None) -> bool | None:
    """Hoàn thành chương trình tiểu học: with grade 5."""
    if grade != 5:
        return False
    return None if value is None else value >= Completion.COMPLETE


def recognition(rule: str, level: Trace, pupil: PrimaryPupil, *, best: int, lesser: int) -> Trace:
    """Khen thưởng: 2 from the level ``best`` on; 1 from ``lesser`` on if outstanding and recognised by the class."""
    inputs = (level.value, pupil.outstanding, pupil.recognised)
    if level.value is None:
        return Trace(rule, None, inputs=inputs, missing=level.missing)
    if level.value >= best:
        return Trace(rule, 2, inputs=inputs, decided=(("all_met",),))
    facts = (("#outstanding", pupil.outstanding), ("#recognised", pupil.recognised))
    lacking = tuple((fact, True) for fact, holds in facts if not holds)
    if level.value >= lesser and not lacking:
        return Trace(
            rule, 1, inputs=inputs, decided=(("learning", level.value),), lifts=(Lift(2, (("#learning", best),)),)
        )
    need_level = (("#learning", lesser),) if level.value < lesser else ()
    decided = (("learning", level.value),) if need_level else tuple((fact[0][1:],) for fact in lacking)
    return Trace(rule, 0, inputs=inputs, decided=decided, lifts=(Lift(1, need_level + lacking),))
