"""Reopening a closed column: asking on the sheet, answering on a page of the school's managers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.base.access.permissions import needs, user_of
from khue.base.access.places import place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.text import clean_text

from ..models import Kind, Reopening
from ..services.reopening import HOURS, answer_reopening, ask_reopening
from .sheets import WRITE, book_or_404, term_name

ANSWER = "assessment.calendar:write"
SHOWN = 60


@require_POST
@needs(WRITE)
def reopening_ask(request: HttpRequest, pk: int, term: int) -> HttpResponse:
    """A teacher of the book asks for a closed column."""
    book = book_or_404(request, pk, term)
    kind = request.POST.get("cot", "")
    if not book.is_teacher or kind not in Kind.values:
        raise Http404
    try:
        reason = clean_text(request.POST.get("ly-do", ""))[:200]
        ask_reopening(book=book, term=term, kind=kind, reason=reason, user=user_of(request))
        messages.success(request, _("Đã gửi. Hiệu trưởng đồng ý thì cột mở {hours} giờ.").format(hours=HOURS))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(place_of(request).url("gradebook-sheet", pk=pk, term=term))


@require_GET
@needs(ANSWER)
def reopenings(request: HttpRequest) -> HttpResponse:
    """Requests that wait, then those that were answered."""
    if not place_of(request).is_school:
        raise Http404
    rows = Reopening.objects.select_related("gradebook__school_class", "asked_by", "answered_by")
    waiting = rows.filter(granted=None).order_by("asked_at")
    answered = rows.exclude(granted=None).order_by("-answered_at")[:SHOWN]
    context = {
        "title": _("Mở khóa sổ điểm"),
        "lead": _("Giáo viên xin, người khác đồng ý. Mở {hours} giờ, lần ghi nào cũng kèm lý do.").format(hours=HOURS),
        "waiting": [_shown(request, one) for one in waiting],
        "answered": [_shown(request, one) for one in answered],
        "now": timezone.now(),
    }
    return render(request, "assessment/reopenings.html", context)


def _shown(request: HttpRequest, asked: Reopening) -> dict[str, object]:
    book, url = asked.gradebook, place_of(request).url
    return {
        "asked": asked,
        "sheet": f"{name_of('subject', book.subject)} {book.school_class.code}, {term_name(asked.term)}",
        "column": Kind(asked.kind).label,
        "sheet_url": url("gradebook-sheet", pk=book.pk, term=asked.term),
        "answer_url": url("reopening-answer", pk=asked.pk),
        "own": asked.asked_by_id == request.user.pk,
    }


@require_POST
@needs(ANSWER)
def reopening_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow or refuse."""
    granted = request.POST.get("tra-loi") == "mo"
    answer = clean_text(request.POST.get("ly-do", ""))[:200]
    try:
        answer_reopening(pk=pk, granted=granted, answer=answer, user=user_of(request))
        messages.success(request, _("Đã mở cột.") if granted else _("Đã trả lời không mở."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(place_of(request).url("reopenings"))
