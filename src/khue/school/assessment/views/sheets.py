"""The mark sheet (Sổ điểm): the page, saving cells, what others wrote meanwhile, why a result is so."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from khue.base.access.permissions import needs, user_of
from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part
from khue.base.core.text import clean_text

from ..rules.cells import Spot
from ..rules.trace import Trace
from ..rules.wording import to_dict
from ..selectors.locks import locks_of
from ..selectors.results import METHODS
from ..selectors.sheets import TERMS, Book, Cell, Sheet, book_for, entries_since, sheet_of
from ..services.marks import MOST_CELLS, Change, save_cells
from .rows import ANY, average_text, body

READ, WRITE = "assessment.marks:read", "assessment.marks:write"
TERM_LABELS = {1: gettext_lazy("Học kì I"), 2: gettext_lazy("Học kì II")}


class BadBatchError(ValueError):
    """What the browser sent cannot be read."""


def book_or_404(request: HttpRequest, pk: int, term: int) -> Book:
    """The gradebook if it is in sight: of a teacher those that they teach or are homeroom teacher of."""
    book = book_for(request.user.pk, pk, timezone.localdate())
    if (
        term not in TERMS
        or book.method not in METHODS
        or (place_of(request).own_classes_only and not (book.is_teacher or book.is_homeroom))
    ):
        raise Http404
    return book


def term_name(term: int) -> str:
    """học kì I, học kì II, as inside a sentence."""
    return _("học kì I") if term == 1 else _("học kì II")


def term_links(request: HttpRequest, view: str, pk: int, term: int) -> list[dict[str, Any]]:
    """The two terms of a page, for a segmented choice."""
    url = place_of(request).url
    return [{"label": TERM_LABELS[t], "current": t == term, "url": url(view, pk=pk, term=t)} for t in TERMS]


def sheet_title(book: Book, term: int) -> str:
    """Toán 8A2, học kì I."""
    return f"{book.name} {book.class_code}, {term_name(term)}"


def _why_closed(request: HttpRequest, book: Book) -> str:
    """Why this person may only read the sheet, in words; "" when they may write."""
    place = place_of(request)
    if not (place.may(WRITE) and book.is_teacher):
        return _("Chỉ giáo viên được phân công dạy môn này ghi điểm ở đây.")
    if book.year != place.year:
        return _("Năm học {year}–{next} đã qua, sổ chỉ để xem.").format(year=book.year, next=book.year + 1)
    return ""


@require_GET
@needs(READ)
def gradebook_sheet(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """The sheet of one subject of a class in a term."""
    book, place = book_or_404(request, pk, term), place_of(request)
    sheet = sheet_of(book, term, timezone.localdate())
    closed = _why_closed(request, book)
    locks = {} if closed else locks_of(book, term, timezone.now()).closed
    shut = {column.kind for column in book.columns if closed or locks.get(column.kind)}
    why = place.url("gradebook-why", pk=pk, term=term, enrolment=ANY)
    context = {
        "title": sheet_title(book, term),
        "book": book,
        "term": term,
        "closed": closed,
        "columns": [(column, locks.get(column.kind, "")) for column in book.columns],
        "locks": [(column, locks[column.kind]) for column in book.columns if locks.get(column.kind)],
        "ask_url": place.url("reopening-ask", pk=pk, term=term),
        "rows": body(sheet, why, shut),
        "count": len(sheet.roster.present),
        "terms": term_links(request, "gradebook-sheet", pk, term),
        "urls": {name: place.url(f"gradebook-{name}", pk=pk, term=term) for name in ("save", "news")},
        "key": f"{request.user.pk}-{pk}-{term}",
        "file_url": place.url("gradebook-file", pk=pk, term=term),
        "history_url": place.url("gradebook-history", pk=pk, term=term),
        "class_url": place.url("class-overview", pk=book.class_id, term=term),
    }  # fmt: skip
    return render(request, "assessment/sheet.html", context)


@require_POST
@needs(WRITE)
def gradebook_save(request: HttpRequest, pk: int, term: int) -> JsonResponse:
    """A batch of cells from the browser, as JSON; the answer says what became of each."""
    book = book_or_404(request, pk, term)
    closed = _why_closed(request, book)
    if closed:
        return JsonResponse({"message": closed}, status=409)
    try:
        batch, device, changes = _read_batch(request.body)
    except BadBatchError as error:
        return JsonResponse({"message": str(error)}, status=422)
    outcome = save_cells(
        book=book, term=term, changes=changes, user_id=user_of(request).pk, day=timezone.localdate(), device=device,
        batch=batch,
    )  # fmt: skip
    touched = {change.spot.enrolment for change in changes}
    return JsonResponse(
        {
            "saved": [{**_where(spot), "serial": serial} for spot, serial in outcome.saved],
            "clashes": [{**_where(spot), **_what(cell)} for spot, cell in outcome.clashes],
            "refused": [{**_where(spot), "message": message} for spot, message in outcome.refused],
            "averages": _averages(outcome.sheet, touched),
            "at": f"{timezone.localtime():%H:%M}",
            "length": outcome.end.length,
        }
    )


@require_GET
@needs(READ)
def gradebook_news(request: HttpRequest, pk: int, term: int) -> JsonResponse:
    """Entries after ``?tu=``: what another person wrote on the same sheet."""
    book = book_or_404(request, pk, term)
    asked = request.GET.get("tu", "0")
    since = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    if since >= book.length:
        return JsonResponse({"cells": [], "averages": {}, "length": book.length})
    found = entries_since(book, term, since)
    sheet = sheet_of(book, term, timezone.localdate())
    return JsonResponse(
        {
            "cells": [{**_where(spot), **_what(cell)} for spot, cell in found],
            "averages": _averages(sheet, {spot.enrolment for spot, _cell in found}),
            "length": book.length,
        }
    )


@require_GET
@needs(READ)
def gradebook_why(request: HttpRequest, pk: int, term: int, enrolment: int) -> HttpResponse:
    """Why a pupil's result of the term is what it is: formula, marks, article, what would change it."""
    book = book_or_404(request, pk, term)
    sheet = sheet_of(book, term, timezone.localdate())
    line = next((line for line in sheet.roster.present if line.enrolment_id == enrolment), None)
    trace = sheet.result(enrolment)
    if line is None or trace is None:
        raise Http404
    return why_page(request, line.name, trace, {book.subject: book.name})


