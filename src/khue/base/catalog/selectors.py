"""Reads of the reference data, from a copy in the memory of the process.

The copy is read anew when the stored version number rises (`load_catalog` raises it); the number is looked up at most
once in `CHECK_SECONDS`, so that a page costs no statement for its codes.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from . import rules
from .models import AdminUnit, AdminUnitSuccession, CatalogState, Code, CodeList, CodeMapping

CHECK_SECONDS = 5.0


class UnknownListError(KeyError):
    """A list that the catalogue does not have."""


@dataclass(frozen=True)
class _List:
    entries: tuple[rules.CodeEntry, ...]
    names: Mapping[str, str]
    table: Mapping[str, tuple[rules.CodeEntry, ...]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A province, district or ward; see `AdminUnit` for the key."""

    key: str
    code: str
    kind: str
    unit_type: str
    name: str
    full_name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    search_key: str

    def is_in_force(self, on: date | None) -> bool:
        """In force on that day; without a day: not ended."""
        return self.valid_to is None if on is None else rules.is_in_force(self.valid_from, self.valid_to, on)


@dataclass
class _Units:
    by_key: dict[str, Unit]
    by_search_key: dict[str, list[Unit]]
    successors: dict[str, list[str]] = field(default_factory=dict)
    lineages: dict[str, frozenset[str]] = field(default_factory=dict)

    def lineage(self, unit: Unit) -> frozenset[str]:
        """Keys of the unit, of everything above it, and of what took those over."""
        if unit.key not in self.lineages:
            own = {unit.key, *self.successors.get(unit.key, ())}
            above = self.lineage(self.by_key[unit.parent]) if unit.parent else frozenset()
            self.lineages[unit.key] = frozenset(own) | above
        return self.lineages[unit.key]


@dataclass
class _Cache:
    version: int = 0
    checked_at: float = 0.0
    lists: dict[str, _List] = field(default_factory=dict)
    mappings: dict[tuple[str, str, str], dict[str, str]] | None = None
    units: _Units | None = None


_cache = _Cache()


def forget() -> None:
    """Drop the copy of this process."""
    global _cache
    _cache = _Cache()


def _current() -> _Cache:
    """The copy, emptied when the stored number rose since it was read."""
    global _cache
    now = time.monotonic()
    if _cache.version and now - _cache.checked_at < CHECK_SECONDS:
        return _cache
    version = CatalogState.objects.values_list("version", flat=True).first() or 0
    if version != _cache.version or not version:
        _cache = _Cache(version=version)
    _cache.checked_at = now
    return _cache


def catalog_version() -> int:
    """The number of the copy in use: it rises with every change, so what is made of code lists can be kept under it."""
    return _current().version


def _list(list_code: str) -> _List:
    lists = _current().lists
    if list_code not in lists:
        lists[list_code] = _read_list(list_code)
    return lists[list_code]


def _read_list(list_code: str) -> _List:
    columns = ("code", "name", "aliases", "valid_from", "valid_to")
    rows = Code.objects.filter(code_list__code=list_code).order_by("order", "code").values_list(*columns)
    entries = tuple(rules.CodeEntry(code, name, tuple(aliases), *dates) for code, name, aliases, *dates in rows)
    if not entries and not CodeList.objects.filter(code=list_code).exists():
        raise UnknownListError(list_code)
    # a code that was issued twice goes by its latest name
    by_date = sorted(entries, key=lambda entry: entry.valid_from or date.min)
    latest = {entry.code: entry.name for entry in by_date}
    names = {entry.code: latest[entry.code] for entry in entries}
    return _List(entries, MappingProxyType(names), rules.match_table(entries))


def names(list_code: str) -> Mapping[str, str]:
    """Code → name of all codes of a list, ended ones too (old rows keep their names), in the order of the list.

    Raises `UnknownListError`.
    """
    return _list(list_code).names


def name_of(list_code: str, code: str) -> str:
    """Name of one code; a code that the list does not know is shown as it is, a blank one stays blank."""
    return names(list_code).get(code, code)


def choices(list_code: str, on: date | None = None) -> list[tuple[str, str]]:
    """(code, name) for a field of a form: those in force on the day; without a day those that have not ended."""
    entries = _list(list_code).entries
    return [(e.code, e.name) for e in entries if (e.is_in_force(on) if on else e.valid_to is None)]


def resolve(list_code: str, text: str, on: date | None = None) -> str | None:
    """Code that a typed text means, by code, name or alias; None when nothing fits or two codes do.

    Marks, case, punctuation and spaces do not count; a number whose zeros a spreadsheet ate is completed ("5" → "05").
    The kind of admission (`entry_kind`) has no numbers on purpose: two systems swap the meaning of 1 and 3.
    """
    return rules.resolve(_list(list_code).table, text, on)


