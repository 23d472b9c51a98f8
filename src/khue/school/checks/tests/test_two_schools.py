"""V07: told to both schools and the office, with the other school's name and since when, and nothing else."""

from datetime import date

import pytest

from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.school.checks.rules import SUBJECTS
from khue.school.checks.selectors import context_of, faulty, health_by_school
from khue.school.registry.models import Enrolment, StatusChange
from khue.testing import factories

pytestmark = pytest.mark.django_db
PUPILS = SUBJECTS["pupils"]


def second_enrolment(first, school, status, on):
    """The office enrols a pupil that it can see; a school alone would be refused (V07 at entry)."""
    with open_scope([first.school_id, school.pk], all_schools=True):
        enrolment = Enrolment.objects.create(school=school, pupil_id=first.pupil_id, year=2026)
        StatusChange.objects.create(school=school, enrolment=enrolment, status=status, on=on, effective_on=on)
    return enrolment


def leave(enrolment, day):
    with open_scope([enrolment.school_id]):
        StatusChange.objects.create(
            school_id=enrolment.school_id, enrolment=enrolment, status="3", on=day, effective_on=day, other_school="B"
        )


def doubles(*schools):
    with open_scope([s.pk for s in schools]):
        return query("SELECT * FROM checks_two_schools(%s, 2026) ORDER BY 1", [[s.pk for s in schools]])


def test_both_schools_see_it_and_the_office_sees_both(school, other_school):
    first = factories.pupil(school, factories.school_class(school))
    second = second_enrolment(first, other_school, "2", date(2026, 10, 1))
    assert doubles(school) == [(first.pk, other_school.name, date(2026, 10, 1))]
    assert doubles(other_school) == [(second.pk, school.name, date(2026, 10, 1))]
    assert len(doubles(school, other_school)) == 2
    with open_scope([school.pk]):
        [item] = faulty(PUPILS, PUPILS.rule("V07"), context_of(2026), [school.pk])
    assert item.fault.message.startswith(f"Em cũng đang học ở {other_school.name} từ 01/10/2026")


def test_leaving_first_and_coming_the_same_day_is_right(school, other_school):
    first = factories.pupil(school)
    leave(first, date(2026, 10, 1))
    second_enrolment(first, other_school, "2", date(2026, 10, 1))
    assert doubles(school, other_school) == []


def test_a_past_overlap_is_found_too(school, other_school):
    first = factories.pupil(school)
    leave(first, date(2026, 10, 20))
    second_enrolment(first, other_school, "2", date(2026, 10, 5))
    assert [row[2] for row in doubles(school, other_school)] == [date(2026, 10, 5)] * 2


def test_who_has_only_a_leaving_status_was_there_before(school, other_school):
    first = factories.pupil(school, status="3", on=date(2026, 10, 20))
    second_enrolment(first, other_school, "2", date(2026, 10, 5))
    assert [row[2] for row in doubles(school)] == [date(2026, 10, 5)]


def test_the_function_answers_only_for_the_caller_s_schools(school, other_school):
    first = factories.pupil(school)
    second_enrolment(first, other_school, "2", date(2026, 10, 1))
    with open_scope([other_school.pk]):
        assert query("SELECT * FROM checks_two_schools(%s, 2026)", [[school.pk]]) == []
    assert query("SELECT * FROM checks_two_schools(%s, 2026)", [[school.pk, other_school.pk]]) == []


def test_it_counts_as_an_error_of_each_school(school, other_school):
    first = factories.pupil(school, factories.school_class(school))
    second_enrolment(first, other_school, "2", date(2026, 10, 1))
    ids = [school.pk, other_school.pk]
    with open_scope(ids, all_schools=True):
        found = health_by_school(ids, year=2026)
    assert [found[i]["pupils"].by_rule["V07"] for i in ids] == [1, 1]
