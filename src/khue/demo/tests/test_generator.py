"""The demonstration city is the same every time, of the planned size, and clean where no fault was put."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from khue.base.catalog import rules
from khue.base.catalog.tests.test_data import entries
from khue.base.sheets.fields import load_fields
from khue.demo import people, plan
from khue.demo.fields import CODED, FIELDS, KINDS
from khue.demo.generator import generate, school_data
from khue.demo.plan import NORMS, level_of
from khue.demo.pupils import Ledger
from khue.demo.spreadsheets.book import as_date

from .conftest import DAY

ATTENDING = {"Đang theo học", "Nghỉ học xin học lại kỳ 1", "Nghỉ học xin học lại kỳ 2"}
TERMS = {
    "hè": (date(2026, 6, 1), date(2026, 9, 4)),
    "kỳ 1": (date(2026, 9, 5), date(2027, 1, 15)),
    "kỳ 2": (date(2027, 1, 16), date(2027, 5, 31)),
}


def rows(city, kind):
    return [record for _, record in city.records(kind)]


def grades(school) -> dict[str, int]:
    """Class code → grade as a number."""
    table = rules.match_table(entries("grade"))
    return {c["code"]: int(rules.resolve(table, c["grade"], DAY)) for c in school.classes}


def attends(pupil) -> bool:
    return pupil["status"] in ATTENDING or pupil["status"].startswith("Chuyển đến")


def over_age(school, pupil) -> int:
    """Years above the usual age of the grade."""
    return 2026 - as_date(pupil["birth_date"]).year - grades(school)[pupil["class_code"]] - 5


def months_on_30_september(pupil) -> float:
    return (date(2026, 9, 30) - as_date(pupil["birth_date"])).days / 30.4375


def test_the_same_seed_gives_the_same_city(city):
    again = generate(seed=1, year=2026, day=DAY)
    assert again == city
    assert rows(generate(seed=2, year=2026, day=DAY), "pupils") != rows(city, "pupils")


def test_a_later_day_keeps_the_people_and_adds_the_moves_since(city):
    later = generate(seed=1, year=2026, day=date(2027, 5, 31))
    people_of = lambda c: {(code, p["code"]): p["full_name"] for code, p in c.records("pupils")}  # noqa: E731
    before, after = people_of(city), people_of(later)
    assert before.items() <= after.items()
    assert len(after) > len(before)
    statuses = Counter(p["status"] for p in rows(later, "pupils"))
    assert statuses["Chuyển đến kỳ 2"]
    assert not Counter(p["status"] for p in rows(city, "pupils"))["Chuyển đến kỳ 2"]


def test_the_small_city_has_the_planned_size(city):
    assert [len(s.classes) for s in city.schools] == [12, 6, 2, 22, 18, 20]
    assert 2350 <= len(rows(city, "pupils")) <= 2650
    assert 160 <= len(rows(city, "staff")) <= 200
    assert 100 <= len(rows(city, "rooms")) <= 200
    assert 50 <= len(rows(city, "equipment")) <= 120


def test_the_large_plan_has_140_schools_and_70000_pupils():
    plans = plan.city(Random("1/plan"))
    assert len(plans) == len({p.code for p in plans}) == len({p.name for p in plans}) == 140
    assert {len(p.code) for p in plans} == {8}
    assert len({p.ward for p in plans}) == 14
    expected = sum(NORMS[grade] * count * p.fill for p in plans for grade, count in p.classes.items())
    assert 66_000 < expected < 74_000


def test_schools_of_the_large_plan_generate():
    plans = plan.city(Random("1/plan"))[::28]
    for one in plans:
        school = school_data(Ledger(people.Registry(), one, 2026, DAY), seed=1)
        assert len(school.classes) >= 2
        assert len(school.pupils) > 20
        assert school.staff
        assert school.rooms
        assert school.equipment


def test_records_have_the_fields_of_the_templates(city):
    for kind in KINDS:
        assert set(FIELDS[kind]) == {field.name for field in load_fields(kind).fields}
        assert all(tuple(record) == FIELDS[kind] for record in rows(city, kind))
        required = [field.name for field in load_fields(kind).fields if field.required]
        assert not [(r.get("code"), name) for r in rows(city, kind) for name in required if not r[name]]


def test_coded_fields_are_those_of_the_templates():
    for kind in KINDS:
        template = {f.name: f.catalog for f in load_fields(kind).fields if f.catalog and f.name != "levels"}
        assert template == CODED[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_coded_value_resolves(city, faulty_city, kind):
    for field, list_code in CODED[kind].items():
        table = rules.match_table(entries(list_code))
        texts = {t for c in (city, faulty_city) for r in rows(c, kind) for t in r[field].split("; ") if t}
        assert not [text for text in texts if rules.resolve(table, text, DAY) is None]


def _code(kind, record):
    """By what a record is told from the others of its school."""
    if kind == "equipment":
        return tuple(record[name] for name in ("name", "grade", "room", "campus"))
    return (record.get("campus") if kind == "rooms" else "", record["code"])


def test_identifiers_are_unique_and_well_formed(city):
    pupils, staff = rows(city, "pupils"), rows(city, "staff")
    for field, digits in (("ministry_id", 10), ("personal_number", 12)):
        numbers = [r[field] for r in (*pupils, *staff) if r[field]]
        assert len(set(numbers)) == len(numbers)
        assert {len(number) for number in numbers} == {digits}
        assert all(map(str.isdecimal, numbers))
    for school in city.schools:
        for kind in KINDS[1:]:
            codes = [_code(kind, r) for r in school.records(kind)]
            assert len(set(codes)) == len(codes)
        names = [(p["full_name"], p["birth_date"]) for p in school.pupils]
        assert len(set(names)) == len(names)


def test_a_number_of_a_guardian_always_means_the_same_person(city):
    owners: dict[str, set[str]] = {}
    for pupil in rows(city, "pupils"):
        for role in ("father", "mother", "guardian"):
            if number := pupil[f"{role}_personal_number"]:
                owners.setdefault(number, set()).add(pupil[f"{role}_name"])
    assert owners
    assert all(len(names) == 1 for names in owners.values())
    assert not owners.keys() & {r["personal_number"] for kind in ("pupils", "staff") for r in rows(city, kind)}


def assert_number_agrees(number: str, sex: str, year: int) -> None:
    assert int(number[3]) % 2 == (sex == "Nữ")
    assert 1900 + 100 * (int(number[3]) // 2) + int(number[4:6]) == year


def test_personal_numbers_agree_with_sex_year_and_province(city):
    provinces = {row["code"] for row in rules.read_rows("number_province")}
    for person in (*rows(city, "pupils"), *rows(city, "staff")):
        if number := person["personal_number"]:
            assert_number_agrees(number, person["sex"], as_date(person["birth_date"]).year)
            assert number[:3] in provinces
    for pupil in rows(city, "pupils"):
        for role, sex in (("father", "Nam"), ("mother", "Nữ")):
            if number := pupil[f"{role}_personal_number"]:
                assert_number_agrees(number, sex, int(pupil[f"{role}_birth_year"]))


def test_births_here_since_the_merger_carry_the_code_of_the_new_city(city):
    late = [p for p in rows(city, "pupils") if as_date(p["birth_date"]) >= date(2025, 7, 1) and p["personal_number"]]
    here = [p for p in late if p["birth_place"] == "Bình Dương"]
    assert here == [p for p in here if p["personal_number"].startswith("079")]
    assert people.number_code("Bình Dương", date(2025, 6, 30)) == "074"


def test_ages_fit_the_grades(city):
    for school in city.schools:
        for pupil in school.pupils:
            grade = grades(school)[pupil["class_code"]]
            if level_of(grade) != "MN":
                assert -1 <= over_age(school, pupil) <= 3
                continue
            least, most = {15: (25, 36), 16: (36, 48), 17: (48, 60), 18: (60, 72), 14: (13, 24)}[grade]
            assert least - 3 <= months_on_30_september(pupil) <= most + 3
    assert any(over_age(s, p) > 0 for s in city.schools if s.school["levels"] != "MN" for p in s.pupils)


def test_statuses_have_their_date_reason_and_other_school(city):
    for pupil in rows(city, "pupils"):
        on, status = as_date(pupil["status_on"]), pupil["status"]
        assert on <= DAY
        for span, (first, last) in TERMS.items():
            if span in status:
                assert first <= on <= last
        assert bool(pupil["other_school"]) == status.startswith("Chuyển")
        assert bool(pupil["leaving_reason"]) == status.startswith("Thôi học")


def test_poverty_and_disability_are_policies_too(city):
    for pupil in rows(city, "pupils"):
        policies = pupil["policies"].split("; ")
        assert [p for p in policies if p.startswith("Hộ")] == ([pupil["poverty"]] if pupil["poverty"] else [])
        assert ("Khuyết tật" in policies) == bool(pupil["disability"]) == bool(pupil["inclusion"])


def test_classes_keep_the_norm_and_have_a_homeroom_teacher_of_their_own(city):
    for school in city.schools:
        working = {m["code"] for m in school.staff if m["status"] == "Đang làm việc" and m["group"] == "Giáo viên"}
        homerooms = [c["homeroom"] for c in school.classes]
        assert set(homerooms) <= working
        assert len(set(homerooms)) == len(homerooms)
        campuses = {"", *school.school["campuses"].split("; ")}
        assert {c["campus"] for c in school.classes} | {r["campus"] for r in school.rooms} <= campuses
        sizes = Counter(p["class_code"] for p in school.pupils)
        assert all(0 < sizes[code] <= NORMS[grade] for code, grade in grades(school).items())


def test_staff_are_consistent(city):
    for school in city.schools:
        assert [m["full_name"] for m in school.staff if m["job"] == "Hiệu trưởng"] == [school.school["principal"]]
    for member in rows(city, "staff"):
        assert bool(member["subject"]) == (member["group"] == "Giáo viên")
        born, recruited, joined = (as_date(member[f]) for f in ("birth_date", "recruited_on", "joined_on"))
        assert recruited.year - born.year >= 20
        assert recruited <= joined <= DAY
        assert bool(member["party"]) == bool(member["party_on"])


def test_there_is_something_of_everything(city):
    pupils = rows(city, "pupils")
    for field in ("disability", "poverty", "boarding", "guardian_name", "leaving_reason", "other_school"):
        assert any(pupil[field] for pupil in pupils), field
    assert {"Kinh", "Khơ-me", "Hoa", "Tày"} <= {pupil["ethnicity"] for pupil in pupils}
    assert any(not pupil["personal_number"] for pupil in pupils)
    assert [c for c in rows(city, "classes") if c["combined"]]
    assert [c for c in rows(city, "classes") if c["inclusion"]]
    assert 0.34 < sum(p["full_name"].startswith("Nguyễn") for p in pupils) / len(pupils) < 0.44


def test_addresses_name_wards_that_exist(city):
    wards = {row["full_name"] for row in rules.read_rows("admin_units") if row["kind"] == "ward"}
    assert {p["home_ward"] for p in rows(city, "pupils") if p["home_ward"]} <= wards
    assert {s["ward"] for s in rows(city, "schools")} <= wards


def test_faults_are_where_the_list_says(city, faulty_city):
    assert not city.faults
    found = {(f.rule, f.kind, f.school, f.code): f for f in faulty_city.faults}
    assert {rule for rule, *_ in found} == {"V03", "V04", "V09", "V10", "V11", "ministry_id", "personal_number"}
    schools = {s.code: s for s in faulty_city.schools}
    for (rule, kind, code, key), fault in found.items():
        school = schools[code]
        record = next(r for r in school.records(kind) if r["code"] == key)
        assert fault.field in record
        assert is_wrong(rule, school, record), fault


def is_wrong(rule: str, school, record) -> bool:
    homerooms = Counter(c["homeroom"] for c in school.classes)
    if rule == "V03":
        return over_age(school, record) > 3
    if rule == "V04":
        return months_on_30_september(record) > 51
    if rule == "V09":
        here = [p for p in school.pupils if p["class_code"] == record["code"] and attends(p)]
        return len(here) == NORMS[int(record["grade"])] + 3
    if rule == "V10":
        return not record["homeroom"] or homerooms[record["homeroom"]] == 2
    if rule == "V11":
        return bool(record["subject"]) != (record["group"] == "Giáo viên")
    if rule == "ministry_id":
        return len(record["ministry_id"]) == 9
    return record["personal_number"].startswith("300")


def test_faults_leave_numbers_that_agree_with_the_birth_date(faulty_city):
    for pupil in rows(faulty_city, "pupils"):
        if number := pupil["personal_number"]:
            assert_number_agrees(number, pupil["sex"], as_date(pupil["birth_date"]).year)
