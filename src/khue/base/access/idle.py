"""Who leaves the computer alone is signed out: nobody at a shared one goes on under their name."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from khue.base.core.htmx import came_from, wants_part

SEEN = "khue_seen"
NOTED_EVERY = 60
"""Seconds between two notes of "still here": the session is not written on each request."""
POLLS = "X-Khue-Poll"
"""The header of requests that a page makes by itself (``progress.js``): they are no sign of a person."""
WHY = "vi"
IDLE = "lau"


class IdleMiddleware:
    """Ends a session that nobody used for ``IDLE_MINUTES``; the twelve hours of a sign-in stay the upper limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.IDLE_MINUTES and settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        session, now = request.session, int(time.time())
        if SESSION_KEY not in session:
            return
        idle = now - session.get(SEEN, now - NOTED_EVERY - 1)
        # the last request may be up to NOTED_EVERY younger than its note: nobody is signed out too early
        if idle >= settings.IDLE_MINUTES * 60 + NOTED_EVERY:
            request.was_idle = True  # type: ignore[attr-defined]
            logout(request)
        elif idle > NOTED_EVERY and POLLS not in request.headers:
            _note(session, now)


def _note(session: Any, now: int) -> None:
    """One UPDATE of the session's data; its expiry stays as it was at sign-in."""
    modified = session.modified
    session[SEEN] = now
    session.modified = modified
    rows = session.model.objects.filter(session_key=session.session_key)
    rows.update(session_data=session.encode(dict(session.items())))


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in and, after it, back to the page where the person was."""
    words = {"next": _page_of(request)}
    if getattr(request, "was_idle", False):
        words[WHY] = IDLE
    url = f"{reverse('account_login')}?{urlencode(words)}"
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def _page_of(request: HttpRequest) -> str:
    """The page that the person saw: of a part the page around it, of something sent the page it came from."""
    if wants_part(request):
        return request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return came_from(request, "/")
