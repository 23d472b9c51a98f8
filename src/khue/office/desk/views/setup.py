"""Set-up of an empty installation (Thiết lập): office, school year, schools, first account; leaving is safe."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.contrib.auth import login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import public
from khue.base.access.places import place_key
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.scope import open_scope
from khue.base.org.models import SchoolYear, Unit
from khue.base.org.rules import school_year_of, usual_calendar, year_label
from khue.base.org.selectors import root_office, school_ids_below, schools_below
from khue.base.org.services import office_chain, save_school_year, set_current_year
from khue.school.intake.models import SheetImport, StagedRow, State
from khue.school.intake.refusal import Refused
from khue.school.intake.services import apply_import, drop, read_import, take_file

from ..forms import FirstAdminForm, OfficeForm, YearForm
from ..setup_state import is_finished, may_set_up, next_step

STEPS = (_("Phòng"), _("Năm học"), _("Trường"), _("Tài khoản"))
ACTOR = "Thiết lập"


def _steps(current: int) -> list[dict[str, str]]:
    return [
        {"label": label, "state": "done" if n < current else "now" if n == current else ""}
        for n, label in enumerate(STEPS, start=1)
    ]


@public
def setup(request: HttpRequest, step: int = 0) -> HttpResponse:
    """The step asked for, or the first one that is open."""
    if is_finished():
        raise Http404
    if not may_set_up(request):
        return render(request, "desk/setup_closed.html", status=403)
    reached = next_step()
    wanted = step or reached
    if wanted > max(reached, 3) + 1 or (wanted > 1 and root_office() is None):
        return redirect("setup-step", step=reached)
    return (_office, _year, _schools, _account)[wanted - 1](request)


def _office(request: HttpRequest) -> HttpResponse:
    office = root_office()
    if office is not None and request.method == "GET":
        return redirect("setup-step", step=2)
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        office_chain(
            office_name=data["name"],
            office_code=data["code"],
            department_name=data["department"],
            province_code=data["province"],
        )
        return redirect("setup-step", step=2)
    return render(request, "desk/setup_office.html", {"form": form, "steps": _steps(1)})


def _year(request: HttpRequest) -> HttpResponse:
    running = school_year_of(timezone.localdate())
    choices = [running, running - 1, running + 1]
    chosen = int(request.GET.get("nam", running)) if request.GET.get("nam", "").isdigit() else running
    form = YearForm(request.POST or None, years=choices, initial=YearForm.values_of(usual_calendar(chosen)))
    if request.method == "POST" and form.is_valid():
        office = root_office()
        assert office is not None
        with transaction.atomic():
            if not SchoolYear.objects.filter(pk=form.calendar.year - 1).exists():
                save_school_year(calendar=usual_calendar(form.calendar.year - 1))
            save_school_year(calendar=form.calendar)
            set_current_year(unit=office, year=form.calendar.year)
        return redirect("setup-step", step=3)
    return render(request, "desk/setup_year.html", {"form": form, "steps": _steps(2)})


def _schools(request: HttpRequest) -> HttpResponse:
    """Drop the list of schools, see what it would do, write it; or leave it for later."""
    office = root_office()
    assert office is not None
    with open_scope(school_ids_below(office), all_schools=True, actor=ACTOR, action="thiết lập"):
        source = SheetImport.objects.filter(unit=office, kind="schools", state=State.READY).order_by("-pk").first()
        refused = ""
        if request.method == "POST":
            if request.FILES.get("tep"):
                source = _read(office, request.FILES["tep"])
                if source.state == State.READY:
                    return redirect("setup-step", step=3)
                refused, source = (
                    source.refused
                    or _("Cần trả lời câu hỏi về cột; dùng mẫu của Khuê, hoặc nhập sau ở trang Nhập tệp."),
                    None,
                )
            elif source is not None and "bo" in request.POST:
                drop(source=source)
                return redirect("setup-step", step=3)
            elif source is not None:
                refused = _write(source)
                if not refused:
                    return redirect("setup-step", step=4)
        context = {"steps": _steps(3), "refused": refused, "count": schools_below(office).count(), **_preview(source)}
        return render(request, "desk/setup_schools.html", context)


def _read(office: Unit, upload: Any) -> SheetImport:
    with NamedTemporaryFile(prefix="khue-", suffix=Path(upload.name).suffix[:6]) as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        year = office.current_year or school_year_of(timezone.localdate())
        source = take_file(
            unit=office,
            school=None,
            kind="schools",
            year=year,
            user=None,
            actor=ACTOR,
            name=upload.name,
            path=Path(file.name),
        )
    return read_import(source) if source.state != State.REFUSED else source


def _write(source: SheetImport) -> str:
    """Apply; wrong rows are left for later. Returns the refusal, if any."""
    try:
        apply_import(source=source, actor=ACTOR, skip_bad_rows=True)
    except Refused as error:
        return str(error)
    return ""


def _preview(source: SheetImport | None) -> dict[str, Any]:
    if source is None:
        return {"source": None}
    rows = list(StagedRow.objects.filter(source=source).order_by("number"))
    rows.sort(key=lambda row: (row.worst not in ("error", "ask"), row.number))
    good = sum(row.worst not in ("error", "ask") for row in rows)
    return {"source": source, "rows": rows[:60], "more": max(len(rows) - 60, 0), "good": good, "bad": len(rows) - good}


def _account(request: HttpRequest) -> HttpResponse:
    form = FirstAdminForm(request.POST or None, initial={"title": "cô"})
    if request.method == "POST" and form.is_valid():
        office = root_office()
        assert office is not None
        data = dict(form.cleaned_data)
        with transaction.atomic():
            user, _password = create_account(**data)
            grant_role(user=user, unit=office, role="office_admin", valid_from=timezone.localdate())
        login(request, user)
        return redirect("home", place=place_key(office))
    office = root_office()
    context = {
        "form": form,
        "steps": _steps(4),
        "office": office,
        "year": year_label(office.current_year) if office and office.current_year else "",
    }
    return render(request, "desk/setup_account.html", context)
