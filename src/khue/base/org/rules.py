"""Pure rules of the school year (Năm học)."""

from dataclasses import dataclass
from datetime import date

LEVEL_NAMES = {"MN": "Mầm non", "TH": "Tiểu học", "THCS": "THCS"}
GRADE_LEVELS = {
    **dict.fromkeys(range(1, 6), "TH"),
    **dict.fromkeys(range(6, 10), "THCS"),
    **dict.fromkeys(range(13, 19), "MN"),
}
GRADE_NAMES = {
    **{g: f"Lớp {g}" for g in range(1, 10)},
    13: "Nhóm 3–12 tháng", 14: "Nhóm 13–24 tháng", 15: "Nhóm 25–36 tháng",
    16: "Lớp 3–4 tuổi", 17: "Lớp 4–5 tuổi", 18: "Lớp 5–6 tuổi",
}  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """Dates of one school year: its span, and the first and last day of both terms."""

    year: int
    starts_on: date
    ends_on: date
    term1: tuple[date, date]
    term2: tuple[date, date]

    def term_on(self, day: date) -> int:
        """The term that runs (học kì đang học): 1 until the second one begins."""
        return 2 if day >= self.term2[0] else 1


def usual_calendar(year: int) -> Calendar:
    """The dates that most provinces set; each office changes them to its own decision."""
    return Calendar(
        year=year,
        starts_on=date(year, 8, 1),
        ends_on=date(year + 1, 7, 31),
        term1=(date(year, 9, 5), date(year + 1, 1, 17)),
        term2=(date(year + 1, 1, 18), date(year + 1, 5, 31)),
    )


def school_year_of(day: date) -> int:
    """The school year to which a day belongs: from August on the year that begins."""
    return day.year if day.month >= 8 else day.year - 1


def year_label(year: int) -> str:
    return f"{year}–{year + 1}"
