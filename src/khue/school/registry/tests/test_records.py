"""Records: reading, adding, changing with right and wrong input, classes, statuses, history, other schools."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.school.registry.models import Enrolment, Placement, Pupil, PupilGuardian, Room, SchoolClass, StatusChange
from khue.testing import factories

from .helpers import pupil_form, text, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def klass(school):
    return factories.school_class(school, "8A2", grade=5)


@pytest.fixture
def enrolment(school, klass):
    return factories.pupil(school, klass, full_name="Huỳnh Ngọc Minh Thư", sex="0", personal_number="074315006518")


def test_opening_a_record_shows_it_whole_and_is_noted(clerk_client, school, enrolment):
    page = text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/")))
    assert "Huỳnh Ngọc Minh Thư" in page
    assert "074315006518" in page
    assert "Lớp 8A2" in page
    with open_scope([school.pk]):
        entry = AccessLog.objects.get(kind="read")
    assert (entry.record, entry.record_id, entry.school_id) == ("enrolment", enrolment.pk, school.pk)


def test_a_record_asks_few_statements(clerk_client, school, enrolment):
    address = url(school, f"hoc-sinh/{enrolment.pk}/")
    clerk_client.get(address)
    with CaptureQueriesContext(connection) as captured:
        clerk_client.get(address)
    assert len([q for q in captured if " FROM " in q["sql"] or q["sql"].startswith("INSERT")]) <= 12


def test_adding_a_pupil_writes_person_class_status_and_guardians(clerk_client, school, klass):
    form = pupil_form(school_class=klass.pk, mother_full_name="Trần Thị Lan", mother_phone="0978 196 474", code="HS9")
    response = clerk_client.post(url(school, "hoc-sinh/them/"), form)
    assert response.status_code == 302, text(response)
    with open_scope([school.pk]):
        made = Enrolment.objects.select_related("pupil").get(code="HS9")
        assert (made.pupil.full_name, made.current_class_id, made.status) == ("Nguyễn Minh Khôi", klass.pk, "1")
        assert made.pupil.school_ids == [school.pk]
        link = PupilGuardian.objects.select_related("guardian").get(pupil=made.pupil)
        assert (link.relation, link.guardian.full_name, link.guardian.phone) == ("mother", "Trần Thị Lan", "0978196474")
        assert made.placements.get().since == date(2026, 9, 5)
    assert response["Location"] == url(school, f"hoc-sinh/{made.pk}/")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("birth_date", "31/02/2015", "Tháng 2 không có ngày 31."),
        ("birth_date", "1/2/15", "chỉ có 2 chữ số"),
        ("birth_date", "", "Còn thiếu mục này."),
        ("full_name", "<script>alert(1)</script>", "dấu &lt; hoặc &gt;"),
        ("full_name", "A" * 300, "chữ, nhiều nhất 100"),
        ("full_name", "An 2", "Họ tên có chữ số"),
        ("personal_number", "07421512345", "Có 11 chữ số, phải đủ 12."),
        ("personal_number", "074315123456", "Số thứ tư là 3 của nữ, giới tính ghi Nam"),
        ("personal_number", "074214123456", "Số này của người sinh năm 2014"),
        ("contact_phone", "abc", "Không phải số điện thoại"),
        ("ethnicity", "99", "Không có trong danh mục"),
        ("status", "3", "Em mới vào thì không thể đã rời trường"),
        ("status", "2", "Còn thiếu ngày"),
        ("since", "05/09/2020", "Ngày vào lớp phải trong năm học"),
        ("inclusion", "on", "Học hòa nhập phải có loại khuyết tật"),
        ("father_phone", "0978196474", "còn thiếu họ tên"),
        ("school_class", "999999", "Không còn trong danh sách"),
    ],
)
def test_wrong_input_is_named_at_its_field_and_nothing_is_written(clerk_client, school, klass, field, value, message):
    form = pupil_form(**{"school_class": klass.pk, field: value})
    response = clerk_client.post(url(school, "hoc-sinh/them/"), form)
    assert response.status_code == 422
    assert message in response.content.decode()
    with open_scope([school.pk], all_schools=True):
        assert not Pupil.objects.exists()


def test_a_code_that_another_pupil_has_is_refused_at_the_field(clerk_client, school, klass, enrolment):
    with open_scope([school.pk]):
        Enrolment.objects.filter(pk=enrolment.pk).update(code="HS1")
    response = clerk_client.post(url(school, "hoc-sinh/them/"), pupil_form(school_class=klass.pk, code="HS1"))
    assert "Mã học sinh này đã có ở một em khác" in text(response)


def test_a_pupil_active_elsewhere_is_refused_with_the_school_and_the_day(clerk_client, school, klass, other_school):
    factories.pupil(other_school, full_name="Nguyễn Minh Khôi", personal_number="074215123456")
    response = clerk_client.post(url(school, "hoc-sinh/them/"), pupil_form(school_class=klass.pk))
    assert response.status_code == 422
    assert "Em này đang học ở Trường THCS Hiệp Thành từ 01/08/2026" in text(response)


def test_a_pupil_who_left_elsewhere_is_attached(clerk_client, school, klass, other_school):
    left = factories.pupil(
        other_school, full_name="Nguyễn Minh Khôi", birth_date=date(2015, 3, 14), personal_number="074215123456",
        status="3", on=date(2026, 9, 20),
    )  # fmt: skip
    form = pupil_form(school_class=klass.pk, status="2", on="25/09/2026", other_school="THCS Hiệp Thành")
    response = clerk_client.post(url(school, "hoc-sinh/them/"), form)
    assert response.status_code == 302, text(response)
    with open_scope([school.pk]):
        assert Enrolment.objects.get().pupil_id == left.pupil_id


def test_a_number_of_somebody_else_is_never_an_update(clerk_client, school, klass, other_school):
    factories.pupil(
        other_school, full_name="Lê Văn Khác", birth_date=date(2015, 9, 9), personal_number="074215123456", status="3",
        on=date(2026, 9, 20),
    )  # fmt: skip
    response = clerk_client.post(url(school, "hoc-sinh/them/"), pupil_form(school_class=klass.pk))
    assert "Mã định danh này là của một em khác" in text(response)


def edit_form(enrolment, **changes):
    return {
        "full_name": "Huỳnh Ngọc Minh Thư", "birth_date": "14/03/2015", "sex": "0", "ethnicity": "01",
        "personal_number": "074315006518", "code": enrolment.code, **changes,
    }  # fmt: skip


def test_editing_changes_what_differs_and_the_history_says_who_and_why(clerk_client, school, enrolment):
    form = edit_form(enrolment, contact_phone="0987 554 210", poverty="can_ngheo", why="giấy số 114 của phường")
    assert clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/sua/"), form).status_code == 302
    with open_scope([school.pk]):
        enrolment.refresh_from_db()
        assert (enrolment.contact_phone, enrolment.poverty) == ("0987554210", "can_ngheo")
    page = text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/lich-su/")))
    assert "Nguyễn Thị Mỹ Hạnh" in page
    assert "văn thư, giáo vụ, từ máy 127.0.0.1" in page
    assert "Điện thoại liên hệ 0987554210" in page
    assert "Hộ nghèo, cận nghèo Hộ cận nghèo" in page
    assert "Lý do: giấy số 114 của phường." in page


def test_the_drawer_of_the_history_is_a_part_of_the_page(clerk_client, school, enrolment):
    address = url(school, f"hoc-sinh/{enrolment.pk}/lich-su/")
    answer = clerk_client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert 'class="timeline"' in answer


def test_editing_nothing_writes_nothing(clerk_client, school, enrolment):
    clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/sua/"), edit_form(enrolment, ministry_id=""))
    with open_scope([school.pk]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_enrolmentevent WHERE pgh_label = 'update'")
        assert cursor.fetchone() == (0,)


def test_a_warning_does_not_stop_saving(clerk_client, school, klass):
    form = pupil_form(school_class=klass.pk, birth_date="14/03/2010", personal_number="074210123456")
    response = clerk_client.post(url(school, "hoc-sinh/them/"), form, follow=True)
    assert "16 tuổi học lớp 5, hơn tuổi chuẩn 6 năm" in text(response)
    with open_scope([school.pk]):
        assert Enrolment.objects.count() == 1


def test_moving_to_another_class_keeps_both_placements(clerk_client, school, enrolment, klass):
    target = factories.school_class(school, "8A4", grade=5)
    form = {"school_class": target.pk, "on": "05/10/2026", "reason": "quyết định 12"}
    assert clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/chuyen-lop/"), form).status_code == 302
    with open_scope([school.pk]):
        assert list(enrolment.placements.order_by("since").values_list("school_class_id", "until")) == [
            (klass.pk, date(2026, 10, 5)), (target.pk, None),
        ]  # fmt: skip
    course = text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/?phan=qua-trinh")))
    assert "Từ 05/10/2026 8A4" in course
    old = text(clerk_client.get(url(school, f"lop/{klass.pk}/?ngay=04/10/2026")))
    assert "Huỳnh Ngọc Minh Thư" in old
    assert "Sang 8A4, 05/10" in text(clerk_client.get(url(school, f"lop/{klass.pk}/?xem=da-ra")))
    assert "Từ 8A2, 05/10" in text(clerk_client.get(url(school, f"lop/{target.pk}/")))


def test_a_move_before_the_last_one_is_refused_in_the_dialog(clerk_client, school, enrolment):
    target = factories.school_class(school, "8A4", grade=5)
    with open_scope([school.pk]):
        Placement.objects.update(since=date(2026, 10, 20))
    response = clerk_client.post(
        url(school, f"hoc-sinh/{enrolment.pk}/chuyen-lop/"), {"school_class": target.pk, "on": "05/10/2026"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert "mới vào lớp hiện nay ngày 20/10/2026" in text(response)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"status": "3", "on": "05/10/2026"}, "Chuyển đi phải có trường đến"),
        ({"status": "4", "on": "05/10/2026"}, "Thôi học phải có lý do"),
        ({"status": "8", "on": "05/10/2026", "other_school": "THCS A"}, "Trạng thái của kỳ 2 có ngày từ"),
        ({"status": "3", "on": "", "other_school": "THCS A"}, "Còn thiếu ngày"),
    ],
)
def test_a_status_asks_for_what_it_needs(clerk_client, school, enrolment, form, message):
    response = clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/trang-thai/"), form)
    assert response.status_code == 422
    assert message in text(response)


def test_who_moves_away_leaves_the_class_and_stays_as_a_copy(clerk_client, school, enrolment, klass):
    form = {"status": "3", "on": "05/10/2026", "other_school": "THCS Chánh Nghĩa", "why": "đơn của gia đình"}
    assert clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/trang-thai/"), form).status_code == 302
    with open_scope([school.pk]):
        assert StatusChange.objects.filter(enrolment=enrolment).count() == 2
        assert enrolment.placements.get().until == date(2026, 10, 5)
        assert not Pupil.objects.exists()
    page = text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/")))
    assert "Huỳnh Ngọc Minh Thư" in page
    assert "Em đã rời trường" in page
    assert "Sửa hồ sơ" not in page
    assert clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/sua/")).status_code == 404
    assert "Chuyển đi kỳ 1, 05/10" in text(clerk_client.get(url(school, f"lop/{klass.pk}/?xem=da-ra")))
    again = clerk_client.post(
        url(school, f"hoc-sinh/{enrolment.pk}/trang-thai/"),
        {"status": "5", "on": "20/10/2026", "school_class": klass.pk},
    )
    assert again.status_code == 302, text(again)
    assert "Sửa hồ sơ" in text(clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/")))


def test_nothing_comes_after_dropping_out_but_returning(clerk_client, school, enrolment):
    drop = {"status": "4", "on": "05/10/2026", "reason": "01"}
    assert clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/trang-thai/"), drop).status_code == 302
    away = {"status": "3", "on": "15/10/2026", "other_school": "THCS A"}
    response = clerk_client.post(url(school, f"hoc-sinh/{enrolment.pk}/trang-thai/"), away)
    assert "Sau thôi học chỉ có “xin học lại”" in text(response)


def test_a_class_is_added_changed_and_shown(clerk_client, school):
    position = factories.staff(school, full_name="Nguyễn Thị Bích Ngọc")
    with open_scope([school.pk]):
        campus = factories.Campus.objects.get()
    form = {"grade": "8", "code": "8A10", "name": "8A10", "campus": campus.pk, "homeroom": position.pk, "shift": "sang"}
    response = clerk_client.post(url(school, "lop/them/"), form)
    assert response.status_code == 302, text(response)
    page = text(clerk_client.get(response["Location"]))
    assert "Lớp 8A10" in page
    assert "Nguyễn Thị Bích Ngọc" in page
    twice = clerk_client.post(url(school, "lop/them/"), form)
    assert "Mã lớp này đã có trong năm học" in text(twice)
    with open_scope([school.pk]):
        made = SchoolClass.objects.get(code="8A10")
    changed = clerk_client.post(url(school, f"lop/{made.pk}/sua/"), {**form, "shift": "chieu", "homeroom": ""})
    assert changed.status_code == 302
    history = text(clerk_client.get(url(school, f"lop/{made.pk}/lich-su/")))
    assert "Sáng → Chiều" in history
    assert "Nguyễn Thị Bích Ngọc → trống" in history


def test_the_roster_of_a_wrong_day_says_so(clerk_client, school, klass):
    page = text(clerk_client.get(url(school, f"lop/{klass.pk}/?ngay=31/02/2026")))
    assert "Tháng 2 không có ngày 31." in page
    assert "Ngày phải từ 01/08/2026" in text(clerk_client.get(url(school, f"lop/{klass.pk}/?ngay=01/01/2020")))


def staff_form(**changes):
    return {
        "full_name": "Phạm Văn Dũng", "birth_date": "20/05/1985", "sex": "1", "personal_number": "074085123456",
        "status": "1", "group": "2", "job": "gv", "contract": "1", "qualification": "03", "subject": "toan", **changes,
    }  # fmt: skip


def test_staff_are_added_changed_and_leave(clerk_client, school):
    response = clerk_client.post(url(school, "can-bo/them/"), staff_form())
    assert response.status_code == 302, text(response)
    address = response["Location"]
    assert "Phạm Văn Dũng" in text(clerk_client.get(address))
    wrong = clerk_client.post(f"{address}sua/", staff_form(joined_on="01/08/2020", left_on="01/08/2019"))
    assert "Ngày rời trường trước ngày về trường" in text(wrong)
    gone = clerk_client.post(f"{address}sua/", staff_form(status="3", left_on="01/10/2026", why="điều động"))
    assert gone.status_code == 302, text(gone)
    page = text(clerk_client.get(address))
    assert "Phạm Văn Dũng" in page
    assert "Người này đã rời trường" in page


def test_a_teacher_of_another_school_is_the_same_person(clerk_client, school, other_school):
    other = factories.staff(other_school, full_name="Phạm Văn Dũng", person={"personal_number": "074085123456"})
    assert clerk_client.post(url(school, "can-bo/them/"), staff_form()).status_code == 302
    with open_scope([school.pk]):
        assert factories.Position.objects.get().staff_id == other.staff_id


def test_rooms_are_added_and_changed(clerk_client, school):
    with open_scope([school.pk]):
        campus = factories.Campus.objects.get()
    form = {"code": "P101", "campus": campus.pk, "kind": "phong_hoc", "structure": "kien_co", "area": "48,5"}
    assert clerk_client.post(url(school, "phong/them/"), form).status_code == 302
    with open_scope([school.pk]):
        room = Room.objects.get()
    assert str(room.area) == "48.50"
    wrong = clerk_client.post(url(school, f"phong/{room.pk}/sua/"), {**form, "area": "rộng", "built_year": "86"})
    assert "Không phải số" in text(wrong)
    assert "Không đọc được năm" in text(wrong)
    assert "48,5 m²" in text(clerk_client.get(url(school, f"phong/{room.pk}/")))


def test_the_school_page_shows_dated_facts(office_client, clerk_client, school):
    factories.pupil(school, factories.school_class(school))
    page = text(clerk_client.get(url(school, "thong-tin/")))
    assert "Trường THCS Phú Cường" in page
    assert "1 điểm trường" in page
    form = {"name": "Trường THCS Phú Cường A", "levels": ["THCS"], "ownership": "1", "ward": "Phú Cường"}
    address = f"/phong/TDM/truong/{school.pk}/"
    assert "Đổi tên thì ghi ngày" in text(office_client.post(f"{address}sua/", form))
    assert office_client.post(f"{address}sua/", {**form, "from_day": "01/10/2026"}).status_code == 302
    assert "Tên Trường THCS Phú Cường A từ 01/10/2026" in text(office_client.get(address))
    assert "Tên Trường THCS Phú Cường " in text(office_client.get(f"{address}?ngay=30/09/2026"))
    assert clerk_client.get(url(school, f"truong/{school.pk}/sua/")).status_code == 403


def test_campuses_have_one_main(clerk_client, school):
    response = clerk_client.post(url(school, "diem-truong/them/"), {"name": "Điểm Chánh Nghĩa", "is_main": "on"})
    assert response.status_code == 302, text(response)
    with open_scope([school.pk]):
        assert list(factories.Campus.objects.filter(is_main=True).values_list("name", flat=True)) == [
            "Điểm Chánh Nghĩa"
        ]


def test_every_address_of_another_school_s_record_is_not_found(clerk_client, school, other_school):
    klass = factories.school_class(other_school)
    theirs = factories.pupil(other_school, klass)
    position, room = factories.staff(other_school), factories.room(other_school)
    with open_scope([other_school.pk]):
        campus = factories.Campus.objects.get()
    paths = [
        *(f"hoc-sinh/{theirs.pk}/{rest}" for rest in ("", "sua/", "lich-su/", "chuyen-lop/", "trang-thai/")),
        *(f"lop/{klass.pk}/{rest}" for rest in ("", "sua/", "lich-su/")),
        *(f"can-bo/{position.pk}/{rest}" for rest in ("", "sua/", "lich-su/")),
        *(f"phong/{room.pk}/{rest}" for rest in ("", "sua/", "lich-su/")),
        f"truong/{other_school.pk}/", f"truong/{other_school.pk}/lich-su/", f"diem-truong/{campus.pk}/sua/",
    ]  # fmt: skip
    for path in paths:
        assert clerk_client.get(url(school, path)).status_code == 404, path
        assert clerk_client.get(url(other_school, path)).status_code == 404, path


def test_who_looked_stands_on_the_history_page(make_user, sign_in, clerk_client, school, enrolment):
    clerk_client.get(url(school, f"hoc-sinh/{enrolment.pk}/"))
    principal = sign_in(make_user("principal", school.unit))
    page = text(principal.get(url(school, f"hoc-sinh/{enrolment.pk}/lich-su/")))
    assert "Ai đã xem" in page
    assert "Nguyễn Thị Mỹ Hạnh" in page
    log = text(principal.get(url(school, "nhat-ky/?viec=read")))
    assert "Mở hồ sơ" in log
    assert clerk_client.get(url(school, "nhat-ky/")).status_code == 403
