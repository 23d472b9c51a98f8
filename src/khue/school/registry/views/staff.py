"""Pages of staff."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.catalog.selectors import name_of
from khue.base.core.text import initials
from khue.base.registers.history_page import History, history_urls, undo_url
from khue.base.registers.revert import Change, Key, Revision

from .. import trails
from ..forms.records import PERSON, WORK, StaffForm
from ..models import Position, SchoolClass, StaffMember
from ..rules import STAFF_WORKING
from ..selectors.people import staff_of
from ..selectors.scope import find, school_of, visible_positions
from ..services.records import add_staff, update_staff
from .common import item, saved, tell
from .revising import by_form, olds

READ, WRITE = "registry.staff:read", "registry.staff:write"


def _found(request: HttpRequest, pk: int) -> tuple[Position, StaffMember, bool]:
    position = find(visible_positions(request), pk, "staff", "school")
    member, is_frozen = staff_of(position)
    return position, member, is_frozen


@needs(READ)
def staff_member(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a staff member; opening it is noted in the access log."""
    position, member, is_frozen = _found(request, pk)
    log_access(request, kind="read", school_id=position.school_id, record=position, detail=member.full_name)
    place = place_of(request)
    context = _head(request, position, member, is_frozen)
    if place.may(WRITE) and not is_frozen:
        edit = {"label": _("Sửa hồ sơ"), "icon": "edit", "url": place.url("staff-edit", pk=pk), "primary": True}
        context["actions"] = [edit]
    return render(request, "registry/pupil.html", {**context, "sections": _facts(request, position, member)})


def _head(request: HttpRequest, position: Position, member: StaffMember, is_frozen: bool) -> dict[str, Any]:
    place = place_of(request)
    crumbs = [{"label": _("Cán bộ, giáo viên"), "url": place.url("staff")}]
    if not place.is_school:
        crumbs.append({"label": position.school.name, "url": place.url("school-of-office", pk=position.school_id)})
    facts = [{"label": "", "value": name_of("staff_job", position.job)}]
    if position.code:
        facts.append({"label": _("Mã"), "value": position.code})
    if member.birth_date:
        facts.append({"label": _("Sinh"), "value": f"{member.birth_date:%d/%m/%Y}"})
    working = position.status in STAFF_WORKING and position.left_on is None
    note = _("Người này đã rời trường. Đây là bản hồ sơ của ngày rời trường, chỉ xem.")
    return {
        "crumbs": crumbs,
        "person": {
            "name": member.full_name,
            "initials": initials(member.full_name),
            "facts": facts,
            "state": {"level": "ok" if working else "", "text": name_of("staff_status", position.status)},
        },
        "history_url": place.url("staff-history", pk=position.pk) if place.may("audit.history:read") else "",
        "checks": [{"level": "warn", "text": note}] if is_frozen else [],
    }


def _facts(request: HttpRequest, position: Position, member: StaffMember) -> list[dict[str, Any]]:
    place = place_of(request)
    homerooms = SchoolClass.objects.filter(school_id=position.school_id, homeroom=position, year=place.year)
    return [
        {"title": _("Nhân thân"), "items": [
            item(_("Ngày sinh"), member.birth_date), item(_("Giới tính"), member.sex, "sex"),
            item(_("Dân tộc"), member.ethnicity, "ethnicity"), item(_("Số định danh cá nhân"), member.personal_number),
            item(_("Mã định danh của Bộ"), member.ministry_id), item(_("Điện thoại"), member.phone),
            item(_("Email"), member.email),
        ]},
        {"title": _("Việc làm"), "hint": _("Ở trường này"), "items": [
            item(_("Nhóm"), position.group, "staff_group"),
            item(_("Vị trí việc làm"), position.job, "staff_job", note=position.title),
            item(_("Môn dạy"), position.subject, "subject"),
            item(_("Chủ nhiệm"), ", ".join(homerooms.order_by("sort_key").values_list("code", flat=True))),
            item(_("Hợp đồng"), position.contract, "contract"), item(_("Ngày tuyển dụng"), position.recruited_on),
            item(_("Ngày về trường"), position.joined_on), item(_("Ngày rời trường"), position.left_on),
        ]},
        {"title": _("Chức danh, lương"), "items": [
            item(_("Hạng chức danh"), position.rank, "rank"),
            item(_("Mã số chức danh"), position.rank_code, note=name_of("rank_code", position.rank_code)),
            item(_("Bậc, hệ số"), _step(position), note=""), item(_("Ngày hưởng"), position.step_on),
            item(_("Số sổ BHXH"), position.insurance_number),
        ]},
        {"title": _("Trình độ"), "items": [
            item(_("Trình độ chuyên môn"), position.qualification, "qualification", note=position.major),
            item(_("Ngoại ngữ"), position.language), item(_("Tin học"), position.it_skill),
            item(_("Lý luận chính trị"), position.political), item(_("Quản lý giáo dục"), position.management),
        ]},
        {"title": _("Đánh giá, Đảng"), "items": [
            item(_("Chuẩn nghề nghiệp, tự đánh giá"), position.standard_self, "standard"),
            item(_("Chuẩn nghề nghiệp, cấp trên"), position.standard_superior, "standard"),
            item(_("Đánh giá viên chức"), position.officer_rating),
            item(_("Đảng viên"), position.party, since=position.party_on),
        ]},
    ]  # fmt: skip


