"""Lists that come from a program instead of a file (the demonstration): same reading, same rules, same writing."""

from datetime import date

from khue.base.org.models import School, Unit
from khue.base.org.rules import Calendar
from khue.base.org.selectors import calendar_of
from khue.base.sheets.columns import Column
from khue.base.sheets.fields import load_fields
from khue.base.sheets.tables import Table
from khue.base.sheets.workbook import Sheet

from .kinds import PLANS, Row, Setting
from .kinds.base import settle_cells
from .parse import parse_table
from .refusal import Refused


def write_records(
    *, kind: str, unit: Unit, school: School | None, year: int, today: date, records: list[dict[str, str]]
) -> int:
    """Write records {field: text as typed}; all of them or none. Returns how many rows. Raises Refused at the first
    row that is wrong."""
    if not records:
        return 0
    names = [field.name for field in load_fields(kind).fields if any(record.get(field.name) for record in records)]
    lines = [[record.get(name) or None for name in names] for record in records]
    columns = [Column(n, name, name) for n, name in enumerate(names, start=1)]
    numbers = list(range(1, len(lines) + 1))
    table = Table(Sheet(kind, lines), load_fields(kind), (0, 0), columns, rows=numbers, classes=[None] * len(lines))  # type: ignore[arg-type]
    calendar = calendar_of(year)
    rows = _rows(table, calendar)
    setting = Setting(school, year, calendar, today, {}, frozenset(names), unit.path)
    plan = PLANS[kind](setting, rows)
    plan.check()
    if plan.attach():
        rows = _rows(table, calendar)
        plan = PLANS[kind](setting, rows)
        plan.check()
    for row in rows:
        if row.is_wrong:
            fault = next(f for f in row.findings if f.level in ("error", "ask"))
            raise Refused(f"{kind}, dòng {row.row} ({row.label}), {fault.column}: {fault.message} [{fault.value}]")
    plan.write()
    return len(rows)


def _rows(table: Table, calendar: Calendar) -> list[Row]:
    rows = parse_table(table, first=1, day=calendar.term1[0], system="")
    for row in rows:
        settle_cells(row, {"identifier": "keep"})
    return rows
