"""What the layouts share: workbooks that are the same for the same city, folders of schools, code-list sheets."""

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook

from khue.base import sheets
from khue.base.catalog.rules import list_names, read_rows
from khue.base.core.text import search_key

from ..city import City, SchoolData

EPOCH = date(1899, 12, 30)
"""Day 0 of the serial numbers in which spreadsheets keep dates."""

Columns = dict[str, dict[str, Any]]


@cache
def columns(kind: str) -> Columns:
    """Fields of the project's template in order: label, type, list, required, hint."""
    path = Path(sheets.__file__).with_name("data") / "aliases.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["kinds"][kind]["fields"]


def new_book(city: City, path: Path) -> Workbook:
    """An empty workbook; its time of creation is the city's day, so that the same city gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"author": "Văn thư", "created": datetime.combine(city.day, datetime.min.time())})
    return book


def school_folder(folder: Path, school: SchoolData) -> Path:
    name = "-".join("".join(c if c.isalnum() else " " for c in search_key(school.school["name"])).split())
    return folder / f"{school.code}-{name}"


def as_date(text: str) -> date:
    """The day of a text dd/mm/yyyy."""
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def serial(text: str) -> int:
    return (as_date(text) - EPOCH).days


def add_list_sheet(book: Workbook, list_code: str, title: str) -> int:
    """A sheet with codes and names of a catalogue list; returns the number of codes."""
    sheet = book.add_worksheet(title)
    sheet.write_row(0, 0, ["Mã", list_names()[list_code]])
    rows = [row for row in read_rows(list_code) if not row["valid_to"]]
    for index, row in enumerate(rows, start=1):
        sheet.write_string(index, 0, row["code"])
        sheet.write_string(index, 1, row["name"])
    return len(rows)
