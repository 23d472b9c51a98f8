"""Importing pupils: dry run, apply, again, mend, undo (sector-database §5)."""

from datetime import date
from pathlib import Path

import pytest

from khue.base.core.scope import open_scope
from khue.school.intake.models import SheetImport, StagedRow, State
from khue.school.intake.refusal import Refused
from khue.school.intake.report import file_report
from khue.school.intake.services import answer, apply_import, mend_cell, read_import, take_file
from khue.school.intake.undo import undo_import
from khue.school.registry.models import Enrolment, Guardian, Placement, Pupil, SchoolClass, StatusChange
from khue.testing import factories

from . import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(school, tmp_path, settings):
    """Take and read a file for the school, in its scope."""
    settings.MEDIA_ROOT = tmp_path / "files"

    def run(path: Path, *, at=school, kind="pupils", year=2026) -> SheetImport:
        with open_scope([at.pk]):
            source = take_file(
                unit=at.unit, school=at, kind=kind, year=year, user=None, actor="Hạnh", name=path.name, path=path
            )
            return read_import(source) if source.state != State.REFUSED else source

    return run


def file_of(tmp_path, *rows, name="ds.xlsx", **more):
    return sheets.write(tmp_path / name, list(rows), **more)


def write(source, school, **more):
    with open_scope([school.pk]):
        return apply_import(source=source, actor="Hạnh", **more)


def counts(source):
    return {k: v for k, v in source.counts.items() if v and k != "classes"}


def test_a_first_file_brings_classes_and_pupils(read, school, tmp_path):
    source = read(
        file_of(
            tmp_path,
            sheets.pupil(),
            sheets.pupil(
                "HS002",
                cls="7A2",
                name="Lê Thị Ngọc",
                born="02/05/2014",
                sex="Nữ",
                ministry="7400000002",
                number="074314000002",
            ),
        )
    )
    assert (source.state, source.refused) == (State.READY, "")
    assert counts(source) == {"rows": 2, "new": 2, "normalised": 2}
    with open_scope([school.pk]):
        assert not Pupil.objects.exists(), "a dry run writes nothing"
    write(source, school)
    with open_scope([school.pk]):
        assert list(SchoolClass.objects.order_by("code").values_list("code", "grade")) == [("6A1", 6), ("7A2", 7)]
        an = Pupil.objects.get(ministry_id="7400000001")
        assert (an.full_name, an.birth_date, an.sex, an.ethnicity) == ("Nguyễn Văn An", date(2015, 3, 14), "1", "01")
        assert Placement.objects.filter(enrolment__pupil=an).get().since == date(2026, 8, 1)


def test_the_same_file_twice_changes_nothing(read, school, tmp_path):
    path = file_of(
        tmp_path,
        sheets.pupil(),
        sheets.pupil("HS002", name="Lê Thị Ngọc", sex="Nữ", ministry="7400000002", number="074315000002"),
    )
    write(read(path), school)
    again = read(path)
    assert counts(again) == {"rows": 2, "unchanged": 2}
    write(again, school)
    with open_scope([school.pk]):
        assert (Pupil.objects.count(), Enrolment.objects.count(), StatusChange.objects.count()) == (2, 2, 2)


def test_a_change_shows_old_and_new_and_a_blank_deletes_nothing(read, school, tmp_path):
    write(read(file_of(tmp_path, sheets.pupil())), school)
    changed = sheets.pupil(name="Nguyễn Văn Ân")
    changed[7] = None
    source = read(file_of(tmp_path, changed, name="sua.xlsx"))
    with open_scope([school.pk]):
        row = StagedRow.objects.get(source=source)
        assert (row.action, row.changes) == ("changed", [["full_name", "Nguyễn Văn An", "Nguyễn Văn Ân"]])
    write(source, school)
    with open_scope([school.pk]):
        assert Pupil.objects.values_list("full_name", "ethnicity").get() == ("Nguyễn Văn Ân", "01")


def test_a_moved_class_closes_the_old_placement(read, school, tmp_path):
    factories.school_class(school, "6A1")
    factories.school_class(school, "6A2")
    write(read(file_of(tmp_path, sheets.pupil())), school)
    source = read(file_of(tmp_path, sheets.pupil(cls="6A2"), name="chuyen.xlsx"))
    assert counts(source) == {"rows": 1, "moved": 1}
    write(source, school)
    with open_scope([school.pk]):
        assert list(Placement.objects.order_by("since", "id").values_list("school_class__code", "until"))[-1] == (
            "6A2",
            None,
        )
        assert Enrolment.objects.get().current_class.code == "6A2"


