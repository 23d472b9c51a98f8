"""Each view names what it needs, in one line; a view without it does not start (see ``checks.py``)."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from khue.base.accounts.models import User

from .rules import ACTIONS, roles_allowing

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
        if requirement in ACTIONS:
            # the middleware's transaction serves: it opens it with the scope and rolls it back when the view fails
            return transaction.non_atomic_requests(view)
        return view

    return mark


def user_of(request: HttpRequest) -> User:
    """Who is signed in; for views that need an action or a sign-in."""
    user: User = request.user  # type: ignore[assignment]  # the middleware lets nobody else in
    return user


def refused(request: HttpRequest, action: str) -> PermissionDenied:
    """The error to raise where ``action`` is missing; the middleware notes it in the access log."""
    request.refused_action = action  # type: ignore[attr-defined]
    return PermissionDenied(refusal(action))


def refusal(action: str) -> str:
    """A refusal that says which right is missing and which roles have it."""
    who = ", ".join(roles_allowing(action))
    return f"Phần này cần quyền {ACTIONS[action].label}. Vai trò có quyền đó: {who}."
