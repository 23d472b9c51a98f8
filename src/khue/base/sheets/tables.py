"""Tables in a sheet: header anywhere, of up to three lines, repeated for each class; what is no data is left out."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from khue.base.core.text import clean_text, search_key
from khue.base.sheets.columns import SPLIT, Column, describe, settle
from khue.base.sheets.fields import FieldSet
from khue.base.sheets.findings import Finding
from khue.base.sheets.headers import Matcher, matcher, normalise_header
from khue.base.sheets.layout import HeaderBlock, find_headers
from khue.base.sheets.values import split_identifier
from khue.base.sheets.workbook import Cell, Sheet

_CODE_LIST = re.compile(r"^(dm[ _-]|danh muc|huong dan)")
_TOTAL = re.compile(r"^(tong( cong| so| so hs| so hoc sinh)?|cong)\b\s*[:(.\d]*")
_SIGNATURE = re.compile(
    r"^(nguoi lap|hieu truong|pho hieu truong|thu truong|ke toan|van thu|giao vien chu nhiem|gvcn|xac nhan|ky ten|"
    r"\(ky|tm\.|kt\.|phu trach|can bo phu trach|noi nhan|chu nhom|giao vien\b)|\bngay\b.*\bthang\b.*\bnam\b"
)
_CLASS_TITLE = re.compile(r"(?:^|\s)(?:lớp|nhóm lớp)\s*[:.]?\s*(?P<name>\S.*)?$", re.IGNORECASE)
_TITLE_END = re.compile(
    r"\s*(?:\(|,|;|\s[-–]\s|\s(?:năm học|gvcn|giáo viên|sĩ số|ss\b|niên khóa|khối)).*$", re.IGNORECASE
)
_SHEET_CLASS = re.compile(r"^(?:lop\s*)?(\d{1,2}\s?[a-z][\w./-]{0,5}|\d{1,2}[./]\d{1,2})$")
_COUNTS = ("1 2 3", "(1) (2) (3)", "a b c", "a b 1", "a 1 2", "(a) (b) (c)")
"""How a row that numbers the columns begins."""
_NUMBERING = re.compile(r"^\(?[\da-z]{1,2}\)?$")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no data: `reason` is empty, title, class, hint, total, signature or header."""

    row: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class Table:
    """One table: columns recognised for a kind, and the numbers of its data rows (as the spreadsheet shows them).

    `classes` runs beside `rows`: the class named by the block's title or the sheet's name, None if nothing says.
    """

    sheet: Sheet
    fields: FieldSet
    header: tuple[int, int]
    columns: list[Column]
    rows: list[int] = field(default_factory=list)
    classes: list[str | None] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def layout(self) -> str:
        """Fingerprint of kind and headers, under which a user's choices for this layout are remembered."""
        headers = "\n".join(" ".join(normalise_header(column.header)) for column in self.columns)
        return hashlib.sha256(f"{self.fields.kind}\n{headers}".encode()).hexdigest()[:32]

    @property
    def hidden_rows(self) -> list[int]:
        """Data rows that the spreadsheet hides."""
        hidden = set(self.sheet.hidden_rows)
        return [row for row in self.rows if row in hidden]

    @property
    def questions(self) -> list[Column]:
        """Columns whose meaning is open."""
        return [column for column in self.columns if column.candidates]

    def find(self, name: str) -> list[Column]:
        """The columns that hold a field: one, two for a name in two parts, the one that shares it last."""
        found = [column for column in self.columns if name in column.fields]
        return sorted(found, key=lambda column: column.reading == SPLIT)

    def missing(self) -> list[str]:
        """Required fields that no column holds (the class may come from titles)."""
        found = {name for column in self.columns for name in column.fields}
        found |= {candidate for column in self.columns for candidate in column.candidates}
        if any(self.classes):
            found.add("class_code")
        return [f.name for f in self.fields.fields if f.required and f.name not in found]

    def cells(self, name: str) -> list[Cell]:
        """The values of a field for all data rows, in their order; a merged range counts for its rows."""
        columns = [column for column in self.find(name) if column.reading != SPLIT]
        values: list[Cell] = [None] * len(self.rows)
        if len(columns) == 2:
            values = [_joined(pair) for pair in zip(*map(self._column, columns), strict=True)]
        elif columns:
            values = self._column(columns[0])
        for column in self.find(name)[len(columns) :]:
            shared = [cell if split_identifier(cell)[0] == name else None for cell in self._column(column)]
            values = [own if own is not None else cell for own, cell in zip(values, shared, strict=True)]
        if name == "class_code":
            values = [own if own is not None else title for own, title in zip(values, self.classes, strict=True)]
        return values

    def _column(self, column: Column) -> list[Cell]:
        index = column.index - 1
        values = [self.sheet.rows[row - 1][index] for row in self.rows]
        if column.field is not None and self.fields[column.field].fill_down:
            filled = _merged_values(self.sheet, column.index)
            values = [
                filled.get(row, value) if value is None else value for row, value in zip(self.rows, values, strict=True)
            ]
        return values

    def findings(self) -> list[Finding]:
        """What the reading itself has to say: cells with an error value, data rows that are hidden."""
        rows, name = set(self.rows), self.sheet.name
        mapped = {column.index: column.letter for column in self.columns if column.field or column.candidates}
        found = [
            Finding("error", "formula", _error_words(text), text).at(name, row, mapped[column])
            for (row, column), text in sorted(self.sheet.errors.items())
            if row in rows and column in mapped
        ]
        hidden = Finding("warning", "hidden-row", "Dòng này bị ẩn trong tệp, Khuê vẫn đọc. Nếu không cần thì xóa dòng.")
        return found + [hidden.at(name, row, None) for row in self.hidden_rows]

    def unsorted_identifiers(self) -> list[tuple[int, Finding]]:
        """(position among the data rows, remark) of the values in a mixed column whose length says nothing."""
        return [
            (position, finding.at(self.sheet.name, self.rows[position], column.letter))
            for column in self.columns
            if column.reading == SPLIT
            for position, cell in enumerate(self._column(column))
            for finding in split_identifier(cell)[1]
        ]

    def remap(self, mapping: dict[int, str | None]) -> None:
        """Takes over the user's choices: column number (from 1) → field, `SPLIT` or None; settles nothing by itself."""
        for column in self.columns:
            if column.index in mapping:
                column.take(mapping[column.index])
                column.candidates, column.reason = (), "chosen"


