"""Whether a column may be written on a day, and why not, in words (product.md, habit 8)."""

from datetime import date, datetime
from typing import NamedTuple


class Window(NamedTuple):
    """First and last day of a kind of mark."""

    opens_on: date
    closes_on: date


class Open(NamedTuple):
    """A reopening that was granted: until when, its number, and why."""

    until: datetime
    number: int
    reason: str


def closed_because(window: Window | None, reopened: Open | None, today: date, now: datetime) -> str:
    """Why the column is closed, or "" when it is open; the last day counts to its end."""
    if window is None or window.opens_on <= today <= window.closes_on or (reopened and now < reopened.until):
        return ""
    if today < window.opens_on:
        return f"Mở từ ngày {window.opens_on:%d/%m/%Y} theo lịch."
    return f"Khóa hết ngày {window.closes_on:%d/%m/%Y} theo lịch. Xin mở khóa để ghi."


def reason_of(window: Window | None, reopened: Open | None, today: date) -> str:
    """What an entry written by a reopening says for its reason; "" while the plan lets everybody write."""
    if reopened is None or window is None or window.opens_on <= today <= window.closes_on:
        return ""
    return f"Mở khóa số {reopened.number}: {reopened.reason}"[:200]
