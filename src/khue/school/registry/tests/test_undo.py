"""Taking back a single edit: from the toast, from the history; refused where it would overwrite or spoil something."""

import re
from datetime import date

import pytest

from khue.base.core.scope import open_scope
from khue.base.registers.history import event_model
from khue.school.registry.models import Campus, Guardian, PupilGuardian, Room
from khue.testing import factories

from .helpers import text, url
from .test_records import edit_form

pytestmark = pytest.mark.django_db
BUTTON = re.compile(r'<form class="row mt-s" method="post" action="([^"]+)"')
TOAST = re.compile(r'class="toast success">(?:(?!</div>).)*?action="(/[^"]+)"', re.DOTALL)


@pytest.fixture
def room(school):
    return factories.room(school, area="48.00", built_year=2004)


@pytest.fixture
def enrolment(school):
    return factories.pupil(
        school, factories.school_class(school, "8A2", grade=5), full_name="Huỳnh Ngọc Minh Thư", sex="0",
        personal_number="074315006518",
    )  # fmt: skip


def room_form(room, **changes):
    with open_scope([room.school_id]):
        room.refresh_from_db()
    values = {"code": room.code, "campus": room.campus_id, "kind": room.kind, "structure": room.structure,
              "area": str(room.area).replace(".", ","), "built_year": room.built_year or "",
              "repaired_year": room.repaired_year or ""}  # fmt: skip
    return {**values, **changes}


def edit(client, school, path, form):
    """Save a form; the address in the toast that takes it back ("" if there is none)."""
    answer = client.post(url(school, path), form)
    assert answer.status_code == 302, text(answer)
    page = client.get(answer["Location"]).content.decode()
    found = TOAST.search(page)
    return found[1] if found else ""


def reloaded(row):
    with open_scope([row.school_id]):
        row.refresh_from_db()
    return row


def buttons(client, school, path):
    page = client.get(url(school, path)).content.decode()
    return BUTTON.findall(page)


def test_the_toast_takes_an_edit_back_and_that_too(clerk_client, school, room):
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, area="52", condition="tot"))
    assert reloaded(room).condition == "tot"
    page = url(school, f"phong/{room.pk}/")
    answer = clerk_client.post(undo, headers={"referer": f"http://testserver{page}"})
    assert answer["Location"] == page
    room = reloaded(room)
    assert (str(room.area), room.condition) == ("48.00", "")
    told = clerk_client.get(page)
    assert "Đã trả về như trước: diện tích, tình trạng" in text(told)
    again = TOAST.search(told.content.decode())[1]
    clerk_client.post(again)
    assert str(reloaded(room).area) == "52.00"


def test_the_history_offers_what_can_go_back_and_says_who_took_it_back(clerk_client, school, room):
    edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, area="52"))
    edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, built_year="2005"))
    offered = buttons(clerk_client, school, f"phong/{room.pk}/lich-su/")
    assert len(offered) == 2  # not of the entry that made the room
    assert clerk_client.post(offered[1])["Location"] == url(school, f"phong/{room.pk}/lich-su/")
    room = reloaded(room)
    assert (str(room.area), room.built_year) == ("48.00", 2005)
    page = text(clerk_client.get(url(school, f"phong/{room.pk}/lich-su/")))
    assert "Diện tích 52 → 48" in page
    assert "Hoàn tác." in page
    assert "Nguyễn Thị Mỹ Hạnh đã hoàn tác hôm nay" in page
    with open_scope([school.pk]):
        context = event_model(Room).objects.order_by("pgh_id").last().pgh_context
    assert (context["actor"], context["action"]) == ("Nguyễn Thị Mỹ Hạnh", "Hoàn tác")
    assert context["undoes"] in offered[1]


def test_what_was_changed_again_is_left_and_named(clerk_client, make_user, sign_in, school, room):
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, area="52", built_year="2005"))
    principal = sign_in(make_user("principal", school.unit, full_name="Lê Văn Hiệu"))
    edit(principal, school, f"phong/{room.pk}/sua/", room_form(room, area="60"))
    page = text(clerk_client.get(url(school, f"phong/{room.pk}/lich-su/")))
    assert "Diện tích đã được Lê Văn Hiệu sửa lại hôm nay" in page
    answer = clerk_client.post(undo)
    assert answer.status_code == 422
    assert re.search(
        r"Chưa hoàn tác Diện tích đã được Lê Văn Hiệu sửa lại hôm nay [\d:]+\. Hoàn tác lần sửa ấy", text(answer)
    )
    assert (str(reloaded(room).area), room.built_year) == ("60.00", 2005)  # all of an edit or nothing


