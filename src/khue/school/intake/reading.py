"""What a file is and what its columns mean: kind, school, year, layout, questions (engine requirements 0-3)."""

from dataclasses import replace
from typing import Any

from khue.base.core.text import search_key
from khue.base.org.models import School, UnitKind
from khue.base.org.rules import year_label
from khue.base.org.selectors import calendar_of, schools_below
from khue.base.sheets.columns import SPLIT, SPLIT_FIELDS
from khue.base.sheets.fields import FieldSet, load_fields
from khue.base.sheets.findings import Finding
from khue.base.sheets.recognise import (
    SchoolHint,
    find_school,
    find_years,
    guess_kind,
    load_profiles,
    other_kind,
    recognise_profile,
)
from khue.base.sheets.tables import Table, find_tables
from khue.base.sheets.values import cell_text
from khue.base.sheets.workbook import Sheet, Workbook

from .kinds import Row
from .models import KnownLayout, SheetImport
from .parse import parse_table
from .refusal import Refused

IDENTIFYING = {
    "schools": ("code",),
    "staff": ("full_name", "code", "personal_number", "ministry_id"),
    "classes": ("code",),
    "pupils": ("full_name", "code", "personal_number", "ministry_id"),
    "rooms": ("code",),
    "equipment": ("name",),
}
"""A file with none of these columns names nobody and nothing."""
Aside = list[tuple[Sheet, str]]
"""Sheets that are not read, each with the kind of list in it."""
MAX_ROWS = 20_000
PREFILLED = {"school_code", "school_year"}
"""What the template writes beforehand: a row with nothing else is still blank."""


def recognise(source: SheetImport, book: Workbook) -> None:
    """Kind, layout, encoding, school and year of a file; refuses what cannot be right."""
    _note_encoding(source, book)
    profile = recognise_profile(book, source.name)
    source.profile = profile.code if profile else ""
    source.kind = source.kind or guess_kind(book, profile) or ""
    if not source.kind:
        raise Refused(
            "Không nhận ra bảng nào trong tệp: không có dòng tiêu đề như Họ tên, Mã học sinh, Mã lớp. "
            "Kiểm tra lại tệp, hoặc chép bảng vào mẫu của Khuê."
        )
    _check_year(source, book)
    if source.kind == "schools":
        if source.unit.kind == UnitKind.SCHOOL:
            raise Refused("Danh sách trường do phòng GDĐT nhập, không nhập ở một trường.")
        source.school = None
    else:
        source.school = _school(source, book)


def _note_encoding(source: SheetImport, book: Workbook) -> None:
    encoding = book.encoding
    source.encoding = {
        "name": encoding.name, "samples": [list(pair) for pair in encoding.samples], "codec": encoding.codec,
        "legacy": encoding.legacy, "chosen": encoding.chosen, "format": book.format,
    }  # fmt: skip


def _check_year(source: SheetImport, book: Workbook) -> None:
    years = find_years(book)
    if years and source.year not in years:
        raise Refused(
            f"Tệp ghi năm học {year_label(years[0])}, đang nhập năm học {year_label(source.year)}. "
            "Chọn đúng năm học, hoặc chọn tệp khác."
        )


def _school(source: SheetImport, book: Workbook) -> School:
    """Which school a file is for: the caller's choice, else a code column or title line, the school's exact name, a
    folder that begins with the code; else refused. A file that names another school than the chosen one is refused."""
    hints = find_school(book, f"{source.folder}/{source.name}" if source.folder else source.name)
    known = {school.code: school for school in schools_below(_root(source))}
    by_name: dict[str, list[School]] = {}
    for school in known.values():
        by_name.setdefault(search_key(school.name), []).append(school)
    named = _named(hints, known, by_name)
    chosen = source.school
    if chosen is not None:
        if named is not None and named.pk != chosen.pk:
            raise Refused(
                f"Tệp này của {named.name} (mã {named.code}), đang nhập cho {chosen.name}. "
                "Chọn tệp khác, hoặc nhập ở trường kia."
            )
        stated = next((h.value for h in hints if h.source in ("column", "title")), None)
        if stated and named is None and stated != chosen.code:
            raise Refused(
                f"Tệp ghi mã trường {stated}, đang nhập cho {chosen.name} (mã {chosen.code}). "
                "Sửa mã trong tệp, hoặc chọn tệp khác."
            )
        return chosen
    if named is None:
        named = next(
            (
                known[h.value[:n]]
                for h in hints
                if h.source == "folder"
                for n in range(len(h.value), 3, -1)
                if h.value[:n] in known
            ),
            None,
        )
    if named is None:
        raise Refused(
            "Không rõ tệp này của trường nào. Thêm dòng “Mã trường: …” phía trên bảng, "
            "đặt tệp vào thư mục có tên là mã trường, hoặc chọn trường khi nhập."
        )
    return named


