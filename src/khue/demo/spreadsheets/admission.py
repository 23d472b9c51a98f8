"""A list that the school typed itself for its first grade: one block per class, nothing like a table.

"LỚP 1A" stands above the repeated header, sex is an x in the column "Nữ", each block writes its dates in another way,
telephone numbers have lost their zero, totals and signatures follow (`sector-database.md` §5).
"""

from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ..calendar import as_date
from ..city import City, SchoolData
from ..fields import Record
from . import book

COLUMNS = {
    "STT": "",
    "Họ và tên": "full_name",
    "Ngày sinh": "birth_date",
    "Nữ": "sex",
    "Dân tộc": "ethnicity",
    "Nơi sinh": "birth_place",
    "Mã định danh": "personal_number",
    "Họ tên cha": "father_name",
    "Họ tên mẹ": "mother_name",
    "Địa chỉ": "current_address",
    "SĐT": "phone",
    "Ghi chú": "note",
}
DATE_FORMS = ("text", "serial", "date", "dashes")


def write(city: City, folder: Path) -> list[Path]:
    """One file for the lowest grade of each school."""
    return [_write_school(city, folder, school) for school in city.schools]


def _write_school(city: City, folder: Path, school: SchoolData) -> Path:
    path = book.school_folder(folder, school) / "Danh sach hoc sinh moi.xlsx"
    workbook = book.new_book(city, path)
    sheet = workbook.add_worksheet("DS chính thức")
    bold = workbook.add_format({"bold": True, "align": "center"})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, school.school["name"].upper(), bold)
    sheet.merge_range(1, 0, 1, last, f"DANH SÁCH HỌC SINH NĂM HỌC {city.year} - {city.year + 1}", bold)
    row = 3
    grade = school.classes[0]["grade"]
    for index, school_class in enumerate(c for c in school.classes if c["grade"] == grade):
        pupils = [p for p in school.pupils if p["class_code"] == school_class["code"] and _attends(p)]
        row = _write_block(workbook, sheet, row, school_class, pupils, DATE_FORMS[index % len(DATE_FORMS)])
    sheet.write_string(row + 1, 8, f"Thủ Dầu Một, ngày {city.day.day} tháng {city.day.month} năm {city.day.year}")
    sheet.write_string(row + 2, 1, "Người lập danh sách")
    sheet.write_string(row + 2, 8, "HIỆU TRƯỞNG")
    sheet.write_string(row + 6, 8, school.school["principal"])
    workbook.close()
    return path


def _attends(pupil: Record) -> bool:
    return not pupil["status"].startswith(("Chuyển đi", "Thôi học"))


def _write_block(
    workbook: Workbook, sheet: Worksheet, row: int, school_class: Record, pupils: list[Record], dates: str
) -> int:
    """Title, header, pupils and total of one class; returns the row after it."""
    bold = workbook.add_format({"bold": True, "border": 1})
    day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    name = school_class["name"].upper()
    sheet.write_string(row, 0, name if name.startswith("LỚP") else f"LỚP {name}", bold)
    sheet.write_row(row + 1, 0, list(COLUMNS), bold)
    row += 2
    for number, pupil in enumerate(pupils, start=1):
        sheet.write_number(row, 0, number)
        for column, name in enumerate(COLUMNS.values()):
            if name and pupil[name]:
                _write_cell(sheet, row, column, name, pupil[name], dates, day)
        row += 1
    girls = sum(pupil["sex"] == "Nữ" for pupil in pupils)
    sheet.merge_range(row, 0, row, 5, f"Tổng số: {len(pupils)} học sinh, trong đó nữ: {girls}", bold)
    return row + 2


def _write_cell(sheet: Worksheet, row: int, column: int, name: str, text: str, dates: str, day: Format) -> None:
    if name == "sex":
        if text == "Nữ":
            sheet.write_string(row, column, "x")
    elif name == "birth_date":
        _write_date(sheet, row, column, text, dates, day)
    elif name == "phone":
        sheet.write_number(row, column, int(text))
    else:
        sheet.write_string(row, column, text)


def _write_date(sheet: Worksheet, row: int, column: int, text: str, form: str, day: Format) -> None:
    if form in ("serial", "date"):
        sheet.write_number(row, column, book.serial(text), day if form == "date" else None)
    else:
        found = as_date(text)
        sheet.write_string(row, column, text if form == "text" else f"{found.day}-{found.month}-{found.year}")
