"""What the pages of records share: facts, reasons for the history, unique codes, dialogs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from khue.base.catalog.selectors import name_of
from khue.base.core.htmx import wants_part
from khue.base.core.scope import because
from khue.base.registers.columns import day

from ..forms.fields import RecordForm

UNIQUE = {
    "pupil_code_once": ("code", "Mã học sinh này đã có ở một em khác trong năm học. Ghi mã khác."),
    "class_code_once": ("code", "Mã lớp này đã có trong năm học. Ghi mã khác."),
    "staff_code_once": ("code", "Mã cán bộ này đã có ở người khác. Ghi mã khác."),
    "room_code_once": ("code", "Mã phòng này đã có ở điểm trường ấy. Ghi mã khác."),
    "equipment_once": ("name", "Thiết bị này đã có ở phòng và khối ấy. Mở dòng đã có để sửa số lượng."),
    "campus_name_once": ("name", "Điểm trường này đã có. Ghi tên khác."),
    "pupil_ministry_once": ("ministry_id", "Mã định danh của Bộ này là của một em khác (V01). Đối chiếu lại mã."),
    "pupil_number_once": (
        "personal_number",
        "Số định danh này là của một em khác (V01). Đối chiếu với giấy khai sinh.",
    ),
    "staff_ministry_once": ("ministry_id", "Mã định danh của Bộ này là của người khác (V01). Đối chiếu lại mã."),
    "staff_number_once": ("personal_number", "Số định danh này là của người khác (V01). Đối chiếu với căn cước."),
    "one_open_position_a_school": (None, "Người này đã có trong sổ cán bộ của trường. Mở hồ sơ đã có để sửa."),
    "one_enrolment_a_year": (None, "Em này đã có trong sổ của trường năm học này. Mở hồ sơ đã có để sửa."),
}


def saved(form: RecordForm, action: str, write: Callable[[], Any], *, reason: str = "why", batch: str = "") -> Any:
    """Run a service with the action and reason in the history; what it refuses stands at the form's fields.

    With ``batch`` the undo of the register's bulk edits (``registers/undo.py``) can take it back.
    Returns what ``write`` returns, or None when the form must be shown again.
    """
    said = {"action": action, "reason": form.cleaned_data.get(reason, ""), "batch": batch}
    try:
        with transaction.atomic(), because(**{name: value for name, value in said.items() if value}):
            return write()
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
        for field, sentences in by_field.items():
            for sentence in sentences:
                form.add_error(field if field in form.fields else None, sentence)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in UNIQUE:
            raise
        field, sentence = UNIQUE[name]
        form.add_error(field if field in form.fields else None, sentence)
    return None


def tell(request: HttpRequest, text: str, form: RecordForm | None = None, *, undo: str = "") -> None:
    """Say what was done, how to take it back (``undo``: an address), and what may need a second look."""
    messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
    for field, sentences in (form.warnings if form else {}).items():
        label = form.fields[field].label  # type: ignore[union-attr]
        for sentence in sentences:
            messages.warning(request, f"{label}: {sentence}")


def item(label: str, value: Any, catalog: str = "", **more: Any) -> dict[str, Any]:
    """A fact for ``core/parts/facts.html``."""
    return {"label": label, "value": shown(value, catalog), **more}


def shown(value: Any, catalog: str = "") -> str:
    if value in (None, "", []):
        return ""
    if catalog:
        codes = value if isinstance(value, list) else [value]
        return ", ".join(name_of(catalog, str(code)) for code in codes)
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return day(value) if hasattr(value, "strftime") else str(value)


def dialog(request: HttpRequest, *, form: RecordForm, title: str, text: str, verb: str, back: str) -> HttpResponse:
    """A small form: the inside of a dialog for htmx, a page of its own otherwise. An invalid one comes back as 422."""
    context = {"form": form, "title": title, "text": text, "submit": verb, "cancel_url": back, "url": request.path}
    template = "registry/dialog.html#box" if wants_part(request) else "registry/dialog.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


def gone(request: HttpRequest, url: str) -> HttpResponse:
    """After a write from a dialog or a page."""
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def campus_choices(campuses: QuerySet) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in campuses.order_by("-is_main", "name").values_list("pk", "name")]