def is_valid(list_code: str, code: str, on: date | None = None) -> bool:
    """Whether the list has this code, and on that day (rule V15)."""
    return any(entry.code == code and entry.is_in_force(on) for entry in _list(list_code).entries)


def mapping(list_code: str, system: str, direction: str) -> Mapping[str, str]:
    """Outside code → ours for direction "in", ours → outside code for "out"; empty when the system has none."""
    cache = _current()
    if cache.mappings is None:
        cache.mappings = {}
        columns = ("code_list__code", "system", "direction", "external_code", "code")
        for name, other, way, external, code in CodeMapping.objects.values_list(*columns):
            pair = (external, code) if way == "in" else (code, external)
            cache.mappings.setdefault((name, other, way), {}).update([pair])
    return MappingProxyType(cache.mappings.get((list_code, system, direction), {}))


def _units() -> _Units:
    cache = _current()
    if cache.units is None:
        cache.units = _read_units()
    return cache.units


def _read_units() -> _Units:
    columns = [
        "key",
        "code",
        "kind",
        "unit_type",
        "name",
        "full_name",
        "parent_id",
        "valid_from",
        "valid_to",
        "search_key",
    ]
    units = _Units({}, {})
    for row in AdminUnit.objects.order_by("kind", "key").values_list(*columns):
        unit = Unit(*row)
        units.by_key[unit.key] = unit
        units.by_search_key.setdefault(unit.search_key, []).append(unit)
    for old, new in AdminUnitSuccession.objects.order_by("-is_default", "new_id").values_list("old_id", "new_id"):
        units.successors.setdefault(old, []).append(new)
    return units


def unit(key: str) -> Unit | None:
    """The unit with that key ("25747", "c25741")."""
    return _units().by_key.get(key)


def provinces(on: date | None = None) -> list[Unit]:
    """Provinces in force on the day (without a day: today's 34), by code."""
    return [u for u in _units().by_key.values() if u.kind == "province" and u.is_in_force(on)]


def wards_of(province_code: str, on: date | None = None) -> list[Unit]:
    """Wards of a province, by its official code, that are in force on the day (without a day: not ended)."""
    units = _units()
    tops = {u.key for u in provinces(on) if u.code == province_code}
    found = [u for u in units.by_key.values() if u.kind == "ward" and u.is_in_force(on)]
    return [u for u in found if tops & units.lineage(u)]


def successors(key: str) -> list[Unit]:
    """Units that took the unit over, the default first; several when it was divided."""
    units = _units()
    return [units.by_key[new] for new in units.successors.get(key, ())]


def find_wards(text: str, on: date | None = None, *, within: str = "") -> list[Unit]:
    """Wards that a typed text may mean: "P. Phú Cường", "Phường Phú Cường, TP Thủ Dầu Một, Bình Dương".

    Further parts of the text narrow it by district and province, `within` by the key of a unit above, whose successor
    counts too (c74 Bình Dương lies in 79). Wards in force on the day come alone; only if there is none, others,
    since papers keep the names of their day.
    """
    return list(_find("ward", text, on, within))


def find_ward(text: str, on: date | None = None, *, within: str = "") -> Unit | None:
    """The one ward that the text means; None when there is none or several (see `find_wards`)."""
    return _single(_find("ward", text, on, within))


def find_province(text: str, on: date | None = None) -> Unit | None:
    """The province that the text means; the old provinces are found too, if no present one has that name."""
    return _single(_find("province", text, on, ""))


def _single(found: Iterator[Unit]) -> Unit | None:
    units = list(found)
    return units[0] if len(units) == 1 else None


def _find(kind: str, text: str, on: date | None, within: str) -> Iterator[Unit]:
    units, parts = _units(), rules.split_place(text)
    if not parts:
        return iter(())
    found = [u for u in _matching(units, parts[0]) if u.kind == kind]
    for part in parts[1:]:
        above = {u.key for u in _matching(units, part)}
        found = [u for u in found if above & (units.lineage(u) - {u.key})]
    if within:
        found = [u for u in found if within in units.lineage(u)]
    present = [u for u in found if u.is_in_force(on)]
    return iter(present or found)


def _matching(units: _Units, part: rules.UnitText) -> list[Unit]:
    found = [u for key in part.keys for u in units.by_search_key.get(key, ())]
    return [u for u in found if part.unit_type in (None, u.unit_type)] or found