def test_old_values_that_are_wrong_by_now_are_refused(clerk_client, school, room):
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, built_year="1990"))
    edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, repaired_year="1999"))
    answer = clerk_client.post(undo)
    assert answer.status_code == 422
    assert "Năm sửa trước năm xây" in text(answer)
    assert reloaded(room).built_year == 1990


def test_a_code_that_another_took_meanwhile_is_refused(clerk_client, school, room):
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, code="P9"))
    factories.room(school, "P101")
    answer = clerk_client.post(undo)
    assert answer.status_code == 422
    assert "Mã phòng này đã có ở điểm trường ấy" in text(answer)


def test_a_fault_that_stands_already_is_no_obstacle(clerk_client, school):
    """The record came with a number that does not fit the birth date: another field goes back all the same."""
    position = factories.staff(school, person={"birth_date": date(1990, 5, 20)})
    with open_scope([school.pk]):
        position.staff.personal_number = "074085000001"
        position.staff.save()
    data = {"chon": [position.pk], "luu": "1", "contract": "2"}
    assert clerk_client.post(url(school, "can-bo/sua-nhieu/sua/"), data).status_code == 302
    assert reloaded(position).contract == "2"
    (undo,) = buttons(clerk_client, school, f"can-bo/{position.pk}/lich-su/")
    assert clerk_client.post(undo).status_code == 302
    assert reloaded(position).contract == "1"


def test_an_edit_of_a_pupil_goes_back_in_all_its_tables(clerk_client, school, enrolment):
    mother = {"mother_full_name": "Trần Thị Lan", "mother_birth_year": "1988", "mother_job": "Công nhân"}
    address = f"hoc-sinh/{enrolment.pk}/sua/"
    assert edit(clerk_client, school, address, edit_form(enrolment, **mother)) == ""  # a guardian added: no values
    changed = {**mother, "mother_birth_year": "1989", "full_name": "Huỳnh Ngọc Anh Thư", "birth_date": "15/03/2015",
               "poverty": "can_ngheo", "policies": ["ho_can_ngheo"]}  # fmt: skip
    undo = edit(clerk_client, school, address, edit_form(enrolment, **changed))
    assert clerk_client.post(undo).status_code == 302
    with open_scope([school.pk]):
        enrolment.refresh_from_db()
        assert (enrolment.poverty, enrolment.policies) == ("", [])
        assert enrolment.pupil.full_name == "Huỳnh Ngọc Minh Thư"
        assert enrolment.pupil.search_key == "huynh ngoc minh thu"
        assert f"{enrolment.pupil.birth_date}" == "2015-03-14"
        assert Guardian.objects.get().birth_year == 1988
    page = text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/lich-su/")))
    assert "Gia đình: năm sinh 1989 → 1988" in page


def test_what_an_edit_added_is_not_taken_back_by_force(clerk_client, school, enrolment):
    form = edit_form(enrolment, mother_full_name="Trần Thị Lan", contact_phone="0987554210")
    clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/sua/"), form)
    assert buttons(clerk_client, school, f"hoc-sinh/{enrolment.pk}/lich-su/") == []
    with open_scope([school.pk]):
        token = event_model(PupilGuardian).objects.get().pgh_context["request"]
    answer = clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/lich-su/{token}/"))
    assert answer.status_code == 422
    assert "không chỉ sửa" in text(answer)


def test_a_birth_date_that_fits_the_number_no_more_is_refused(clerk_client, school, enrolment):
    """The birth date was mended, then the number after it: taking the first back alone would break V02."""
    with open_scope([school.pk]):
        enrolment.pupil.personal_number = None
        enrolment.pupil.save()
    address = f"hoc-sinh/{enrolment.pk}/sua/"
    undo = edit(clerk_client, school, address, edit_form(enrolment, personal_number="", birth_date="14/03/2014"))
    edit(clerk_client, school, address, edit_form(enrolment, personal_number="074314006518", birth_date="14/03/2014"))
    answer = clerk_client.post(undo)
    assert answer.status_code == 422
    assert "Chưa hoàn tác Số định danh cá nhân: " in text(answer)


