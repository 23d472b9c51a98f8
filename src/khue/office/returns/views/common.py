"""What the pages of reports share."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.org.models import School
from khue.office.statistics.models import ReportingPeriod, ReturnState

from ..models import Step
from ..rules import Finding
from ..selectors import Draft

TONES = {
    ReturnState.OPEN: ("", "pencil"), ReturnState.READY: ("info", "send"), ReturnState.SUBMITTED: ("info", "clock"),
    ReturnState.RETURNED: ("warn", "refresh"), ReturnState.APPROVED: ("ok", "circle-check"),
    ReturnState.REOPENED: ("warn", "refresh"),
}  # fmt: skip


def period_or_404(pk: int) -> ReportingPeriod:
    found = ReportingPeriod.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def school_or_404(request: HttpRequest, pk: int) -> School:
    """A school of the place; a school that has ended may still be read."""
    found = School.objects.filter(pk=pk, unit__among=place_of(request).school_ids).first()
    if found is None:
        raise Http404
    return found


def seen_version(request: HttpRequest) -> int:
    text = request.POST.get("ban", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def done(request: HttpRequest, url: str, write: Callable[[], Any], said: str) -> HttpResponse:
    """Do a step and say so, or say why not; either way back to the page."""
    try:
        write()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, said)
    return redirect(url)


def due_line(due: date, today: date) -> str:
    """Hạn 10/10, còn 5 ngày; trễ 3 ngày."""
    days = (due - today).days
    if days > 0:
        return _("Hạn {day}, còn {count} ngày").format(day=f"{due:%d/%m}", count=days)
    if days == 0:
        return _("Hạn hôm nay, đến 24 giờ")
    return _("Hạn {day}, trễ {count} ngày").format(day=f"{due:%d/%m}", count=-days)


def feed(steps: list[Step]) -> list[dict[str, str]]:
    """Who did what, newest first."""
    return [
        {
            "when": f"{timezone.localtime(step.at):%d/%m %H:%M}",
            "text": _("{who}: {what}, bản {version}").format(
                who=step.by, what=step.get_action_display().lower(), version=step.version
            ) if step.version else _("{who}: {what}").format(who=step.by, what=step.get_action_display().lower()),
            "note": step.text,
        }
        for step in steps
    ]  # fmt: skip


def finding_line(finding: Finding, url: str) -> dict[str, Any]:
    """A finding as a page shows it; ``url`` opens the rows behind its first cell."""
    return {
        "rule": finding.rule,
        "level": "err" if finding.level == "error" else "warn",
        "message": finding.message,
        "formula": finding.formula,
        "key": finding.key,
        "url": url,
        "needs_reason": finding.needs_reason,
    }


def cell_url(request: HttpRequest, finding: Finding, **more: Any) -> str:
    """The rows behind the first cell of a finding."""
    row, column = finding.cells[0]
    pairs = {"bieu": finding.table, "dong": row, "cot": column, **more}
    return f"{place_of(request).url('official-names')}?{urlencode(pairs)}"


def compared(draft: Draft) -> list[dict[str, Any]]:
    """The main rows of each table beside the year before: total, grades, and every row that needs a reason."""
    found = []
    asked = {finding.key: finding for finding in draft.findings if finding.needs_reason}
    for one in draft.tables:
        for row in one.table.rows:
            key = f"{one.table.code} {row.code} T"
            now = one.cells.get((row.code, "T"))
            main = row.code == "1" and one.table.cube.name != "schools"
            if now is None or row.family or not (main or key in asked):
                continue
            before = one.before.get((row.code, "T")) if one.before is not None else None
            found.append({
                "key": key, "label": row.label, "title": one.table.title,
                "now": now, "before": before, "change": None if before is None else now - before,
                "finding": asked.get(key), "reason": draft.reasons.get(key, ""),
                "cell": (one.table.code, row.code, "T"),
            })  # fmt: skip
    return found
