"""Opens the scope of a request: place from the address, roles, transaction, policies; then asks the permission."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django_scopes import scope

from khue.base.audit.services import log_access
from khue.base.core.errors import error_page
from khue.base.core.remember import forget
from khue.base.core.scope import enter_request_scope

from .idle import to_sign_in
from .permissions import PUBLIC, SIGNED_IN, refused
from .places import Place, find_place

PASSWORD_PATHS = {"account_change_password", "account_logout"}


class ScopeMiddleware:
    """In order: session and user, place and memberships, BEGIN, scope, view, COMMIT (docs/architecture.md)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.place = None  # type: ignore[attr-defined]
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if "place" not in match.kwargs:
            return self.get_response(request)
        if not request.user.is_authenticated:
            return to_sign_in(request)
        kind, code = match.kwargs["place"].split("/")
        place = find_place(request.user, kind, code, timezone.localdate())
        if place is None:
            log_access(request, kind="denied", detail=request.path)
            return error_page(request, 404)
        return self._in_scope(request, place)

    def _in_scope(self, request: HttpRequest, place: Place) -> HttpResponseBase:
        request.place = place  # type: ignore[attr-defined]
        request.token = token_hex(6)  # type: ignore[attr-defined]
        office = not place.is_school
        with transaction.atomic(), scope(school=place.school_ids):
            enter_request_scope(place.school_ids, all_schools=office, context=context_of(request, place))
            response = self.get_response(request)
            if response.status_code >= 500 or hasattr(request, "view_failed"):
                # this transaction is the view's own (see ``needs``): nothing half-written outlives a failure
                transaction.set_rollback(True)
            elif request.method == "POST":
                # a deferred key would fail at COMMIT, after the view, as a bare 500
                with transaction.get_connection().cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused = getattr(request, "refused_action", None)
        if refused:
            log_access(request, kind="denied", detail=f"{refused} {request.path}")
        if request.method == "POST" and response.status_code < 400:
            forget(place.unit.pk)
        response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Whatever a view raised (404 and 403 too): what it had written by then goes back."""
        request.view_failed = True  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        requirement = getattr(view, "khue_needs", None)
        if requirement in (None, PUBLIC):
            return None
        if not request.user.is_authenticated:
            return to_sign_in(request)
        match = request.resolver_match
        if request.user.must_change_password and match is not None and match.view_name not in PASSWORD_PATHS:
            return redirect("account_change_password")
        if requirement == SIGNED_IN:
            return None
        place: Place | None = request.place  # type: ignore[attr-defined]
        if place is None:
            raise Http404
        if not place.may(requirement):
            raise refused(request, requirement)
        kwargs.pop("place")
        return None


def context_of(request: HttpRequest, place: Place) -> dict[str, Any]:
    """Who writes: stands in each history row of this request, which ``request`` names: what it wrote is one edit."""
    return {
        "user": request.user.pk,
        "actor": str(request.user),
        "role": ", ".join(place.role_codes),
        "unit": place.unit.pk,
        "address": request.META.get("REMOTE_ADDR", ""),
        "url": request.path,
        "request": request.token,  # type: ignore[attr-defined]
    }
