"""What reporting asks of a place: the school's reports, the office's reviews, who is late."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from khue.base.access.places import Place
from khue.office.returns.selectors import WORKING, board, last_dues
from khue.office.statistics.models import ReportingPeriod, Return, ReturnState

Duty = dict[str, Any]


def duty(day: date, note: str, title: str, text: str, url: str, verb: str, *, late: bool = False) -> Duty:
    return {"date": day, "note": note, "title": title, "text": text, "url": url, "verb": verb, "late": late}


def report_duties(place: Place, today: date) -> Iterator[Duty]:
    """Reports that this school has to make or, for the principal, to hand in."""
    if not place.may("returns.own:write"):
        return
    reports = {report.period_id: report for report in Return.objects.filter(school=place.unit.pk)}
    levels = place.school.levels
    for period in ReportingPeriod.objects.filter(opens_on__lte=today, closed_on=None).order_by("as_at"):
        report = reports.get(period.pk)
        state = report.state if report else ReturnState.OPEN
        if state not in WORKING:
            continue
        due = period.due_on(levels)
        if report:
            due = max(due, last_dues(period, [place.unit.pk]).get(place.unit.pk, due))
        url = place.url("own-return", pk=period.pk)
        title, text, verb = _words(ReturnState(state), place.may("returns.own:submit"))
        said = {"title": _inside(period.title), "day": f"{period.as_at:%d/%m/%Y}"}
        yield duty(due, _left(due, today), title % said, text % said, url, verb, late=today > due)


def _left(due: date, today: date) -> str:
    days = (due - today).days
    return _("trễ %(n)s ngày") % {"n": -days} if days < 0 else _("còn %(n)s ngày") % {"n": days}


def _words(state: ReturnState, may_submit: bool) -> tuple[str, str, str]:
    """(title, text, verb) of the duty; %(title)s is the period, %(day)s its day."""
    if state == ReturnState.READY and may_submit:
        return _("Trình số %(title)s"), _("Văn thư đã báo đủ; xem lại rồi trình."), _("Xem và trình")
    if state == ReturnState.READY:
        return _("Chờ hiệu trưởng trình số %(title)s"), _("Đã báo đủ."), _("Xem báo cáo")
    if state == ReturnState.RETURNED:
        return (
            _("Sửa báo cáo %(title)s phòng trả lại"), _("Xem lý do, sửa rồi trình bản mới."), _("Xem lý do"),
        )  # fmt: skip
    return (
        _("Làm báo cáo %(title)s"), _("Số tại ngày %(day)s: xem chỗ chưa khớp, ghi số nhập tay, giải trình."),
        _("Làm báo cáo"),
    )  # fmt: skip


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return title[:1].lower() + title[1:]


def review_duties(place: Place, today: date) -> Iterator[Duty]:
    """Reports that wait for the office."""
    if not place.may("returns.review:write"):
        return
    waiting = Return.objects.filter(state=ReturnState.SUBMITTED, school__among=place.school_ids)
    for row in waiting.values("period__pk", "period__title", "period__office_due_on").annotate(n=Count("pk")):
        due = row["period__office_due_on"] or today
        note = _("chờ duyệt") if due >= today else _("trễ %(n)s ngày") % {"n": (today - due).days}
        yield duty(
            due, note, _("Duyệt %(n)s báo cáo %(title)s") % {"n": row["n"], "title": _inside(row["period__title"])},
            _("Xem chỗ lệch với năm trước, quy tắc chưa khớp, rồi duyệt hoặc trả lại."),
            f"{place.url('returns')}?ky={row['period__pk']}", _("Xem và duyệt"), late=due < today,
        )  # fmt: skip


def late_schools(place: Place, period: ReportingPeriod, today: date) -> dict[str, Any]:
    """Who has not handed in, the latest first, for the home page of the office."""
    standings = board(period, place.school_ids, today)
    left = [s for s in standings if s.tone in ("warn", "err")]
    left.sort(key=lambda s: (s.tone != "err", s.due_on))
    return {
        "title": _("Chưa gửi hoặc đang sửa"),
        "all": len(left),
        "done": len(standings) - len(left),
        "total": len(standings),
        "url": f"{place.url('returns')}?ky={period.pk}",
        "rows": [
            {
                "name": s.school.name, "ward": s.school.ward.removeprefix("Phường "), "level": s.tone,
                "state": ReturnState(s.state).label,
                "url": place.url("return-review", pk=period.pk, school=s.school.pk),
                "due": _left(s.due_on, today),
            }
            for s in left[:4]
        ],
    }  # fmt: skip
