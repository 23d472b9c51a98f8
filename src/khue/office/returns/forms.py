"""Forms of reporting periods."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.base.org.rules import year_label
from khue.base.org.selectors import years
from khue.office.statistics.models import PeriodKind, ReportingPeriod

DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
DAYS = ("as_at", "opens_on", "due_mn", "due_th", "due_thcs", "office_due_on", "closed_on")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=DAY), **more)


class PeriodForm(forms.Form):
    """A period: its day, when it opens, the last days by level (Kỳ báo cáo và hạn nộp)."""

    sections = [
        (_("Kỳ"), "", ["kind", "year", "title", "as_at"]),
        (
            _("Hạn"),
            _("Ngày hạn còn tính đến 24 giờ"),
            list(DAYS[1:]),
        ),
    ]
    kind = forms.ChoiceField(label=_("Loại kỳ"), choices=PeriodKind.choices)
    year = forms.TypedChoiceField(label=_("Năm học"), coerce=int)
    title = forms.CharField(label=_("Tên kỳ"), max_length=120, help_text=_("Ví dụ: Đầu năm học 2026–2027"))
    as_at = _day(_("Số liệu tại ngày"))
    opens_on = _day(_("Mở cho trường từ"))
    due_mn = _day(_("Hạn mầm non"))
    due_th = _day(_("Hạn tiểu học"))
    due_thcs = _day(_("Hạn THCS"))
    office_due_on = _day(_("Hạn phòng gửi Sở"), required=False)
    closed_on = _day(_("Đóng kỳ từ"), required=False, help_text=_("Để trống khi kỳ còn mở"))

    def __init__(self, *args: Any, period: ReportingPeriod | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.fields["year"].choices = [(year, year_label(year)) for year in years()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        as_at, opens = cleaned.get("as_at"), cleaned.get("opens_on")
        for name in ("due_mn", "due_th", "due_thcs"):
            due = cleaned.get(name)
            if due and as_at and due < as_at:
                self.add_error(name, _("Hạn không được trước ngày chốt số."))
            if due and opens and due < opens:
                self.add_error(name, _("Hạn không được trước ngày mở kỳ."))
        kind, year = cleaned.get("kind"), cleaned.get("year")
        if kind and year and kind != PeriodKind.ADHOC:
            twice = ReportingPeriod.objects.filter(kind=kind, year=year)
            if twice.exclude(pk=self.period.pk if self.period else 0).exists():
                self.add_error("kind", _("Năm học này đã có kỳ ấy. Mở kỳ đã có để sửa."))
        if self.period and self.period.snapshots.exists() and as_at and as_at != self.period.as_at:
            self.add_error("as_at", _("Đã có trường trình ở kỳ này: không đổi được ngày chốt số."))
        return cleaned

    @staticmethod
    def usual(year: int) -> dict[str, Any]:
        """The days that most offices set for the opening statistics (statistics.md §1)."""
        due = date(year, 10, 10)
        return {
            "kind": PeriodKind.OPENING, "year": year, "title": f"Đầu năm học {year_label(year)}",
            "as_at": date(year, 9, 30), "opens_on": date(year, 9, 20), "due_mn": due, "due_th": due, "due_thcs": due,
            "office_due_on": date(year, 10, 20),
        }  # fmt: skip
