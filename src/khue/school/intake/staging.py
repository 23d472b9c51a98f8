"""Rows between reading and writing: to the table and back."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from khue.base.core.bulk import insert_rows
from khue.base.org.selectors import calendar_of
from khue.base.sheets.columns import Column
from khue.base.sheets.fields import load_fields
from khue.base.sheets.findings import Finding
from khue.base.sheets.tables import Table
from khue.base.sheets.workbook import Sheet, column_number

from .kinds.base import Row, json_value
from .models import SheetImport, StagedRow
from .parse import letters_of, parse_table


def _json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: json_value(value) for name, value in values.items() if not name.startswith("_")}


def _changes(row: Row) -> list[list[Any]]:
    return [[name, json_value(old), json_value(new)] for name, old, new in row.changes]


def store(
    source: SheetImport, rows: list[Row], said: dict[int, list[Finding]], values: dict[int, dict[str, Any]]
) -> None:
    """Write freshly read rows."""
    names = [
        "school",
        "source",
        "number",
        "sheet",
        "row",
        "action",
        "worst",
        "label",
        "cells",
        "values",
        "changes",
        "said",
        "findings",
    ]
    insert_rows(StagedRow, names, [
        (source.school_id, source.pk, row.number, row.sheet[:100], row.row, row.action, row.worst, row.label[:160],
         row.cells, _json(values[row.number]), _changes(row), [f.as_dict() for f in said[row.number]],
         [f.as_dict() for f in row.findings])
        for row in rows
    ])  # fmt: skip


def update(staged: list[StagedRow], rows: list[Row]) -> list[StagedRow]:
    """Write the outcome of checking again, where it differs; returns those rows."""
    changed = []
    for one, row in zip(staged, rows, strict=True):
        outcome = (row.action, row.worst, row.label[:160], _changes(row), [f.as_dict() for f in row.findings])
        if outcome != (one.action, one.worst, one.label, one.changes, one.findings):
            one.action, one.worst, one.label, one.changes, one.findings = outcome
            changed.append(one)
    StagedRow.objects.bulk_update(changed, ["action", "worst", "label", "changes", "findings"], batch_size=500)
    return changed


def rows_of(source: SheetImport, staged: Iterable[StagedRow]) -> list[Row]:
    """Staged rows as the plan takes them, with the findings of reading only."""
    columns = {sheet: letters(source, sheet) for sheet in {column["sheet"] for column in source.columns}}
    return [
        Row(
            number=one.number, sheet=one.sheet, row=one.row, columns=columns.get(one.sheet, {}), cells=one.cells,
            values=typed(source.kind, one.values), findings=[Finding(**finding) for finding in one.said],
        )
        for one in staged
    ]  # fmt: skip


def letters(source: SheetImport, sheet: str) -> dict[str, str]:
    """Field → column letter in a sheet."""
    return letters_of((c["letter"], fields_of(c)) for c in source.columns if c["sheet"] == sheet)


def fields_of(column: dict[str, Any]) -> tuple[str, ...]:
    """The fields that a column as noted in ``SheetImport.columns`` fills."""
    return Column(0, column["header"], column["field"], reading=column["reading"]).fields


def typed(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Values from JSON: dates and decimals get their type back."""
    types = {field.name: field.type for field in load_fields(kind).fields}
    back: dict[str, Callable[[str], Any]] = {"date": date.fromisoformat, "decimal": Decimal}
    return {
        name: back[types[name]](value) if value is not None and types.get(name) in back else value
        for name, value in values.items()
    }


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
    one.cells, one.values, one.said = cells, _json(row.values), [f.as_dict() for f in findings]
    one.save(update_fields=["cells", "values", "said"])


def _day(source: SheetImport) -> date:
    return calendar_of(source.year).term1[0]


def findings_of(rows: Iterable[StagedRow]) -> list[dict[str, Any]]:
    return [finding for row in rows for finding in row.findings]
