"""Requests that ask for a part of a page, and the page they come from."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks, so that a part of the page is the answer (``request.htmx`` of django-htmx)."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page of this site on which something was sent."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return otherwise
    return page.path + (f"?{page.query}" if page.query else "")
