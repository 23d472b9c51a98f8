"""The page of one file, at the step where it stands."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import number
from khue.base.core.told import told
from khue.school.intake.flow import begin_reading
from khue.school.intake.models import KnownLayout, SheetImport, State
from khue.school.intake.presentation import sheet
from khue.school.intake.presentation.columns import chosen_columns, page_of_columns
from khue.school.intake.presentation.outcome import page_of_outcome, undo_question
from khue.school.intake.presentation.progress import job_of
from khue.school.intake.presentation.words import is_text, steps, what_changes
from khue.school.intake.selectors import FILTERS, rows_of, short_identifiers
from khue.school.intake.services import PROGRESS, keep_columns
from khue.school.registry.models import SchoolClass

from .common import find_import, roles

PAGE = 50
WORKING = (State.WAITING, State.READING, State.APPLYING)


@needs("intake.sheets:write")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress, questions, dry run or outcome."""
    source = find_import(request, pk)
    if request.GET.get("phan") == "viec":
        return _progress_part(request, source)
    if source.state in WORKING:
        return render(request, "core/progress.html", _progress(request, source))
    if source.state == State.QUESTIONS:
        return _columns_page(request, source)
    if source.state == State.READY:
        return render(request, "intake/preview.html", preview(request, source))
    if source.state in (State.APPLIED, State.UNDONE):
        return render(request, "intake/outcome.html", outcome(request, source))
    return render(request, "intake/closed.html", _closed(request, source))


@needs("intake.sheets:write")
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """The columns of a file, correctable until it is written; POST reads the file again with them."""
    source = find_import(request, pk, lock=request.method == "POST")
    place = place_of(request)
    if source.state not in (State.QUESTIONS, State.READY):
        return redirect(place.url("import", pk=pk))
    if request.method != "POST":
        return _columns_page(request, source)
    keep_columns(source=source, mapping=chosen_columns(source, request.POST), remember="nho" in request.POST)
    begin_reading(source=source, role=roles(request))
    return redirect(place.url("import", pk=pk))


def _columns_page(request: HttpRequest, source: SheetImport) -> HttpResponse:
    remembered = KnownLayout.objects.filter(unit=source.unit, layout=source.layout).exists()
    row = request.GET.get("dong", "")
    context = page_of_columns(source, remembered=remembered, row=int(row) if row.isdecimal() else 0)
    return render(request, "intake/columns.html", context | {"source": source, "urls": _urls(request, source)})


def _urls(request: HttpRequest, source: SheetImport) -> dict[str, str]:
    names = (
        "import",
        "import-columns",
        "import-encoding",
        "import-forget",
        "import-apply",
        "import-drop",
        "import-pad",
        "import-undo",
        "import-marked",
        "import-report",
    )
    url = place_of(request).url
    return {name.removeprefix("import-"): url(name, pk=source.pk) for name in names} | {"files": url("imports")}


def _progress(request: HttpRequest, source: SheetImport) -> dict[str, Any]:
    writing = source.state == State.APPLYING
    rows = source.progress.get("rows")
    title = (
        _("Đang ghi {n} dòng").format(n=number(rows))
        if writing and rows
        else _("Đang đọc {name}").format(name=source.name)
    )
    return {
        "title": title,
        "lead": _("Đóng trang này cũng được, việc vẫn chạy."),
        "steps": steps(4 if writing else 2),
        "job": {
            **job_of(source, told(PROGRESS).get(source.pk) if writing else None),
            "poll_url": f"{place_of(request).url('import', pk=source.pk)}?phan=viec",
        },
    }


def _progress_part(request: HttpRequest, source: SheetImport) -> HttpResponse:
    """The answer to polling: the card again, or, once the job is done, the whole page anew."""
    if source.state in WORKING:
        return render(request, "core/progress.html#job", _progress(request, source))
    return HttpResponse(headers={"HX-Redirect": place_of(request).url("import", pk=source.pk)})


