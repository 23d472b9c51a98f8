"""Who counts on a day (statistics.md §2), and what each dimension says of them."""

from datetime import date

import pytest

from khue.base.core.scope import open_scope
from khue.office.statistics.cubes import CUBES
from khue.office.statistics.selectors import count, make_query
from khue.school.registry.models import Campus, Placement, StatusChange
from khue.testing import factories

pytestmark = pytest.mark.django_db


def change(enrolment, status, day):
    with open_scope([enrolment.school_id]):
        StatusChange.objects.create(
            school_id=enrolment.school_id, enrolment=enrolment, status=status, on=day, effective_on=day
        )


# ------------------------------------------------------------------------------------------------- who counts on a day
@pytest.mark.parametrize(
    ("status", "on", "counted"),
    [
        ("1", None, 1),
        ("2", date(2026, 9, 30), 1),
        ("2", date(2026, 10, 1), 0),
        ("5", date(2026, 9, 20), 1),
        ("10", date(2026, 8, 20), 1),
        ("3", date(2026, 10, 1), 1),
        ("3", date(2026, 9, 30), 0),
        ("4", date(2026, 9, 10), 0),
        ("8", date(2027, 2, 1), 1),
        ("12", date(2026, 8, 15), 0),
    ],
)
def test_the_status_in_force_decides(school, tally, status, on, counted):
    factories.pupil(school, status=status, on=on)
    assert tally(school, by="") == counted


def test_moved_away_and_back(school, tally):
    enrolment = factories.pupil(school)
    change(enrolment, "4", date(2026, 10, 5))
    change(enrolment, "5", date(2026, 11, 2))
    days = {date(2026, 10, 4): 1, date(2026, 10, 5): 0, date(2026, 11, 1): 0, date(2026, 11, 2): 1}
    assert {day: tally(school, by="", day=day) for day in days} == days


def test_of_two_entries_of_one_day_the_later_counts(school, tally):
    enrolment = factories.pupil(school)
    change(enrolment, "3", date(2026, 9, 10))
    change(enrolment, "1", date(2026, 9, 10))
    assert tally(school, by="") == 1


def test_each_school_year_has_its_own_pupils(school, tally):
    factories.pupil(school, year=2025)
    factories.pupil(school, year=2026)
    factories.pupil(school, year=2026)
    assert tally(school, by="", day=date(2026, 5, 31)) == 1
    assert tally(school, by="", day=date(2026, 9, 30)) == 2


def test_the_class_is_that_of_the_day(school, tally):
    first, second = factories.school_class(school, "6A1"), factories.school_class(school, "7A1", grade=7)
    enrolment = factories.pupil(school, first)
    with open_scope([school.pk]):
        enrolment.placements.update(until=date(2026, 10, 1))
        Placement.objects.create(school=school, enrolment=enrolment, school_class=second, since=date(2026, 10, 1))
    assert tally(school, by="class,grade") == {("6A1", "6"): 1}
    assert tally(school, by="class,grade", day=date(2026, 10, 1)) == {("7A1", "7"): 1}


@pytest.mark.parametrize("as_office", [True, False])
def test_who_has_left_since_still_counts_for_a_past_day_as_the_school_knew_them(school, other_school, tally, as_office):
    room = factories.school_class(school)
    enrolment = factories.pupil(school, room, sex="0", ethnicity="05", birth_date=date(2014, 2, 1))
    change(enrolment, "3", date(2026, 10, 5))
    with open_scope([school.pk], all_schools=True):
        enrolment.pupil.ethnicity = "01"
        enrolment.pupil.save(update_fields=["ethnicity"])
    found = tally(school, by="sex,ethnicity,minority,age,class", office=as_office)
    assert found == {("Nữ", "05", "1", "12", "6A1"): 1}
    assert tally(school, by="", day=date(2026, 10, 5), office=as_office) == 0


def test_a_school_counts_nothing_of_another(school, other_school):
    factories.pupil(other_school)
    with open_scope([school.pk]):
        assert count(make_query(cube="pupils", by=["school"], day=date(2026, 9, 30))) == []


# ----------------------------------------------------------------------------------------------------------- pupils
def test_dimensions_of_pupils(make_school, tally):
    school = make_school("74700009", levels=["TH", "THCS"], ownership="2", ward="Hiệp Thành")
    with open_scope([school.pk]):
        campus = Campus.objects.create(school=school, name="Điểm lẻ")
    room = factories.school_class(school, "5A", grade=5, campus=campus, language1="tieng_anh")
    factories.pupil(
        school, room, sex="0", ethnicity="07", birth_date=date(2016, 12, 31),
        enrolment={
            "entry": "luu_ban", "disability": "02", "two_sessions": True, "boarding": True, "inclusion": True,
            "poverty": "ngheo",
        },
    )  # fmt: skip
    expected = {
        "school": "74700009", "campus": "Điểm lẻ", "ward": "Hiệp Thành", "ownership": "Tư thục", "level": "TH",
        "grade": "5", "class": "5A", "sex": "Nữ", "ethnicity": "07", "minority": "1", "age": "10", "entry": "Lưu ban",
        "disability": "Nghe nói", "inclusion": "1", "poverty": "Hộ nghèo", "language": "Tiếng Anh",
        "two_sessions": "1", "boarding": "1",
    }  # fmt: skip
    assert list(CUBES["pupils"].dimensions) == list(expected)
    assert tally(school, by=",".join(expected)) == {tuple(expected.values()): 1}


