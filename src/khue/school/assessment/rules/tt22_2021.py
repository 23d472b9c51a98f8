"""Thông tư 22/2021/TT-BGDĐT: assessment in lower secondary schools by levels, without an average over subjects."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from .marks import Level, Outcome, PupilYear, Readings
from .secondary import (
    ALLOWED_ABSENCES,
    SUMMER,
    AfterSummer,
    Graded,
    SubjectRules,
    TermResult,
    YearResult,
    by_code,
    replaced,
    retake_subjects,
    term_subjects,
    total_absences,
    year_subjects,
)
from .trace import Lift, Missing, Trace, all_missing

CODE = "TT22/2021"
READINGS = Readings()
SUBJECTS = SubjectRules("22.", all)
"""Điều 9.1: a term of comments is Đạt when all of the required assessments are."""

SIX = 6
"""So many subjects with marks must reach the higher threshold (Điều 9.2)."""

BANDS = (35, 50, 65, 80)
"""Thresholds that tell levels apart, in tenths; a mark's band is the number of those that it reaches."""
TOP = len(BANDS)
_BAND = tuple(sum(mark >= threshold for threshold in BANDS) for mark in range(101))


class Requirement(NamedTuple):
    """Điều 9.2: every mark in band ``floor`` or above, six in ``upper`` or above, at most ``failed`` comments CĐ."""

    level: Level
    floor: int
    upper: int
    failed: int

    def is_met(self, bands: Sequence[int], failed: int) -> bool:
        return failed <= self.failed and not sum(bands[: self.floor]) and sum(bands[self.upper :]) >= SIX


REQUIREMENTS = (
    Requirement(Level.GOOD, 3, 4, 0),
    Requirement(Level.FAIR, 2, 3, 0),
    Requirement(Level.MET, 1, 2, 1),
)
_REQUIREMENT = {requirement.level: requirement for requirement in REQUIREMENTS}

Bands = tuple[int, ...]
"""How many marks lie in each band, the lowest first: all that a level depends on besides the comments."""


@cache
def base_level(bands: Bands, failed: int) -> Level:
    """Mức of Điều 9.2 before any adjustment."""
    return next((r.level for r in REQUIREMENTS if r.is_met(bands, failed)), Level.NOT_MET)


@cache
def adjusted_level(bands: Bands, failed: int, reading: str) -> tuple[Level, str]:
    """Điều 9.3: two levels or more under Tốt or Khá because of one subject alone are raised by one.

    Answers the level and the kind of the subject at fault ("" if nothing was adjusted). Of the marks only the lowest
    can be that subject.
    """
    base = base_level(bands, failed)
    for kind, without in (
        ("score", _without_lowest(bands, failed, reading)),
        ("comment", base_level(bands, failed - 1)),
    ):
        if (kind == "score" or failed) and without >= Level.FAIR and without - base >= 2:
            return Level(base + 1), kind
    return base, ""


def _without_lowest(bands: Bands, failed: int, reading: str) -> Level:
    """The level if the lowest mark were no obstacle."""
    lowest = next((band for band, count in enumerate(bands) if count), TOP)
    if reading == "made_good":
        return base_level(_moved(bands, lowest, TOP), failed)
    return base_level(_changed(bands, lowest, -1), failed)


def _changed(bands: Bands, band: int, by: int) -> Bands:
    return (*bands[:band], bands[band] + by, *bands[band + 1 :])


def _moved(bands: Bands, source: int, target: int) -> Bands:
    return _changed(_changed(bands, source, -1), target, 1)


class Move(NamedTuple):
    """A single mark that rises from one band to another, and the level that follows."""

    source: int
    target: int
    level: Level


@cache
def lifting_moves(bands: Bands, failed: int, reading: str) -> tuple[Move, ...]:
    """Every rise of one mark that lifts the level."""
    now = adjusted_level(bands, failed, reading)[0]
    moves = (
        Move(source, target, adjusted_level(_moved(bands, source, target), failed, reading)[0])
        for source in range(TOP)
        if bands[source]
        for target in range(source + 1, TOP + 1)
    )
    return tuple(move for move in moves if move.level > now)