def _error_words(text: str) -> str:
    return f"Công thức báo lỗi {text} nên không có giá trị. Ghi lại giá trị vào ô."


def _joined(pair: tuple[Cell, ...]) -> Cell:
    texts = [str(part) for part in pair if part is not None]
    return " ".join(texts) or None


def _merged_values(sheet: Sheet, column: int) -> dict[int, Cell]:
    """Row → value of the merged range over it, for ranges over several rows of one column."""
    values: dict[int, Cell] = {}
    for top, left, bottom, right in sheet.merged:
        if left <= column <= right and bottom > top:
            value = sheet.cell(top, left)
            values.update(dict.fromkeys(range(top, min(bottom, len(sheet.rows)) + 1), value))
    return values


def find_tables(sheet: Sheet, fields: FieldSet, columns: dict[str, str] | None = None) -> list[Table]:
    """All tables of a kind in a sheet; [] for code lists and sheets without a header of that kind.

    `columns` are headers fixed by a profile or remembered choices. Blocks under an equal header make one table.
    """
    if _CODE_LIST.match(search_key(sheet.name)):
        return []
    look = Matcher(fields, columns) if columns else matcher(fields.kind)
    blocks = find_headers(sheet, look)
    ends = [block.top - 1 for block in blocks[1:]] + [len(sheet.rows)]
    tables: list[Table] = []
    title: str | None = None
    for block, end in zip(blocks, ends, strict=False):
        table = _table_for(tables, sheet, fields, block)
        if block is blocks[0]:
            title = _title_above(sheet, block.top, table)
        title = _collect(table, block, end, title)
    for table in tables:
        describe(table.columns, [sheet.rows[row - 1] for row in table.rows])
        settle(table.columns, fields, [sheet.rows[row - 1] for row in table.rows])
    return tables


def _table_for(tables: list[Table], sheet: Sheet, fields: FieldSet, block: HeaderBlock) -> Table:
    """The last table if the header repeats it, else a new one."""
    meanings = [(column.field, column.index) for column in block.columns]
    if tables and [(column.field, column.index) for column in tables[-1].columns] == meanings:
        tables[-1].left_out += [LeftOut(row, "header") for row in range(block.top, block.bottom + 1)]
        return tables[-1]
    tables.append(Table(sheet, fields, (block.top, block.bottom), block.columns))
    return tables[-1]


def _title_above(sheet: Sheet, top: int, table: Table) -> str | None:
    """The class named above the first header, else by the sheet's name."""
    title = None
    for number in range(1, top):
        if texts := _texts(sheet.rows[number - 1]):
            table.left_out.append(LeftOut(number, "title", texts[0][:80]))
            title = class_title(texts) or title
    return title or _class_of_sheet(sheet.name)


