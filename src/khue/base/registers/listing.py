"""From a query to the context of ``core/register.html``."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import number

from .columns import Column, person_name
from .query import COUNT_LIMIT, Page, Query
from .register import ALL, Filter, Register

_NUMBER_FOR_ADDRESS = 987_654_321
CHOICES = "chon-loc"
"""Query parameter with which the list's address answers the choices of its filters alone."""


def list_context(register: Register, request: HttpRequest) -> dict[str, Any]:
    """Everything that the page of a register shows."""
    query = Query(register, request)
    page = query.page()
    place = place_of(request)
    if not page.rows and not query.is_narrowed and register.empty:
        return {**_head(register, request), "empty": register.empty(request)}
    bulk = register.bulk_at(request) if place.may(register.write) else []
    return {
        **_head(register, request),
        "search": {"value": query.text, "placeholder": register.search_hint} if register.searchable else None,
        "keep": query.keep(),
        "filters": list(_filters(query)),
        "filters_url": query.url((CHOICES, "1")),
        "found": _found(query, page),
        "chooser": _chooser(query),
        "export_url": query.url(path=place.url(f"{register.name}-export")) if register.export else "",
        "columns": [_head_cell(column, query) for column in query.columns],
        "body": body(query, page.rows, selectable=bool(bulk)),
        "selectable": bool(bulk),
        "bulk": [
            {"label": b.label, "icon": b.icon, "url": place.url(f"{register.name}-bulk", key=b.key), "phone": not n}
            for n, b in enumerate(bulk)
        ],
        "pager": _pager(query, page),
    }


def _head(register: Register, request: HttpRequest) -> dict[str, Any]:
    return {
        "title": register.title,
        "name": register.title,
        "noun": register.noun,
        "lead": register.lead(request),
        "actions": register.actions(request),
    }


def _filters(query: Query) -> Iterator[dict[str, Any]]:
    """Conditions that are set, as chips; the choices are fetched when the menu opens (``filter_choices``)."""
    for item, options, value in query.filters:
        label = next((text for code, text in options if code == value), "")
        yield {"key": item.key, "label": item.label, "value_label": label, "remove_url": _off_url(query, item)}


def _off_url(query: Query, item: Filter) -> str:
    return query.url(*([(item.key, ALL)] if item.default else []), without=item.key)


def filter_choices(register: Register, request: HttpRequest) -> list[dict[str, Any]]:
    """Every filter with its choices, for ``core/parts/filters.html``."""
    query = Query(register, request)
    found = []
    for item, _options, value in query.filters:
        options = list(item.choices(request))
        plain = query.url(without=item.key)
        join = "&" if "?" in plain else "?"
        choices = [
            {
                "label": text,
                "url": plain if code == item.default else f"{plain}{join}{item.key}={quote(code)}",
                "current": code == value,
            }
            for code, text in options
        ]
        if item.default:
            choices.insert(0, {"label": _("Tất cả"), "url": _off_url(query, item), "current": not value})
        label = next((text for code, text in options if code == value), "")
        found.append({"label": item.label, "value_label": label, "choices": choices})
    return found


def _found(query: Query, page: Page) -> str:
    noun = query.register.noun
    count = number(page.total) if page.total is not None else _("hơn {limit}").format(limit=number(COUNT_LIMIT))
    if query.text:
        return _("{count} {noun} khớp “{text}”").format(count=count, noun=noun, text=query.text)
    return f"{count} {noun}"


def _chooser(query: Query) -> tuple[tuple[str, str, bool, bool], ...]:
    shown = {c.key for c in query.columns}
    every = query.register.columns_at(query.request)
    return tuple((c.key, str(c.label), c.key in shown, c.fixed) for c in every)


def _head_cell(column: Column, query: Query) -> dict[str, Any]:
    key, descending = query.sort
    by_key = query.register.pages_by_key(query.request)
    current = key == column.key or (not key and column.fixed and column.sort)
    state = ("descending" if descending else "ascending") if current else ""
    if not column.sort or by_key:
        return {"label": column.label, "css": column.css, "sort_url": "", "sort": state}
    target = f"-{column.key}" if current and not descending else column.key
    usual = column.fixed and not target.startswith("-")
    url = query.url(*([] if usual else [("sap", target)]), without="sap")
    return {"label": column.label, "css": column.css, "sort_url": url, "sort": state}


