"""The pure test and the SQL of every rule agree on the same rows."""

from datetime import date, timedelta
from random import Random

import pytest

from khue.base.core.scope import open_scope
from khue.school.checks.rules import SUBJECTS
from khue.school.checks.selectors import _select, all_faulty, context_of, faulty, health_by_school
from khue.school.registry.models import StatusChange
from khue.testing import factories

pytestmark = pytest.mark.django_db


def some_pupil(rng, school, rooms):
    sex, year = rng.choice("01"), rng.randint(2009, 2023)
    number = factories.personal_number(rng.choice("01"), year + rng.choice([0, 0, 1]), rng.randrange(10**6))
    status = rng.choice([str(n) for n in range(1, 13)] + ["1"] * 12)
    return factories.pupil(
        school,
        rng.choice([*rooms, None]),
        full_name=rng.choice(["An", "Bình"]),
        sex=sex,
        birth_date=date(year, rng.randint(1, 12), rng.randint(1, 28)),
        personal_number=rng.choice([None, number, number[:11], f"999{number[3:]}"]),
        ministry_id=rng.choice([None, f"{rng.randrange(10**10):010d}", f"{rng.randrange(10**9)}"]),
        ethnicity=rng.choice(["01", "55", "99", ""]),
        nationality=rng.choice(["VN", "", "??"]),
        status=status,
        on=rng.choice([None, date(2026, 8, 1) + timedelta(rng.randrange(364))]),
        enrolment={
            "policies": rng.choice([[], ["ho_ngheo"], ["ho_can_ngheo", "khuyet_tat"], ["mo_coi"]]),
            "poverty": rng.choice(["", "ngheo", "can_ngheo"]),
            "disability": rng.choice(["", "01"]),
            "inclusion": rng.random() < 0.4,
            "over_age_reason": rng.choice(["", "học lại"]),
            "entry": rng.choice(["", "tuyen_moi", "1"]),
        },
    )


@pytest.fixture
def many(make_school):
    rng = Random(11)
    school = make_school("74300001", levels=["MN", "TH", "THCS"], ownership="8")
    staff = [
        factories.staff(
            school, group=rng.choice("123"), job=rng.choice(["01", "gv", "17", "x"]),
            subject=rng.choice(["", "toan", "?"]),
            qualification=rng.choice(["07", "16"]), status=rng.choice("1234"), contract=rng.choice("19"),
            left_on=rng.choice([None, None, date(2026, 9, 1)]),
            person={
                "sex": rng.choice("01"),
                "personal_number": rng.choice(["074", "999"]) + factories.personal_number("1", 1985, n)[3:],
            },
        )
        for n in range(20)
    ]  # fmt: skip
    rooms = [
        factories.school_class(
            school, f"L{n}", grade=grade, combined=rng.random() < 0.2, homeroom=rng.choice([None, *staff[:3]]),
            inclusion=rng.choice(["", "chuyen_biet", "x"]), shift=rng.choice(["", "ca_ngay", "x"]),
        )
        for n, grade in enumerate([1, 5, 6, 9, 13, 14, 15, 16, 17, 18] * 2)
    ]  # fmt: skip
    for _ in range(120):
        some_pupil(rng, school, rooms[:12])
    for _ in range(16):
        factories.pupil(school, rooms[4], full_name="Lê An", birth_date=date(2026, 1, 5))
    again = some_pupil(rng, school, rooms)
    with open_scope([school.pk]):
        for status, day in (("4", date(2026, 10, 1)), ("1", date(2026, 10, 20))):
            StatusChange.objects.create(
                school=school, enrolment=again, status=status, on=day, effective_on=day, reason="01"
            )
    for n in range(5):
        factories.room(school, f"P{n}", kind=rng.choice(["phong_hoc", "01"]), structure="kien_co")
    return school


@pytest.mark.parametrize("subject", list(SUBJECTS))
def test_both_forms_of_every_rule_agree(many, subject):
    what = SUBJECTS[subject]
    with open_scope([many.pk]):
        context = context_of(2026)
        rows = _select(what, context, [many.pk], "true")
        by_rule = health_by_school([many.pk], context=context)[many.pk][subject].by_rule
        for rule in what.rules:
            pure = {key for key, _school, _name, _note, facts in rows if rule.test(facts, context)}
            as_sql = [row[0] for row in _select(what, context, [many.pk], f"({rule.sql})")]
            assert set(as_sql) == pure, rule.key
            assert by_rule[rule.key] == len(pure)
            assert [item.id for item in faulty(what, rule, context, [many.pk])] == as_sql
            assert pure or rule.key == "V07", f"no row breaks {rule.key}"
        assert len(all_faulty(what, context, [many.pk])) == sum(by_rule.values())
