"""Each rule with what is right, wrong and at the border (sector-database §6)."""

from datetime import date

import pytest

from khue.school.checks.rules import (
    SUBJECTS,
    ClassFacts,
    PupilFacts,
    RoomFacts,
    SchoolFacts,
    StaffFacts,
    check_class,
    check_pupil,
    check_staff,
)
from khue.school.checks.rules.pupils import agreeing_number, months_on_30_september

BOY = {"sex": "1", "birth_date": date(2015, 3, 14), "birth_year": 2015, "grade": 6, "ethnicity": "01"}


def keys(found):
    return {rule.key: fault.field for rule, fault in found}


def pupil(context, **values):
    return keys(check_pupil(PupilFacts(**{**BOY, **values}), context))


def child(context, grade, born, **values):
    return pupil(context, grade=grade, birth_date=born, birth_year=born.year, **values)


def test_a_pupil_in_order_breaks_no_rule(context):
    assert pupil(context, personal_number="074215000001", ministry_id="7400000001", status="1") == {}


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"twins": 2}, {"V01": "full_name"}),
        ({"twins": 2, "birth_date": None}, {}),
        ({"ministry_id": "400000001"}, {"V01-ma": "ministry_id"}),
        ({"ministry_id": "40000000AB"}, {"V01-ma": "ministry_id"}),
        ({"ministry_id": None}, {}),
        ({"personal_number": "074315000001"}, {"V02": "personal_number"}),
        ({"personal_number": "074214000001"}, {"V02": "personal_number"}),
        ({"personal_number": "07421500001"}, {"V02": "personal_number"}),
        ({"personal_number": "07421500000x"}, {"V02": "personal_number"}),
        ({"personal_number": "074215000001", "birth_year": None, "birth_date": None}, {}),
        ({"personal_number": "300215000001"}, {"V02-tinh": "personal_number"}),
        ({"personal_number": None}, {}),
    ],
)
def test_identifiers(context, values, broken):
    assert pupil(context, **values) == broken


def test_the_number_that_would_be_right():
    assert agreeing_number("074213006518", "0", 2013) == "074313006518"
    assert agreeing_number("074215002764", "1", 2014) == "074214002764"
    assert agreeing_number("074185002764", "1", None) == "074085002764"


@pytest.mark.parametrize(
    ("birth_year", "reason", "broken"),
    [
        (2015, "", {}),
        (2016, "", {}),
        (2017, "", {"V03": "birth_date"}),
        (2012, "", {}),
        (2011, "", {"V03": "over_age_reason"}),
        (2011, "học lại sau bệnh", {}),
        (2017, "học vượt", {"V03": "birth_date"}),
    ],
)
def test_age_for_grade_one_year_early_to_three_years_late(context, birth_year, reason, broken):
    assert pupil(context, birth_year=birth_year, birth_date=None, over_age_reason=reason) == broken


@pytest.mark.parametrize(
    ("grade", "born", "broken"),
    [
        (16, date(2023, 1, 1), {}),
        (16, date(2023, 12, 31), {}),
        (16, date(2024, 1, 1), {"V04": "birth_date"}),
        (16, date(2022, 6, 30), {}),
        (16, date(2022, 5, 31), {"V04": "birth_date"}),
        (13, date(2026, 9, 30), {}),
        (15, date(2024, 9, 1), {}),
        (18, date(2019, 9, 1), {"V04": "birth_date"}),
    ],
)
def test_months_of_age_in_kindergarten(context, grade, born, broken):
    assert child(context, grade, born) == broken
    assert child(context, grade, born, combined=True) == {}


def test_months_are_whole_on_the_last_day_of_september():
    assert months_on_30_september(date(2022, 9, 30), 2026) == 48
    assert months_on_30_september(date(2022, 10, 1), 2026) == 47
    assert months_on_30_september(date(2023, 12, 31), 2026) == 33


@pytest.mark.parametrize(
    ("status", "on", "broken"),
    [
        ("2", date(2026, 9, 5), False),
        ("2", date(2026, 9, 4), True),
        ("3", date(2027, 1, 17), False),
        ("3", date(2027, 1, 18), True),
        ("6", date(2027, 1, 18), False),
        ("8", date(2027, 5, 31), False),
        ("8", date(2027, 6, 1), True),
        ("10", date(2026, 8, 1), False),
        ("10", date(2026, 9, 5), True),
        ("12", date(2027, 6, 1), False),
        ("12", date(2027, 8, 1), True),
        ("4", None, True),
        ("1", None, False),
    ],
)
def test_the_date_lies_in_the_term_that_the_status_names(context, status, on, broken):
    found = pupil(context, status=status, on=on, reason="01", other_school="Trường X", active=False)
    assert ("V05" in found) == broken


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"status": "3", "on": date(2026, 10, 5)}, {"V06": "other_school"}),
        ({"status": "3", "on": date(2026, 10, 5), "other_school": "Trường X"}, {}),
        ({"status": "4", "on": date(2026, 10, 5)}, {"V06": "reason"}),
        ({"status": "4", "on": date(2026, 10, 5), "reason": "01"}, {}),
        ({"former": "4", "status": "5", "on": date(2026, 10, 5)}, {}),
        ({"former": "4", "status": "1"}, {"V06": "status"}),
        ({"former": "3", "status": "1"}, {}),
    ],
)
def test_leaving_has_a_destination_or_a_reason(context, values, broken):
    assert pupil(context, **values) == broken


