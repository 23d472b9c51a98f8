"""History of a sheet: every entry, what stood there before, by whom, when, on which device, why."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of

from ..models import Verification
from ..rules.cells import shown
from ..selectors.history import Written, written
from ..selectors.sheets import Book
from .sheets import READ, book_or_404, sheet_title

MOST = 100


@require_GET
@needs(READ)
def gradebook_history(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """Entries of a sheet, newest first; ``?em=`` of one pupil, ``?sua=1`` changes alone."""
    book = book_or_404(request, pk, term)
    asked = request.GET.get("em", "")
    pupil = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    every = written(book, term, pupil=pupil)
    changes = [entry for entry in every if entry.is_change]
    only_changes = request.GET.get("sua") == "1"
    shown_entries = changes if only_changes else every
    name = every[0].name if pupil and every else ""
    base = f"?em={pupil}" if pupil else "?"
    place = place_of(request)
    sheet_url = place.url("gradebook-sheet", pk=pk, term=term)
    context = {
        "title": _("Lịch sử điểm của {name}").format(name=name) if name else _("Lịch sử điểm"),
        "lead": _("{entries} lần ghi, {changes} lần sửa. Không dòng nào sửa, xóa được.").format(
            entries=len(every), changes=len(changes)
        ),
        "crumbs": [{"label": sheet_title(book, term), "url": sheet_url}],
        "entries": [_entry(book, entry) for entry in shown_entries[:MOST]],
        "more": max(len(shown_entries) - MOST, 0),
        "modes": [
            {"label": _("Mọi lần ghi"), "url": base, "current": not only_changes},
            {"label": _("Chỉ lần sửa"), "url": f"{base}&sua=1", "current": only_changes},
        ],
        "whole_url": "?" if pupil else "",
        "sheet_url": sheet_url,
        "verified": Verification.objects.filter(school_id=book.school_id).order_by("-verified_at").first(),
    }
    return render(request, "assessment/history.html", context)


def _entry(book: Book, entry: Written) -> dict[str, Any]:
    column = book.column(entry.kind, entry.number)
    return {
        "serial": entry.serial,
        "pupil": entry.enrolment_id,
        "name": entry.name,
        "column": column.label if column else entry.kind,
        "before": shown(entry.kind, entry.before) if entry.before is not None else None,
        "value": shown(entry.kind, entry.value),
        "by": entry.by,
        "at": timezone.localtime(entry.at),
        "device": entry.device,
        "reason": entry.reason,
        "origin": entry.origin,
    }
