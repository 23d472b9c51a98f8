"""Accounts of a unit (Tài khoản): who works here, in which role, until when; first passwords on a slip."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.access.rules import ROLES
from khue.base.accounts.models import Membership
from khue.base.accounts.selectors import members_of
from khue.base.accounts.services import create_account, end_membership, grant_role, reset_password

from ..forms import GrantForm, MemberForm

MANAGE = "accounts.members:write"


def _row(membership: Membership) -> dict[str, Any]:
    role = ROLES.get(membership.role)
    return {"membership": membership, "role": role.label if role else membership.role}


@needs(MANAGE)
def members(request: HttpRequest) -> HttpResponse:
    """Everyone with a role at this unit, those whose role has ended below."""
    place, today = place_of(request), timezone.localdate()
    found = list(members_of(place.unit.pk))
    active = [m for m in found if m.valid_until is None or m.valid_until >= today]
    context = {
        "title": _("%(count)s người dùng Khuê ở đây") % {"count": len({m.user_id for m in active})},
        "active": [_row(m) for m in active],
        "ended": [_row(m) for m in found if m not in active],
        "add_url": place.url("member-add"),
        "grant_url": place.url("member-grant"),
    }
    return render(request, "desk/members.html", context)


@needs(MANAGE)
def member_add(request: HttpRequest) -> HttpResponse:
    """A new account with a role here; its first password is shown once."""
    place = place_of(request)
    form = MemberForm(
        request.POST or None, unit=place.unit, initial={"valid_from": timezone.localdate(), "title": "cô"}
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        role, since, until = data.pop("role"), data.pop("valid_from"), data.pop("valid_until")
        with transaction.atomic():
            user, password = create_account(**data)
            grant_role(user=user, unit=place.unit, role=role, valid_from=since, valid_until=until)
        return render(
            request,
            "desk/slip.html",
            {"title": _("Phiếu tài khoản của %(name)s") % {"name": user}, "account": user, "password": password},
        )
    context = {"title": _("Thêm người"), "form": form, "submit": _("Tạo tài khoản"), "cancel_url": place.url("members")}
    return render(request, "core/form.html", context)


@needs(MANAGE)
def member_grant(request: HttpRequest) -> HttpResponse:
    """A role here for someone who has an account already: never a second account."""
    place = place_of(request)
    form = GrantForm(request.POST or None, unit=place.unit, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        grant_role(
            user=data["username"],
            unit=place.unit,
            role=data["role"],
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
        )
        messages.success(request, _("%(name)s đã có vai trò mới ở đây") % {"name": data["username"]})
        return redirect(place.url("members"))
    context = {
        "title": _("Thêm vai trò cho tài khoản đã có"),
        "form": form,
        "submit": _("Thêm vai trò"),
        "cancel_url": place.url("members"),
    }
    return render(request, "core/form.html", context)


def _membership(request: HttpRequest, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user"), pk=pk, unit=place_of(request).unit)


@needs(MANAGE)
@require_POST
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Today is the last day; one's own role cannot be ended, so that a unit never locks itself out."""
    membership = _membership(request, pk)
    if membership.user_id == request.user.pk:
        messages.error(request, _("Không tự bỏ vai trò của mình. Nhờ người quản trị khác."))
    else:
        end_membership(membership=membership, last_day=timezone.localdate())
        messages.success(request, _("%(name)s còn vai trò này đến hết hôm nay") % {"name": membership.user})
    return redirect(place_of(request).url("members"))


@needs(MANAGE)
@require_POST
def member_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password for someone who forgot theirs, shown once. Only of people whose every role is here."""
    membership = _membership(request, pk)
    place, today = place_of(request), timezone.localdate()
    elsewhere = membership.user.memberships.exclude(unit__path__startswith=place.unit.path).filter(
        valid_from__lte=today
    )
    if elsewhere.filter(valid_until=None).exists() or elsewhere.filter(valid_until__gte=today).exists():
        messages.error(request, _("Người này còn vai trò ở nơi khác. Nhờ phòng đặt lại mật khẩu."))
        return redirect(place.url("members"))
    password = reset_password(user=membership.user)
    title = _("Mật khẩu mới của %(name)s") % {"name": membership.user}
    return render(request, "desk/slip.html", {"title": title, "account": membership.user, "password": password})
