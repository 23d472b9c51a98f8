"""Rules that compare rows and tell the difference by names (statistics.md §6).

C05: the end is the opening plus who came less who left. Both figures come from the same dated statuses, so they differ
only where a status was entered, changed or taken away for a day before the opening, after that had been approved.
C06: who opens the year in a grade are those of the grade below last year, repeaters, and who came; less who left.
"""

from khue.base.core.bulk import query
from khue.base.org.models import School
from khue.office.statistics.models import PeriodKind, ReportingPeriod, Return
from khue.office.statistics.official.basis import tables_of_school
from khue.office.statistics.selectors import make_query, source

from .rules import Finding

CAME, LEFT = ("2", "5", "6", "7", "10"), ("3", "4", "8", "9", "11", "12")
GO_ON, REPEAT = ("", "len_lop"), "luu_ban"
LAST_GRADES = (5, 9, 18)
"""Who finishes lớp 5, lớp 9, the oldest of kindergarten goes on elsewhere."""
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


# the class of a year is the one that the pupil was in last
_FOLLOW = """WITH studied AS (
  SELECT DISTINCT ON (e.id) e.year, e.pupil_id, e.entry, e.status, c.grade,
    COALESCE(e.frozen ->> 'full_name', p.full_name, '') AS title
  FROM registry_enrolment e LEFT JOIN registry_pupil p ON p.id = e.pupil_id
  LEFT JOIN registry_placement w ON w.enrolment_id = e.id LEFT JOIN registry_schoolclass c ON c.id = w.school_class_id
  WHERE e.school_id = %(school)s AND e.year IN (%(year)s, %(year)s - 1) ORDER BY e.id, w.since DESC, w.id DESC
), before AS (SELECT * FROM studied WHERE year < %(year)s), now AS (SELECT * FROM studied WHERE year = %(year)s)
SELECT 'gone', b.title FROM before b WHERE b.status <> ALL (%(left)s) AND b.grade <> ALL (%(last)s)
  AND b.pupil_id NOT IN (SELECT pupil_id FROM now)
UNION ALL
SELECT 'new', n.title FROM now n WHERE n.entry = ANY (%(stayed)s) AND EXISTS (SELECT FROM before)
  AND n.pupil_id NOT IN (SELECT pupil_id FROM before)
UNION ALL
SELECT 'step', n.title FROM now n JOIN before b USING (pupil_id)
  WHERE n.grade BETWEEN 1 AND 9 AND b.grade BETWEEN 1 AND 9 AND n.entry = ANY (%(stayed)s)
  AND n.grade - b.grade <> CASE n.entry WHEN %(repeat)s THEN 0 ELSE 1 END
ORDER BY 2"""
_SAYS = {
    "gone": "Năm trước còn học ở trường, năm nay không thấy: {names}. Thêm em vào lớp, hoặc ghi chuyển đi, thôi học.",
    "new": "Ghi lên lớp, lưu ban mà năm trước không học ở trường: {names}. Sửa loại nhập học của em.",
    "step": "Khối năm nay không nối với khối năm trước: {names}. Xem lại lớp, loại nhập học của em.",
}


def followed(school: School, period: ReportingPeriod) -> list[Finding]:
    """The findings of C06 for an opening; nothing where last year is not in the registry."""
    if period.kind != PeriodKind.OPENING:
        return []
    parameters = {
        "school": school.pk, "year": period.year, "left": list(LEFT), "last": list(LAST_GRADES),
        "stayed": [*GO_ON, REPEAT], "repeat": REPEAT,
    }  # fmt: skip
    rows = query(_FOLLOW, parameters)
    if not rows:
        return []
    named = {way: [name for way_of, name in rows if way_of == way] for way in _SAYS}
    message = " ".join(says.format(names=_listed(named[way])) for way, says in _SAYS.items() if named[way])
    formula = "đầu năm khối g + 1 = khối g năm trước + lưu ban + đến − đi − thôi học"
    values = tuple(len(names) for names in named.values())
    return [Finding("C06", "warning", _pupils_table(school, period), (("1", "T"),), values, formula, message)]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" và {len(names) - SHOWN} em khác" if len(names) > SHOWN else "")


def _pupils_table(school: School, period: ReportingPeriod) -> str:
    """The table whose first row is all pupils."""
    return next(t.code for t in tables_of_school(period, school) if t.cube.name == "pupils" and "1" in t.row)


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
    now = opening - len(gone) + len(new)
    came, left = sum(told for *_rest, told in new), sum(told for *_rest, told in gone)
    message = (
        f"Đầu năm {opening}, đến {came}, đi {left}, nay {now} em: lệch {abs(opening + came - left - now)}. "
        f"Chưa có trạng thái ghi ngày trong kỳ: {_listed(untold)}. Ghi ngày đến, ngày đi của các em."
    )
    values = (opening, came, left, now)
    formula = "cuối kỳ = đầu năm + đến − đi − thôi học"
    return [Finding("C05", "error", _pupils_table(school, period), (("1", "T"),), values, formula, message)]
