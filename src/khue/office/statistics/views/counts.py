"""The counting page: a table by address, the rows behind each figure, files."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs, refused
from khue.base.access.places import Place, place_of
from khue.base.audit.services import log_access
from khue.base.core.remember import remembered_among
from khue.base.core.text import dotted
from khue.base.org.models import School
from khue.base.org.selectors import calendar_of
from khue.base.sheets.writer import OutColumn, write_table

from .. import shelves, words
from ..board import Board, read_board
from ..rules import pivot
from ..selectors import NoSchoolYearError, Query, count, csv_rows, make_query, order_of, total
from ..table import Table
from .names import download, names_file, names_page

PAGE = 50


def _asked(board: Board, by: tuple[str, ...] = ()) -> Query:
    return make_query(cube=board.cube.name, by=by, day=board.day, filters=board.filters)


def _board(request: HttpRequest) -> tuple[Board, list[str]]:
    """The table asked for; without a day: today, or the nearest day of the school year that is worked in."""
    calendar = calendar_of(place_of(request).year)
    today = min(max(timezone.localdate(), calendar.starts_on), calendar.ends_on)
    return read_board(request.GET, today=today)


def _schools(place: Place) -> dict[str, str]:
    """Names of the schools in sight by code."""
    if place.is_school:
        return {place.unit.code: place.unit.name}
    return dict(School.objects.filter(unit__among=place.school_ids).values_list("code", "name"))


def _table(board: Board, place: Place, schools: dict[str, str]) -> tuple[Table, dict[str, list[str]], datetime]:
    """The table, the values that occur in it by dimension, and when it was counted: a minute ago at most."""
    asked = _asked(board, board.by)
    rows, counted_at = remembered_among("counts", place.unit.pk, board.address(), lambda: count(asked))
    found = pivot(rows, rows=len(board.rows), orders=[order_of(board.cube.dimensions[name]) for name in board.columns])
    says = {d.name: words.sayer(d, schools) for d in board.cube.all_dimensions}
    names_url = place.url("counts-names")
    table = Table(board, found, says, lambda values: names_url + board.narrowed(values).address())
    occurring = {
        d.name: sorted({row[n] for row in rows} | set(board.filters.get(d.name, ())), key=order_of(d))
        for n, d in enumerate(asked.by)
    }
    return table, occurring, timezone.localtime(datetime.fromtimestamp(counted_at, UTC))


@require_GET
@needs("statistics.counts:read")
def counts(request: HttpRequest) -> HttpResponse:
    """The counting page (Đếm)."""
    place, (board, wrong) = place_of(request), _board(request)
    schools = _schools(place)
    try:
        table, _occurring, counted_at = _table(board, place, schools)
    except NoSchoolYearError:
        return _no_year(request, board)
    context = {
        "title": words.title_of(board, table.pivot.total),
        "lead": _lead(board, place, schools, counted_at),
        "board": board,
        "table": table,
        "head": table.head(),
        "kinds": shelves.kinds(board),
        "shelves": shelves.shelves(board),
        "conditions": shelves.conditions(board, table.says),
        "conditions_url": place.url("counts-conditions") + board.address(),
        "swap_url": board.swapped().address() if board.columns else "",
        "days": _days(board, request),
        "definitions": [*board.dimensions, *(board.cube.dimensions[n] for n in board.filters if n not in board.by)],
        "files": _files(board, place),
        "wrong": ", ".join(wrong),
        "keep": [(k, v) for k, values in request.GET.lists() for v in values if k != "ngay"],
    }
    return render(request, "statistics/counts.html", context)


@require_GET
@needs("statistics.counts:read")
def counts_conditions(request: HttpRequest) -> HttpResponse:
    """Conditions that the table can be narrowed by: fetched when their menu opens."""
    place, (board, _wrong) = place_of(request), _board(request)
    schools = _schools(place)
    try:
        table, occurring, _counted_at = _table(board, place, schools)
    except NoSchoolYearError as error:
        raise Http404 from error
    offers = shelves.offers(board, table.says, occurring, schools, place.url("counts"))
    return render(request, "statistics/conditions.html", {"offers": offers})


def _no_year(request: HttpRequest, board: Board) -> HttpResponse:
    title = _("Ngày %(day)s không thuộc năm học nào") % {"day": words.day_text(board.day)}
    lead = _("Chọn một ngày trong năm học đã lập, hoặc lập thêm năm học.")
    context = {"title": title, "lead": lead, "board": board, "days": _days(board, request)}
    return render(request, "statistics/no_year.html", context)


def _lead(board: Board, place: Place, schools: dict[str, str], counted_at: datetime) -> str:
    where = "" if place.is_school else _(", %(n)s trường") % {"n": dotted(len(schools))}
    thing = _("từng em") if board.cube.name == "pupils" else _("từng dòng")
    return _("Tại ngày %(day)s%(where)s, tính lúc %(time)s. Bấm vào số để xem %(thing)s.") % {
        "day": words.day_text(board.day),
        "where": where,
        "time": f"{counted_at:%H:%M}",
        "thing": thing,
    }


def _days(board: Board, request: HttpRequest) -> list[dict[str, Any]]:
    """Days that are asked for most: today, the two days of the sector's reports."""
    year = place_of(request).year
    days = [
        (_("Hôm nay"), timezone.localdate()),
        (_("Đầu năm học"), date(year, 9, 30)),
        (_("Cuối năm học"), date(year + 1, 5, 31)),
    ]
    return [
        {"label": label, "text": words.day_text(day), "url": replace(board, day=day).address()}
        for label, day in days
    ]  # fmt: skip


