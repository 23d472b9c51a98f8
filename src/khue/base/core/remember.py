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
TOPICS = ("health", "figures", "lead", "levels", "late")


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


def forget(unit_id: int, *topics: str) -> None:
    """Drop what is remembered of a unit: the next page counts anew."""
    cache.delete_many([f"{topic}:{unit_id}" for topic in topics or TOPICS])