def _root(source: SheetImport) -> Any:
    """Where to look for schools: the whole office, also from a school, so that another school's name is recognised."""
    return source.unit.parent if source.unit.kind == UnitKind.SCHOOL and source.unit.parent else source.unit


def _named(hints: list[SchoolHint], known: dict[str, School], by_name: dict[str, list[School]]) -> School | None:
    codes = [known[h.value] for h in hints if h.source in ("column", "title") and h.value in known]
    if codes:
        if len({school.pk for school in codes}) > 1:
            raise Refused("Tệp có nhiều mã trường khác nhau. Tách mỗi trường một tệp.")
        return codes[0]
    for hint in hints:
        found = by_name.get(search_key(hint.value), []) if hint.source == "text" else []
        if len(found) == 1:
            return found[0]
    return None


def tables_of(source: SheetImport, book: Workbook, aside: Aside) -> list[Table]:
    """The tables of the file's kind with the columns settled by profile, remembered layout and the person's choices."""
    fields = load_fields(source.kind)
    profile = next((p for p in load_profiles() if p.code == source.profile), None)
    fixed = profile.columns if profile else None
    others = {sheet.name for sheet, _kind in aside}
    sheets = [sheet for sheet in book.sheets if sheet.name not in others]
    tables = [table for sheet in sheets for table in find_tables(sheet, fields, fixed) if table.rows]
    if not tables:
        raise Refused(
            f"Không thấy dòng dữ liệu nào về {fields.label.lower()} trong tệp. "
            "Kiểm tra dòng tiêu đề và các dòng bên dưới."
        )
    if sum(len(table.rows) for table in tables) > MAX_ROWS:
        raise Refused("Tệp có hơn 20.000 dòng dữ liệu. Tách mỗi trường một tệp.")
    source.layout = tables[0].layout
    remembered = KnownLayout.objects.filter(unit=source.unit, layout=source.layout).first()
    mapping = {**(remembered.mapping if remembered else {}), **_answered(source), **source.mapping}
    _check_meanings(mapping, fields)
    for table in tables:
        keys = {c.index: column_key(table.columns, c) for c in table.columns}
        table.remap({index: mapping[key] for index, key in keys.items() if key in mapping})
    source.columns = [_described(table, column) for table in tables for column in table.columns]
    source.questions = [_question(table, column) for table in tables for column in table.questions]
    found = {name for table in tables for column in table.columns for name in column.fields + column.candidates}
    if not found & set(IDENTIFYING[source.kind]):
        labels = ", ".join(fields[name].label for name in IDENTIFYING[source.kind])
        raise Refused(f"Tệp không có cột nào trong: {labels}. Kiểm tra dòng tiêu đề.")
    return tables


def of_other_kinds(source: SheetImport, book: Workbook) -> Aside:
    """Sheets that hold another kind of list, with it: left aside, unless nothing else would be read."""
    if source.profile and source.profile != "khue":
        return []
    found = [(sheet, kind) for sheet in book.sheets if (kind := other_kind(sheet, source.kind))]
    own = (guess_kind(replace(book, sheets=[sheet])) == source.kind for sheet in book.sheets)
    return found if found and any(own) else []


def _check_meanings(mapping: dict[str, str | None], fields: FieldSet) -> None:
    names = {field.name for field in fields.fields}
    known = {None, *names} | ({SPLIT} if names.issuperset(SPLIT_FIELDS) else set())
    for header, meaning in mapping.items():
        if meaning not in known:
            raise Refused(f"Cột “{header}”: loại danh sách này không có mục “{meaning}”. Chọn mục khác cho cột.")


