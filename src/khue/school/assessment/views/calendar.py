"""The plan of writing marks (Lịch ghi điểm): first and last day of each kind of mark, by level and term."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.scope import because
from khue.base.org.rules import year_label
from khue.base.org.selectors import calendar_of

from ..forms.calendar import KINDS, CalendarForm
from ..models import MarkWindow
from ..rules.secondary import LEVEL

WRITE = "assessment.calendar:write"


@needs(WRITE)
def mark_calendar(request: HttpRequest) -> HttpResponse:
    """The office sets it for all schools of lớp 6 to 9; a school may set its own."""
    place = place_of(request)
    own = MarkWindow.objects.filter(unit=place.unit, year=place.year, level=LEVEL)
    initial = {}
    for row in own:
        initial[f"{row.term}-{row.kind}-mo"], initial[f"{row.term}-{row.kind}-het"] = row.opens_on, row.closes_on
    form = CalendarForm(
        request.POST if request.method == "POST" else None, calendar=calendar_of(place.year), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic(), because(action=_("Đặt lịch ghi điểm")):
            _save(request, form.cleaned_data)
        messages.success(request, _("Đã lưu lịch ghi điểm"))
        return redirect(place.url("mark-calendar"))
    lead = (
        _("Ngày của trường đi trước ngày của phòng. Để trống thì theo phòng, phòng không đặt thì mở cả năm.")
        if place.is_school
        else _("Áp dụng cho lớp 6 đến 9 của mọi trường; trường đặt ngày riêng được.")
    )
    context = {
        "title": _("Lịch ghi điểm {year}").format(year=year_label(place.year)), "lead": lead, "form": form,
        "submit": _("Lưu lịch"), "cancel_url": place.url("home"),
    }  # fmt: skip
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, values: dict[str, Any]) -> None:
    place = place_of(request)
    for term in (1, 2):
        for kind in KINDS:
            first, last = values[f"{term}-{kind}-mo"], values[f"{term}-{kind}-het"]
            key: dict[str, Any] = {"unit": place.unit, "year": place.year, "level": LEVEL, "term": term, "kind": kind}
            if first and last:
                MarkWindow.objects.update_or_create(**key, defaults={"opens_on": first, "closes_on": last})
            else:
                MarkWindow.objects.filter(**key).delete()
