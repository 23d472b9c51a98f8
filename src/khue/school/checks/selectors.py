"""Reads of the checks: one statement a subject for a school or the city, one for the records of a rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.utils import timezone

from khue.base.catalog.selectors import choices
from khue.base.core.bulk import query
from khue.base.org.selectors import calendar_of, year_of_day, years

from .rules import SUBJECTS, Context, Fault, Rule, Subject
from .rules.classes import LISTS as CLASS_LISTS
from .rules.places import ROOM_LISTS, SCHOOL_LISTS
from .rules.pupils import LISTS as PUPIL_LISTS
from .rules.staff import LISTS as STAFF_LISTS

_LISTS = sorted({
    "number_province", "sex",
    *(name for lists in (PUPIL_LISTS, CLASS_LISTS, STAFF_LISTS, ROOM_LISTS, SCHOOL_LISTS) for name in lists.values()),
})  # fmt: skip


@dataclass
class Health:
    """State of one kind of record: all, faults by level, records with an error, records with warnings only."""

    total: int = 0
    errors: int = 0
    warnings: int = 0
    wrong: int = 0
    doubtful: int = 0
    by_rule: dict[str, int] = field(default_factory=dict)

    @property
    def right(self) -> int:
        return max(0, self.total - self.wrong - self.doubtful)

    def add(self, other: "Health") -> None:
        for name in ("total", "errors", "warnings", "wrong", "doubtful"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for key, count in other.by_rule.items():
            self.by_rule[key] = self.by_rule.get(key, 0) + count


@dataclass(frozen=True)
class Record:
    """A record with its fault, as the page shows it."""

    id: int
    school_id: int
    name: str
    note: str
    facts: Any
    fault: Fault


def context_of(year: int, day: date | None = None) -> Context:
    """Calendar and codes for the tests of a school year: today, or the nearest day of that year."""
    calendar = calendar_of(year)
    today = min(max(day or timezone.localdate(), calendar.starts_on), calendar.ends_on)
    return Context(calendar, today, {name: frozenset(code for code, _ in choices(name, on=today)) for name in _LISTS})


def _parameters(context: Context, schools: Collection[int]) -> dict[str, Any]:
    calendar = context.calendar
    return {
        "schools": list(schools),
        "year": context.year,
        "day": context.day,
        "starts": calendar.starts_on,
        "ends": calendar.ends_on,
        "term1": calendar.term1[0],
        "term2": calendar.term2[0],
        "term2_ends": calendar.term2[1],
        **{f"codes_{name}": sorted(codes) for name, codes in context.codes.items()},
    }


def _rows_sql(subject: Subject) -> str:
    """WITH … b: the rows of a subject."""
    school = "unit_id" if subject.name == "school" else "school_id"
    alias = "c" if subject.name == "classes" else "e"
    key = "unit_id" if subject.name == "school" else "id"
    columns = ", ".join(f'{sql} AS "{name}"' for name, sql in subject.columns.items())
    cte = f"{subject.cte}, " if subject.cte else ""
    return (
        f"WITH {cte}b AS MATERIALIZED (SELECT {alias}.{key} AS id, {alias}.{school} AS school_id, {columns} "
        f"FROM {subject.source})"
    )


def _any(rules: Sequence[Rule], level: str) -> str:
    return " OR ".join(f"({rule.sql})" for rule in rules if rule.level == level) or "false"


def _health_of(subject: Subject, context: Context, schools: Collection[int]) -> dict[int, Health]:
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.sql})" for rule in subject.rules)
    wrong, doubtful = _any(subject.rules, "error"), _any(subject.rules, "warning")
    found = query(
        f"{_rows_sql(subject)} SELECT b.school_id, count(*) FILTER (WHERE {subject.counted}), "
        f"count(*) FILTER (WHERE {wrong}), count(*) FILTER (WHERE ({wrong}) IS NOT TRUE AND ({doubtful})), {counts} "
        "FROM b WHERE b.school_id = ANY (%(schools)s) GROUP BY b.school_id",
        _parameters(context, schools),
    )
    return {school: _health(subject, numbers) for school, *numbers in found}


def _health(subject: Subject, numbers: Sequence[int]) -> Health:
    total, wrong, doubtful, *counts = numbers
    by_rule = dict(zip((rule.key for rule in subject.rules), counts, strict=True))
    levels = {level: sum(by_rule[r.key] for r in subject.rules if r.level == level) for level in ("error", "warning")}
    return Health(total, levels["error"], levels["warning"], wrong, doubtful, by_rule)


def health_by_school(
    school_ids: Collection[int], *, year: int | None = None, context: Context | None = None
) -> dict[int, dict[str, Health]]:
    """{school id: {subject: health}} for every school named, in one statement a subject; the scope is the caller's."""
    context = context or context_of(year or year_of_day(timezone.localdate()) or years()[0])
    result = {school: {name: Health() for name in SUBJECTS} for school in school_ids}
    for name, subject in SUBJECTS.items():
        for school, health in _health_of(subject, context, school_ids).items():
            result[school][name] = health
    return result