def body(query: Query, rows: list[tuple[Any, ...]], *, selectable: bool) -> SafeString:
    """The rows as HTML, put together here and not in a template: a page has up to 50 rows of 12 cells."""
    register, place = query.register, place_of(query.request)
    pattern = place.url(register.record, pk=_NUMBER_FOR_ADDRESS) if register.record else ""
    cells = [_cell_writer(column, query.words) for column in query.columns]
    name_at = next((n for n, column in enumerate(query.columns, start=2) if column.fixed), 0)
    choose = escape(_("Chọn {name}"))
    lines = []
    for row in rows:
        url = pattern.replace(str(_NUMBER_FOR_ADDRESS), str(row[0]))
        line = "".join(write(value, url) for write, value in zip(cells, row[2:], strict=True))
        if selectable:
            label = choose.replace("{name}", escape(str(row[name_at])))
            box = f'<input type="checkbox" name="chon" value="{row[0]}" aria-label="{label}">'
            line = f'<td role="cell" class="fit k-check">{box}</td>{line}'
        lines.append(f'<tr role="row">{line}</tr>')
    return mark_safe("\n".join(lines))  # noqa: S308  # every value went through _escaped


def _escaped(text: Any) -> str:
    """Like Django's conditional_escape, without its care for lazy texts: three times as quick."""
    return text if isinstance(text, SafeData) else escape(str(text))  # type: ignore[return-value]


def _cell_writer(column: Column, words: list[str]) -> Callable[[Any, str], str]:
    """Function from (value, address of the record) to a cell; all that depends on the column alone is done once."""
    css = escape(column.css)
    if column.fixed:
        return _name_writer(css, column.kind == "person", words)
    show = column.shown_by()
    start = f'<td role="cell" class="{css}">'
    prefix = f'<span class="only-cards">{escape(column.prefix)} </span>' if column.prefix else ""

    def cell(value: Any) -> str:
        text = _escaped(show(value))
        return f"{start}{prefix}{text}</td>" if text else f"{start}</td>"

    # codes, dates and flags repeat from row to row
    repeated = lru_cache(maxsize=256)(cell)
    return lambda value, url: cell(value) if isinstance(value, list | dict) else repeated(value)


def _name_writer(css: str, is_person: bool, words: list[str]) -> Callable[[Any, str], str]:
    start, nobody = f'<th role="rowheader" scope="row" class="{css}">', escape(_("chưa có tên"))

    def write(value: Any, url: str) -> str:
        text = _escaped(person_name(value, words) if is_person else value or "") or nobody
        return f'{start}<a href="{url}">{text}</a></th>' if url else f"{start}{text}</th>"

    return write


def _pager(query: Query, page: Page) -> dict[str, Any]:
    noun, shown = query.register.noun, len(page.rows)
    pager: dict[str, Any] = {"total": page.total or COUNT_LIMIT, "shown": shown}
    if query.register.pages_by_key(query.request):
        return {
            **pager,
            "text": _found(query, page),
            "pages": [{"gap": True}] if page.before or page.after else [],
            "previous_url": query.url(("truoc", page.before)) if page.before else "",
            "next_url": query.url(("sau", page.after)) if page.after else "",
        }
    count = number(page.total) if page.total is not None else _("hơn {limit}").format(limit=number(COUNT_LIMIT))
    text = _("{first} đến {last} trong {count} {noun}").format(
        first=number(page.first), last=number(page.first + shown - 1), count=count, noun=noun
    )
    at = page.number
    return {
        **pager,
        "text": text if page.rows else "",
        "pages": list(_numbers(query, page)) if page.pages > 1 else [],
        "previous_url": _numbered(query, at - 1) if at > 1 else "",
        "next_url": _numbered(query, at + 1) if at < page.pages else "",
    }


def _numbered(query: Query, at: int) -> str:
    return query.url(*([("trang", str(at))] if at > 1 else []))


def _numbers(query: Query, page: Page) -> Iterator[dict[str, Any]]:
    """1 … 4 5 6 … 25."""
    wanted = sorted({1, page.pages, *range(page.number - 1, page.number + 2)} & set(range(1, page.pages + 1)))
    last = 0
    for at in wanted:
        if at - last > 1:
            yield {"gap": True}
        yield {"number": at, "url": _numbered(query, at), "current": at == page.number}
        last = at
