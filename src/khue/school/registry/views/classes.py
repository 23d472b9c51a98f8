"""Pages of classes."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache, partial
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of, names
from khue.base.core.templatetags.khue import state
from khue.base.org.rules import Calendar
from khue.base.org.selectors import calendar_of
from khue.base.registers.columns import day as day_text
from khue.base.registers.columns import person_name
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision
from khue.base.sheets.values import parse_date

from .. import trails
from ..forms.records import CLASS, ClassForm
from ..models import Campus, Position, SchoolClass
from ..selectors.classes import Roster, homeroom_choices, roster
from ..selectors.people import staff_of
from ..selectors.scope import find, school_of, visible_classes
from ..services.records import add_class, update_class
from .common import campus_choices, item, saved, tell
from .revising import by_form, olds

READ, WRITE = "registry.classes:read", "registry.classes:write"
ANY = "987654321"
"""Stands for the key of a pupil in the address that all rows share."""
SHOWN = (
    *CLASS, "school_id", "year", "grade", "campus__name", "homeroom__subject", "homeroom__frozen",
    "homeroom__staff__full_name", "homeroom__staff__phone",
)  # fmt: skip


def asked_day(request: HttpRequest, *, first: date | None = None, last: date | None = None) -> tuple[date, str]:
    """(the day of ``?ngay=``, what is wrong with it); today, inside the bounds, when nothing is asked."""
    today = timezone.localdate()
    usual = min(max(today, first or today), last or today)
    text = request.GET.get("ngay", "")
    if not text:
        return usual, ""
    found, findings = parse_date(text)
    if not isinstance(found, date):
        return usual, findings[0].message if findings and findings[0].level == "error" else _(
            "Ghi đủ ngày, tháng, năm."
        )
    if (first and found < first) or (last and found > last):
        return usual, _("Ngày phải từ {first} đến {last}.").format(first=day_text(first), last=day_text(last))
    return found, ""


@needs(READ)
def school_class(request: HttpRequest, pk: int) -> HttpResponse:
    """The roster of a day, who came and went, the homeroom teacher."""
    classes = visible_classes(request, any_year=True).only(*SHOWN)
    klass = find(classes, pk, "campus", "homeroom__staff")
    calendar = calendar_of(klass.year)
    day, fault = asked_day(request, first=calendar.starts_on, last=calendar.ends_on)
    lines = roster(klass, day)
    show = "da-ra" if request.GET.get("xem") == "da-ra" else ""
    place = place_of(request)
    lead = _("{count} em, {girls} nữ").format(count=len(lines.present), girls=lines.girls)
    return render(request, "registry/class.html", {
        "title": _("Lớp {code}").format(code=klass.code),
        "lead": f"{lead}. {_teaching(klass)}." if _teaching(klass) else f"{lead}.",
        "crumbs": _crumbs(request, klass),
        "tabs": _tabs(request, klass, ""),
        "actions": _actions(request, klass),
        "present_count": len(lines.present),
        "gone_count": len(lines.gone),
        "show": show,
        "day": day,
        "day_fault": fault,
        "body": _rows(lines, show, place.url("pupil", pk=int(ANY)), calendar),
        "homeroom": _homeroom(request, klass),
        "facts": _facts(klass),
    })  # fmt: skip


def _crumbs(request: HttpRequest, klass: SchoolClass) -> list[dict[str, str]]:
    place = place_of(request)
    crumbs = [{"label": _("Lớp"), "url": place.url("classes")}]
    if not place.is_school:
        crumbs.append({"label": klass.school.name, "url": place.url("school-of-office", pk=klass.school_id)})
    grade = {"label": name_of("grade", str(klass.grade)), "url": f"{place.url('classes')}?khoi={klass.grade}"}
    return [*crumbs, grade]


def _tabs(request: HttpRequest, klass: SchoolClass, current: str) -> list[dict[str, Any]]:
    place = place_of(request)
    tabs = [{"label": _("Học sinh"), "url": place.url("class", pk=klass.pk), "current": not current}]
    if place.may("audit.history:read"):
        tabs.append({"label": _("Lịch sử"), "url": place.url("class-history", pk=klass.pk), "current": False})
    return tabs


def _actions(request: HttpRequest, klass: SchoolClass) -> list[dict[str, Any]]:
    place = place_of(request)
    export = f"{place.url('pupils-export')}?lop={klass.pk}" if place.is_school else ""
    actions: list[dict[str, Any]] = (
        [{"label": _("Tải Excel"), "icon": "download", "url": export, "phone": False}] if export else []
    )
    if klass.year != place.year:
        return actions
    if place.may(WRITE):
        actions.append({"label": _("Sửa lớp"), "icon": "edit", "url": place.url("class-edit", pk=klass.pk)})
    if place.is_school and place.may("registry.pupils:write"):
        add = f"{place.url('pupil-add')}?lop={klass.pk}"
        actions.append({"label": _("Thêm vào lớp"), "icon": "plus", "url": add, "primary": True})
    return actions


def _teaching(klass: SchoolClass) -> str:
    """điểm chính, cả ngày, ngoại ngữ tiếng Anh."""
    parts = [klass.campus.name, name_of("shift", klass.shift).lower()]
    if klass.language1:
        language = name_of("foreign_language", klass.language1)
        parts.append(_("ngoại ngữ {name}").format(name=language[:1].lower() + language[1:]))
    return ", ".join(part for part in parts if part)


def _facts(klass: SchoolClass) -> list[dict[str, Any]]:
    return [
        item(_("Điểm trường"), klass.campus.name), item(_("Buổi học"), klass.shift, "shift"),
        item(_("Buổi mỗi tuần"), klass.sessions_per_week), item(_("Bán trú"), klass.boarding),
        item(_("Lớp ghép"), klass.combined), item(_("Ngoại ngữ 2"), klass.language2, "foreign_language"),
        item(_("Hình thức"), klass.inclusion, "inclusion"), item(_("Ghi chú"), klass.note),
    ]  # fmt: skip


def _homeroom(request: HttpRequest, klass: SchoolClass) -> dict[str, str] | None:
    if klass.homeroom is None:
        return None
    member, _frozen = staff_of(klass.homeroom)
    place = place_of(request)
    notes = [name_of("subject", klass.homeroom.subject) if klass.homeroom.subject else "", member.phone]
    url = place.url("staff-member", pk=klass.homeroom_id) if place.may("registry.staff:read") else ""
    return {"name": member.full_name, "note": ", ".join(filter(None, notes)), "url": url}


def _rows(lines: Roster, show: str, pattern: str, calendar: Calendar) -> SafeString:
    """The rows as HTML, put together here like those of a register: forty rows of five cells."""
    sexes, born = {code: escape(name) for code, name in names("sex").items()}, escape(_("Sinh"))
    came_or_went = lru_cache(maxsize=64)(partial(_went if show else _came, calendar=calendar))
    rows = (
        f'<tr role="row"><td role="cell" class="r faint k-class">{"–" if show else number}</td>'
        f'<th role="rowheader" scope="row" class="k-name"><a href="{pattern.replace(ANY, str(line.enrolment_id))}">'
        f'{person_name(line.name)}</a></th><td role="cell" class="p2">{sexes.get(line.sex, "")}</td>'
        f'<td role="cell" class="n k-meta"><span class="only-cards">{born} </span>{day_text(line.birth_date)}</td>'
        f'<td role="cell" class="k-state">{came_or_went(*line.way)}</td></tr>'
        for number, line in enumerate(lines.gone if show else lines.present, start=1)
    )
    return mark_safe("\n".join(rows))  # noqa: S308  # names are escaped by person_name, the rest is numbers and ours


def _went(since: date, until: date | None, status: str, other_class: str, calendar: Calendar) -> SafeString:
    """Sang 8A4, 22/09; Chuyển đi kỳ 1, 30/09."""
    what = _("Sang {name}").format(name=other_class) if other_class else name_of("pupil_status", status)
    return state("", f"{what}, {until:%d/%m}" if until else what, symbol="logout")


def _came(since: date, until: date | None, status: str, other_class: str, calendar: Calendar) -> SafeString:
    """Đầu năm, 05/09; Từ 8A5, 05/10; Mới vào, 12/10."""
    day = f"{since:%d/%m}"
    if other_class:
        return state("info", _("Từ {name}, {day}").format(name=other_class, day=day), symbol="switch-horizontal")
    if since <= calendar.term1[0]:
        return format_html('<span class="muted">{}</span>', _("Đầu năm, {day}").format(day=day))
    return state("info", _("Mới vào, {day}").format(day=day))


@needs(WRITE)
def class_edit(request: HttpRequest, pk: int) -> HttpResponse:
    klass = find(visible_classes(request), pk, "school")
    form = _edit_form(klass, request.POST or None)
    place = place_of(request)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa lớp"), lambda: update_class(school_class=klass, values=form.values()))
        if changed is not None:
            undo = undo_url(request, "class", pk) if changed else ""
            tell(request, _("Đã lưu lớp {code}").format(code=klass.code), undo=undo)
            return redirect(place.url("class", pk=pk))
    crumbs = [{"label": _("Lớp"), "url": place.url("classes")}, {"label": klass.code, "url": place.url("class", pk=pk)}]
    return _form_page(request, form, _("Sửa lớp {code}").format(code=klass.code), crumbs, _("Lưu lớp"))


@needs(WRITE)
def class_add(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    form = _form(request.POST or None, school.pk, school.levels, {})
    form.fields.pop("why")
    place = place_of(request)
    if request.method == "POST" and form.is_valid():
        made = saved(form, _("Thêm lớp"), lambda: add_class(school=school, year=place.year, values=form.values()))
        if made:
            tell(request, _("Đã thêm lớp {code}").format(code=made.code))
            return redirect(place.url("class", pk=made.pk))
    crumbs = [{"label": _("Lớp"), "url": place.url("classes")}]
    return _form_page(request, form, _("Thêm lớp"), crumbs, _("Thêm lớp"))


def _edit_form(klass: SchoolClass, data: Any, **values: Any) -> ClassForm:
    now = {name: getattr(klass, name) for name in CLASS}
    now |= {"grade": str(klass.grade), "campus": str(klass.campus_id), "homeroom": str(klass.homeroom_id or "")}
    return _form(data, klass.school_id, klass.school.levels, now | values)


def _form(data: Any, school_id: int, levels: list[str], initial: dict[str, Any]) -> ClassForm:
    campuses = campus_choices(Campus.objects.filter(school_id=school_id))
    teachers = homeroom_choices(school_id)
    now = initial.get("homeroom")
    if now and now not in dict(teachers):
        former = Position.objects.select_related("staff").get(pk=int(now))
        teachers.append((now, staff_of(former)[0].full_name))
    return ClassForm(data, initial=initial, levels=levels, campuses=campuses, teachers=teachers)


def _form_page(
    request: HttpRequest, form: ClassForm, title: str, crumbs: list[dict[str, str]], verb: str
) -> HttpResponse:
    context = {"title": title, "crumbs": crumbs, "form": form, "submit": verb, "cancel_url": crumbs[-1]["url"]}
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def _history(request: HttpRequest, pk: int) -> History:
    klass = find(visible_classes(request, any_year=True), pk, "school")
    place = place_of(request)

    def revise(rows: Mapping[Key, list[Change]]) -> list[Revision]:
        changes = rows[SchoolClass, pk]
        make = partial(_edit_form, klass)
        return [by_form(make, changes, lambda: update_class(school_class=klass, values=olds(changes)))]

    crumbs = [{"label": _("Lớp"), "url": place.url("classes")}, {"label": klass.code, "url": place.url("class", pk=pk)}]
    name = _("Lớp {code}, năm học {year}–{next}").format(code=klass.code, year=klass.year, next=klass.year + 1)
    return History(name, crumbs, trails.of_class(klass), revise=revise if klass.year == place.year else None)


HISTORY = history_urls("lop/", "class", write=WRITE, find=_history)
