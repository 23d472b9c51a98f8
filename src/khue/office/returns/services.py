"""The way of a report: prepare, submit, review, approve or return, open again. Every step is one transaction.

A step names the version that the person saw; if another has come in between, nothing is done and the message says so.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.accounts.models import User
from khue.base.core.bulk import query
from khue.base.core.scope import because
from khue.base.org.models import School, Unit
from khue.base.org.selectors import name_on
from khue.office.statistics.models import EnteredFigure, ReportingPeriod, Return, ReturnState, Snapshot
from khue.office.statistics.services import freeze

from .models import Action, Reason, Step
from .selectors import WORKING, Draft, draft_of, entered_cells, handed_in

MOST = 9_999_999


def _locked(school: School, period: ReportingPeriod) -> Return:
    """The school's report, held until the transaction ends; made if nobody has opened it."""
    report, _made = Return.objects.get_or_create(school=school, period=period)
    return Return.objects.select_for_update().get(pk=report.pk)


def _seen(report: Return, version: int, *states: str) -> None:
    """Refuse a step on something that has changed since the person looked."""
    if report.version != version or report.state not in states:
        last = Step.objects.filter(report=report).first()
        who = f"{last.by}, {timezone.localtime(last.at):%H:%M %d/%m/%Y}: {last.get_action_display()}" if last else ""
        raise ValidationError(
            _("Báo cáo vừa đổi (%(who)s), nay là “%(state)s”, bản %(version)s. Xem lại trang này rồi làm tiếp.")
            % {"who": who, "state": ReturnState(report.state).label, "version": report.version}
        )


def _open(period: ReportingPeriod) -> None:
    if period.closed_on is not None:
        raise ValidationError(
            _("Kỳ này đã đóng ngày %(day)s. Xin phòng mở lại kỳ.") % {"day": f"{period.closed_on:%d/%m/%Y}"}
        )


def _step(report: Return, action: Action, user: User | None, **more: Any) -> Step:
    by = str(user) if user else _("Khuê")
    return Step.objects.create(
        school_id=report.school_id, report=report, action=action, version=report.version, by=by, user=user, **more
    )


def _move(report: Return, state: ReturnState, **fields: Any) -> None:
    report.state = state
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(update_fields=["state", "changed_at", *fields])


@transaction.atomic
def enter_figures(
    *, school: School, period: ReportingPeriod, draft: Draft, typed: Mapping[str, str], user: User
) -> int:
    """Numbers that the registry lacks, {"MN1 6 T": "1"}; a blank one is taken away. Returns how many there are.

    Raises ``ValidationError`` {key: message} for what is no whole number; then nothing is written.
    """
    report = _locked(school, period)
    _open(period)
    if report.state not in WORKING:
        raise ValidationError(_("Báo cáo đã trình thì không sửa số nhập tay được. Xin phòng trả lại hoặc mở lại."))
    wrong: dict[str, str] = {}
    numbers: dict[tuple[str, str, str], int] = {}
    for one in draft.tables:
        for row, column in entered_cells(one.table):
            key = f"{one.table.code} {row.code} {column}"
            text = typed.get(key, "").strip().replace(".", "").replace(" ", "")
            if not text:
                continue
            if not (text.isascii() and text.isdigit()) or int(text) > MOST:
                wrong[key] = _("%(label)s: ghi số nguyên từ 0, như 12.") % {"label": row.label}
                continue
            numbers[one.table.code, row.code, column] = int(text)
    if wrong:
        raise ValidationError(wrong)
    with because(action=_("Ghi số nhập tay"), reason=period.title):
        _replace_figures(report, numbers)
    return len(numbers)


