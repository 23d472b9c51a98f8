"""The board of the principal (Tiến độ sổ điểm): classes by subjects, what is full, what is missing, what is late."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.remember import remembered_among

from ..rules.secondary import LEVEL
from ..selectors.board import BookState, ClassRow, board, subjects_in
from ..selectors.locks import last_days
from ..selectors.sheets import TERMS
from .rows import ANY, headed
from .sheets import READ, TERM_LABELS, term_name


@require_GET
@needs(READ)
def marks_board(request: HttpRequest, term: int) -> HttpResponse:
    """How far the books of all classes are in a term; a minute old at most."""
    place = place_of(request)
    if not place.is_school or place.own_classes_only or term not in TERMS:
        raise Http404
    today = timezone.localdate()
    closes = last_days(school_id=place.unit.pk, year=place.year, level=LEVEL, term=term)
    rows, _counted_at = remembered_among(
        "counts", place.unit.pk, f"marks {place.year} {term} {today} {closes}",
        lambda: board(school_id=place.unit.pk, year=place.year, term=term, closes=closes, today=today),
    )  # fmt: skip
    subjects = subjects_in(rows)
    books = [book for row in rows for book in row.books.values()]
    context = {
        "title": _("Tiến độ sổ điểm, {term}").format(term=term_name(term)),
        "lead": _("{full} trong {all} sổ đủ điểm, {late} sổ trễ hạn.").format(
            full=sum(not book.missing for book in books), all=len(books), late=sum(book.late > 0 for book in books)
        ),
        "columns": [headed(subject, name_of("subject", subject)) for subject in subjects],
        "rows": [_row(request, row, subjects, term) for row in rows],
        "terms": [
            {"label": TERM_LABELS[t], "current": t == term, "url": place.url("marks-board", term=t)} for t in TERMS
        ],
        "has_grades": LEVEL in place.school.levels,
    }
    return render(request, "assessment/board.html", context)


def _row(request: HttpRequest, row: ClassRow, subjects: list[str], term: int) -> dict[str, Any]:
    url = place_of(request).url
    sheet = url("gradebook-sheet", pk=ANY, term=term)
    return {
        "code": row.code,
        "url": url("class-overview", pk=row.pk, term=term),
        "cells": [_cell(row.books.get(subject), sheet) for subject in subjects],
    }


def _cell(book: BookState | None, sheet: str) -> dict[str, Any]:
    """State in words and shape: full, so many missing, so many late."""
    if book is None:
        return {}
    url = sheet.replace(str(ANY), str(book.pk))
    if not book.missing:
        return {"url": url, "level": "ok", "text": _("đủ")}
    if book.late:
        return {"url": url, "level": "err", "text": _("trễ {n}").format(n=book.late)}
    return {"url": url, "level": "", "text": _("thiếu {n}").format(n=book.missing)}
