"""The page of a record's history; the same address answers htmx with the drawer's short form."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part

from .access_log import viewers
from .history import Trail, entries

IN_DRAWER = 12


def history_response(
    request: HttpRequest, *, name: str, crumbs: list[dict[str, str]], trails: Iterable[Trail], record: Any = None
) -> HttpResponse:
    """History of ``name``; with ``record`` also who opened it, for whoever may read the access log."""
    found = entries(trails)
    place = place_of(request)
    if wants_part(request):
        context = {"entries": found[:IN_DRAWER], "full_url": request.path}
        return render(request, "core/history.html#drawer", context)
    looked = viewers(record, place.school_ids) if record is not None and place.may("audit.access:read") else []
    changes = _("{count} lần đổi").format(count=len(found))
    people = _(", {count} người đã xem").format(count=len(looked)) if looked else ""
    return render(request, "core/history.html", {
        "title": changes + people,
        "lead": name,
        "crumbs": crumbs,
        "entries": found,
        "viewers": looked,
        "viewers_note": _("30 ngày qua"),
    })  # fmt: skip
