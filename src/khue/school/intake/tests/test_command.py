"""The command line: a folder of files of the whole city; exit 0 all applied, 1 something refused, 2 wrong use."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from khue.base.core.scope import open_scope
from khue.school.registry.models import Pupil
from khue.testing import factories

from . import sheets

pytestmark = pytest.mark.django_db
KEYS = [
    "path",
    "kind",
    "profile",
    "encoding",
    "school",
    "rows",
    "new",
    "changed",
    "unchanged",
    "moved_class",
    "missing",
    "refused",
    "findings",
]


def command(*arguments, kind="pupils", year=2026):
    """(exit code, what it printed)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_sheets", "--kind", kind, "--year", str(year), *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue() + err.getvalue()
    return 0, out.getvalue() + err.getvalue()


def good(tmp_path, name="hs.xlsx", **more):
    return sheets.write(tmp_path / name, [sheets.pupil()], **more)


def bad(tmp_path, name="loi.xlsx"):
    wrong = sheets.pupil("HS002", name="Lê Minh Trí", born="31/02/2015", ministry="7400000002", number="074215000002")
    return sheets.write(tmp_path / name, [sheets.pupil(), wrong])


def pupils(school):
    with open_scope([school.pk]):
        return Pupil.objects.count()


def test_a_file_of_a_school_is_applied(school, tmp_path):
    code, said = command("--school", school.code, good(tmp_path))
    assert (code, pupils(school)) == (0, 1)
    assert "đã ghi 1 dòng (1 mới" in said


def test_a_dry_run_writes_nothing(school, tmp_path):
    assert command("--school", school.code, "--dry-run", good(tmp_path))[0] == 0
    assert command("--school", school.code, "--dry-run", bad(tmp_path))[0] == 1
    assert pupils(school) == 0


def test_a_wrong_row_refuses_the_file_unless_it_is_left(school, tmp_path):
    code, said = command("--school", school.code, bad(tmp_path))
    assert (code, pupils(school)) == (1, 0)
    assert "Sheet!F3" in said
    assert command("--school", school.code, "--skip-bad-rows", bad(tmp_path))[0] == 1
    assert pupils(school) == 1


def test_the_report_has_the_layout_of_the_issue(school, tmp_path):
    path, report = bad(tmp_path), tmp_path / "bao-cao.json"
    command("--school", school.code, "--report", report, path)
    data = json.loads(report.read_text("utf-8"))
    assert list(data) == ["files", "applied"]
    [file] = data["files"]
    assert list(file) == KEYS
    assert (data["applied"], file["path"], file["kind"], file["school"], file["rows"]) == (
        False,
        str(path),
        "pupils",
        school.code,
        2,
    )
    assert file["refused"]
    error = next(f for f in file["findings"] if f["level"] == "error")
    assert list(error) == ["sheet", "row", "column", "level", "rule", "value", "normalised", "message"]
    assert (error["sheet"], error["row"], error["column"], error["rule"], error["value"]) == (
        "Sheet",
        3,
        "F",
        "date",
        "31/02/2015",
    )
    command("--school", school.code, "--report", report, good(tmp_path, "tot.xlsx"))
    data = json.loads(report.read_text("utf-8"))
    assert (data["applied"], data["files"][0]["refused"], data["files"][0]["new"]) == (True, None, 1)


def test_a_refused_file_has_its_place_null(school, tmp_path):
    fake, report = tmp_path / "gia.xlsx", tmp_path / "r.json"
    fake.write_bytes(b"%PDF-1.7 not a sheet" * 20)
    assert command("--school", school.code, "--report", report, fake)[0] == 1
    [finding] = json.loads(report.read_text("utf-8"))["files"][0]["findings"]
    assert (finding["row"], finding["column"], finding["level"]) == (None, None, "error")


def test_one_bad_file_leaves_the_others(school, tmp_path):
    fake = tmp_path / "gia.xlsx"
    fake.write_bytes(b"%PDF-1.7 not a sheet" * 20)
    assert command("--school", school.code, fake, good(tmp_path))[0] == 1
    assert pupils(school) == 1


