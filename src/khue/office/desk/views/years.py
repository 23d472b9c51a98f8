"""School years of the office (Năm học): calendar of terms, which year is current."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.org.models import SchoolYear
from khue.base.org.rules import school_year_of, year_label
from khue.base.org.selectors import calendar_of
from khue.base.org.services import save_school_year, set_current_year

from ..forms import YearForm


@needs("org.years:write")
def school_years(request: HttpRequest) -> HttpResponse:
    """All years with their terms; the current one marked."""
    place = place_of(request)
    years = [
        {"year": y.year, "label": str(y), "calendar": calendar_of(y.year), "current": y.year == place.year}
        for y in SchoolYear.objects.all()
    ]
    return render(
        request,
        "desk/years.html",
        {"title": _("Năm học %(label)s đang chạy") % {"label": year_label(place.year)}, "years": years},
    )


@needs("org.years:write")
def school_year_edit(request: HttpRequest, year: int) -> HttpResponse:
    """Calendar of one year, new or known."""
    place = place_of(request)
    running = school_year_of(timezone.localdate())
    choices = sorted({running - 1, running, running + 1, year}, reverse=True)
    form = YearForm(request.POST or None, years=choices, initial=YearForm.values_of(calendar_of(year)))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            save_school_year(calendar=form.calendar)
        messages.success(request, _("Đã lưu năm học %(label)s") % {"label": year_label(form.calendar.year)})
        return redirect(place.url("school-years"))
    context = {
        "title": _("Khung năm học %(label)s") % {"label": year_label(year)},
        "form": form,
        "submit": _("Lưu khung năm học"),
        "cancel_url": place.url("school-years"),
    }
    return render(request, "core/form.html", context)


@needs("org.years:write")
@require_POST
def school_year_current(request: HttpRequest, year: int) -> HttpResponse:
    """Make a known year the current one of this unit and of those below that have none of their own."""
    place = place_of(request)
    if SchoolYear.objects.filter(pk=year).exists():
        set_current_year(unit=place.unit, year=year)
        messages.success(request, _("Năm học hiện nay là %(label)s") % {"label": year_label(year)})
    return redirect(place.url("school-years"))
