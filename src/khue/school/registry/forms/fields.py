"""Fields that read what people write as the import does: errors stand at the field, warnings don't stop saving."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from khue.base.catalog.selectors import choices, name_of
from khue.base.sheets import values
from khue.base.sheets.findings import Finding

Parser = Callable[[Any], tuple[Any, tuple[Finding, ...]]]
Label = Any  # str, or a lazy translation
SEARCHED_FROM = 13
"""Lists this long get a box that finds without marks."""
_STOPPING = ("error", "ask")


class ParsedField(forms.CharField):
    """A text field whose value comes from a parser of spreadsheets' cells."""

    def __init__(self, parser: Parser, *, blank: Any = None, **options: Any) -> None:
        css = "num" if options.pop("num", False) else ""
        widget = options.pop("widget", None) or forms.TextInput({"class": css} if css else {})
        super().__init__(widget=widget, strip=True, **options)
        self.parser, self.blank = parser, blank
        self.remarks: list[str] = []

    def clean(self, value: Any) -> Any:
        self.remarks = []
        text = super().clean(value)
        if text == "":
            return self.blank
        parsed, findings = self.parser(text)
        stopping = [finding.message for finding in findings if finding.level in _STOPPING]
        if stopping:
            raise ValidationError(stopping)
        self.remarks = [finding.message for finding in findings if finding.level == "warning"]
        return self.blank if parsed is None else parsed


_MISSING = {"required": _("Còn thiếu mục này.")}


def _options(label: Label, required: bool, options: dict[str, Any]) -> dict[str, Any]:
    return {"label": label, "required": required, "error_messages": _MISSING, **options}


def name(label: Label, *, required: bool = True, **options: Any) -> ParsedField:
    return ParsedField(values.parse_name, blank="", **_options(label, required, options))


def text(label: Label, maximum: int, *, required: bool = False, blank: Any = "", **options: Any) -> ParsedField:
    return ParsedField(partial(values.parse_text, maximum=maximum), blank=blank, **_options(label, required, options))


def phone(label: Label, **options: Any) -> ParsedField:
    return ParsedField(values.parse_phone, blank="", num=True, **_options(label, False, options))


def identifier(
    label: Label, *, length: int | None = None, maximum: int = 20, blank: str | None = None, **options: Any
) -> ParsedField:
    """A code as text; ``blank``: what an empty field means (null for what must be unique)."""
    parser = partial(values.parse_identifier, length=length, maximum=maximum)
    return ParsedField(parser, blank=blank, num=True, **_options(label, options.pop("required", False), options))


def number_text(label: Label, **options: Any) -> ParsedField:
    """A personal number as typed: checked against sex and birth by the form, which knows both."""
    return ParsedField(lambda value: (value, ()), num=True, **_options(label, options.pop("required", False), options))


def _whole_date(value: Any) -> tuple[Any, tuple[Finding, ...]]:
    day, findings = values.parse_date(_spread(value))
    if isinstance(day, int):
        return None, (Finding("error", "date", f"Chỉ có năm {day}. Ghi đủ ngày, tháng, năm."),)
    return day, findings


def _spread(value: Any) -> Any:
    """14082015 is a quick way to write 14/08/2015."""
    if isinstance(value, str) and value.isdecimal() and len(value) == 8:
        return f"{value[:2]}/{value[2:4]}/{value[4:]}"
    return value


class DayField(ParsedField):
    """A date, shown and written as dd/mm/yyyy."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def day(label: Label, *, required: bool = False, **options: Any) -> DayField:
    return DayField(_whole_date, widget=forms.DateInput(), **_options(label, required, options))


def year(label: Label, **options: Any) -> ParsedField:
    return ParsedField(values.parse_year, num=True, **_options(label, False, options))


def integer(label: Label, *, minimum: int = 0, maximum: int = 100, **options: Any) -> ParsedField:
    parser = partial(values.parse_integer, minimum=minimum, maximum=maximum)
    return ParsedField(parser, num=True, **_options(label, options.pop("required", False), options))


class DecimalText(ParsedField):
    """A number with a decimal comma."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


def decimal(label: Label, *, maximum: str, places: int = 2, minimum: str = "0", **options: Any) -> DecimalText:
    def parse(value: Any) -> tuple[Any, tuple[Finding, ...]]:
        number, findings = values.parse_decimal(value, minimum=Decimal(minimum), maximum=Decimal(maximum))
        return None if number is None else round(number, places), findings

    return DecimalText(parse, num=True, **_options(label, options.pop("required", False), options))


