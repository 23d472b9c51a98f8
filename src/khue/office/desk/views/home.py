"""The first page of each role: duties, not modules (product page, habit 2)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs, user_of
from khue.base.access.places import Place, place_of
from khue.base.core.remember import recall, remembered
from khue.office.statistics.models import ReportingPeriod
from khue.school.intake.models import SheetImport, State

from ..city import city, opening
from ..duties import data_health, duties, figures
from ..reporting import late_schools

RECENT = {
    State.APPLIED: _("%(actor)s nhập tệp %(name)s: %(new)s mới, %(changed)s đổi"),
    State.UNDONE: _("%(actor)s hoàn tác tệp %(name)s"),
    State.REFUSED: _("Tệp %(name)s không nhận được"),
    State.READY: _("Tệp %(name)s chờ ghi"),
}


@needs("core.home:read")
def home(request: HttpRequest) -> HttpResponse:
    """Duties of this person here, state of the data, what happened lately."""
    place = place_of(request)
    today = timezone.localdate()
    known = recall(place.unit.pk, "health", "levels", "late")
    health = data_health(place, known) if place.may("registry.checks:read") else []
    waiting = duties(request, health, today)
    period = opening() if not place.is_school and place.school_ids else None
    context = {
        "today": today,
        **(city(place, period, known) if period else {"levels": None, "trend": None}),
        "late": _late(place, period, today, known) if period and place.may("returns.board:read") else None,
        "title": greeting(request, place, len(waiting)),
        "lead": lead(place, waiting),
        "duties": waiting,
        "figures": figures(place, today) if not place.is_school and period is None else [],
        "health": health,
        "health_title": _("Dữ liệu của trường") if place.is_school else _("Dữ liệu toàn thành phố"),
        "health_url": place.url("checks") if health else "",
        "recent": recent(place) if place.may("intake.sheets:write") else [],
    }
    return render(request, "core/home.html", context)


def _late(place: Place, period: ReportingPeriod, today: date, known: Mapping[str, Any]) -> dict[str, Any]:
    return remembered("late", place.unit.pk, lambda: late_schools(place, period, today), known=known)


def greeting(request: HttpRequest, place: Place, count: int) -> str:
    """ "Chào cô Hạnh, hôm nay có 5 việc"."""
    user = user_of(request)
    name = str(user).split()[-1]
    who = f"{user.title} {name}" if user.title else _("bạn %(name)s") % {"name": name}
    if not count:
        return _("Chào %(who)s, hôm nay không có việc chờ") % {"who": who}
    return _("Chào %(who)s, hôm nay có %(count)s việc") % {"who": who, "count": count}


def lead(place: Place, waiting: list[dict[str, Any]]) -> str:
    late = sum(bool(duty.get("late")) for duty in waiting)
    if late:
        return _("%(count)s việc đã trễ, làm trước.") % {"count": late}
    return place.unit.name


def recent(place: Place) -> list[dict[str, Any]]:
    """The last six imports of this place."""
    found = SheetImport.objects.filter(state__in=list(RECENT))
    if place.is_school:
        found = found.filter(school=place.unit.pk)
    now = timezone.localtime()
    lines = []
    shown = ("actor", "name", "state", "counts", "created_at", "applied_at", "undone_at")
    for source in found.only(*shown).order_by("-pk")[:6]:
        counts = source.counts or {}
        words = RECENT[State(source.state)] % {
            "actor": source.actor, "name": source.name,
            "new": counts.get("new", 0), "changed": counts.get("changed", 0),
        }  # fmt: skip
        at = timezone.localtime(source.undone_at or source.applied_at or source.created_at)
        lines.append({"when": when(at, now), "text": words, "url": place.url("import", pk=source.pk), "link": _("Xem")})
    return lines


def when(at: datetime, now: datetime) -> str:
    """9:12 today, "hôm qua", or the date."""
    if at.date() == now.date():
        return f"{at.hour}:{at:%M}"
    if at.date() == now.date() - timedelta(days=1):
        return _("hôm qua")
    return f"{at:%d/%m}"