def test_a_pupil_learns_at_one_school(context):
    assert pupil(context, elsewhere="Trường B", elsewhere_since=date(2026, 10, 1)) == {"V07": "status"}


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"disability": "01", "inclusion": True}, {}),
        ({"inclusion": True}, {"V08": "disability"}),
        ({"policies": ["khuyet_tat"]}, {"V08": "disability"}),
        ({"policies": ["ho_ngheo"], "poverty": "ngheo"}, {}),
        ({"policies": ["ho_ngheo"]}, {"V08": "poverty"}),
        ({"poverty": "can_ngheo"}, {"V08": "poverty"}),
        ({"policies": ["ho_ngheo"], "poverty": "can_ngheo"}, {"V08": "poverty"}),
        ({"policies": ["ho_ngheo"], "active": False}, {}),
        ({"disability": "01"}, {"V08-hn": "inclusion"}),
        ({"disability": "01", "special": True}, {}),
    ],
)
def test_support_agrees(context, values, broken):
    assert pupil(context, **values) == broken


def test_who_studies_has_a_class(context):
    assert pupil(context, grade=None) == {"V09": "current_class"}
    assert pupil(context, grade=None, active=False) == {}


def test_codes_stand_in_the_lists_in_force(context):
    assert pupil(context, ethnicity="99") == {"V15": "ethnicity"}
    assert pupil(context, ethnicity="", nationality="VN") == {}


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"grade": 6, "size": 45}, {}),
        ({"grade": 6, "size": 46}, {"V09-siso": "size"}),
        ({"grade": 5, "size": 36}, {"V09-siso": "size"}),
        ({"grade": 18, "size": 35}, {}),
        ({"grade": 13, "size": 16}, {"V09-siso": "size"}),
        ({"grade": 6, "size": 0}, {"V09": "size"}),
        ({"grade": 6, "homeroom": None}, {"V10": "homeroom"}),
        ({"grade": 6, "homeroom_here": False}, {"V10-lam": "homeroom"}),
        ({"grade": 6, "homerooms": 2}, {"V10-mot": "homeroom"}),
        ({"grade": 16, "homerooms": 2}, {}),
        ({"grade": 6, "shift": "dem"}, {"V15": "shift"}),
    ],
)
def test_classes(context, values, broken):
    assert keys(check_class(ClassFacts(**{"homeroom": 1, **values}), context)) == broken


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({}, {}),
        ({"subject": ""}, {"V11": "subject"}),
        ({"group": "3", "job": "17", "subject": ""}, {}),
        ({"group": "3", "job": "17"}, {"V11": "subject"}),
        ({"group": "1", "job": "01"}, {}),
        ({"group": "1"}, {"V11-vt": "group"}),
        ({"qualification": "07"}, {"V11-vt": "qualification"}),
        ({"personal_number": "074185000001", "sex": "1", "birth_year": 1985}, {"V02": "personal_number"}),
        ({"personal_number": "074085000001", "sex": "1", "birth_year": 1985}, {}),
        ({"contract": "9"}, {"V15": "contract"}),
    ],
)
def test_staff(context, values, broken):
    assert keys(check_staff(StaffFacts(**values), context)) == broken


def test_rooms_and_schools(context):
    assert keys(SUBJECTS["rooms"].faults(RoomFacts("phong_hoc", "kien_co"), context)) == {}
    assert keys(SUBJECTS["rooms"].faults(RoomFacts("01", "kien_co"), context)) == {"V15": "kind"}
    assert keys(SUBJECTS["school"].faults(SchoolFacts("1"), context)) == {}
    assert keys(SUBJECTS["school"].faults(SchoolFacts("9"), context)) == {"V15": "ownership"}


def test_every_rule_says_what_it_wants_and_where_it_comes_from():
    for subject in SUBJECTS.values():
        assert len({rule.key for rule in subject.rules}) == len(subject.rules)
        for rule in subject.rules:
            assert rule.sentence
            assert rule.source
            assert set(rule.fields) <= set(subject.mends)
