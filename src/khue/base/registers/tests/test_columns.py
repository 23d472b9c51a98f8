"""How values are shown and written: pure, without a database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from khue.base.registers.columns import Column, day, mask, moment, person_name, phone
from khue.base.registers.search import marked


@pytest.mark.parametrize(
    ("value", "shown"), [("074213006518", "0742•••••518"), ("12345678", "12345678"), ("", ""), (None, "")]
)
def test_personal_numbers_are_masked(value, shown):
    assert mask(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("0978196474", "0978 196 474"), ("02743822406", "02743822406"), (None, ""), ("", "")]
)
def test_phones_are_grouped(value, shown):
    assert phone(value) == shown


def test_days_and_moments_are_written_the_vietnamese_way():
    assert day(date(2026, 9, 5)) == "05/09/2026"
    assert day(None) == ""
    assert moment(datetime(2026, 9, 5, 1, 30, tzinfo=UTC)) == "05/09/2026 08:30"


def test_the_given_name_is_strong_and_what_was_typed_is_marked():
    assert person_name("Hồ Ngọc Minh Anh", ["minh"]) == ('Hồ Ngọc <mark>Minh</mark> <span class="given">Anh</span>')
    assert person_name("An") == '<span class="given">An</span>'
    assert person_name(None) == ""


def test_markup_in_a_name_stays_text():
    assert "<script>" not in person_name("Lê <script>alert(1)</script>", ["script"])
    assert "<b>" not in marked("<b>x</b> tên", ["ten"])


def test_marks_stand_where_words_begin():
    assert marked("Thêm học sinh", ["hoc"]) == "Thêm <mark>học</mark> sinh"
    assert marked("Thêm học sinh", []) == "Thêm học sinh"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1248, "1.248"), (Decimal("48.50"), "48,5"), (Decimal("1248.25"), "1.248,25"), (100, "100"), (None, "")],
)
def test_numbers_have_points_and_commas(value, shown):
    assert Column("a", "A", "a", "number").shown_by()(value) == shown


def test_a_spreadsheet_gets_whole_and_typed_values():
    number = Column("so", "Số", "so", "identifier")
    assert number.shown_by()("074213006518") == "0742•••••518"
    assert number.for_sheet()("074213006518") == "074213006518"
    born = Column("sinh", "Sinh", "sinh", "date")
    assert born.for_sheet()(date(2015, 3, 14)) == date(2015, 3, 14)
    assert born.sheet_type == "date"
    assert Column("co", "Có", "co", "bool").for_sheet()(True) == "Có"