def _step(position: Position) -> str:
    step = _("bậc {step}").format(step=position.step) if position.step else ""
    coefficient = f"{position.coefficient.normalize():f}".replace(".", ",") if position.coefficient else ""
    return ", ".join(filter(None, (step, coefficient)))


def _edit_form(position: Position, member: StaffMember, data: Any, **values: Any) -> StaffForm:
    now = {name: getattr(member, name) for name in PERSON} | {name: getattr(position, name) for name in WORK}
    return StaffForm(data, initial=now | values)


@needs(WRITE)
def staff_edit(request: HttpRequest, pk: int) -> HttpResponse:
    position, member, is_frozen = _found(request, pk)
    if is_frozen:
        raise Http404
    form = _edit_form(position, member, request.POST or None)
    place = place_of(request)
    if request.method == "POST" and form.is_valid():
        changed = saved(form, _("Sửa hồ sơ"), lambda: update_staff(
            position=position, person=form.person(), values=form.values()
        ))  # fmt: skip
        if changed is not None:
            done = _("Đã lưu hồ sơ {name}, {count} mục đổi").format(name=member.full_name, count=len(changed))
            tell(request, done, form, undo=undo_url(request, "staff", pk) if changed else "")
            return redirect(place.url("staff-member", pk=pk))
    context = {"form": form, "submit": _("Lưu hồ sơ"), "cancel_url": place.url("staff-member", pk=pk)}
    head = _head(request, position, member, is_frozen)
    return render(request, "registry/pupil.html", {**head, **context}, status=422 if form.errors else 200)


@needs(WRITE)
def staff_add(request: HttpRequest) -> HttpResponse:
    school = school_of(request)
    form = StaffForm(request.POST or None, initial={"status": "1", "ethnicity": "01", "group": "2"})
    form.fields.pop("why")
    form.sections = StaffForm.sections[:-1]
    place = place_of(request)
    if request.method == "POST" and form.is_valid():
        made = saved(form, _("Thêm cán bộ"), lambda: add_staff(
            school=school, person=form.person(), values=form.values()
        ))  # fmt: skip
        if made:
            tell(request, _("Đã thêm {name}").format(name=form.cleaned_data["full_name"]), form)
            return redirect(place.url("staff-member", pk=made.pk))
    return render(request, "core/form.html", {
        "title": _("Thêm cán bộ, giáo viên"), "crumbs": [{"label": _("Cán bộ, giáo viên"), "url": place.url("staff")}],
        "form": form, "submit": _("Thêm người này"), "cancel_url": place.url("staff"), "cancel": _("Không thêm"),
    }, status=422 if form.errors else 200)  # fmt: skip


def _history(request: HttpRequest, pk: int) -> History:
    position, member, is_frozen = _found(request, pk)
    place = place_of(request)

    def revise(rows: Mapping[Key, list[Change]]) -> list[Revision]:
        person, work = rows.get((StaffMember, member.pk), []), rows.get((Position, pk), [])
        make = partial(_edit_form, position, member)
        return [by_form(make, [*person, *work], lambda: update_staff(
            position=position, person=olds(person), values=olds(work)
        ))]  # fmt: skip

    crumbs = [
        {"label": _("Cán bộ, giáo viên"), "url": place.url("staff")},
        {"label": member.full_name, "url": place.url("staff-member", pk=pk)},
    ]
    name = _("Hồ sơ {name}").format(name=member.full_name)
    return History(name, crumbs, trails.of_staff(position), position, revise=None if is_frozen else revise)


HISTORY = history_urls("can-bo/", "staff", write=WRITE, find=_history)
