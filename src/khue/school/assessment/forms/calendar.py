"""The form of the plan of writing marks."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from khue.base.org.rules import Calendar

from ..models import Kind
from .teaching import day_field

KINDS = (Kind.FORMATIVE, Kind.MIDTERM, Kind.FINAL, Kind.COMMENT)


class CalendarForm(forms.Form):
    """Two days for each kind of mark of both terms; both empty: open the whole school year."""

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.sections = []
        for term in (1, 2):
            names = []
            for kind in KINDS:
                for end, words in (("mo", _("mở từ")), ("het", _("hết ngày"))):
                    name = f"{term}-{kind}-{end}"
                    self.fields[name] = day_field(f"{kind.label}, {words}", required=False)
                    names.append(name)
            self.sections.append((_("Học kì I") if term == 1 else _("Học kì II"), "", names))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for term in (1, 2):
            for kind in KINDS:
                self._check(cleaned, f"{term}-{kind}")
        return cleaned

    def _check(self, cleaned: dict[str, Any], name: str) -> None:
        first, last = cleaned.get(f"{name}-mo"), cleaned.get(f"{name}-het")
        if bool(first) != bool(last):
            self.add_error(f"{name}-het" if first else f"{name}-mo", _("Ghi cả hai ngày, hoặc để trống cả hai."))
        if first and last and first > last:
            self.add_error(f"{name}-het", _("Ngày cuối phải từ ngày mở trở đi."))
        for end, day in (("mo", first), ("het", last)):
            if day and not self.calendar.starts_on <= day <= self.calendar.ends_on:
                self.add_error(f"{name}-{end}", _("Ngày phải trong năm học."))
