"""What both regulations of secondary schools share: results of a subject in a term and the year, shape of results.

Formulas (22/2021 Điều 9.1, 58/2011 Điều 10 as amended): ĐTBmhk = (ΣĐĐGtx + 2 × ĐĐGgk + 3 × ĐĐGck) / (số ĐĐGtx + 5),
ĐTBmcn = (ĐTBmhkI + 2 × ĐTBmhkII) / 3, the year from the rounded terms as they stand in the book.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .marks import Carried, Gap, PupilYear, Readings, Study, Subject, TermMarks, Value
from .numbers import rounded_mean
from .trace import Lift, Missing, Trace, all_missing

GRADES = range(6, 10)
"""Lớp 6 to 9."""
LEVEL = "THCS"

ALLOWED_ABSENCES = 45
"""Half days a year (buổi), with or without permission: 22/2021 Điều 12, 58/2011 Điều 15."""


PASS = 50
"""An average of the year under it may be re-assessed."""


class TermResult(NamedTuple):
    """Results of one term; ``overall`` and ``title`` exist in 58/2011 alone."""

    subjects: dict[str, Trace]
    learning: Trace
    overall: Trace | None = None
    title: Trace | None = None

    def traces(self) -> list[Trace]:
        return [*self.subjects.values(), *_existing(self.overall, self.learning, self.title)]


class AfterSummer(NamedTuple):
    """Results with what was re-assessed and the conduct after summer training; the year's own results stay."""

    subjects: dict[str, Trace]
    learning: Trace
    conduct: Trace
    promotion: Trace
    overall: Trace | None = None

    def traces(self) -> list[Trace]:
        replaced = [trace for trace in self.subjects.values() if trace.term == SUMMER]
        return [*replaced, *_existing(self.overall, self.learning, self.conduct, self.promotion)]


class YearResult(NamedTuple):
    """Results of both terms and the year; ``retakes``: subjects that may be re-assessed."""

    terms: tuple[TermResult, TermResult]
    subjects: dict[str, Trace]
    learning: Trace
    conduct: Trace
    promotion: Trace
    award: Trace
    retakes: tuple[str, ...] = ()
    overall: Trace | None = None
    after_summer: AfterSummer | None = None

    def traces(self) -> list[Trace]:
        """Every result with its explanation, in the order of the book."""
        year = [*self.subjects.values(), *_existing(self.overall, self.learning, self.conduct)]
        summer = self.after_summer.traces() if self.after_summer else []
        return [*self.terms[0].traces(), *self.terms[1].traces(), *year, self.promotion, self.award, *summer]


SUMMER = 3
"""The "term" of results after the summer."""

Graded = tuple[Subject, Trace]


class SubjectRules(NamedTuple):
    """What differs between the regulations in one subject: prefix of rule names, when a term of comments is Đạt."""

    prefix: str
    comment_passes: Callable[[Sequence[int]], bool]


def _existing(*traces: Trace | None) -> list[Trace]:
    return [trace for trace in traces if trace is not None]


def term_subjects(rules: SubjectRules, pupil: PupilYear, term: int, readings: Readings) -> list[Graded]:
    """Results of all subjects that are assessed in the term."""
    return [
        (study.subject, _term_subject(rules, study, term, readings))
        for study in pupil.studies
        if term not in study.without
    ]


def _term_subject(rules: SubjectRules, study: Study, term: int, readings: Readings) -> Trace:
    if study.parts:
        return _combined(rules, study, term, readings)
    entry = study.terms[term - 1]
    if isinstance(entry, Carried):
        rule = "average" if study.subject.kind == "score" else "comment"
        return Trace(rules.prefix + rule, entry.value, study.subject.code, term, decided=(("carried", entry.origin),))
    if study.subject.kind == "score":
        return term_average(rules.prefix + "average", study.subject, entry, term, readings)
    return _term_comment(rules, study, entry, term)


def term_average(rule: str, subject: Subject, marks: TermMarks, term: int, readings: Readings) -> Trace:
    """ĐTBmhk: 7, 8, 6, 9; 7,5; 8 → 69 / 9 → 7,7."""
    formative = _counted(marks.formative, zero=readings.absent_formative == "zero")
    midterm, final = _counted((marks.midterm,), zero=True), _counted((marks.final,), zero=True)
    if len(formative) < subject.formative or not midterm or not final:
        lacking = _lacking(subject, term, formative, midterm, final)
        return Trace(rule, None, subject.code, term, (formative, midterm, final), missing=lacking)
    value = rounded_mean(sum(formative) + 2 * midterm[0] + 3 * final[0], len(formative) + 5)
    return Trace(rule, value, subject.code, term, (formative, midterm, final), _notes(marks))


def _counted(marks: Iterable[object], *, zero: bool) -> tuple[int, ...]:
    """Marks that count; one missed for good counts 0 (Chưa đạt) where the rule says so."""
    return tuple(
        [
            mark if isinstance(mark, int) else 0
            for mark in marks
            if isinstance(mark, int) or (zero and mark is Gap.ABSENT)
        ]
    )


def _lacking(
    subject: Subject, term: int, formative: Sequence[int], midterm: Sequence[int], final: Sequence[int]
) -> tuple[Missing, ...]:
    fewer = subject.formative - len(formative)
    wanted = (("formative", max(fewer, 0)), ("midterm", 1 - len(midterm)), ("final", 1 - len(final)))
    return tuple(Missing(subject.code, term, what, count) for what, count in wanted if count)


