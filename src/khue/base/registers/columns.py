"""Columns of a register: where a value comes from, how a page shows it, what a spreadsheet gets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khue.base.catalog.selectors import names
from khue.base.core.text import dotted, search_key

Show = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """One column. ``source`` is an ORM path or an annotation of the register's rows.

    ``kind``: text, person or name (the link to the record), code or codes (of the catalogue list ``catalog``), date,
    time, bool, number, identifier (masked in lists), phone. ``sort`` are the ORM paths to sort by; none: not sortable.
    ``css`` holds the classes of the look: ``n r p2 p3 k-class k-meta``. ``prefix`` is written on phone cards only.
    ``place`` restricts a column to ``school`` or ``office``. ``show`` replaces what the kind would show; a spreadsheet
    gets it too if the kind is plain text.
    """

    key: str
    label: str
    source: str
    kind: str = "text"
    catalog: str = ""
    css: str = ""
    sort: tuple[str, ...] = ()
    default: bool = True
    prefix: str = ""
    place: str = ""
    show: Show | None = None

    @property
    def fixed(self) -> bool:
        """The name is always there: it is the way to the record."""
        return self.kind in ("name", "person")

    def shown_by(self) -> Show:
        """Function from a stored value to what the list shows."""
        if self.show:
            return self.show
        if self.kind in ("code", "codes"):
            return _codes_shown(self.catalog)
        return _SHOW[self.kind]

    def for_sheet(self) -> Callable[[Any], Any]:
        """Function from a stored value to the typed cell of a spreadsheet: nothing is masked there."""
        if self.show and self.kind == "text":
            return self.show
        if self.kind in ("code", "codes"):
            return _codes_shown(self.catalog)
        return _SHEET.get(self.kind, _plain)

    @property
    def sheet_type(self) -> str:
        """text, date, number or bool, as the writer of spreadsheets calls them."""
        return {"date": "date", "number": "number"}.get(self.kind, "text")


def mask(value: str | None) -> str:
    """A personal number that nobody reads over a shoulder: 074213006518 → 0742•••••518."""
    if not value:
        return ""
    return f"{value[:4]}•••••{value[-3:]}" if len(value) > 8 else value


def phone(value: str | None) -> str:
    """0978196474 → 0978 196 474; other lengths stay as they are."""
    if value and len(value) == 10 and value.isdigit():
        return f"{value[:4]} {value[4:7]} {value[7:]}"
    return value or ""


def day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def moment(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}" if value else ""


def person_name(full_name: str | None, words: Sequence[str] = ()) -> SafeString | str:
    """A name with its given name strong (it is the sort key) and the words marked that were searched for."""
    if not full_name:
        return ""
    *family, given = (_marked(word, words) for word in full_name.split())
    head = "".join(f"{word} " for word in family)
    return mark_safe(f'{head}<span class="given">{given}</span>')  # noqa: S308  # each word is escaped


def _marked(word: str, words: Sequence[str]) -> str:
    key = search_key(word) if words else ""
    return f"<mark>{escape(word)}</mark>" if any(w in key for w in words) else escape(word)


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _number(value: Any) -> str:
    return "" if value is None else dotted(value)


def _codes_shown(catalog: str) -> Show:
    table = names(catalog)

    def show(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(table.get(code, code) for code in value)
        return table.get(str(value), str(value)) if value not in (None, "") else ""

    return show


def _yes(value: Any) -> str:
    return _("Có") if value else ""


_SHOW: dict[str, Show] = {
    "text": _plain,
    "name": _plain,
    "person": _plain,
    "date": day,
    "time": moment,
    "bool": _yes,
    "number": _number,
    "identifier": mask,
    "phone": phone,
}
_SHEET: dict[str, Show] = {"bool": _yes, "time": moment}
