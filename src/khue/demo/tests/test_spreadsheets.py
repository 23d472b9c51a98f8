"""The files hold what the records hold, under the faults that such files have."""

import csv
import io
import re
import unicodedata
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from khue.base.sheets import encodings
from khue.base.sheets.fields import load_fields
from khue.base.sheets.reader import read_workbook
from khue.base.sheets.recognise import guess_kind, recognise_profile
from khue.base.sheets.tables import find_tables
from khue.demo.spreadsheets import LAYOUTS, book, c1, legacy, write_spreadsheets


@pytest.fixture(scope="module")
def paths(city, tmp_path_factory):
    return write_spreadsheets(city, tmp_path_factory.mktemp("sheets"))


LEFT = re.compile("Chuyển đi|Thôi học")


def of(paths, layout, school):
    return [p for p in paths if layout in p.parts and p.parent.name.startswith(school)]


def rows(path, sheet=0):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def as_day(value) -> str:
    """A cell that holds a date as text, date or serial."""
    if isinstance(value, float):
        value = book.EPOCH + timedelta(days=int(value))
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    day, month, year = map(int, value.replace("-", "/").split("/"))
    return f"{day:02d}/{month:02d}/{year}"


def test_each_school_has_its_files_in_each_layout(city, paths):
    assert len(paths) == 1 + 6 * 5 + 6 + 6 + 2
    assert all(path.stat().st_size for path in paths)
    for school in city.schools:
        assert len(of(paths, "khue", school.code)) == 5
        assert len(of(paths, "c1-hocsinh", school.code)) == len(of(paths, "admission-list", school.code)) == 1


def test_an_unknown_layout_is_refused_before_anything_is_written(city, tmp_path):
    with pytest.raises(KeyError):
        write_spreadsheets(city, tmp_path, layouts=["khue", "smas"])
    assert not list(tmp_path.iterdir())
    assert "smas" not in LAYOUTS


@pytest.mark.parametrize(("kind", "file"), [("staff", "can-bo"), ("pupils", "hoc-sinh"), ("classes", "lop")])
def test_the_template_holds_every_value_as_text(city, paths, kind, file):
    school = city.schools[3]
    path = next(p for p in of(paths, "khue", school.code) if p.stem == file)
    header, _, *body = rows(path)
    fields = [field.name for field in load_fields(kind).fields]
    assert header == [field.header for field in load_fields(kind).fields]
    assert [dict(zip(fields, row, strict=True)) for row in body] == [
        {name: record[name] for name in fields} for record in school.records(kind)
    ]


def test_the_same_city_gives_the_same_bytes(city, paths, tmp_path):
    again = write_spreadsheets(city, tmp_path, layouts=["c1-hocsinh"])
    first = [p for p in paths if "c1-hocsinh" in p.parts]
    assert [p.read_bytes() for p in again[: len(first)]] == [p.read_bytes() for p in first]


def test_the_download_of_the_sector_site_is_ugly_but_complete(city, paths):
    school = city.schools[3]
    (path,) = of(paths, "c1-hocsinh", school.code)
    assert path.name == "C1-HocSinh.xlsx"
    found = rows(path)
    header = [unicodedata.normalize("NFC", title) for title in found[c1.HEADER_ROW]]
    assert header == list(c1.COLUMNS)
    assert header != found[c1.HEADER_ROW]
    body = found[c1.HEADER_ROW + 1 : c1.HEADER_ROW + 1 + len(school.pupils)]
    columns = {name: i for i, name in enumerate(c1.COLUMNS.values()) if name}
    for row, pupil in zip(body, school.pupils, strict=True):
        assert unicodedata.normalize("NFC", row[columns["full_name"]]) == pupil["full_name"]
        assert as_day(row[columns["birth_date"]]) == pupil["birth_date"]
        number = row[columns["personal_number"]]
        assert (f"{int(number):012d}" if isinstance(number, float) else number) == pupil["personal_number"]
    kinds = {type(row[columns["birth_date"]]) for row in body}
    assert kinds == {str, float, date}
    assert found[-1][12] == "(Ký tên, đóng dấu)"
    assert len(CalamineWorkbook.from_path(str(path)).sheet_names) == 17


