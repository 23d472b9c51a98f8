"""Figures that may be a minute old, kept in the shared cache until something is written at their place."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.cache import cache

Value = TypeVar("Value")
SECONDS = 60
KEPT = 24 * 3600
"""A value that is older than ``SECONDS`` is still shown to the others while one request computes it anew."""
ALONE = 30
"""Seconds for which that one request has it to itself."""
TOPICS = ("health", "figures", "lead", "levels", "late", "counts")


def recall(unit_id: int, *topics: str) -> dict[str, Any]:
    """What is remembered of several topics, read at once for ``remembered(…, known=…)``."""
    return cache.get_many([f"{topic}:{unit_id}" for topic in topics])


def remembered(
    topic: str, unit_id: int, compute: Callable[[], Value], *, known: Mapping[str, Any] | None = None
) -> Value:
    """The value computed within the last minute, or computed now. ``forget`` drops it after a write.

    When it is older, one request computes it and the others take the old one: a home page that everybody opens at
    eight must not be counted by everybody at once.
    """
    key = f"{topic}:{unit_id}"
    kept = cache.get(key) if known is None else known.get(key)
    if kept is not None:
        computed_at, value = kept
        if time.time() - computed_at < SECONDS or not cache.add(f"{key}:busy", 1, ALONE):
            return value
    value = compute()
    cache.set(key, (time.time(), value), KEPT)
    return value


MOST_NAMES = 16
"""Values of one topic that are kept side by side, e.g. tables of figures that were asked for lately."""


def remembered_among(topic: str, unit_id: int, name: str, compute: Callable[[], Value]) -> tuple[Value, float]:
    """(value, when it was computed) of one of several values of a topic; at most a minute old."""
    key, now = f"{topic}:{unit_id}", time.time()
    kept: dict[str, tuple[float, Value]] = cache.get(key) or {}
    if name in kept and now - kept[name][0] < SECONDS:
        return kept[name][1], kept[name][0]
    value = compute()
    fresh = sorted(((n, v) for n, v in kept.items() if now - v[0] < SECONDS), key=lambda item: item[1][0])
    cache.set(key, {**dict(fresh[1 - MOST_NAMES :]), name: (now, value)}, SECONDS)
    return value, now


def forget(unit_id: int, *topics: str) -> None:
    """Drop what is remembered of a unit: the next page counts anew."""
    cache.delete_many([f"{topic}:{unit_id}" for topic in topics or TOPICS])
