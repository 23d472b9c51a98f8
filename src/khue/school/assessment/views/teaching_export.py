"""Who teaches what as a spreadsheet: a row for each subject of each class and each of its teachers of the year."""

from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.audit.services import log_access
from khue.base.sheets.writer import OutColumn, write_table
from khue.school.registry.selectors.scope import school_of

from ..selectors.teaching import assignment_rows
from .teaching_common import WRITE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SMALL_FILE = 5_000_000


@needs(WRITE)
def export(request: HttpRequest) -> FileResponse:
    """XLSX of the year; noted in the access log. Subjects that nobody teaches stand there with an empty teacher."""
    place, school = place_of(request), school_of(request)
    rows = assignment_rows(school.pk, place.year)
    columns = (
        OutColumn(_("Lớp"), width=10), OutColumn(_("Môn"), width=34), OutColumn(_("Giáo viên"), width=28),
        OutColumn(_("Mã cán bộ"), width=14), OutColumn(_("Từ ngày"), type="date", width=12),
        OutColumn(_("Đến hết ngày"), type="date", width=14), OutColumn(_("Dạy thay"), width=10),
    )  # fmt: skip
    stream = cast(BinaryIO, SpooledTemporaryFile(max_size=_SMALL_FILE))  # noqa: SIM115  # FileResponse closes it
    mark = "\n".join((
        _("Người lấy: {name}").format(name=request.user), _("Đơn vị: {unit}").format(unit=place.unit.name),
        _("Lúc: {time}").format(time=f"{timezone.localtime():%d/%m/%Y %H:%M}"),
    ))  # fmt: skip
    write_table(stream, name=_("Phân công"), columns=columns, rows=rows, watermark=mark)
    log_access(request, kind="export", school_id=school.pk, detail=_("Phân công: {n} dòng").format(n=len(rows)))
    stream.seek(0)
    name = f"phan-cong-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)
