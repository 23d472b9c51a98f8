"""``/ui/``: every component once, with its states, for developers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .ui_samples import context


def ui(request: HttpRequest) -> HttpResponse:
    """The page of components (only in development)."""
    return render(request, "core/ui.html", context())


ui.khue_needs = "public"  # type: ignore[attr-defined]  # core stands below access
