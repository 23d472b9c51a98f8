"""Each view names what it needs, in one line; a view without it does not start (see ``checks.py``)."""

from collections.abc import Callable
from typing import Any, TypeVar

from .rules import ACTIONS

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
SIGNED_IN = "signed-in"


def needs(action: str) -> Callable[[View], View]:
    """The view may be opened by whoever has ``action`` at the place of its address."""
    if action not in ACTIONS:
        raise ValueError(f"Unknown action {action!r}: declare it in access/rules.py")
    return _mark(action)


def public(view: View) -> View:
    """Anyone may open the view."""
    return _mark(PUBLIC)(view)


def signed_in(view: View) -> View:
    """Anyone who is signed in may open the view; it has no place."""
    return _mark(SIGNED_IN)(view)


def _mark(requirement: str) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.khue_needs = requirement  # type: ignore[attr-defined]
        return view

    return mark
