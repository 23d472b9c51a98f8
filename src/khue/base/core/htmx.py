"""Requests that ask for a part of a page."""

from django.http import HttpRequest


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks, so that a part of the page is the answer (``request.htmx`` of django-htmx)."""
    return bool(request.htmx)  # type: ignore[attr-defined]
