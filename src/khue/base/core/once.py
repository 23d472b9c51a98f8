"""What is read once a request, however many parts of its page ask."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

Value = TypeVar("Value")


def once(request: HttpRequest, name: str, read: Callable[[], Value]) -> Value:
    """The value that ``read`` gives, kept on the request under ``name``."""
    kept = request.__dict__.setdefault("khue_once", {})
    if name not in kept:
        kept[name] = read()
    return kept[name]
