"""What the pages of teaching share: rights, addresses, writing with the reason in the history."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from khue.base.access.places import Place, place_of
from khue.base.core.htmx import wants_part
from khue.base.core.scope import because
from khue.school.registry.models import Position

from ..models import Gradebook
from ..selectors.teaching import TEACHER_GROUPS

READ, WRITE = "assessment.teaching:read", "assessment.teaching:write"
ANY = 987654321
"""Stands for the key of a row in the address that all rows share."""


def said(form: Form, action: str, write: Callable[[], Any], *, reason: str = "") -> bool:
    """Run a service with action and reason in the history; what it refuses stands at the form's fields."""
    context = {"action": action, "reason": reason}
    try:
        with transaction.atomic(), because(**{name: text for name, text in context.items() if text}):
            write()
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for field, sentences in by_field.items():
            shown = {"until": "last_day"}.get(field or "", field)
            for sentence in sentences:
                form.add_error(shown if shown in form.fields else None, sentence)
        return False
    return True


def done(request: HttpRequest, url: str, text: str = "") -> HttpResponse:
    """After a write from the drawer or a page."""
    if text:
        messages.success(request, text)
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def grid_url(place: Place, grade: int) -> str:
    return f"{place.url('teaching')}?khoi={grade}"


def crumbs(place: Place, grade: int = 0) -> list[dict[str, str]]:
    return [{"label": _("Môn và phân công"), "url": grid_url(place, grade) if grade else place.url("teaching")}]


def views_of(place: Place, current: str) -> list[dict[str, Any]]:
    """The two ways to look at it."""
    ways = (("grid", _("Theo lớp"), "teaching"), ("teachers", _("Theo giáo viên"), "teaching-by-teacher"))
    return [{"label": label, "url": place.url(name), "current": key == current} for key, label, name in ways]


def books_here(request: HttpRequest) -> QuerySet[Gradebook]:
    """Books of the school of the address in its school year; an office has none of its own."""
    place = place_of(request)
    if not place.is_school:
        raise Http404
    return Gradebook.objects.filter(school_class__year=place.year)


def teachers_here(request: HttpRequest) -> QuerySet[Position]:
    """Managers and teachers of the school of the address."""
    if not place_of(request).is_school:
        raise Http404
    return Position.objects.filter(group__in=TEACHER_GROUPS)
