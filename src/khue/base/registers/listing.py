"""From a query to the context of ``core/register.html``."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khue.base.core.templatetags.khue import number

from .columns import Column, person_name
from .query import COUNT_LIMIT, Page, Query
from .register import ALL, Register

_NUMBER_FOR_ADDRESS = 987_654_321


def list_context(register: Register, request: HttpRequest) -> dict[str, Any]:
    """Everything that the page of a register shows."""
    query = Query(register, request)
    page = query.page()
    place = request.place  # type: ignore[attr-defined]
    if not page.rows and not query.is_narrowed and register.empty:
        return {**_head(register, request), "empty": register.empty(request)}
    bulk = register.bulk_at(request) if place.may(register.write) else []
    return {
        **_head(register, request),
        "search": {"value": query.text, "placeholder": register.search_hint} if register.searchable else None,
        "keep": query.keep(),
        "filters": list(_filters(query)),
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
    for item, options, value in query.filters:
        label = next((text for code, text in options if code == value), "")
        off_url = query.url(*([(item.key, ALL)] if item.default else []), without=item.key)
        choices = [
            {
                "label": text,
                "url": query.url(*([(item.key, code)] if code != item.default else []), without=item.key),
                "current": code == value,
            }
            for code, text in options
        ]
        if item.default:
            choices.insert(0, {"label": _("Tất cả"), "url": off_url, "current": not value})
        yield {
            "key": item.key, "label": item.label, "value_label": label, "remove_url": off_url, "choices": choices,
        }  # fmt: skip


def _found(query: Query, page: Page) -> str:
    noun = query.register.noun
    count = number(page.total) if page.total is not None else _("hơn {limit}").format(limit=number(COUNT_LIMIT))
    if query.text:
        return _("{count} {noun} khớp “{text}”").format(count=count, noun=noun, text=query.text)
    return f"{count} {noun}"


def _chooser(query: Query) -> list[dict[str, Any]]:
    shown = {c.key for c in query.columns}
    every = query.register.columns_at(query.request)
    return [{"key": c.key, "label": c.label, "shown": c.key in shown, "fixed": c.fixed} for c in every]


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


def body(query: Query, rows: list[tuple[Any, ...]], *, selectable: bool) -> SafeString | str:
    """The rows as HTML: formatted here, not in a template, because a page has up to 50 rows of 12 cells."""
    register, place = query.register, query.request.place  # type: ignore[attr-defined]
    pattern = place.url(register.record, pk=_NUMBER_FOR_ADDRESS) if register.record else ""
    show = [column.shown_by() for column in query.columns]
    lines = []
    for row in rows:
        values = row[2:]
        url = pattern.replace(str(_NUMBER_FOR_ADDRESS), str(row[0]))
        cells = [
            _name_cell(column, value, url, query.words) if column.fixed else _cell(column, formatter(value))
            for column, formatter, value in zip(query.columns, show, values, strict=True)
        ]
        name = next((v for c, v in zip(query.columns, values, strict=True) if c.fixed), row[0])
        lines.append((_check(row[0], name) if selectable else "", format_html_join("", "{}", ((c,) for c in cells))))
    return format_html_join("\n", '<tr role="row">{}{}</tr>', lines)


def _check(pk: int, name: Any) -> SafeString:
    return format_html(
        '<td role="cell" class="fit k-check"><input type="checkbox" name="chon" value="{}" aria-label="{}"></td>',
        pk, _("Chọn {name}").format(name=name),
    )  # fmt: skip


def _name_cell(column: Column, value: Any, url: str, words: list[str]) -> SafeString:
    text = person_name(value, words) if column.kind == "person" else value
    inner = format_html('<a href="{}">{}</a>', url, text or _("chưa có tên")) if url else text
    return format_html('<th role="rowheader" scope="row" class="{}">{}</th>', column.css, inner)


def _cell(column: Column, text: Any) -> SafeString:
    if column.prefix and text:
        text = format_html('<span class="only-cards">{} </span>{}', column.prefix, text)
    return format_html('<td role="cell" class="{}">{}</td>', column.css, text)


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
