"""Choosing files: the first page of the import."""

from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.accounts.models import User
from khue.base.core.told import told
from khue.base.org.models import School
from khue.base.sheets.fields import KINDS
from khue.school.intake.flow import MAX_FILES, take_upload
from khue.school.intake.models import SheetImport, State
from khue.school.intake.presentation.files import page_of_files
from khue.school.intake.presentation.words import kind_name, steps
from khue.school.intake.selectors import files_of
from khue.school.intake.services import PROGRESS

from .common import SCHOOLS, go, require_schools, roles


@needs("intake.sheets:write")
def imports(request: HttpRequest) -> HttpResponse:
    """Files of this unit with what was recognised; POST takes more of them."""
    if request.method == "POST":
        return _take(request)
    place = place_of(request)
    rows = files_of(place.unit)
    writing = told(PROGRESS) if any(row["state"] == State.APPLYING for row in rows) else {}
    context = page_of_files(place, rows, writing)
    if request.GET.get("phan") == "tep":
        return render(request, "intake/files.html#card", context | {"polled": True})
    return render(request, "intake/files.html", context | _choices(request) | {"steps": steps(1)})


def kinds_for(request: HttpRequest) -> list[tuple[str, str]]:
    """Kinds that this person may import here, in the order in which they are written."""
    place = place_of(request)
    every = not place.is_school and place.may(SCHOOLS)
    return [(kind, kind_name(kind)) for kind in KINDS if kind != "schools" or every]


def _choices(request: HttpRequest) -> dict[str, Any]:
    place = place_of(request)
    kinds = kinds_for(request)
    return {
        "kinds": kinds,
        "schools": []
        if place.is_school
        else School.objects.filter(unit__among=place.school_ids).values_list("pk", "name"),
        "templates": [
            {
                "label": label,
                "url": place.url("import-template", kind=kind),
                "export": place.url("import-export", kind=kind),
            }
            for kind, label in kinds
        ],
        "limit": settings.UPLOAD_LIMIT // 1048576,
    }


def _take(request: HttpRequest) -> HttpResponse:
    place = place_of(request)
    back, files = place.url("imports"), request.FILES.getlist("tep")
    fault = _fault(request, len(files))
    if fault:
        messages.error(request, fault)
        return go(request, back)
    kind = request.POST.get("loai", "")
    if kind == "schools":
        require_schools(request)
    taken: list[SheetImport] = []
    for file in files:
        taken += take_upload(
            unit=place.unit,
            school=_school(request, kind),
            kind=kind if kind in KINDS else "",
            year=place.year,
            user=cast(User, request.user),
            name=file.name or "tep",
            path=Path(file.temporary_file_path()),  # type: ignore[attr-defined]  # what the upload handler makes
            role=roles(request),
        )
    alone = taken[0] if len(taken) == 1 and not taken[0].refused else None
    return go(request, place.url("import", pk=alone.pk) if alone else back)


def _fault(request: HttpRequest, count: int) -> str:
    if getattr(request, "upload_too_large", False):
        limit = settings.UPLOAD_LIMIT // 1048576
        return _(
            "Các tệp nặng hơn {n} MB, chưa nhận tệp nào. Gửi từng tệp, hoặc chia tệp theo khối rồi gửi lại."
        ).format(n=limit)
    if count == 0:
        return _("Chưa chọn tệp nào. Chọn tệp Excel, ODS, CSV hoặc ZIP.")
    if count > MAX_FILES:
        return _("Có {n} tệp, mỗi lần nhiều nhất {most}. Chia làm nhiều lần.").format(n=count, most=MAX_FILES)
    return ""


def _school(request: HttpRequest, kind: str) -> School | None:
    """The school of the page, or the one that the office chose; None lets the file say."""
    place = place_of(request)
    if place.is_school:
        return place.school
    given = request.POST.get("truong", "")
    if kind == "schools" or not given.isdecimal():
        return None
    return School.objects.filter(pk=int(given), unit__among=place.school_ids).first()
