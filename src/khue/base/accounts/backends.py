"""Sign-in by user name, e-mail or phone. A phone may belong to several accounts: then the password decides."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from .adapter import normal_phone
from .models import User
from .selectors import holders_of_phone

TRIED = 3
"""Accounts of one phone whose password is tried: a refusal always costs as many hashes, whoever has the phone."""


class AccountBackend(AuthenticationBackend):
    """allauth's backend with phones that are shared.

    The password fits one account: that one signs in. It fits several (or the phone has more than are tried):
    ``request.asks_user_name`` is set, nobody signs in. It fits none: the same refusal, after the same time, as for a
    phone that nobody has.
    """

    _did_check_password: bool

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        phone, password = credentials.pop("phone", None), credentials["password"]
        user: User | None = super()._authenticate(request, **credentials)
        if user or not phone:
            return user
        spent = int(self._did_check_password)
        holders = holders_of_phone(normal_phone(phone), TRIED + 1)
        fitting = [user for user in holders[:TRIED] if self._check_password(user, password)]
        if len(fitting) == 1 and len(holders) <= TRIED:
            return fitting[0]
        if fitting:
            request.asks_user_name = True  # type: ignore[union-attr]
            return None
        for _hash in range(TRIED + 1 - spent - len(holders[:TRIED])):
            self._mitigate_timing_attack(password)
        self._did_check_password = True
        return None
