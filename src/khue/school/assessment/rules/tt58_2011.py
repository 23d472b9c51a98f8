"""Thông tư 58/2011/TT-BGDĐT amended by Thông tư 26/2020: averages over subjects, học lực, hạnh kiểm, titles."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from .marks import Academic, Conduct58, Outcome, PupilYear, Readings
from .numbers import HIGHEST, rounded_mean
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

CODE = "TT58/2011+TT26/2020"
READINGS = Readings(absent_formative="zero", lone_term="studied")


def comment_passes(results: Sequence[int]) -> bool:
    """Đ: at least two thirds of the assessments, the one at the end of the term among them."""
    return bool(results[-1]) and 3 * sum(results) >= 2 * len(results)


SUBJECTS = SubjectRules("58.", comment_passes)


class Requirement(NamedTuple):
    """Điều 13: average over subjects, one of Toán, Ngữ văn, Ngoại ngữ, every mark, comments Đ, for one level."""

    level: Academic
    overall: int
    core: int
    floor: int
    all_passed: bool = True


REQUIREMENTS = (
    Requirement(Academic.EXCELLENT, 80, 80, 65),
    Requirement(Academic.FAIR, 65, 65, 50),
    Requirement(Academic.AVERAGE, 50, 50, 35),
    Requirement(Academic.WEAK, 35, 0, 20, all_passed=False),
)
_REQUIREMENT = {requirement.level: requirement for requirement in REQUIREMENTS}
THRESHOLDS = (20, 35, 50, 65, 80)

ADJUSTED = {
    (Academic.EXCELLENT, Academic.AVERAGE): Academic.FAIR,
    (Academic.EXCELLENT, Academic.WEAK): Academic.AVERAGE,
    (Academic.FAIR, Academic.WEAK): Academic.AVERAGE,
    (Academic.FAIR, Academic.POOR): Academic.WEAK,
}
"""Điều 13.6: the level that the average reaches, where one subject pulls it down to, what it becomes. Giỏi → Kém is not
listed; such an average reaches Khá too, and Khá → Kém becomes Yếu [check]."""


class Standing(NamedTuple):
    """All that học lực depends on: average over subjects, best core mark, lowest mark, number of comments CĐ.

    ``second``, ``other_core``: lowest mark and best core mark without the lowest subject: is it alone at fault?
    """

    overall: int
    core: int
    lowest: int
    failed: int
    second: int
    other_core: int
    lowest_is_core: bool

    def meets(self, wanted: Requirement) -> bool:
        return (
            self.overall >= wanted.overall
            and self.core >= wanted.core
            and self.lowest >= wanted.floor
            and not (wanted.all_passed and self.failed)
        )

    def meets_but_for_one(self, wanted: Requirement, reading: str) -> str:
        """The kind of the one subject without which the requirement is met: "score", "comment" or ""."""
        if self.overall < wanted.overall:
            return ""
        if not self.failed and self.second >= wanted.floor:
            excused = reading == "made_good" and self.lowest_is_core
            return "score" if excused or self.other_core >= wanted.core else ""
        alone = self.failed == 1 and self.lowest >= wanted.floor and self.core >= wanted.core
        return "comment" if alone else ""


Score = tuple[str, int, bool]
"""Code, mark, whether the subject is one of Toán, Ngữ văn, Ngoại ngữ."""


def standing(scores: Sequence[Score], failed: int) -> Standing:
    """One pass, as a search for what lifts the level asks for it dozens of times."""
    total, lowest, second, core, other_core, lowest_is_core = 0, HIGHEST + 1, HIGHEST + 1, 0, 0, False
    for _, mark, is_core in scores:
        total += mark
        if mark < lowest:
            second, other_core = lowest, core
            lowest, lowest_is_core = mark, is_core
        else:
            second = min(second, mark)
            if is_core and mark > other_core:
                other_core = mark
        if is_core and mark > core:
            core = mark
    return Standing(rounded_mean(total, len(scores)), core, lowest, failed, second, other_core, lowest_is_core)


@lru_cache(maxsize=4096)
def base_level(state: Standing) -> Academic:
    """Học lực of Điều 13 before any adjustment."""
    return next((r.level for r in REQUIREMENTS if state.meets(r)), Academic.POOR)


@lru_cache(maxsize=4096)
def adjusted_level(state: Standing, reading: str) -> tuple[Academic, str]:
    """Học lực with Điều 13.6, and the kind of the single subject at fault ("" if nothing was adjusted)."""
    base, best = base_level(state), (base_level(state), "")
    for wanted in REQUIREMENTS[:2]:
        becomes = ADJUSTED.get((wanted.level, base), base)
        if becomes > best[0] and (kind := state.meets_but_for_one(wanted, reading)):
            best = (becomes, kind)
    return best


def learning(subjects: Sequence[Graded], term: int, readings: Readings, *, adjust: bool = True) -> tuple[Trace, Trace]:
    """ĐTB of all subjects with marks, and học lực of a term or the year (Điều 11, 13)."""
    marks = tuple((s.code, t.value, s.core) for s, t in subjects if s.kind == "score")
    comments = tuple((s.code, t.value) for s, t in subjects if s.kind == "comment")
    missing = all_missing([trace for _, trace in subjects if trace.value is None])
    if not missing and not marks:
        missing = (Missing("", term, "principal_decides"),)
    if missing:
        lacking = all_missing([t for s, t in subjects if s.kind == "score" and t.value is None])
        overall = _overall(marks, term, lacking or missing) if lacking or not marks else _overall(marks, term)
        return overall, Trace("58.learning", None, "", term, (overall.value, marks, comments), missing=missing)
    scores: tuple[Score, ...] = marks  # type: ignore[assignment]
    failed = [code for code, passed in comments if not passed]
    reading = readings.adjustment if adjust else "none"
    overall = _overall(marks, term)
    return overall, _judged(scores, failed, term, (overall.value, marks, comments), reading)


def _overall(marks: Sequence[tuple[str, int | None, bool]], term: int, missing: tuple[Missing, ...] = ()) -> Trace:
    inputs = tuple((code, mark) for code, mark, _ in marks)
    value = None if missing else rounded_mean(sum(mark or 0 for _, mark in inputs), len(inputs))
    return Trace("58.overall", value, "", term, inputs, missing=missing)


def _level(state: Standing, reading: str) -> tuple[Academic, str]:
    return (base_level(state), "") if reading == "none" else adjusted_level(state, reading)


def _judged(scores: tuple[Score, ...], failed: list[str], term: int, inputs: tuple[object, ...], reading: str) -> Trace:
    state = standing(scores, len(failed))
    base = base_level(state)
    level, kind = _level(state, reading)
    decided: tuple[tuple[object, ...], ...] = ()
    if kind:
        code = failed[0] if kind == "comment" else min(scores, key=lambda score: score[1])[0]
        decided = (("adjusted", int(base), code),)
    if reading != "none" and len({adjusted_level(state, r)[0] for r in ("made_good", "others_alone")}) > 1:
        decided += (("reading", reading),)
    decided += _shortfalls(base, state, scores, failed)
    return Trace("58.learning", int(level), "", term, inputs, decided, _lifts(level, scores, failed, reading))


def _shortfalls(
    base: Academic, state: Standing, scores: Sequence[Score], failed: list[str]
) -> tuple[tuple[object, ...], ...]:
    """Conditions of the next level that are not satisfied."""
    if base == Academic.EXCELLENT:
        return (("all_met",),)
    wanted = _REQUIREMENT[Academic(base + 1)]
    found: list[tuple[object, ...]] = []
    if state.overall < wanted.overall:
        found.append(("overall", state.overall, wanted.overall))
    if state.core < wanted.core:
        found.append(("core", state.core, wanted.core))
    if low := tuple((code, mark) for code, mark, _ in scores if mark < wanted.floor):
        found.append(("below", wanted.floor, low))
    if wanted.all_passed and failed:
        found.append(("failed", tuple(failed), 0))
    return tuple(found)


def _lifts(level: Academic, scores: tuple[Score, ...], failed: list[str], reading: str) -> tuple[Lift, ...]:
    """What lifts học lực: one mark, one comment; if neither does, what the next level asks of several subjects."""
    if level == Academic.EXCELLENT:
        return ()
    lifts = _single_mark(level, scores, len(failed), reading)
    if failed and (lifted := _level(standing(scores, len(failed) - 1), reading)[0]) > level:
        lifts += (Lift(int(lifted), ((failed[0], True),)),)
    return lifts or (Lift(level + 1, _several(_REQUIREMENT[Academic(level + 1)], scores, failed)),)


def _single_mark(level: Academic, scores: tuple[Score, ...], failed: int, reading: str) -> tuple[Lift, ...]:
    """The smallest rise of one mark: to a threshold, or to where the average over subjects reaches one."""
    best: tuple[int, Lift] | None = None
    total = sum(mark for _, mark, _ in scores)
    for place, (code, mark, _) in enumerate(scores):
        if _level(_with(scores, place, HIGHEST, failed), reading)[0] <= level:
            continue
        for needed in _candidates(mark, total, len(scores)):
            if best and needed - mark >= best[0]:
                break
            if (lifted := _level(_with(scores, place, needed, failed), reading)[0]) > level:
                best = (needed - mark, Lift(int(lifted), ((code, needed),)))
                break
    return (best[1],) if best else ()


def _with(scores: tuple[Score, ...], place: int, mark: int, failed: int) -> Standing:
    code, _, core = scores[place]
    return standing((*scores[:place], (code, mark, core), *scores[place + 1 :]), failed)


def _candidates(mark: int, total: int, count: int) -> Iterable[int]:
    """Marks above ``mark`` at which something changes, the nearest first."""
    for_average = (mark + _least_total(threshold, count) - total for threshold in THRESHOLDS)
    return sorted({needed for needed in (*THRESHOLDS, *for_average) if mark < needed <= HIGHEST})


def _least_total(overall: int, count: int) -> int:
    """The least sum of ``count`` marks whose rounded mean reaches ``overall``."""
    return -((count - 2 * overall * count) // 2)


def _several(wanted: Requirement, scores: tuple[Score, ...], failed: list[str]) -> tuple[tuple[str, int], ...]:
    """What the requirement asks of every subject; the average over subjects too if that is not enough."""
    needed = {code: max(mark, wanted.floor) for code, mark, _ in scores}
    core = max((score for score in scores if score[2]), key=lambda score: score[1], default=None)
    if core:
        needed[core[0]] = max(needed[core[0]], wanted.core)
    marks = tuple((code, needed[code]) for code, mark, _ in scores if mark < needed[code])
    comments = tuple((code, True) for code in failed) if wanted.all_passed else ()
    reached = rounded_mean(sum(needed.values()), len(needed))
    overall = (("#overall", wanted.overall),) if reached < wanted.overall else ()
    return marks + comments + overall


TITLES = {2: (Conduct58.GOOD, Academic.EXCELLENT), 1: (Conduct58.FAIR, Academic.FAIR)}
"""Học sinh giỏi (2), Học sinh tiên tiến (1): the conduct and học lực that they want (Điều 18)."""


def title(conduct: int | None, study: Trace, term: int) -> Trace:
    """Danh hiệu of a term or the year."""
    inputs, academic = (conduct, study.value), study.value
    missing = study.missing + ((Missing("", term, "conduct"),) if conduct is None else ())
    if conduct is None or academic is None:
        barred = (conduct is not None and conduct < Conduct58.FAIR) or (
            academic is not None and academic < Academic.FAIR
        )
        return Trace("58.title", 0 if barred else None, "", term, inputs, missing=() if barred else missing)
    value = next((t for t, (c, a) in TITLES.items() if conduct >= c and academic >= a), 0)
    if value == 2:
        return Trace("58.title", value, "", term, inputs, (("all_met",),))
    wanted = zip(("conduct", "learning"), (conduct, academic), TITLES[value + 1], strict=True)
    short = tuple((what, have, int(need)) for what, have, need in wanted if have < need)
    lifts = (Lift(value + 1, tuple((f"#{what}", need) for what, _, need in short)),)
    return Trace("58.title", value, "", term, inputs, tuple((what, have) for what, have, _ in short), lifts)


def promotion(conduct: int | None, study: Trace, absences: int | None, term: int = 0) -> Trace:
    """Được lên lớp, or what a pupil still may do for it (Điều 15, 16, 17)."""
    inputs, academic = (conduct, study.value, absences), study.value
    if absences is not None and absences > ALLOWED_ABSENCES:
        fine = bool(conduct) and academic is not None and academic >= Academic.AVERAGE
        lifts = (Lift(Outcome.PROMOTED, (("#absences", ALLOWED_ABSENCES),)),) if fine else ()
        return Trace("58.promotion", int(Outcome.RETAINED), "", term, inputs, (("absences", absences),), lifts)
    missing = study.missing
    missing += () if conduct is not None else (Missing("", 0, "conduct"),)
    missing += () if absences is not None else (Missing("", 0, "absences"),)
    if conduct is None or academic is None or absences is None:
        return Trace("58.promotion", None, "", term, inputs, missing=missing)
    decided: list[tuple[object, ...]] = []
    if conduct < Conduct58.AVERAGE:
        decided.append(("conduct", conduct))
    if academic < Academic.AVERAGE:
        decided.append(("learning", academic))
    outcome = _outcome(conduct, academic, is_final=term == SUMMER)
    needed = {"conduct": Conduct58.AVERAGE, "learning": Academic.AVERAGE}
    changes = tuple((f"#{condition[0]}", int(needed[str(condition[0])])) for condition in decided)
    lifts = (Lift(int(Outcome.PROMOTED), changes),) if changes else ()
    return Trace("58.promotion", int(outcome), "", term, inputs, tuple(decided) or (("all_met",),), lifts)


def _outcome(conduct: int, academic: int, *, is_final: bool) -> Outcome:
    good_conduct, good_study = conduct >= Conduct58.AVERAGE, academic >= Academic.AVERAGE
    if good_conduct and good_study:
        return Outcome.PROMOTED
    if is_final or academic == Academic.POOR or not (good_conduct or good_study):
        return Outcome.RETAINED
    return Outcome.RETAKE if good_conduct else Outcome.SUMMER


def evaluate_term(pupil: PupilYear, term: int, readings: Readings = READINGS) -> TermResult:
    """Results of all subjects in the term, their average, học lực and the title."""
    subjects = term_subjects(SUBJECTS, pupil, term, readings)
    overall, study = learning(subjects, term, readings)
    return TermResult(by_code(subjects), study, overall, title(pupil.conduct[term - 1], study, term))


def evaluate_year(pupil: PupilYear, readings: Readings = READINGS) -> YearResult:
    """Everything that the year decides for one pupil."""
    first, second = evaluate_term(pupil, 1, readings), evaluate_term(pupil, 2, readings)
    subjects = year_subjects(SUBJECTS, pupil, first.subjects, second.subjects, readings)
    overall, study = learning(subjects, 0, readings)
    promoted = promotion(pupil.year_conduct, study, total_absences(pupil))
    retakes = retake_subjects(subjects) if promoted.value == Outcome.RETAKE else ()
    return YearResult(
        (first, second),
        by_code(subjects),
        study,
        _conduct(pupil.year_conduct, 0),
        promoted,
        title(pupil.year_conduct, study, 0),
        retakes,
        overall,
        _after_summer(pupil, subjects, promoted, retakes, readings),
    )


def _conduct(level: int | None, term: int) -> Trace:
    """Hạnh kiểm of the year: no formula, the homeroom teacher sets it, above all by the second term (Điều 4)."""
    missing = (Missing("", term, "conduct"),) if level is None else ()
    return Trace("58.conduct", level, "", term, missing=missing)


def _after_summer(
    pupil: PupilYear, subjects: Sequence[Graded], promoted: Trace, retakes: Sequence[str], readings: Readings
) -> AfterSummer | None:
    """Điều 16, 17: re-tested marks replace those of the year, the average and học lực are found again."""
    trained = promoted.value == Outcome.SUMMER and pupil.summer_conduct is not None
    if not trained and not (promoted.value == Outcome.RETAKE and pupil.retakes):
        return None
    renewed = replaced(subjects, pupil.retakes, retakes)
    overall, study = learning(renewed, SUMMER, readings, adjust=trained or readings.adjust_after_retest)
    level = pupil.summer_conduct if trained else pupil.year_conduct
    final = promotion(level, study, total_absences(pupil), SUMMER)
    return AfterSummer(by_code(renewed), study, _conduct(level, SUMMER), final, overall)
