"""Files out: templates, the data in the layout of the import, the marked file, the report."""

import zipfile
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs, refused
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.core.templatetags.khue import number
from khue.base.core.text import search_key
from khue.base.org.models import School
from khue.base.sheets.fields import KINDS, load_fields
from khue.base.sheets.findings import Finding
from khue.base.sheets.marked import write_marked
from khue.base.sheets.unreadable import Unreadable
from khue.base.sheets.writer import columns_of, write_table
from khue.school.intake.export import code_lists, export_rows
from khue.school.intake.parse import apply_edits
from khue.school.intake.report import file_report
from khue.school.intake.services import open_book

from .common import find_import, require_schools

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
PREFILLED_ROWS = 40
EXPORT = "registry.pupils:export"


def _known(request: HttpRequest, kind: str) -> None:
    if kind not in KINDS:
        raise Http404
    if kind == "schools":
        require_schools(request)


def _attachment(stream: BinaryIO, name: str, content_type: str = XLSX) -> FileResponse:
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=name, content_type=content_type)


@needs("intake.sheets:write")
def template(request: HttpRequest, kind: str) -> FileResponse:
    """The project's template of a kind, with code lists; school and year already in it where it has them."""
    _known(request, kind)
    place, fields = place_of(request), load_fields(kind)
    known = {"school_year": place.year, "school_code": place.unit.code if place.is_school else None}
    line = [known.get(field.name) for field in fields.fields]
    stream = BytesIO()
    write_table(
        stream,
        name=fields.label,
        columns=columns_of(fields),
        code_lists=code_lists(kind),
        template=True,
        rows=[line] * PREFILLED_ROWS if any(value is not None for value in line) else [],
    )
    return _attachment(stream, f"mau-{_slug(fields.label)}.xlsx")


@needs("intake.sheets:write")
def export(request: HttpRequest, kind: str) -> FileResponse:
    """What is stored, in the layout that imports again without a change: at an office a ZIP with a file a school."""
    _known(request, kind)
    place, label = place_of(request), load_fields(kind).label
    tables = _tables(request, kind)
    count = sum(len(rows) for _folder, rows in tables)
    if kind == "pupils" and count > settings.EXPORT_LIMIT and not place.may(EXPORT):
        raise refused(request, EXPORT)
    detail = _("{label} theo mẫu nhập: {n} dòng").format(label=label, n=number(count))
    log_access(request, kind="export", school_id=place.unit.pk if place.is_school else None, detail=detail)
    stream = cast(BinaryIO, SpooledTemporaryFile(max_size=5_000_000))  # noqa: SIM115  # FileResponse closes it
    name = f"{_slug(label)}-{timezone.localdate():%Y%m%d}"
    if len(tables) == 1:
        _write(request, kind, tables[0][1], stream)
        return _attachment(stream, f"{name}.xlsx")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for folder, rows in tables:
            with archive.open(f"{folder}/{_slug(label)}.xlsx", "w") as member:
                _write(request, kind, rows, cast(BinaryIO, member))
    return _attachment(stream, f"{name}.zip", ZIP)


def _tables(request: HttpRequest, kind: str) -> list[tuple[str, list[list[Any]]]]:
    """(folder, rows): all in one, or one for each school, under a folder by which the import finds the school."""
    place = place_of(request)
    if place.is_school or kind == "schools":
        return [("", export_rows(kind, place.school_ids, place.year)[1])]
    schools = School.objects.filter(unit__among=place.school_ids).values_list("pk", "code", "name")
    return [(f"{code} {_slug(name)}", export_rows(kind, [pk], place.year)[1]) for pk, code, name in schools]


def _write(request: HttpRequest, kind: str, rows: list[list[Any]], stream: BinaryIO) -> None:
    """One list with its code lists, and a sheet that says who took it and when."""
    fields, now = load_fields(kind), timezone.localtime()
    mark = _("Người lấy: {name}\nĐơn vị: {unit}\nLúc: {time}\nSố dòng: {n}").format(
        name=request.user,
        unit=place_of(request).unit.name,
        time=f"{now:%d/%m/%Y %H:%M}",
        n=number(len(rows)),
    )
    columns = columns_of(fields)
    write_table(stream, name=fields.label, columns=columns, rows=rows, code_lists=code_lists(kind), watermark=mark)


def _slug(text: str) -> str:
    return "-".join(search_key(text).replace(",", " ").split())


@needs("intake.sheets:write")
def marked(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The file as it was read, with what was mended, its faults coloured and explained in their cells."""
    source = find_import(request, pk)
    try:
        book = open_book(source)
    except Unreadable as error:
        messages.error(request, str(error))
        return redirect(place_of(request).url("import", pk=pk))
    apply_edits(book.sheets, source.edits)
    stream = BytesIO()
    write_marked(stream, book, [Finding(**finding) for finding in file_report(source)["findings"]])
    log_access(request, kind="download", school_id=source.school_id, detail=f"{source.name} đã đánh dấu"[:400])
    return _attachment(stream, f"{source.name.rsplit('.', 1)[0][:120]} (đã đánh dấu).xlsx")


@needs("intake.sheets:write")
def report(request: HttpRequest, pk: int) -> JsonResponse:
    """The report of a file, in the layout of the command line."""
    source = find_import(request, pk)
    return JsonResponse(file_report(source), json_dumps_params={"ensure_ascii": False, "indent": 1})
