"""What the layouts share: workbooks that are the same for the same city, folders of schools, code-list sheets."""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.workbook import Workbook

from khue.base.catalog.rules import list_names, read_rows
from khue.base.core.text import search_key

from ..calendar import as_date
from ..city import City, SchoolData

EPOCH = date(1899, 12, 30)
"""Day 0 of the serial numbers in which spreadsheets keep dates."""


def new_book(city: City, path: Path) -> Workbook:
    """An empty workbook; its time of creation is the city's day, so that the same city gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"author": "Văn thư", "created": datetime.combine(city.day, datetime.min.time())})
    return book


def school_folder(folder: Path, school: SchoolData) -> Path:
    name = "-".join("".join(c if c.isalnum() else " " for c in search_key(school.school["name"])).split())
    return folder / f"{school.code}-{name}"


def serial(text: str) -> int:
    return (as_date(text) - EPOCH).days


def code_list(name: str) -> list[tuple[str, str]]:
    """(code, name) of the codes of a catalogue list that have not ended."""
    return [(row["code"], row["name"]) for row in read_rows(name) if not row["valid_to"]]


def add_list_sheet(book: Workbook, list_code: str, title: str) -> None:
    """A sheet with the codes and names of a catalogue list."""
    sheet = book.add_worksheet(title)
    sheet.write_row(0, 0, ["Mã", list_names()[list_code]])
    for index, pair in enumerate(code_list(list_code), start=1):
        for column, text in enumerate(pair):
            sheet.write_string(index, column, text)
