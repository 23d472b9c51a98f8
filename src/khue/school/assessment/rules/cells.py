"""Cells of a sheet: which there are, what may stand in them, and the marks that they make.

On the wire and in the entries a mark is a text: tenths ("85" is 8,5), "D" / "CD" (Đạt / Chưa đạt), "absent" (vắng,
không kiểm tra bù), "make_up" (chờ kiểm tra bù), "" for an empty cell. A comment is its text.
"""

from collections.abc import Mapping
from typing import NamedTuple

from .marks import Gap, Mark, TermMarks
from .numbers import mark_text

FORMATIVE, MIDTERM, FINAL, COMMENT = "tx", "gk", "ck", "nx"
LONGEST_COMMENT = 500
_WORDS = {"D": "Đ", "CD": "CĐ", Gap.ABSENT.value: "V", Gap.MAKE_UP.value: "B"}
_GRADES = {"D": True, "CD": False}


class Column(NamedTuple):
    """A column of a sheet; ``weight`` 0: it has none (comments)."""

    kind: str
    number: int
    label: str
    weight: int


class Spot(NamedTuple):
    """Where an entry stands on a sheet (ô)."""

    enrolment: int
    kind: str
    number: int


def columns(formative: int) -> tuple[Column, ...]:
    """Columns of a term's sheet in secondary schools, the comment last (22/2021 Điều 6, 7)."""
    regular = [Column(FORMATIVE, n, f"TX{n}", 1) for n in range(1, formative + 1)]
    return (
        *regular,
        Column(MIDTERM, 1, "Giữa kì", 2),
        Column(FINAL, 1, "Cuối kì", 3),
        Column(COMMENT, 1, "Nhận xét", 0),
    )


def refusal(method: str, column: Column, value: str) -> str:
    """Why this cell cannot hold the value, in words; "" when it can. ``method``: score or comment."""
    if column.kind == COMMENT:
        return "" if len(value) <= LONGEST_COMMENT else f"Nhận xét dài quá {LONGEST_COMMENT} chữ"
    if value in ("", Gap.ABSENT, Gap.MAKE_UP):
        return ""
    if method == "comment":
        return "" if value in _GRADES else "Môn này ghi Đ (Đạt) hoặc CĐ (Chưa đạt)"
    if value.isascii() and value.isdecimal() and len(value) <= 3 and int(value) <= 100 and value == str(int(value)):
        return ""
    return "Điểm từ 0 đến 10, nhiều nhất một số lẻ"


def shown(kind: str, value: str) -> str:
    """A cell as the book writes it: a mark "85" → "8,5"; Đ, CĐ, V, B; a comment as it is, be it "85"."""
    if kind == COMMENT:
        return value
    if value.isascii() and value.isdecimal():
        return mark_text(int(value))
    return _WORDS.get(value, value)


def mark_of(value: str) -> Mark:
    """The mark that the rules take from a cell."""
    if value == "":
        return None
    if value in _GRADES:
        return _GRADES[value]
    return Gap(value) if value in (Gap.ABSENT, Gap.MAKE_UP) else int(value)


def term_marks(cells: Mapping[tuple[str, int], str], formative: int) -> TermMarks:
    """Marks of one pupil in one sheet; ``cells``: (kind, number) → value. More regular marks than wanted count too."""
    numbers = {number for kind, number in cells if kind == FORMATIVE} | set(range(1, formative + 1))
    return TermMarks(
        tuple(mark_of(cells.get((FORMATIVE, number), "")) for number in sorted(numbers)),
        mark_of(cells.get((MIDTERM, 1), "")),
        mark_of(cells.get((FINAL, 1), "")),
    )
