"""Pages of a school's own reports: what is left to do, numbers to enter, reasons, handing in."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.base.access.permissions import needs, user_of
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.core.remember import remembered_among
from khue.base.core.templatetags.khue import state
from khue.base.org.models import School
from khue.office.statistics.models import ReportingPeriod, Return, ReturnState
from khue.office.statistics.official import form_of
from khue.school.registry.selectors.scope import school_of

from .. import services
from ..models import Action, Step
from ..selectors import (
    WORKING,
    Draft,
    counted_now,
    draft_of,
    entered_cells,
    handed_in,
    report_of,
    steps_of,
    versions_of,
)
from .common import TONES, cell_url, compared, done, due_line, feed, finding_line, period_or_404, seen_version

READ, WRITE, SUBMIT = "returns.own:read", "returns.own:write", "returns.own:submit"


@require_GET
@needs(READ)
def own_returns(request: HttpRequest) -> HttpResponse:
    """All periods with where this school stands; one that is open alone is shown at once."""
    school, today = school_of(request), timezone.localdate()
    periods = list(ReportingPeriod.objects.filter(opens_on__lte=today))
    reports = {report.period_id: report for report in Return.objects.filter(school=school)}
    rows = [_period_row(request, school, period, reports.get(period.pk)) for period in periods]
    waiting = sum(row["working"] for row in rows)
    title = _("{count} báo cáo cần làm").format(count=waiting) if waiting else _("Không có báo cáo nào chờ")
    return render(request, "returns/own_list.html", {"title": title, "rows": rows})


def _period_row(request: HttpRequest, school: School, period: ReportingPeriod, report: Return | None) -> dict[str, Any]:
    current = ReturnState(report.state) if report else ReturnState.OPEN
    level, symbol = TONES[current]
    working = current in WORKING and period.closed_on is None
    return {
        "title": period.title,
        "as_at": period.as_at,
        "due": due_line(period.due_on(school.levels), timezone.localdate()) if working else "",
        "state": state(level, current.label, symbol=symbol),
        "version": report.version if report else 0,
        "url": place_of(request).url("own-return", pk=period.pk),
        "working": working,
    }


@require_GET
@needs(READ)
def own_return(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, period_or_404(pk))


def _page(
    request: HttpRequest, period: ReportingPeriod, typed: dict[str, str] | None = None,
    wrong: dict[str, list[str]] | None = None,
) -> HttpResponse:  # fmt: skip
    school, place = school_of(request), place_of(request)
    report = report_of(school.pk, period)
    working = report.state in WORKING and period.closed_on is None
    draft = _shown(school, report, working)
    today = timezone.localdate()
    steps = steps_of(report)
    due = max(period.due_on(school.levels), next((step.due_on for step in steps if step.due_on), date.min))
    context = {
        "title": _title(report, draft, working),
        "lead": _("{title}, tại ngày {day}. {due}.").format(
            title=period.title, day=f"{period.as_at:%d/%m/%Y}", due=due_line(due, today)
        ) if working else _("{title}, tại ngày {day}.").format(title=period.title, day=f"{period.as_at:%d/%m/%Y}"),
        "crumbs": [{"label": _("Nộp báo cáo"), "url": place.url("own-returns")}, {"label": period.title, "url": ""}],
        "period": period,
        "report": report,
        "working": working,
        "todo": _todo(request, draft, period) if working else [],
        "compared": _compared(request, draft, period) if working else [],
        "last_year": period.as_at.replace(year=period.as_at.year - 1),
        "figures": _figures(draft, typed, wrong or {}),
        "frozen": _frozen(draft),
        "feed": feed(steps),
        "versions": versions_of(report),
        "version": report.version,
        "next_version": report.version + 1,
        "may_write": place.may(WRITE) and working,
        "may_submit": place.may(SUBMIT) and working and draft.is_complete and today >= period.as_at,
        "may_complete": place.may(WRITE) and not place.may(SUBMIT) and working and draft.is_complete
        and report.state != ReturnState.READY,
        "may_ask": place.may(SUBMIT) and report.state in (ReturnState.APPROVED, ReturnState.SUBMITTED),
        "returned": (returned := _returned(report, steps)),
        "returned_rows": _row_words(period, returned) if returned else "",
        "reminded": next((s for s in steps if s.action == Action.REMIND), None) if working else None,
        "official_url": f"{place.url('official')}?{urlencode({'ky': period.pk})}",
        "today": today,
        "urls": {
            name: place.url(f"own-return-{name}", pk=period.pk)
            for name in ("figures", "reasons", "complete", "submit", "ask")
        },
    }  # fmt: skip
    return render(request, "returns/own.html", context, status=422 if wrong else 200)


def _shown(school: School, report: Return, working: bool) -> Draft:
    """The live figures while the school works on them (a minute old at most), what it handed in afterwards."""
    period = report.period
    if working or report.snapshot is None:
        name = f"report {period.pk} {period.as_at}"
        counted, _at = remembered_among("counts", school.pk, name, lambda: counted_now(school, period))
        return draft_of(school, report, counted)
    report.snapshot.period = report.period
    return handed_in(school, report.snapshot)


def _returned(report: Return, steps: list[Step]) -> Step | None:
    """The last return, while the school works on it."""
    found = next((step for step in steps if step.action == Action.RETURN), None)
    return found if report.state == ReturnState.RETURNED else None


def _row_words(period: ReportingPeriod, step: Step) -> str:
    """The rows that the office ticked, in words."""
    tables = form_of(period.kind).table
    found = []
    for key in step.rows:
        table, row, _column = ([*key.split(" "), "", ""])[:3]
        if table in tables and row in tables[table].row:
            found.append(f"{tables[table].row[row].label} ({tables[table].title})")
    return "; ".join(found)


def _title(report: Return, draft: Draft, working: bool) -> str:
    if not working:
        return {
            ReturnState.SUBMITTED: _("Đã trình bản {n}, chờ phòng duyệt"),
            ReturnState.APPROVED: _("Phòng đã duyệt bản {n}"),
        }.get(ReturnState(report.state), _("Kỳ đã đóng")).format(n=report.version)  # fmt: skip
    left = draft.wrong_records + len(draft.errors) + len(draft.unexplained) + len(draft.missing)
    if left:
        return _("Còn {count} việc trước khi trình").format(count=left)
    return _("Đã báo đủ, chờ hiệu trưởng trình") if report.state == ReturnState.READY else _("Hết lỗi, trình được")


def _todo(request: HttpRequest, draft: Draft, period: ReportingPeriod) -> list[dict[str, Any]]:
    """What is left, errors first; each with the way to mend it."""
    place = place_of(request)
    found: list[dict[str, Any]] = []
    if draft.wrong_records:
        found.append({
            "level": "err", "rule": "V", "message": _("{n} hồ sơ còn lỗi").format(n=draft.wrong_records),
            "note": _("Lỗi ở hồ sơ học sinh, lớp, cán bộ, phòng"), "url": place.url("checks"), "verb": _("Xem và sửa"),
        })  # fmt: skip
    found += [
        {
            **finding_line(finding, cell_url(request, finding, ky=period.pk)),
            "note": finding.formula, "verb": _("Xem từng dòng"), "drawer": True,
        }
        for finding in draft.findings
        if finding.level == "error" or not finding.needs_reason
    ]  # fmt: skip
    if draft.doubtful_records:
        found.append({
            "level": "warn", "rule": "V", "message": _("{n} hồ sơ khác thường").format(n=draft.doubtful_records),
            "note": _("Không cản việc trình; đúng thì giữ nguyên"), "url": place.url("checks"), "verb": _("Xem"),
        })  # fmt: skip
    return found


def _compared(request: HttpRequest, draft: Draft, period: ReportingPeriod) -> list[dict[str, Any]]:
    rows = compared(draft)
    for row in rows:
        table, code, column = row["cell"]
        query = urlencode({"bieu": table, "dong": code, "cot": column, "ky": period.pk})
        row["url"] = f"{place_of(request).url('official-names')}?{query}"
    return rows


def _figures(
    draft: Draft, typed: dict[str, str] | None, wrong: dict[str, list[str]]
) -> list[dict[str, Any]]:  # fmt: skip
    """The numbers that the school enters, by table."""
    found = []
    for one in draft.tables:
        inputs = []
        for row, column in entered_cells(one.table):
            key = f"{one.table.code} {row.code} {column}"
            number = one.cells.get((row.code, column))
            head = "" if column == "T" else f", {one.table.column[column].label.lower()}"
            inputs.append({
                "key": key, "id": key.replace(" ", "-").replace(".", "_"), "label": f"{row.label}{head}",
                "value": typed.get(key, "") if typed is not None else "" if number is None else number,
                "wrong": " ".join(wrong.get(key, [])),
            })  # fmt: skip
        if inputs:
            found.append({"title": one.table.title, "level": one.table.level, "inputs": inputs})
    return found


def _frozen(draft: Draft) -> list[tuple[str, Any]]:
    """What the submission freezes: (label, how many)."""
    names = {"pupils": _("Học sinh"), "classes": _("Lớp"), "staff": _("Cán bộ, giáo viên"), "rooms": _("Phòng")}
    totals: dict[str, Any] = {}
    for one in draft.tables:
        if one.table.cube.name in names and ("1", "T") in one.cells and not one.table.row["1"].entered:
            totals[one.table.cube.name] = max(totals.get(one.table.cube.name, 0), one.cells["1", "T"])
    entered = sum(len(entered_cells(one.table)) for one in draft.tables)
    return [(names[name], totals[name]) for name in names if name in totals] + [(_("Số nhập tay"), entered)]


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed into the cells; their names hold spaces: table, row, column."""
    return {key: str(value) for key, value in request.POST.items() if " " in key}