def test_the_list_of_the_school_has_a_block_for_each_class(city, paths):
    school = city.schools[3]
    (path,) = of(paths, "admission-list", school.code)
    found = rows(path)
    titles = [i for i, row in enumerate(found) if str(row[0]).startswith("LỚP 1")]
    assert [found[i][0] for i in titles] == ["LỚP 1A", "LỚP 1B", "LỚP 1C", "LỚP 1D", "LỚP 1E"]
    assert all(found[i + 1][0] == "STT" and found[i + 1][3] == "Nữ" for i in titles)
    first_grade = {p["full_name"]: p for p in school.pupils if p["class_code"].startswith("1")}
    listed = [row for row in found if isinstance(row[0], float)]
    assert {row[1] for row in listed} <= set(first_grade)
    assert len(listed) > 150
    by_name_and_day = {(p["full_name"], p["birth_date"]): p for p in first_grade.values()}
    checked = [(row, by_name_and_day.get((row[1], as_day(row[2])))) for row in listed]
    assert sum(p is not None for _, p in checked) > 150
    assert all((row[3] == "x") == (pupil["sex"] == "Nữ") for row, pupil in checked if pupil)
    assert {type(row[2]) for row in listed} == {str, float, date}


def test_old_encodings_are_recognised_and_read_back(city, paths):
    staff, pupils = paths[-2:]
    old = encodings.detect(staff.read_bytes())
    assert old.name == "tcvn3"
    text = encodings.decode_tcvn3(staff.read_bytes().decode("latin-1"))
    read = list(csv.DictReader(io.StringIO(text)))
    assert [row["Họ tên"].lower() for row in read] == [m["full_name"].lower() for m in city.schools[0].staff]
    windows = encodings.detect(pupils.read_bytes())
    assert windows.name == "cp1258"
    text = unicodedata.normalize("NFC", pupils.read_bytes().decode("cp1258"))
    read = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Họ tên"] for row in read] == [p["full_name"] for p in city.schools[2].pupils]


@pytest.mark.parametrize("text", ["Nguyễn Thị Quỳnh Như", "Đặng Ngọc Ẩn, Ấp 3", "ưỡng ợ ỵ"])
def test_windows_1258_keeps_every_letter(text):
    assert unicodedata.normalize("NFC", legacy.encode_1258(text).decode("cp1258")) == text


def test_tcvn3_loses_only_the_size_of_capitals_with_a_tone():
    read = encodings.decode_tcvn3(legacy.encode_tcvn3("Đặng Ánh Ngọc").decode("latin-1"))
    assert read.lower() == "đặng ánh ngọc"
    assert read.startswith("Đặng")


@pytest.mark.parametrize("index", range(6))
def test_the_reader_finds_every_pupil_in_every_layout(city, paths, index):
    school = city.schools[index]
    template = next(p for p in of(paths, "khue", school.code) if p.stem == "hoc-sinh")
    (download,), (listed,) = of(paths, "c1-hocsinh", school.code), of(paths, "admission-list", school.code)
    first_grade = {c["code"] for c in school.classes if c["grade"] == school.classes[0]["grade"]}
    new = [p for p in school.pupils if p["class_code"] in first_grade and not LEFT.match(p["status"])]
    for path, expected in ((template, school.pupils), (download, school.pupils), (listed, new)):
        workbook = read_workbook(path)
        assert guess_kind(workbook, recognise_profile(workbook, path.name)) == "pupils"
        tables = [t for sheet in workbook.sheets for t in find_tables(sheet, load_fields("pupils"))]
        assert [len(table.rows) for table in tables] == [len(expected)], path
    assert tables[0].classes.count(None) == 0
