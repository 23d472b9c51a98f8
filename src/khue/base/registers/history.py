"""History of a record (Lịch sử): what the triggers wrote, as entries that people read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.rules import ROLES
from khue.base.catalog.selectors import name_of
from khue.base.core.history import EVENT_LABELS

from .columns import day

SHOWN = 200
_QUIET = {
    "id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_obj_id", "pgh_context", "pgh_context_id",
    "school", "school_ids", "sort_key", "search_key", "frozen", "created_at",
}  # fmt: skip


@dataclass(frozen=True)
class Trail:
    """The rows of one table that belong to a record's history.

    ``where`` selects them among the events; ``title`` is put before the field ("Xếp lớp"); ``codes`` maps fields to
    catalogue lists, ``related`` fields to a function from the ids to their names; ``hidden`` are left out. ``undo``:
    changes of its rows can be taken back (``revert.py``), but not of ``fixed`` {field: why, and what to do instead}.
    """

    model: type[models.Model]
    where: Mapping[str, Any]
    title: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, Callable[[set[int]], Mapping[int, str]]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    undo: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Event:
    at: datetime
    order: int
    label: str
    context: dict[str, Any]
    trail: Trail
    key: int
    changes: list[dict[str, Any]]

    @property
    def who(self) -> str:
        return self.context.get("actor") or "Khuê"


def event_model(model: type[models.Model]) -> Any:
    """The model of the history rows of a tracked model."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def label_of(trail: Trail, name: str) -> str:
    """What a field is called in the history: "Diện tích", "Gia đình: điện thoại"."""
    own = trail.labels.get(name, str(trail.model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return f"{trail.title}: {own[:1].lower()}{own[1:]}" if trail.title else own


UndoUrl = Callable[[str], str]
"""The address that takes back the edit of a request, by the token of its context."""


def entries(trails: Iterable[Trail], undo_url: UndoUrl | None = None) -> list[dict[str, Any]]:
    """Entries for ``core/history.html``, newest first; what one transaction wrote is one entry."""
    events = [event for trail in trails for event in _events(trail)]
    events.sort(key=lambda e: (e.at, e.order), reverse=True)
    grouped: dict[tuple[datetime, str, str], list[_Event]] = {}
    for event in events:
        context = event.context
        grouped.setdefault((event.at, context.get("actor", ""), context.get("request", "")), []).append(event)
    shown = ([event for event in group if event.changes or event.label != "update"] for group in grouped.values())
    groups = [group for group in shown if group]
    found = [_entry(group) for group in groups[:SHOWN]]
    if undo_url:
        newest = _newest(events)
        for entry, group in zip(found, groups, strict=False):
            entry |= _undo(group, undo_url, newest)
    return found


_Newest = Mapping[tuple[type[models.Model], int, str], tuple[_Event, str]]


def _newest(events: list[_Event]) -> _Newest:
    """The last event that changed each column of each row, and the value it gave."""
    found: dict[tuple[type[models.Model], int, str], tuple[_Event, str]] = {}
    for event in events:
        for change in event.changes:
            found.setdefault((event.trail.model, event.key, change["field"]), (event, change["new"]))
    return found


def _undo(group: list[_Event], undo_url: UndoUrl, newest: _Newest) -> dict[str, str]:
    """The way back of an edit by a person, or why there is none. Imports have their own (``intake/undo.py``)."""
    token = group[0].context.get("request")
    if not token or not all(event.label == "update" and event.trail.undo for event in group):
        return {}
    for event in group:
        for change in event.changes:
            if change["field"] in event.trail.fixed:
                return {"lock": event.trail.fixed[change["field"]]}
            last, value = newest[event.trail.model, event.key, change["field"]]
            if value != change["new"]:
                undone = last.context.get("undoes") == token
                said = _("{who} đã hoàn tác {when}.") if undone else _("{label} đã được {who} sửa lại {when}.")
                return {"lock": said.format(label=change["label"], who=last.who, when=when(last.at))}
    return {"undo_url": undo_url(token)}


def _events(trail: Trail) -> Iterator[_Event]:
    """Each event of the trail with what it changed against the version before."""
    model = event_model(trail.model)
    quiet = _QUIET | trail.hidden | _repeated(trail.model)
    names = [f.attname for f in model._meta.concrete_fields if f.name not in quiet]
    columns = ("pgh_obj_id", "pgh_created_at", "pgh_id", "pgh_label", "pgh_context", *names)
    rows = list(model.objects.filter(**trail.where).order_by("pgh_id").values_list(*columns))
    say = _Words(trail, names, rows)
    last: dict[int, tuple[Any, ...]] = {}
    for key, at, order, label, context, *values in rows:
        before = last.get(key)
        last[key] = tuple(values)
        yield _Event(at, order, label, context or {}, trail, key, list(say.changes(label, before, tuple(values))))


def _repeated(model: type[models.Model]) -> set[str]:
    """Whose birth date is known has its year from there."""
    return {"birth_year"} if any(f.name == "birth_date" for f in model._meta.concrete_fields) else set()


class _Words:
    """Labels of fields and values of one trail, the names of related rows read once."""

    def __init__(self, trail: Trail, names: list[str], rows: list[tuple[Any, ...]]) -> None:
        self.trail, self.names = trail, names
        fields = {f.attname: f for f in trail.model._meta.concrete_fields}
        self.fields = [fields[name].name for name in names]
        self.labels = [label_of(trail, name) for name in self.fields]
        self.choices = {fields[a].name: dict(fields[a].flatchoices) for a in names if fields[a].choices}
        self.related: dict[str, Mapping[int, str]] = {}
        for name, find in trail.related.items():
            at = 5 + self.fields.index(name)
            self.related[name] = find({row[at] for row in rows if row[at] is not None})

    def changes(self, label: str, before: tuple[Any, ...] | None, values: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
        blank = (None,) * len(values)
        old, new = (values, blank) if label == "delete" else (before or blank, values)
        if label == "update" and before is None:
            return  # written while the person was at another school: what stood there is not this school's to see
        for name, text, was, now in zip(self.fields, self.labels, old, new, strict=True):
            shown = self.value(name, was), self.value(name, now)
            is_silent = was is None and now is False  # a row that is made has many boxes that nobody ticked
            if shown[0] != shown[1] and not is_silent:
                yield {"field": name, "label": text, "old": shown[0], "new": shown[1]}

    def value(self, name: str, value: Any) -> str:
        if value is None or value == "" or value == []:
            return ""
        if name in self.related:
            return self.related[name].get(value, str(value))
        if name in self.choices:
            return str(self.choices[name].get(value, value))
        if name in self.trail.codes:
            codes = value if isinstance(value, list) else [value]
            return ", ".join(name_of(self.trail.codes[name], str(code)) for code in codes)
        return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _entry(group: list[_Event]) -> dict[str, Any]:
    context = group[0].context
    kinds = {event.label for event in group}
    created = kinds == {"insert"}
    return {
        "who": group[0].who,
        "role": _role(context),
        "when": when(group[0].at),
        "changes": [change for event in reversed(group) for change in event.changes],
        "why": _why(context, EVENT_LABELS["insert"] if created else ""),
        "from_where": context.get("address", ""),
    }


def _role(context: dict[str, Any]) -> str:
    codes = [code.strip() for code in str(context.get("role", "")).split(",")]
    labels = [ROLES[code].label.lower() for code in codes if code in ROLES]
    where = [_("từ máy {address}").format(address=context["address"])] if context.get("address") else []
    return ", ".join(labels + where)


def _why(context: dict[str, Any], kind: str) -> str:
    """The action and the reason in one sentence: "Chuyển lớp. Lý do: theo quyết định phân lớp." """
    said = [str(context[name]) for name in ("action",) if context.get(name)]
    if context.get("import"):
        said.append(_("Nhập từ tệp {file}").format(file=context.get("file", "")).strip())
    if not said and kind:
        said.append(_("Lập hồ sơ"))
    if context.get("reason"):
        said.append(_("Lý do: {reason}").format(reason=context["reason"]))
    return ". ".join(said) + "." if said else ""


def when(at: datetime) -> str:
    """hôm nay 9:12, hôm qua 16:35, 28/08/2026 10:02."""
    local, today = timezone.localtime(at), timezone.localdate()
    clock = f"{local.hour}:{local:%M}"
    if local.date() == today:
        return _("hôm nay {clock}").format(clock=clock)
    if local.date() == today - timedelta(days=1):
        return _("hôm qua {clock}").format(clock=clock)
    return f"{local:%d/%m/%Y} {clock}"
