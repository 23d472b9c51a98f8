"""What each column of a table means, and what stays a question."""

from collections import Counter
from dataclasses import dataclass

from khue.base.sheets.fields import FieldSet
from khue.base.sheets.values import SPLIT_LENGTHS
from khue.base.sheets.workbook import Cell, column_letter

_LENGTHS = {"ministry_id": (10, 9), "personal_number": (12, 11)}
"""Digits of identifiers; one less where a spreadsheet ate the leading zero."""
SPLIT = "by_length"
"""An answer to what “Mã định danh” is, and the reading of that column: each value goes by its own length."""
SPLIT_FIELDS = ("ministry_id", "personal_number")
_MIXED = 2
"""Values of either kind from which a column counts as mixed."""


@dataclass(slots=True)
class Column:
    """A column of a table and its meaning.

    `field` None and no `candidates`: not recognised, or left aside (`reason` says why). With `candidates` it is a
    question, `field` None, `suggested` the likeliest answer, `counts` how many values speak for each candidate.
    `reading`: value; female_mark or male_mark (x in a column "Nữ", "Nam"); family or given (a name in two columns);
    by_length (identifiers of two kinds in one column, `field` is the first of `SPLIT_FIELDS`).
    """

    index: int
    header: str
    field: str | None = None
    candidates: tuple[str, ...] = ()
    reading: str = "value"
    reason: str = ""
    hint: str = ""
    suggested: str | None = None
    counts: dict[str, int] | None = None
    filled: int = 0
    samples: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the column fills: none, one, or both identifiers."""
        return SPLIT_FIELDS if self.reading == SPLIT else (self.field,) if self.field else ()

    def take(self, meaning: str | None) -> None:
        """Give the column a meaning: a field, None or `SPLIT`."""
        if meaning == SPLIT:
            self.field, self.reading = SPLIT_FIELDS[0], SPLIT
        else:
            self.field, self.reading = meaning, "value" if self.reading == SPLIT else self.reading

    @property
    def letter(self) -> str:
        """F: as the spreadsheet shows it."""
        return column_letter(self.index)


def describe(columns: list[Column], rows: list[list[Cell]]) -> None:
    """Counts the values of every column and takes three samples."""
    for column in columns:
        index = column.index - 1
        values = [row[index] for row in rows if row[index] is not None]
        column.filled = len(values)
        column.samples = tuple(str(value) for value in list(dict.fromkeys(values[:50]))[:3])


def settle(columns: list[Column], fields: FieldSet, rows: list[list[Cell]]) -> None:
    """Decides columns that compete for a field where the values leave no doubt; the rest become questions."""
    _settle_names(columns)
    _settle_marks(columns)
    for column in columns:
        if column.candidates:
            _settle_identifier(column, columns, rows)
    for field in fields.fields:
        rivals = [c for c in columns if c.field == field.name and c.reading not in ("family", "given")]
        if len(rivals) > 1:
            _settle_rivals(field.name, rivals, rows)


def _settle_names(columns: list[Column]) -> None:
    """A column "Tên" is a given name only beside "Họ đệm"; alone it is the whole name."""
    for name in {column.field for column in columns if column.reading in ("family", "given")}:
        own = [column for column in columns if column.field == name]
        families = [column for column in own if column.reading == "family"]
        givens = [column for column in own if column.reading == "given"]
        if families and givens:
            _set_aside([c for c in own if c not in (families[0], givens[0])], "twice")
        else:
            for column in own:
                column.reading = "value"


def _settle_marks(columns: list[Column]) -> None:
    """A column "Nam" counts only beside "Nữ"; both give way to a real column of sex."""
    sex = [column for column in columns if column.field == "sex"]
    females = [column for column in sex if column.reading == "female_mark"]
    males = [column for column in sex if column.reading == "male_mark"]
    if any(column.reading == "value" for column in sex):
        _set_aside(females + males, "same")
    elif females:
        _set_aside(males, "same")
    else:
        _set_aside(males, "")


def _set_aside(columns: list[Column], reason: str) -> None:
    for column in columns:
        column.field, column.candidates, column.reason = None, (), reason


def _settle_identifier(column: Column, columns: list[Column], rows: list[list[Cell]]) -> None:
    """“Mã định danh” alone: counted by length; decided only if another column already holds the other meaning.

    Both kinds in one column: to be split is the likeliest answer. One value alone may be a slip of the pen."""
    lengths = Counter(len(_digits(row[column.index - 1])) for row in rows)
    column.counts = {name: sum(lengths[n] for n in _LENGTHS[name]) for name in column.candidates}
    column.suggested = max(column.candidates, key=lambda name: (column.counts or {})[name])
    if min(column.counts.values()) >= _MIXED:
        column.suggested = SPLIT
    column.counts[SPLIT] = sum(lengths[n] for n in SPLIT_LENGTHS)
    column.reason = "identifier"
    free = [name for name in column.candidates if all(other.field != name for other in columns)]
    if len(free) == 1 and column.counts[free[0]] == column.filled:
        column.field, column.candidates, column.reason = free[0], (), ""


def _digits(cell: Cell) -> str:
    text = str(cell) if isinstance(cell, int | str) else ""
    return text.strip() if text.strip().isdigit() else ""


def _settle_rivals(name: str, rivals: list[Column], rows: list[list[Cell]]) -> None:
    """Blank columns and exact copies give way; otherwise two columns for one field are a question."""
    filled = [column for column in rivals if column.filled] or rivals[:1]
    _set_aside([column for column in rivals if column not in filled], "blank")
    first, *others = filled
    copies = [c for c in others if all(row[c.index - 1] == row[first.index - 1] for row in rows)]
    _set_aside(copies, "same")
    if len(others) > len(copies):
        for column in [first, *(c for c in others if c not in copies)]:
            column.field, column.candidates, column.suggested = None, (name,), name if column is first else None
            column.reason = "twice"