def school_health(school_ids: Collection[int], *, year: int | None = None) -> dict[str, Health]:
    """{subject: health} of these schools together (home page, checks); seven statements."""
    return together(health_by_school(school_ids, year=year))


def together(by_school: Mapping[int, Mapping[str, Health]]) -> dict[str, Health]:
    """The sum over schools."""
    total = {name: Health() for name in SUBJECTS}
    for healths in by_school.values():
        for name, health in healths.items():
            total[name].add(health)
    return total


def faulty(
    subject: Subject, rule: Rule, context: Context, schools: Collection[int], *, offset: int = 0,
    limit: int | None = None, record: int | None = None,
) -> list[Record]:  # fmt: skip
    """Records that break a rule, in the order of names; ``record`` asks about one of them."""
    where = f"({rule.sql})" + (" AND b.id = %(record)s" if record is not None else "")
    records = _select(subject, context, schools, where, offset, limit, record)
    return [
        Record(key, school, name, note, facts, fault)
        for key, school, name, note, facts in records
        if (fault := rule.test(facts, context))
    ]


def all_faulty(subject: Subject, context: Context, schools: Collection[int]) -> list[tuple[Rule, Record]]:
    """Every fault of a subject: the list to download."""
    where = f"({_any(subject.rules, 'error')}) OR ({_any(subject.rules, 'warning')})"
    return [
        (rule, Record(key, school, name, note, facts, fault))
        for key, school, name, note, facts in _select(subject, context, schools, where)
        for rule, fault in subject.faults(facts, context)
    ]


def facts_of(subject: Subject, context: Context, schools: Collection[int], record: int) -> tuple[Any, ...] | None:
    """(id, school id, name, note, facts) of one record, None when it is not among these schools' records."""
    found = _select(subject, context, schools, "b.id = %(record)s", record=record)
    return found[0] if found else None


def _select(
    subject: Subject, context: Context, schools: Collection[int], where: str, offset: int = 0,
    limit: int | None = None, record: int | None = None,
) -> list[tuple[int, int, str, str, Any]]:  # fmt: skip
    names = [f.name for f in fields(subject.facts)]
    columns = ", ".join(f'b."{name}"' for name in names)
    rows = query(
        f"{_rows_sql(subject)} SELECT b.id, b.school_id, b.name, b.note, {columns} FROM b "
        f"WHERE b.school_id = ANY (%(schools)s) AND ({where}) "
        f"ORDER BY {subject.order}, b.id OFFSET %(offset)s LIMIT %(limit)s",
        {**_parameters(context, schools), "offset": offset, "limit": limit, "record": record},
    )
    return [
        (key, school, name or "", note or "", subject.facts(**dict(zip(names, values, strict=True))))
        for key, school, name, note, *values in rows
    ]
