"""Rules as data: a sentence, its level, its source, and the same test twice: pure for one record, as SQL for a set."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.base.org.rules import Calendar

Text = str | Promise
Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Context:
    """What a test needs besides the record: the school year's calendar, the day, the codes in force on it."""

    calendar: Calendar
    day: date
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.calendar.year


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field, with the words how to mend it; ``proposal`` is a value that would be right."""

    field: str
    message: str
    proposal: str = ""


Test = Callable[[Any, Context], Fault | None]


@dataclass(frozen=True)
class Rule:
    """One rule of sector-database §6.

    ``key`` names it in addresses (a number may have several tests of different levels); ``sql`` is a condition over the
    subject's rows ``b`` that is true for a fault; ``test`` says the same of one record and gives the words; ``fields``
    can be mended in place.
    """

    key: str
    sentence: Text
    level: Level
    source: str
    sql: str
    test: Test
    fields: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return self.key.partition("-")[0]


@dataclass(frozen=True)
class MendField:
    """A field that can be mended in place: ``owner`` is the row that holds it (person, row, status)."""

    label: Text
    owner: str
    kind: Literal["text", "number", "date", "code", "bool"] = "text"
    values: str = ""


@dataclass(frozen=True)
class Subject:
    """What rules speak of: its rows as SQL, the record that a test gets, the page that opens it.

    ``columns`` are expressions by name, the names being those of ``facts`` plus ``name`` and ``note`` (what is shown);
    ``counted`` is the condition of the rows that make the total.
    """

    name: str
    label: Text
    noun: Text
    page: str
    facts: type
    columns: Mapping[str, str]
    source: str
    order: str
    rules: tuple[Rule, ...]
    mends: Mapping[str, MendField] = field(default_factory=dict)
    cte: str = ""
    counted: str = "true"

    def rule(self, key: str) -> Rule:
        """Raises ``KeyError``."""
        return {rule.key: rule for rule in self.rules}[key]

    def faults(self, facts: Any, context: Context) -> list[tuple[Rule, Fault]]:
        """Every rule on one record: runs when it is saved."""
        found = ((rule, rule.test(facts, context)) for rule in self.rules)
        return [(rule, fault) for rule, fault in found if fault]


def codes_rule(lists: Mapping[str, str], labels: Mapping[str, str], fields: Iterable[str] = ()) -> Rule:
    """V15: codes stand in the lists in force (``lists`` by column); ``fields`` are those that can be mended."""
    return Rule(
        "V15",
        _("Mã có trong danh mục đang dùng"),
        "error",
        "Danh mục dùng chung, có ngày hiệu lực",
        _codes_sql(lists),
        _codes_test(lists, labels),
        tuple(fields),
    )


def _codes_sql(lists: Mapping[str, str]) -> str:
    """V15 as a condition: a code that stands in no list in force; ``lists`` are catalogue lists by column."""
    return " OR ".join(
        f'''(b."{column}" <> '' AND b."{column}" <> ALL (%(codes_{name})s::text[]))''' for column, name in lists.items()
    )


def _codes_test(lists: Mapping[str, str], labels: Mapping[str, str]) -> Test:
    """V15 for one record."""

    def test(facts: Any, context: Context) -> Fault | None:
        for column, name in lists.items():
            value = getattr(facts, column)
            if value and value not in context.codes[name]:
                return Fault(column, f"{labels[column]}: mã “{value}” không có trong danh mục đang dùng. Chọn lại.")
        return None

    return test