def _replace_figures(report: Return, numbers: Mapping[tuple[str, str, str], int]) -> None:
    known = {(f.table, f.row, f.column): f for f in EnteredFigure.objects.filter(report=report)}
    EnteredFigure.objects.filter(pk__in=[f.pk for key, f in known.items() if key not in numbers]).delete()
    changed = [f for key, f in known.items() if key in numbers and f.number != numbers[key]]
    for figure in changed:
        figure.number = numbers[figure.table, figure.row, figure.column]
    EnteredFigure.objects.bulk_update(changed, ["number"])
    EnteredFigure.objects.bulk_create(
        EnteredFigure(school_id=report.school_id, report=report, table=t, row=r, column=c, number=number)
        for (t, r, c), number in numbers.items()
        if (t, r, c) not in known
    )


@transaction.atomic
def give_reasons(*, school: School, period: ReportingPeriod, typed: Mapping[str, str], user: User) -> None:
    """Reasons by cell {"TH3 1 T": "…"}; a blank one is taken away."""
    report = _locked(school, period)
    _open(period)
    if report.state not in WORKING:
        raise ValidationError(_("Báo cáo đã trình thì không sửa giải trình được."))
    with because(action=_("Giải trình"), reason=period.title):
        for key, text in typed.items():
            if text.strip():
                Reason.objects.update_or_create(
                    school=school, report=report, key=key[:40], defaults={"text": " ".join(text.split())[:500]}
                )
            else:
                Reason.objects.filter(report=report, key=key).delete()


@transaction.atomic
def complete(*, school: School, period: ReportingPeriod, version: int, user: User) -> Return:
    """The clerk says that all is there (Báo đủ); the principal's home page then asks for the submission."""
    report = _locked(school, period)
    _open(period)
    _seen(report, version, *WORKING)
    _refuse_incomplete(draft_of(school, _with_period(report, period)))
    _move(report, ReturnState.READY)
    _step(report, Action.COMPLETE, user)
    return report


def _with_period(report: Return, period: ReportingPeriod) -> Return:
    report.period = period
    return report


def _refuse_incomplete(draft: Draft) -> None:
    left = []
    if draft.wrong_records:
        left.append(_("%(n)s hồ sơ còn lỗi") % {"n": draft.wrong_records})
    if draft.errors:
        left.append(_("%(n)s chỗ trong biểu chưa khớp") % {"n": len(draft.errors)})
    if draft.unexplained:
        left.append(_("%(n)s chỗ lệch chưa giải trình") % {"n": len(draft.unexplained)})
    if draft.missing:
        left.append(_("%(n)s số nhập tay còn trống") % {"n": len(draft.missing)})
    if left:
        raise ValidationError(_("Chưa trình được: %(what)s. Xem các mục đó ở trang này.") % {"what": ", ".join(left)})


@transaction.atomic
def submit(*, school: School, period: ReportingPeriod, version: int, user: User, today: date) -> Snapshot:
    """The principal hands the figures in: they are checked once more, frozen and sealed, all in this transaction."""
    report = _locked(school, period)
    _open(period)
    _seen(report, version, *WORKING)
    if today < period.as_at:
        raise ValidationError(
            _("Số chốt ngày %(day)s: đến ngày đó mới trình được.") % {"day": f"{period.as_at:%d/%m/%Y}"}
        )
    _alone(school)
    draft = draft_of(school, _with_period(report, period))
    _refuse_incomplete(draft)
    snapshot = _snapshot(school, period, report.version + 1, str(user), draft)
    freeze([snapshot])
    report.version = snapshot.version
    _move(report, ReturnState.SUBMITTED, snapshot=snapshot, version=snapshot.version)
    _step(report, Action.SUBMIT, user)
    return snapshot


def _alone(school: School) -> None:
    """An import that is writing this school holds the same lock: half of its rows must not be frozen."""
    if not query("SELECT pg_try_advisory_xact_lock(hashtext('khue.intake'), %s)", [school.pk])[0][0]:
        raise ValidationError(_("Khuê đang ghi một tệp của trường. Chờ ghi xong rồi trình lại."))


