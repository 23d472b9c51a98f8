"""Pages of schools and their campuses."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import Place, place_key, place_of
from khue.base.core.templatetags.khue import number
from khue.base.core.text import initials
from khue.base.org.models import School
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision

from .. import trails
from ..forms.records import CAMPUS, SCHOOL, CampusForm, SchoolForm
from ..models import Campus
from ..selectors.schools import Fact, campus_table, facts_on, staff_count
from ..selectors.scope import find, school_of
from ..services.records import save_campus, update_school
from .classes import asked_day
from .common import item, saved, shown, tell
from .revising import by_form, olds

READ, WRITE = "org.schools:read", "org.schools:write"
_CODES = {
    "national_standard": "national_standard",
    "ownership": "ownership",
    "school_type": "school_type",
    "levels": "level",
}


@needs(READ)
def school(request: HttpRequest) -> HttpResponse:
    """The school of the place."""
    return _page(request, school_of(request))


@needs(READ)
def school_of_office(request: HttpRequest, pk: int) -> HttpResponse:
    """A school, opened from the office."""
    return _page(request, _found(request, pk))


def _found(request: HttpRequest, pk: int) -> School:
    place = place_of(request)
    if place.is_school:
        raise Http404
    return find(School.objects.filter(unit__among=place.school_ids), pk, "unit")


def _page(request: HttpRequest, found: School) -> HttpResponse:
    place = place_of(request)
    day, fault = asked_day(request)
    campuses, totals = campus_table(found, place.year)
    staff = staff_count(found)
    may_campus = place.may("registry.rooms:write") or place.may(WRITE)
    key = {} if place.is_school else {"pk": found.pk}
    for campus in campuses:
        campus["url"] = place.url("campus-edit", pk=campus["pk"]) if may_campus else ""
    return render(request, "registry/school.html", {
        "crumbs": [] if place.is_school else [{"label": _("Trường"), "url": place.url("schools")},
                                              {"label": found.ward, "url": ""}],
        "person": {"name": found.name, "initials": initials(found.name), "facts": _head(found, totals, staff)},
        "history_url": place.url("school-history", pk=found.pk) if place.may("audit.history:read") else "",
        "actions": _actions(place, found),
        "day": day, "day_fault": fault,
        "facts": _dated(facts_on(found, day)),
        "campuses": campuses, "totals": totals,
        "campus_add_url": place.url("campus-add", **key) if may_campus else "",
        "books": _books(request, found, totals, staff),
        "contacts": [item(_("Hiệu trưởng"), found.principal), item(_("Điện thoại"), found.phone),
                     item(_("Email"), found.email), item(_("Địa chỉ"), found.address)],
    })  # fmt: skip


def _actions(place: Place, found: School) -> list[dict[str, Any]]:
    """From the office into the school's own pages (its accounts, imports, checks), and the edit."""
    actions: list[dict[str, Any]] = []
    if not place.is_school:
        inside = reverse("home", kwargs={"place": place_key(found.unit)})
        actions.append({"label": _("Mở trang của trường"), "icon": "school", "url": inside})
    if place.may(WRITE):
        edit = place.url("school-edit", pk=found.pk)
        actions.append({"label": _("Sửa trường"), "icon": "edit", "url": edit, "primary": True})
    return actions


def _head(found: School, totals: dict[str, int], staff: int) -> list[dict[str, str]]:
    return [
        {"label": _("Mã"), "value": found.code},
        {"label": "", "value": shown(found.ownership, "ownership")},
        {"label": "", "value": _("{n} em").format(n=number(totals["pupils"]))},
        {"label": "", "value": _("{n} lớp").format(n=number(totals["classes"]))},
        {"label": "", "value": _("{n} cán bộ").format(n=number(staff))},
    ]


def _dated(facts: dict[str, Fact]) -> list[dict[str, Any]]:
    labels = {
        "name": _("Tên"), "principal": _("Hiệu trưởng"), "national_standard": _("Chuẩn quốc gia"),
        "levels": _("Cấp học"), "ownership": _("Loại hình"), "school_type": _("Loại trường"),
        "ward": _("Phường, xã"), "address": _("Địa chỉ"),
    }  # fmt: skip
    found = []
    for name, label in labels.items():
        fact = facts[name]
        before = shown(fact.before, _CODES.get(name, ""))
        note = _("trước đó: {value}").format(value=before) if before else ""
        found.append(item(label, fact.value, _CODES.get(name, ""), since=fact.since, note=note))
    return found


