"""From the tables of a workbook to rows with meaning: column by column, each text looked up once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from khue.base.catalog import selectors as catalog
from khue.base.core.text import nearest, search_key
from khue.base.sheets import values as parsers
from khue.base.sheets.fields import Field
from khue.base.sheets.findings import NOTHING, Finding
from khue.base.sheets.tables import Table
from khue.base.sheets.workbook import Cell, Sheet, column_number

from .kinds.base import Row

T = TypeVar("T")
Parsed = tuple[Any, tuple[Finding, ...]]
MINISTRY_DIGITS = 10
LENGTHS = {"note": 500, "current_address": 300, "address": 300}
LIMITS = {
    "code": 20, "class_code": 20, "title": 100, "major": 150, "nationality": 10, "campus": 150, "home_province": 100,
    "home_ward": 100, "home_hamlet": 100, "home_street": 200, "birth_place": 200, "birth_registration": 200,
    "other_school": 200, "email": 200, "language": 100, "it_skill": 100, "political": 100, "management": 100,
    "officer_rating": 100, "health_insurance": 20, "insurance_number": 20, "ward": 100, "name": 200, "campuses": 1000,
    "father_job": 100, "mother_job": 100, "guardian_job": 100, "homeroom": 20,
}  # fmt: skip


def apply_edits(sheets: Iterable[Sheet], edits: dict[str, dict[str, dict[str, str]]]) -> None:
    """Put the texts that a person typed over cells of the file."""
    for sheet in sheets:
        for row, cells in edits.get(sheet.name, {}).items():
            for letter, text in cells.items():
                index = column_number(letter) - 1
                if int(row) <= len(sheet.rows) and index < sheet.width:
                    sheet.rows[int(row) - 1][index] = text or None


def parse_table(table: Table, *, first: int, day: date, system: str) -> list[Row]:
    """Rows of a table; ``first`` is the number of the first one, ``day`` the day on which codes must be valid."""
    letters = letters_of((c.letter, c.fields) for c in table.columns)
    rows = [
        Row(number=first + n, sheet=table.sheet.name, row=number, columns=letters, cells=cells, values={})
        for n, (number, cells) in enumerate(zip(table.rows, _cells(table), strict=True))
    ]
    present = [f for f in table.fields.fields if f.name in letters or (f.name == "class_code" and any(table.classes))]
    for field in sorted(present, key=lambda f: f.type == "personal_number"):
        _parse_column(field, table, rows, day=day, system=system)
    for position, finding in table.unsorted_identifiers():
        rows[position].findings.append(finding)
    return rows


def _cells(table: Table) -> Iterator[dict[str, str]]:
    """What the cells of each row say, by column letter; blank ones are left out."""
    lines = [table.sheet.rows[number - 1] for number in table.rows]
    letters = [column.letter for column in table.columns]
    texts = [each_once([line[c.index - 1] for line in lines], parsers.cell_text) for c in table.columns]
    for row in zip(*texts, strict=True):
        yield {letter: text for letter, text in zip(letters, row, strict=True) if text}


def each_once(cells: list[Cell], parse: Callable[[Cell], T]) -> list[T]:
    """What becomes of the cells of a column; equal ones are looked at once.

    1, 1.0 and True are equal to Python, but not as cells: where a column mixes types, they go with the value.
    """
    mixed = len({*map(type, cells)} - {type(None)}) > 1
    keys: list[Any] = list(zip(map(type, cells), cells, strict=True)) if mixed else cells
    known = {key: parse(key[1] if mixed else key) for key in dict.fromkeys(keys)}
    return list(map(known.__getitem__, keys))


def letters_of(columns: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    """Field → column letter; a column of its own goes before one that two fields share."""
    shared_first = sorted(columns, key=lambda column: len(column[1]), reverse=True)
    return {name: letter for letter, names in shared_first for name in names}


def _parse_column(field: Field, table: Table, rows: list[Row], *, day: date, system: str) -> None:
    cells = table.cells(field.name)
    if field.type == "personal_number":
        _parse_personal_numbers(field, cells, rows)
        return
    name, is_date = field.name, field.type == "date"
    for row, (value, findings) in zip(rows, each_once(cells, _parser(field, table, day, system)), strict=True):
        if findings:
            _say(row, name, findings)
        if is_date and value.__class__ is int:
            _take_year(row, name, value)
        elif value is not None and value != "":
            row.values[name] = value


def _say(row: Row, name: str, findings: tuple[Finding, ...]) -> None:
    column = row.columns.get(name)
    row.findings += [finding.at(row.sheet, row.row, column) for finding in findings]


def _take_year(row: Row, name: str, year: int) -> None:
    """Where a date says only its year: of a birth that is worth something."""
    if name == "birth_date":
        row.values["birth_year"] = year


def _parser(field: Field, table: Table, day: date, system: str) -> Callable[[Cell], Parsed]:
    marks = [c for c in table.find(field.name) if c.reading == "female_mark"]
    if marks:
        return parsers.parse_female_mark
    if field.type in ("code", "codes"):
        assert field.catalog is not None
        return _code_parser(field, day, system)
    if field.type == "identifier":
        length = MINISTRY_DIGITS if field.name == "ministry_id" else None
        return lambda cell: parsers.parse_identifier(cell, length=length)
    simple: dict[str, Callable[[Cell], Parsed]] = {
        "name": parsers.parse_name,
        "date": parsers.parse_date,
        "bool": parsers.parse_bool,
        "year": parsers.parse_year,
        "phone": parsers.parse_phone,
        "decimal": parsers.parse_decimal,
        "integer": lambda cell: parsers.parse_integer(cell, maximum=30_000),
    }
    if field.type in simple:
        return simple[field.type]
    maximum = LENGTHS.get(field.name) or LIMITS.get(field.name, 250)
    return lambda cell: parsers.parse_text(cell, maximum=maximum, rule=field.name)


def _code_parser(field: Field, day: date, system: str) -> Callable[[Cell], Parsed]:
    """Text → code of a catalogue list; an unknown one is an error with the nearest names (V15)."""
    name = field.catalog or ""
    incoming = catalog.mapping(name, system, "in") or catalog.mapping(name, "moet", "in")

    def one(text: str) -> str | None:
        return catalog.resolve(name, text, day) or incoming.get(text) or (None if not _is_blank_word(text) else "")

    def parse(cell: Cell) -> Parsed:
        text = parsers.cell_text(cell)
        if not text:
            return None, NOTHING
        parts = [part.strip() for part in text.split(";") if part.strip()] if field.type == "codes" else [text]
        codes = [one(part) for part in parts]
        for part, code in zip(parts, codes, strict=True):
            if code is None:
                return None, (Finding("error", "V15", _unknown(field, part), text),)
        found = [code for code in codes if code]
        value: Any = sorted(set(found)) if field.type == "codes" else (found[0] if found else None)
        return value, _as_named(field, text, value)

    return parse


def _is_blank_word(text: str) -> bool:
    """Words with which files say "nothing": không, không có, -, 0."""
    return search_key(text) in {"khong", "khong co", "-", "0", "khong khuyet tat", "binh thuong"}


def _unknown(field: Field, text: str) -> str:
    names = list(catalog.names(field.catalog or "").values())
    near = nearest(text, names)
    offer = f" Gần giống: {', '.join(near)}." if near else f" Dùng một trong: {', '.join(names[:6])}…"
    return f"Danh mục {field.label.lower()} không có “{text[:40]}”.{offer}"


def _as_named(field: Field, text: str, value: Any) -> tuple[Finding, ...]:
    """A text that differs from the catalogue's own words is shown as changed: Khơ me → Khơ-me."""
    if field.type != "code" or not value or field.catalog in ("sex", "grade", "pupil_status"):
        return NOTHING
    own = catalog.names(field.catalog or "")[value]
    if text == value or search_key(text) == search_key(own) or text.lstrip("0") == value.lstrip("0"):
        return NOTHING
    return (Finding("normalised", "code", f"Đổi theo danh mục {field.label.lower()}.", text, own),)


def _parse_personal_numbers(field: Field, cells: list[Cell], rows: list[Row]) -> None:
    """Read after sex and birth date, with which the number must agree (V02)."""
    provinces = frozenset(catalog.names("number_province"))
    own = field.name == "personal_number"
    for row, cell in zip(rows, cells, strict=True):
        if cell is None:
            continue
        if own:
            born = row.values.get("birth_date")
            year = born.year if isinstance(born, date) else row.values.get("birth_year")
            parsed = parsers.parse_personal_number(
                cell, sex=row.values.get("sex"), birth_year=year, provinces=provinces
            )
        else:
            year = row.values.get(field.name.replace("personal_number", "birth_year"))
            parsed = parsers.parse_personal_number(cell, birth_year=year, provinces=provinces)
            # a parent's number is no reason to leave the child out
            parsed = (parsed[0], tuple(replace(f, level="warning") if f.level == "error" else f for f in parsed[1]))
        value, findings = parsed
        if findings:
            _say(row, field.name, findings)
        if value:
            row.values[field.name] = value
