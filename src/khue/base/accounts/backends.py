"""Sign-in by user name, e-mail or phone. A phone may belong to several accounts: then the password decides."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from khue.base.core.bulk import query

from .adapter import normal_phone
from .models import User
from .selectors import holders_of_phone

TRIED = 3
"""Accounts of one phone whose password is tried: a refusal always costs as many hashes, whoever has the phone."""


@cache
def _user_statement() -> str:
    columns = ", ".join(str(field.column) for field in User._meta.concrete_fields)
    return f"SELECT {columns} FROM {User._meta.db_table} WHERE id = %s"  # our own names


class AccountBackend(AuthenticationBackend):
    """allauth's backend with phones that are shared.

    The password fits one account: that one signs in. It fits several (or the phone has more than are tried):
    ``request.asks_user_name`` is set, nobody signs in. It fits none: the same refusal, after the same time, as for a
    phone that nobody has.
    """

    _did_check_password: bool

    def get_user(self, user_id: int) -> User | None:
        """The person of a session: every page asks, so the statement is not composed anew."""
        names = [field.attname for field in User._meta.concrete_fields]
        rows = query(_user_statement(), [user_id])
        user = User.from_db("default", names, rows[0]) if rows else None
        return user if user and self.user_can_authenticate(user) else None

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