def test_an_unknown_class_offers_the_nearest(read, school, tmp_path):
    factories.school_class(school, "6A1")
    source = read(file_of(tmp_path, sheets.pupil(cls="6A9")))
    with open_scope([school.pk]):
        finding = StagedRow.objects.get(source=source).findings[0]
    assert (finding["level"], finding["rule"], finding["row"], finding["column"]) == ("error", "class", 2, "A")
    assert "6A1" in finding["message"]


def test_an_unknown_class_is_made_by_the_import_that_says_so(read, school, tmp_path):
    factories.school_class(school, "6A1")
    rows = [
        sheets.pupil(cls="6A9"),
        sheets.pupil("HS002", cls="6a9", name="Lê Minh Trí", ministry="7400000002", number="074215000002"),
    ]
    source = read(file_of(tmp_path, *rows))
    with open_scope([school.pk]):
        assert [f["normalised"] for r in StagedRow.objects.filter(source=source) for f in r.findings] == ["6", None]
        answer(source=source, answers={"grade:6A9": "6"})
    assert counts(source) == {"rows": 2, "new": 2, "normalised": 1}
    assert source.counts["classes"] == {"6A9": 6}
    with open_scope([school.pk]):
        answer(source=source, answers={"grade:6A9": None})
        assert (source.answers, source.counts["error"], source.counts["classes"]) == ({}, 2, {})
        answer(source=source, answers={"grade:6A9": "6"})
    write(source, school)
    with open_scope([school.pk]):
        made = SchoolClass.objects.get(code="6A9")
        assert (made.grade, Placement.objects.filter(school_class=made).count()) == (6, 2)
        undo_import(source=source, actor="Hạnh")
        assert list(SchoolClass.objects.values_list("code", flat=True)) == ["6A1"]


@pytest.mark.parametrize("given", ["1", "99", "sáu", ""])
def test_a_class_is_not_made_in_a_grade_that_the_school_lacks(read, school, tmp_path, given):
    factories.school_class(school, "6A1")
    source = read(file_of(tmp_path, sheets.pupil(cls="6A9")))
    with open_scope([school.pk]):
        answer(source=source, answers={"grade:6A9": given})
    assert counts(source)["error"] == 1


def test_errors_stop_the_whole_file_unless_bad_rows_are_left(read, school, tmp_path):
    bad = sheets.pupil("HS002", name="Trần Quốc Bảo", born="31/02/2015", ministry="7400000002", number="074215000002")
    path = file_of(tmp_path, sheets.pupil(), bad)
    source = read(path)
    with pytest.raises(Refused, match="1 dòng có lỗi"):
        write(source, school)
    with open_scope([school.pk]):
        assert not Pupil.objects.exists()
    write(source, school, skip_bad_rows=True)
    with open_scope([school.pk]):
        assert [p.full_name for p in Pupil.objects.all()] == ["Nguyễn Văn An"]


def test_a_cell_is_mended_in_place(read, school, tmp_path):
    source = read(file_of(tmp_path, sheets.pupil(born="31/02/2015")))
    assert source.counts["error"] == 1
    with open_scope([school.pk]):
        row = mend_cell(source=source, row=StagedRow.objects.get(source=source), column="F", text="28/02/2015")
        assert (row.action, row.worst) == ("new", "normalised")
    write(source, school)
    with open_scope([school.pk]):
        assert Pupil.objects.get().birth_date == date(2015, 2, 28)


def test_twins_with_one_identifier_are_errors_on_both_rows(read, school, tmp_path):
    source = read(file_of(tmp_path, sheets.pupil(), sheets.pupil("HS002", name="Lê Minh Trí", ministry="7400000002")))
    with open_scope([school.pk]):
        found = [
            (f["row"], f["rule"], f["column"])
            for r in StagedRow.objects.filter(source=source).order_by("number")
            for f in r.findings
            if f["level"] == "error"
        ]
    assert found == [(2, "V01", "D"), (3, "V01", "D")]


def test_an_identifier_of_another_child_is_an_error_never_an_update(read, school, tmp_path):
    write(read(file_of(tmp_path, sheets.pupil())), school)
    other = sheets.pupil("HS009", name="Lê Minh Trí", born="01/01/2014", number=None)
    source = read(file_of(tmp_path, other, name="khac.xlsx"))
    with open_scope([school.pk]):
        row = StagedRow.objects.get(source=source)
        assert row.action == "wrong"
        assert "Nguyễn Văn An" in row.findings[0]["message"]


def test_two_namesakes_are_a_question_that_an_answer_settles(read, school, tmp_path):
    room = factories.school_class(school, "6A1")
    for code in ("HS100", "HS200"):
        factories.pupil(school, room, enrolment={"code": code})
    source = read(file_of(tmp_path, sheets.pupil(None, ministry=None, number=None)))
    assert source.counts["ask"] == 1
    with open_scope([school.pk]):
        answer(source=source, answers={"person:Sheet!2": "HS200"})
        assert StagedRow.objects.get(source=source).action == "unchanged"


