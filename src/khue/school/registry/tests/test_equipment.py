"""Equipment: pages, the register, the history and its undo, who sees it."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from khue.base.core.scope import open_scope
from khue.school.registry.models import Campus, Equipment
from khue.testing import factories

from .helpers import listed, text, url
from .test_bulk import rows_of
from .test_undo import buttons, edit, reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(school):
    return factories.room(school, "P101")


def form_of(**changes):
    return {"name": "Máy vi tính học sinh", "group": "may_tinh", "quantity": "30", "required": "35", **changes}


def test_equipment_is_added_changed_and_taken_back(clerk_client, school, room):
    answer = clerk_client.post(url(school, "thiet-bi/them/"), form_of(room=room.pk))
    assert answer.status_code == 302, text(answer)
    with open_scope([school.pk]):
        made = Equipment.objects.get()
    assert (made.search_key, made.campus_id, made.room_id) == ("may vi tinh hoc sinh", room.campus_id, room.pk)
    page = text(clerk_client.get(url(school, f"thiet-bi/{made.pk}/")))
    assert "thiếu 5" in page
    undo = edit(clerk_client, school, f"thiet-bi/{made.pk}/sua/", form_of(room="", quantity="35", grade="6"))
    made = reloaded(made)
    assert (made.quantity, made.room_id, made.grade) == (35, None, 6)
    history = text(clerk_client.get(url(school, f"thiet-bi/{made.pk}/lich-su/")))
    assert "Phòng P101 → trống" in history
    assert "Khối Lớp 6" in history
    clerk_client.post(undo)
    made = reloaded(made)
    assert (made.quantity, made.room_id, made.grade) == (30, room.pk, None)


def test_wrong_equipment_is_refused_with_a_sentence(clerk_client, school):
    factories.equipment(school, "Loa kéo")
    twice = clerk_client.post(url(school, "thiet-bi/them/"), form_of(name="Loa kéo"))
    assert twice.status_code == 422
    assert "Mở dòng đã có để sửa số lượng" in text(twice)
    wrong = clerk_client.post(url(school, "thiet-bi/them/"), form_of(name="", quantity="", grade="1", required="-3"))
    assert wrong.status_code == 422
    page = text(wrong)
    assert page.count("Còn thiếu mục này.") == 2
    assert "Không còn trong danh sách. Chọn lại." in page  # grade 1 at a lower-secondary school


def test_the_register_says_what_is_lacking(clerk_client, school, room):
    factories.equipment(school, "Máy chiếu", room=room)
    factories.equipment(school, "Bộ thiết bị tối thiểu", grade=6, group="toi_thieu", quantity=5, required=5)
    factories.equipment(school, "Cân đo sức khỏe", required=None)
    factories.school_class(school)
    page = clerk_client.get(url(school, "thiet-bi/"))
    assert listed(page) == ["Bộ thiết bị tối thiểu", "Cân đo sức khỏe", "Máy chiếu"]
    assert "3 mục thiết bị, 1 mục còn thiếu so với quy định" in text(page)
    assert listed(clerk_client.get(url(school, "thiet-bi/?thieu=co"))) == ["Máy chiếu"]
    assert len(listed(clerk_client.get(url(school, "thiet-bi/?thieu=khong")))) == 2
    assert listed(clerk_client.get(url(school, "thiet-bi/?khoi=6"))) == ["Bộ thiết bị tối thiểu"]
    assert listed(clerk_client.get(url(school, "thiet-bi/?q=may chieu"))) == ["Máy chiếu"]
    assert listed(clerk_client.get(url(school, "thiet-bi/?q=p101"))) == ["Máy chiếu"]
    assert listed(clerk_client.get(url(school, "thiet-bi/?sap=-thieu")))[0] == "Máy chiếu"
    assert "Thiết bị trong phòng" in text(clerk_client.get(url(school, f"phong/{room.pk}/")))
    assert "Máy chiếu" in text(clerk_client.get(url(school, "tim/?q=may chieu")))


def test_the_register_goes_out_in_both_forms(clerk_client, school, room):
    factories.equipment(school, "Máy chiếu", room=room, grade=6)
    shown = rows_of(clerk_client.get(url(school, "thiet-bi/tai-excel/")))
    assert dict(zip(shown[0], shown[1], strict=True))["Còn thiếu"] == 3
    rows = rows_of(clerk_client.get(url(school, "thiet-bi/tai-excel/?mau=nhap")))
    row = dict(zip([label.rstrip("*") for label in rows[0]], rows[2], strict=True))
    assert (row["Khối"], row["Mã phòng"], row["Nhóm"]) == ("Lớp 6", "P101", "Thiết bị dùng chung")


def test_many_rows_at_once_and_back(clerk_client, school):
    rows = [factories.equipment(school, name) for name in ("Loa", "Ti vi")]
    form = {"chon": [row.pk for row in rows], "luu": "1", "required": "9"}
    assert clerk_client.post(url(school, "thiet-bi/sua-nhieu/sua/"), form).status_code == 302
    assert [reloaded(row).required for row in rows] == [9, 9]
    (undo,) = buttons(clerk_client, school, f"thiet-bi/{rows[0].pk}/lich-su/")
    clerk_client.post(undo)
    assert [reloaded(row).required for row in rows] == [5, 9]


def test_pages_ask_the_same_number_of_statements_for_1_and_3_rows(clerk_client, office_client, school, room):
    for client, address in (
        (clerk_client, url(school, "thiet-bi/")),
        (office_client, "/phong/TDM/thiet-bi/"),
        (clerk_client, url(school, f"phong/{room.pk}/")),
    ):
        counts = []
        for rows in (1, 2):
            for row in range(rows):
                factories.equipment(school, f"Loa {address} {rows}{row}", room=room)
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            counts.append(len([q for q in captured if " FROM " in q["sql"]]))
        assert counts[0] == counts[1] <= 12, address


def test_a_room_takes_its_equipment_to_another_campus(clerk_client, school, room):
    one = factories.equipment(school, room=room)
    with open_scope([school.pk]):
        other = Campus.objects.create(school=school, name="Điểm lẻ")
    form = {"code": "P101", "campus": other.pk, "kind": "phong_hoc", "structure": "kien_co", "area": "48"}
    undo = edit(clerk_client, school, f"phong/{room.pk}/sua/", form)
    assert reloaded(one).campus_id == other.pk
    assert clerk_client.post(undo).status_code == 302
    assert reloaded(one).campus_id == reloaded(room).campus_id != other.pk


def test_another_school_sees_nothing(clerk_client, school, other_school):
    theirs = factories.equipment(other_school)
    for rest in ("", "sua/", "lich-su/"):
        assert clerk_client.get(url(school, f"thiet-bi/{theirs.pk}/{rest}")).status_code == 404
    with open_scope([school.pk]):
        assert not Equipment.objects.exists()
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Equipment.objects.create(school=other_school, campus_id=theirs.campus_id, name="Loa", quantity=1)
        main, foreign = Campus.objects.get(), factories.room(other_school)
        with pytest.raises(IntegrityError), transaction.atomic():
            Equipment.objects.create(school=school, campus=main, room_id=foreign.pk, name="Loa", quantity=1)


def test_who_teaches_reads_no_equipment(make_user, sign_in, school):
    one = factories.equipment(school)
    teacher = sign_in(make_user("teacher", school.unit))
    assert teacher.get(url(school, f"thiet-bi/{one.pk}/")).status_code == 403
    assert teacher.post(url(school, "thiet-bi/them/"), form_of()).status_code == 403