def _snapshot(school: School, period: ReportingPeriod, version: int, by: str, draft: Draft) -> Snapshot:
    figures: dict[str, dict[str, int]] = {}
    for one in draft.tables:
        for row, column in entered_cells(one.table):
            if (row.code, column) in one.cells:
                figures.setdefault(one.table.code, {})[f"{row.code} {column}"] = int(one.cells[row.code, column])
    unit = Unit.objects.select_related("parent__parent").get(pk=school.pk)
    above = unit.parent.parent if unit.parent else None
    return Snapshot.objects.create(
        school=school, period=period, version=version, as_at=period.as_at, year=period.year,
        school_name=name_on(school.pk, period.as_at),
        office_name=name_on(unit.parent_id, period.as_at) if unit.parent_id else "",
        department_name=name_on(above.pk, period.as_at) if above else "",
        taken_at=timezone.now(), taken_by=by, figures=figures, reasons=draft.reasons,
    )  # fmt: skip


@transaction.atomic
def send_back(
    *,
    school: School,
    period: ReportingPeriod,
    version: int,
    user: User,
    reason: str,
    rows: list[str],
    due_on: date | None,
) -> None:
    """The office returns a version with its reason and the rows concerned (Trả lại)."""
    report = _locked(school, period)
    _seen(report, version, ReturnState.SUBMITTED)
    if not reason.strip():
        raise ValidationError({"reason": _("Ghi lý do để trường biết sửa gì.")})
    _move(report, ReturnState.RETURNED)
    _step(report, Action.RETURN, user, text=reason.strip()[:1000], rows=rows, due_on=due_on)


@transaction.atomic
def approve(*, school: School, period: ReportingPeriod, version: int, user: User, reason: str = "") -> None:
    """The office accepts a version: it is official from now on (Duyệt). Open findings need a reason."""
    report = _locked(school, period)
    _seen(report, version, ReturnState.SUBMITTED)
    report = Return.objects.select_related("snapshot__period").get(pk=report.pk)
    assert report.snapshot is not None  # a submitted report has its figures
    draft = handed_in(school, report.snapshot)
    left = [*draft.errors, *draft.unexplained]
    if left and not reason.strip():
        raise ValidationError(
            {"reason": _("Còn %(n)s chỗ chưa khớp hoặc chưa giải trình: ghi lý do chấp nhận.") % {"n": len(left)}}
        )
    _move(report, ReturnState.APPROVED, approved=report.snapshot)
    _step(report, Action.APPROVE, user, text=reason.strip()[:1000])


@transaction.atomic
def ask_to_reopen(*, school: School, period: ReportingPeriod, version: int, user: User, reason: str) -> None:
    """The school asks for another version, or takes an unread one back (Xin mở lại)."""
    report = _locked(school, period)
    _seen(report, version, ReturnState.APPROVED, ReturnState.SUBMITTED)
    if not reason.strip():
        raise ValidationError({"reason": _("Ghi lý do xin mở lại.")})
    _step(report, Action.ASK, user, text=reason.strip()[:1000])


@transaction.atomic
def reopen(
    *, school: School, period: ReportingPeriod, version: int, user: User, reason: str, due_on: date | None
) -> None:
    """The office lets the school make a new version; the approved one stays official until then (Mở lại)."""
    report = _locked(school, period)
    _seen(report, version, ReturnState.APPROVED, ReturnState.SUBMITTED)
    if not reason.strip():
        raise ValidationError({"reason": _("Ghi lý do mở lại.")})
    _move(report, ReturnState.REOPENED)
    _step(report, Action.REOPEN, user, text=reason.strip()[:1000], due_on=due_on)


@transaction.atomic
def remind(*, schools: list[School], period: ReportingPeriod, user: User, text: str = "") -> int:
    """Remind schools that have not handed in; once a day each. Returns how many."""
    today = timezone.localdate()
    count = 0
    for school in schools:
        report = _locked(school, period)
        if (
            report.state in WORKING
            and not Step.objects.filter(report=report, action=Action.REMIND, at__date=today).exists()
        ):
            _step(report, Action.REMIND, user, text=text.strip()[:1000])
            count += 1
    return count
