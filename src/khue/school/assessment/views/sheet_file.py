"""The sheet as a spreadsheet: what stands in the book, to keep or to print."""

import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.sheets.workbook import Cell as OutCell
from khue.base.sheets.writer import OutColumn, write_table

from ..rules.cells import COMMENT, Spot, shown
from ..selectors.sheets import Sheet, sheet_of
from .rows import average_text
from .sheets import READ, book_or_404, sheet_title

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs(READ)
def gradebook_file(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """The sheet as XLSX; marks are numbers, words are text. Noted in the access log."""
    book = book_or_404(request, pk, term)
    sheet = sheet_of(book, term, timezone.localdate())
    marks = [OutColumn(c.label, type="text" if c.kind == COMMENT else "number", width=30 if c.kind == COMMENT else 10)
             for c in book.columns]  # fmt: skip
    columns = [
        OutColumn(_("STT"), type="number", width=6), OutColumn(_("Mã học sinh"), width=14),
        OutColumn(_("Họ và tên"), width=28), *marks[:-1], OutColumn(_("Kết quả"), width=10), marks[-1],
    ]  # fmt: skip
    title = sheet_title(book, term)
    watermark = "\n".join(
        [title, _("{who} tải lúc {when}").format(who=request.user, when=f"{timezone.localtime():%H:%M %d/%m/%Y}"),
         place_of(request).unit.name]
    )  # fmt: skip
    stream = io.BytesIO()
    write_table(stream, name=f"{book.name} {book.class_code}", columns=columns, rows=_rows(sheet), watermark=watermark)
    log_access(request, kind="export", school_id=book.school_id, detail=title)
    name = f"so-diem-{book.class_code}-{book.subject}-{term}.xlsx"
    return HttpResponse(
        stream.getvalue(), content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _rows(sheet: Sheet) -> Iterator[list[OutCell]]:
    for number, line in enumerate(sheet.roster.present, start=1):
        values = [
            _value(c.kind, cell.value) if (cell := sheet.cells.get(Spot(line.enrolment_id, c.kind, c.number))) else None
            for c in sheet.book.columns
        ]
        result = average_text(sheet.result(line.enrolment_id))[0]
        yield [number, line.code, line.name, *values[:-1], result, values[-1]]


def _value(kind: str, value: str) -> OutCell:
    """8,5 as a number (a cell of a spreadsheet is a double, whatever is written); words and comments as they are."""
    is_mark = kind != COMMENT and value.isascii() and value.isdecimal()
    return int(value) / 10 if is_mark else shown(kind, value)
