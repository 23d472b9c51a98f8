"""Rules C01 to C17 as far as the registry has the facts. C04, C11, C12 wait for results, C14 for the owner of an
independent group, C15, C16, C18 for the survey of children and the disclosures; C05, C06, C13 compare rows, not
figures, and stand in ``moves`` and ``selectors``."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from khue.base.core.text import dotted

from .base import ColumnLike, Finding, Number, RowLike, Rule, Sheet, TableFigures

CHANGE_PERCENT, CHANGE_COUNT, SMALL = 20, 30, 5
"""C10: more than 20 % or more than 30; changes below 5 are no news in a small figure."""
FEW = 10
"""C07: fewer pupils than this in a class are unusual; above the norm 10 more are."""


def _rounded(value: Decimal, unit: str) -> Decimal:
    """Half up, as reports round (statistics.md §5)."""
    return value.quantize(Decimal(unit), ROUND_HALF_UP)


def _finding(
    rule: str, level: str, table: TableFigures, cells: list[tuple[str, str]], formula: str, message: str,
    *, needs_reason: bool = False,
) -> Finding:  # fmt: skip
    values = tuple(table.cells.get(cell, 0) for cell in cells)
    return Finding(rule, level, table.code, tuple(cells), values, formula, message, needs_reason)  # type: ignore[arg-type]


def _main_grades(table: TableFigures) -> list[ColumnLike]:
    return [c for c in table.columns if c.code.startswith("K") and c.code[1:].isdigit()]


def _counted(table: TableFigures) -> list[RowLike]:
    return [row for row in table.rows if not row.entered and not row.sum]


def totals(sheet: Sheet) -> Iterator[Finding]:
    """C01: the total is the sum of the grades, of the kinds of ownership, of the kinds of building and of contract."""
    for table in sheet.tables:
        parts = [c.code for c in _main_grades(table)]
        for codes in (["CL", "TT", "DL"], ["KC", "BK", "TA", "NM"], ["BC", "HD"]):
            if codes[0] in (c.code for c in table.columns):
                parts = codes
        if not parts:
            continue
        for row in _counted(table):
            present = [code for code in parts if (row.code, code) in table.cells]
            total = table.cells.get((row.code, "T"))
            if total is None or not present:
                continue
            added = sum(table.cells[row.code, code] for code in present)
            if added == total:
                continue
            labels = " + ".join(_plain(table, code) for code in present)
            what = (
                f"{row.label}: tổng {dotted(total)}, cộng các cột được {dotted(added)}, lệch {dotted(total - added)}. "
                f"{_why(table, parts)}"
            )
            cells = [(row.code, "T"), *((row.code, code) for code in present)]
            yield _finding("C01", "error", table, cells, f"Tổng = {labels}", what)


def _plain(table: TableFigures, code: str) -> str:
    column = table.column(code)
    return column.group or column.label


def _why(table: TableFigures, parts: list[str]) -> str:
    if table.cube == "pupils":
        return "Có em chưa xếp lớp: xếp lớp cho các em, hoặc ghi ngày rời trường."
    if parts[0] == "KC":
        return "Có phòng chưa ghi cấp công trình."
    if parts[0] == "CL":
        return "Có trường chưa ghi loại hình."
    return "Có dòng chưa ghi đủ khối, loại."


def parts_within(sheet: Sheet) -> Iterator[Finding]:
    """C02: no part is greater than its whole, girls of a minority not more than girls or than the minority."""
    for table in sheet.tables:
        for row in table.rows:
            for column in table.columns:
                here = table.cells.get((row.code, column.code))
                if here is None:
                    continue
                for cell, formula in _wholes(table, row, column):
                    whole = table.cells.get(cell)
                    if whole is not None and here > whole:
                        message = (
                            f"{table.says(row.code, column.code)}: {dotted(here)}, nhiều hơn "
                            f"{table.says(*cell)}: {dotted(whole)}. {_mend(row)}"
                        )
                        yield _finding("C02", "error", table, [(row.code, column.code), cell], formula, message)


def _wholes(table: TableFigures, row: RowLike, column: ColumnLike) -> Iterator[tuple[tuple[str, str], str]]:
    """(cell that cannot be smaller, formula)."""
    whole = table.row(row.of) if row.of else None
    if whole is not None:
        yield (whole.code, column.code), f"{row.label} ≤ {whole.label}"
    if row.sum:
        return
    codes = {c.code for c in table.columns}
    for part, of in (("N", "T"), ("D", "T"), ("ND", "N"), ("ND", "D"), ("DV", "T")):
        if column.code == part and of in codes:
            yield (row.code, of), f"{column.label} ≤ {table.column(of).label}"
    if column.code.startswith("K") and column.code.endswith("N"):
        yield (row.code, column.code[:-1]), "Nữ ≤ Tổng của khối"


def _mend(row: RowLike) -> str:
    return "Sửa số nhập tay." if row.entered else "Sửa hồ sơ sau con số."


def kinds_add_up(sheet: Sheet) -> Iterator[Finding]:
    """C03, C08, C09: ages, ways of entering, groups and standards of staff, kinds of room add up to their whole."""
    for table in sheet.tables:
        rule = {"staff": "C08", "rooms": "C09"}.get(table.cube, "C03")
        families: dict[tuple[str, str], list[RowLike]] = {}
        for row in table.rows:
            if row.of and row.part:
                families.setdefault((row.of, row.part), []).append(row)
        for (of, _part), rows in families.items():
            yield from _family(rule, table, of, rows)


def _family(rule: str, table: TableFigures, of: str, rows: list[RowLike]) -> Iterator[Finding]:
    for column in table.columns:
        whole = table.cells.get((of, column.code))
        if whole is None:
            continue
        added = sum(table.cells.get((row.code, column.code), 0) for row in rows)
        if added != whole:
            label = table.says(of, column.code)
            message = (
                f"{label}: {dotted(whole)}, cộng các phần được {dotted(added)}, lệch {dotted(whole - added)}. "
                "Có hồ sơ chưa ghi mục này."
            )
            cells = [(of, column.code), *((row.code, column.code) for row in rows if not row.family)]
            formula = f"{table.row(of).label} = tổng các phần"  # type: ignore[union-attr]
            yield _finding(rule, "error", table, cells, formula, message)


def classes_and_pupils(sheet: Sheet) -> Iterator[Finding]:
    """C07: a grade has classes just when it has pupils; classes are neither tiny nor far over the norm."""
    for classes in sheet.of("classes"):
        pupils = next(
            (t for t in sheet.of("pupils") if t.level == classes.level and _main_grades(t) and t.row("1")), None
        )
        if pupils is None:
            continue
        for column in _main_grades(classes):
            rooms, heads = classes.cells.get(("1", column.code), 0), pupils.cells.get(("1", column.code), 0)
            if bool(rooms) != bool(heads):
                message = f"{column.label}: {dotted(rooms)} lớp mà có {dotted(heads)} học sinh. Sửa lớp hoặc xếp lớp."
                yield _finding(
                    "C07", "error", classes, [("1", column.code)], "lớp = 0 khi và chỉ khi học sinh = 0", message
                )
            elif rooms:
                yield from _sizes(sheet, classes, column, rooms, heads)


def _sizes(sheet: Sheet, table: TableFigures, column: ColumnLike, rooms: Number, heads: Number) -> Iterator[Finding]:
    low, high = sheet.norms.get(column.code[1:], (FEW, 45))
    if not low * rooms <= heads <= (high + 10) * rooms:
        average = dotted(_rounded(Decimal(heads) / rooms, "0.1"))
        message = (
            f"{column.label}: bình quân {average} em mỗi lớp, thường từ {low} đến {high + 10}. Đúng thì giữ nguyên."
        )
        formula = f"{low} ≤ học sinh / lớp ≤ {high} + 10"
        yield _finding("C07", "warning", table, [("1", column.code)], formula, message)


def one_principal(sheet: Sheet) -> Iterator[Finding]:
    """C08: a school has at most one principal."""
    for table in sheet.of("staff"):
        row = table.row("2.1")
        if sheet.is_school and row is not None and table.cells.get((row.code, "T"), 0) > 1:
            count = dotted(table.cells[row.code, "T"])
            yield _finding(
                "C08", "error", table, [(row.code, "T")], "hiệu trưởng ≤ 1",
                f"Có {count} hiệu trưởng. Người đã thôi giữ chức: ghi ngày rời trường hoặc đổi vị trí việc làm.",
            )  # fmt: skip


def rooms_for_two_sessions(sheet: Sheet) -> Iterator[Finding]:
    """C09: classes with two sessions need a classroom each."""
    for rooms in sheet.of("rooms"):
        classes = next((t for t in sheet.of("classes") if t.level == rooms.level and t.row("3")), None)
        row = next((r for r in rooms.rows if r.code == "1.1"), None)
        if classes is None or row is None:
            continue
        two = next((r.code for r in classes.rows if r.label.startswith("Học 2 buổi")), "")
        wanted, there = classes.cells.get((two, "T"), 0), rooms.cells.get((row.code, "T"), 0)
        if wanted > there:
            message = (
                f"{dotted(wanted)} lớp học 2 buổi mà chỉ có {dotted(there)} phòng học. Ghi phòng mượn vào danh sách "
                "phòng, hoặc giải trình."
            )
            yield _finding("C09", "warning", rooms, [(row.code, "T")], "lớp 2 buổi ≤ phòng học", message)


def change_of_a_year(sheet: Sheet) -> Iterator[Finding]:
    """C10: a change of more than 20 % or more than 30 against the year before needs an explanation."""
    for table in sheet.tables:
        if table.before is None:
            continue
        for row in (row for row in table.rows if not row.family and not row.sum and row.code != "0"):
            now, before = table.cells.get((row.code, "T")), table.before.get((row.code, "T"))
            if now is None or before is None:
                continue
            change = max(now, before) - min(now, before)
            if change > CHANGE_COUNT or (change >= SMALL and change * 100 > CHANGE_PERCENT * before):
                sign = "tăng" if now > before else "giảm"
                percent = (
                    f" ({dotted((Decimal(change) * 100 / before).quantize(Decimal(1), ROUND_HALF_UP))} %)"
                    if before
                    else ""
                )
                message = (
                    f"{row.label}: {dotted(before)} → {dotted(now)}, {sign} {dotted(change)}{percent}. Ghi vì sao."
                )
                formula = f"lệch ≤ {CHANGE_PERCENT} % và ≤ {CHANGE_COUNT}"
                yield _finding("C10", "warning", table, [(row.code, "T")], formula, message, needs_reason=True)


def copied_forms(sheet: Sheet) -> Iterator[Finding]:
    """C17: a table that is all zero, all round, or equal to the year before in every cell."""
    for table in sheet.tables:
        values = [value for value in table.cells.values() if value]
        if not table.cells or all(row.entered for row in table.rows) or table.cube == "schools":
            continue
        first = [next(iter(table.cells))]
        if not values and table.cube in ("pupils", "classes", "staff"):
            yield _finding(
                "C17", "warning", table, first, "không bằng 0 hết", f"{table.title}: mọi ô bằng 0. Chưa nhập?"
            )
        elif len(values) >= 10 and all(value % 10 == 0 for value in values):
            yield _finding("C17", "warning", table, first, "không tròn chục hết", f"{table.title}: mọi số tròn chục.")
        elif values and table.before is not None and dict(table.before) == dict(table.cells) and table.cube == "pupils":
            message = f"{table.title}: bằng đúng năm trước ở mọi ô. Xem có phải số chép lại không."
            yield _finding("C17", "warning", table, first, "không chép năm trước", message)


RULES = (
    Rule("C01", "Tổng bằng cộng các khối, các loại hình", "error", totals),
    Rule("C02", "Bộ phận không nhiều hơn tổng", "error", parts_within),
    Rule("C03", "Các độ tuổi, các nguồn vào học cộng lại bằng tổng; phần của cán bộ (C08), của phòng (C09) cũng vậy",
         "error", kinds_add_up),
    Rule("C07", "Khối có lớp thì có học sinh; sĩ số trong khoảng thường gặp", "warning", classes_and_pupils),
    Rule("C08", "Mỗi trường một hiệu trưởng", "error", one_principal),
    Rule("C09", "Lớp học 2 buổi không nhiều hơn phòng học", "warning", rooms_for_two_sessions),
    Rule("C10", "Lệch nhiều so với năm trước thì có giải trình", "warning", change_of_a_year),
    Rule("C17", "Không phải biểu chép, biểu trống", "warning", copied_forms),
)  # fmt: skip


def check(sheet: Sheet) -> list[Finding]:
    """What every rule finds, errors first."""
    found = [finding for rule in RULES for finding in rule.test(sheet)]
    return sorted(found, key=lambda finding: (finding.level != "error", finding.rule))


def needing_reason(findings: list[Finding], reasons: dict[str, str]) -> list[Finding]:
    """Changes that must be explained and are not yet."""
    return [f for f in findings if f.needs_reason and not reasons.get(f.key, "").strip()]
