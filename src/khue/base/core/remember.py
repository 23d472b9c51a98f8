"""Figures that may be a minute old, kept in the shared cache until something is written at their place."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.cache import cache

Value = TypeVar("Value")
SECONDS = 60
TOPICS = ("health", "figures", "lead", "levels")


def recall(unit_id: int, *topics: str) -> dict[str, Any]:
    """What is remembered of several topics, read at once for ``remembered(…, known=…)``."""
    return cache.get_many([f"{topic}:{unit_id}" for topic in topics])


def remembered(
    topic: str, unit_id: int, compute: Callable[[], Value], *, known: Mapping[str, Any] | None = None
) -> Value:
    """The value computed within the last minute, or computed now. ``forget`` drops it after a write."""
    key = f"{topic}:{unit_id}"
    value = cache.get(key) if known is None else known.get(key)
    if value is None:
        value = compute()
        cache.set(key, value, SECONDS)
    return value


def forget(unit_id: int, *topics: str) -> None:
    """Drop what is remembered of a unit: the next page counts anew."""
    cache.delete_many([f"{topic}:{unit_id}" for topic in topics or TOPICS])
