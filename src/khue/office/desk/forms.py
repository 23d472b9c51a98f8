"""Forms of set-up, school years and accounts."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from khue.base.access.rules import ROLES
from khue.base.accounts.models import User
from khue.base.catalog.selectors import provinces
from khue.base.org.models import Unit
from khue.base.org.rules import Calendar, year_label
from khue.base.org.services import check_calendar

Label = Any  # str, or a lazy translation
DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}


def day_field(label: Label, **more: Any) -> forms.DateField:
    """A day as dd/mm/yyyy."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=DAY), **more)


class OfficeForm(forms.Form):
    """Which office uses this installation (Phòng nào dùng Khuê)."""

    name = forms.CharField(label=_("Tên phòng"), max_length=200, help_text=_("Tên này in trên mọi biểu."))
    department = forms.CharField(label=_("Sở quản lý"), max_length=200)
    province = forms.ChoiceField(label=_("Tỉnh, thành phố"))
    code = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,20}$", label=_("Mã ngắn của phòng"),
        help_text=_("2 đến 20 chữ cái, số không dấu; nằm trong địa chỉ trang, ví dụ TDM."),
        error_messages={"invalid": _("Chỉ dùng chữ cái không dấu, số, dấu chấm, gạch; ví dụ TDM.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [(p.code, p.full_name) for p in provinces()]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Mã này đã có đơn vị dùng. Chọn mã khác."))
        return code


class YearForm(forms.Form):
    """A school year with its terms (Năm học và hai học kỳ)."""

    year = forms.TypedChoiceField(label=_("Năm học"), coerce=int, widget=forms.RadioSelect)
    starts_on = day_field(_("Số liệu của năm học tính từ"))
    ends_on = day_field(_("đến hết"))
    term1_starts_on = day_field(_("Học kỳ 1 từ"))
    term1_ends_on = day_field(_("đến hết"))
    term2_starts_on = day_field(_("Học kỳ 2 từ"))
    term2_ends_on = day_field(_("đến hết"))

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year_label(year)) for year in years]  # type: ignore[attr-defined]

    @classmethod
    def values_of(cls, calendar: Calendar) -> dict[str, Any]:
        return {
            "year": calendar.year, "starts_on": calendar.starts_on, "ends_on": calendar.ends_on,
            "term1_starts_on": calendar.term1[0], "term1_ends_on": calendar.term1[1],
            "term2_starts_on": calendar.term2[0], "term2_ends_on": calendar.term2[1],
        }  # fmt: skip

    @property
    def calendar(self) -> Calendar:
        data = self.cleaned_data
        return Calendar(
            data["year"], data["starts_on"], data["ends_on"],
            (data["term1_starts_on"], data["term1_ends_on"]), (data["term2_starts_on"], data["term2_ends_on"]),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for name, message in check_calendar(self.calendar):
                self.add_error(name, message)
            if data["starts_on"].year != data["year"]:
                self.add_error("starts_on", _("Năm học này bắt đầu trong năm %(year)s.") % {"year": data["year"]})
        return data


class AccountForm(forms.Form):
    """A person: how they sign in and how they are addressed."""

    full_name = forms.CharField(label=_("Họ tên"), max_length=100)
    title = forms.ChoiceField(
        label=_("Cách gọi"),
        choices=[("cô", _("cô")), ("thầy", _("thầy")), ("", _("bạn"))],
        required=False,
        widget=forms.RadioSelect,
    )
    username = forms.RegexField(
        r"^[A-Za-z0-9._@-]{3,60}$", label=_("Tên đăng nhập"), help_text=_("Chữ không dấu, số, dấu chấm; ví dụ hanh.pc"),
        error_messages={"invalid": _("Chỉ dùng chữ không dấu, số, dấu chấm; ít nhất 3 chữ.")},
    )  # fmt: skip
    phone = forms.CharField(label=_("Điện thoại"), max_length=20, required=False)
    email = forms.EmailField(label=_("Email"), required=False)

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(_("Tên này đã có người dùng. Thêm chữ hoặc số."))
        return name

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Email này đã có tài khoản. Thêm vai trò cho tài khoản đó thay vì tạo mới."))
        return email


class FirstAdminForm(AccountForm):
    """The first administrator, who chooses a password at once."""

    password = forms.CharField(
        label=_("Mật khẩu"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ít nhất 10 chữ."),
    )

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password)
        return password


class RoleForm(forms.Form):
    """A role at this unit, from a day on."""

    role = forms.ChoiceField(label=_("Vai trò"))
    valid_from = day_field(_("Từ ngày"))
    valid_until = day_field(_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(unit)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Ngày cuối phải sau ngày đầu."))
        return data


class MemberForm(RoleForm, AccountForm):
    """A new account with its role at this unit."""


class GrantForm(RoleForm):
    """A role for a person who has an account already."""

    username = forms.CharField(
        label=_("Tên đăng nhập"), max_length=60, help_text=_("Của người đã có tài khoản, ở trường này hay nơi khác.")
    )
    field_order = ("username",)

    def clean_username(self) -> User:
        user = User.objects.filter(username__iexact=self.cleaned_data["username"].strip(), is_active=True).first()
        if user is None:
            raise forms.ValidationError(_("Không có tài khoản nào tên này. Hỏi lại người đó, hoặc tạo tài khoản mới."))
        return user


def role_choices(unit: Unit) -> list[tuple[str, str]]:
    """Roles that exist at this kind of unit."""
    return [(role.code, role.label) for role in ROLES.values() if unit.kind in role.kinds]
