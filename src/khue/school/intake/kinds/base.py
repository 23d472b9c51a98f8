"""What all kinds of lists share: the rows as parsed, the plan made of them, comparing, finding neighbours."""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from khue.base.core.bulk import insert_rows, update_rows
from khue.base.core.text import name_sort_key, nearest, search_key
from khue.base.org.models import School
from khue.base.org.rules import Calendar
from khue.base.sheets.fields import Field, load_fields
from khue.base.sheets.findings import Finding, Level

ASKABLE = ("identifier", "number")
"""Rules of reading that offer another value, to take ("pad") or leave ("keep")."""
PIECE = 3000
"""Rows that one statement writes: 1,480 pupils with their parents at once, which is quickest, a longer list in pieces,
so that it is seen to move. With 750 that school would take a quarter longer."""
NEW, CHANGED, UNCHANGED, MOVED, WRONG = "new", "changed", "unchanged", "moved", "wrong"


@dataclass(slots=True)
class Row:
    """One data row: where it stands, what its cells say, what they mean, what is to be said of it.

    ``values`` holds only filled cells: a blank cell never deletes. ``columns`` {field: column letter}.
    """

    number: int
    sheet: str
    row: int
    columns: dict[str, str]
    cells: dict[str, str]
    values: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    action: str = NEW
    label: str = ""
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)

    def say(self, level: Level, rule: str, name: str | None, message: str, **more: Any) -> None:
        """Add a finding at the cell of a field (or at the row)."""
        column = self.columns.get(name) if name else None
        value = self.cells.get(column, "") if column else ""
        self.findings.append(
            Finding(
                level=level,
                rule=rule,
                message=message,
                value=value,
                sheet=self.sheet,
                row=self.row,
                column=column,
                **more,
            )
        )

    @property
    def worst(self) -> str:
        if not self.findings:
            return ""
        levels = {finding.level for finding in self.findings}
        return next((level for level in ("error", "ask", "warning", "normalised") if level in levels), "")

    @property
    def is_wrong(self) -> bool:
        return self.worst in ("error", "ask")


@dataclass
class Setting:
    """In what a list is read: the school (None for a list of schools), the year, its calendar, today, the answers.

    ``tell`` hears, while the list is written, of which model how many rows of how many are done.
    """

    school: School | None
    year: int
    calendar: Calendar
    today: date
    answers: dict[str, Any]
    fields: frozenset[str] = frozenset()
    office_path: str = ""
    tell: Callable[[str, int, int], None] = lambda _step, _done, _total: None

    @property
    def school_id(self) -> int:
        assert self.school is not None
        return self.school.pk