def test_a_pupil_active_elsewhere_is_v07_and_nothing_is_written(read, school, other_school, tmp_path):
    factories.pupil(other_school, full_name="Nguyễn Văn An", personal_number="074215000001", ministry_id=None)
    source = read(file_of(tmp_path, sheets.pupil(ministry=None)))
    with open_scope([school.pk]):
        row = StagedRow.objects.get(source=source)
    finding = next(f for f in row.findings if f["rule"] == "V07")
    assert other_school.name in finding["message"]
    assert "01/08/2026" in finding["message"]


def test_a_pupil_who_left_is_joined_to_the_old_record(read, school, other_school, tmp_path):
    left = factories.pupil(
        other_school,
        full_name="Nguyễn Văn An",
        birth_date=date(2015, 3, 14),
        personal_number="074215000001",
        ministry_id=None,
        status="3",
        on=date(2026, 9, 10),
    )
    write(
        read(
            file_of(
                tmp_path,
                [*sheets.pupil(status="Chuyển đến kỳ 1", ministry=None), "15/09/2026"],
                headers=[*sheets.HEADERS, "Ngày trạng thái"],
            )
        ),
        school,
    )
    with open_scope([school.pk]):
        assert Enrolment.objects.get().pupil_id == left.pupil_id


def test_missing_pupils_are_listed_never_deleted(read, school, tmp_path):
    room = factories.school_class(school, "6A1")
    factories.pupil(school, room, full_name="Phạm Gia Hân", enrolment={"code": "HS777"})
    source = read(file_of(tmp_path, sheets.pupil()))
    assert [m["name"] for m in source.missing] == ["Phạm Gia Hân"]
    write(source, school)
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 2


@pytest.mark.parametrize(("extra", "rule"), [
    ({"Trạng thái*": "Chuyển đi kỳ 1", "Ngày trạng thái": "10/10/2026"}, "V06"),
    ({"Trạng thái*": "Thôi học kỳ 1", "Ngày trạng thái": "10/10/2026"}, "V06"),
    ({"Trạng thái*": "Chuyển đến kỳ 1", "Ngày trạng thái": "10/03/2027"}, "V05"),
    ({"Hòa nhập": "x"}, "V08"),
    ({"Diện chính sách": "Hộ nghèo", "Hộ nghèo/cận nghèo": None}, "V08"),
    ({"Dân tộc*": "Người sao Hỏa"}, "V15"),
    ({"Giới tính*": "Nữ"}, "V02"),
])  # fmt: skip
def test_rules_name_their_number(read, school, tmp_path, extra, rule):
    values = dict(zip(sheets.HEADERS, sheets.pupil(), strict=True)) | extra
    source = read(sheets.write(tmp_path / "x.xlsx", [list(values.values())], headers=list(values)))
    with open_scope([school.pk]):
        assert rule in {f["rule"] for f in file_report(source)["findings"] if f["level"] == "error"}


def test_over_age_is_a_warning_and_forty_years_an_error(read, school, tmp_path):
    older = sheets.pupil(born="09/03/2011", number="074211000001")
    absurd = sheets.pupil("HS002", name="Lê Minh Trí", born="01/01/1986", ministry="7400000002", number=None)
    source = read(file_of(tmp_path, older, absurd))
    with open_scope([school.pk]):
        found = [
            (f["row"], f["level"], f["rule"])
            for f in file_report(source)["findings"]
            if f["level"] in ("error", "warning")
        ]
    assert found == [(2, "warning", "V03"), (3, "error", "birth_date")]


def test_guardians_come_with_the_pupil(read, school, tmp_path):
    headers = [*sheets.HEADERS, "Họ tên cha", "Điện thoại cha", "Họ tên mẹ"]
    path = sheets.write(
        tmp_path / "x.xlsx", [[*sheets.pupil(), "Nguyễn Văn Ba", "0913208554", "Lê Thị Tư"]], headers=headers
    )
    write(read(path), school)
    with open_scope([school.pk]):
        assert set(Guardian.objects.values_list("full_name", "phone")) == {
            ("Nguyễn Văn Ba", "0913208554"),
            ("Lê Thị Tư", ""),
        }
    assert counts(read(path)) == {"rows": 1, "unchanged": 1}


