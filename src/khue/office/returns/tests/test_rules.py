"""The consistency rules, each on both sides of its border; small tables made here, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.base.core.text import dotted
from khue.office.returns.rules import RULES, Finding, Sheet, TableFigures, check, needing_reason
from khue.office.returns.rules import tables as rules


@dataclass(frozen=True)
class Row:
    code: str
    label: str = "Học sinh"
    of: str = ""
    part: str = ""
    sum: str = ""
    entered: bool = False
    family: bool = False


@dataclass(frozen=True)
class Column:
    code: str
    label: str
    group: str = ""


TOTAL = Column("T", "Tổng số", "Tổng số")
GIRLS, MINORITY = Column("N", "Nữ", "Tổng số"), Column("D", "Dân tộc", "Tổng số")
BOTH = Column("ND", "Nữ dân tộc", "Tổng số")
SIX, SIX_GIRLS = Column("K6", "Tổng", "Lớp 6"), Column("K6N", "Nữ", "Lớp 6")
SEVEN = Column("K7", "Tổng", "Lớp 7")
PUPILS = (Row("1"),)
PARTS = (
    Row("1"), Row("3.1", "11 tuổi", of="1", part="tuoi"), Row("3.2", "Trên 11 tuổi", of="1", part="tuoi"),
)  # fmt: skip
Figures = dict[str, Mapping[str, Any]]


def cells(figures: Figures) -> dict[tuple[str, str], Any]:
    """{"1": {"T": 70}} → {("1", "T"): 70}"""
    return {(row, column): value for row, found in figures.items() for column, value in found.items()}


def table(
    figures: Figures, rows: tuple[Row, ...] = PUPILS, columns: tuple[Column, ...] = (TOTAL,), cube: str = "pupils",
    before: Figures | None = None, title: str = "Học sinh",
) -> TableFigures:  # fmt: skip
    return TableFigures(
        "THCS3", "THCS", title, cube, rows, columns, cells(figures), None if before is None else cells(before)
    )


def found(rule: Any, *tables: TableFigures, **more: Any) -> list[Finding]:
    return list(rule(Sheet(tables, **more)))


def only(rule: Any, *tables: TableFigures, **more: Any) -> Finding:
    (finding,) = found(rule, *tables, **more)
    return finding


# --- C01 -----------------------------------------------------------------------------------------------------------


def test_c01_a_total_is_the_sum_of_its_grades():
    columns = (TOTAL, SIX, SEVEN)
    assert not found(rules.totals, table({"1": {"T": 70, "K6": 40, "K7": 30}}, columns=columns))
    one = only(rules.totals, table({"1": {"T": 70, "K6": 40, "K7": 29}}, columns=columns))
    assert (one.rule, one.level, one.formula, one.values) == ("C01", "error", "Tổng = Lớp 6 + Lớp 7", (70, 40, 29))
    assert one.cells == (("1", "T"), ("1", "K6"), ("1", "K7"))
    assert one.key == "THCS3 1 T"
    assert one.message == (
        "Học sinh: tổng 70, cộng các cột được 69, lệch 1. "
        "Có em chưa xếp lớp: xếp lớp cho các em, hoặc ghi ngày rời trường."
    )


@pytest.mark.parametrize(
    ("codes", "cube", "why"),
    [
        (("CL", "TT", "DL"), "schools", "Có trường chưa ghi loại hình."),
        (("KC", "BK", "TA", "NM"), "rooms", "Có phòng chưa ghi cấp công trình."),
        (("BC", "HD"), "staff", "Có dòng chưa ghi đủ khối, loại."),
    ],
)
def test_c01_kinds_of_ownership_of_building_of_contract(codes, cube, why):
    columns = (TOTAL, *(Column(code, code) for code in codes))
    right = {"1": {"T": 1000 * len(codes)} | dict.fromkeys(codes, 1000)}
    assert not found(rules.totals, table(right, columns=columns, cube=cube))
    one = only(rules.totals, table({"1": {**right["1"], "T": 9000}}, columns=columns, cube=cube))
    assert f"tổng 9.000, cộng các cột được {len(codes)}.000, lệch {9 - len(codes)}.000. {why}" in one.message


def test_c01_leaves_out_what_is_entered_measured_or_does_not_apply():
    rows = (Row("1"), Row("4", entered=True), Row("5", sum="area"), Row("6"))
    figures = {"1": {"T": 3}, "4": {"T": 9, "K6": 1}, "5": {"T": Decimal("8.5"), "K6": 2}, "6": {"K6": 4}}
    assert not found(rules.totals, table(figures, rows, (TOTAL, SIX)))


# --- C02 -----------------------------------------------------------------------------------------------------------


def test_c02_a_part_is_never_greater_than_its_whole():
    rows = (Row("1"), Row("2", "Bán trú", of="1"))
    assert not found(rules.parts_within, table({"1": {"T": 12}, "2": {"T": 12}}, rows))
    one = only(rules.parts_within, table({"1": {"T": 12}, "2": {"T": 13}}, rows))
    assert (one.rule, one.level, one.formula) == ("C02", "error", "Bán trú ≤ Học sinh")
    assert one.cells == (("2", "T"), ("1", "T"))
    assert one.message == "Bán trú, Tổng số: 13, nhiều hơn Học sinh, Tổng số: 12. Sửa hồ sơ sau con số."


def test_c02_tells_to_mend_the_entered_number():
    rows = (Row("1", "Trường"), Row("4", "Có bếp ăn", of="1", entered=True))
    one = only(rules.parts_within, table({"1": {"T": 1}, "4": {"T": 2}}, rows))
    assert one.message == "Có bếp ăn, Tổng số: 2, nhiều hơn Trường, Tổng số: 1. Sửa số nhập tay."


@pytest.mark.parametrize(
    ("figures", "message", "formula"),
    [
        ({"T": 10, "N": 11}, "Học sinh, Tổng số nữ: 11, nhiều hơn Học sinh, Tổng số: 10.", "Nữ ≤ Tổng số"),
        ({"T": 10, "D": 11}, "Học sinh, Tổng số dân tộc: 11, nhiều hơn Học sinh, Tổng số: 10.", "Dân tộc ≤ Tổng số"),
        (
            {"T": 10, "N": 3, "D": 5, "ND": 4},
            "Học sinh, Tổng số nữ dân tộc: 4, nhiều hơn Học sinh, Tổng số nữ: 3.", "Nữ dân tộc ≤ Nữ",
        ),
        (
            {"T": 10, "N": 5, "D": 3, "ND": 4},
            "Học sinh, Tổng số nữ dân tộc: 4, nhiều hơn Học sinh, Tổng số dân tộc: 3.", "Nữ dân tộc ≤ Dân tộc",
        ),
        ({"K6": 4, "K6N": 5}, "Học sinh, Lớp 6 nữ: 5, nhiều hơn Học sinh, Lớp 6 tổng: 4.", "Nữ ≤ Tổng của khối"),
    ],
)  # fmt: skip
def test_c02_girls_and_minorities(figures, message, formula):
    columns = (TOTAL, GIRLS, MINORITY, BOTH, SIX, SIX_GIRLS)
    one = only(rules.parts_within, table({"1": figures}, columns=columns))
    assert (one.message, one.formula) == (f"{message} Sửa hồ sơ sau con số.", formula)
    small = {code: min(figures.values()) for code in figures}
    assert not found(rules.parts_within, table({"1": small}, columns=columns))


# --- C03, C08, C09: parts that add up ------------------------------------------------------------------------------


@pytest.mark.parametrize(("cube", "rule"), [("pupils", "C03"), ("staff", "C08"), ("rooms", "C09"), ("classes", "C03")])
def test_c03_the_parts_of_a_kind_add_up(cube, rule):
    assert not found(rules.kinds_add_up, table({"1": {"T": 12}, "3.1": {"T": 7}, "3.2": {"T": 5}}, PARTS, cube=cube))
    one = only(rules.kinds_add_up, table({"1": {"T": 12}, "3.1": {"T": 7}, "3.2": {"T": 4}}, PARTS, cube=cube))
    assert (one.rule, one.level, one.formula) == (rule, "error", "Học sinh = tổng các phần")
    assert one.cells == (("1", "T"), ("3.1", "T"), ("3.2", "T"))
    assert one.message == "Học sinh, Tổng số: 12, cộng các phần được 11, lệch 1. Có hồ sơ chưa ghi mục này."


def test_c03_two_kinds_of_parts_are_added_apart():
    rows = (*PARTS, Row("4.1", "Tuyển mới", of="1", part="nguon"))
    figures = {"1": {"T": 2}, "3.1": {"T": 1}, "3.2": {"T": 1}, "4.1": {"T": 2}}
    assert not found(rules.kinds_add_up, table(figures, rows))
    assert only(rules.kinds_add_up, table({**figures, "4.1": {"T": 1}}, rows)).cells == (("1", "T"), ("4.1", "T"))


def test_c03_a_family_adds_up_but_is_not_named_cell_by_cell():
    rows = (Row("1"), *(Row(f"8.0{n}", f"Dân tộc {n}", of="1", part="dan-toc", family=True) for n in range(3)))
    assert only(rules.kinds_add_up, table({"1": {"T": 5}, "8.01": {"T": 4}}, rows)).cells == (("1", "T"),)


# --- C07 -----------------------------------------------------------------------------------------------------------


def sizes(rooms: int, heads: int, **more: Any) -> list[Finding]:
    columns = (Column("T", "Tổng số"), Column("K6", "Lớp 6"))
    classes = table({"1": {"T": rooms, "K6": rooms}}, (Row("1", "Lớp"),), columns, "classes", title="Lớp")
    return found(rules.classes_and_pupils, classes, table({"1": {"K6": heads}}, columns=columns), **more)


@pytest.mark.parametrize(("rooms", "heads"), [(0, 12), (2, 0)])
def test_c07_classes_without_pupils_and_pupils_without_classes(rooms, heads):
    (one,) = sizes(rooms, heads)
    assert (one.rule, one.level, one.formula) == ("C07", "error", "lớp = 0 khi và chỉ khi học sinh = 0")
    assert one.message == f"Lớp 6: {rooms} lớp mà có {heads} học sinh. Sửa lớp hoặc xếp lớp."
    assert not sizes(0, 0)


@pytest.mark.parametrize(("heads", "average"), [(20, ""), (19, "9,5"), (110, ""), (111, "55,5"), (115, "57,5")])
def test_c07_sizes_without_a_norm(heads, average):
    said = [one.message for one in sizes(2, heads)]
    told = f"Lớp 6: bình quân {average} em mỗi lớp, thường từ 10 đến 55. Đúng thì giữ nguyên."
    assert said == ([told] if average else [])


@pytest.mark.parametrize(("heads", "warned"), [(14, True), (15, False), (35, False), (36, True)])
def test_c07_sizes_by_the_norm_of_the_grade(heads, warned):
    warnings = sizes(1, heads, norms={"6": (15, 25)})
    assert [(one.level, one.formula) for one in warnings] == (
        [("warning", "15 ≤ học sinh / lớp ≤ 25 + 10")] if warned else []
    )


def test_c07_tables_of_another_level_are_not_compared():
    classes = TableFigures("TH2", "TH", "Lớp", "classes", (Row("1"),), (SIX,), {("1", "K6"): 3})
    assert not found(rules.classes_and_pupils, classes, table({"1": {"K6": 0}}, columns=(SIX,)))


# --- C08, C09 ------------------------------------------------------------------------------------------------------


def test_c08_one_principal():
    def staff(count: int) -> TableFigures:
        return table({"2.1": {"T": count}}, (Row("2.1", "Hiệu trưởng"),), cube="staff")

    assert not found(rules.one_principal, staff(0), staff(1))
    one = only(rules.one_principal, staff(2))
    assert (one.rule, one.level, one.formula) == ("C08", "error", "hiệu trưởng ≤ 1")
    assert one.message == ("Có 2 hiệu trưởng. Người đã thôi giữ chức: ghi ngày rời trường hoặc đổi vị trí việc làm.")
    assert not found(rules.one_principal, staff(2), is_school=False)


def test_c09_classes_with_two_sessions_need_rooms():
    def both(wanted: int, there: int) -> list[Finding]:
        rows = (Row("1", "Lớp"), Row("3", "Học 2 buổi/ngày"))
        classes = table({"1": {"T": 9}, "3": {"T": wanted}}, rows, cube="classes")
        return found(rules.rooms_for_two_sessions, classes, table({"1.1": {"T": there}}, (Row("1.1"),), cube="rooms"))

    assert not both(8, 8)
    (one,) = both(9, 8)
    assert (one.rule, one.level, one.formula) == ("C09", "warning", "lớp 2 buổi ≤ phòng học")
    assert one.message == (
        "9 lớp học 2 buổi mà chỉ có 8 phòng học. Ghi phòng mượn vào danh sách phòng, hoặc giải trình."
    )


# --- C10 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (100, 120, ""),
        (100, 121, "Học sinh: 100 → 121, tăng 21 (21 %). Ghi vì sao."),
        (100, 80, ""),
        (100, 79, "Học sinh: 100 → 79, giảm 21 (21 %). Ghi vì sao."),
        (1000, 1030, ""),
        (1000, 1031, "Học sinh: 1.000 → 1.031, tăng 31 (3 %). Ghi vì sao."),
        (4, 8, ""),
        (3, 8, "Học sinh: 3 → 8, tăng 5 (167 %). Ghi vì sao."),
        (0, 4, ""),
        (0, 5, "Học sinh: 0 → 5, tăng 5. Ghi vì sao."),
        (200, 225, ""),
    ],
)
def test_c10_a_great_change_needs_a_reason(before, now, said):
    findings = found(rules.change_of_a_year, table({"1": {"T": now}}, before={"1": {"T": before}}))
    assert [one.message for one in findings] == ([said] if said else [])
    assert all((one.rule, one.level, one.needs_reason) == ("C10", "warning", True) for one in findings)


def test_c10_compares_only_rows_that_were_there_and_count_something():
    rows = (Row("0"), Row("1"), Row("2", family=True), Row("3", sum="area"))
    grown = table({key: {"T": 100} for key in "0123"}, rows, before={key: {"T": 1} for key in "023"})
    assert not found(rules.change_of_a_year, grown)
    assert not found(rules.change_of_a_year, table({"1": {"T": 100}}))


def test_reasons_hang_on_the_cell():
    findings = check(Sheet((table({"1": {"T": 50}}, before={"1": {"T": 10}}),)))
    assert [one.key for one in needing_reason(findings, {})] == ["THCS3 1 T"]
    assert needing_reason(findings, {"THCS3 1 T": "  "})
    assert not needing_reason(findings, {"THCS3 1 T": "Mở thêm lớp"})


# --- C17 -----------------------------------------------------------------------------------------------------------


def many(*values: int) -> tuple[Figures, tuple[Row, ...]]:
    return {str(n): {"T": value} for n, value in enumerate(values)}, tuple(Row(str(n)) for n in range(len(values)))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0, 0), ["Học sinh: mọi ô bằng 0. Chưa nhập?"]),
        ((0, 1), []),
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 100), ["Học sinh: mọi số tròn chục."]),
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 101), []),
        ((10, 20, 30, 40, 50, 60, 70, 80, 90, 0), []),
    ],
)
def test_c17_empty_and_round_tables(values, said):
    figures, rows = many(*values)
    findings = found(rules.copied_forms, table(figures, rows))
    assert [one.message for one in findings] == said
    assert all((one.rule, one.level, one.needs_reason) == ("C17", "warning", False) for one in findings)


def test_c17_a_copy_of_the_year_before():
    same = {"1": {"T": 37}}
    assert only(rules.copied_forms, table(same, before=same)).message == (
        "Học sinh: bằng đúng năm trước ở mọi ô. Xem có phải số chép lại không."
    )
    assert not found(rules.copied_forms, table(same, before={"1": {"T": 38}}))
    assert not found(rules.copied_forms, table(same, cube="classes", before=same)), "classes may stay as they are"


def test_c17_entered_tables_and_schools_may_be_empty():
    assert not found(rules.copied_forms, table({"1": {"T": 0}}, (Row("1", entered=True),)))
    assert not found(rules.copied_forms, table({"1": {"T": 0}}, cube="schools"))
    assert not found(rules.copied_forms, table({}))


# --- all together --------------------------------------------------------------------------------------------------

COLUMNS = (TOTAL, GIRLS, MINORITY, BOTH, SIX, SIX_GIRLS, SEVEN, Column("KC", "Kiên cố"), Column("BC", "Biên chế"))
ROWS = (
    *PARTS, Row("0"), Row("2", "Học 2 buổi/ngày", of="1"), Row("2.1", of="2"), Row("1.1", of="1"), Row("3"),
    Row("4", entered=True, of="1"), Row("5", sum="area"), Row("8.01", of="1", part="dan-toc", family=True),
)  # fmt: skip
NUMBERS = st.integers(0, 10**9) | st.decimals(0, 10**7, places=2)
KEYS = st.sampled_from([(row.code, column.code) for row in ROWS for column in COLUMNS])
ANY_CELLS = st.dictionaries(KEYS, NUMBERS, max_size=20)
CUBES = st.sampled_from(["pupils", "classes", "staff", "rooms", "schools"])


@st.composite
def any_table(draw: Any) -> TableFigures:
    return TableFigures(
        "X1", draw(st.sampled_from(["TH", "THCS"])), "Biểu", draw(CUBES), ROWS, COLUMNS, draw(ANY_CELLS),
        draw(st.none() | ANY_CELLS),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(any_table(), max_size=3), st.booleans())
def test_rules_never_raise_and_say_where(tables, is_school):
    findings = check(Sheet(tuple(tables), is_school))
    numbers = {rule.number for rule in RULES}
    for one in findings:
        assert one.rule in numbers | {"C03"}
        assert one.cells
        assert len(one.values) == len(one.cells)
        assert one.message.endswith((".", "?"))
        assert one.key.startswith("X1 ")
    levels = [one.level for one in findings]
    assert levels == sorted(levels), "errors stand first"


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=2))
def test_what_adds_up_gives_no_finding_of_sums(parts):
    figures: Figures = {
        row: {"T": six + seven, "K6": six, "K7": seven} for row, (six, seven) in zip(("3.1", "3.2"), parts, strict=True)
    }
    figures["1"] = {column: sum(figures[row][column] for row in ("3.1", "3.2")) for column in ("T", "K6", "K7")}
    right = table(figures, PARTS, (TOTAL, SIX, SEVEN))
    assert not {one.rule for one in check(Sheet((right,)))} & {"C01", "C02", "C03"}
    wrong = {**figures, "1": {**figures["1"], "T": figures["1"]["T"] + 1}}
    assert {"C01", "C03"} <= {one.rule for one in check(Sheet((table(wrong, PARTS, (TOTAL, SIX, SEVEN)),)))}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (10, "10"),
        (1248, "1.248"),
        (1_000_000, "1.000.000"),
        (Decimal("48.00"), "48"),
        (Decimal("9.50"), "9,5"),
    ],
)
def test_numbers_as_people_write_them(value, text):
    assert dotted(value) == text
