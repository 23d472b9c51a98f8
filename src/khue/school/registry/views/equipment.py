"""Pages of equipment."""

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
from khue.base.core.text import initials
from khue.base.org.models import School
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision

from .. import trails
from ..forms.records import EQUIPMENT, EquipmentForm
from ..models import Campus, Equipment, Room
from ..selectors.scope import find, school_of, visible_equipment
from ..services.records import add_equipment, update_row
from .common import campus_choices, item, saved, tell
from .revising import by_form, olds

READ, WRITE = "registry.equipment:read", "registry.equipment:write"


@needs(READ)
def equipment_item(request: HttpRequest, pk: int) -> HttpResponse:
    """The facts of one row of equipment."""
    found = find(visible_equipment(request), pk, "campus", "room", "school")
    place = place_of(request)
    actions = []
    if place.may(WRITE):
        edit = place.url("equipment-edit", pk=pk)
        actions.append({"label": _("Sửa thiết bị"), "icon": "edit", "url": edit, "primary": True})
    level, text = _state(found)
    return render(request, "core/record.html", {
        "crumbs": _crumbs(request),
        "person": {"name": found.name, "initials": initials(found.name), "state": {"level": level, "text": text},
                   "facts": [{"label": "", "value": found.school.name}] if not place.is_school else []},
        "history_url": place.url("equipment-history", pk=pk) if place.may("audit.history:read") else "",
        "actions": actions,
        "sections": _facts(request, found),
    })  # fmt: skip


def _state(found: Equipment) -> tuple[str, str]:
    """Đủ; thiếu 5; nothing is asked."""
    if found.required is None:
        return "", _("không có số quy định")
    lacking = found.required - found.quantity
    return ("warn", _("thiếu {n}").format(n=number(lacking))) if lacking > 0 else ("ok", _("đủ"))


def _facts(request: HttpRequest, found: Equipment) -> list[dict[str, Any]]:
    required = "" if found.required is None else number(found.required)
    room = found.room.code if found.room else ""
    return [
        {"title": _("Thiết bị"), "items": [
            item(_("Nhóm"), found.group, "equipment_group"),
            item(_("Khối, nhóm"), name_of("grade", str(found.grade)) if found.grade else _("Dùng chung cả trường")),
        ]},
        {"title": _("Số lượng"), "items": [
            item(_("Số hiện có"), number(found.quantity)), item(_("Số theo quy định"), required),
        ]},
        {"title": _("Nơi để"), "items": [item(_("Phòng"), room), item(_("Điểm trường"), found.campus.name)]},
    ]  # fmt: skip


def _crumbs(request: HttpRequest, found: Equipment | None = None) -> list[dict[str, str]]:
    place = place_of(request)
    crumbs = [{"label": _("Thiết bị"), "url": place.url("equipment")}]
    return [*crumbs, {"label": found.name, "url": place.url("equipment-item", pk=found.pk)}] if found else crumbs


@needs(WRITE)
def equipment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = find(visible_equipment(request), pk, "school")
    form = _edit_form(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa thiết bị"), lambda: update_row(row=found, values=form.values()))
        if changed is not None:
            undo = undo_url(request, "equipment", pk) if changed else ""
            tell(request, _("Đã lưu {name}").format(name=found.name), undo=undo)
            return redirect(place_of(request).url("equipment-item", pk=pk))
    title = _("Sửa {name}").format(name=found.name)
    return _page(request, form, title, _crumbs(request, found), _("Lưu thiết bị"))


@needs(WRITE)
def equipment_add(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    form = _form(request.POST or None, school, {"room": request.GET.get("phong", "")})
    form.fields.pop("why")
    form.sections = EquipmentForm.sections[:-1]
    if request.method == "POST" and form.is_valid():
        made = saved(form, _("Thêm thiết bị"), lambda: add_equipment(school=school, values=form.values()))
        if made:
            tell(request, _("Đã thêm {name}").format(name=made.name))
            return redirect(place_of(request).url("equipment"))
    return _page(request, form, _("Thêm thiết bị"), _crumbs(request), _("Thêm thiết bị"))


def _form(data: Any, school: School, initial: dict[str, Any]) -> EquipmentForm:
    rooms = Room.objects.filter(school=school).order_by("code").values_list("pk", "code", "campus_id")
    return EquipmentForm(
        data, initial=initial, levels=school.levels,
        campuses=campus_choices(Campus.objects.filter(school=school)),
        rooms=[(str(pk), code, str(campus)) for pk, code, campus in rooms],
    )  # fmt: skip


def _edit_form(found: Equipment, data: Any, **values: Any) -> EquipmentForm:
    now = {name: getattr(found, name) for name in EQUIPMENT}
    now |= {"grade": str(found.grade or ""), "room": str(found.room_id or ""), "campus": str(found.campus_id)}
    return _form(data, found.school, now | values)


def _page(
    request: HttpRequest, form: EquipmentForm, title: str, crumbs: list[dict[str, str]], verb: str
) -> HttpResponse:
    context = {"title": title, "crumbs": crumbs, "form": form, "submit": verb, "cancel_url": crumbs[-1]["url"]}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def _history(request: HttpRequest, pk: int) -> History:
    found = find(visible_equipment(request), pk, "school")

    def revise(rows: Mapping[Key, list[Change]]) -> list[Revision]:
        changes = rows[Equipment, pk]
        return [by_form(partial(_edit_form, found), changes, lambda: update_row(row=found, values=olds(changes)))]

    return History(found.name, _crumbs(request, found), trails.of_equipment(found), revise=revise)


HISTORY = history_urls("thiet-bi/", "equipment", write=WRITE, find=_history)
