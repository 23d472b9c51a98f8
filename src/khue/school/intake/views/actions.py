"""What is done with a file: mend a cell, answer, write, drop, undo. Each by POST."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.base.access.permissions import needs, refused
from khue.base.access.places import place_of
from khue.base.core.htmx import wants_part
from khue.base.core.templatetags.khue import number
from khue.school.intake import services
from khue.school.intake.flow import begin_applying, begin_applying_all, begin_reading
from khue.school.intake.models import SheetImport, StagedRow, State
from khue.school.intake.presentation import sheet
from khue.school.intake.refusal import Refused
from khue.school.intake.selectors import LATEST, unknown_class
from khue.school.intake.undo import undo_import

from .common import CLASSES, find_import, find_row, go, require_schools, roles
from .one import outcome, summary

MOST_ROWS = 60
"""Rows that an answer carries; when more have changed the whole page comes anew."""


@needs("intake.sheets:write")
@require_POST
def mend(request: HttpRequest, pk: int, number: int, column: str) -> HttpResponse:
    """Type over a cell. The answer is that row, the figures, and every other row whose outcome changed."""
    source = find_import(request, pk, lock=True)
    row = find_row(source, number)
    known = {c["letter"] for c in source.columns if c["sheet"] == row.sheet}
    if column not in known:
        raise Http404
    try:
        services.mend_cell(source=source, row=row, column=column, text=request.POST.get("value", ""))
    except Refused:
        return go(request, place_of(request).url("import", pk=pk))
    return _changed(request, source, number)


@needs("intake.sheets:write")
@require_POST
def settle(request: HttpRequest, pk: int, number: int, rule: str) -> HttpResponse:
    """Answer a question about a row: who it is, which grade its class has."""
    source = find_import(request, pk, lock=True)
    row = find_row(source, number)
    given = request.POST.get("value", "")
    key = _question(row, rule, given)
    try:
        if given:
            services.answer(source=source, answers={key: given})
    except Refused:
        return go(request, place_of(request).url("import", pk=pk))
    return _changed(request, source, number)


def _question(row: StagedRow, rule: str, given: str) -> str:
    """The key under which an answer is kept; 404 for what was not asked or is no answer to it."""
    finding = next((f for f in row.findings if f["rule"] == rule and f["level"] == "ask"), None)
    if finding is None:
        raise Http404
    answers = {
        "who": {"", "new", *sheet.candidates(finding)},
        "grade": {"", *(str(grade) for grade in sheet.GRADE_NAMES)},
    }
    if given not in answers.get(rule, ()):
        raise Http404
    return f"person:{row.sheet}!{row.row}" if rule == "who" else f"grade:{row.values.get('class_code', '')}"


@needs("intake.sheets:write")
@require_POST
def make_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this import make a class that its rows name and the school does not have; without a grade, let it be."""
    source = find_import(request, pk, lock=True)
    if not place_of(request).may(CLASSES):
        raise refused(request, CLASSES)
    name, grade, number = (request.POST.get(key, "") for key in ("lop", "khoi", "dong"))
    key = f"grade:{name}"
    if not (grade in unknown_class(source, name) if grade else key in source.answers):
        raise Http404
    try:
        services.answer(source=source, answers={key: grade or None})
    except Refused:
        number = ""
    if number.isdecimal() and len(number) < 6:
        return _changed(request, source, int(number))
    return go(request, place_of(request).url("import", pk=pk))


def _changed(request: HttpRequest, source: SheetImport, number: int) -> HttpResponse:
    others = [row for row in getattr(source, "touched", []) if row.number != number]
    url = place_of(request).url("import", pk=source.pk)
    if not wants_part(request) or len(others) > MOST_ROWS:
        return go(request, url)
    layout = sheet.Layout.of(source, place_of(request))
    context: dict[str, Any] = {
        "row": sheet.row_of(layout, find_row(source, number)),
        "others": [sheet.row_of(layout, row) for row in others],
        **summary(request, source),
    }
    return render(request, "intake/mended.html", context)


@needs("intake.sheets:write")
@require_POST
def pad(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the zero back before every identifier of the file that lacks one."""
    source = find_import(request, pk, lock=True)
    try:
        services.answer(source=source, answers={"identifier": "pad"})
    except Refused as error:
        messages.error(request, str(error))
    return redirect(place_of(request).url("import", pk=pk))


@needs("intake.sheets:write")
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was remembered for this layout and recognise the columns anew."""
    source = find_import(request, pk, lock=True)
    try:
        services.forget_columns(source=source)
        begin_reading(source=source, role=roles(request))
    except Refused as error:
        messages.error(request, str(error))
    return redirect(place_of(request).url("import", pk=pk))


@needs("intake.sheets:write")
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a job write the file, if it still holds what the person saw."""
    source = find_import(request, pk, lock=True)
    url = place_of(request).url("import", pk=pk)
    left = source.counts.get("wrong", 0)
    seen = (request.POST.get("dong", ""), request.POST.get("de-lai", ""))
    if source.state == State.READY and seen != (str(source.to_write), str(left)):
        messages.warning(
            request,
            _("Số dòng đã đổi từ lúc mở trang: nay ghi được {n}, để lại {left}. Xem lại rồi ghi.").format(
                n=number(source.to_write), left=number(left)
            ),
        )
        return redirect(url)
    try:
        begin_applying(source=source, actor=str(request.user), role=roles(request), skip_bad_rows=left > 0)
    except Refused as error:
        messages.error(request, str(error))
    return redirect(url)


@needs("intake.sheets:write")
@require_POST
def apply_all(request: HttpRequest) -> HttpResponse:
    """Let jobs write all clean files that the person saw, one after the other, each by itself."""
    place = place_of(request)
    pairs = [given.partition(":") for given in request.POST.getlist("tep")[:LATEST]]
    seen = {int(key): int(rows) for key, _colon, rows in pairs if key.isdecimal() and rows.isdecimal()}
    if SheetImport.objects.filter(unit=place.unit, pk__in=seen, kind="schools").exists():
        require_schools(request)
    count, left = begin_applying_all(unit=place.unit, seen=seen, actor=str(request.user), role=roles(request))
    if left:
        text = _("Đã đổi từ lúc mở trang nên chưa ghi: {names}. Xem lại rồi ghi.")
        messages.warning(request, text.format(names=", ".join(left)))
    if count:
        messages.success(request, _("Đang ghi {n} tệp, lần lượt từng tệp.").format(n=number(count)))
    return redirect(place.url("imports"))


@needs("intake.sheets:write")
@require_POST
def drop_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a file unwritten."""
    source = find_import(request, pk, lock=True)
    place = place_of(request)
    try:
        services.drop(source=source)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(place.url("import", pk=pk))
    messages.success(request, _("Đã bỏ {name}, chưa ghi gì từ tệp này.").format(name=source.name))
    return redirect(place.url("imports"))


@needs("intake.sheets:write")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole import back, or list what stands in the way."""
    source = find_import(request, pk, lock=True)
    try:
        undo_import(source=source, actor=str(request.user)[:100])
    except Refused as error:
        context = outcome(request, source) | {"refusal": str(error).split(":")[0], "obstacles": error.lines}
        return render(request, "intake/outcome.html", context, status=409)
    messages.success(request, _("Đã hoàn tác {n} dòng.").format(n=number(source.to_write)))
    return redirect(place_of(request).url("import", pk=pk))