def _files(board: Board, place: Place) -> list[dict[str, str]]:
    address, names = place.url("counts-file") + board.address(), place.url("counts-names") + board.address()
    return [
        {"icon": "table-import", "label": _("Excel, cả bảng"), "url": f"{address}&dang=xlsx"},
        {"icon": "copy", "label": _("CSV, mỗi tổ hợp một dòng"), "url": f"{address}&dang=csv"},
        {"icon": "list-check", "label": _("Excel, từng dòng sau con số"), "url": f"{names}&dang=xlsx"},
    ]


@require_GET
@needs("statistics.counts:read")
def counts_names(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure: pupils, classes, staff or rooms, by whoever may see them."""
    place, (board, _wrong) = place_of(request), _board(request)
    if not place.may(board.cube.action):
        raise refused(request, board.cube.action)
    search, asked = request.GET.get("q", "").strip()[:100], _asked(board)
    try:
        found = total(asked, search=search)
        if request.GET.get("dang") == "xlsx":
            return _names_file(request, board, asked, found, search)
        schools = _schools(place)
        says = {n: words.sayer(board.cube.dimensions[n], schools) for n in board.filters}
        conditions = [words.condition(board.cube.dimensions[n], v, says[n]) for n, v in board.filters.items()]
        lead = ". ".join([*conditions, _("Tại ngày %(day)s") % {"day": words.day_text(board.day)}]) + "."
        crumbs = [{"label": _("Đếm"), "url": place.url("counts") + board.address()}]
        return names_page(request, asked, found=found, search=search, base=board.address(), lead=lead, crumbs=crumbs)
    except NoSchoolYearError as error:
        raise Http404 from error


def _names_file(request: HttpRequest, board: Board, asked: Query, found: int, search: str) -> HttpResponse:
    data = names_file(request, asked, found=found, search=search, watermark=_watermark(request, board))
    _log_export(request, board, f"{found} {asked.cube.noun}")
    return download(data, f"{asked.cube.name}-{board.day}.xlsx")


@require_GET
@needs("statistics.counts:read")
def counts_file(request: HttpRequest) -> HttpResponse:
    """The table as XLSX, or one row a combination as CSV."""
    place, (board, _wrong) = place_of(request), _board(request)
    try:
        if request.GET.get("dang") == "csv":
            asked = _asked(board, board.by)
            return download(
                _csv([*board.by, "count"], csv_rows(asked, count(asked))), f"{board.cube.name}-{board.day}.csv"
            )
        heads, rows = _table(board, place, _schools(place))[0].plain()
    except NoSchoolYearError as error:
        raise Http404 from error
    names = max(1, len(board.rows))
    columns = [
        OutColumn(head, type="text" if n < names else "number", width=24 if n < names else 12)
        for n, head in enumerate(heads)
    ]
    stream = io.BytesIO()
    write_table(stream, name=_("Bảng đếm"), columns=columns, rows=rows, watermark=_watermark(request, board))
    return download(stream.getvalue(), f"{board.cube.name}-{board.day}.xlsx")


def _csv(head: list[str], rows: Any) -> bytes:
    """UTF-8 with BOM: spreadsheets then read the marks."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _watermark(request: HttpRequest, board: Board) -> str:
    """What the figures are, who took them and when."""
    lines = [
        words.title_of(board, 0) if board.by else str(board.cube.label),
        _("Số tạm tính, tại ngày %(day)s") % {"day": words.day_text(board.day)},
        str(board.cube.definition),
        *(f"{d.label}: {d.definition} ({d.source})" for d in board.dimensions),
        _("%(who)s tải lúc %(when)s tại %(unit)s") % {
            "who": request.user, "when": f"{timezone.localtime():%H:%M %d/%m/%Y}", "unit": place_of(request).unit.name,
        },
        request.build_absolute_uri(place_of(request).url("counts") + board.address()),
    ]  # fmt: skip
    return "\n".join(lines)


def _log_export(request: HttpRequest, board: Board, what: str) -> None:
    school = place_of(request).unit.pk if place_of(request).is_school else None
    log_access(request, kind="export", school_id=school, detail=f"{what} {urlencode({'dem': board.address()})}")
