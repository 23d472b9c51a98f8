"""Pages of pupils."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.catalog.selectors import name_of
from khue.base.core.text import initials
from khue.base.org.selectors import calendar_of
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision

from .. import trails
from ..forms.pupils import DETAILS, GUARDIAN, PERSON, RELATIONS, MoveForm, NewPupilForm, PupilForm, StatusForm
from ..models import Enrolment, Guardian, Placement, Pupil, SchoolClass, StatusChange
from ..rules import LEFT, school_age
from ..selectors.people import PupilFile, pupil_file
from ..selectors.scope import find, school_of, visible_enrolments
from ..services.pupils import add_pupil, change_status, move_class, update_pupil
from ..tables.pupils import class_choices, classes_here
from .common import dialog, gone, item, saved, shown, tell
from .revising import by_form, olds

READ, WRITE = "registry.pupils:read", "registry.pupils:write"


def _file(request: HttpRequest, pk: int) -> PupilFile:
    """The record of the address, of any school year, or 404."""
    enrolment = find(visible_enrolments(request, any_year=True), pk, "pupil", "current_class", "school")
    return pupil_file(enrolment)


def _open_file(request: HttpRequest, pk: int) -> PupilFile:
    """The record for writing: of the running year only, a former year is closed."""
    file = _file(request, pk)
    if file.enrolment.year != place_of(request).year:
        raise Http404
    return file


@needs(READ)
def pupil(request: HttpRequest, pk: int) -> HttpResponse:
    """The record in tabs; opening it is noted in the access log."""
    file = _file(request, pk)
    name = file.person.full_name
    log_access(request, kind="read", school_id=file.enrolment.school_id, record=file.enrolment, detail=name)
    part = request.GET.get("phan", "")
    sections = {"gia-dinh": _family, "qua-trinh": _course}.get(part, _facts)(file)
    return render(request, "registry/pupil.html", {**_head(request, file, part), "sections": sections})


def _head(request: HttpRequest, file: PupilFile, part: str) -> dict[str, Any]:
    place, enrolment = place_of(request), file.enrolment
    url = place.url("pupil", pk=enrolment.pk)
    history = place.url("pupil-history", pk=enrolment.pk) if place.may("audit.history:read") else ""
    tabs = [("", _("Hồ sơ"), url), ("gia-dinh", _("Gia đình"), f"{url}?phan=gia-dinh"),
            ("qua-trinh", _("Quá trình"), f"{url}?phan=qua-trinh")]  # fmt: skip
    if history:
        tabs.append(("lich-su", _("Lịch sử"), history))
    may_write = place.may(WRITE) and enrolment.year == place.year
    return {
        "crumbs": _crumbs(request, enrolment),
        "person": _person(file, place.year),
        "tabs": [{"label": label, "url": address, "current": key == part} for key, label, address in tabs],
        "history_url": history,
        "checks": [_frozen_note(enrolment)] if file.is_frozen else [],
        "actions": [{"label": _("Sửa hồ sơ"), "icon": "edit", "url": place.url("pupil-edit", pk=enrolment.pk),
                     "primary": True}] if may_write and not file.is_frozen else [],
        "dialogs": _dialogs(request, file) if may_write else [],
    }  # fmt: skip


def _frozen_note(enrolment: Enrolment) -> dict[str, str]:
    text = _("Em đã rời trường. Đây là bản hồ sơ của ngày rời trường, chỉ xem.")
    return {"level": "warn", "text": text}


def _crumbs(request: HttpRequest, enrolment: Enrolment) -> list[dict[str, str]]:
    place, klass = place_of(request), enrolment.current_class
    crumbs = [{"label": _("Học sinh"), "url": place.url("pupils")}]
    if klass:
        crumbs.append({"label": _("Lớp {name}").format(name=klass.code), "url": place.url("class", pk=klass.pk)})
    return crumbs


def _person(file: PupilFile, year: int) -> dict[str, Any]:
    enrolment, person = file.enrolment, file.person
    birth = shown(person.birth_date)
    age = school_age(person.birth_year, year)
    facts = [
        {"label": _("Lớp"), "value": enrolment.current_class.code if enrolment.current_class else _("chưa xếp")},
        {"label": _("Sinh"), "value": birth, "note": _(", {age} tuổi").format(age=age) if age else ""},
    ]
    if enrolment.code:
        facts.append({"label": _("Mã"), "value": enrolment.code})
    level = "" if enrolment.status in LEFT else "ok"
    return {
        "name": person.full_name,
        "initials": initials(person.full_name),
        "facts": facts,
        "state": {"level": level, "text": name_of("pupil_status", enrolment.status)},
    }


def _dialogs(request: HttpRequest, file: PupilFile) -> list[dict[str, str]]:
    place, pk = place_of(request), file.enrolment.pk
    found = [
        {"id": "trang-thai", "label": _("Đổi trạng thái"), "icon": "logout", "url": place.url("pupil-status", pk=pk)}
    ]
    if file.enrolment.status not in LEFT:
        move = {"id": "chuyen-lop", "label": _("Chuyển lớp"), "icon": "switch-horizontal",
                "url": place.url("pupil-move", pk=pk)}  # fmt: skip
        found.insert(0, move)
    return found


def _facts(file: PupilFile) -> list[dict[str, Any]]:
    person, enrolment = file.person, file.enrolment
    home = ", ".join(filter(None, (person.home_street, person.home_hamlet, person.home_ward, person.home_province)))
    return [
        {"title": _("Nhân thân"), "hint": _("Theo giấy khai sinh"), "items": [
            item(_("Ngày sinh"), person.birth_date), item(_("Giới tính"), person.sex, "sex"),
            item(_("Dân tộc"), person.ethnicity, "ethnicity"), item(_("Số định danh cá nhân"), person.personal_number),
            item(_("Mã định danh của Bộ"), person.ministry_id), item(_("Quốc tịch"), person.nationality, "nationality"),
            item(_("Tôn giáo"), person.religion, "religion"), item(_("Nơi sinh"), person.birth_place),
            item(_("Nơi đăng ký khai sinh"), person.birth_registration),
        ]},
        {"title": _("Nơi ở"), "items": [
            item(_("Thường trú"), home), item(_("Nơi ở hiện nay"), person.current_address),
            item(_("Điện thoại nhà"), enrolment.contact_phone), item(_("Email"), person.email),
        ]},
        {"title": _("Học tập"), "items": [
            item(_("Mã học sinh"), enrolment.code), item(_("Loại nhập học"), enrolment.entry, "entry_kind"),
            item(_("Học 2 buổi mỗi ngày"), enrolment.two_sessions), item(_("Bán trú"), enrolment.boarding),
            item(_("Lý do quá tuổi"), enrolment.over_age_reason), item(_("Ghi chú"), enrolment.note),
        ]},
        {"title": _("Diện và chế độ"), "items": [
            item(_("Diện chính sách"), enrolment.policies, "policy"),
            item(_("Hộ nghèo, cận nghèo"), enrolment.poverty, "poverty"),
            item(_("Loại khuyết tật"), enrolment.disability, "disability"),
            item(_("Học hòa nhập"), enrolment.inclusion), item(_("Số thẻ BHYT"), person.health_insurance),
        ]},
    ]  # fmt: skip


def _family(file: PupilFile) -> list[dict[str, Any]]:
    found = []
    for relation, label in RELATIONS:
        guardian = file.guardians.get(relation)
        if guardian:
            found.append({"title": label, "items": [
                item(_("Họ và tên"), guardian.full_name), item(_("Năm sinh"), guardian.birth_year),
                item(_("Nghề nghiệp"), guardian.job), item(_("Điện thoại"), guardian.phone),
                item(_("Số định danh"), guardian.personal_number),
            ]})  # fmt: skip
    return found or [{"title": _("Gia đình"), "items": [item(_("Cha, mẹ, người giám hộ"), "")]}]


def _course(file: PupilFile) -> list[dict[str, Any]]:
    """Classes and statuses of this year with their days, and the other years at this school."""
    enrolment = file.enrolment
    placements = Placement.objects.filter(school_id=enrolment.school_id, enrolment=enrolment).order_by("-since", "-pk")
    classes = [
        item(
            _("Từ {day}").format(day=shown(since)), name, note=_("đến {day}").format(day=shown(until)) if until else ""
        )
        for name, since, until in placements.values_list("school_class__name", "since", "until")
    ]
    changes = StatusChange.objects.filter(school_id=enrolment.school_id, enrolment=enrolment)
    columns = ("status", "on", "effective_on", "reason", "other_school")
    statuses = [
        item(shown(on or day), status, "pupil_status", note=other or shown(reason, "leaving_reason"))
        for status, on, day, reason, other in changes.order_by("-effective_on", "-pk").values_list(*columns)
    ]
    years = Enrolment.objects.filter(school_id=enrolment.school_id, pupil_id=enrolment.pupil_id or 0)
    years = years.exclude(pk=enrolment.pk)
    others = [
        item(f"{year}–{year + 1}", klass or _("chưa xếp lớp"), note=name_of("pupil_status", status))
        for year, klass, status in years.order_by("-year").values_list("year", "current_class__name", "status")
    ]
    found = [{"title": _("Lớp"), "items": classes}, {"title": _("Trạng thái"), "items": statuses}]
    return [*found, {"title": _("Năm học khác"), "hint": _("Ở trường này"), "items": others}] if others else found


@needs(WRITE)
def pupil_edit(request: HttpRequest, pk: int) -> HttpResponse:
    file = _open_file(request, pk)
    if file.is_frozen:
        raise Http404
    form = _edit_form(file, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa hồ sơ"), lambda: update_pupil(
            enrolment=file.enrolment, person=form.person(), details=form.details(), guardians=form.guardians()
        ))  # fmt: skip
        if changed is not None:
            name = file.person.full_name
            done = _("Đã lưu hồ sơ {name}, {count} mục đổi").format(name=name, count=len(changed))
            # a guardian added or taken away is more than a change of values (``registers/revert.py``)
            can_undo = changed and not set(changed) & {relation for relation, _label in RELATIONS}
            undo = undo_url(request, "pupil", pk) if can_undo else ""
            tell(request, done if changed else _("Hồ sơ {name} không có gì đổi").format(name=name), form, undo=undo)
            return redirect(place_of(request).url("pupil", pk=pk))
    return render(request, "registry/pupil.html", {
        **_head(request, file, ""), "actions": [], "form": form, "submit": _("Lưu hồ sơ"),
        "cancel_url": place_of(request).url("pupil", pk=pk),
        "foot": _("Mỗi lần lưu được ghi vào lịch sử."),
    }, status=422 if form.errors else 200)  # fmt: skip


def _edit_form(file: PupilFile, data: Any, **values: Any) -> PupilForm:
    klass = file.enrolment.current_class
    grade = klass.grade if klass else None
    return PupilForm(data, initial=_initial(file) | values, year=file.enrolment.year, grade=grade)


def _initial(file: PupilFile) -> dict[str, Any]:
    values = {name: getattr(file.person, name) for name in PERSON}
    values |= {name: getattr(file.enrolment, name) for name in DETAILS}
    for relation, guardian in file.guardians.items():
        values |= {f"{relation}_{name}": getattr(guardian, name) for name in GUARDIAN}
    return values


@needs(WRITE)
def pupil_add(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    place = place_of(request)
    calendar = calendar_of(place.year)
    today = timezone.localdate()
    start = min(max(today, calendar.starts_on), calendar.ends_on)
    chosen = request.GET.get("lop", "")
    grades = {str(key): grade for key, _code, grade in classes_here(request)}
    initial = {"status": "1", "since": start, "school_class": chosen, "nationality": "VN", "ethnicity": "01"}
    form = NewPupilForm(
        request.POST or None, initial=initial, classes=class_choices(request), calendar=calendar, year=place.year,
        grade=grades.get(request.POST.get("school_class", "")),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = saved(form, _("Thêm học sinh"), lambda: add_pupil(
            school=school, calendar=calendar, person=form.person(), details=form.details(), guardians=form.guardians(),
            school_class=SchoolClass.objects.get(pk=int(form.cleaned_data["school_class"])),
            since=form.cleaned_data["since"], status=form.cleaned_data["status"], on=form.cleaned_data["on"],
            other_school=form.cleaned_data["other_school"],
        ))  # fmt: skip
        if made:
            tell(request, _("Đã thêm em {name}").format(name=form.cleaned_data["full_name"]), form)
            return redirect(place.url("pupil", pk=made.pk))
    return render(request, "core/form.html", {
        "title": _("Thêm học sinh"), "crumbs": [{"label": _("Học sinh"), "url": place.url("pupils")}], "form": form,
        "submit": _("Thêm học sinh"), "cancel_url": place.url("pupils"), "cancel": _("Không thêm"),
    }, status=422 if form.errors else 200)  # fmt: skip


def _history(request: HttpRequest, pk: int) -> History:
    file = _file(request, pk)
    place, name, enrolment = place_of(request), file.person.full_name, file.enrolment
    crumbs = [
        {"label": _("Học sinh"), "url": place.url("pupils")},
        {"label": name, "url": place.url("pupil", pk=pk)},
    ]
    is_open = enrolment.year == place.year and not file.is_frozen
    return History(
        _("Hồ sơ {name}").format(name=name), crumbs, trails.of_pupil(enrolment), enrolment,
        revise=partial(_revise, file) if is_open else None,
    )  # fmt: skip


def _revise(file: PupilFile, rows: Mapping[Key, list[Change]]) -> list[Revision]:
    """The way back of an edit: the person, what the school keeps, the guardians, in one form and one service."""
    relations = {guardian.pk: relation for relation, guardian in file.guardians.items()}
    person = rows.get((Pupil, file.enrolment.pupil_id or 0), [])
    details = rows.get((Enrolment, file.enrolment.pk), [])
    guardians = {key: changes for (model, key), changes in rows.items() if model is Guardian}
    if not guardians.keys() <= relations.keys():
        raise ValidationError(_("Người thân này không còn trong hồ sơ của em. Sửa lại tại hồ sơ."))

    def name(change: Change) -> str:
        own = change.field.name
        return f"{relations[change.key]}_{own}" if change.trail.model is Guardian else own

    def write() -> list[str]:
        return update_pupil(enrolment=file.enrolment, person=olds(person), details=olds(details), guardians={
            relations[key]: {"full_name": file.guardians[relations[key]].full_name, **olds(changes)}
            for key, changes in guardians.items()
        })  # fmt: skip

    every = [change for changes in rows.values() for change in changes]
    return [by_form(partial(_edit_form, file), every, write, name)]


HISTORY = history_urls("hoc-sinh/", "pupil", write=WRITE, find=_history)


@needs(WRITE)
def pupil_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Chuyển lớp, one pupil."""
    file = _open_file(request, pk)
    if file.enrolment.status in LEFT:
        raise Http404
    place, school_id = place_of(request), file.enrolment.school_id
    classes = _other_classes(file.enrolment)
    form = MoveForm(
        request.POST or None, classes=classes, calendar=calendar_of(file.enrolment.year),
        initial={"on": timezone.localdate()},
    )  # fmt: skip
    back, batch = place.url("pupil", pk=pk), str(uuid4())
    if request.method == "POST" and form.is_valid():
        target = SchoolClass.objects.get(school_id=school_id, pk=int(form.cleaned_data["school_class"]))
        moved = saved(form, _("Chuyển lớp"), lambda: move_class(
            enrolments=Enrolment.objects.filter(pk=pk), school_class=target, on=form.cleaned_data["on"]
        ), reason="reason", batch=batch)  # fmt: skip
        if moved is not None:
            told = _("Đã chuyển {name} sang {klass}").format(name=file.person.full_name, klass=target.code)
            tell(request, told, undo=place.url("pupils-undo", token=batch) if moved else "")
            return gone(request, back)
    now = file.enrolment.current_class
    text = _("Đang học {klass}.").format(klass=now.code) if now else _("Chưa xếp lớp.")
    title = _("Chuyển lớp cho {name}").format(name=file.person.full_name)
    return dialog(request, form=form, title=title, text=text, verb=_("Chuyển lớp"), back=back)