def test_answers_settle_questions(school, tmp_path):
    headers = ["Mã lớp", "Mã định danh", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc"]
    path = sheets.write(
        tmp_path / "hoi.xlsx",
        [
            ["6A1", "7400000001", "Nguyễn Văn An", "14/03/2015", "Nam", "Kinh"],
            ["Hoa Sen", "74000002", "Lê Trí", "14/03/2005", "Nam", "Kinh"],
        ],
        headers=headers,
    )
    code, said = command("--school", school.code, path)
    assert code == 1
    assert "Chưa rõ nghĩa của cột “Mã định danh”" in said
    answers = tmp_path / "tra-loi.json"
    answers.write_text(json.dumps({"column:Mã định danh": "ministry_id", "grade:Hoa Sen": 7}), "utf-8")
    code, said = command("--school", school.code, "--answers", answers, path)
    assert code == 0, said
    assert pupils(school) == 2
    for_this_file = json.dumps({str(path): {"column:Mã định danh": "ministry_id", "grade:Hoa Sen": "7"}})
    answers.write_text(for_this_file, "utf-8")
    assert command("--school", school.code, "--answers", answers, path)[0] == 0


@pytest.mark.parametrize(("given", "code"), [("by_length", 0), ("khong_co", 1)])
def test_an_answer_splits_a_mixed_column(school, tmp_path, given, code):
    headers = ["Mã lớp", "Mã định danh", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc"]
    people = zip(("7400000001", "074215000003"), ("Nguyễn Văn An", "Lê Văn Bình"), strict=True)
    rows = [["6A1", number, name, "14/03/2015", "Nam", "Kinh"] for number, name in people]
    path, answers = sheets.write(tmp_path / "hon.xlsx", rows, headers=headers), tmp_path / "tra-loi.json"
    answers.write_text(json.dumps({"column:Mã định danh": given}), "utf-8")
    found, said = command("--school", school.code, "--answers", answers, path)
    assert found == code
    assert pupils(school) == (0 if code else 2)
    assert code == 0 or "không có mục “khong_co”" in said


@pytest.mark.parametrize(("given", "code"), [("utf-8", 0), ("utf-16", 1), ("ebcdic", 1)])
def test_an_answer_names_the_encoding(school, tmp_path, given, code):
    path, answers = tmp_path / "hs.csv", tmp_path / "tra-loi.json"
    path.write_text("Mã lớp;Họ tên;Ngày sinh;Giới tính;Dân tộc\n6A1;Nguyễn Văn An;14/03/2015;Nam;Kinh\n", "utf-8")
    answers.write_text(json.dumps({"encoding": given}), "utf-8")
    assert command("--school", school.code, "--answers", answers, path)[0] == code
    assert pupils(school) == 1 - code


def test_an_answer_makes_a_class_that_the_school_lacks(school, tmp_path):
    factories.school_class(school, "6A1")
    path = sheets.write(tmp_path / "hs.xlsx", [sheets.pupil(cls="6A9")])
    assert command("--school", school.code, path)[0] == 1
    answers = tmp_path / "tra-loi.json"
    answers.write_text('{"grade:6A9": 6}', "utf-8")
    assert command("--school", school.code, "--answers", answers, path)[0] == 0
    assert pupils(school) == 1


def test_the_school_is_found_by_the_folder(school, other_school, tmp_path):
    good(tmp_path / f"{school.code} Phú Cường")
    sheets.write(
        tmp_path / other_school.code / "hs.xlsx",
        [sheets.pupil(ministry="7400000002", number="074215000002", name="Lê Minh Trí")],
    )
    assert command(tmp_path)[0] == 0
    assert (pupils(school), pupils(other_school)) == (1, 1)


def test_without_any_school_it_is_refused(school, tmp_path):
    code, said = command(good(tmp_path))
    assert code == 1
    assert "Không rõ tệp này của trường nào" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["--school", "00000000", "{file}"],
        ["/khong/co/tep.xlsx"],
        ["--answers", "{file}", "{file}"],
        ["{empty}"],
    ],
)
def test_wrong_use(school, tmp_path, arguments):
    (tmp_path / "rong").mkdir()
    names = {"file": good(tmp_path), "empty": tmp_path / "rong"}
    assert command(*(argument.format(**names) for argument in arguments))[0] == 2


def test_an_unknown_kind_is_wrong_use(school, tmp_path):
    with pytest.raises((SystemExit, CommandError)) as end:
        call_command("import_sheets", "--kind", "dogs", "--year", "2026", str(good(tmp_path)), stderr=StringIO())
    assert getattr(end.value, "returncode", getattr(end.value, "code", 2)) in (1, 2)


def test_before_set_up_it_is_wrong_use(db, tmp_path):
    code, said = command(good(tmp_path))
    assert code == 2
    assert "setup" in said
