"""Pages of rooms."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.templatetags.khue import number
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision

from .. import trails
from ..forms.records import ROOM, RoomForm
from ..models import Campus, Room
from ..selectors.scope import find, school_of, visible_equipment, visible_rooms
from ..services.records import add_room, update_room
from .common import campus_choices, item, saved, tell
from .revising import by_form, olds

READ, WRITE = "registry.rooms:read", "registry.rooms:write"


@needs(READ)
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """The facts of a room."""
    found = find(visible_rooms(request), pk, "campus", "school")
    place = place_of(request)
    actions = []
    if place.may(WRITE):
        actions.append({"label": _("Sửa phòng"), "icon": "edit", "url": place.url("room-edit", pk=pk), "primary": True})
    return render(request, "core/record.html", {
        "crumbs": _crumbs(request),
        "person": {"name": _("Phòng {code}").format(code=found.code), "initials": found.code[:2],
                   "facts": [{"label": "", "value": found.school.name}] if not place.is_school else []},
        "history_url": place.url("room-history", pk=pk) if place.may("audit.history:read") else "",
        "actions": actions,
        "sections": [{"title": _("Phòng"), "items": _facts(found)}, *_equipment(request, found)],
    })  # fmt: skip


def _crumbs(request: HttpRequest, found: Room | None = None) -> list[dict[str, str]]:
    place = place_of(request)
    crumbs = [{"label": _("Phòng"), "url": place.url("rooms")}]
    return [*crumbs, {"label": found.code, "url": place.url("room", pk=found.pk)}] if found else crumbs


def _facts(found: Room) -> list[dict[str, Any]]:
    area = f"{found.area.normalize():f} m²".replace(".", ",")
    return [
        item(_("Điểm trường"), found.campus.name), item(_("Loại"), found.kind, "room_kind"),
        item(_("Cấp công trình"), found.structure, "room_structure"), item(_("Diện tích"), area),
        item(_("Năm xây"), found.built_year), item(_("Năm sửa gần nhất"), found.repaired_year),
        item(_("Tình trạng"), found.condition, "room_condition"),
    ]  # fmt: skip


def _equipment(request: HttpRequest, found: Room) -> list[dict[str, Any]]:
    """What stands in the room: how many of how many."""
    if not place_of(request).may("registry.equipment:read"):
        return []
    rows = visible_equipment(request).filter(room=found).order_by("search_key", "grade")
    counted = [
        item(name, f"{number(quantity)} / {number(required)}" if required is not None else number(quantity),
             note=name_of("grade", str(grade)) if grade else "")
        for name, grade, quantity, required in rows.values_list("name", "grade", "quantity", "required")
    ]  # fmt: skip
    title, hint = _("Thiết bị trong phòng"), _("Số hiện có / theo quy định")
    return [{"title": title, "hint": hint, "items": counted}] if counted else []


@needs(WRITE)
def room_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(visible_rooms(request), pk)
    form = _edit_form(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa phòng"), lambda: update_room(room=found, values=form.values()))
        if changed is not None:
            undo = undo_url(request, "room", pk) if changed else ""
            tell(request, _("Đã lưu phòng {code}").format(code=found.code), undo=undo)
            return redirect(place_of(request).url("room", pk=pk))
    title = _("Sửa phòng {code}").format(code=found.code)
    return _page(request, form, title, _crumbs(request, found), _("Lưu phòng"))


@needs(WRITE)
def room_add(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    form = _form(request.POST or None, school.pk, {})
    form.fields.pop("why")
    if request.method == "POST" and form.is_valid():
        made = saved(form, _("Thêm phòng"), lambda: add_room(school=school, values=form.values()))
        if made:
            tell(request, _("Đã thêm phòng {code}").format(code=made.code))
            return redirect(place_of(request).url("rooms"))
    return _page(request, form, _("Thêm phòng"), _crumbs(request), _("Thêm phòng"))


def _form(data: Any, school_id: int, initial: dict[str, Any]) -> RoomForm:
    campuses = campus_choices(Campus.objects.filter(school_id=school_id))
    return RoomForm(data, initial=initial, campuses=campuses)


def _edit_form(found: Room, data: Any, **values: Any) -> RoomForm:
    now = {**{name: getattr(found, name) for name in ROOM}, "campus": str(found.campus_id)}
    return _form(data, found.school_id, now | values)


def _page(request: HttpRequest, form: RoomForm, title: str, crumbs: list[dict[str, str]], verb: str) -> HttpResponse:
    context = {"title": title, "crumbs": crumbs, "form": form, "submit": verb, "cancel_url": crumbs[-1]["url"]}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def _history(request: HttpRequest, pk: int) -> History:
    found = find(visible_rooms(request), pk)

    def revise(rows: Mapping[Key, list[Change]]) -> list[Revision]:
        changes = rows[Room, pk]
        return [by_form(partial(_edit_form, found), changes, lambda: update_room(room=found, values=olds(changes)))]

    name = _("Phòng {code}").format(code=found.code)
    return History(name, _crumbs(request, found), trails.of_room(found), revise=revise)


HISTORY = history_urls("phong/", "room", write=WRITE, find=_history)
