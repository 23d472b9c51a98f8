"""What the frame of every page shows: unit, places, navigation, person."""

from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khue.base.core.templatetags.khue import MARK
from khue.base.core.text import initials
from khue.base.org.rules import year_label
from khue.base.org.selectors import root_office

from .idle import IDLE, WHY
from .menu import MENU, MenuItem
from .places import Place, place_key
from .rules import ROLES, actions_of

PARTS = ("side", "top", "dock", "command")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` is built only where a template asks for it."""
    place = getattr(request, "place", None)
    if place is None:
        return {"door": SimpleLazyObject(lambda: _door(request))}
    return {"place": place, "shell": SimpleLazyObject(lambda: _built(_frame(request, place)))}


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


class Frame(NamedTuple):
    """All that the frame of a page depends on: pages with an equal one share what was built."""

    place: str
    unit: str
    is_school: bool
    year: int
    roles: tuple[str, ...]
    person: str
    memberships: tuple[tuple[str, str, str, date | None], ...]
    current: str
    compact: bool


def _frame(request: HttpRequest, place: Place) -> Frame:
    roles = tuple(place.role_codes)
    memberships = tuple((m.unit.name, place_key(m.unit), m.role, m.valid_until) for m in place.all_memberships)
    addresses = [url for _item, url in _items(place.key, place.is_school, roles)]
    current = max((url for url in addresses if _is_within(request.path, url, place)), key=len, default="")
    return Frame(
        place.key, place.unit.name, place.is_school, place.year, roles, str(request.user), memberships, current,
        request.COOKIES.get("density") == "compact",
    )  # fmt: skip


def _is_within(path: str, url: str, place: Place) -> bool:
    return path == url or (path.startswith(url) and url != place.url("home"))


@lru_cache(maxsize=256)
def _items(place: str, is_school: bool, roles: tuple[str, ...]) -> list[tuple[MenuItem, str]]:
    """The entries of the navigation that these roles see, with their addresses."""
    actions = actions_of(roles)
    shown = [item for item in MENU if (item.school if is_school else item.office) and item.action in actions]
    return [(item, reverse(item.view, kwargs={"place": place})) for item in shown]


@lru_cache(maxsize=1024)
def _built(frame: Frame) -> dict[str, Any]:
    """``shell`` of core/shell.html with its parts written out; in forms ``MARK`` stands for the page's token."""
    shown = _items(frame.place, frame.is_school, frame.roles)
    items = [_entry(item, url, url == frame.current) for item, url in shown]
    guide = next((item.guide for item, url in shown if url == frame.current), "")
    role = ", ".join(ROLES[code].label for code in frame.roles if code in ROLES)
    shell = {
        "unit": {
            "name": frame.unit,
            "initials": initials(frame.unit),
            "year_label": year_label(frame.year),
        },
        "places": [_membership(*membership, frame.place) for membership in frame.memberships],
        "nav": [
            {"label": label, "items": list(group)} for label, group in groupby(items, key=lambda item: item["group"])
        ],
        "dock": [item for item in items if item["dock"]][:4],
        "person": {"name": frame.person, "initials": initials(frame.person), "role": role, "url": reverse("account")},
        "help_url": _help(frame.place, guide),
        "search_url": reverse("search", kwargs={"place": frame.place}),
        "sign_out_url": reverse("account_logout"),
        "compact": frame.compact,
    }
    context = {"shell": shell, "csrf_token": MARK}
    return shell | {f"{part}_html": render_to_string(f"core/parts/{part}.html", context) for part in PARTS}


def _help(place: str, guide: str) -> str:
    if guide:
        return reverse("help-page", kwargs={"place": place, "slug": guide})
    return reverse("help", kwargs={"place": place})


def _entry(item: MenuItem, url: str, current: bool) -> dict[str, Any]:
    return {
        "group": item.group, "label": item.label, "icon": item.icon, "url": url, "dock": item.dock, "current": current,
    }  # fmt: skip


def _membership(name: str, key: str, role: str, until: date | None, current: str) -> dict[str, Any]:
    return {
        "name": name,
        "role": ROLES[role].label if role in ROLES else role,
        "initials": initials(name),
        "url": reverse("home", kwargs={"place": key}),
        "current": key == current,
        "until": until,
    }
