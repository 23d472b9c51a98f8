"""The declaration of a register (Sổ): rows, columns, filters, search, order, bulk edits, layout of spreadsheets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from khue.base.access.places import place_of
from khue.base.catalog.selectors import choices

from .columns import Column

ALL = "tat-ca"
"""The value of a filter that has a default and is switched off."""

Choices = Callable[[HttpRequest], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Filter:
    """A condition in the address, ``?key=value``: only values of ``choices`` count.

    ``condition`` turns a value into a Q; ``default`` holds unless the address says otherwise.
    """

    key: str
    label: str
    choices: Choices
    condition: Callable[[str], Q]
    default: str = ""
    place: str = ""


def code_filter(key: str, label: str, catalog: str, path: str, **options: Any) -> Filter:
    """One code of a catalogue list."""
    return Filter(key, label, lambda request: choices(catalog), lambda value: Q(**{path: value}), **options)


def yes_filter(key: str, label: str, condition: Q, **options: Any) -> Filter:
    """A condition that holds or not."""
    answers = (("co", "Có"), ("khong", "Không"))
    return Filter(key, label, lambda r: answers, lambda v: condition if v == "co" else ~condition, **options)


@dataclass(frozen=True)
class BulkEdit:
    """An edit of many rows at once.

    ``form(request)`` makes the form class; ``apply(request, rows, values)`` is one service call: it writes and returns
    how many rows it changed, or raises ValidationError. ``undo``: the tables that it writes, from whose history a toast
    can take it back; none: no undo is offered. ``place`` restricts it to ``school`` or ``office``.
    """

    key: str
    label: str
    icon: str
    form: Callable[[HttpRequest], type[forms.Form]]
    apply: Callable[[HttpRequest, QuerySet, dict[str, Any]], int]
    undo: tuple[type[Model], ...] = ()
    place: str = ""


@dataclass(frozen=True)
class SheetLayout:
    """The layout that the import reads: fields of ``khue.base.sheets.fields`` with their sources.

    ``fill`` may complete the rows (guardians, for example): it gets {pk: row as a dict of fields}.
    """

    kind: str
    sources: Mapping[str, str]
    fill: Callable[[dict[int, dict[str, Any]]], None] | None = None


@dataclass(frozen=True)
class Register:
    """A register. ``name`` is the name of its URL, ``rows(request)`` what this person may see at this place.

    ``computed(request)`` are expressions by name that columns, filters and order may use; only those that a request
    needs are put into its query. ``order`` are the ORM paths of the usual order. ``key_path``: where the office sees
    all schools, pages go by (key_path, id) instead of numbers. ``record``: name of the URL of a row. ``lead(request)``
    is the sentence under the title, ``actions(request)`` the buttons, ``empty(request)`` what stands there when
    nothing is registered yet.
    """

    name: str
    title: str
    path: str
    noun: str
    read: str
    rows: Callable[[HttpRequest], QuerySet]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    record: str = ""
    computed: Callable[[HttpRequest], Mapping[str, Any]] = field(default=lambda request: {})
    write: str = ""
    export: str = ""
    filters: tuple[Filter, ...] = ()
    search_names: tuple[str, ...] = ()
    search_codes: tuple[str, ...] = ()
    search_hint: str = ""
    narrow: Callable[[HttpRequest, list[str]], Q] = field(default=lambda request, words: Q())
    key_path: str = ""
    lead: Callable[[HttpRequest], str] = field(default=lambda request: "")
    actions: Callable[[HttpRequest], list[dict[str, Any]]] = field(default=lambda request: [])
    empty: Callable[[HttpRequest], dict[str, Any]] | None = None
    bulk: tuple[BulkEdit, ...] = ()
    sheet: SheetLayout | None = None

    @property
    def searchable(self) -> bool:
        return bool(self.search_names or self.search_codes)

    def columns_at(self, request: HttpRequest) -> list[Column]:
        return [c for c in self.columns if _belongs(c.place, request)]

    def filters_at(self, request: HttpRequest) -> list[Filter]:
        return [f for f in self.filters if _belongs(f.place, request)]

    def bulk_at(self, request: HttpRequest) -> list[BulkEdit]:
        return [b for b in self.bulk if _belongs(b.place, request)]

    def pages_by_key(self, request: HttpRequest) -> bool:
        return bool(self.key_path) and not place_of(request).is_school

    def selected(self, request: HttpRequest, names: Iterable[str]) -> QuerySet:
        """The rows with those of ``names`` that are computed."""
        computed = self.computed(request)
        wanted = {name: computed[name] for name in names if name in computed}
        rows = self.rows(request)
        return rows.annotate(**wanted) if wanted else rows

    def matching(self, word: str, typed: str) -> Q:
        """A word with a digit is looked up in codes, classes and numbers too; others, as typed, in names alone."""
        found = Q()
        for path in self.search_names:
            found |= Q(**{f"{path}__named": typed})
        if any(c.isdigit() for c in word) or not self.search_names:
            for path in self.search_codes:
                found |= Q(**{f"{path}__istartswith": word})
        return found


def _belongs(place: str, request: HttpRequest) -> bool:
    return not place or (place == "school") == place_of(request).is_school
