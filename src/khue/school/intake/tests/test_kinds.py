"""The other kinds through the services: new, changed, unchanged twice, wrong rows, undo; and export → import."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.sheets.writer import write_table
from khue.school.intake.export import code_lists, export_rows
from khue.school.intake.models import SheetImport, StagedRow, State
from khue.school.intake.refusal import Refused
from khue.school.intake.services import apply_import, read_import, take_file
from khue.school.intake.undo import undo_import
from khue.school.registry.models import (
    Campus,
    Enrolment,
    Equipment,
    Guardian,
    Position,
    PupilGuardian,
    Room,
    SchoolClass,
    StaffMember,
)
from khue.testing import factories

from . import sheets

pytestmark = pytest.mark.django_db
STAFF = [
    "Mã cán bộ",
    "Số định danh*",
    "Họ tên*",
    "Ngày sinh*",
    "Giới tính*",
    "Trạng thái*",
    "Nhóm*",
    "Vị trí việc làm*",
    "Hình thức hợp đồng*",
    "Trình độ chuyên môn*",
    "Môn dạy",
    "Hệ số",
    "Đảng viên",
    "Dân tộc",
]
CLASSES = ["Mã trường", "Năm học*", "Khối*", "Mã lớp*", "Tên lớp*", "Điểm trường", "GVCN", "Số buổi/tuần", "Bán trú"]
ROOMS = ["Mã phòng*", "Điểm trường", "Loại*", "Cấp công trình*", "Diện tích*", "Năm xây", "Năm sửa"]
SCHOOLS = ["Mã trường*", "Tên trường*", "Cấp*", "Loại hình*", "Phường*", "Điểm trường", "Kinh độ"]


def member(
    code="CB01",
    *,
    number="074085000001",
    name="Lê Minh Tâm",
    born="20/05/1985",
    subject=None,
    job="Hiệu trưởng",
    group="Cán bộ quản lý",
    coefficient=4.32,
):
    return [
        code,
        number,
        name,
        born,
        "Nam",
        "Đang làm việc",
        group,
        job,
        "Viên chức HĐLV không xác định thời hạn",
        "Đại học",
        subject,
        coefficient,
        "x",
        "Kinh",
    ]


@pytest.fixture
def run(school, office):
    """Take, read and, unless told otherwise, write a file at the school or (``at=None``) at the office."""

    def run(path: Path, kind: str, *, at=school, skip=False, write=True) -> SheetImport:
        with scope(at):
            source = take_file(
                unit=at.unit if at else office,
                school=at,
                kind=kind,
                year=2026,
                user=None,
                actor="Hạnh",
                name=path.name,
                path=path,
            )
            read_import(source)
            return (
                apply_import(source=source, actor="Hạnh", skip_bad_rows=skip)
                if write and source.state == State.READY
                else source
            )

    return run


def scope(at=None):
    schools = [at.pk] if at else list(School.objects.values_list("pk", flat=True))
    return open_scope(schools, all_schools=at is None)


def counts(source):
    return {k: v for k, v in source.counts.items() if v and k not in ("normalised", "warning")}


def errors(source, at):
    with scope(at):
        return [
            (f["row"], f["column"], f["rule"])
            for r in StagedRow.objects.filter(source=source).order_by("number")
            for f in r.findings
            if f["level"] == "error"
        ]


def undone(source, at=None):
    with scope(at):
        return undo_import(source=source, actor="Hạnh").state == State.UNDONE


# --- staff ---------------------------------------------------------------------------------------------------------


def test_staff_new_unchanged_changed_and_undone(run, school, tmp_path):
    path = sheets.write(
        tmp_path / "cb.xlsx",
        [member(), member("CB02", number="074090000002", name="Trần Văn Hùng", born="01/02/1990")],
        headers=STAFF,
    )
    assert counts(run(path, "staff")) == {"rows": 2, "new": 2}
    assert counts(run(path, "staff")) == {"rows": 2, "unchanged": 2}
    second = sheets.write(tmp_path / "cb2.xlsx", [member(coefficient=4.65)], headers=STAFF)
    changed = run(second, "staff")
    assert counts(changed) == {"rows": 1, "changed": 1}
    with scope(school):
        tam = Position.objects.get(code="CB01")
        assert (tam.coefficient, tam.party, tam.group, tam.job, tam.staff.birth_date) == (
            Decimal("4.65"),
            True,
            "1",
            "01",
            date(1985, 5, 20),
        )
        assert StagedRow.objects.get(source=changed).changes == [["coefficient", "4.32", "4.65"]]
    assert undone(changed, school)
    with scope(school):
        assert Position.objects.get(code="CB01").coefficient == Decimal("4.32")


def test_staff_first_file_undone_leaves_nobody(run, school, tmp_path):
    source = run(sheets.write(tmp_path / "cb.xlsx", [member()], headers=STAFF), "staff")
    assert undone(source, school)
    with open_scope([school.pk], all_schools=True):
        assert not Position.objects.exists()
        assert not StaffMember.objects.exists()


def test_staff_wrong_rows(run, school, tmp_path):
    rows = [
        member(),
        member("CB02", number="074185000001", name="Lê Văn Hai"),
        member("CB01", number="074085000003", name="Lê Văn Ba"),
        member("CB04", number="074085000004", name="Lê Văn Tư", job="Phi hành gia"),
        member("CB05", number=None, name="", born=None),
    ]
    source = run(sheets.write(tmp_path / "cb.xlsx", rows, headers=STAFF), "staff", write=False)
    found = errors(source, school)
    assert {
        (3, "B", "V02"),
        (2, "A", "V01"),
        (4, "A", "V01"),
        (5, "H", "V15"),
        (6, "C", "required"),
        (6, "D", "required"),
    } <= set(found)


def test_a_teacher_of_another_school_is_joined_not_doubled(run, school, other_school, tmp_path):
    factories.staff(other_school, "Lê Minh Tâm", person={"personal_number": "074085000001"})
    source = run(sheets.write(tmp_path / "cb.xlsx", [member()], headers=STAFF), "staff")
    assert counts(source)["new"] == 1
    with open_scope([school.pk, other_school.pk], all_schools=True):
        assert StaffMember.objects.count() == 1
        assert Position.objects.count() == 2


# --- classes -------------------------------------------------------------------------------------------------------


def test_classes_new_unchanged_changed_and_undone(run, school, tmp_path):
    factories.staff(school, code="CB01")
    rows = [
        [school.code, 2026, "Lớp 6", "6A1", "6A1", None, "CB01", 10, "x"],
        [school.code, "2026-2027", 7, "7A1", "Bảy một", "Điểm chính", None, None, None],
    ]
    path = sheets.write(tmp_path / "lop.xlsx", rows, headers=CLASSES)
    first = run(path, "classes")
    assert counts(first) == {"rows": 2, "new": 2}
    assert counts(run(path, "classes")) == {"rows": 2, "unchanged": 2}
    factories.staff(school, "Trần Văn Hùng", code="CB02")
    rows[0][6] = "CB02"
    source = run(sheets.write(tmp_path / "lop2.xlsx", rows[:1], headers=CLASSES), "classes")
    assert counts(source) == {"rows": 1, "changed": 1}
    with scope(school):
        assert StagedRow.objects.get(source=source).changes == [["homeroom", "CB01", "CB02"]]
        one = SchoolClass.objects.get(code="6A1")
        assert (one.grade, one.sessions_per_week, one.boarding, one.homeroom.code) == (6, 10, True, "CB02")
    assert undone(source, school)
    assert undone(first, school)
    with scope(school):
        assert not SchoolClass.objects.exists()


def test_classes_wrong_rows(run, school, tmp_path):
    rows = [
        [school.code, 2025, 6, "6A1", "6A1", None, None, None, None],
        [school.code, 2026, 1, "1A", "1A", None, None, None, None],
        [school.code, 2026, 6, "6A2", "6A2", "Điểm lẻ", None, None, None],
        [school.code, 2026, 6, "6A3", "6A3", None, "CB99", None, None],
        [school.code, 2026, 6, "6A4", "6A4", None, None, None, None],
        [school.code, 2026, None, "6A5", "6A5", None, None, None, None],
    ]
    path = sheets.write(tmp_path / "lop.xlsx", rows, headers=CLASSES)
    source = run(path, "classes", write=False)
    assert errors(source, school) == [
        (2, "B", "year"),
        (3, "C", "level"),
        (4, "F", "campus"),
        (5, "G", "homeroom"),
        (7, "C", "required"),
    ]
    assert counts(run(path, "classes", skip=True))["new"] == 1
    with scope(school):
        assert [c.code for c in SchoolClass.objects.all()] == ["6A4"]


def test_classes_of_another_school_are_refused(run, other_school, tmp_path):
    path = sheets.write(
        tmp_path / "lop.xlsx", [[other_school.code, 2026, 6, "6A1", "6A1", None, None, None, None]], headers=CLASSES
    )
    source = run(path, "classes")
    assert source.state == State.REFUSED
    assert other_school.name in source.refused


# --- rooms ---------------------------------------------------------------------------------------------------------


def test_rooms_new_unchanged_changed_and_undone(run, school, tmp_path):
    rows = [
        ["P101", None, "Phòng học", "Kiên cố", 48.5, 2005, 2019],
        ["P102", "Điểm chính", "phong_hoc", "kien_co", "52,25", None, None],
    ]
    path = sheets.write(tmp_path / "phong.xlsx", rows, headers=ROOMS)
    first = run(path, "rooms")
    assert counts(first) == {"rows": 2, "new": 2}
    assert counts(run(path, "rooms")) == {"rows": 2, "unchanged": 2}
    rows[0][4] = 50
    second = run(sheets.write(tmp_path / "p2.xlsx", rows[:1], headers=ROOMS), "rooms")
    assert counts(second) == {"rows": 1, "changed": 1}
    with scope(school):
        assert dict(Room.objects.values_list("code", "area")) == {"P101": Decimal("50.00"), "P102": Decimal("52.25")}
    assert undone(second, school)
    assert undone(first, school)
    with scope(school):
        assert not Room.objects.exists()


def test_rooms_wrong_rows(run, school, tmp_path):
    rows = [
        ["P101", None, "Phòng học", "Kiên cố", 0, None, None],
        ["P102", None, "Phòng học", "Kiên cố", 40, 2019, 2005],
        ["P103", "Điểm lẻ", "Phòng học", "Kiên cố", 40, None, None],
        ["P104", None, "phòng bay", "Kiên cố", 40, None, None],
        ["P105", None, "Phòng học", "Kiên cố", 40, None, None],
        ["P105", None, "Phòng học", "Kiên cố", 40, None, None],
    ]
    source = run(sheets.write(tmp_path / "phong.xlsx", rows, headers=ROOMS), "rooms", write=False)
    assert errors(source, school) == [
        (2, "E", "area"),
        (3, "G", "year"),
        (4, "B", "campus"),
        (5, "C", "V15"),
        (6, "A", "V01"),
        (7, "A", "V01"),
    ]


# --- equipment -----------------------------------------------------------------------------------------------------

EQUIPMENT = ["Tên thiết bị*", "Nhóm", "Khối", "Mã phòng", "Điểm trường", "Số hiện có*", "Số theo quy định"]


def test_equipment_new_unchanged_changed_and_undone(run, school, tmp_path):
    factories.room(school, "P101")
    rows = [
        ["Máy vi tính học sinh", "Máy tính", None, "p101", None, 30, 35],
        ["Bộ thiết bị dạy học tối thiểu", "toi_thieu", "Lớp 6", None, None, 4, 5],
        ["Bộ thiết bị dạy học tối thiểu", "toi_thieu", 7, None, "Điểm chính", 5, None],
    ]
    path = sheets.write(tmp_path / "thiet-bi.xlsx", rows, headers=EQUIPMENT)
    first = run(path, "equipment")
    assert counts(first) == {"rows": 3, "new": 3}
    assert counts(run(path, "equipment")) == {"rows": 3, "unchanged": 3}
    rows[0][5], rows[0][6] = 35, None
    second = run(sheets.write(tmp_path / "t2.xlsx", rows[:1], headers=EQUIPMENT), "equipment")
    assert counts(second) == {"rows": 1, "changed": 1}
    with scope(school):
        found = Equipment.objects.select_related("room").order_by("id")
        assert [(e.room and e.room.code, e.group, e.grade, e.quantity, e.required) for e in found] == [
            ("P101", "may_tinh", None, 35, 35),
            (None, "toi_thieu", 6, 4, 5),
            (None, "toi_thieu", 7, 5, None),
        ]
        assert {e.search_key for e in found} == {"may vi tinh hoc sinh", "bo thiet bi day hoc toi thieu"}
    assert undone(second, school)
    assert undone(first, school)
    with scope(school):
        assert not Equipment.objects.exists()
        assert Room.objects.count() == 1


def test_equipment_wrong_rows(run, school, tmp_path):
    factories.room(school, "P101")
    with open_scope([school.pk]):
        other = Campus.objects.create(school=school, name="Điểm lẻ")
        Room.objects.create(school=school, campus=other, code="L1", kind="phong_hoc", structure="kien_co", area=40)
        Room.objects.create(school=school, campus=other, code="P101", kind="phong_hoc", structure="kien_co", area=40)
    rows = [
        ["Máy chiếu", None, None, "P999", None, 1, None],
        ["Máy chiếu", None, None, "P101", None, 1, None],
        ["Máy chiếu", None, None, "L1", "Điểm chính", 1, None],
        ["Máy chiếu", None, "Lớp 1", None, None, 1, None],
        ["Máy chiếu", "đồ cổ", None, None, None, 1, None],
        ["Loa", None, None, None, None, None, 1],
        ["Loa kéo", None, None, "L1", None, -2, None],
        ["Ti vi", None, None, "L1", None, 1, None],
        ["TI VI", None, None, "L1", "Điểm lẻ", 2, None],
    ]
    source = run(sheets.write(tmp_path / "tb.xlsx", rows, headers=EQUIPMENT), "equipment", write=False)
    assert errors(source, school) == [
        (2, "D", "room"),
        (3, "D", "room"),
        (4, "D", "room"),
        (5, "C", "level"),
        (6, "B", "V15"),
        (7, "F", "required"),
        (8, "F", "number"),
        (9, "A", "V01"),
        (10, "A", "V01"),
    ]


def test_an_import_of_rooms_that_hold_equipment_is_not_undone(run, school, tmp_path):
    path = sheets.write(tmp_path / "p.xlsx", [["P7", None, "Phòng học", "Kiên cố", 48, None, None]], headers=ROOMS)
    source = run(path, "rooms")
    run(sheets.write(tmp_path / "t.xlsx", [["Loa", None, None, "P7", None, 1, None]], headers=EQUIPMENT), "equipment")
    with pytest.raises(Refused, match="phòng P7 đang được thiết bị dùng"):
        undone(source, school)


def test_rooms_and_equipment_on_two_sheets_of_one_file(run, school, tmp_path):
    path = sheets.write(tmp_path / "csvc.xlsx", [["P7", None, "Phòng học", "Kiên cố", 48, None, None]], headers=ROOMS)
    book = openpyxl.load_workbook(path)
    second = book.create_sheet("Thiết bị")
    for line in [EQUIPMENT, ["Loa", None, None, "P7", None, 1, None], ["Ti vi", None, None, "P7", None, 1, None]]:
        second.append(line)
    book.save(path)
    rooms = run(path, "rooms")
    assert counts(rooms) == {"rows": 1, "new": 1}
    said = [f["message"] for f in rooms.findings if f["rule"] == "other-list"]
    assert said == ["Trang Thiết bị là danh sách thiết bị, lần này để lại. Nhập tệp lần nữa, chọn loại Thiết bị."]
    assert counts(run(path, "equipment")) == {"rows": 2, "new": 2}


# --- schools -------------------------------------------------------------------------------------------------------


def test_schools_new_unchanged_changed_and_undone(run, office, tmp_path):
    rows = [
        ["74700021", "Trường TH Phú Lợi", "TH", "Công lập", "Phú Lợi", "Điểm chính; Điểm Bưng Cầu", 106.65],
        ["74700022", "Trường MN Hoa Mai", "MN;TH", "Tư thục", "Phú Cường", None, None],
    ]
    path = sheets.write(tmp_path / "truong.xlsx", rows, headers=SCHOOLS)
    first = run(path, "schools", at=None)
    assert counts(first) == {"rows": 2, "new": 2}
    assert counts(run(path, "schools", at=None)) == {"rows": 2, "unchanged": 2}
    made = School.objects.get(code="74700021")
    with scope(made):
        assert list(Campus.objects.order_by("-is_main").values_list("name", "is_main")) == [
            ("Điểm chính", True),
            ("Điểm Bưng Cầu", False),
        ]
    rows[0][1] = "Trường TH Phú Lợi 1"
    second = run(sheets.write(tmp_path / "t2.xlsx", rows[:1], headers=SCHOOLS), "schools", at=None)
    assert counts(second) == {"rows": 1, "changed": 1}
    assert Unit.objects.get(code="74700021").name == "Trường TH Phú Lợi 1"
    assert undone(second)
    assert (School.objects.get(code="74700021").name, Unit.objects.get(code="74700021").name) == (
        "Trường TH Phú Lợi",
        "Trường TH Phú Lợi",
    )
    assert undone(first)
    assert not School.objects.filter(code__startswith="7470002").exists()
    assert not Unit.objects.filter(code__startswith="7470002").exists()


def test_schools_wrong_rows(run, office, tmp_path):
    rows = [
        ["74700021", "Trường A", "TH", "Công lập", "Phú Lợi", None, 1066.5],
        ["74700021", "Trường B", "TH", "Công lập", "Phú Lợi", None, None],
        ["74700023", "Trường C", "đại học", "Công lập", "Phú Lợi", None, None],
        [None, "Trường D", "TH", "Công lập", "Phú Lợi", None, None],
    ]
    source = run(sheets.write(tmp_path / "truong.xlsx", rows, headers=SCHOOLS), "schools", at=None, write=False)
    assert errors(source, None) == [
        (2, "A", "V01"),
        (2, "G", "place"),
        (3, "A", "V01"),
        (4, "C", "V15"),
        (5, "A", "required"),
    ]


def test_undo_of_a_school_with_pupils_is_refused(run, office, tmp_path):
    rows = [["74700021", "Trường THCS Phú Lợi", "THCS", "Công lập", "Phú Lợi", None, None]]
    source = run(sheets.write(tmp_path / "truong.xlsx", rows, headers=SCHOOLS), "schools", at=None)
    factories.pupil(School.objects.get(code="74700021"))
    with scope(), pytest.raises(Refused) as refused:
        undo_import(source=source, actor="Hạnh")
    assert any("Trường THCS Phú Lợi" in line for line in refused.value.lines)


# --- export → import -----------------------------------------------------------------------------------------------


@pytest.fixture
def full_school(school):
    """A school with everything that can be exported, also a pupil who has left and one with a birth year alone."""
    homeroom = factories.staff(
        school,
        group="2",
        job="gv",
        subject="toan",
        coefficient=Decimal("2.34"),
        step=3,
        step_on=date(2024, 1, 1),
        party=True,
        title="Tổ trưởng",
        recruited_on=date(2010, 9, 1),
        language="Anh B1",
        person={"phone": "0913208554", "email": "a@b.vn"},
    )
    factories.staff(school, "Trần Văn Hùng", group="3", job="17", code=None)
    one = factories.school_class(school, "6A1", homeroom=homeroom, sessions_per_week=10, boarding=True, note="=ghi chú")
    factories.school_class(school, "6A10", grade=6)
    room = factories.room(school, kind="phong_hoc", structure="kien_co", area="48.50", built_year=2005)
    factories.equipment(school, "Máy chiếu", room=room)
    factories.equipment(school, "Bộ thiết bị tối thiểu", grade=6, group="toi_thieu", required=None)
    child = factories.pupil(
        school,
        one,
        ethnicity="05",
        religion="phat_giao",
        nationality="VN",
        birth_place="Bình Dương",
        home_street="12, Bạch Đằng",
        enrolment={"policies": ["ho_ngheo"], "poverty": "ngheo", "two_sessions": True, "contact_phone": "0987554210"},
    )
    factories.pupil(school, one, "Lê Thị Ngọc", sex="0", enrolment={"code": None})
    year_only = factories.pupil(school, one, "Trần Quốc Bảo")
    left = factories.pupil(school, one, "Phạm Gia Hân")
    with open_scope([school.pk]):
        year_only.pupil.birth_date = None
        year_only.pupil.save()
        father = Guardian.objects.create(
            full_name="Nguyễn Văn Ba", phone="0913208554", job="Công nhân", birth_year=1985, school_ids=[school.pk]
        )
        PupilGuardian.objects.create(pupil=child.pupil, guardian=father, relation="father", school_ids=[school.pk])
        left.status_changes.create(
            school=school,
            status="3",
            on=date(2026, 10, 2),
            effective_on=date(2026, 10, 2),
            other_school="Trường THCS Hiệp Thành",
        )
        assert Enrolment.objects.get(pk=left.pk).frozen
    return school


SIZES = {"pupils": 4, "staff": 2, "classes": 2, "rooms": 1, "equipment": 2, "schools": 1}


@pytest.mark.parametrize("kind", ["pupils", "staff", "classes", "rooms", "equipment", "schools"])
def test_what_is_exported_imports_again_without_a_change(run, full_school, kind, tmp_path):
    path = tmp_path / f"{kind}.xlsx"
    with scope(full_school):
        columns, rows = export_rows(kind, [full_school.pk], 2026)
    assert len(rows) == SIZES[kind]
    with path.open("wb") as stream:
        write_table(stream, name=kind, columns=columns, rows=rows, code_lists=code_lists(kind))
    source = run(path, kind, at=None if kind == "schools" else full_school, write=False)
    at = None if kind == "schools" else full_school
    with scope(at):
        outcome = [
            (r.row, r.action, r.changes, [f["message"] for f in r.findings if f["level"] in ("error", "ask")])
            for r in StagedRow.objects.filter(source=source)
            if r.action != "unchanged"
        ]
    assert (source.state, source.refused, outcome) == (State.READY, "", [])
    assert source.counts["unchanged"] == len(rows)
