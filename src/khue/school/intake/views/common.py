"""What the pages of the import share: finding a file within the unit and the right for its kind."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from khue.base.access.middleware import refusal
from khue.school.intake.models import SheetImport, StagedRow

SCHOOLS = "intake.schools:write"


def find_import(request: HttpRequest, pk: int, *, lock: bool = False) -> SheetImport:
    """The file of this unit; 404 for every other. ``lock`` before anything is changed: two people may mend at once."""
    rows = SheetImport.objects.select_related("unit", "school").filter(unit=request.place.unit)  # type: ignore[attr-defined]
    if lock:
        rows = rows.select_for_update(of=("self",))
    source = rows.filter(pk=pk).first()
    if source is None:
        raise Http404
    if source.kind == "schools":
        require_schools(request)
    return source


def require_schools(request: HttpRequest) -> None:
    """Lists of schools are the office's, by whoever may."""
    place = request.place  # type: ignore[attr-defined]
    if place.is_school or not place.may(SCHOOLS):
        request.refused_action = SCHOOLS  # type: ignore[attr-defined]
        raise PermissionDenied(refusal(SCHOOLS))


def find_row(source: SheetImport, number: int) -> StagedRow:
    row = StagedRow.objects.filter(source=source, number=number).first()
    if row is None:
        raise Http404
    return row


def roles(request: HttpRequest) -> str:
    """The roles in which this person works here, for the history."""
    return ", ".join(request.place.role_codes)  # type: ignore[attr-defined]


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page elsewhere, also where htmx asked."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
