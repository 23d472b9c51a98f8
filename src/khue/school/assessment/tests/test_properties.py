"""Properties of the rules: bounds, a better mark never worsens anything, order does not matter, bulk is single."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.school.assessment.rules import tt22_2021 as tt22
from khue.school.assessment.rules import tt27_2020 as tt27
from khue.school.assessment.rules import tt30_2014 as tt30
from khue.school.assessment.rules import tt58_2011 as tt58
from khue.school.assessment.rules.marks import PupilYear, Study, Subject, TermMarks
from khue.school.assessment.rules.primary import PrimaryPupil, PrimarySubject
from khue.school.assessment.rules.trace import Trace, unpack
from khue.school.assessment.rules.wording import to_dict

READINGS = ("made_good", "others_alone")
PUPILS = settings(max_examples=60, deadline=None)
# marks near thresholds, where levels change
MARKS = st.one_of(st.integers(0, 100), st.sampled_from([19, 20, 34, 35, 49, 50, 64, 65, 79, 80, 89, 90]))


def terms(marks):
    entry = st.tuples(st.tuples(marks, marks), marks, marks).map(lambda parts: TermMarks(*parts))
    return st.tuples(entry, entry)


@st.composite
def pupils(draw, subjects=(6, 9)):
    count = draw(st.integers(*subjects))
    # one level of ability, so that high levels and single subjects at fault come up
    ability = draw(st.integers(0, 90))
    marks = st.one_of(MARKS, st.integers(ability, min(ability + 15, 100)))
    studies = [Study(Subject(f"s{n}", "score", 2, n < 3), draw(terms(marks))) for n in range(count)]
    comments = [
        Study(Subject(f"c{n}", "comment", 2), draw(terms(st.sampled_from([True, True, True, False])))) for n in range(3)
    ]
    conduct = draw(st.tuples(*[st.integers(0, 3)] * 3))
    absences = draw(st.integers(0, 50))
    return PupilYear((*studies, *comments), conduct[:2], (("", absences),), conduct[2])


def results(module, pupil, reading):
    """Everything that must not fall when a mark rises."""
    year = module.evaluate_year(pupil, replace(module.READINGS, adjustment=reading))
    traces = year.traces()
    assert all(trace.value is not None for trace in traces)
    return {(trace.rule, trace.subject, trace.term): trace.value for trace in traces}


def raised(pupil, place, term, which):
    """The pupil with one mark a tenth higher, or one comment Đạt."""
    study = pupil.studies[place % len(pupil.studies)]
    entry = study.terms[term]
    marks = [*entry.formative, entry.midterm, entry.final]
    old = marks[which % len(marks)]
    marks[which % len(marks)] = True if isinstance(old, bool) else min(old + 1, 100)
    changed = TermMarks(tuple(marks[:-2]), marks[-2], marks[-1])
    entries = (changed, study.terms[1]) if term == 0 else (study.terms[0], changed)
    studies = [study._replace(terms=entries) if other is study else other for other in pupil.studies]
    return pupil._replace(studies=tuple(studies))


@pytest.mark.parametrize("module", [tt22, tt58], ids=["22", "58"])
class TestSecondary:
    @PUPILS
    @given(
        pupil=pupils(),
        reading=st.sampled_from(READINGS),
        place=st.integers(0, 11),
        term=st.integers(0, 1),
        which=st.integers(0, 3),
    )
    def test_a_better_mark_never_worsens_a_result(self, module, pupil, reading, place, term, which):
        before = results(module, pupil, reading)
        after = results(module, raised(pupil, place, term, which), reading)
        assert all(after[key] >= value for key, value in before.items())

    @PUPILS
    @given(pupil=pupils(), term=st.integers(0, 2))
    def test_better_conduct_never_worsens_a_result(self, module, pupil, term):
        conduct = [*pupil.conduct, pupil.year_conduct]
        conduct[term] = min(conduct[term] + 1, 3)
        better = pupil._replace(conduct=tuple(conduct[:2]), year_conduct=conduct[2])
        before, after = (results(module, p, "made_good") for p in (pupil, better))
        assert all(after[key] >= value for key, value in before.items())

    @PUPILS
    @given(pupil=pupils())
    def test_averages_lie_between_the_marks(self, module, pupil):
        year = module.evaluate_year(pupil)
        for study in pupil.studies:
            if study.subject.kind == "score":
                marks = [m for entry in study.terms for m in (*entry.formative, entry.midterm, entry.final)]
                assert min(marks) <= year.subjects[study.subject.code].value <= max(marks)

    @PUPILS
    @given(pupil=pupils(), data=st.data())
    def test_order_does_not_matter(self, module, pupil, data):
        studies = data.draw(st.permutations(pupil.studies))
        turned = tuple(
            study._replace(terms=tuple(entry._replace(formative=entry.formative[::-1]) for entry in study.terms))
            for study in studies
        )
        assert results(module, pupil, "made_good") == results(module, pupil._replace(studies=turned), "made_good")

    @PUPILS
    @given(pupil=pupils(), reading=st.sampled_from(READINGS))
    def test_every_change_that_is_named_does_lift(self, module, pupil, reading):
        readings = replace(module.READINGS, adjustment=reading)
        year = module.evaluate_year(pupil, readings)
        for lift in year.learning.lifts:
            changes = dict(lift.changes)
            if "#overall" in changes:
                continue  # the average over subjects may rise in many ways
            assert level_with(module, pupil, year, changes, readings) >= lift.value > year.learning.value

    @PUPILS
    @given(pupil=pupils(), reading=st.sampled_from(READINGS))
    def test_a_tenth_less_would_not_lift(self, module, pupil, reading):
        readings = replace(module.READINGS, adjustment=reading)
        year = module.evaluate_year(pupil, readings)
        for lift in year.learning.lifts:
            (code, needed), *more = lift.changes
            if not more and not isinstance(needed, bool) and not code.startswith("#"):
                assert level_with(module, pupil, year, {code: needed - 1}, readings) == year.learning.value

    @PUPILS
    @given(pupil=pupils(), missing=st.integers(0, 8), term=st.integers(0, 1))
    def test_nothing_is_guessed(self, module, pupil, missing, term):
        study = pupil.studies[missing % len(pupil.studies)]
        entries = list(study.terms)
        entries[term] = entries[term]._replace(final=None)
        studies = [study._replace(terms=tuple(entries)) if other is study else other for other in pupil.studies]
        result = module.evaluate_year(pupil._replace(studies=tuple(studies))).terms[term]
        assert result.learning.value is None
        assert [item.subject for item in result.learning.missing] == [study.subject.code]

    @PUPILS
    @given(pupil=pupils())
    def test_a_stored_trace_says_the_same(self, module, pupil):
        for trace in module.evaluate_year(pupil).traces():
            stored = unpack(json.loads(json.dumps(trace)))
            assert stored == trace
            assert to_dict(stored) == to_dict(trace)

    @PUPILS
    @given(many=st.lists(pupils(), min_size=2, max_size=5))
    def test_one_after_the_other_is_each_alone(self, module, many):
        together = [module.evaluate_year(pupil) for pupil in many]
        for remembered in (
            tt22.base_level,
            tt22.adjusted_level,
            tt22.lifting_moves,
            tt58.base_level,
            tt58.adjusted_level,
        ):
            remembered.cache_clear()
        assert [module.evaluate_year(pupil) for pupil in reversed(many)] == together[::-1]


def level_with(module, pupil, year, changes, readings):
    """The level of the year if results of the year were others."""
    subjects = [
        (study.subject, Trace("", changes.get(study.subject.code, year.subjects[study.subject.code].value)))
        for study in pupil.studies
    ]
    found = module.learning(subjects, 0, readings)
    return (found[1] if isinstance(found[0], Trace) else found).value


@st.composite
def primary_pupils(draw):
    good = st.sampled_from([2, 2, 2, 1, 0])
    subjects = [PrimarySubject(f"s{n}", draw(good), n < 4, (draw(st.integers(3, 10)),)) for n in range(6)]
    traits = [(f"t{n}", draw(good)) for n in range(4)]
    return PrimaryPupil(5, tuple(subjects), tuple(traits), draw(st.booleans()), draw(st.booleans()))


def primary_results(module, pupil):
    result = module.evaluate_year(pupil)
    return [trace.value for trace in result.traces()] + [result.complete_primary]


@pytest.mark.parametrize("module", [tt27, tt30], ids=["27", "30"])
class TestPrimary:
    @PUPILS
    @given(
        pupil=primary_pupils(), place=st.integers(0, 5), what=st.sampled_from(["level", "test", "trait", "recognised"])
    )
    def test_a_better_rating_never_worsens_a_result(self, module, pupil, place, what):
        subjects, traits = list(pupil.subjects), list(pupil.traits)
        subject = subjects[place]
        if what == "level":
            subjects[place] = subject._replace(level=min(subject.level + 1, 2))
        elif what == "test":
            subjects[place] = subject._replace(attempts=(min(subject.attempts[0] + 1, 10),))
        elif what == "trait":
            traits[place % 4] = (traits[place % 4][0], min(traits[place % 4][1] + 1, 2))
        better = pupil._replace(
            subjects=tuple(subjects), traits=tuple(traits), recognised=pupil.recognised or what == "recognised"
        )
        pairs = zip(primary_results(module, pupil), primary_results(module, better), strict=True)
        assert all(after >= before for before, after in pairs)

    @PUPILS
    @given(pupil=primary_pupils(), data=st.data())
    def test_order_does_not_matter(self, module, pupil, data):
        turned = pupil._replace(
            subjects=tuple(data.draw(st.permutations(pupil.subjects))),
            traits=tuple(data.draw(st.permutations(pupil.traits))),
        )
        assert primary_results(module, pupil) == primary_results(module, turned)

    @PUPILS
    @given(pupil=primary_pupils())
    def test_a_stored_trace_says_the_same(self, module, pupil):
        for trace in module.evaluate_year(pupil).traces():
            assert to_dict(unpack(json.loads(json.dumps(trace)))) == to_dict(trace)