def _answered(source: SheetImport) -> dict[str, str | None]:
    """Answers about columns given on the command line: ``column:HEADER`` → field or null."""
    return {key.removeprefix("column:"): value for key, value in source.answers.items() if key.startswith("column:")}


def column_key(columns: list[Any], column: Any) -> str:
    """How choices name a column: by its header, and by its letter too where two columns have the same header."""
    twins = sum(other.header == column.header for other in columns)
    return column.header if twins == 1 else f"{column.letter}|{column.header}"


PREVIEWED = 10
"""Rows of which the page of columns shows what they will become."""


def _described(table: Table, column: Any) -> dict[str, Any]:
    first = [cell_text(table.sheet.rows[row - 1][column.index - 1]) for row in table.rows[:PREVIEWED]]
    return {
        "key": column_key(table.columns, column), "first": first, "rows": table.rows[:PREVIEWED],
        "sheet": table.sheet.name, "letter": column.letter, "header": column.header, "field": column.field,
        "reading": column.reading, "reason": column.reason, "filled": column.filled, "samples": list(column.samples),
    }  # fmt: skip


def _question(table: Table, column: Any) -> dict[str, Any]:
    return {
        "key": column_key(table.columns, column),
        "sheet": table.sheet.name, "letter": column.letter, "header": column.header,
        "candidates": list(column.candidates), "suggested": column.suggested, "counts": column.counts,
        "reason": column.reason, "samples": list(column.samples), "filled": column.filled, "row": table.header[0],
    }  # fmt: skip


def asked(source: SheetImport) -> list[Finding]:
    """Open questions about columns as findings."""
    fields = load_fields(source.kind)
    return [
        Finding(
            "ask", "column",
            f"Cột “{q['header']}” là cột nào: {' hay '.join(fields[c].label for c in q['candidates'])}?",
            sheet=q["sheet"], row=q["row"], column=q["letter"], value=q["header"], normalised=q["suggested"],
        )
        for q in source.questions
    ]  # fmt: skip


def rows_of(source: SheetImport, tables: list[Table]) -> list[Row]:
    """All data rows of a file, numbered through."""
    rows: list[Row] = []
    day = calendar_of(source.year).term1[0]
    for table in tables:
        rows += parse_table(table, first=len(rows) + 1, day=day, system=source.profile)
    rows = [row for row in rows if row.findings or not row.values.keys() <= PREFILLED]
    for number, row in enumerate(rows, start=1):
        row.number = number
    return rows


def remarks(source: SheetImport, book: Workbook, tables: list[Table], aside: Aside) -> list[Finding]:
    """What is to be said of the whole file: encoding, hidden rows, columns that are missing or mean nothing."""
    fields = load_fields(source.kind)
    found = []
    if book.encoding.legacy or book.encoding.codec not in ("utf-8", "utf-8-sig"):
        name = book.encoding.label
        if book.format == "csv" or book.encoding.legacy:
            found.append(
                Finding("normalised", "encoding", f"Chữ trong tệp theo bảng mã {name}; Khuê đổi sang Unicode.")
            )
    hidden = sum(len(table.hidden_rows) for table in tables)
    if hidden:
        found.append(
            Finding(
                "warning",
                "hidden",
                f"Tệp có {hidden} dòng đang ẩn; Khuê đọc cả các dòng đó. Nếu không muốn, xóa chúng trong tệp.",
            )
        )
    if book.has_macros:
        found.append(Finding("warning", "macro", "Tệp có macro; Khuê chỉ đọc giá trị, không chạy macro."))
    for sheet, kind in aside:
        label = load_fields(kind).label
        words = f"Trang {sheet.name} là danh sách {label.lower()}, lần này để lại. Nhập tệp lần nữa, chọn loại {label}."
        found.append(Finding("warning", "other-list", words))
    missing = {name for table in tables for name in table.missing()} - _optional(source.kind)
    found.extend(
        Finding("warning", "column-missing", f"Tệp không có cột {fields[name].label}; dòng mới sẽ để trống phần này.")
        for name in sorted(missing)
    )
    return found


def _optional(kind: str) -> set[str]:
    """Required columns that a file may do without: a list without status means đang theo học."""
    return {"pupils": {"status"}, "classes": {"school_year", "name"}}.get(kind, set())