def why_page(request: HttpRequest, name: str, trace: Trace, subjects: Mapping[str, str]) -> HttpResponse:
    """A pupil's result with its reasons, for the drawer or as a page; ``subjects``: code → name."""
    template = "assessment/why_part.html" if wants_part(request) else "assessment/why.html"
    return render(request, template, {"name": name, "why": to_dict(trace, subjects), "title": name})


def _averages(sheet: Sheet, enrolments: set[int]) -> dict[str, str]:
    return {str(pk): average_text(sheet.result(pk))[0] for pk in enrolments}


def _where(spot: Spot) -> dict[str, Any]:
    return {"pupil": spot.enrolment, "kind": spot.kind, "number": spot.number}


def _what(cell: Cell) -> dict[str, Any]:
    return {
        "value": cell.value,
        "serial": cell.serial,
        "by": cell.by,
        "at": f"{timezone.localtime(cell.at):%H:%M}",
    }


def _read_batch(body: bytes) -> tuple[UUID, str, list[Change]]:
    """(batch, device, changes) of a request. Raises ``BadBatchError``."""
    try:
        sent = json.loads(body)
        cells = sent["cells"]
        if not isinstance(cells, list) or not 0 < len(cells) <= MOST_CELLS:
            raise BadBatchError(_("Một lần ghi từ 1 đến {most} ô.").format(most=MOST_CELLS))
        return UUID(str(sent["batch"])), clean_text(str(sent.get("device", "")))[:40], [_change(cell) for cell in cells]
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        if isinstance(error, BadBatchError):
            raise
        raise BadBatchError(_("Không đọc được các ô vừa gửi. Tải lại trang rồi ghi lại.")) from error


def _change(cell: Mapping[str, Any]) -> Change:
    value = cell["value"]
    if not isinstance(value, str) or not isinstance(cell["kind"], str):
        raise TypeError
    spot = Spot(int(cell["pupil"]), cell["kind"], int(cell["number"]))
    return Change(spot, clean_text(value), int(cell["base"]))
