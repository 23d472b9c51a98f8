"""Reads of reports: what a school's report says, what is wrong with it, where all schools stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from khue.base.catalog.selectors import catalog_version
from khue.base.core.bulk import query
from khue.base.org.models import School
from khue.office.statistics.models import ReportingPeriod, Return, ReturnState, Snapshot
from khue.office.statistics.official import forms_print
from khue.office.statistics.official.basis import (
    Filled,
    filled,
    frozen_basis,
    live_basis,
    same_period_before,
    tables_of_school,
)
from khue.office.statistics.official.figures import Cells
from khue.office.statistics.official.shape import Row, Table
from khue.office.statistics.sealing import differences
from khue.school.checks.rules.classes import NORMS
from khue.school.checks.selectors import context_of, health_by_school

from .models import Reason, Step
from .moves import followed, moves
from .rules import Finding, Sheet, TableFigures, check, needing_reason

LEAST = 10
"""Pupils a class below which it is unusual (C07)."""
WORKING = (ReturnState.OPEN, ReturnState.READY, ReturnState.RETURNED, ReturnState.REOPENED)
"""States in which the school works on its report."""


@dataclass
class Draft:
    """A report as it would be handed in now, or as it was: tables, findings, what is missing."""

    tables: list[Filled]
    findings: list[Finding]
    reasons: dict[str, str]
    missing: list[tuple[Table, Row, str]] = field(default_factory=list)
    wrong_records: int = 0
    doubtful_records: int = 0

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "error"]

    @property
    def unexplained(self) -> list[Finding]:
        return needing_reason(self.findings, self.reasons)

    @property
    def is_complete(self) -> bool:
        return not (self.errors or self.unexplained or self.missing or self.wrong_records)


def report_of(school_id: int, period: ReportingPeriod) -> Return:
    """The school's report in a period; an unsaved one where nobody has opened it."""
    found = Return.objects.select_related("snapshot", "approved").filter(school=school_id, period=period).first()
    report = found or Return(school_id=school_id)
    report.period = period
    return report


@dataclass
class Counted:
    """What is counted on live rows for a report: figures by table, findings by names, faulty records."""

    cells: dict[str, Cells]
    findings: list[Finding]
    wrong: int
    doubtful: int


def counted_now(school: School, period: ReportingPeriod) -> Counted:
    """The live rows of a school as a report needs them: a dozen statements."""
    live = filled(tables_of_school(period, school), live_basis(period, [school.pk]))
    health = health_by_school([school.pk], context=context_of(period.year, period.as_at)).get(school.pk, {})
    return Counted(
        {one.table.code: one.cells for one in live},
        [*moves(school, period), *followed(school, period)],
        sum(one.wrong for one in health.values()),
        sum(one.doubtful for one in health.values()),
    )


def draft_of(school: School, report: Return, counted: Counted | None = None) -> Draft:
    """What the school would hand in now; ``counted``: where a page may show what a minute ago was counted."""
    period = report.period
    tables = tables_of_school(period, school)
    before = _kept(period, tables, (), _approved_before(period, school))
    now = counted or counted_now(school, period)
    made = [Filled(table, now.cells[table.code], before[table.code][1]) for table in tables]
    reasons = dict(Reason.objects.filter(report=report.pk).values_list("key", "text")) if report.pk else {}
    findings = [*now.findings, *check(sheet_of(made))]
    return Draft(made, findings, reasons, list(_missing(made)), now.wrong, now.doubtful)


def handed_in(school: School, snapshot: Snapshot) -> Draft:
    """What the school handed in: frozen figures, the same rules."""
    tables = tables_of_school(snapshot.period, school)
    kept = _kept(snapshot.period, tables, (snapshot.pk,), _approved_before(snapshot.period, school))
    made = [Filled(table, *kept[table.code]) for table in tables]
    return Draft(made, check(sheet_of(made)), dict(snapshot.reasons))


def _approved_before(period: ReportingPeriod, school: School) -> tuple[int, ...]:
    """What is official of the school in the same period of the year before."""
    last = Return.objects.filter(
        period__kind=period.kind, period__number=period.number, period__year=period.year - 1, school=school
    )
    return tuple(last.exclude(approved=None).values_list("approved", flat=True))


