"""Bulk edits with their undo, exports, the search box."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.school.registry.models import Enrolment, Guardian, PupilGuardian
from khue.testing import factories

from .helpers import SORTED, several_pupils, text, url

pytestmark = pytest.mark.django_db


def rows_of(response, sheet=0):
    content = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(sheet).to_python()


def undo_address(client, page):
    return next(part for part in page.content.decode().split('"') if "/hoan-tac/" in part)


def test_many_pupils_move_at_once_and_come_back(clerk_client, school):
    first, second = factories.school_class(school, "6A1"), factories.school_class(school, "6A2")
    pupils = several_pupils(school, first)
    chosen = [str(p.pk) for p in pupils[:3]]
    address = url(school, "hoc-sinh/sua-nhieu/chuyen-lop/")
    question = clerk_client.post(address, {"chon": chosen})
    assert "Chuyển lớp cho 3 em" in text(question)
    form = {"chon": chosen, "luu": "1", "school_class": second.pk, "on": "05/10/2026", "reason": "phân lớp"}
    page = clerk_client.post(address, form, follow=True)
    assert "đã ghi 3 em" in text(page)
    with open_scope([school.pk]):
        assert Enrolment.objects.filter(current_class=second).count() == 3
    undone = clerk_client.post(undo_address(clerk_client, page), follow=True)
    assert "Đã trả 3 em về như trước" in text(undone)
    with open_scope([school.pk]):
        assert Enrolment.objects.filter(current_class=first).count() == 6
        assert not factories.Placement.objects.exclude(until=None).exists()


def test_all_that_are_filtered_are_changed_by_one_statement(clerk_client, school):
    several_pupils(school, factories.school_class(school, "6A1"))
    other = factories.pupil(school, factories.school_class(school, "8A2", grade=8))
    address = url(school, "hoc-sinh/sua-nhieu/sua/")
    with CaptureQueriesContext(connection) as captured:
        clerk_client.post(address, {"tat_ca": "1", "khoi": "6", "luu": "1", "two_sessions": "1", "reason": "kế hoạch"})
    assert sum(q["sql"].startswith('UPDATE "registry_enrolment"') for q in captured) == 1
    with open_scope([school.pk]):
        assert Enrolment.objects.filter(two_sessions=True).count() == 6
        assert not Enrolment.objects.get(pk=other.pk).two_sessions


def test_undo_leaves_what_was_changed_since(clerk_client, school):
    pupils = several_pupils(school, factories.school_class(school))
    form = {"tat_ca": "1", "luu": "1", "boarding": "1"}
    page = clerk_client.post(url(school, "hoc-sinh/sua-nhieu/sua/"), form, follow=True)
    with open_scope([school.pk]):
        Enrolment.objects.filter(pk=pupils[0].pk).update(note="đã xem")
    undone = clerk_client.post(undo_address(clerk_client, page), follow=True)
    assert "Đã trả 5 em về như trước. 1 em đã được sửa sau đó nên giữ nguyên" in text(undone)


def test_a_batch_of_another_school_cannot_be_undone(make_user, sign_in, clerk_client, school, other_school):
    several_pupils(school, factories.school_class(school))
    page = clerk_client.post(
        url(school, "hoc-sinh/sua-nhieu/sua/"), {"tat_ca": "1", "luu": "1", "boarding": "1"}, follow=True
    )
    token = undo_address(clerk_client, page).split("/")[-2]
    stranger = sign_in(make_user("clerk", other_school.unit, username="la"))
    assert stranger.post(url(other_school, f"hoc-sinh/hoan-tac/{token}/")).status_code == 404
    with open_scope([school.pk]):
        assert Enrolment.objects.filter(boarding=True).count() == 6


def test_bulk_edits_refuse_nothing_chosen_and_rows_of_others(clerk_client, school, other_school):
    theirs = factories.pupil(other_school)
    address = url(school, "hoc-sinh/sua-nhieu/sua/")
    assert "Chưa chọn dòng nào" in text(clerk_client.post(address, {}))
    clerk_client.post(address, {"chon": [theirs.pk], "luu": "1", "boarding": "1"})
    with open_scope([other_school.pk]):
        assert not Enrolment.objects.get().boarding
    mine = factories.pupil(school)
    assert "Chưa chọn mục nào để sửa" in text(clerk_client.post(address, {"chon": [mine.pk], "luu": "1"}))
    assert clerk_client.get(address).status_code == 405


def test_the_file_holds_what_is_filtered_with_identifiers_whole(clerk_client, school):
    several_pupils(school, factories.school_class(school, "6A1"))
    factories.pupil(
        school, factories.school_class(school, "8A2", grade=8), full_name="Ngô Bảo Trân", personal_number="074215000001"
    )
    rows = rows_of(clerk_client.get(url(school, "hoc-sinh/tai-excel/")))
    assert [row[0] for row in rows] == ["Họ và tên", *SORTED, "Ngô Bảo Trân"]
    response = clerk_client.get(url(school, "hoc-sinh/tai-excel/?khoi=8"))
    rows = rows_of(response)
    assert [row[0] for row in rows[1:]] == ["Ngô Bảo Trân"]
    assert "074215000001" in rows[1]
    assert date(2015, 3, 14) in rows[1]
    with open_scope([school.pk]):
        details = list(AccessLog.objects.filter(kind="export").order_by("at").values_list("detail", flat=True))
    assert details == ["Học sinh: 7 em", "Học sinh: 1 em"]


def test_the_file_says_who_took_it(clerk_client, school):
    factories.pupil(school)
    lines = rows_of(clerk_client.get(url(school, "hoc-sinh/tai-excel/")), sheet=1)
    assert lines[0][0] == "Người lấy: Nguyễn Thị Mỹ Hạnh"


def test_the_layout_of_the_import_holds_guardians_and_names_of_codes(clerk_client, school):
    enrolment = factories.pupil(school, factories.school_class(school, "6A1"), full_name="Ngô Bảo Trân", sex="0")
    with open_scope([school.pk]):
        mother = Guardian.objects.create(full_name="Trần Thị Lan", phone="0978196474", school_ids=[school.pk])
        PupilGuardian.objects.create(
            pupil_id=enrolment.pupil_id, guardian=mother, relation="mother", school_ids=[school.pk]
        )
    rows = rows_of(clerk_client.get(url(school, "hoc-sinh/tai-excel/?mau=nhap")))
    head = [label.rstrip("*") for label in rows[0]]
    row = dict(zip(head, rows[2], strict=True))
    assert (row["Mã lớp"], row["Họ tên"], row["Giới tính"]) == ("6A1", "Ngô Bảo Trân", "Nữ")
    assert "Trần Thị Lan" in rows[2]


@pytest.mark.parametrize("path", ["lop", "can-bo", "phong"])
def test_other_registers_go_out_in_both_forms(clerk_client, school, path):
    factories.school_class(school)
    factories.staff(school)
    factories.room(school)
    assert len(rows_of(clerk_client.get(url(school, f"{path}/tai-excel/")))) == 2
    assert len(rows_of(clerk_client.get(url(school, f"{path}/tai-excel/?mau=nhap")))) >= 2


def test_the_office_gets_the_layout_of_schools(office_client, school):
    rows = rows_of(office_client.get("/phong/TDM/truong/tai-excel/?mau=nhap"))
    assert school.code in rows[-1]
    assert "Điểm chính" in rows[-1]


def test_a_large_file_needs_the_right_to_export(make_user, sign_in, school, settings):
    settings.EXPORT_LIMIT = 0
    klass = factories.school_class(school)
    factories.pupil(school, klass)
    position = factories.staff(school)
    with open_scope([school.pk]):
        type(klass).objects.update(homeroom=position)
        user = make_user("teacher", school.unit)
        factories.StaffMember.objects.get(pk=position.staff_id)
    from khue.school.registry.models import UserLink

    UserLink.objects.create(user=user, staff_id=position.staff_id)
    response = sign_in(user).get(url(school, "hoc-sinh/tai-excel/"))
    assert response.status_code == 403
    assert "xuất danh sách học sinh" in text(response)


def test_other_tables_are_changed_in_bulk(clerk_client, school):
    klass, position, room = factories.school_class(school), factories.staff(school), factories.room(school)
    for path, row, field, value in (
        ("lop", klass, "sessions_per_week", "9"),
        ("can-bo", position, "contract", "5"),
        ("phong", room, "condition", "tot"),
    ):
        form = {"chon": [row.pk], "luu": "1", field: value}
        assert clerk_client.post(url(school, f"{path}/sua-nhieu/sua/"), form).status_code == 302
        with open_scope([school.pk]):
            row.refresh_from_db()
        assert str(getattr(row, field)) == value


@pytest.mark.parametrize(("typed", "found"), [
    ("8a2", "Lớp 8A2"), ("lop 8a2", "Lớp 8A2"), ("minh thu", "Huỳnh Minh Thư"), ("8a2 thu", "Huỳnh Minh Thư"),
    ("dung", "Phạm Văn Dũng"), ("them hoc sinh", "Thêm học sinh"), ("hoc sinh", "Học sinh"),
])  # fmt: skip
def test_the_box_finds_people_classes_and_actions_without_marks(clerk_client, school, typed, found):
    factories.pupil(school, factories.school_class(school, "8A2", grade=8), full_name="Huỳnh Minh Thư")
    factories.staff(school, full_name="Phạm Văn Dũng")
    response = clerk_client.get(url(school, "tim/"), {"q": typed})
    assert found in text(response)
    assert 'role="option"' in response.content.decode()


def test_the_box_of_the_office_finds_schools_and_everybody(office_client, school, other_school):
    factories.pupil(other_school, full_name="Huỳnh Minh Thư")
    assert "Huỳnh Minh Thư" in text(office_client.get("/phong/TDM/tim/?q=minh thu"))
    assert "Trường THCS Hiệp Thành" in text(office_client.get("/phong/TDM/tim/?q=hiep thanh"))


def test_the_box_finds_nobody_of_another_school(clerk_client, school, other_school):
    factories.pupil(other_school, full_name="Huỳnh Minh Thư")
    assert "Không thấy gì khớp" in text(clerk_client.get(url(school, "tim/?q=huynh minh thu")))