def _other_classes(enrolment: Enrolment) -> list[tuple[str, str]]:
    rows = SchoolClass.objects.filter(school_id=enrolment.school_id, year=enrolment.year)
    rows = rows.exclude(pk=enrolment.current_class_id or 0).order_by("grade", "sort_key", "code")
    return [(str(pk), code) for pk, code in rows.values_list("pk", "code")]


@needs(WRITE)
def pupil_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Đổi trạng thái: moved away, dropped out, back again."""
    file = _open_file(request, pk)
    enrolment, calendar = file.enrolment, calendar_of(file.enrolment.year)
    form = StatusForm(
        request.POST or None, former=enrolment.status, calendar=calendar, classes=_other_classes(enrolment),
        initial={"on": timezone.localdate()},
    )  # fmt: skip
    back = place_of(request).url("pupil", pk=pk)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        klass = values.get("school_class")
        made = saved(form, _("Đổi trạng thái"), lambda: change_status(
            enrolment=enrolment, calendar=calendar, status=values["status"], on=values["on"], reason=values["reason"],
            other_school=values["other_school"],
            school_class=SchoolClass.objects.get(school_id=enrolment.school_id, pk=int(klass)) if klass else None,
        ))  # fmt: skip
        if made:
            status = name_of("pupil_status", made.status).lower()
            tell(request, _("{name}: {status}").format(name=file.person.full_name, status=status))
            return gone(request, back)
    title = _("Đổi trạng thái của {name}").format(name=file.person.full_name)
    text = _("Hiện nay: {status}.").format(status=name_of("pupil_status", enrolment.status).lower())
    return dialog(request, form=form, title=title, text=text, verb=_("Ghi trạng thái"), back=back)