def learning(subjects: Sequence[Graded], term: int, readings: Readings) -> Trace:
    """Kết quả học tập of a term or the year (Điều 9.2, 9.3) from the results of its subjects."""
    marks = [(s.code, t.value) for s, t in subjects if s.kind == "score"]
    comments = [(s.code, t.value) for s, t in subjects if s.kind == "comment"]
    inputs = (tuple(marks), tuple(comments))
    missing = all_missing([trace for _, trace in subjects if trace.value is None])
    if not missing and len(marks) < SIX:
        # a disabled pupil's plan leaves subjects out: six cannot be reached, the principal decides (Điều 12.4)
        missing = (Missing("", term, "principal_decides"),)
    if missing:
        return Trace("22.learning", None, "", term, inputs, missing=missing)
    scores: list[tuple[str, int]] = marks  # type: ignore[assignment]
    failed = [code for code, passed in comments if not passed]
    return _judged(scores, failed, term, inputs, readings.adjustment)


def _judged(
    scores: list[tuple[str, int]], failed: list[str], term: int, inputs: tuple[object, ...], reading: str
) -> Trace:
    counts = [0] * (TOP + 1)
    for _, mark in scores:
        counts[_BAND[mark]] += 1
    bands = tuple(counts)
    base = base_level(bands, len(failed))
    level, kind = adjusted_level(bands, len(failed), reading)
    decided: tuple[tuple[object, ...], ...] = ()
    if kind:
        code = failed[0] if kind == "comment" else min(scores, key=lambda score: score[1])[0]
        decided = (("adjusted", int(base), code),)
    if adjusted_level(bands, len(failed), _other(reading))[0] != level:
        decided += (("reading", reading),)
    decided += _shortfalls(base, scores, failed)
    lifts = _lifts(level, bands, scores, failed, reading)
    return Trace("22.learning", int(level), "", term, inputs, decided, lifts)


def _other(reading: str) -> str:
    return "others_alone" if reading == "made_good" else "made_good"


def _shortfalls(base: Level, scores: list[tuple[str, int]], failed: list[str]) -> tuple[tuple[object, ...], ...]:
    """Conditions of the next level that are not satisfied."""
    if base == Level.GOOD:
        return (("all_met",),)
    wanted = _REQUIREMENT[Level(base + 1)]
    floor, upper = BANDS[wanted.floor - 1], BANDS[wanted.upper - 1]
    found: list[tuple[object, ...]] = []
    if low := tuple(score for score in scores if score[1] < floor):
        found.append(("below", floor, low))
    if (reached := sum(mark >= upper for _, mark in scores)) < SIX:
        found.append(("few", upper, reached, SIX))
    if len(failed) > wanted.failed:
        found.append(("failed", tuple(failed), wanted.failed))
    return tuple(found)


def _lifts(
    level: Level, bands: Bands, scores: list[tuple[str, int]], failed: list[str], reading: str
) -> tuple[Lift, ...]:
    """What lifts the level: one mark, one comment; if neither does, what the next level asks of several subjects."""
    if level == Level.GOOD:
        return ()
    lifts = _single_mark(lifting_moves(bands, len(failed), reading), scores)
    if failed and (lifted := adjusted_level(bands, len(failed) - 1, reading)[0]) > level:
        lifts += (Lift(int(lifted), ((failed[0], True),)),)
    return lifts or (Lift(level + 1, _several(_REQUIREMENT[Level(level + 1)], scores, failed)),)


def _single_mark(moves: Sequence[Move], scores: list[tuple[str, int]]) -> tuple[Lift, ...]:
    """The smallest rise: in each band the highest mark has the shortest way."""
    if not moves:
        return ()
    highest: dict[int, tuple[str, int]] = {}
    for score in scores:
        band = _BAND[score[1]]
        if band not in highest or score[1] > highest[band][1]:
            highest[band] = score
    move = min(moves, key=lambda move: BANDS[move.target - 1] - highest[move.source][1])
    return (Lift(int(move.level), ((highest[move.source][0], BANDS[move.target - 1]),)),)


