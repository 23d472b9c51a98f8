"""Forms of subjects and teaching assignments."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..rules.books import MOST_FORMATIVE
from ..selectors.teaching import ClassPlan, TeacherLine

Label = Any  # str, or a lazy translation
MAIN, SUBSTITUTE, TOGETHER = "main", "substitute", "together"
_MISSING = {"required": _("Còn thiếu mục này.")}
_SEARCHED_FROM = 13
"""Lists this long get a box that finds without marks."""


def day_field(label: Label, *, required: bool = True, **more: Any) -> forms.DateField:
    """A day as dd/mm/yyyy."""
    wrong = _("Ngày ghi ngày/tháng/năm, ví dụ 05/09/2026.")
    return forms.DateField(
        label=label, required=required, error_messages={**_MISSING, "invalid": wrong},
        widget=forms.DateInput(format="%d/%m/%Y"), **more,
    )  # fmt: skip


def reason_field() -> forms.CharField:
    return forms.CharField(label=_("Lý do"), required=False, max_length=200, help_text=_("Ví dụ: cô Lan nghỉ thai sản"))


def _first_without(day: date | None) -> date | None:
    """People write the last day, rows hold the first day without."""
    return day + timedelta(days=1) if day else None


class AssignForm(forms.Form):
    """A teacher for one book: from a day on, as a substitute, or together with those who teach it."""

    teacher = forms.ChoiceField(
        label=_("Giáo viên"),
        error_messages={**_MISSING, "invalid_choice": _("Không còn trong danh sách. Chọn lại.")},
    )
    mode = forms.ChoiceField(label=_("Cách dạy"), widget=forms.RadioSelect, error_messages=_MISSING)
    since = day_field(_("Từ ngày"))
    last_day = day_field(_("Đến hết"), required=False, help_text=_("Dạy thay thì ghi. Để trống: hết năm học."))
    why = reason_field()

    def __init__(self, *args: Any, suited: Iterable[TeacherLine], others: Iterable[TeacherLine],
                 homeroom: bool = False, **kwargs: Any) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        groups = [(_("Dạy môn này"), _choices(suited)), (_("Giáo viên khác"), _choices(others))]
        shown = [(label, choices) for label, choices in groups if choices]
        teacher, mode = self.fields["teacher"], self.fields["mode"]
        teacher.choices = [("", "–"), *shown]  # type: ignore[attr-defined]
        if sum(len(choices) for _label, choices in shown) >= _SEARCHED_FROM:
            teacher.widget.attrs["data-search"] = ""
        modes = [(MAIN, _("Dạy chính")), (SUBSTITUTE, _("Dạy thay")), (TOGETHER, _("Dạy cùng"))]
        mode.choices = modes[1:2] if homeroom else modes  # type: ignore[attr-defined]
        mode.initial = SUBSTITUTE if homeroom else MAIN

    def values(self) -> dict[str, Any]:
        """What the service takes besides book and teacher."""
        said = self.cleaned_data
        return {
            "since": said["since"],
            "until": _first_without(said["last_day"]),
            "substitute": said["mode"] == SUBSTITUTE,
            "replace": said["mode"] == MAIN,
        }


def _choices(lines: Iterable[TeacherLine]) -> list[tuple[str, str]]:
    return [(str(one.position), _described(one)) for one in lines]


def _described(one: TeacherLine) -> str:
    """Trần Thị Lan · Toán · 3 lớp."""
    load = f"{one.classes} lớp" if one.classes else ""
    return " · ".join(filter(None, (one.name, one.subject_name, load)))


class EndForm(forms.Form):
    """The last day of an assignment."""

    last_day = day_field(_("Dạy đến hết ngày"))
    why = reason_field()

    @property
    def until(self) -> date:
        return self.cleaned_data["last_day"] + timedelta(days=1)


class ClassesForm(forms.Form):
    """One teacher and one subject: in which classes from which day on; the boxes are drawn by the page."""

    since = day_field(_("Từ ngày"))
    books = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.CheckboxSelectMultiple)
    why = reason_field()

    def __init__(self, *args: Any, books: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["books"].choices = [(str(pk), str(pk)) for pk in books]  # type: ignore[attr-defined]


class FormativeForm(forms.Form):
    """Number of regular marks a term (điểm thường xuyên)."""

    formative = forms.IntegerField(
        label=_("Số điểm thường xuyên mỗi kì"), min_value=0, max_value=MOST_FORMATIVE,
        widget=forms.TextInput({"inputmode": "numeric", "class": "num", "size": 3}),
        error_messages={**_MISSING, "invalid": _("Ghi một số, ví dụ 4.")},
    )  # fmt: skip


class SetUpForm(forms.Form):
    """Which classes get their books, and which electives the school offers them; boxes are drawn by the page."""

    classes = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": _("Đánh dấu ít nhất một lớp.")}, widget=forms.CheckboxSelectMultiple
    )
    electives = forms.MultipleChoiceField(
        label=_("Môn tự chọn trường có dạy"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, plans: Iterable[ClassPlan], electives: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].choices = [(str(p.class_id), p.code) for p in plans]  # type: ignore[attr-defined]
        self.fields["electives"].choices = list(electives.items())  # type: ignore[attr-defined]
