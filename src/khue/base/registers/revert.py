"""Taking back one edit of a record: its old values are written again, where nobody has changed them since.

An edit is what one request wrote (``request`` in the context of the events), whatever tables it touched. Only changes
are taken back, never what an edit added or removed: that follows other rules (a move, a status, a new guardian).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from khue.base.core.scope import because

from .history import Trail, event_model, label_of, when

Key = tuple[type[models.Model], int]


@dataclass(frozen=True)
class Change:
    """A column of a row that an edit changed; ``event`` is the last of its events there."""

    trail: Trail
    key: int
    field: models.Field
    old: Any
    new: Any
    event: int


@dataclass(frozen=True)
class Revision:
    """The way back for a row (or rows of one form). ``check``: what would be wrong with the old values that is right
    now, as sentences. ``write``: the service's call; raises ``ValidationError``."""

    check: Callable[[], list[str]]
    write: Callable[[], Any]


Revise = Callable[[Mapping[Key, list[Change]]], list[Revision]]


@transaction.atomic
def take_back(*, trails: Iterable[Trail], token: str, revise: Revise) -> list[Change]:
    """Write the old values of the edit ``token`` through the record's own services; raises ``ValidationError``."""
    changes = edit_of(trails, token)
    by_row: dict[Key, list[Change]] = {}
    for change in changes:
        by_row.setdefault((change.trail.model, change.key), []).append(change)
    faults = [fault for row in by_row.values() for fault in _changed_since(row)]
    revisions = [] if faults else revise(by_row)
    faults += [fault for revision in revisions for fault in revision.check()]
    if faults:
        raise ValidationError(faults)
    with because(undoes=token):
        for revision in revisions:
            revision.write()
    return changes


def edit_of(trails: Iterable[Trail], token: str) -> list[Change]:
    """What the edit changed of this record; 404 if it is none of this record's."""
    found = [change for trail in trails for change in _changes(trail, token)]
    if not found:
        raise Http404
    return found


def _changes(trail: Trail, token: str) -> Iterator[Change]:
    fields = [f for f in trail.model._meta.concrete_fields if f.editable and not f.primary_key and f.name != "school"]
    names = [f.attname for f in fields]
    events = event_model(trail.model).objects.filter(**trail.where).order_by("pgh_id")
    own: dict[int, list[tuple[int, str]]] = {}
    for key, event, label in events.filter(pgh_context__request=token).values_list("pgh_obj_id", "pgh_id", "pgh_label"):
        own.setdefault(key, []).append((event, label))
    for key, written in own.items():
        (first, _label), (last, _label) = written[0], written[-1]
        row = events.filter(pgh_obj_id=key)
        before = row.filter(pgh_id__lt=first).values_list(*names).last()
        if before is None or not trail.undo or any(label != "update" for _event, label in written):
            raise ValidationError(_("Lần này có thêm, bỏ hoặc chuyển chứ không chỉ sửa. Sửa lại tại hồ sơ."))
        after = row.filter(pgh_id=last).values_list(*names).get()
        for field, old, new in zip(fields, before, after, strict=True):
            if old != new:
                if field.name in trail.fixed:
                    raise ValidationError(trail.fixed[field.name])
                yield Change(trail, key, field, old, new, last)


def _changed_since(row: list[Change]) -> Iterator[str]:
    """A sentence for each column that has another value now: who wrote it and when."""
    first = row[0]
    model, names = first.trail.model, [change.field.attname for change in row]
    now = model._default_manager.select_for_update().filter(pk=first.key).values(*names).first()
    if now is None:
        yield _("Hồ sơ này không còn hoặc đã sang trường khác, nên không trả lại được.")
        return
    for change in row:
        if now[change.field.attname] != change.new:
            label, (who, at) = label_of(change.trail, change.field.name), _next_writer(change)
            told = _("{label} đã được {who} sửa lại {when}. Hoàn tác lần sửa ấy trước, hoặc sửa tại hồ sơ.")
            yield told.format(label=label, who=who, when=when(at) if at else _("sau đó"))


def _next_writer(change: Change) -> tuple[str, datetime | None]:
    column = change.field.attname
    events = event_model(change.trail.model).objects.filter(pgh_obj_id=change.key, pgh_id__gt=change.event)
    for value, context, at in events.order_by("pgh_id").values_list(column, "pgh_context", "pgh_created_at"):
        if value != change.new:
            return (context or {}).get("actor") or "Khuê", at
    return "Khuê", None


def told(changes: Iterable[Change], limit: int = 4) -> str:
    """ "diện tích, năm sửa": what went back."""
    labels = list(dict.fromkeys(label_of(change.trail, change.field.name).lower() for change in changes))
    more = _(" và {count} mục nữa").format(count=len(labels) - limit) if len(labels) > limit else ""
    return ", ".join(labels[:limit]) + more