def _several(wanted: Requirement, scores: list[tuple[str, int]], failed: list[str]) -> tuple[tuple[str, int], ...]:
    """Fewest tenths that satisfy the requirement: every mark to the floor, the six highest to the higher threshold."""
    floor, upper = BANDS[wanted.floor - 1], BANDS[wanted.upper - 1]
    order = sorted(scores, key=lambda score: -score[1])
    needed = {code: upper if place < SIX else floor for place, (code, _) in enumerate(order)}
    marks = tuple((code, needed[code]) for code, mark in scores if mark < needed[code])
    comments = tuple((code, True) for code in failed[: len(failed) - wanted.failed])
    return marks + comments


CONDUCT_YEAR = (
    # học kì II:    Chưa đạt       Đạt        Khá         Tốt          học kì I
    (Level.NOT_MET, Level.MET, Level.MET, Level.FAIR),  # Chưa đạt
    (Level.NOT_MET, Level.MET, Level.FAIR, Level.FAIR),  # Đạt
    (Level.NOT_MET, Level.MET, Level.FAIR, Level.GOOD),  # Khá
    (Level.NOT_MET, Level.FAIR, Level.FAIR, Level.GOOD),  # Tốt
)
"""Điều 8.2b, by the level of the first and of the second term."""


def conduct_year(first: int | None, second: int | None) -> Trace:
    """Kết quả rèn luyện cả năm: the second term weighs more (Điều 8.2b)."""
    missing = tuple(Missing("", t, "conduct") for t, level in ((1, first), (2, second)) if level is None)
    if first is None or second is None:
        return Trace("22.conduct", None, inputs=(first, second), missing=missing)
    level = CONDUCT_YEAR[first][second]
    better = next((s for s in range(second + 1, 4) if CONDUCT_YEAR[first][s] > level), None)
    lifts = () if better is None else (Lift(int(CONDUCT_YEAR[first][better]), (("#conduct2", better),)),)
    return Trace("22.conduct", int(level), inputs=(first, second), lifts=lifts)


def promotion(conduct: Trace, study: Trace, absences: int | None, readings: Readings, term: int = 0) -> Trace:
    """Được lên lớp, or what a pupil still may do for it (Điều 12, 13, 14)."""
    inputs = (conduct.value, study.value, absences)
    if absences is not None and absences > ALLOWED_ABSENCES:
        lifts = (Lift(Outcome.PROMOTED, (("#absences", ALLOWED_ABSENCES),)),) if _both_met(conduct, study) else ()
        return Trace("22.promotion", int(Outcome.RETAINED), "", term, inputs, (("absences", absences),), lifts)
    missing = conduct.missing + study.missing + (() if absences is not None else (Missing("", 0, "absences"),))
    if conduct.value is None or study.value is None or absences is None:
        return Trace("22.promotion", None, "", term, inputs, missing=missing)
    outcome = _outcome(conduct.value, study.value, readings, is_final=term == SUMMER)
    decided: list[tuple[object, ...]] = []
    if not conduct.value:
        decided.append(("conduct", conduct.value))
    if not study.value:
        decided.append(("learning", study.value))
    changes = tuple((f"#{condition[0]}", int(Level.MET)) for condition in decided)
    lifts = (Lift(int(Outcome.PROMOTED), changes),) if changes else ()
    return Trace("22.promotion", int(outcome), "", term, inputs, tuple(decided) or (("all_met",),), lifts)


def _both_met(conduct: Trace, study: Trace) -> bool:
    return bool(conduct.value and study.value)


