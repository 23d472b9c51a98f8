"""What the address asks of a register: words, filters, order, page, columns; and the rows that answer it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Window
from django.http import HttpRequest

from khue.base.access.places import place_of
from khue.base.core.remember import remembered
from khue.base.core.text import as_typed, clean_text, search_key

from .columns import Column
from .register import ALL, Filter, Register

PAGE = 50
COUNT_LIMIT = 10_000
WORDS = 6


@dataclass
class Page:
    """Rows of a page with the way to its neighbours; ``total`` None: more than COUNT_LIMIT."""

    rows: list[tuple[Any, ...]]
    first: int
    total: int | None
    number: int = 1
    pages: int = 1
    before: str = ""
    after: str = ""


class Query:
    """One request to a register.

    ``parameters``: GET of the list, POST of the forms that come from it; ``extra``: further computed names to select.
    """

    def __init__(
        self, register: Register, request: HttpRequest, parameters: Any = None, extra: Iterable[str] = ()
    ) -> None:
        self.extra = tuple(extra)
        self.register = register
        self.request = request
        self.parameters = request.GET if parameters is None else parameters

    @cached_property
    def text(self) -> str:
        return clean_text(self.parameters.get("q", ""))[:100]

    @cached_property
    def words(self) -> list[str]:
        return search_key(self.text).split()[:WORDS]

    @cached_property
    def filters(self) -> list[tuple[Filter, list[tuple[str, str]], str]]:
        """(filter, its choices where it has a value, the value in force or ""): what nobody asked for is not read."""
        found = []
        for item in self.register.filters_at(self.request):
            value = self.parameters.get(item.key, item.default)
            options = list(item.choices(self.request)) if value else []
            found.append((item, options, value if any(value == code for code, _ in options) else ""))
        return found

    @cached_property
    def columns(self) -> list[Column]:
        """The columns to show: those of the address (then remembered), of the session, or the usual ones."""
        every = self.register.columns_at(self.request)
        asked = set(self.parameters.getlist("cot")) & {c.key for c in every}
        remembered = self.request.session.get("columns", {})
        if asked:
            self.request.session["columns"] = {**remembered, self.register.name: sorted(asked)}
        keys = asked or set(remembered.get(self.register.name, ()))
        return [c for c in every if c.fixed or (c.key in keys if keys else c.default)]

    @cached_property
    def sort(self) -> tuple[str, bool]:
        """(column key, descending); ("", False) is the usual order."""
        asked = self.parameters.get("sap", "")
        key = asked.lstrip("-")
        known = any(c.key == key and c.sort for c in self.register.columns_at(self.request))
        if not known or self.register.pages_by_key(self.request):
            return "", False
        return key, asked.startswith("-")

    def keep(self, *, without: str = "") -> list[tuple[str, str]]:
        """The parameters of the address that carry on: filters and order, not the page."""
        pairs = []
        for item, _options, value in self.filters:
            if item.key != without and value != item.default:
                pairs.append((item.key, value or ALL))
        key, descending = self.sort
        if key and without != "sap":
            pairs.append(("sap", f"-{key}" if descending else key))
        return pairs

    def url(self, *extra: tuple[str, str], without: str = "", path: str = "") -> str:
        pairs = self.keep(without=without)
        if self.text:
            pairs.append(("q", self.text))
        pairs += extra
        return f"{path or self.request.path}?{urlencode(pairs)}" if pairs else path or self.request.path

    @cached_property
    def conditions(self) -> list[Q]:
        found = [item.condition(value) for item, _options, value in self.filters if value]
        if not self.words:
            return found
        narrowed = self.register.narrow(self.request, self.words)
        matching = map(self.register.matching, self.words, as_typed(self.words))
        return [*found, *matching, *([narrowed] if narrowed else [])]

    @cached_property
    def rows(self) -> QuerySet:
        """All rows that match, unordered, with what is computed for these columns, conditions and this order."""
        register, named = self.register, {name for condition in self.conditions for name in _names(condition)}
        order = {path.lstrip("-") for path in (*register.order, *self.sort_paths)}
        shown = (column.source for column in self.columns)
        rows = register.selected(self.request, {*named, *order, *shown, register.key_path, *self.extra})
        return rows.filter(*self.conditions) if self.conditions else rows

    @property
    def sort_paths(self) -> tuple[str, ...]:
        key, _descending = self.sort
        return next((c.sort for c in self.register.columns if c.key == key), ())

    @cached_property
    def ordered(self) -> QuerySet:
        sign = "-" if self.sort[1] else ""
        return self.rows.order_by(*(f"{sign}{path}" for path in self.sort_paths), *self.register.order, "pk")

    @cached_property
    def total(self) -> int | None:
        """How many rows match, None above COUNT_LIMIT; of a list that nobody has narrowed a minute old at most."""
        place = place_of(self.request)
        if self.words or self.keep() or place.is_school:
            counted = self._count()
        else:
            counted = remembered(f"rows-of-{self.register.name}", place.unit.pk, self._count)
        return counted if counted <= COUNT_LIMIT else None

    def _count(self) -> int:
        return self.rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words) or any(value for _item, _options, value in self.filters)

    def page(self) -> Page:
        return self._page_by_key() if self.register.pages_by_key(self.request) else self._page_by_number()

    def _values(self, queryset: QuerySet, *more: str) -> list[tuple[Any, ...]]:
        """Tuples of pk, the key of the page, the values of the columns; a path that is named twice is read once."""
        wanted = ["pk", self.register.key_path or "pk", *(c.source for c in self.columns), *more]
        paths = list(dict.fromkeys(wanted))
        places = [paths.index(path) for path in wanted]
        return [tuple(row[i] for i in places) for row in queryset.values_list(*paths)]

    def _page_by_number(self) -> Page:
        """A page and the total in one statement; only a page beyond the end counts first."""
        asked = self.parameters.get("trang", "1")
        number = max(int(asked) if asked.isdecimal() and len(asked) < 7 else 1, 1)
        rows, total = self._numbered(number)
        if not rows and number > 1:
            total = self.total or COUNT_LIMIT
            number = max(1, -(-total // PAGE))
            rows, total = self._numbered(number)
        pages = max(1, -(-min(total, COUNT_LIMIT) // PAGE))
        return Page(rows, (number - 1) * PAGE + 1, total if total <= COUNT_LIMIT else None, number, pages)

    def _numbered(self, number: int) -> tuple[list[tuple[Any, ...]], int]:
        start = (number - 1) * PAGE
        counted = self.ordered.annotate(of_all=Window(Count("pk")))[start : start + PAGE]
        rows = self._values(counted, "of_all")
        return [row[:-1] for row in rows], rows[0][-1] if rows else 0

    def _page_by_key(self) -> Page:
        path = self.register.key_path
        after, before = self.parameters.get("sau", ""), self.parameters.get("truoc", "")
        # always true, and it lets the database walk the index of the key instead of sorting
        queryset = self.rows.filter(**{f"{path}__gte": ""})
        if before:
            queryset = queryset.filter(_beyond(path, before, "lt")).order_by(f"-{path}", "-pk")
        else:
            queryset = queryset.filter(_beyond(path, after, "gt")).order_by(path, "pk")
        rows = self._values(queryset[: PAGE + 1])
        more, rows = len(rows) > PAGE, rows[:PAGE]
        if before:
            rows.reverse()
        has_before, has_after = (more, True) if before else (bool(after), more)
        return Page(
            rows, 1, self.total,
            before=_key(rows[0]) if rows and has_before else "", after=_key(rows[-1]) if rows and has_after else "",
        )  # fmt: skip


def _names(condition: Q) -> Iterator[str]:
    """The names of fields in a condition, without the lookups."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _names(child)
        else:
            yield child[0].split("__")[0]  # type: ignore[index]  # a pair (lookup, value)


def _key(row: tuple[Any, ...]) -> str:
    return f"{row[1]}|{row[0]}"


def _beyond(path: str, key: str, way: str) -> Q:
    """Rows after (gt) or before (lt) a key; the first condition alone can use the index."""
    text, _, number = clean_text(key).rpartition("|")
    if not number.isdecimal() or len(number) > 18:
        return Q()
    return Q(**{f"{path}__{way}e": text}) & (Q(**{f"{path}__{way}": text}) | Q(**{f"pk__{way}": int(number)}))
