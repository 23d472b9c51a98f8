"""Official tables on paper: XLSX in the layout of the form, PDF with the legal heading (Nghị định 30/2020/NĐ-CP)."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from django.utils.translation import gettext as _

from khue.base.core.text import dotted, signed

from .basis import Filled
from .page import groups, shown_rows
from .shape import Column, Row

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "official.typ"


class PrintError(Exception):
    """The typesetter warned: a missing font or glyph must not pass in silence."""


def pdf_of(tables: list[Filled], heading: Mapping[str, str]) -> bytes:
    """All tables as one PDF, A4 landscape. Raises ``PrintError``."""
    data = {"heading": dict(heading), "tables": [_table(one) for one in tables]}
    compiled, warnings = typst.compile_with_warnings(
        TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    if warnings:
        raise PrintError("; ".join(str(warning) for warning in warnings))
    return bytes(compiled)


def _table(one: Filled) -> dict[str, Any]:
    parts = groups(one.table)
    return {
        "title": one.table.title,
        "groups": [{"label": group, "columns": [column.label for column in columns]} for group, columns in parts],
        "before": one.before is not None,
        "rows": [
            {
                "code": row.code, "label": row.label, "part": bool(row.of), "entered": row.entered,
                "cells": [_text(one, row, column) for column in one.table.columns] + _change(one, row),
            }
            for row in shown_rows(one)
        ],
    }  # fmt: skip


def _text(one: Filled, row: Row, column: Column) -> str:
    if not one.table.applies(row, column):
        return "x"
    value = one.cells.get((row.code, column.code))
    return "…" if value is None else dotted(value)


def _change(one: Filled, row: Row) -> list[str]:
    if one.before is None:
        return []
    now, before = one.cells.get((row.code, "T")), one.before.get((row.code, "T"))
    return ["" if now is None or before is None else signed(now - before)]


def xlsx_of(tables: list[Filled], heading: Mapping[str, str]) -> bytes:
    """One sheet a table, in the layout of the form: heading, two rows of heads, an index row, typed numbers."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
        "note": book.add_format({"italic": True, "align": "center"}),
        "unit": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}),
        "index": book.add_format({"italic": True, "border": 1, "align": "center", "font_size": 9}),
        "text": book.add_format({"border": 1, "text_wrap": True, "valign": "top"}),
        "part": book.add_format({"border": 1, "text_wrap": True, "valign": "top", "indent": 1}),
        "number": book.add_format({"border": 1, "num_format": "#,##0.##"}),
        "code": book.add_format({"border": 1, "num_format": "@", "align": "center"}),
    }
    for one in tables:
        _sheet(book.add_worksheet(one.table.code), one, heading, styles)
    book.close()
    return stream.getvalue()


def _sheet(sheet: Any, one: Filled, heading: Mapping[str, str], styles: Mapping[str, Any]) -> None:
    last = 1 + len(one.table.columns) + (one.before is not None)
    sheet.write_string(0, 0, heading["above"], None)
    sheet.write_string(1, 0, heading["unit"], styles["unit"])
    sheet.merge_range(3, 0, 3, last, heading["title"].upper(), styles["title"])
    sheet.merge_range(4, 0, 4, last, f"{heading['level']}. {one.table.title}", styles["title"])
    sheet.merge_range(5, 0, 5, last, heading["state"], styles["note"])
    _heads(sheet, one, styles, heading, top=7)
    for n, row in enumerate(shown_rows(one), start=10):
        sheet.write_string(n, 0, row.code, styles["code"])
        label = row.label + (f" ({_('nhập tay')})" if row.entered else "")
        sheet.write_string(n, 1, label, styles["part" if row.of else "text"])
        for m, column in enumerate(one.table.columns, start=2):
            _number(sheet, n, m, one, row, column, styles)
        if one.before is not None:
            now, before = one.cells.get((row.code, "T")), one.before.get((row.code, "T"))
            if now is None or before is None:
                sheet.write_blank(n, last, None, styles["number"])
            else:
                sheet.write_number(n, last, now - before, styles["number"])
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, last, 10)
    sheet.freeze_panes(10, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(7, 9)


def _heads(sheet: Any, one: Filled, styles: Mapping[str, Any], heading: Mapping[str, str], *, top: int) -> None:
    sheet.merge_range(top, 0, top + 1, 0, "STT", styles["head"])
    sheet.merge_range(top, 1, top + 1, 1, _("Nội dung"), styles["head"])
    at = 2
    for group, columns in groups(one.table):
        if not group:
            sheet.merge_range(top, at, top + 1, at, columns[0].label, styles["head"])
        elif len(columns) == 1:
            sheet.write_string(top, at, group, styles["head"])
            sheet.write_string(top + 1, at, columns[0].label, styles["head"])
        else:
            sheet.merge_range(top, at, top, at + len(columns) - 1, group, styles["head"])
            for n, column in enumerate(columns):
                sheet.write_string(top + 1, at + n, column.label, styles["head"])
        at += len(columns)
    if one.before is not None:
        sheet.merge_range(top, at, top + 1, at, _("So với {day}").format(day=heading["before"]), styles["head"])
        at += 1
    for n, label in enumerate(["A", "B", *(str(i) for i in range(1, at - 1))]):
        sheet.write_string(top + 2, n, label, styles["index"])


def _number(sheet: Any, n: int, m: int, one: Filled, row: Row, column: Column, styles: Mapping[str, Any]) -> None:
    value = one.cells.get((row.code, column.code))
    if not one.table.applies(row, column):
        sheet.write_string(n, m, "x", styles["index"])
    elif value is None:
        sheet.write_blank(n, m, None, styles["number"])
    else:
        sheet.write_number(n, m, value, styles["number"])
