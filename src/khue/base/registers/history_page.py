"""The page of a record's history, and the way back from a single edit; htmx gets the drawer's short form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.htmx import came_from, wants_part

from .access_log import viewers
from .history import Trail, entries
from .revert import Revise, take_back, told

IN_DRAWER = 12


@dataclass(frozen=True)
class History:
    """The history of the record ``name``; with ``record`` the page says too who opened it, to whoever may know.

    ``revise`` is how a single edit is taken back (``revert.py``); None: this record can't be edited here any more.
    """

    name: str
    crumbs: list[dict[str, str]]
    trails: list[Trail]
    record: Any = None
    revise: Revise | None = None


Find = Callable[[HttpRequest, int], History]


def history_urls(base: str, name: str, *, write: str, find: Find) -> list[URLPattern]:
    """Addresses of a record's history ``<base><pk>/lich-su/`` and of taking back one edit, ``…/lich-su/<token>/``.

    ``write`` is the right to edit the record; ``find`` raises 404 for a record that is not in sight.
    """
    address = f"{base}<int:pk>/lich-su/"
    return [
        path(address, _history_view(name, write, find), name=f"{name}-history"),
        path(f"{address}<slug:token>/", _undo_view(name, write, find), name=f"{name}-take-back"),
    ]


def undo_url(request: HttpRequest, name: str, pk: int, token: str = "") -> str:
    """The address that takes back an edit of the record ``pk``: by default what this request writes."""
    return place_of(request).url(f"{name}-take-back", pk=pk, token=token or request.token)  # type: ignore[attr-defined]


def _history_view(name: str, write: str, find: Find) -> Callable[..., HttpResponse]:
    @needs("audit.history:read")
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return _page(request, name, write, pk, find(request, pk))

    return view


def _undo_view(name: str, write: str, find: Find) -> Callable[..., HttpResponse]:
    @needs(write)
    @require_POST
    def view(request: HttpRequest, pk: int, token: str) -> HttpResponse:
        history = find(request, pk)
        if history.revise is None:
            raise Http404
        try:
            changes = take_back(trails=history.trails, token=token, revise=history.revise)
        except ValidationError as error:
            return _page(request, name, write, pk, history, refused=error.messages)
        done = _("Đã trả về như trước: {what}").format(what=told(changes))
        messages.success(request, done, extra_tags=f"undo:{undo_url(request, name, pk)}")
        return redirect(came_from(request, place_of(request).url(f"{name}-history", pk=pk)))

    return needs(write)(view)


def _page(
    request: HttpRequest, name: str, write: str, pk: int, history: History, *, refused: list[str] | None = None
) -> HttpResponse:
    place, record = place_of(request), history.record
    may_undo = history.revise is not None and place.may(write)
    found = entries(history.trails, (lambda token: undo_url(request, name, pk, token)) if may_undo else None)
    if wants_part(request):
        context = {"entries": found[:IN_DRAWER], "full_url": request.path}
        return render(request, "core/history.html#drawer", context)
    looked = viewers(record, place.school_ids) if record is not None and place.may("audit.access:read") else []
    changes = _("{count} lần đổi").format(count=len(found))
    people = _(", {count} người đã xem").format(count=len(looked)) if looked else ""
    return render(request, "core/history.html", {
        "title": changes + people,
        "lead": history.name,
        "crumbs": history.crumbs,
        "refused": refused,
        "entries": found,
        "viewers": looked,
        "viewers_note": _("30 ngày qua"),
    }, status=422 if refused else 200)  # fmt: skip