@require_POST
@needs(WRITE)
def own_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the entered numbers; what is no number stands at its field, and nothing is saved."""
    school, period = school_of(request), period_or_404(pk)
    typed = _typed(request)
    draft = draft_of(school, report_of(school.pk, period))
    try:
        services.enter_figures(school=school, period=period, draft=draft, typed=typed, user=user_of(request))
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            return _page(request, period, typed, error.message_dict)
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Đã lưu số nhập tay"))
    return redirect(place_of(request).url("own-return", pk=pk) + "#nhap-tay")


@require_POST
@needs(WRITE)
def own_reasons(request: HttpRequest, pk: int) -> HttpResponse:
    school, period = school_of(request), period_or_404(pk)
    typed = _typed(request)
    url = place_of(request).url("own-return", pk=pk) + "#nam-truoc"
    return done(
        request, url,
        lambda: services.give_reasons(school=school, period=period, typed=typed, user=user_of(request)),
        _("Đã lưu giải trình"),
    )  # fmt: skip


@require_POST
@needs(WRITE)
def own_complete(request: HttpRequest, pk: int) -> HttpResponse:
    school, period = school_of(request), period_or_404(pk)
    return done(
        request, place_of(request).url("own-return", pk=pk),
        lambda: services.complete(school=school, period=period, version=seen_version(request), user=user_of(request)),
        _("Đã báo đủ, hiệu trưởng thấy ở trang đầu"),
    )  # fmt: skip


@require_POST
@needs(SUBMIT)
def own_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in, after the password was typed once more."""
    school, period, user = school_of(request), period_or_404(pk), user_of(request)
    url = place_of(request).url("own-return", pk=pk)
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        messages.error(request, _("Đã nhập sai nhiều lần. Chờ một phút rồi thử lại."))
        return redirect(url)
    if not user.check_password(request.POST.get("mat-khau", "")):
        log_access(request, kind="denied", school_id=school.pk, detail="reauthenticate")
        messages.error(request, _("Mật khẩu chưa đúng. Chưa trình gì."))
        return redirect(url)
    return done(
        request, url,
        lambda: services.submit(
            school=school, period=period, version=seen_version(request), user=user, today=timezone.localdate()
        ),
        _("Đã trình, phòng đã nhận"),
    )  # fmt: skip


@require_POST
@needs(SUBMIT)
def own_ask(request: HttpRequest, pk: int) -> HttpResponse:
    school, period = school_of(request), period_or_404(pk)
    return done(
        request, place_of(request).url("own-return", pk=pk),
        lambda: services.ask_to_reopen(
            school=school, period=period, version=seen_version(request), user=user_of(request),
            reason=request.POST.get("ly-do", ""),
        ),
        _("Đã gửi phòng, chờ phòng mở lại"),
    )  # fmt: skip
