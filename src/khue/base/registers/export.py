"""XLSX of what a register shows, or (``?mau=nhap``) in the layout that the import reads back without a change."""

from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import refused
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.catalog.selectors import choices, names
from khue.base.core.templatetags.khue import number
from khue.base.core.text import search_key
from khue.base.sheets.fields import Field, load_fields
from khue.base.sheets.writer import OutColumn, columns_of, write_table

from .query import Query
from .register import Register, SheetLayout

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 2_000
_SMALL_FILE = 5_000_000


def export_response(register: Register, request: HttpRequest) -> FileResponse:
    """The file; refused above ``EXPORT_LIMIT`` rows without the right to export; noted in the access log."""
    layout = register.sheet if request.GET.get("mau") == "nhap" else None
    query = Query(register, request, extra=layout.sources.values() if layout else ())
    count = query.rows.order_by().values("pk").count()
    place = place_of(request)
    if count > settings.EXPORT_LIMIT and not place.may(register.export):
        raise refused(request, register.export)
    stream = cast(BinaryIO, SpooledTemporaryFile(max_size=_SMALL_FILE))  # noqa: SIM115  # FileResponse closes it
    mark = _watermark(query, count)
    if layout:
        _write_layout(layout, query, stream, mark)
    else:
        _write_shown(query, stream, mark)
    detail = _("{title}: {count} {noun}").format(title=register.title, count=number(count), noun=register.noun)
    log_access(request, kind="export", school_id=place.unit.pk if place.is_school else None, detail=detail)
    stream.seek(0)
    name = f"{search_key(register.title).replace(',', '').replace(' ', '-')}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)


def _watermark(query: Query, count: int) -> str:
    """Who took the file, when, what: on a sheet of its own."""
    request = query.request
    used = [f"{item.label}: {dict(options)[value]}" for item, options, value in query.filters if value]
    lines = [
        _("Người lấy: {name}").format(name=request.user),
        _("Đơn vị: {unit}").format(unit=place_of(request).unit.name),
        _("Lúc: {time}").format(time=f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        _("Số dòng: {count} {noun}").format(count=number(count), noun=query.register.noun),
    ]
    if used or query.text:
        lines.append(_("Điều kiện: {text}").format(text="; ".join([*used, query.text] if query.text else used)))
    return "\n".join(lines)


def _write_shown(query: Query, stream: BinaryIO, mark: str) -> None:
    columns = query.columns
    convert = [column.for_sheet() for column in columns]
    paths = list(dict.fromkeys(column.source for column in columns))
    at = [paths.index(column.source) for column in columns]
    values = query.ordered.values_list(*paths).iterator(chunk_size=_CHUNK)
    rows = ([show(row[i]) for show, i in zip(convert, at, strict=True)] for row in values)
    out = [OutColumn(c.label, type=c.sheet_type, width=30 if c.fixed else 16) for c in columns]  # type: ignore[arg-type]
    write_table(stream, name=query.register.title, columns=out, rows=rows, watermark=mark)


def _write_layout(layout: SheetLayout, query: Query, stream: BinaryIO, mark: str) -> None:
    fields = load_fields(layout.kind)
    lists = {f.catalog: choices(f.catalog) for f in fields.fields if f.catalog and f.type == "code"}
    write_table(
        stream,
        name=fields.label,
        columns=columns_of(fields),
        rows=_layout_rows(layout, fields.fields, query),
        code_lists=lists,
        template=True,
        watermark=mark,
    )


def _layout_rows(layout: SheetLayout, fields: tuple[Field, ...], query: Query) -> Iterator[list[Any]]:
    paths = list(dict.fromkeys(layout.sources.values()))
    at = {name: paths.index(path) + 1 for name, path in layout.sources.items()}
    write = [_writer(field) for field in fields]
    values = query.ordered.values_list("pk", *paths)
    for start in range(0, query.rows.order_by().values("pk").count(), _CHUNK):
        part = {row[0]: {name: row[i] for name, i in at.items()} for row in values[start : start + _CHUNK]}
        if layout.fill:
            layout.fill(part)
        for row in part.values():
            yield [show(row.get(field.name)) for show, field in zip(write, fields, strict=True)]


def _writer(field: Field) -> Callable[[Any], Any]:
    """Codes go out by their names, as people read them and the import takes them back."""
    if not field.catalog:
        return _text_of_list
    table = names(field.catalog)

    def show(value: Any) -> Any:
        if isinstance(value, list):
            return "; ".join(code if field.name == "levels" else table.get(code, code) for code in value)
        return table.get(str(value), value) if value not in (None, "") else None

    return show


def _text_of_list(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