def test_undo_takes_everything_back(read, school, tmp_path):
    write(read(file_of(tmp_path, sheets.pupil())), school)
    second = read(
        file_of(
            tmp_path,
            sheets.pupil(name="Nguyễn Văn Ân"),
            sheets.pupil("HS002", name="Lê Minh Trí", ministry="7400000002", number="074215000002"),
            name="2.xlsx",
        )
    )
    write(second, school)
    with open_scope([school.pk]):
        undo_import(source=second, actor="Hạnh")
        assert list(Pupil.objects.values_list("full_name", flat=True)) == ["Nguyễn Văn An"]
        assert Enrolment.objects.count() == 1
        second.refresh_from_db()
        assert second.state == State.UNDONE
    write(
        read(
            file_of(
                tmp_path,
                sheets.pupil("HS002", name="Lê Minh Trí", ministry="7400000002", number="074215000002"),
                name="3.xlsx",
            )
        ),
        school,
    )


def test_undo_of_a_first_file_leaves_an_empty_school_that_can_take_it_again(read, school, tmp_path):
    path = file_of(tmp_path, sheets.pupil())
    source = write(read(path), school)
    with open_scope([school.pk]):
        undo_import(source=source, actor="Hạnh")
    with open_scope([school.pk], all_schools=True):
        assert not Pupil.objects.exists()
        assert not SchoolClass.objects.exists()
        assert not StatusChange.objects.exists()
    write(read(path), school)
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 1


def test_undo_takes_guardians_back_too(read, school, tmp_path):
    write(read(file_of(tmp_path, sheets.pupil())), school)
    headers = [*sheets.HEADERS, "Họ tên cha"]
    second = [[*sheets.pupil("HS002", name="Lê Minh Trí", ministry="7400000002", number="074215000002"), "Lê Văn Ba"]]
    path = sheets.write(tmp_path / "2.xlsx", [[*sheets.pupil(), "Nguyễn Văn Ba"], *second], headers=headers)
    source = write(read(path), school)
    with open_scope([school.pk]):
        assert Guardian.objects.count() == 2
        undo_import(source=source, actor="Hạnh")
    with open_scope([school.pk], all_schools=True):
        assert not Guardian.objects.exists()
        assert Pupil.objects.count() == 1


def test_undo_is_refused_when_a_row_was_changed_since(read, school, tmp_path):
    source = write(read(file_of(tmp_path, sheets.pupil())), school)
    with open_scope([school.pk], actor="khác"):
        Pupil.objects.update(birth_place="Bình Dương")
    with open_scope([school.pk]), pytest.raises(Refused, match="Nguyễn Văn An đã sửa sau khi nhập"):
        undo_import(source=source, actor="Hạnh")
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 1


def test_undo_is_refused_when_something_refers_to_it(read, school, tmp_path):
    source = write(read(file_of(tmp_path, sheets.pupil())), school)
    with open_scope([school.pk]):
        klass = SchoolClass.objects.get()
    factories.pupil(school, klass, full_name="Em đến sau")
    with open_scope([school.pk]), pytest.raises(Refused, match="lớp 6A1 đang được"):
        undo_import(source=source, actor="Hạnh")


def test_two_people_with_the_same_file_write_it_once(read, school, tmp_path):
    path = file_of(tmp_path, sheets.pupil())
    first, second = read(path), read(path)
    write(first, school)
    write(second, school)
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 1
        assert second.counts["unchanged"] == 1


def test_another_school_s_file_is_refused(read, school, other_school, tmp_path):
    source = read(file_of(tmp_path, sheets.pupil(), above=[[f"Mã trường: {other_school.code}"], []]))
    assert source.state == State.REFUSED
    assert other_school.name in source.refused


def test_a_file_of_another_year_is_refused(read, tmp_path):
    source = read(file_of(tmp_path, sheets.pupil(), above=[["DANH SÁCH HỌC SINH NĂM HỌC 2024-2025"], []]))
    assert source.state == State.REFUSED
    assert "2024" in source.refused


def test_an_unreadable_file_is_refused_with_a_remedy(read, tmp_path):
    fake = tmp_path / "gia.xlsx"
    fake.write_bytes(b"%PDF-1.7 not a spreadsheet" * 10)
    source = read(fake)
    assert source.state == State.REFUSED
    assert "PDF" in source.refused


def test_an_ambiguous_column_is_a_question(read, school, tmp_path):
    headers = ["Mã lớp", "Mã định danh", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc"]
    rows = [
        ["6A1", "7400000001", "Nguyễn Văn An", "14/03/2015", "Nam", "Kinh"],
        ["6A1", "074215000002", "Lê Minh Trí", "15/03/2015", "Nam", "Kinh"],
    ]
    source = read(sheets.write(tmp_path / "x.xlsx", rows, headers=headers))
    assert source.state == State.QUESTIONS
    assert [q["candidates"] for q in source.questions] == [["ministry_id", "personal_number"]]
