"""Both school years come into the database: each person once, seen by the school where they are."""

import pytest
from django.db import connection

from khue.base.accounts.models import User
from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.demo.generator import Maker
from khue.demo.load import load
from khue.school.registry.models import Enrolment, Position, Pupil, SchoolClass

from .conftest import DAY

pytestmark = pytest.mark.django_db

STILL_SEEN = """
SELECT count(*) FROM registry_enrolment e JOIN registry_pupil p ON p.id = e.pupil_id
WHERE e.year = 2026 AND e.status IN ('3', '4', '8', '9', '11', '12') AND e.school_id = ANY (p.school_ids)
"""
NOT_ONE_LOWER = """
SELECT count(*) FROM registry_enrolment e JOIN registry_schoolclass c ON c.id = e.current_class_id
JOIN registry_enrolment o ON o.school_id = e.school_id AND o.pupil_id = e.pupil_id AND o.year = 2025
JOIN registry_placement l ON l.enrolment_id = o.id JOIN registry_schoolclass d ON d.id = l.school_class_id
WHERE e.year = 2026 AND c.grade - d.grade <> CASE e.entry WHEN 'luu_ban' THEN 0 ELSE 1 END
"""


def test_both_years_agree_and_each_person_is_there_once(db):
    maker = Maker(seed=1, year=2026, day=DAY, faults=True)
    said: list[str] = []
    told = load(maker, tell=said.append)
    assert len(said) == 12
    assert "trường 6/6" in said[-1]
    assert {name for name, *_ in told} == set(User.objects.values_list("username", flat=True))
    with open_scope(School.objects.values_list("pk", flat=True), all_schools=True):
        data = [maker.school(n) for n in range(6)], [maker.before(n) for n in range(6)]
        for year, schools in zip((2026, 2025), data, strict=True):
            assert Enrolment.objects.filter(year=year).count() == sum(len(s.pupils) for s in schools)
            assert SchoolClass.objects.filter(year=year).count() == sum(len(s.classes) for s in schools)
        assert Position.objects.count() == sum(len(s.staff) for s in data[0])
        people = {
            (p["full_name"], p["birth_date"], p["personal_number"]) for year in data for s in year for p in s.pupils
        }
        assert Pupil.objects.count() == len(people)
        with connection.cursor() as cursor:
            # rows of this transaction have no statistics yet: a join row by row could take minutes
            cursor.execute("SET LOCAL enable_nestloop = off")
        assert query(STILL_SEEN) == [(0,)]
        assert query(NOT_ONE_LOWER) == [(0,)]
        two_schools = query("SELECT count(*) FROM (SELECT 1 FROM registry_enrolment GROUP BY pupil_id"
                            " HAVING count(DISTINCT school_id) = 2) t")  # fmt: skip
        assert two_schools[0][0] > 250


def test_an_interrupted_city_goes_on_where_it_was(db, monkeypatch):
    maker = Maker(seed=1, year=2026, day=DAY)
    maker.plans = maker.plans[:3]
    made: list[int] = []
    before = maker.before

    def stop(n: int):
        made.append(n)
        if len(made) == 3:
            raise KeyboardInterrupt
        return before(n)

    monkeypatch.setattr(maker, "before", stop)
    monkeypatch.setattr(maker, "_going_on", lambda n: [])
    with pytest.raises(KeyboardInterrupt):
        load(maker, tell=lambda _: None)
    load(maker, tell=lambda _: None)
    assert made == [0, 1, 2, 2]
    with open_scope(School.objects.values_list("pk", flat=True), all_schools=True):
        assert Enrolment.objects.filter(year=2026).values("school").distinct().count() == 3
