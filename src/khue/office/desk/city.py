"""The city at a glance: pupils by level with the change since last year, and the line over the years.

Figures come from what schools handed in for the newest opening period; of schools that have not, from their live rows
of the same day. Everything is a minute old at most.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khue.base.access.places import Place
from khue.base.core.art import line_chart
from khue.base.core.remember import remembered
from khue.base.core.scope import open_scope
from khue.base.core.text import dotted
from khue.office.statistics.models import LEVELS, PeriodKind, ReportingPeriod, Return
from khue.office.statistics.official.basis import approved_by_period
from khue.office.statistics.selectors import count, make_query

NAMES = {"MN": _("Mầm non"), "TH": _("Tiểu học"), "THCS": _("Trung học cơ sở")}
SHORT = {"MN": _("Mầm non"), "TH": _("Tiểu học"), "THCS": _("THCS")}
TEACHERS = "2"
Levels = dict[str, int]


def opening() -> ReportingPeriod | None:
    """The newest opening period."""
    return ReportingPeriod.objects.filter(kind=PeriodKind.OPENING).order_by("-year").first()


def city(place: Place, period: ReportingPeriod, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """{"levels", "trend"}: total and levels with change, and the line over the years (None before two years)."""
    found = remembered("levels", place.unit.pk, lambda: _computed(place, period), known=known)
    years = found["years"]
    return {
        "levels": _levels(place, period, found["now"], dict(years).get(period.year - 1, {})),
        "trend": _trend(years),
    }


def _computed(place: Place, period: ReportingPeriod) -> dict[str, Any]:
    """{"now", "years": [(year, pupils by level)]}: approved figures of each year's opening, this year's as counted, so
    that a school that is late does not look like a school without pupils."""
    periods = list(
        ReportingPeriod.objects.filter(kind=PeriodKind.OPENING, year__lte=period.year).order_by("-year")[:10]
    )
    approved = approved_by_period([one.pk for one in periods], place.school_ids)
    now, years = _counted(place, period), []
    for one in reversed(periods):
        if one.pk == period.pk:
            years.append((one.year, now["pupils"]))
        elif one.pk in approved:
            years.append((one.year, _by_level("pupils", one, tuple(approved[one.pk].values()))))
    return {"now": now, "years": years}


def _levels(place: Place, period: ReportingPeriod, now: dict[str, Any], before: Levels) -> dict[str, Any]:
    """Total and levels: pupils, change, classes, teachers."""
    url = place.url("official")
    return {
        "total": {
            "value": sum(now["pupils"].values()), "change": _change(sum(now["pupils"].values()), before),
            "url": place.url("counts") + f"?dem=pupils&hang=level&ngay={period.as_at}",
            "facts": [
                (_("lớp"), sum(now["classes"].values())), (_("cán bộ, giáo viên"), now["staff"]),
                (_("đơn vị"), len(place.school_ids)),
            ],
        },
        "levels": [
            {
                "label": NAMES[level], "value": now["pupils"].get(level, 0), "url": f"{url}?ky={period.pk}&cap={level}",
                "change": None if level not in before else now["pupils"].get(level, 0) - before[level],
                "facts": [
                    (_("nhóm, lớp") if level == "MN" else _("lớp"), now["classes"].get(level, 0)),
                    (_("giáo viên"), now["teachers"].get(level, 0)),
                ],
            }
            for level in LEVELS
        ],
    }  # fmt: skip


def _change(total: int, before: Levels) -> int | None:
    return total - sum(before.values()) if before else None


def _counted(place: Place, period: ReportingPeriod) -> dict[str, Any]:
    """Handed-in figures, and live ones of schools that have not handed in."""
    reports = Return.objects.filter(period=period, school__in=place.school_ids).exclude(snapshot=None)
    kept = dict(reports.values_list("school_id", "snapshot_id"))
    missing = [pk for pk in place.school_ids if pk not in kept]
    found: dict[str, Any] = {}
    for cube in ("pupils", "classes"):
        found[cube] = _by_level(cube, period, tuple(kept.values()))
    staff = _staff(period, tuple(kept.values()))
    if missing:
        with open_scope(missing):
            for cube in ("pupils", "classes"):
                found[cube] = _added(found[cube], _by_level(cube, period, None))
            staff = [_added(a, b) for a, b in zip(staff, _staff(period, None), strict=True)]
    found["teachers"], everyone = staff
    found["staff"] = sum(everyone.values())
    return found


def _by_level(cube: str, period: ReportingPeriod, snapshots: tuple[int, ...] | None) -> Levels:
    rows = count(make_query(cube=cube, by=["level"], day=period.as_at, snapshots=snapshots))
    return {level: number for level, number in rows if level in LEVELS}


def _staff(period: ReportingPeriod, snapshots: tuple[int, ...] | None) -> list[Levels]:
    """[teachers by level, everyone by level]; at a school of several levels under the first."""
    teachers: Levels = defaultdict(int)
    everyone: Levels = defaultdict(int)
    for level, group, number in count(
        make_query(cube="staff", by=["level", "group"], day=period.as_at, snapshots=snapshots)
    ):
        everyone[level.split(";")[0]] += number
        if group == TEACHERS:
            teachers[level.split(";")[0]] += number
    return [dict(teachers), dict(everyone)]


def _added(left: Levels, right: Levels) -> Levels:
    return {key: left.get(key, 0) + right.get(key, 0) for key in {*left, *right}}


def _trend(years: list[tuple[int, Levels]]) -> dict[str, Any] | None:
    """Pupils by level at each year's opening, as a line and as a table; None before two years."""
    if len(years) < 2:
        return None
    first, last = years[0][1], years[-1][1]
    return {
        "title": _trend_title(first, last, len(years)),
        "chart": _chart(years),
        "rows": [(year, [found.get(level, 0) for level in LEVELS], sum(found.values())) for year, found in years],
        "heads": [SHORT[level] for level in LEVELS],
    }


def _trend_title(first: Levels, last: Levels, years: int) -> str:
    """ "THCS tăng 588 em so với năm trước, tiểu học giảm 78"."""
    since = _("so với năm trước") if years == 2 else _("qua {n} năm").format(n=years)
    parts = []
    for level in ("THCS", "TH", "MN"):
        change = last.get(level, 0) - first.get(level, 0)
        if change:
            verb = _("tăng") if change > 0 else _("giảm")
            parts.append(f"{SHORT[level]} {verb} {dotted(abs(change))}")
    text = ", ".join(parts) or _("Số học sinh không đổi")
    return f"{text} {since}"


def _chart(years: list[tuple[int, Levels]]) -> SafeString:
    series = [(SHORT[level], [found.get(level, 0) for _year, found in years]) for level in ("TH", "THCS", "MN")]
    marks = (2, 1, 3)
    return line_chart(
        _("Số học sinh theo cấp, tại ngày 30/9 mỗi năm học"), [str(year) for year, _found in years],
        [(label, mark, values) for (label, values), mark in zip(series, marks, strict=True)],
    )  # fmt: skip
