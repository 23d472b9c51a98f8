"""`C1-HocSinh` and its siblings: pupils as the school site of the sector database gives them out.

Data in Sheet1 under a title block; headers with line breaks and decomposed letters (NFD); identifiers stored as
numbers, their leading zeros lost; dates as text, real dates and serials in one column; a total row, signatures, hidden
rows; sheets of code lists behind it (`sector-database.md` §5).
"""

import unicodedata
from pathlib import Path
from random import Random
from typing import Literal

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ..city import City, SchoolData
from ..fields import Record, words
from . import book

FILES = {"MN": "MN-HocSinh.xlsx", "TH": "C1-HocSinh.xlsx", "THCS": "C2-HocSinh.xlsx"}
HEADER_ROW = 6
COLUMNS = {
    "STT": "",
    "Mã lớp": "class_code",
    "Mã học sinh": "code",
    "Mã định danh\nBộ GD&ĐT": "ministry_id",
    "Họ tên": "full_name",
    "Ngày sinh\n(dd/mm/yyyy)": "birth_date",
    "Giới tính": "sex",
    "Trạng thái HS": "status",
    "Ngày nhập\ntrạng thái": "status_on",
    "Loại nhập học": "entry",
    "Lý do thôi học": "leaving_reason",
    "Nơi chuyển đi/đến": "other_school",
    "Dân tộc": "ethnicity",
    "Quốc tịch": "nationality",
    "Tôn giáo": "religion",
    "Loại khuyết tật": "disability",
    "Học hòa nhập": "inclusion",
    "Đối tượng chính sách": "policies",
    "Hộ nghèo": "poverty",
    "Số định danh cá nhân": "personal_number",
    "Nơi sinh": "birth_place",
    "Tỉnh/Thành phố\n(Theo địa chỉ thường trú)": "home_province",
    "Xã/Phường\n(Theo địa chỉ thường trú)": "home_ward",
    "Thôn/Xóm\n(Theo địa chỉ thường trú)": "home_hamlet",
    "Chỗ ở hiện nay": "current_address",
    "Họ tên cha": "father_name",
    "Năm sinh cha": "father_birth_year",
    "Nghề nghiệp cha": "father_job",
    "Họ tên mẹ": "mother_name",
    "Năm sinh mẹ": "mother_birth_year",
    "Nghề nghiệp mẹ": "mother_job",
    "SĐT liên hệ": "phone",
    "Học 2 buổi/ngày": "two_sessions",
    "Học bán trú": "boarding",
}
LIST_SHEETS = words(
    "sex ethnicity religion nationality pupil_status entry_kind leaving_reason disability policy poverty grade level"
    " foreign_language shift inclusion number_province"
)
_NUMBERS = {"code", "ministry_id", "personal_number", "phone", "father_birth_year", "mother_birth_year"}
_DATES = {"birth_date", "status_on"}


def write(city: City, folder: Path) -> list[Path]:
    """One file of pupils for each school."""
    return [_write_school(city, folder, school) for school in city.schools]


def _write_school(city: City, folder: Path, school: SchoolData) -> Path:
    path = book.school_folder(folder, school) / FILES[school.school["levels"].split(";")[0]]
    workbook = book.new_book(city, path)
    sheet = workbook.add_worksheet("Sheet1")
    _write_title(workbook, sheet, city, school)
    _write_header(workbook, sheet)
    _write_rows(workbook, sheet, school.pupils, Random(f"{city.seed}/c1/{school.code}"))
    _write_end(sheet, len(school.pupils))
    for number, list_code in enumerate(LIST_SHEETS, start=2):
        book.add_list_sheet(workbook, list_code, f"Sheet{number}")
    workbook.close()
    return path


def _write_title(workbook: Workbook, sheet: Worksheet, city: City, school: SchoolData) -> None:
    bold = workbook.add_format({"bold": True, "align": "center"})
    sheet.merge_range(0, 0, 0, 5, city.office.upper(), bold)
    sheet.merge_range(1, 0, 1, 5, school.school["name"].upper(), bold)
    sheet.merge_range(2, 0, 2, 12, "DANH SÁCH HỌC SINH", bold)
    sheet.merge_range(3, 0, 3, 12, f"Năm học {city.year} - {city.year + 1}", bold)
    sheet.write_string(4, 0, f"Mã trường: {school.code}")


def _write_header(workbook: Workbook, sheet: Worksheet) -> None:
    header = workbook.add_format({"bold": True, "text_wrap": True, "border": 1})
    for index, title in enumerate(COLUMNS):
        sheet.write_string(HEADER_ROW, index, unicodedata.normalize("NFD", title), header)


def _write_rows(workbook: Workbook, sheet: Worksheet, pupils: list[Record], rng: Random) -> None:
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    for index, pupil in enumerate(pupils, start=1):
        row = HEADER_ROW + index
        sheet.write_number(row, 0, index)
        form: Literal["NFD", "NFC"] = "NFD" if rng.random() < 0.3 else "NFC"
        for column, name in enumerate(COLUMNS.values()):
            if name and pupil[name]:
                _write_cell(sheet, row, column, name, unicodedata.normalize(form, pupil[name]), rng, day)
        if pupil["status"].startswith("Chuyển đi"):
            sheet.set_row(row, None, None, {"hidden": True})


def _write_cell(sheet: Worksheet, row: int, column: int, name: str, text: str, rng: Random, day: Format) -> None:
    """Identifiers mostly as numbers; each date in one of three forms."""
    if name in _NUMBERS and text.isdecimal() and rng.random() < 0.7:
        sheet.write_number(row, column, int(text))
    elif name in _DATES:
        form = rng.choice(("text", "text", "date", "serial"))
        if form == "text":
            sheet.write_string(row, column, text)
        else:
            sheet.write_number(row, column, book.serial(text), day if form == "date" else None)
    else:
        sheet.write_string(row, column, text)


def _write_end(sheet: Worksheet, count: int) -> None:
    row = HEADER_ROW + count + 2
    sheet.merge_range(row, 0, row, 4, f"Tổng cộng: {count} học sinh")
    sheet.write_string(row + 2, 2, "Người lập biểu")
    sheet.write_string(row + 2, 12, "Hiệu trưởng")
    sheet.write_string(row + 3, 12, "(Ký tên, đóng dấu)")