def _outcome(conduct: int, study: int, readings: Readings, *, is_final: bool) -> Outcome:
    if conduct and study:
        return Outcome.PROMOTED
    if is_final or (not conduct and not study and readings.both_failing == "repeat"):
        return Outcome.RETAINED
    if conduct:
        return Outcome.RETAKE
    return Outcome.SUMMER if study else Outcome.BOTH


NINE = 90
AWARDED, EXCELLENT = 1, 2


def award(conduct: Trace, study: Trace) -> Trace:
    """Học sinh Giỏi, Học sinh Xuất sắc (Điều 15): at the end of the year alone, never by results of the summer."""
    scores = study.inputs[0]
    reached = sum(mark is not None and mark >= NINE for _, mark in scores)
    inputs = (conduct.value, study.value, reached)
    short = [
        (what, trace.value)
        for what, trace in (("conduct", conduct), ("learning", study))
        if trace.value is not None and trace.value < Level.GOOD
    ]
    if short:
        lifts = (Lift(AWARDED, tuple((f"#{what}", int(Level.GOOD)) for what, _ in short)),)
        return Trace("22.award", 0, inputs=inputs, decided=tuple(short), lifts=lifts)
    if conduct.value is None or study.value is None:
        return Trace("22.award", None, inputs=inputs, missing=conduct.missing + study.missing)
    if reached >= SIX:
        return Trace("22.award", EXCELLENT, inputs=inputs, decided=(("all_met",),))
    nearest = sorted((s for s in scores if s[1] < NINE), key=lambda score: -score[1])[: SIX - reached]
    lifts = (Lift(EXCELLENT, tuple((code, NINE) for code, _ in nearest)),)
    return Trace("22.award", AWARDED, inputs=inputs, decided=(("few", NINE, reached, SIX),), lifts=lifts)


def evaluate_term(pupil: PupilYear, term: int, readings: Readings = READINGS) -> TermResult:
    """Results of all subjects in the term and the level of study."""
    subjects = term_subjects(SUBJECTS, pupil, term, readings)
    return TermResult(by_code(subjects), learning(subjects, term, readings))


def evaluate_year(pupil: PupilYear, readings: Readings = READINGS) -> YearResult:
    """Everything that the year decides for one pupil."""
    first, second = evaluate_term(pupil, 1, readings), evaluate_term(pupil, 2, readings)
    subjects = year_subjects(SUBJECTS, pupil, first.subjects, second.subjects, readings)
    study, conduct = learning(subjects, 0, readings), conduct_year(*pupil.conduct)
    promoted = promotion(conduct, study, total_absences(pupil), readings)
    retakes = retake_subjects(subjects) if promoted.value in (Outcome.RETAKE, Outcome.BOTH) else ()
    summer = _after_summer(pupil, subjects, conduct, promoted, retakes, readings)
    return YearResult(
        (first, second),
        by_code(subjects),
        study,
        conduct,
        promoted,
        award(conduct, study),
        retakes,
        after_summer=summer,
    )


def _after_summer(
    pupil: PupilYear,
    subjects: Sequence[Graded],
    conduct: Trace,
    promoted: Trace,
    retakes: Sequence[str],
    readings: Readings,
) -> AfterSummer | None:
    """Điều 13, 14: results of the summer take the place of the year's, and the level is found again with Điều 9.3."""
    open_ways: Mapping[int | None, tuple[bool, bool]] = {
        Outcome.SUMMER: (True, False),
        Outcome.RETAKE: (False, True),
        Outcome.BOTH: (True, True),
    }
    may_train, may_retake = open_ways.get(promoted.value, (False, False))
    trained = may_train and pupil.summer_conduct is not None
    if not trained and not (may_retake and pupil.retakes):
        return None
    renewed = replaced(subjects, pupil.retakes, retakes)
    study = learning(renewed, SUMMER, readings)
    if trained:
        conduct = Trace("22.summer_conduct", pupil.summer_conduct, "", SUMMER, (conduct.value,))
    final = promotion(conduct, study, total_absences(pupil), readings, SUMMER)
    return AfterSummer(by_code(renewed), study, conduct, final)
