"""What the pages of the import share: finding a file within the unit and the right for its kind."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from khue.base.access.permissions import refused
from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part
from khue.school.intake.models import SheetImport, StagedRow

SCHOOLS, CLASSES = "intake.schools:write", "registry.classes:write"


def find_import(request: HttpRequest, pk: int, *, lock: bool = False) -> SheetImport:
    """The file of this unit; 404 for every other. ``lock`` before anything is changed: two people may mend at once."""
    rows = SheetImport.objects.select_related("unit", "school").filter(unit=place_of(request).unit)
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
    place = place_of(request)
    if place.is_school or not place.may(SCHOOLS):
        raise refused(request, SCHOOLS)


def find_row(source: SheetImport, number: int) -> StagedRow:
    row = StagedRow.objects.filter(source=source, number=number).first()
    if row is None:
        raise Http404
    return row


def roles(request: HttpRequest) -> str:
    """The roles in which this person works here, for the history."""
    return ", ".join(place_of(request).role_codes)


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Send the whole page elsewhere, also where htmx asked."""
    if wants_part(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
