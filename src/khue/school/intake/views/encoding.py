"""In which encoding a text file is read: chosen by the looks of its names."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from khue.base.access.permissions import needs
from khue.base.access.places import place_of
from khue.base.sheets.encodings import CHOICES, NAMES, detect, preview
from khue.base.sheets.reader import head_of
from khue.school.intake.flow import begin_reading
from khue.school.intake.models import SheetImport, State
from khue.school.intake.presentation.words import is_text, steps
from khue.school.intake.services import keep_encoding, stored_path

from .common import find_import, roles

OPEN = (State.READY, State.QUESTIONS, State.REFUSED)


@needs("intake.sheets:write")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every encoding with a few names as it reads them; POST reads the file again in the chosen one."""
    source = find_import(request, pk, lock=request.method == "POST")
    url = place_of(request).url("import", pk=pk)
    if not is_text(source.encoding, source.name) or not stored_path(source).exists():
        raise Http404
    if source.state not in OPEN:
        return redirect(url)
    if request.method != "POST":
        return render(request, "intake/encoding.html", _context(source) | {"back": url})
    chosen = request.POST.get("bang-ma", "")
    if chosen not in CHOICES:
        messages.error(request, _("Chưa chọn bảng mã. Chọn dòng có tên đọc đúng."))
        return redirect(request.path)
    keep_encoding(source=source, name=chosen)
    begin_reading(source=source, role=roles(request))
    return redirect(url)


def _context(source: SheetImport) -> dict[str, Any]:
    head = head_of(stored_path(source))
    detected, chosen = detect(head).name, source.answers.get("encoding")
    return {
        "title": _("Chọn bảng mã cho {name}").format(name=source.name),
        "lead": _("Chọn dòng có tên đọc đúng. Khuê đọc lại tệp đã gửi, không cần gửi lại."),
        "steps": steps(2),
        "choices": [
            {
                "value": name,
                "title": _("{name}, Khuê đoán").format(name=NAMES[name]) if name == detected else NAMES[name],
                "text": _sample(preview(name, head)),
                "checked": name == (chosen or detected),
            }
            for name in CHOICES
        ],
    }


def _sample(texts: tuple[str, ...] | None) -> str:
    if texts is None:
        return _("Không đọc được tệp này.")
    return "; ".join(texts) or _("Tệp không có chữ nào có dấu, bảng mã nào cũng như nhau.")
