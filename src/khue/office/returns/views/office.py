"""Pages of the office: the board of all schools, the review of one report."""

from collections import Counter
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.base.access.permissions import needs, user_of
from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import state
from khue.base.org.models import School
from khue.base.sheets.values import parse_date
from khue.office.statistics.models import ReportingPeriod, Return, ReturnState, Snapshot
from khue.office.statistics.official.basis import current_period

from .. import services
from ..models import Action, Step
from ..rules import RULES
from ..selectors import Draft, Standing, board, edited_since, handed_in, report_of, steps_of, versions_of
from .common import (
    TONES,
    cell_url,
    compared,
    done,
    due_line,
    feed,
    finding_line,
    period_or_404,
    school_or_404,
    seen_version,
)

READ, REVIEW = "returns.board:read", "returns.review:write"
CELL = {"": "check", "info": "clock", "warn": "refresh", "err": "alert-square"}


@require_GET
@needs(READ)
def returns_board(request: HttpRequest) -> HttpResponse:
    """Schools × state in a period: who is late stands out."""
    place, today = place_of(request), timezone.localdate()
    asked = request.GET.get("ky", "")
    period = (
        period_or_404(int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else current_period(today)
    )
    if period is None:
        return render(request, "returns/no_period.html", {
            "title": _("Chưa có kỳ báo cáo nào"), "add_url": place.url("period-add"),
            "may_add": place.may("statistics.periods:write"),
        })  # fmt: skip
    standings = board(period, place.school_ids, today)
    counts = Counter(_group(standing) for standing in standings)
    context = {
        "title": _("{approved} đơn vị đã duyệt, {waiting} chờ phòng, {left} còn ở trường").format(
            approved=counts["ok"], waiting=counts["info"], left=counts["warn"] + counts["err"]
        ),
        "lead": _lead(period, today),
        "period": period,
        "periods": ReportingPeriod.objects.all()[:8],
        "legend": _legend(request, period, counts, len(standings)),
        "wards": _wards(request, period, standings),
        "wards_table": _wards_table(standings),
        "late": [_late(request, period, standing, today) for standing in standings if standing.tone in ("err", "warn")],
        "waiting": [
            {"name": s.school.name, "url": _review_url(request, period, s.school), "on": s.changed_on}
            for s in standings if s.state == ReturnState.SUBMITTED
        ],
        "may_review": place.may(REVIEW),
        "may_edit": place.may("statistics.periods:write"),
        "remind_url": place.url("returns-remind", pk=period.pk),
        "show": request.GET.get("xem", ""),
        "total": len(standings),
    }  # fmt: skip
    return render(request, "returns/board.html", context)


def _lead(period: ReportingPeriod, today: date) -> str:
    line = _("{title}, tại ngày {day}.").format(title=period.title, day=f"{period.as_at:%d/%m/%Y}")
    if period.closed_on:
        return line + " " + _("Kỳ đã đóng ngày {day}.").format(day=f"{period.closed_on:%d/%m/%Y}")
    return line + (f" {_('Gửi Sở')}: {due_line(period.office_due_on, today).lower()}." if period.office_due_on else "")


def _group(standing: Standing) -> str:
    return standing.tone or "ok"


def _legend(request: HttpRequest, period: ReportingPeriod, counts: Counter[str], total: int) -> list[dict[str, Any]]:
    words = {"ok": _("đã duyệt"), "info": _("chờ duyệt"), "warn": _("đang làm"), "err": _("trễ")}
    shown = request.GET.get("xem", "")
    base = f"?ky={period.pk}"
    items = [{"url": base, "count": total, "html": _("tất cả"), "current": not shown}]
    return items + [
        {
            "url": f"{base}&xem={key}", "count": counts[key], "current": shown == key,
            "html": state(key, text, symbol={"warn": "refresh", "info": "clock"}.get(key, "")),
        }
        for key, text in words.items()
    ]  # fmt: skip


def _review_url(request: HttpRequest, period: ReportingPeriod, school: School) -> str:
    return place_of(request).url("return-review", pk=period.pk, school=school.pk)


def _wards(request: HttpRequest, period: ReportingPeriod, standings: list[Standing]) -> list[dict[str, Any]]:
    """Each ward with its schools by kind: one square each."""
    shown = request.GET.get("xem", "")
    found = []
    for ward, group in groupby(standings, key=lambda s: s.school.ward):
        cells = sorted(group, key=lambda s: (_kind(s.school), s.school.sort_key))
        squares: list[dict[str, Any]] = []
        before = None
        for one in cells:
            if before is not None and _kind(one.school) != before:
                squares.append({"gap": True})
            before = _kind(one.school)
            words = _("trễ") if one.tone == "err" else str(ReturnState(one.state).label).lower()
            squares.append({
                "url": _review_url(request, period, one.school), "tone": one.tone, "icon": CELL[one.tone],
                "title": f"{one.school.name}: {words}", "hidden": bool(shown) and _group(one) != shown,
            })  # fmt: skip
        found.append({"name": ward.removeprefix("Phường ").removeprefix("Xã "), "cells": squares})
    return found


def _kind(school: School) -> int:
    """Lower-secondary, primary, kindergarten, independent group."""
    if "THCS" in school.levels:
        return 0
    if "TH" in school.levels:
        return 1
    return 3 if school.school_type in ("19", "DL-NT", "DL-MG") else 2


def _wards_table(standings: list[Standing]) -> list[list[Any]]:
    rows = []
    for ward, group in groupby(standings, key=lambda s: s.school.ward):
        counts = Counter(_group(s) for s in group)
        rows.append([ward, sum(counts.values()), counts["ok"], counts["info"], counts["warn"], counts["err"]])
    sums = [sum(row[n] for row in rows) for n in range(1, 6)]
    return [*rows, [_("Toàn thành phố"), *sums]]


def _late(request: HttpRequest, period: ReportingPeriod, standing: Standing, today: date) -> dict[str, Any]:
    level, symbol = ("err", "") if standing.tone == "err" else TONES[ReturnState(standing.state)]
    label = ReturnState(standing.state).label
    return {
        "name": standing.school.name,
        "ward": standing.school.ward.removeprefix("Phường "),
        "pk": standing.school.pk,
        "url": _review_url(request, period, standing.school),
        "state": state(level or "warn", label, symbol=symbol),
        "due": due_line(standing.due_on, today).lower(),
    }


@require_POST
@needs(REVIEW)
def returns_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one school, or all that have not handed in."""
    place, period = place_of(request), period_or_404(pk)
    one = request.POST.get("truong", "")
    standings = board(period, place.school_ids, timezone.localdate())
    schools = [s.school for s in standings if s.tone in ("err", "warn") and (not one or str(s.school.pk) == one)]
    counted: list[int] = []
    return done(
        request, f"{place.url('returns')}?ky={pk}",
        lambda: counted.append(services.remind(schools=schools, period=period, user=user_of(request))),
        _("Đã nhắc; mỗi trường mỗi ngày nhận một lần, thấy ở trang đầu"),
    )  # fmt: skip


@require_GET
@needs(READ)
def return_review(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """One report as it was handed in: beside last year, with the rules, the reasons, the versions."""
    place, period, one = place_of(request), period_or_404(pk), school_or_404(request, school)
    report = report_of(one.pk, period)
    versions, steps = versions_of(report), steps_of(report)
    asked = request.GET.get("ban", "")
    snapshot = next((v for v in versions if str(v.version) == asked), versions[0] if versions else None)
    crumbs = [
        {"label": _("Nộp và duyệt"), "url": f"{place.url('returns')}?ky={pk}"},
        {"label": period.title, "url": ""},
    ]
    context: dict[str, Any] = {
        "next_url": _next_waiting(request, period, one),
        "crumbs": crumbs, "period": period, "school": one, "report": report, "versions": versions,
        "feed": feed(steps),
        "state": _state(report.state), "urls": _review_urls(request, period, one), "version": report.version,
        "may_review": place.may(REVIEW),
        "official_url": f"{place.url('official')}?{urlencode({'ky': pk, 'noi': one.code})}",
    }  # fmt: skip
    if snapshot is None:
        context |= {"title": _("{name} chưa trình").format(name=one.name), "lead": period.title}
        return render(request, "returns/review_empty.html", context)
    snapshot.period = period
    return render(request, "returns/review.html", context | _review(request, report, one, snapshot, steps))


def _next_waiting(request: HttpRequest, period: ReportingPeriod, school: School) -> str:
    """The next report that waits for the office, in the order of keys; blank when there is no other."""
    waiting = Return.objects.filter(
        period=period, state=ReturnState.SUBMITTED, school__among=place_of(request).school_ids
    )
    keys = sorted(
        waiting.exclude(school=school).values_list("school_id", flat=True), key=lambda pk: (pk < school.pk, pk)
    )
    return place_of(request).url("return-review", pk=period.pk, school=keys[0]) if keys else ""


def _state(code: str) -> Any:
    level, symbol = TONES[ReturnState(code)]
    return state(level, ReturnState(code).label, symbol=symbol)


def _review_urls(request: HttpRequest, period: ReportingPeriod, school: School) -> dict[str, str]:
    place = place_of(request)
    return {
        name: place.url(f"return-{name}", pk=period.pk, school=school.pk) for name in ("approve", "send-back", "reopen")
    } | {"send_back": place.url("return-send-back", pk=period.pk, school=school.pk)}  # fmt: skip


def _review(
    request: HttpRequest, report: Return, school: School, snapshot: Snapshot, steps: list[Step]
) -> dict[str, Any]:  # fmt: skip
    draft = handed_in(school, snapshot)
    findings = {f.key: f for f in draft.findings}
    newest = snapshot.pk == report.snapshot_id
    waiting = newest and report.state == ReturnState.SUBMITTED
    left = [*draft.errors, *draft.unexplained]
    more = {"ky": report.period.pk, "noi": school.code, "ban": snapshot.version}
    rows = []
    for row in compared(draft):
        table, code, column = row["cell"]
        found = findings.get(row["key"])
        cell = urlencode({"bieu": table, "dong": code, "cot": column} | more)
        rows.append(row | {
            "url": f"{place_of(request).url('official-names')}?{cell}",
            "bad": bool(found and found.needs_reason and not row["reason"]),
            "care": bool(found and row["reason"]),
        })  # fmt: skip
    return {
        "title": _review_title(school, draft),
        "lead": _("Bản {n}, {who} trình {when}.").format(
            n=snapshot.version, who=snapshot.taken_by, when=f"{timezone.localtime(snapshot.taken_at):%H:%M %d/%m/%Y}"
        ),
        "snapshot": snapshot,
        "rows": rows,
        "others": [
            finding_line(f, cell_url(request, f, **more)) for f in draft.findings if not f.needs_reason
        ],
        "rules_right": len({rule.number for rule in RULES} - {f.rule for f in draft.findings}),
        "rules_all": len({rule.number for rule in RULES}),
        "waiting": waiting,
        "left": len(left),
        "may_reopen": newest and report.state in (ReturnState.APPROVED, ReturnState.SUBMITTED),
        "asked": next((s for s in steps if s.action == Action.ASK), None) if newest else None,
        "edited_url": place_of(request).url("return-edited", pk=report.period.pk, school=school.pk) if newest else "",
        "counts": snapshot.seal.counts,
        "last_year": snapshot.as_at.replace(year=snapshot.as_at.year - 1),
    }  # fmt: skip


@require_GET
@needs(READ)
def return_edited(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    """What was edited since the newest version was handed in: a part of the review that is fetched after it."""
    report = report_of(school_or_404(request, school).pk, period_or_404(pk))
    if report.snapshot is None:
        raise Http404
    return render(request, "returns/edited.html", {"edited": _edited(report.snapshot)})


def _edited(snapshot: Snapshot) -> list[dict[str, Any]]:
    """C13: records edited since the figures were frozen, by kind."""
    words = {
        "pupils": _("học sinh"), "classes": _("lớp"), "staff": _("cán bộ, giáo viên"), "rooms": _("phòng"),
        "schools": _("thông tin trường"),
    }  # fmt: skip
    found = []
    for name, parts in edited_since(snapshot).items():
        changes = [
            (_("thêm {n}").format(n=len(parts["more"])), parts["more"]),
            (_("bớt {n}").format(n=len(parts["fewer"])), parts["fewer"]),
            (_("sửa {n}").format(n=len(parts["changed"])), parts["changed"]),
        ]
        found.append({
            "label": words[name], "text": ", ".join(text for text, names in changes if names),
            "names": ", ".join([*parts["more"], *parts["fewer"], *parts["changed"]][:8]),
        })  # fmt: skip
    return found


def _review_title(school: School, draft: Draft) -> str:
    if draft.errors:
        return _("{name}: {n} chỗ chưa khớp").format(name=school.name, n=len(draft.errors))
    if draft.unexplained:
        first = draft.unexplained[0].message.removesuffix(". Ghi vì sao.")
        return _("{name}: {what}").format(name=school.name, what=first[:1].lower() + first[1:])
    return _("{name}: các biểu đều khớp").format(name=school.name)


def _day(text: str) -> date | None:
    found, _findings = parse_date(text.strip()) if text.strip() else (None, [])
    return found if isinstance(found, date) else None


@require_POST
@needs(REVIEW)
def return_approve(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    period, one = period_or_404(pk), school_or_404(request, school)
    return done(
        request, _review_url(request, period, one),
        lambda: services.approve(
            school=one, period=period, version=seen_version(request), user=user_of(request),
            reason=request.POST.get("ly-do", ""),
        ),
        _("Đã duyệt {name}").format(name=one.name),
    )  # fmt: skip


@require_POST
@needs(REVIEW)
def return_send_back(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    period, one = period_or_404(pk), school_or_404(request, school)
    return done(
        request, _review_url(request, period, one),
        lambda: services.send_back(
            school=one, period=period, version=seen_version(request), user=user_of(request),
            reason=request.POST.get("ly-do", ""), rows=request.POST.getlist("dong")[:200],
            due_on=_day(request.POST.get("han", "")),
        ),
        _("Đã trả lại cho trường"),
    )  # fmt: skip


@require_POST
@needs(REVIEW)
def return_reopen(request: HttpRequest, pk: int, school: int) -> HttpResponse:
    period, one = period_or_404(pk), school_or_404(request, school)
    return done(
        request, _review_url(request, period, one),
        lambda: services.reopen(
            school=one, period=period, version=seen_version(request), user=user_of(request),
            reason=request.POST.get("ly-do", ""), due_on=_day(request.POST.get("han", "")),
        ),
        _("Đã mở lại; bản đã duyệt vẫn có hiệu lực đến khi duyệt bản mới"),
    )  # fmt: skip
