"""Where a person lands, and the page of the own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.accounts.selectors import memberships_of
from khue.base.org.selectors import root_office

from .idle import to_sign_in
from .permissions import public, signed_in, user_of
from .places import first_place, place_key
from .rules import ROLES


@public
def start(request: HttpRequest) -> HttpResponse:
    """The address ``/``: set-up of an empty installation, sign-in, or the first place of the person."""
    if not request.user.is_authenticated:
        return redirect("setup") if root_office() is None else to_sign_in(request)
    place = first_place(request.user, timezone.localdate())
    if place is None:
        return render(request, "access/no_place.html", {"title": _("Tài khoản chưa có vai trò")}, status=403)
    return redirect(place.url("home"))


@public
def forgotten(request: HttpRequest) -> HttpResponse:
    """A forgotten password is set anew by a person of the unit (privacy page, V6), not by a secret question or mail."""
    return render(request, "access/forgotten.html")


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """The own account: name, roles and until when, password."""
    today = timezone.localdate()
    memberships = [
        {
            "unit": m.unit.name,
            "role": ROLES[m.role].label if m.role in ROLES else m.role,
            "since": m.valid_from,
            "until": m.valid_until,
            "url": reverse("home", kwargs={"place": place_key(m.unit)}),
        }
        for m in memberships_of(user_of(request), today)
    ]
    context = {"title": str(request.user), "memberships": memberships, "person": request.user}
    return render(request, "access/account.html", context)
