"""Reports of the demonstration: last year's all approved, this year's in every state of the board.

The figures are frozen by the same statement as a principal's submission, for all schools at once; numbers that a school
would enter and reasons are invented, whole and within their bounds.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.org.rules import year_label
from khue.base.org.selectors import schools_below
from khue.office.returns.models import Action, Reason, Step
from khue.office.returns.rules import Finding, check
from khue.office.returns.selectors import entered_cells, sheet_of
from khue.office.statistics.models import EnteredFigure, PeriodKind, ReportingPeriod, Return, ReturnState, Snapshot
from khue.office.statistics.official import Table, form_of
from khue.office.statistics.official.basis import Filled, before_basis
from khue.office.statistics.official.figures import Basis, Cells, figures, with_entered
from khue.office.statistics.services import freeze
from khue.school.registry.models import Position

PRINCIPAL, REVIEWER = "Hiệu trưởng", "Trần Kim Oanh"
REASONS = (
    "Trường nhận thêm học sinh chuyển về khu nhà trọ", "Phường mở thêm khu dân cư mới",
    "Năm nay trường mở thêm lớp", "Đã đối chiếu lại hồ sơ, số năm trước ghi thiếu",
)  # fmt: skip
ENDS: tuple[tuple[ReturnState, int], ...] = (
    (ReturnState.OPEN, 1), (ReturnState.RETURNED, 2), (ReturnState.SUBMITTED, 3),
)  # fmt: skip
"""How many schools of a city stand where; all others are approved. A small one has one of each."""


def load_returns(office: Unit, *, seed: int, year: int, today: date) -> None:
    """Periods of both years with the reports of all schools. Nothing is handed in for a day that has not come."""
    schools = list(schools_below(office).order_by("code"))
    for one in (year - 1, year):
        if ReportingPeriod.objects.filter(kind=PeriodKind.OPENING, year=one).exists():
            continue
        with transaction.atomic(), open_scope([s.pk for s in schools], all_schools=True, actor="Bản trình diễn"):
            period = _period(one)
            if period.as_at < today:
                rng = Random(f"{seed}/{one}/returns")
                ends = _ends(schools, rng) if one == year else {}
                _hand_in(office, schools, period, ends, rng)


def _period(year: int) -> ReportingPeriod:
    due = date(year, 10, 10)
    return ReportingPeriod.objects.create(
        kind=PeriodKind.OPENING, year=year, title=f"Đầu năm học {year_label(year)}", as_at=date(year, 9, 30),
        opens_on=date(year, 9, 20), due_mn=due, due_th=due, due_thcs=due, office_due_on=date(year, 10, 20),
    )  # fmt: skip


def _ends(schools: list[School], rng: Random) -> dict[int, ReturnState]:
    """School → state, where it is not approved."""
    chosen = rng.sample(schools[1:], sum(n for _state, n in ENDS)) if len(schools) > 20 else schools[-3:]
    counts = [n for _state, n in ENDS] if len(schools) > 20 else [1, 1, 1]
    states = [state for (state, _n), count in zip(ENDS, counts, strict=True) for _ in range(count)]
    return {school.pk: state for school, state in zip(chosen, states, strict=True)}


def _hand_in(
    office: Unit, schools: list[School], period: ReportingPeriod, ends: dict[int, ReturnState], rng: Random
) -> None:
    tables = form_of(period.kind).tables
    live = {table.code: figures(table, Basis(period.as_at), by="school") for table in tables}
    reports = Return.objects.bulk_create(
        Return(school=school, period=period, state=ends.get(school.pk, ReturnState.APPROVED)) for school in schools
    )
    entered: dict[int, dict[str, dict[str, int]]] = {}
    findings: dict[int, list[Finding]] = {}
    known = {school.pk: school for school in schools}
    last = before_basis(period, [school.pk for school in schools])
    before = _before(tables, last) if last else {}
    for report in reports:
        school = known[report.school_id]
        filled = [
            _entered(
                Filled(t, live[t.code].get(school.code, {}), before.get(t.code, {}).get(school.code)), school.code
            )
            for t in tables if t.level in school.levels
        ]  # fmt: skip
        entered[report.pk] = {
            one.table.code: {f"{r.code} {c}": int(one.cells[r.code, c]) for r, c in entered_cells(one.table)}
            for one in filled if entered_cells(one.table)
        }  # fmt: skip
        findings[report.pk] = [f for f in check(sheet_of(filled)) if f.needs_reason]
    _write_entered(reports, entered)
    reasons = {pk: {f.key: rng.choice(REASONS) for f in found} for pk, found in findings.items()}
    _write_reasons(reports, reasons)
    _freeze(office, schools, period, [r for r in reports if r.state != ReturnState.OPEN], entered, reasons, rng)


def _before(tables: tuple[Table, ...], last: Basis) -> dict[str, dict[str, Cells]]:
    """Table → school → figures of the year before, entered ones too: a change of those needs a reason as well."""
    return {
        table.code: {
            code: with_entered(table, cells, [last.entered.get(code, {})])
            for code, cells in figures(table, last, by="school").items()
        }
        for table in tables
    }


def _entered(one: Filled, code: str) -> Filled:
    """The table with invented numbers, alike from year to year: a part is never greater than its whole, what a school
    has or has not is 1 or 0."""
    cells: dict[tuple[str, str], Any] = dict(one.cells)
    for row, column in entered_cells(one.table):
        whole = cells.get((row.of, column)) if row.of else None
        most = int(whole) if whole is not None else _usual(one, column)
        draw = Random(f"{code}/{one.table.code}/{row.code}").random()
        has = most <= 1 or row.label.startswith("Có ")
        cells[row.code, column] = min(most, int(draw > 0.1)) if has else int(most * draw)
    return Filled(one.table, cells, one.before)


def _usual(one: Filled, column: str) -> int:
    """A number without a whole: about as many as there are rows in the table."""
    found: Cells = one.cells
    return int(found.get(("1", column), 12) or 12)


def _write_entered(reports: list[Return], entered: dict[int, dict[str, dict[str, int]]]) -> None:
    EnteredFigure.objects.bulk_create(
        EnteredFigure(
            school_id=report.school_id, report=report, table=table, row=key.split()[0], column=key.split()[1],
            number=number,
        )
        for report in reports
        for table, cells in entered[report.pk].items()
        for key, number in cells.items()
    )  # fmt: skip


def _write_reasons(reports: list[Return], reasons: dict[int, dict[str, str]]) -> None:
    Reason.objects.bulk_create(
        Reason(school_id=report.school_id, report=report, key=key, text=text)
        for report in reports
        for key, text in reasons[report.pk].items()
    )


def _freeze(
    office: Unit, schools: list[School], period: ReportingPeriod, reports: list[Return],
    entered: dict[int, dict[str, dict[str, int]]], reasons: dict[int, dict[str, str]], rng: Random,
) -> None:  # fmt: skip
    names = {school.pk: school.name for school in schools}
    heads = dict(
        Position.objects.filter(job="01", left_on=None, staff__isnull=False).values_list(
            "school_id", "staff__full_name"
        )
    )
    department = office.parent.name if office.parent else ""
    moments = {report.pk: _moment(period, rng) for report in reports}
    snapshots = Snapshot.objects.bulk_create(
        Snapshot(
            school_id=report.school_id, period=period, version=1, as_at=period.as_at, year=period.year,
            school_name=names[report.school_id], office_name=office.name, department_name=department,
            taken_at=moments[report.pk], taken_by=heads.get(report.school_id, PRINCIPAL), figures=entered[report.pk],
            reasons=reasons[report.pk],
        )
        for report in reports
    )  # fmt: skip
    freeze(snapshots)
    for report, snapshot in zip(reports, snapshots, strict=True):
        report.version, report.snapshot = 1, snapshot
        report.approved = snapshot if report.state == ReturnState.APPROVED else None
    Return.objects.bulk_update(reports, ["version", "snapshot", "approved"])
    Step.objects.bulk_create(
        step
        for report in reports
        for step in _steps(report, heads.get(report.school_id, PRINCIPAL), moments[report.pk])
    )


def _moment(period: ReportingPeriod, rng: Random) -> datetime:
    """A working hour between the day and the last day."""
    day = period.as_at + timedelta(days=rng.randint(1, 10))
    return timezone.make_aware(datetime.combine(day, time(rng.randint(7, 16), rng.randint(0, 59))))


def _steps(report: Return, principal: str, moment: datetime) -> Iterable[Step]:
    def step(action: Action, by: str, text: str = "", rows: list[str] | None = None, days: int = 0) -> Step:
        return Step(
            school_id=report.school_id,
            report=report,
            action=action,
            version=1,
            by=by,
            text=text,
            rows=rows or [],
            at=moment + timedelta(days=days),
        )

    yield step(Action.SUBMIT, principal)
    if report.state == ReturnState.APPROVED:
        yield step(Action.APPROVE, REVIEWER, days=2)
    elif report.state == ReturnState.RETURNED:
        yield step(Action.RETURN, REVIEWER, "Giải trình rõ hơn chỗ lệch so với năm trước.", ["1"], 2)