def preview(request: HttpRequest, source: SheetImport) -> dict[str, Any]:
    """Context of the dry run: summary, one page of rows, what can be done next."""
    place = place_of(request)
    chosen = request.GET.get("loc", "")
    chosen = chosen if chosen in FILTERS or chosen == "vang" else ""
    found = rows_of(source, chosen) if chosen != "vang" else None
    total = found.count() if found is not None else len(source.missing)
    given = request.GET.get("trang", "")
    current = max(1, min(int(given) if given.isdecimal() and len(given) < 6 else 1, -(-total // PAGE) or 1))
    layout = sheet.Layout.of(source, place)
    url, span = place.url("import", pk=source.pk), slice((current - 1) * PAGE, current * PAGE)
    known = sum(bool(column["field"]) for column in source.columns)
    return {
        "title": source.name,
        "lead": _("{n} dòng, nhận ra {k} cột. Chưa ghi gì vào dữ liệu.").format(
            n=number(source.counts["rows"]), k=known
        ),
        "steps": steps(3),
        "columns": layout.columns,
        "rows": [sheet.row_of(layout, row) for row in found[span]] if found is not None else [],
        "missing": source.missing[span] if chosen == "vang" else None,
        "heading": _heading(chosen, total),
        "pager": sheet.pages(total, current, PAGE, url, chosen),
        "notes": [f for f in source.findings if f["level"] != "error"],
        "chosen": chosen,
        "is_text": is_text(source.encoding, source.name),
        "short": short_identifiers(source) if source.counts.get("warning") else 0,
        **summary(request, source, chosen),
    }


def summary(request: HttpRequest, source: SheetImport, chosen: str = "") -> dict[str, Any]:
    """What changes with every mended cell: the figures, the foot, the dialog."""
    url = place_of(request).url("import", pk=source.pk)
    foot = sheet.foot(source)
    text = _("{what}.").format(what=what_changes({**source.counts, "unchanged": 0}, source.kind))
    if foot["wrong"]:
        text += _(" {n} dòng có lỗi hoặc câu hỏi ở lại trong tệp.").format(n=number(foot["wrong"]))
    text += _(" Cả lần ghi này hoàn tác được bằng một nút, đến khi có việc khác dựa vào.")
    target = (
        _("danh sách trường của phòng") if source.kind == "schools" else source.school.name if source.school else ""
    )
    return {
        "source": source,
        "urls": _urls(request, source),
        "outcome": sheet.outcome(source, url, chosen),
        "made": sheet.made(source, place_of(request)),
        "foot": foot,
        "ask_heading": _("Ghi {n} dòng vào dữ liệu {target}?").format(n=number(foot.get("rows", 0)), target=target),
        "ask_text": text,
    }


def _heading(chosen: str, total: int) -> str:
    words = {
        "": _("{n} dòng cần xem, lỗi trước"),
        "loi": _("{n} dòng có lỗi"),
        "hoi": _("{n} dòng có câu hỏi"),
        "canh-bao": _("{n} dòng có cảnh báo"),
        "doi": _("{n} dòng đổi"),
        "chuyen": _("{n} em chuyển lớp"),
        "moi": _("{n} dòng mới"),
        "giu": _("{n} dòng không đổi"),
        "vang": _("{n} em đang học mà tệp không có"),
        "sai": _("{n} dòng chưa ghi được"),
    }
    return words[chosen].format(n=number(total))


def outcome(request: HttpRequest, source: SheetImport) -> dict[str, Any]:
    """Context of the page after writing."""
    place = place_of(request)
    first = None
    if source.kind in ("pupils", "classes") and place.is_school:
        classes = SchoolClass.objects.filter(school=source.school_id, year=source.year).order_by("sort_key")
        first = classes.values_list("pk", "code").first()
    layout = sheet.Layout.of(source, place)
    return {
        **page_of_outcome(source, place, first),
        "columns": layout.columns,
        "rows": [sheet.row_of(layout, row) for row in rows_of(source, "sai")[:PAGE]]
        if source.counts.get("wrong")
        else [],
        "ask": undo_question(source),
        "source": source,
        "urls": _urls(request, source),
    }


def _closed(request: HttpRequest, source: SheetImport) -> dict[str, Any]:
    """A file that was refused or dropped."""
    refused = source.state == State.REFUSED
    return {
        "title": _("Không nhận {name}").format(name=source.name)
        if refused
        else _("Đã bỏ {name}").format(name=source.name),
        "text": source.refused if refused else _("Chưa ghi gì từ tệp này. Muốn nhập lại thì chọn tệp lần nữa."),
        "refused": refused,
        "is_text": refused and bool(source.sha256) and is_text(source.encoding, source.name),
        "source": source,
        "urls": _urls(request, source),
    }