def _kept(
    period: ReportingPeriod, tables: list[Table], now: tuple[int, ...], before: tuple[int, ...]
) -> dict[str, tuple[Cells, Cells | None]]:
    """Table → figures of these snapshots and of the year before. What is frozen never changes: it is counted once and
    kept under what it is made of."""
    made_of = [*now, "/", *before, "/", *(table.code for table in tables), catalog_version(), forms_print()]
    key = "frozen:" + "-".join(str(part) for part in made_of)
    found: dict[str, tuple[Cells, Cells | None]] | None = cache.get(key)
    if found is None:
        last = same_period_before(period) if before else None
        old = frozen_basis(last, before) if last else None
        made = filled(tables, frozen_basis(period, now), old)
        found = {one.table.code: (one.cells, one.before) for one in made}
        cache.set(key, found, None)
    return found


def sheet_of(tables: Iterable[Filled]) -> Sheet:
    """The tables as the rules look at them."""
    found = (
        TableFigures(
            one.table.code, one.table.level, one.table.title, one.table.cube.name, one.table.rows, one.table.columns,
            one.cells, one.before,
        )
        for one in tables
    )  # fmt: skip
    return Sheet(tuple(found), norms={str(grade): (LEAST, most) for grade, most in NORMS.items()})


def entered_cells(table: Table) -> list[tuple[Row, str]]:
    """(row, column code) of the numbers that the school enters."""
    return [(row, column) for row in table.rows if row.entered for column in row.columns]


def _missing(tables: Iterable[Filled]) -> Iterable[tuple[Table, Row, str]]:
    for one in tables:
        for row, column in entered_cells(one.table):
            if (row.code, column) not in one.cells:
                yield one.table, row, column


@dataclass(frozen=True)
class Standing:
    """Where one school stands in a period, for the board."""

    school: School
    state: str
    version: int
    due_on: date
    changed_on: date | None
    is_late: bool
    note: str = ""

    @property
    def tone(self) -> str:
        """The state's class of the look: "" approved, info waiting, warn being mended, err late."""
        if self.state == ReturnState.APPROVED:
            return ""
        if self.state == ReturnState.SUBMITTED:
            return "info"
        return "err" if self.is_late else "warn"


def board(period: ReportingPeriod, school_ids: Collection[int], today: date) -> list[Standing]:
    """Every school that exists on the period's day, with its report: two statements."""
    schools = School.objects.filter(unit__among=school_ids, unit__valid_from__lte=period.as_at).exclude(
        unit__valid_until__lte=period.as_at
    )
    given = Step.objects.filter(report=OuterRef("pk")).exclude(due_on=None).order_by("-pk").values("due_on")[:1]
    known = Return.objects.filter(period=period, school__among=school_ids).select_related("snapshot")
    reports = {report.school_id: report for report in known.annotate(given_day=Subquery(given))}
    found = []
    for school in schools.order_by("ward", "sort_key"):
        report = reports.get(school.pk)
        state = report.state if report else ReturnState.OPEN
        due = max(period.due_on(school.levels), (report.given_day if report else None) or date.min)
        late = state in WORKING and today > due
        changed = timezone.localtime(report.snapshot.taken_at).date() if report and report.snapshot else None
        found.append(Standing(school, state, report.version if report else 0, due, changed, late))
    return found


def last_dues(period: ReportingPeriod, school_ids: Collection[int]) -> dict[int, date]:
    """School → the day that the office gave when it returned the report or opened it again."""
    rows = Step.objects.filter(report__period=period, school__among=school_ids).exclude(due_on=None)
    return dict(rows.order_by("pk").values_list("school_id", "due_on"))


def edited_since(snapshot: Snapshot) -> dict[str, dict[str, list[str]]]:
    """C13: cube → {"more", "fewer", "changed"}: names that live records count differently for that day."""
    found: dict[str, dict[str, list[str]]] = {}
    for cube, kind, title in query(*differences(snapshot)):
        found.setdefault(cube, {"more": [], "fewer": [], "changed": []})[kind].append(title)
    return found


def steps_of(report: Return) -> list[Step]:
    return list(Step.objects.filter(report=report.pk)) if report.pk else []


def versions_of(report: Return) -> list[Any]:
    """The versions that were handed in, newest first."""
    found = Snapshot.objects.filter(school=report.school_id, period=report.period_id).select_related("seal")
    return list(found.order_by("-version"))
