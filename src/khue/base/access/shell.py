"""What the frame of every page shows: unit, places, navigation, person."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khue.base.accounts.models import Membership
from khue.base.core.text import initials
from khue.base.org.models import UnitKind
from khue.base.org.rules import year_label
from khue.base.org.selectors import root_office

from .idle import IDLE, WHY
from .menu import MENU, MenuItem
from .places import Place, place_key
from .rules import ROLES


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` is built only where a template asks for it."""
    place = getattr(request, "place", None)
    if place is None:
        return {"door": SimpleLazyObject(lambda: _door(request))}
    return {"place": place, "shell": SimpleLazyObject(lambda: _build(request, place))}


def _door(request: HttpRequest) -> dict[str, Any]:
    """What the door shows: the office's name, why one stands here, whom to ask, the sign-ins of the demonstration."""
    office = root_office()
    return {
        "why": _idle() if request.GET.get(WHY) == IDLE else "",
        "office": office.name if office else "",
        "help": _("Chưa có tài khoản? Hỏi người quản trị tài khoản của trường hoặc phòng."),
        "demo": _demonstration() if settings.DEMO else "",
    }


def _idle() -> str:
    text = _("Bạn đã bị đăng xuất vì không dùng trong {minutes} phút. Đăng nhập lại để về trang đang xem.")
    return text.format(minutes=settings.IDLE_MINUTES)


def _demonstration() -> SafeString:
    """The accounts of the demonstration, as the launcher prints them."""
    path = settings.HOME / "demo-accounts.txt"
    if not path.exists():
        return SafeString("")
    title, *lines = path.read_text("utf-8").splitlines()
    rows = format_html_join(
        "", "<li><b>{}</b><span>{}</span></li>", (line.split(maxsplit=1) for line in lines if line.strip())
    )
    return format_html('<details class="demo"><summary>{}</summary><ul>{}</ul></details>', title, rows)


def _build(request: HttpRequest, place: Place) -> dict[str, Any]:
    current = request.path
    items = [_entry(item, place, current) for item in MENU if _shown(item, place)]
    _mark_current(items)
    return {
        "unit": {
            "name": place.unit.name,
            "initials": initials(place.unit.name),
            "year_label": year_label(place.year),
            "url": place.url("home"),
        },
        "places": [_membership(m, place) for m in place.all_memberships],
        "nav": [
            {"label": label, "items": list(group)} for label, group in groupby(items, key=lambda item: item["group"])
        ],
        "dock": [item for item in items if item["dock"]][:4],
        "person": {
            "name": str(request.user),
            "initials": initials(str(request.user)),
            "role": ", ".join(ROLES[code].label for code in place.role_codes if code in ROLES),
            "url": reverse("account"),
        },
        "help_url": place.url("help"),
        "search_url": place.url("search"),
        "sign_out_url": reverse("account_logout"),
    }


def _shown(item: MenuItem, place: Place) -> bool:
    return (item.school if place.is_school else item.office) and place.may(item.action)


def _entry(item: MenuItem, place: Place, current: str) -> dict[str, Any]:
    url = place.url(item.view)
    return {
        "group": item.group,
        "label": item.label,
        "icon": item.icon,
        "url": url,
        "dock": item.dock,
        "current": current == url or (current.startswith(url) and item.view != "home"),
    }


def _mark_current(items: list[dict[str, Any]]) -> None:
    """Only the longest matching address is the current place."""
    matching = sorted((item for item in items if item["current"]), key=lambda item: -len(item["url"]))
    for item in matching[1:]:
        item["current"] = False


def _membership(membership: Membership, place: Place) -> dict[str, Any]:
    unit = membership.unit
    return {
        "name": unit.name,
        "role": ROLES[membership.role].label if membership.role in ROLES else membership.role,
        "initials": initials(unit.name),
        "url": reverse("home", kwargs={"place": place_key(unit)}),
        "current": unit.pk == place.unit.pk,
        "until": membership.valid_until,
        "is_school": unit.kind == UnitKind.SCHOOL,
    }
