"""Marks are whole tenths: 8,5 is 85. One division and one rounding make an average, and no float is ever involved.

No circular names the way of rounding; half-up at the second decimal is what everybody does (7,95 → 8,0).
"""

import re

HIGHEST = 100
_MARK = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]))?")


def rounded_mean(total: int, weight: int) -> int:
    """``total`` tenths over ``weight``, half-up to a tenth: 716 / 8 = 89,5 → 90."""
    return (2 * total + weight) // (2 * weight)


def mark_text(tenths: int) -> str:
    """85 → "8,5"."""
    return f"{tenths // 10},{tenths % 10}"


def read_mark(text: str) -> int:
    """ "8,5", "8.5", "8" → 85, 85, 80; what is no mark from 0 to 10 with at most one decimal is refused."""
    found = _MARK.fullmatch(text.strip())
    tenths = int(found[1]) * 10 + int(found[2] or 0) if found else HIGHEST + 1
    if tenths > HIGHEST:
        raise ValueError(f"“{text}” không phải là điểm. Ghi số từ 0 đến 10, nhiều nhất một chữ số thập phân: 8,5.")
    return tenths


def read_whole_mark(text: str, lowest: int) -> int:
    """A mark of a primary test: a whole number. Thông tư 22/2016 knows no 0, Thông tư 27/2020 does not forbid it."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,2}", text) or not lowest <= int(text) <= 10:
        raise ValueError(f"“{text}” không phải là điểm kiểm tra. Ghi số nguyên từ {lowest} đến 10.")
    return int(text)
