"""Which regulation and which curriculum a grade follows in a school year: the grid of `data/regulations.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True)
class Regulation:
    """A circular on assessment (thông tư về đánh giá học sinh); ``since``: the first school year of each grade."""

    code: str
    title: str
    level: str
    curriculum: str
    source: str
    since: Mapping[int, int]


@cache
def regulations() -> tuple[Regulation, ...]:
    """All that the data know, earlier ones first."""
    table = tomllib.loads((DATA / "regulations.toml").read_text("utf-8"))
    return tuple(
        Regulation(**{key: value for key, value in row.items() if key != "from"}, since=_years(row["from"]))
        for row in table["regulation"]
    )


def _years(row: Mapping[str, int]) -> dict[int, int]:
    return {int(grade): year for grade, year in row.items()}


def regulation_named(code: str) -> Regulation:
    """The regulation with this code; LookupError if there is none."""
    for regulation in regulations():
        if regulation.code == code:
            return regulation
    known = ", ".join(r.code for r in regulations())
    raise LookupError(f"Không có quy định “{code}”. Ghi một trong: {known}.")


def regulation_for(grade: int, school_year: int) -> Regulation:
    """The regulation of a grade in the school year that begins in ``school_year``.

    Kindergartens give no marks, and years before the data begin are not guessed: LookupError.
    """
    begun = [r for r in regulations() if r.since.get(grade, school_year + 1) <= school_year]
    if not begun:
        raise LookupError(f"Không có quy định đánh giá cho lớp {grade}, năm học {school_year}–{school_year + 1}.")
    return max(begun, key=lambda regulation: regulation.since[grade])


def curriculum_for(grade: int, school_year: int) -> str:
    """Chương trình giáo dục phổ thông "2006" or "2018", which came grade by grade with the circulars on assessment."""
    return regulation_for(grade, school_year).curriculum
