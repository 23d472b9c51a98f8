"""Whose address a request has behind a proxy of our own (nginx): for the access log, history and limits of sign-in."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class ProxyMiddleware:
    """Takes the address that the outermost trusted proxy saw; what a client itself claims further left is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.TRUSTED_PROXIES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(chain) >= settings.TRUSTED_PROXIES:
            request.META["REMOTE_ADDR"] = chain[-settings.TRUSTED_PROXIES][:45]
        return self.get_response(request)