class Plan:
    """What an import would do: ``check`` fills actions, changes and findings of the rows; ``write`` does it.

    A plan is made anew from the staged values when it is applied, so that it stands on the data of that moment.
    """

    kind = ""
    rows: list[Row]
    missing: list[dict[str, Any]]

    def __init__(self, setting: Setting, rows: list[Row]) -> None:
        self.setting = setting
        self.rows = rows
        self.missing = []

    def check(self) -> None:
        raise NotImplementedError

    def made_classes(self) -> dict[str, int]:
        """Classes that writing would make: mã lớp → grade."""
        return {}

    def attach(self) -> bool:
        """Open the records of known persons to this school; True if the rows must be checked again with them."""
        return False

    def write(self) -> None:
        raise NotImplementedError

    def insert(self, model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """New rows of a model, in pieces, so that a long list can say how far it is."""
        for first in range(0, len(rows), PIECE):
            self.setting.tell(model.__name__, first, len(rows))
            insert_rows(model, names, rows[first : first + PIECE])

    def update(self, model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Changed rows of a model, in pieces likewise."""
        for first in range(0, len(rows), PIECE):
            self.setting.tell(model.__name__, first, len(rows))
            update_rows(model, names, rows[first : first + PIECE])

    def active(self) -> Iterable[Row]:
        """Rows that are written."""
        return (row for row in self.rows if not row.is_wrong)


def same(old: Any, new: Any) -> bool:
    """Whether a stored value and a typed one mean the same."""
    if isinstance(new, str) and isinstance(old, str):
        return old == new or _lost_capitals(old, new)
    if isinstance(old, Decimal) or isinstance(new, Decimal):
        return old is not None and Decimal(old) == Decimal(new)
    return (old if old is not None else "") == (new if new is not None else "")


def _lost_capitals(old: str, new: str) -> bool:
    """The same text with fewer capitals (TCVN3 has none with a tone): nothing that anybody corrected."""
    return old.casefold() == new.casefold() and sum(map(str.isupper, new)) < sum(map(str.isupper, old))


def compare(row: Row, stored: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Fields of the row that differ from what is stored; notes them as changes. A new record changes nothing."""
    changed: dict[str, Any] = {}
    if not stored:
        return changed
    for name in names:
        if name in row.values and not same(stored.get(name), row.values[name]):
            changed[name] = row.values[name]
            row.changes.append((name, stored.get(name), row.values[name]))
    return changed


def duplicates(rows: list[Row], name: str, words: str, key: Callable[[Row], Any] | None = None) -> None:
    """Two rows with one identifier (field ``name``, or ``key``): an error on both that names the other one (V01)."""
    seen: dict[Any, Row] = {}
    for row in rows:
        value = key(row) if key else row.values.get(name)
        if value in (None, "", ()):
            continue
        first = seen.setdefault(value, row)
        if first is not row:
            row.say(
                "error", "V01", name, f"{words} trùng với dòng {first.row}, {first.label}. Một trong hai chép nhầm."
            )
            first.say("error", "V01", name, f"{words} trùng với dòng {row.row}, {row.label}. Một trong hai chép nhầm.")


def prepare_people(rows: list[Row]) -> None:
    """Rows are called by the name of their person; a birth date says the birth year."""
    for row in rows:
        row.label = row.values.get("full_name", "")
        if row.values.get("birth_date"):
            row.values["birth_year"] = row.values["birth_date"].year


def people_once(rows: list[Row], code: str) -> None:
    """No two rows with one identifier; ``code`` is what the school's own is called."""
    for name, words in (("ministry_id", "Mã định danh Bộ"), ("personal_number", "Số định danh"), ("code", code)):
        duplicates(rows, name, words)


def require_new(row: Row, kind: str, *essential: str) -> None:
    """A new record needs the ``essential`` fields, also where the file has no such column, and every required field
    whose column the file has. A cell that could not be read has its own error already."""
    for one in _needed(kind, essential):
        if one.name not in essential and one.name not in row.columns:
            continue
        filled = row.values.get(one.name) not in (None, "") or (
            one.name == "birth_date" and row.values.get("birth_year")
        )
        column = row.columns.get(one.name)
        if not filled and not any(f.level == "error" and f.column == column for f in row.findings):
            row.say(
                "error",
                "required",
                one.name,
                f"Còn thiếu {one.label[0].lower()}{one.label[1:]}. Bổ sung, vì đây là dòng mới.",
            )


@functools.cache
def _needed(kind: str, essential: tuple[str, ...]) -> list[Field]:
    """The essential and the required fields."""
    return [field for field in load_fields(kind).fields if field.required or field.name in essential]


def settle_cells(row: Row, answers: dict[str, Any]) -> None:
    """Answers to questions about cells: ``cell:Sheet1!G12``, or ``identifier`` for all such → "pad" or "keep"."""
    if not row.findings:
        return
    fields = {letter: name for name, letter in row.columns.items()}
    for n, finding in enumerate(row.findings):
        if finding.level not in ("ask", "warning") or finding.rule not in ASKABLE or finding.normalised is None:
            continue
        given = answers.get(f"cell:{row.sheet}!{finding.column}{row.row}") or answers.get(finding.rule)
        if given == "pad":
            row.values[fields[finding.column or ""]] = finding.normalised
            row.findings[n] = replace(finding, level="normalised", message="Thêm số 0 ở đầu theo câu trả lời.")
        elif given == "keep":
            row.findings[n] = replace(finding, level="warning")


def nearest_words(value: str, names: Iterable[str]) -> str:
    """ "Gần giống: 6A1, 6A2." or nothing."""
    found = nearest(value, list(names))
    return f" Gần giống: {', '.join(found)}." if found else ""


def name_keys(full_name: str) -> tuple[str, str]:
    """By what a name is ordered and found: the columns ``sort_key`` and ``search_key``."""
    return name_sort_key(full_name), search_key(full_name)


def lookup(names: dict[str, Any]) -> dict[str, Any]:
    """The same mapping by search key, so that case and marks do not count."""
    return {search_key(name): value for name, value in names.items()}


def json_value(value: Any) -> Any:
    """A value as it is kept in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