def _notes(marks: TermMarks) -> tuple[tuple[object, ...], ...]:
    """What the reader must know of the marks: periodic ones missed for good, schools that they come from."""
    notes: tuple[tuple[object, ...], ...] = ()
    if Gap.ABSENT in (*marks.formative, marks.midterm, marks.final):
        notes += (("absent",),)
    if marks.origins:
        notes += (("origins", *dict.fromkeys(origin for origin in marks.origins if origin)),)
    return notes


def _term_comment(rules: SubjectRules, study: Study, marks: TermMarks, term: int) -> Trace:
    """Đạt / Chưa đạt of a term; one missed for good is Chưa đạt, as the required number is not reached without it."""
    rule, subject = rules.prefix + "comment", study.subject
    formative, midterm, final = (
        _counted(part, zero=True) for part in (marks.formative, (marks.midterm,), (marks.final,))
    )
    lacking = _lacking(subject, term, formative, midterm, final)
    results = (*formative, *midterm, *final)
    notes = _notes(marks) + ((("theory",),) if study.practice_exempt else ())
    if lacking:
        return Trace(rule, None, subject.code, term, results, notes, missing=lacking)
    passed = rules.comment_passes(results)
    lifts = () if passed else (Lift(True, _comment_lift(rules, results)),)
    return Trace(rule, passed, subject.code, term, results, notes, lifts)


def _comment_lift(rules: SubjectRules, results: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """Fewest results that would have to be Đạt, the end-of-term one first: it must be in 58/2011."""
    failed = [place for place in range(len(results) - 1, -1, -1) if not results[place]]
    for count in range(1, len(failed) + 1):
        mended = [bool(result) or place in failed[:count] for place, result in enumerate(results)]
        if rules.comment_passes(mended):
            return (("#assessments", count),)
    return (("#assessments", len(failed)),)


def _combined(rules: SubjectRules, study: Study, term: int, readings: Readings) -> Trace:
    """[check] Nghệ thuật is Đạt when every content (Âm nhạc, Mĩ thuật) is."""
    parts = [_term_subject(rules, part, term, readings) for part in study.parts if term not in part.without]
    inputs = tuple((part.subject, part.value) for part in parts)
    missing = all_missing(parts)
    value = None if missing else all(part.value for part in parts)
    return Trace(rules.prefix + "combined", value, study.subject.code, term, inputs, missing=missing)


def year_subjects(
    rules: SubjectRules, pupil: PupilYear, first: Mapping[str, Trace], second: Mapping[str, Trace], readings: Readings
) -> list[Graded]:
    """Results of the year for all subjects that are assessed in at least one term."""
    return [
        (study.subject, _year_subject(rules, study.subject, one, two, readings))
        for study in pupil.studies
        for one, two in ((first.get(study.subject.code), second.get(study.subject.code)),)
        if one or two
    ]


def _year_subject(
    rules: SubjectRules, subject: Subject, first: Trace | None, second: Trace | None, readings: Readings
) -> Trace:
    if subject.kind == "comment" and second is not None:
        rule = rules.prefix + "year_comment"
        return Trace(rule, second.value, subject.code, 0, (first and first.value, second.value), missing=second.missing)
    if first is None or second is None:
        return _lone_term(rules, subject, first, second, readings)
    rule, inputs = rules.prefix + "year_average", (first.value, second.value)
    if first.value is None or second.value is None:
        return Trace(rule, None, subject.code, 0, inputs, missing=first.missing + second.missing)
    return Trace(rule, rounded_mean(first.value + 2 * second.value, 3), subject.code, 0, inputs)


def _lone_term(
    rules: SubjectRules, subject: Subject, first: Trace | None, second: Trace | None, readings: Readings
) -> Trace:
    """Studied or assessed in one term alone: 58/2011 Điều 12 takes that term's result, 22/2021 has no rule [check]."""
    only = first or second
    assert only is not None
    rule = rules.prefix + ("year_average" if subject.kind == "score" else "year_comment")
    inputs, lone = (first and first.value, second and second.value), (("lone_term", only.term),)
    if readings.lone_term == "studied":
        return Trace(rule, only.value, subject.code, 0, inputs, lone, missing=only.missing)
    return Trace(rule, None, subject.code, 0, inputs, lone, missing=(Missing(subject.code, 0, "school_decides"),))


def retake_subjects(subjects: Sequence[Graded]) -> tuple[str, ...]:
    """Comments Chưa đạt and averages of the year under 5,0 may be re-assessed (22/2021 Điều 14, 58/2011 Điều 16)."""
    return tuple(
        subject.code
        for subject, trace in subjects
        if trace.value is not None and (not trace.value if subject.kind == "comment" else trace.value < PASS)
    )


def replaced(subjects: Sequence[Graded], retakes: Mapping[str, Value], eligible: Iterable[str]) -> list[Graded]:
    """Year results with those of a re-assessment in place of the old ones; other subjects stay as they are."""
    allowed = set(eligible) & set(retakes)
    return [
        (
            subject,
            Trace(trace.rule[:3] + "retake", retakes[subject.code], subject.code, SUMMER, (trace.value,))
            if subject.code in allowed
            else trace,
        )
        for subject, trace in subjects
    ]


def total_absences(pupil: PupilYear) -> int | None:
    """Absences of all schools of the year add up: 28 at one and 17 at the next are 45."""
    return None if pupil.absences is None else sum(count for _, count in pupil.absences)


def by_code(subjects: Sequence[Graded]) -> dict[str, Trace]:
    return {subject.code: trace for subject, trace in subjects}
