"""The project's own templates: header in row 1, hints in row 2, all cells text, a sheet for every code list."""

from pathlib import Path

from ..city import City
from ..fields import KINDS, Record
from . import book

FILES = {"schools": "truong", "staff": "can-bo", "classes": "lop", "pupils": "hoc-sinh", "rooms": "phong"}


def write(city: City, folder: Path) -> list[Path]:
    """One file of schools, and a folder for each school with its staff, classes, pupils and rooms."""
    schools = [school.school for school in city.schools]
    paths = [write_kind(city, folder / f"{FILES['schools']}.xlsx", "schools", schools)]
    for school in city.schools:
        own = book.school_folder(folder, school)
        paths += [write_kind(city, own / f"{FILES[kind]}.xlsx", kind, school.records(kind)) for kind in KINDS[1:]]
    return paths


def write_kind(city: City, path: Path, kind: str, records: list[Record]) -> Path:
    """One template filled with the records."""
    fields = book.columns(kind)
    workbook = book.new_book(city, path)
    sheet = workbook.add_worksheet("Dữ liệu")
    text = workbook.add_format({"num_format": "@"})
    header = workbook.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1, "text_wrap": True})
    hint = workbook.add_format({"italic": True, "font_color": "#666666", "text_wrap": True})
    sheet.set_column(0, len(fields) - 1, 18, text)
    sheet.freeze_panes(2, 0)
    for index, column in enumerate(fields.values()):
        sheet.write_string(0, index, column["label"] + ("*" if column.get("required") else ""), header)
        sheet.write_string(1, index, column.get("hint", ""), hint)
    for row, record in enumerate(records, start=2):
        for index, name in enumerate(fields):
            if record[name]:
                sheet.write_string(row, index, record[name], text)
    lists = {column["list"] for column in fields.values() if "list" in column}
    sizes = {code: book.add_list_sheet(workbook, code, f"DM_{code}") for code in sorted(lists)}
    for index, column in enumerate(fields.values()):
        if column["type"] == "code":
            source = f"=DM_{column['list']}!$B$2:$B${sizes[column['list']] + 1}"
            sheet.data_validation(2, index, len(records) + 500, index, {"validate": "list", "source": source})
    workbook.close()
    return path