def _texts(row: list[Cell]) -> list[str]:
    return [clean_text(str(cell)) for cell in row if cell is not None and str(cell).strip()]


def class_title(texts: list[str]) -> str | None:
    """The class that a title row names: "LỚP 1A", "Danh sách học sinh lớp Lá 2 - năm học 2026-2027", "Lớp:" | "1A"."""
    for position, text in enumerate(texts[:3]):
        match = _CLASS_TITLE.search(unicodedata.normalize("NFC", text))
        if match is None:
            continue
        name = match["name"] or (texts[position + 1] if position + 1 < len(texts) else "")
        name = _TITLE_END.sub("", " " + name).strip(" .:")
        starts = match.start() == 0
        if name and len(name) <= 20 and (starts or any(c.isdigit() for c in name)):
            return name
    return None


def _class_of_sheet(name: str) -> str | None:
    if _SHEET_CLASS.match(search_key(name)):
        return re.sub(r"(?i)^lớp\s*", "", unicodedata.normalize("NFC", name)).strip()
    return None


def _collect(table: Table, block: HeaderBlock, last: int, title: str | None) -> str | None:
    """Sorts the rows under a header into data and what is left out; returns the class that was named last."""
    mapped = {c.index - 1 for c in block.columns if c.field or c.candidates}
    anchors = {c.index - 1 for c in block.columns if c.field in table.fields.anchors}
    signed = False
    for number, row in _rows(table.sheet, block.bottom + 1, last):
        reason = _reason(row, mapped, anchors, number - block.bottom, block)
        if reason == "class":
            title, signed = class_title(_texts(row)), False
        signed = signed or reason == "signature"
        if reason is None and signed and sum(cell is not None for cell in row) <= 3:
            reason = "signature"
        if reason is None:
            table.rows.append(number)
            table.classes.append(title)
        else:
            table.left_out.append(LeftOut(number, reason, " ".join(_texts(row)[:3])[:80]))
    return title


def _rows(sheet: Sheet, first: int, last: int) -> Iterator[tuple[int, list[Cell]]]:
    return zip(range(first, last + 1), sheet.rows[first - 1 : last], strict=True)


def _reason(row: list[Cell], mapped: set[int], anchors: set[int], below: int, block: HeaderBlock) -> str | None:
    """Why a row is no data, None if it is."""
    filled = [index for index, cell in enumerate(row) if cell is not None]
    if not filled:
        return "empty"
    if below == 1 and _is_hint(row, filled, block):
        return "hint"
    first = row[filled[0]]
    key = search_key(first) if isinstance(first, str) else ""
    if (key and _TOTAL.fullmatch(key)) or (key.startswith(("tong so", "tong cong")) and len(filled) <= 6):
        return "total"
    if len(filled) <= 3:
        return _sparse_reason(row, filled, key, mapped, anchors)
    return None


def _sparse_reason(row: list[Cell], filled: list[int], key: str, mapped: set[int], anchors: set[int]) -> str | None:
    """For rows of up to three values: titles, signatures, numbers without a person."""
    texts = _texts(row)
    if any(_SIGNATURE.search(search_key(text)) for text in texts) and not _is_person(row, filled, anchors, mapped):
        return "signature"
    if class_title(texts) and not _is_person(row, filled, anchors, mapped):
        return "class"
    if not mapped.intersection(filled):
        return "title" if key else "empty"
    if len(filled) == 1 and key and filled[0] not in anchors:
        return "title"
    return None


def _is_person(row: list[Cell], filled: list[int], anchors: set[int], mapped: set[int]) -> bool:
    """A row with its name or code and something else beside it is data, however short."""
    return any(index in anchors for index in filled) and len(mapped.intersection(filled)) > 1


def _is_hint(row: list[Cell], filled: list[int], block: HeaderBlock) -> bool:
    """The template's second row of hints, or a row that numbers the columns (1) (2) (3)."""
    hints = {c.index - 1: search_key(c.hint) for c in block.columns if c.hint}
    known = sum(1 for i in filled if isinstance(row[i], str) and hints.get(i) == search_key(str(row[i])))
    if known >= 2 or (known and known == len(filled)):
        return True
    values = [search_key(str(row[i])) for i in filled if not isinstance(row[i], date)]
    return len(values) == len(filled) >= 3 and " ".join(values[:3]) in _COUNTS and all(map(_NUMBERING.match, values))
