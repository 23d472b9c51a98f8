"""Rows between reading and writing: to the table and back."""

import functools
import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from khue.base.core.bulk import JsonText, insert_rows
from khue.base.org.selectors import calendar_of
from khue.base.sheets.columns import Column
from khue.base.sheets.fields import load_fields
from khue.base.sheets.findings import Finding
from khue.base.sheets.tables import Table
from khue.base.sheets.workbook import Sheet, column_number

from .kinds.base import Row, json_value
from .models import SheetImport, StagedRow
from .parse import letters_of, parse_table

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=json_value).encode
_EMPTY = JsonText("[]")
AsRead = tuple[JsonText, JsonText, JsonText]
"""Cells, values and findings of a row, written out."""


def as_read(row: Row) -> AsRead:
    """What reading says of a row, before a plan adds to it."""
    return JsonText(_write(row.cells)), JsonText(_write(row.values)), _list(_plain(row.findings))


def _list(values: list[Any]) -> JsonText:
    return JsonText(_write(values)) if values else _EMPTY


def _plain(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [finding.as_dict() for finding in findings]


def _changes(row: Row) -> list[list[Any]]:
    return [[name, json_value(old), json_value(new)] for name, old, new in row.changes]


def store(source: SheetImport, rows: list[Row], read: list[AsRead]) -> None:
    """Write freshly read rows; ``read`` runs beside them."""
    names = [
        "school", "source", "number", "sheet", "row", "action", "worst", "label", "cells", "values", "said", "changes",
        "findings",
    ]  # fmt: skip
    insert_rows(StagedRow, names, [
        (source.school_id, source.pk, row.number, row.sheet[:100], row.row, row.action, row.worst, row.label[:160],
         *texts, _list(_changes(row)), _list(_plain(row.findings)))
        for row, texts in zip(rows, read, strict=True)
    ])  # fmt: skip


def update(staged: list[StagedRow], rows: list[Row]) -> list[StagedRow]:
    """Write the outcome of checking again, where it differs; returns those rows."""
    changed = []
    for one, row in zip(staged, rows, strict=True):
        outcome = (row.action, row.worst, row.label[:160], _changes(row), _plain(row.findings))
        if outcome != (one.action, one.worst, one.label, one.changes, one.findings):
            one.action, one.worst, one.label, one.changes, one.findings = outcome
            changed.append(one)
    StagedRow.objects.bulk_update(changed, ["action", "worst", "label", "changes", "findings"], batch_size=500)
    return changed


def rows_of(source: SheetImport, staged: Iterable[StagedRow]) -> list[Row]:
    """Staged rows as the plan takes them, with the findings of reading only."""
    columns = {sheet: letters(source, sheet) for sheet in {column["sheet"] for column in source.columns}}
    readers = _readers(source.kind)
    return [
        Row(
            number=one.number, sheet=one.sheet, row=one.row, columns=columns.get(one.sheet, {}), cells=one.cells,
            values=_typed(one.values, readers), findings=[Finding(**finding) for finding in one.said],
        )
        for one in staged
    ]  # fmt: skip


def letters(source: SheetImport, sheet: str) -> dict[str, str]:
    """Field → column letter in a sheet."""
    return letters_of((c["letter"], fields_of(c)) for c in source.columns if c["sheet"] == sheet)


def fields_of(column: dict[str, Any]) -> tuple[str, ...]:
    """The fields that a column as noted in ``SheetImport.columns`` fills."""
    return Column(0, column["header"], column["field"], reading=column["reading"]).fields


Readers = dict[str, Callable[[str], Any]]


@functools.cache
def _readers(kind: str) -> Readers:
    """How the values of a kind that JSON keeps as text get their type back."""
    back: Readers = {"date": date.fromisoformat, "decimal": Decimal}
    return {field.name: back[field.type] for field in load_fields(kind).fields if field.type in back}


def _typed(values: dict[str, Any], readers: Readers) -> dict[str, Any]:
    found = {name: read(values[name]) for name, read in readers.items() if values.get(name) is not None}
    return {**values, **found}


def read_again(source: SheetImport, one: StagedRow, cells: dict[str, str]) -> None:
    """Parse one row anew from the texts of its cells."""
    own = [c for c in source.columns if c["sheet"] == one.sheet]
    columns = [Column(column_number(c["letter"]), c["header"], c["field"], reading=c["reading"]) for c in own]
    width = max((column_number(letter) for letter in [*cells, *(c["letter"] for c in own)]), default=1)
    line: list[Any] = [None] * width
    for letter, text in cells.items():
        line[column_number(letter) - 1] = text
    title = None if any(c.field == "class_code" for c in columns) else one.values.get("class_code")
    sheet = Sheet(one.sheet, [line])
    table = Table(sheet, load_fields(source.kind), (0, 0), columns, rows=[1], classes=[title])
    row = parse_table(table, first=one.number, day=_day(source), system=source.profile)[0]
    findings = [finding.at(one.sheet, one.row, finding.column) for finding in row.findings]
    one.cells, one.values, one.said = cells, json.loads(_write(row.values)), _plain(findings)
    one.save(update_fields=["cells", "values", "said"])


def _day(source: SheetImport) -> date:
    return calendar_of(source.year).term1[0]


def findings_of(rows: Iterable[StagedRow]) -> list[dict[str, Any]]:
    return [finding for row in rows for finding in row.findings]
