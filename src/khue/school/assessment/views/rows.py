"""Rows of a mark sheet as HTML, put together here and not in a template: 45 pupils by 7 cells are 20 ms there."""

from collections.abc import Collection, Iterator
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khue.school.registry.selectors.classes import RosterLine

from ..rules.books import SHORT
from ..rules.cells import COMMENT, LONGEST_COMMENT, Column, Spot, shown
from ..rules.numbers import mark_text
from ..rules.trace import Trace
from ..selectors.sheets import Cell, Sheet

NOT_YET = "–"
ANY = 987_654_321
"""Stands for the enrolment in the address that all rows share."""


def average_text(trace: Trace | None) -> tuple[str, bool]:
    """(what the column of the term's result shows, whether it is a low one)."""
    if trace is None or trace.value is None:
        return NOT_YET, False
    if trace.rule.endswith("comment"):
        return ("Đ" if trace.value else "CĐ"), not trace.value
    return mark_text(trace.value), trace.value < 50


def body(sheet: Sheet, why_url: str, closed: Collection[str]) -> SafeString:
    """All rows; ``why_url`` is the address of the reasons of the pupil ``ANY``; ``closed``: kinds only to read."""
    rows = (
        _row(sheet, number, line, why_url.replace(str(ANY), str(line.enrolment_id)), closed)
        for number, line in enumerate(sheet.roster.present, start=1)
    )
    return mark_safe("\n".join(rows))  # noqa: S308  # every value is escaped where it is put in


def _row(sheet: Sheet, number: int, line: RosterLine, why: str, closed: Collection[str]) -> str:
    cells = "".join(_cells(sheet, line, why, closed))
    return f'<tr data-pupil="{line.enrolment_id}">{head(number, line.name)}{cells}</tr>'


def head(number: int, name: str) -> str:
    """The number and the name of a pupil, given name last and strong."""
    family, _space, given = escape(name).rpartition(" ")
    return (
        f'<th scope="row" class="no">{number}</th>'
        f'<th scope="row" class="name"><span>{family} </span><b>{given}</b></th>'
    )


def headed(subject: str, name: str) -> dict[str, str]:
    """The head of a column of a subject: the short name to look at, the whole one to hear and on hover."""
    return {"short": SHORT.get(subject, name), "name": name}


def _cells(sheet: Sheet, line: RosterLine, why: str, closed: Collection[str]) -> Iterator[str]:
    name = escape(line.name)
    for column in sheet.book.columns:
        cell = sheet.cells.get(Spot(line.enrolment_id, column.kind, column.number))
        if column.kind == COMMENT:
            yield _average(sheet.result(line.enrolment_id), why, name)
        yield _read_only(column, cell) if column.kind in closed else _input(sheet, column, cell, name)


def _average(trace: Trace | None, why: str, name: str) -> str:
    text, low = average_text(trace)
    label = _("{result}, vì sao, {name}").format(result=text, name=name)
    css = "avg low" if low else "avg"
    door = f'<a class="door" href="{why}" data-open="vi-sao" data-avg aria-label="{label}">{text}</a>'
    return f'<td class="{css}">{door}</td>'


def _read_only(column: Column, cell: Cell | None) -> str:
    value = escape(shown(column.kind, cell.value)) if cell else ""
    if column.kind == COMMENT:
        return f'<td class="cmt">{value}</td>'
    return f'<td class="lock n" data-kind="{column.kind}" data-number="{column.number}">{value}</td>'


def _input(sheet: Sheet, column: Column, cell: Cell | None, name: str) -> str:
    value, serial = (escape(shown(column.kind, cell.value)), cell.serial) if cell else ("", 0)
    key = f'data-kind="{column.kind}" data-number="{column.number}" data-serial="{serial}"'
    label = f'aria-label="{column.label}, {name}"'
    if column.kind == COMMENT:
        return f'<td class="cmt"><input {key} value="{value}" maxlength="{LONGEST_COMMENT}" {label}></td>'
    mode = "decimal" if sheet.book.method == "score" else "text"
    return f'<td><input inputmode="{mode}" autocomplete="off" {key} value="{value}" {label}></td>'