def test_classes_keep_their_order_key(clerk_client, school):
    klass = factories.school_class(school, "6A2")
    with open_scope([school.pk]):
        klass.sort_key = "0006a0002"
        klass.save()
    form = {"grade": "6", "code": "6A10", "name": "Lớp 6A10", "campus": klass.campus_id}
    undo = edit(clerk_client, school, f"lop/{klass.pk}/sua/", form)
    clerk_client.post(undo)
    klass = reloaded(klass)
    assert (klass.code, klass.name, klass.sort_key) == ("6A2", "6A2", "0006a0002")


def test_the_main_campus_goes_back(clerk_client, school):
    with open_scope([school.pk]):
        main = Campus.objects.get()
        other = Campus.objects.create(school=school, name="Điểm lẻ")
    undo = edit(clerk_client, school, f"diem-truong/{other.pk}/sua/", {"name": "Điểm lẻ", "is_main": "on"})
    assert (reloaded(main).is_main, reloaded(other).is_main) == (False, True)
    assert clerk_client.post(undo).status_code == 302
    assert (reloaded(main).is_main, reloaded(other).is_main) == (True, False)


def test_a_name_with_a_day_stays(office_client, school):
    form = {
        "name": "Trường THCS Mới",
        "from_day": "01/09/2026",
        "levels": ["THCS"],
        "ownership": "1",
        "ward": "Phú Lợi",
    }
    office = f"/phong/TDM/truong/{school.pk}/"
    assert office_client.post(f"{office}sua/", form).status_code == 302
    page = text(office_client.get(f"{office}lich-su/"))
    assert "Tên trường có ngày hiệu lực. Đổi lại ở trang Sửa trường." in page
    assert office_client.post(f"{office}sua/", {**form, "from_day": "", "phone": "0274 382 1111"}).status_code == 302
    (undo,) = BUTTON.findall(office_client.get(f"{office}lich-su/").content.decode())
    office_client.post(undo)
    school.refresh_from_db()
    assert (school.phone, school.name) == ("", "Trường THCS Mới")


def test_who_may_not_write_or_is_elsewhere_takes_nothing_back(
    clerk_client, make_user, sign_in, school, other_school, room
):
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", room_form(room, area="52"))
    assert sign_in(make_user("teacher", school.unit)).post(undo).status_code == 403
    head = sign_in(make_user("head"))
    assert head.post(undo).status_code == 403
    assert buttons(head, school, f"phong/{room.pk}/lich-su/") == []
    stranger = sign_in(make_user("clerk", other_school.unit, username="xa"))
    assert stranger.post(undo.replace(school.code, other_school.code)).status_code == 404
    second = factories.room(school, "P202")
    assert clerk_client.post(undo.replace(f"/{room.pk}/", f"/{second.pk}/")).status_code == 404  # not of this record
    assert clerk_client.get(undo).status_code == 405
    assert str(reloaded(room).area) == "52.00"


def test_a_bulk_edit_goes_back_for_one_record(clerk_client, school, room):
    second = factories.room(school, "P202")
    data = {"chon": [room.pk, second.pk], "luu": "1", "condition": "tot"}
    assert clerk_client.post(url(school, "phong/sua-nhieu/sua/"), data).status_code == 302
    (undo,) = buttons(clerk_client, school, f"phong/{room.pk}/lich-su/")
    clerk_client.post(undo)
    assert (reloaded(room).condition, reloaded(second).condition) == ("", "tot")


def test_a_move_to_another_class_goes_back(clerk_client, school, enrolment):
    target = factories.school_class(school, "8A3", grade=5)
    form = {"school_class": target.pk, "on": "10/09/2026"}
    undo = edit(clerk_client, school, f"hoc-sinh/{enrolment.pk}/chuyen-lop/", form)
    assert reloaded(enrolment).current_class_id == target.pk
    page = url(school, f"hoc-sinh/{enrolment.pk}/")
    assert clerk_client.post(undo, headers={"referer": f"http://testserver{page}"})["Location"] == page
    enrolment = reloaded(enrolment)
    with open_scope([school.pk]):
        assert enrolment.current_class.code == "8A2"
        assert enrolment.placements.get().until is None
