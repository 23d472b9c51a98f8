"""The rows behind a figure: a page, a part of a drawer, a spreadsheet."""

import io
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khue.base.access.permissions import refused
from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part
from khue.base.core.text import dotted
from khue.base.sheets.writer import OutColumn, write_table

from .. import words
from ..cubes import SCHOOL_COLUMN, Column
from ..selectors import Query, rows_of

PAGE = 50


def names_page(
    request: HttpRequest, asked: Query, *, found: int, search: str, base: str, lead: str,
    crumbs: list[dict[str, str]],
) -> HttpResponse:  # fmt: skip
    """One page of the rows; ``base`` is the query string of the figure. Raises what the query raises."""
    place, cube = place_of(request), asked.cube
    offset = min(_whole(request.GET.get("tu", "")), max(0, found - 1))
    rows = rows_of(asked, search=search, offset=offset, limit=PAGE)
    at_school = len(cube.columns) - 1 if place.is_school and _is_school(cube.columns[-1]) else len(cube.columns)
    shown = range(at_school)
    base = f"{base}&q={search}" if search else base
    context = {
        "title": f"{dotted(found)} {_('em') if cube.name == 'pupils' else cube.noun}",
        "lead": lead,
        "heads": [(cube.columns[n].label, _css(cube.columns[n])) for n in shown],
        "first_head": cube.title.label,
        "rows": [
            (
                _record_url(request, asked, key),
                *_parted(cube.name, name),
                "" if place.is_school or not _is_school(cube.columns[-1]) else values[-1],
                [(_text(values[n]), _css(cube.columns[n])) for n in shown],
            )
            for key, name, values in rows
        ],
        "search": search,
        "searchable": bool(cube.search),
        "fields": [(k, v) for k, values in request.GET.lists() for v in values if k not in ("q", "tu", "dang")],
        "file_url": f"{request.path}{base}&dang=xlsx",
        "range": f"{dotted(offset + 1)}–{dotted(offset + len(rows))}" if rows else "0",
        "found": dotted(found),
        "previous_url": f"{request.path}{base}&tu={max(0, offset - PAGE)}" if offset else "",
        "next_url": f"{request.path}{base}&tu={offset + PAGE}" if offset + PAGE < found else "",
        "crumbs": crumbs,
    }
    return render(request, "statistics/names_part.html" if wants_part(request) else "statistics/names.html", context)


def _is_school(column: Column) -> bool:
    return column.label == SCHOOL_COLUMN.label


def _record_url(request: HttpRequest, asked: Query, key: int) -> str:
    place = place_of(request)
    if asked.cube.name == "schools" and place.is_school:
        return place.url("school")
    return place.url(asked.cube.page, pk=key)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def names_file(request: HttpRequest, asked: Query, *, found: int, search: str, watermark: str) -> bytes:
    """All rows as XLSX; many pupils need the right to export them."""
    cube = asked.cube
    if cube.name == "pupils" and found > settings.EXPORT_LIMIT and not place_of(request).may("registry.pupils:export"):
        raise refused(request, "registry.pupils:export")
    columns = [OutColumn(str(cube.title.label), width=28)] + [
        OutColumn(str(c.label), type=c.kind, width=20) for c in cube.columns
    ]
    rows = ((name, *values) for _key, name, values in rows_of(asked, search=search))
    stream = io.BytesIO()
    write_table(stream, name=str(cube.label), columns=columns, rows=rows, watermark=watermark)
    return stream.getvalue()


def _css(column: Column) -> str:
    """Numbers line up; on the phone a birth date is left out and the school stands under the name."""
    if column.kind == "date" or _is_school(column):
        return "n no-phone" if column.kind == "date" else "no-phone"
    return "n" if column.kind == "number" else ""


def _parted(cube: str, name: str) -> tuple[str, str]:
    """Family and middle names, given name (shown strong); other records have one name."""
    first, _space, given = name.rpartition(" ")
    return (first, given) if cube in ("pupils", "staff") else ("", name)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return (
        words.day_text(value)
        if isinstance(value, date)
        else str(value).replace(".", ",")
        if not isinstance(value, str)
        else value
    )


def download(data: bytes, name: str) -> HttpResponse:
    kind = (
        "text/csv; charset=utf-8"
        if name.endswith(".csv")
        else ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
