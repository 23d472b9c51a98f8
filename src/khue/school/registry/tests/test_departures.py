"""Departures: entered by mistake and corrected, in the future, and the night when their day has come."""

from datetime import date, timedelta

import pytest

from khue.base.core.scope import open_scope
from khue.base.org.rules import usual_calendar
from khue.school.registry.jobs import refresh_due_job
from khue.school.registry.models import Enrolment, Pupil, StatusChange
from khue.school.registry.services.pupils import change_status
from khue.testing import factories

pytestmark = pytest.mark.django_db
CALENDAR = usual_calendar(2026)


@pytest.fixture
def enrolment(school):
    return factories.pupil(school, factories.school_class(school), full_name="Đỗ Hoàng An")


def change(enrolment, status, on=None, **more):
    with open_scope([enrolment.school_id]):
        fresh = Enrolment.objects.get(pk=enrolment.pk)
        change_status(enrolment=fresh, calendar=CALENDAR, status=status, on=on, **more)
        return Enrolment.objects.get(pk=enrolment.pk)


def test_a_departure_by_mistake_is_corrected_and_the_class_goes_on(enrolment, school):
    gone = change(enrolment, "3", date(2026, 9, 20), other_school="Trường khác")
    assert (gone.status, gone.current_class_id) == ("3", None)
    back = change(enrolment, "1")
    assert (back.status, back.current_class_id, back.frozen) == ("1", enrolment.current_class_id, None)
    with open_scope([school.pk]):
        assert Pupil.objects.get().full_name == "Đỗ Hoàng An"
        assert back.placements.get().until is None


def test_a_future_departure_leaves_the_class_until_its_day(enrolment, school):
    tomorrow = date.today() + timedelta(days=1)
    if not CALENDAR.term1[0] <= tomorrow < CALENDAR.term2[0]:
        tomorrow = date(2026, 12, 31)
    later = change(enrolment, "4", tomorrow, reason="06")
    expected = enrolment.current_class_id if tomorrow > date.today() else None
    assert later.current_class_id == expected
    with open_scope([school.pk]):
        assert Pupil.objects.count() == (1 if tomorrow > date.today() else 0)


def test_the_nightly_job_hides_whoever_has_left_by_now(enrolment, school):
    with open_scope([school.pk]):
        StatusChange.objects.create(
            school=school,
            enrolment=enrolment,
            status="3",
            on=date(2026, 9, 20),
            effective_on=date.today() + timedelta(days=3),
        )
        assert Pupil.objects.count() == 1
        # the days pass: what lay ahead lies behind
        StatusChange.objects.filter(status="3").update(effective_on=date.today() - timedelta(days=1))
    refresh_due_job(timestamp=0)
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 0


def test_a_departure_counts_though_the_year_before_was_never_closed(enrolment, school):
    with open_scope([school.pk]):
        old = Enrolment.objects.create(school=school, pupil=enrolment.pupil, year=2025)
        StatusChange.objects.create(school=school, enrolment=old, status="1", effective_on=date(2025, 8, 1))
    gone = change(enrolment, "3", date(2026, 9, 20), other_school="Trường khác")
    with open_scope([school.pk]):
        assert not Pupil.objects.exists()
        assert gone.frozen["full_name"] == "Đỗ Hoàng An"
        assert Enrolment.objects.get(pk=old.pk).frozen == gone.frozen
