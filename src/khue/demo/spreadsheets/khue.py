"""The project's own templates, filled: header in row 1, hints in row 2, identifiers as text, sheets of code lists."""

from pathlib import Path

from khue.base.sheets.fields import load_fields
from khue.base.sheets.writer import columns_of, write_table

from ..city import City
from ..fields import KINDS, Record
from . import book

FILES = {
    "schools": "truong",
    "staff": "can-bo",
    "classes": "lop",
    "pupils": "hoc-sinh",
    "rooms": "phong",
    "equipment": "thiet-bi",
}


def write(city: City, folder: Path) -> list[Path]:
    """One file of schools, and a folder for each school with its staff, classes, pupils, rooms and equipment."""
    schools = [school.school for school in city.schools]
    paths = [write_kind(folder / f"{FILES['schools']}.xlsx", "schools", schools)]
    for school in city.schools:
        own = book.school_folder(folder, school)
        paths += [write_kind(own / f"{FILES[kind]}.xlsx", kind, school.records(kind)) for kind in KINDS[1:]]
    return paths


def write_kind(path: Path, kind: str, records: list[Record]) -> Path:
    """One template filled with the records."""
    fields = load_fields(kind)
    lists = sorted({field.catalog for field in fields.fields if field.catalog})
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_table(
            stream,
            name=fields.label,
            columns=columns_of(fields),
            rows=([record[field.name] for field in fields.fields] for record in records),
            code_lists={name: book.code_list(name) for name in lists},
            template=True,
        )
    return path
