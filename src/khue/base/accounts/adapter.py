"""allauth's adapter: no sign-up from outside, phone numbers, Vietnamese messages that say what is left to do."""

import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.fields import PhoneField
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import User
from .selectors import holders_of_phone

_LIKE_A_PHONE = RegexValidator(r"^\+?[\d\s.()-]{8,25}$")
_LOGIN_FAILED = _("Tên hoặc mật khẩu chưa đúng. Sai 5 lần thì khóa 15 phút.")


def normal_phone(text: str) -> str:
    """Digits of a phone number, +84 written as 0."""
    digits = re.sub(r"\D", "", text)
    return "0" + digits[2:] if digits.startswith("84") and len(digits) > 9 else digits


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Tài khoản này đã ngừng dùng. Hỏi người quản trị tài khoản của đơn vị."),
        "username_password_mismatch": _LOGIN_FAILED,
        "email_password_mismatch": _LOGIN_FAILED,
        "phone_password_mismatch": _LOGIN_FAILED,
        "invalid_login": _LOGIN_FAILED,
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "phone_shared": _(
            "Có nhiều tài khoản dùng số điện thoại này. Gõ tên đăng nhập (ghi trên phiếu tài khoản) thay cho số điện "
            "thoại."
        ),
        "enter_current_password": _("Gõ mật khẩu hiện nay."),
        "too_many_login_attempts": _(
            "Đã nhập sai nhiều lần. Chờ 15 phút, hoặc nhờ người quản trị tài khoản của đơn vị đặt lại mật khẩu."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Whoever typed a password that fits several accounts of the phone is told so, and it counts as no mistake."""
        user = super().authenticate(request, **credentials)
        if user is None and getattr(request, "asks_user_name", False):
            self._rollback_login_failed_rl_usage()
            raise self.validation_error("phone_shared")
        return user

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A phone is counted as one number however it is typed; each failure is one for all accounts that share it."""
        phone = normal_phone(credentials.get("phone") or "")
        if phone and phone == normal_phone(credentials.get("username") or ""):
            credentials = {"username": phone}
        return super()._get_login_attempts_cache_key(request, **credentials)

    def phone_form_field(self, **options: Any) -> PhoneField:
        """Phones are typed as at home (0274 382 2222) or with the country's number (+84 …)."""
        return PhoneField(validators=[_LIKE_A_PHONE], **options)

    def clean_phone(self, phone: str) -> str:
        return normal_phone(phone)

    def get_user_by_phone(self, phone: str) -> User | None:
        """The one account with this phone, for allauth; a sign-in asks ``backends.py``."""
        found = holders_of_phone(normal_phone(phone), 2)
        return found[0] if len(found) == 1 else None

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, True) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone = normal_phone(phone)
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """Phone numbers are entered by the unit, so they count as verified."""

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        raise NotImplementedError("Khuê gửi mã qua người quản trị của đơn vị, không qua tin nhắn")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Nobody is told whether a phone number has an account."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Nobody is told whether a phone number has an account."""
