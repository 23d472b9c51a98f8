"""C05: the end is the opening plus who came less who left, told by names (statistics.md §6).

Both figures come from the same dated statuses, so they differ only where a status was entered, changed or taken away
for a day before the opening, after the opening had been approved.
"""

from khue.base.core.bulk import query
from khue.base.org.models import School
from khue.office.statistics.models import PeriodKind, ReportingPeriod, Return
from khue.office.statistics.official.basis import tables_of_school
from khue.office.statistics.selectors import make_query, source

from .rules import Finding

CAME, LEFT = ("2", "5", "6", "7", "10"), ("3", "4", "8", "9", "11", "12")
SHOWN = 6
_MOVES = """{head} live AS (SELECT {key} AS id, COALESCE({title}, '') AS title {body}),
opening AS (SELECT record_id AS id, title, school_id FROM statistics_pupilsfact WHERE snapshot_id = %(snapshot)s),
moved AS (
  SELECT v.enrolment_id AS id, bool_or(v.status = ANY (%(came)s)) AS came, bool_or(v.status = ANY (%(left)s)) AS gone
  FROM registry_statuschange v
  WHERE v.school_id = %(school)s AND v.effective_on > %(since)s AND v.effective_on <= %(day)s GROUP BY 1
)
SELECT 'gone', o.title, COALESCE(m.gone, false) FROM opening o LEFT JOIN moved m USING (id)
WHERE o.id NOT IN (SELECT id FROM live)
UNION ALL
SELECT 'new', l.title, COALESCE(m.came, false) FROM live l LEFT JOIN moved m USING (id)
WHERE l.id NOT IN (SELECT id FROM opening) ORDER BY 2"""


def moves(school: School, period: ReportingPeriod) -> list[Finding]:
    """The finding of C05 for a later period of a school year; nothing where the opening is not approved."""
    if period.kind not in (PeriodKind.MIDYEAR, PeriodKind.CLOSING):
        return []
    first = Return.objects.filter(
        school=school, period__kind=PeriodKind.OPENING, period__year=period.year
    ).exclude(approved=None).values_list("approved", "period__as_at", "approved__seal__counts").first()  # fmt: skip
    if first is None:
        return []
    snapshot, since, counts = first
    rows = _moved(school, period, snapshot, since)
    return _found(school, period, counts["pupils"], rows) if any(not told for _way, _name, told in rows) else []


def _moved(school: School, period: ReportingPeriod, snapshot: int, since: object) -> list[tuple[str, str, bool]]:
    """("gone" or "new", name, whether a dated status says so) of each pupil on one side only."""
    asked = make_query(cube="pupils", by=(), day=period.as_at)
    cube = asked.cube
    head, body, parameters = source(asked, cube.title.needs)
    sql = _MOVES.format(head=f"{head.rstrip()},", key=cube.key, title=cube.title.sql, body=body)
    more = {"snapshot": snapshot, "came": list(CAME), "left": list(LEFT), "school": school.pk, "since": since}
    return query(sql, parameters | more)


def _found(
    school: School, period: ReportingPeriod, opening: int, rows: list[tuple[str, str, bool]]
) -> list[Finding]:  # fmt: skip
    gone = [row for row in rows if row[0] == "gone"]
    new = [row for row in rows if row[0] == "new"]
    untold = [name for _way, name, told in rows if not told]
    names = ", ".join(untold[:SHOWN]) + (f" và {len(untold) - SHOWN} em khác" if len(untold) > SHOWN else "")
    now = opening - len(gone) + len(new)
    came, left = sum(told for *_rest, told in new), sum(told for *_rest, told in gone)
    message = (
        f"Đầu năm {opening}, đến {came}, đi {left}, nay {now} em: lệch {abs(opening + came - left - now)}. "
        f"Chưa có trạng thái ghi ngày trong kỳ: {names}. Ghi ngày đến, ngày đi của các em."
    )
    table = next(one for one in tables_of_school(period, school) if one.cube.name == "pupils" and "1" in one.row)
    values = (opening, came, left, now)
    formula = "cuối kỳ = đầu năm + đến − đi − thôi học"
    return [Finding("C05", "error", table.code, (("1", "T"),), values, formula, message)]
