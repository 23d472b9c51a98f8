"""The ``/`` box (Tìm và đi tới): each app adds finders; the answer is ``core/parts/found.html``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from khue.base.access.menu import MENU
from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.text import clean_text, search_key

Found = dict[str, Any]
Finder = Callable[[HttpRequest, list[str]], list[Found]]
"""Words without marks → items ``{url, icon or initials, title, note}``; a finder asks the person's rights."""


@dataclass(frozen=True)
class Shortcut:
    """Something that can be done: shown to whoever has ``action``; ``words`` are further words that find it."""

    label: Any
    icon: str
    view: str
    action: str
    words: str = ""
    school: bool = True
    office: bool = True


_FINDERS: list[tuple[int, Any, Finder]] = []
_SHORTCUTS: list[Shortcut] = []
SHOWN_PER_GROUP = 6


def add_finder(order: int, label: Any, finder: Finder) -> None:
    """Add a group of results."""
    _FINDERS.append((order, label, finder))
    _FINDERS.sort(key=lambda entry: entry[0])


def add_shortcuts(*shortcuts: Shortcut) -> None:
    _SHORTCUTS.extend(shortcuts)


@needs("core.home:read")
def search(request: HttpRequest) -> HttpResponse:
    """Groups of results for ``?q=``; nothing typed: the places and actions of this person."""
    text = clean_text(request.GET.get("q", ""))[:80]
    words = search_key(text).split()[:6]
    groups = [(label, finder(request, words)) for _order, label, finder in _FINDERS] if words else []
    groups.append((_("Đi tới"), list(_pages(request, words))))
    groups.append((_("Việc làm được"), list(_actions(request, words))))
    found = [{"label": label, "items": items[:SHOWN_PER_GROUP]} for label, items in groups if items]
    return render(request, "core/parts/found.html", {"groups": found, "q": text})


def _pages(request: HttpRequest, words: list[str]) -> Iterable[Found]:
    place = place_of(request)
    for item in MENU:
        shown = (item.school if place.is_school else item.office) and place.may(item.action)
        if shown and _all_in(words, str(item.label)):
            yield {"url": place.url(item.view), "icon": item.icon, "title": marked(str(item.label), words)}


def _actions(request: HttpRequest, words: list[str]) -> Iterable[Found]:
    place = place_of(request)
    for item in _SHORTCUTS:
        shown = (item.school if place.is_school else item.office) and place.may(item.action)
        if shown and _all_in(words, f"{item.label} {item.words}"):
            yield {"url": place.url(item.view), "icon": item.icon, "title": marked(str(item.label), words)}


def _all_in(words: list[str], label: str) -> bool:
    parts = search_key(label).split()
    return all(any(part.startswith(word) for part in parts) for word in words)


def marked(text: str, words: list[str]) -> SafeString | str:
    """The text with the words marked that were typed (a word that begins so, without Vietnamese marks)."""
    if not words:
        return text
    parts = []
    for part in text.split():
        hit = any(search_key(part).startswith(word) for word in words)
        parts.append((format_html("<mark>{}</mark>", part) if hit else part,))
    return format_html_join(" ", "{}", parts)