class CodeField(forms.ChoiceField):
    """One code of a catalogue list; a record keeps a code that has ended in the meantime (V15 speaks of the day)."""

    def __init__(self, catalog: str, **options: Any) -> None:
        self.catalog = catalog
        asked = isinstance(options.get("widget"), forms.RadioSelect)
        super().__init__(choices=partial(_code_choices, catalog, blank=not asked), **options)


def _code_choices(catalog: str, *, blank: bool) -> list[tuple[str, str]]:
    return [("", "–"), *choices(catalog)] if blank else choices(catalog)


def code(label: Label, catalog: str, *, required: bool = False, radio: bool = False, **options: Any) -> CodeField:
    widget = forms.RadioSelect() if radio else forms.Select()
    messages = {**_MISSING, "invalid_choice": _("Không có trong danh mục. Chọn một mục trong danh sách.")}
    return CodeField(catalog, label=label, required=required, widget=widget, error_messages=messages, **options)


class CodesField(forms.MultipleChoiceField):
    """Several codes of a catalogue list."""

    def __init__(self, catalog: str, **options: Any) -> None:
        self.catalog = catalog
        found = partial(_code_choices, catalog, blank=False)
        super().__init__(choices=found, widget=forms.CheckboxSelectMultiple, **options)


def codes(label: Label, catalog: str, *, required: bool = False) -> CodesField:
    return CodesField(catalog, label=label, required=required, error_messages=_MISSING)


def yes(label: Label, **options: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **options)


def select(label: Label, *, required: bool = True, **options: Any) -> forms.ChoiceField:
    """A choice whose list the form fills in when it is made."""
    messages = {**_MISSING, "invalid_choice": _("Không còn trong danh sách. Chọn lại.")}
    return forms.ChoiceField(label=label, required=required, error_messages=messages, **options)


class RecordForm(forms.Form):
    """A form with sections (``core/parts/form.html``), warnings, and an optional reason for the history."""

    sections: list[tuple[str, str, list[str]]] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.warnings: dict[str, list[str]] = {}
        for key, field in self.fields.items():
            if isinstance(field, CodeField | CodesField):
                self._prepare(field, self.initial.get(key))

    def _prepare(self, field: CodeField | CodesField, value: Any) -> None:
        """A long list gets a search box; a code of the record stays even if it has ended."""
        found: list[Any] = list(field.choices)  # type: ignore[arg-type]  # the setter takes more than the getter gives
        for code in value if isinstance(value, list) else [value]:
            if code and code not in dict(found):
                found.append((code, name_of(field.catalog, code)))
        field.choices = found
        if len(found) >= SEARCHED_FROM and isinstance(field, CodeField):
            field.widget.attrs["data-search"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for key, field in self.fields.items():
            if isinstance(field, ParsedField) and field.remarks:
                self.warnings.setdefault(key, []).extend(field.remarks)
        return cleaned

    def offer(self, field: str, found: list[tuple[str, str]], *, blank: bool = True) -> None:
        """Fill in the list of a choice."""
        self.fields[field].choices = [("", "–"), *found] if blank else found  # type: ignore[attr-defined]

    def warn(self, field: str, message: str | None) -> None:
        if message:
            self.warnings.setdefault(field, []).append(message)

    def refuse(self, faults: dict[str, str]) -> None:
        """Put each sentence at its field."""
        for field, message in faults.items():
            self.add_error(field if field in self.fields else None, message)

    def picked(self, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names}


def check_personal_number(form: RecordForm, field: str = "personal_number") -> None:
    """V02: twelve digits that agree with sex and year of birth; the error stands at the number."""
    typed = form.cleaned_data.get(field)
    if not typed:
        return
    birth = form.cleaned_data.get("birth_date")
    number, findings = values.parse_personal_number(
        typed,
        sex=form.cleaned_data.get("sex") or None,
        birth_year=birth.year if birth else None,
        provinces=_provinces(),
    )
    for finding in findings:
        if finding.level in _STOPPING:
            form.add_error(field, finding.message)
        elif finding.level == "warning":
            form.warn(field, finding.message)
    form.cleaned_data[field] = number


def check_personal_number_alone(form: RecordForm, field: str) -> None:
    """The number of somebody whose sex and birth are not recorded: its form alone."""
    typed = form.cleaned_data.get(field)
    if typed:
        number, findings = values.parse_personal_number(typed)
        form.cleaned_data[field] = number
        for finding in findings:
            if finding.level in _STOPPING:
                form.add_error(field, finding.message)


def _provinces() -> list[str]:
    return [key for key, _name in choices("number_province")]
