"""Reporting periods (Kỳ báo cáo): list, add, edit."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.scope import because
from khue.office.statistics.models import ReportingPeriod

from ..forms import DAYS, PeriodForm
from .common import period_or_404

WRITE = "statistics.periods:write"


@require_GET
@needs(WRITE)
def report_periods(request: HttpRequest) -> HttpResponse:
    periods = list(ReportingPeriod.objects.all())
    context = {
        "title": _("Kỳ báo cáo"),
        "crumbs": [{"label": _("Nộp và duyệt"), "url": place_of(request).url("returns")}],
        "periods": [(period, place_of(request).url("period-edit", pk=period.pk)) for period in periods],
        "add_url": place_of(request).url("period-add"),
    }
    return render(request, "returns/periods.html", context)


@needs(WRITE)
def period_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None, PeriodForm.usual(place_of(request).year))


@needs(WRITE)
def period_edit(request: HttpRequest, pk: int) -> HttpResponse:
    period = period_or_404(pk)
    initial = {name: getattr(period, name) for name in ("kind", "year", "title", *DAYS)}
    return _edit(request, period, initial)


def _edit(request: HttpRequest, period: ReportingPeriod | None, initial: dict[str, Any]) -> HttpResponse:
    place = place_of(request)
    form = PeriodForm(request.POST or None, period=period, initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic(), because(action=_("Đặt kỳ báo cáo")):
            save_period(period, form.cleaned_data)
        messages.success(request, _("Đã lưu kỳ {title}").format(title=form.cleaned_data["title"]))
        return redirect(place.url("periods"))
    context = {
        "title": _("Sửa kỳ {title}").format(title=period.title) if period else _("Thêm kỳ báo cáo"),
        "crumbs": [{"label": _("Kỳ báo cáo"), "url": place.url("periods")}],
        "form": form, "submit": _("Lưu kỳ"), "cancel_url": place.url("periods"),
    }  # fmt: skip
    return render(request, "core/form.html", context, status=422 if form.errors else 200)


def save_period(period: ReportingPeriod | None, values: dict[str, Any]) -> ReportingPeriod:
    """Write a period; a further one of a kind gets the next number."""
    found = period or ReportingPeriod()
    for name, value in values.items():
        setattr(found, name, value)
    if period is None:
        same = ReportingPeriod.objects.filter(kind=found.kind, year=found.year)
        found.number = (same.aggregate(last=Max("number"))["last"] or 0) + 1
    found.save()
    return found