def test_what_is_not_known_of_a_pupil(school, tally):
    factories.pupil(school, ethnicity="")
    names = "campus,level,grade,class,ethnicity,minority,entry,disability,two_sessions"
    assert tally(school, by=names) == {("-", "THCS", "-", "-", "-", "-", "Lên lớp, học tiếp", "-", "0"): 1}


def test_foreigners_are_no_minority(school, tally):
    for ethnicity in ("01", "55", "02", "54"):
        factories.pupil(school, ethnicity=ethnicity)
    assert tally(school, by="minority,ethnicity") == {("0", "01"): 1, ("0", "55"): 1, ("1", "02"): 1, ("1", "54"): 1}


def test_kindergarten_groups_and_numeric_order(make_school, tally):
    school = make_school("74300001", levels=["MN"])
    for grade in (18, 13):
        factories.pupil(school, factories.school_class(school, f"N{grade}", grade=grade))
    assert list(tally(school, by="grade,level").items()) == [(("13", "MN"), 1), (("18", "MN"), 1)]


# ---------------------------------------------------------------------------------------------------- classes, rooms
def test_dimensions_of_classes(make_school, tally):
    school = make_school("74700009", levels=["MN", "TH"])
    factories.school_class(school, "L1", grade=18, sessions_per_week=10, boarding=True, combined=True,
                           language1="tieng_phap", inclusion="hoa_nhap")  # fmt: skip
    factories.school_class(school, "1A", grade=1, shift="sang")
    factories.school_class(school, "1B", grade=1, year=2025)
    expected = {
        "school": "74700009", "campus": "Điểm chính", "ward": "Phú Cường", "ownership": "Công lập", "level": "MN",
        "grade": "18", "two_sessions": "1", "sessions_per_week": "10", "boarding": "1", "combined": "1",
        "language": "Tiếng Pháp", "inclusion": "Hòa nhập",
    }  # fmt: skip
    assert list(CUBES["classes"].dimensions) == list(expected)
    found = tally(school, cube="classes", by=",".join(expected))
    assert found == {
        tuple(expected.values()): 1,
        ("74700009", "Điểm chính", "Phú Cường", "Công lập", "TH", "1", "0", "-", "0", "0", "-", "-"): 1,
    }


def test_dimensions_of_rooms(make_school, tally):
    school = make_school("74700009", levels=["THCS", "TH"])
    factories.room(school, "P1", kind="phong_hoc", structure="kien_co")
    expected = {
        "school": "74700009", "campus": "Điểm chính", "ward": "Phú Cường", "level": "TH;THCS", "kind": "Phòng học",
        "building": "Kiên cố",
    }  # fmt: skip
    assert list(CUBES["rooms"].dimensions) == list(expected)
    assert tally(school, cube="rooms", by=",".join(expected)) == {tuple(expected.values()): 1}


# ------------------------------------------------------------------------------------------------------------- staff
@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"status": "1"}, 1),
        ({"status": "2", "joined_on": date(2026, 9, 30)}, 1),
        ({"status": "5"}, 1),
        ({"status": "1", "joined_on": date(2026, 10, 1)}, 0),
        ({"status": "1", "left_on": date(2026, 9, 30)}, 0),
        ({"status": "6", "left_on": date(2026, 10, 1)}, 1),
        ({"status": "3"}, 0),
        ({"status": "7"}, 0),
    ],
)
def test_who_is_at_work(school, tally, fields, counted):
    factories.staff(school, **fields)
    assert tally(school, cube="staff", by="") == counted


def test_dimensions_of_staff(school, tally):
    factories.staff(
        school, job="gv", subject="toan", party=True, contract="1", qualification="16", standard_self="1",
        standard_superior="2", person={"sex": "0", "ethnicity": "05", "birth_date": date(1986, 10, 1)},
    )  # fmt: skip
    expected = {
        "school": "74700001", "ward": "Phú Cường", "ownership": "Công lập", "level": "THCS", "group": "Giáo viên",
        "job": "Giáo viên", "subject": "Toán", "sex": "Nữ", "minority": "1", "party": "1",
        "contract": "Viên chức HĐLV không xác định thời hạn", "qualification": "Đại học sư phạm", "standard": "Khá",
        "age_band": "30–39",
    }  # fmt: skip
    assert list(CUBES["staff"].dimensions) == list(expected)
    assert tally(school, cube="staff", by=",".join(expected)) == {tuple(expected.values()): 1}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2006, 10, 1), "Dưới 20"),
        (date(2006, 9, 30), "20–29"),
        (date(1976, 10, 1), "40–49"),
        (date(1976, 9, 30), "50–54"),
        (date(1971, 9, 30), "55–59"),
        (date(1966, 10, 1), "55–59"),
        (date(1966, 9, 30), "Trên 60"),
    ],
)
def test_age_bands_go_by_whole_years_on_the_day(school, tally, born, band):
    factories.staff(school, person={"birth_date": born})
    assert tally(school, cube="staff", by="age_band") == {band: 1}


def test_who_left_the_school_is_counted_from_the_frozen_copy(school, tally):
    position = factories.staff(school, person={"sex": "0", "birth_date": date(1980, 1, 1)})
    with open_scope([school.pk]):
        type(position).objects.filter(pk=position.pk).update(status="3", left_on=date(2026, 10, 5))
    assert tally(school, cube="staff", by="sex,age_band", office=False) == {("Nữ", "40–49"): 1}
