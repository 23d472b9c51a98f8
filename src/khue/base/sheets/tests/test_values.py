"""Parsers of cells: what is taken, what is refused and in which words."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.base.sheets.findings import LEVELS, Finding
from khue.base.sheets.values import (
    cell_text,
    parse_bool,
    parse_date,
    parse_decimal,
    parse_female_mark,
    parse_identifier,
    parse_integer,
    parse_name,
    parse_personal_number,
    parse_phone,
    parse_text,
    parse_year,
)
from khue.base.sheets.workbook import Cell

DAY = datetime.date(2014, 9, 3)
PROVINCES = frozenset({"001", "074", "084"})


def levels(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.level for finding in findings]


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime.datetime(2014, 9, 3),  # noqa: DTZ001 — spreadsheets have no zones
        "03/09/2014",
        " 3/9/2014 ",
        "3-9-2014",
        "3.9.2014",
        "03 / 09 / 2014",
        "2014-09-03",
        "2014/9/3",
        "2014-09-03 00:00:00",
        "2014-09-03T00:00:00",
        "03/09/2014 00:00:00",
    ],
)
def test_dates(cell: Cell) -> None:
    assert parse_date(cell) == (DAY, ())


@pytest.mark.parametrize("cell", [41599, 41599.0, "41599"])
def test_serials_count_from_30_12_1899(cell: Cell) -> None:
    value, [finding] = parse_date(cell)
    assert value == datetime.date(2013, 11, 21)
    assert (finding.level, finding.value, finding.normalised) == ("normalised", "41599", "21/11/2013")


def test_a_year_alone_is_kept_as_incomplete() -> None:
    for cell in (2014, "2014", datetime.date(1905, 7, 6)):
        value, [finding] = parse_date(cell)
        assert value == 2014
        assert (finding.level, finding.rule) == ("warning", "date-incomplete")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("31/02/2014", "Tháng 2 không có ngày 31."),
        ("29/02/2014", "Năm 2014 không nhuận, tháng 2 không có ngày 29."),
        ("31-4-2014", "Tháng 4 không có ngày 31."),
        ("0/4/2014", "Tháng 4 không có ngày 0."),
        ("09/25/2014", "Không có tháng 25. Ghi ngày trước, tháng sau, ví dụ 03/09/2014."),
        ("3/9/14", "Năm 14 chỉ có 2 chữ số. Ghi đủ 4 chữ số, ví dụ 3/9/2014."),
        ("3/9/1814", "Không có năm 1814. Ghi lại năm bằng 4 chữ số."),
        ("tháng chín", "Không đọc được ngày. Ghi ngày/tháng/năm, ví dụ 03/09/2014."),
        (3092014, "Không đọc được ngày. Ghi ngày/tháng/năm, ví dụ 03/09/2014."),
        (True, "Không đọc được ngày. Ghi ngày/tháng/năm, ví dụ 03/09/2014."),
    ],
)
def test_dates_that_are_refused(cell: Cell, message: str) -> None:
    value, [finding] = parse_date(cell)
    assert value is None
    assert (finding.level, finding.message) == ("error", message)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)))
def test_dates_written_by_us_are_read_back(day: datetime.date) -> None:
    assert parse_date(cell_text(day)) == (day, ())
    assert parse_date(day.isoformat()) == (day, ())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (74214001234, "74214001234"),
        (74214001234.0, "74214001234"),
        ("74214001234.0", "74214001234"),
        ("HS 01", "HS 01"),
    ],
)
def test_identifiers_are_text(cell: Cell, value: str) -> None:
    assert parse_identifier(cell) == (value, ())


def test_eaten_zero_of_a_number_is_put_back_and_of_a_text_asked() -> None:
    value, [finding] = parse_identifier(123456789, length=10)
    assert (value, finding.level, finding.normalised) == ("0123456789", "normalised", "0123456789")
    value, [finding] = parse_identifier("123456789", length=10)
    assert (value, finding.level, finding.normalised) == ("123456789", "warning", "0123456789")
    value, [finding] = parse_identifier("1234567", length=10)
    assert (value, finding.level) == ("1234567", "warning")
    assert parse_identifier("0123456789", length=10) == ("0123456789", ())


@pytest.mark.parametrize("cell", ["7.42E+11", "7,42e11", 1.5, 1e18, DAY, True, "x" * 21, "<b>1</b>", "a\x07b"])
def test_identifiers_that_are_refused(cell: Cell) -> None:
    value, [finding] = parse_identifier(cell)
    assert (value, finding.level) == (None, "error")


def test_scientific_notation_says_what_happened() -> None:
    _, [finding] = parse_identifier("7.42E+11")
    assert "Excel đã rút gọn" in finding.message


@pytest.mark.parametrize(
    ("cell", "sex", "year"),
    [
        ("074214001234", "1", 2014),
        ("074314001234", "0", 2014),
        ("001099001234", "1", 1999),
        ("001199001234", "0", 1999),
        ("0742 1400 1234", "1", 2014),
    ],
)
def test_personal_numbers(cell: str, sex: str, year: int) -> None:
    expected = cell.replace(" ", "")
    assert parse_personal_number(cell, sex=sex, birth_year=year, provinces=PROVINCES) == (expected, ())


def test_v02_year_of_the_domain_page() -> None:
    value, [finding] = parse_personal_number("074215001234", sex="1", birth_year=2014)
    assert (value, finding.level, finding.rule) == (None, "error", "V02")
    assert finding.message == "Số này của người sinh năm 2015, ngày sinh ghi 2014. Một trong hai chép nhầm."


def test_v02_sex() -> None:
    _, [finding] = parse_personal_number("074214001234", sex="0")
    assert finding.message == "Số thứ tư là 2 của nam, giới tính ghi Nữ. Một trong hai chép nhầm."
    _, [finding] = parse_personal_number("074314001234", sex="1")
    assert finding.message == "Số thứ tư là 3 của nữ, giới tính ghi Nam. Một trong hai chép nhầm."


def test_personal_number_without_its_zeros() -> None:
    for cell in (84315003312, "84315003312", 84315003312.0):
        value, [finding] = parse_personal_number(cell, sex="0", birth_year=2015, provinces=PROVINCES)
        assert value == "084315003312"
        assert (finding.level, finding.message) == ("normalised", "Excel đã bỏ số 0 ở đầu, Khuê thêm lại.")
    value, _ = parse_personal_number(1315003312, sex="0", birth_year=2015, provinces=PROVINCES)
    assert value == "001315003312"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("12345678901", "Có 11 chữ số, phải đủ 12."),
        ("280123456", "Có 9 chữ số của CMND cũ, phải đủ 12. Ghi số định danh cá nhân."),
        ("0742140012345", "Có 13 chữ số, phải đủ 12."),
        ("07421400123A", "Có chữ hoặc dấu, phải là 12 chữ số. Đối chiếu với giấy khai sinh."),
    ],
)
def test_personal_numbers_that_are_refused(cell: str, message: str) -> None:
    value, [finding] = parse_personal_number(cell, sex="1", birth_year=2014, provinces=PROVINCES)
    assert (value, finding.level, finding.message) == (None, "error", message)


def test_unknown_province_is_a_warning() -> None:
    value, [finding] = parse_personal_number("999214001234", provinces=PROVINCES)
    assert (value, finding.level) == ("999214001234", "warning")


@given(st.integers(1900, 2399), st.sampled_from("01"), st.integers(0, 999_999))
def test_personal_numbers_of_all_centuries(year: int, sex: str, rest: int) -> None:
    digit = 2 * ((year - 1900) // 100) + (sex == "0")
    number = f"074{digit}{year % 100:02d}{rest:06d}"
    assert parse_personal_number(number, sex=sex, birth_year=year) == (number, ())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, True) for cell in ("x", "X", "Có", "1", 1, 1.0, True, "true", "đúng", "✓")),
        *((cell, False) for cell in ("không", "Không", "0", 0, False, "-")),
        (None, None),
    ],
)
def test_bool(cell: Cell, value: bool | None) -> None:
    assert parse_bool(cell) == (value, ())


def test_bool_refuses_the_rest() -> None:
    assert levels(parse_bool("có lẽ")[1]) == ["error"]


@pytest.mark.parametrize(("cell", "value"), [("x", "0"), ("Nữ", "0"), (None, "1"), ("không", "1")])
def test_female_mark(cell: Cell, value: str) -> None:
    assert parse_female_mark(cell) == (value, ())


def test_female_mark_refuses_the_rest() -> None:
    assert levels(parse_female_mark("abc")[1]) == ["error"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (8.5, "8.5"),
        ("8,5", "8.5"),
        ("8.5", "8.5"),
        ("1.248,5", "1248.5"),
        ("1.248.000", "1248000"),
        (48, "48"),
        ("-2", "-2"),
    ],
)
def test_decimal(cell: Cell, value: str) -> None:
    assert parse_decimal(cell) == (Decimal(value), ())


def test_decimal_of_one_group_asks() -> None:
    value, [finding] = parse_decimal("1.248")
    assert (value, finding.level, finding.normalised) == (None, "ask", "1248")


@pytest.mark.parametrize("cell", ["abc", "NaN", "Infinity", "-1", "300", DAY, True, float("nan")])
def test_decimals_that_are_refused(cell: Cell) -> None:
    value, findings = parse_decimal(cell, minimum=Decimal(0), maximum=Decimal(200))
    assert value is None
    assert levels(findings) == ["error"]


def test_integer() -> None:
    assert parse_integer("9") == (9, ())
    assert parse_integer(None) == (None, ())
    assert levels(parse_integer("8,5")[1]) == ["error"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [(1986, 1986), ("1986", 1986), ("2026-2027", 2026), (DAY, 2014), ("3/9/1986", 1986), (1986.0, 1986)],
)
def test_year(cell: Cell, value: int) -> None:
    assert parse_year(cell) == (value, ())


@pytest.mark.parametrize("cell", ["86", "1886", "năm", 41599, "2026-2028"])
def test_years_that_are_refused(cell: Cell) -> None:
    value, findings = parse_year(cell)
    assert value is None
    assert levels(findings) == ["error"]


@pytest.mark.parametrize("cell", ["0913208554", "0913 208 554", "0913.208.554", "+84 913 208 554", "84913208554"])
def test_phone(cell: str) -> None:
    assert parse_phone(cell) == ("0913208554", ())


def test_phone_with_eaten_zero_and_several_numbers() -> None:
    value, findings = parse_phone(913208554)
    assert (value, levels(findings)) == ("0913208554", ["normalised"])
    value, findings = parse_phone("0913208554 / 0918402117")
    assert (value, levels(findings)) == ("0913208554", ["warning"])


@pytest.mark.parametrize("cell", ["không có", "091320855", "113", "09132085541234"])
def test_phones_that_are_refused(cell: str) -> None:
    value, findings = parse_phone(cell)
    assert value is None
    assert levels(findings) == ["error"]


@pytest.mark.parametrize("cell", ["Nguyễn Văn An", "  Nguyễn  Văn An ", "Nguye\u0302\u0303n Văn An", "Nguyễn\nVăn An"])
def test_name(cell: str) -> None:
    assert parse_name(cell) == ("Nguyễn Văn An", ())


def test_name_in_capitals() -> None:
    value, [finding] = parse_name("THẠCH THỊ H'LEN")
    assert (value, finding.level) == ("Thạch Thị H'Len", "normalised")


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("A" * 300, "300 chữ"),
        ("<b>An</b>", "mã trang web"),
        ("Lê\x07An", "kí tự ẩn"),
        ("Lê An 2", "chữ số"),
        ("...", "không có chữ nào"),
        (42, "số hoặc ngày"),
        (DAY, "số hoặc ngày"),
    ],
)
def test_names_that_are_refused(cell: Cell, word: str) -> None:
    value, [finding] = parse_name(cell)
    assert (value, finding.level) == (None, "error")
    assert word in finding.message
    assert len(finding.value) <= 61


def test_text() -> None:
    assert parse_text(" Khu phố  3 ") == ("Khu phố 3", ())
    assert parse_text(12.0) == ("12", ())
    assert levels(parse_text("x" * 300)[1]) == ["error"]
    assert levels(parse_text("<script>")[1]) == ["error"]


CELLS = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.from_regex(r"[\d./,\-E+ ]+"),
)
PARSERS = [
    parse_text,
    parse_name,
    parse_date,
    parse_identifier,
    parse_personal_number,
    parse_bool,
    parse_female_mark,
    parse_decimal,
    parse_integer,
    parse_year,
    parse_phone,
]


@pytest.mark.parametrize("parser", PARSERS)
@given(cell=CELLS)
def test_no_cell_breaks_a_parser_and_every_refusal_has_a_sentence(parser, cell: Cell) -> None:
    value, findings = parser(cell)
    for finding in findings:
        assert finding.level in LEVELS
        assert finding.message.endswith((".", "?"))
        assert not any(word in finding.message.lower() for word in ("!", "vui lòng", "không hợp lệ", "file"))
    if value is None and cell is not None and str(cell).strip().strip("'") and cell_text(cell):
        assert findings or parser in (parse_text, parse_identifier, parse_personal_number, parse_phone)


def test_findings_get_their_place() -> None:
    finding = Finding("error", "V02", "Sai.", "1").at("Sheet1", 12, "F")
    assert finding.as_dict() == {
        "level": "error",
        "rule": "V02",
        "message": "Sai.",
        "value": "1",
        "normalised": None,
        "sheet": "Sheet1",
        "row": 12,
        "column": "F",
    }