def _books(request: HttpRequest, found: School, totals: dict[str, int], staff: int) -> list[dict[str, str]]:
    """The registers of the school, opened with it as the filter (office) or as they are."""
    place = place_of(request)
    tail = "" if place.is_school else f"?truong={found.pk}"
    books = (
        ("pupils", "registry.pupils:read", _("Học sinh"), _("{n} em").format(n=number(totals["pupils"]))),
        ("classes", "registry.classes:read", _("Lớp"), _("{n} lớp").format(n=number(totals["classes"]))),
        ("staff", "registry.staff:read", _("Cán bộ, giáo viên"), _("{n} người").format(n=number(staff))),
        ("rooms", "registry.rooms:read", _("Phòng"), _("{n} phòng").format(n=number(totals["rooms"]))),
        ("equipment", "registry.equipment:read", _("Thiết bị"), ""),
    )
    return [
        {"label": label, "note": note, "url": f"{place.url(view)}{tail}"}
        for view, action, label, note in books
        if place.may(action)
    ]


def _own(request: HttpRequest, pk: int) -> School:
    """The school ``pk`` if it lies at or below the place."""
    place = place_of(request)
    return find(School.objects.filter(unit__among=place.school_ids), pk, "unit")


def _back(request: HttpRequest, pk: int) -> str:
    place = place_of(request)
    return place.url("school") if place.is_school else place.url("school-of-office", pk=pk)


@needs(WRITE)
def school_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own(request, pk)
    form = _school_form(found, request.POST or None)
    back = _back(request, pk)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa trường"), lambda: update_school(
            school=found, values=form.values(), from_day=form.cleaned_data["from_day"]
        ))  # fmt: skip
        if changed is not None:
            undo = undo_url(request, "school", pk) if changed and "name" not in changed else ""
            tell(request, _("Đã lưu {name}").format(name=found.name), undo=undo)
            return redirect(back)
    crumbs = [{"label": found.name, "url": back}]
    context = {"title": _("Sửa trường"), "crumbs": crumbs, "form": form, "submit": _("Lưu trường"), "cancel_url": back}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def _school_form(found: School, data: Any, **values: Any) -> SchoolForm:
    return SchoolForm(data, initial={name: getattr(found, name) for name in SCHOOL} | values)


def _campus_form(campus: Campus | None, data: Any, **values: Any) -> CampusForm:
    now = {name: getattr(campus, name) for name in CAMPUS} if campus else {}
    return CampusForm(data, initial=now | values)


def _history(request: HttpRequest, pk: int) -> History:
    found = _own(request, pk)
    crumbs = [{"label": found.name, "url": _back(request, pk)}]
    own = trails.of_school(found, may_write=place_of(request).may(WRITE))
    return History(found.name, crumbs, own, revise=partial(_revise, found))


def _revise(found: School, rows: Mapping[Key, list[Change]]) -> list[Revision]:
    """The school, then its campuses; the one that is the main one again comes last and takes that from the other."""
    revisions = []
    campuses = Campus.objects.in_bulk([key for model, key in rows if model is Campus])
    for (_model, key), changes in sorted(rows.items(), key=lambda row: bool(olds(row[1]).get("is_main"))):
        campus = campuses.get(key)
        write = partial(save_campus, school=found, campus=campus) if campus else partial(update_school, school=found)
        make = partial(_campus_form, campus) if campus else partial(_school_form, found)
        revisions.append(by_form(make, changes, partial(write, values=olds(changes))))
    return revisions


# whoever may change campuses; the school itself asks for more (``trails.of_school``)
HISTORY = history_urls("truong/", "school", write="registry.rooms:write", find=_history)


@needs("registry.rooms:write")
def campus_add(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    found = school_of(request) if pk is None else _own(request, pk)
    return _campus(request, found, None)


@needs("registry.rooms:write")
def campus_edit(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_of(request)
    campus = find(Campus.objects.filter(school_id__in=place.school_ids), pk, "school")
    return _campus(request, campus.school, campus)


def _campus(request: HttpRequest, found: School, campus: Campus | None) -> HttpResponse:
    form = _campus_form(campus, request.POST or None)
    title = _("Sửa điểm trường") if campus else _("Thêm điểm trường")
    back = _back(request, found.pk)
    if request.method == "POST" and form.is_valid():
        made = saved(form, title, lambda: save_campus(school=found, campus=campus, values=form.values()))
        if made:
            undo = undo_url(request, "school", found.pk) if campus and form.has_changed() else ""
            tell(request, _("Đã lưu điểm trường {name}").format(name=made.name), undo=undo)
            return redirect(back)
    crumbs = [{"label": found.name, "url": back}]
    context = {"title": title, "crumbs": crumbs, "form": form, "submit": _("Lưu điểm trường"), "cancel_url": back}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)
