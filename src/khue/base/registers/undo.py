"""Undo of a bulk edit from the history: what it wrote is taken back where nobody has changed it since."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from .history import event_model


@dataclass
class _Touched:
    """What a batch did to one row: its values before, after, and whether the batch made it."""

    first_event: int
    is_new: bool
    after: tuple[Any, ...]
    before: tuple[Any, ...] | None = None


@dataclass
class _Plan:
    delete: list[int] = field(default_factory=list)
    restore: dict[tuple[tuple[str, Any], ...], list[int]] = field(default_factory=lambda: defaultdict(list))
    kept: int = 0


@transaction.atomic
def undo_batch(tables: Iterable[type[models.Model]], token: str) -> tuple[int, int]:
    """Take back what the batch ``token`` wrote in these tables; returns (taken back, left because changed since).

    The policies decide which rows are in sight: the batch of another school takes nothing back.
    """
    done = kept = 0
    for model in tables:
        plan = _plan(model, token)
        # what the batch made goes first: a reopened placement may not meet the one that replaced it
        removed = model._default_manager.filter(pk__in=plan.delete).delete()[0] if plan.delete else 0
        restored = sum(
            model._default_manager.filter(pk__in=keys).update(**{name: _plain(value) for name, value in values})
            for values, keys in plan.restore.items()
        )
        done += max(removed, restored)
        kept += plan.kept
    return done, kept


def _plan(model: type[models.Model], token: str) -> _Plan:
    names = [f.attname for f in model._meta.concrete_fields if f.editable and not f.primary_key]
    touched = _touched(model, token, names)
    rows = model._default_manager.filter(pk__in=touched).values_list("pk", *names)
    now = {key: tuple(values) for key, *values in rows}
    plan = _Plan()
    for key, row in touched.items():
        if key not in now or now[key] != row.after or (row.before is None and not row.is_new):
            plan.kept += 1
        elif row.is_new:
            plan.delete.append(key)
        else:
            changes = zip(names, row.before or (), row.after, strict=True)
            plan.restore[tuple((name, _hashable(old)) for name, old, new in changes if old != new)].append(key)
    return plan


def _touched(model: type[models.Model], token: str, names: list[str]) -> dict[int, _Touched]:
    events = event_model(model).objects
    found: dict[int, _Touched] = {}
    rows = events.filter(pgh_context__batch=token).order_by("pgh_id")
    for key, event, label, *values in rows.values_list("pgh_obj_id", "pgh_id", "pgh_label", *names):
        if key in found:
            found[key].after = tuple(values)
        else:
            found[key] = _Touched(event, label == "insert", tuple(values))
    earlier = events.filter(pgh_obj_id__in=found).order_by("pgh_id").values_list("pgh_obj_id", "pgh_id", *names)
    for key, event, *values in earlier:
        if event < found[key].first_event:
            found[key].before = tuple(values)
    return found


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
