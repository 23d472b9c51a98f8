"""Days of a school year that statuses name: terms and the summer before (khung thời gian năm học)."""

from datetime import date, timedelta
from random import Random


def day_text(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def as_date(text: str) -> date:
    """The day of a text dd/mm/yyyy."""
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def opening(year: int) -> date:
    """Ngày khai giảng."""
    return date(year, 9, 5)


SPANS = {
    "hè": lambda year: (date(year, 6, 10), date(year, 8, 20)),
    "kỳ 1": lambda year: (date(year, 9, 12), date(year, 12, 31)),
    "kỳ 2": lambda year: (date(year + 1, 1, 25), date(year + 1, 5, 20)),
    "hè sau": lambda year: (date(year + 1, 6, 5), date(year + 1, 7, 25)),
}
"""Well inside each term, so that a calendar that differs by a few days still agrees (rule V05)."""


def random_day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, (last - first).days))


def event_day(rng: Random, span: str, year: int, today: date) -> date | None:
    """A day in the span, or None if it has not come on `today`; drawn either way, so that later days agree."""
    day = random_day(rng, *SPANS[span](year))
    return day if day <= today else None
