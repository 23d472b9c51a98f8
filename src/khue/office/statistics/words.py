"""Words for values and tables: what the page says."""

from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from khue.base.catalog.selectors import names
from khue.base.core.text import dotted

from .board import Board
from .cubes import UNKNOWN, Dimension

Say = Callable[[str], str]


def sayer(dimension: Dimension, schools: Mapping[str, str]) -> Say:
    """A function from raw values to words; ``schools`` are names by code."""
    known: dict[str, str] = {value: str(text) for value, text in dimension.labels.items()}
    if dimension.values:
        known = {**names(dimension.values), **known}
    if dimension.name == "school":
        known = dict(schools)
    return lambda value: _say(known, value)


def _say(known: Mapping[str, str], value: str) -> str:
    if value in known:
        return known[value]
    if value == UNKNOWN:
        return _("Chưa rõ")
    return "; ".join(known.get(part, part) for part in value.split(";"))


def lower(text: str) -> str:
    """A label inside a sentence: the first letter small, unless it is an abbreviation."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def joined(words: list[str]) -> str:
    """ "a", "a và b", "a, b và c"."""
    return (
        words[0]
        if len(words) == 1
        else _("%(first)s và %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
    )


def title_of(board: Board, total: int) -> str:
    """What the table counts, read aloud: "Học sinh theo loại hình, khối và giới tính"."""
    if not board.by:
        return f"{dotted(total)} {board.cube.noun}"
    noun = str(board.cube.noun)
    by = joined([lower(str(d.label)) for d in board.dimensions])
    return _("%(noun)s theo %(by)s") % {"noun": noun[:1].upper() + noun[1:], "by": by}


def condition(dimension: Dimension, values: tuple[str, ...], say: Say) -> str:
    return f"{dimension.label}: {joined([say(value) for value in values])}"


def day_text(day: date) -> str:
    return f"{day:%d/%m/%Y}"
