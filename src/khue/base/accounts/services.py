"""Writes of accounts: people, passwords, memberships."""

import secrets
from datetime import date

from django.db import transaction

from khue.base.org.models import Unit

from .adapter import normal_phone
from .models import Membership, User

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """A first password that can be read aloud: three groups of four, without look-alike characters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


@transaction.atomic
def create_account(
    *, username: str, full_name: str, password: str | None = None, email: str = "", phone: str = "", title: str = ""
) -> tuple[User, str]:
    """Create an account; returns it with its first password, which must be changed at the first sign-in if drawn."""
    user = User(username=username, full_name=full_name, email=email, phone=normal_phone(phone), title=title)
    first = password or new_password()
    user.must_change_password = password is None
    user.set_password(first)
    user.save()
    return user, first


@transaction.atomic
def reset_password(*, user: User) -> str:
    """Draw a new first password for someone who has forgotten theirs."""
    password = new_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    return password


def grant_role(*, user: User, unit: Unit, role: str, valid_from: date, valid_until: date | None = None) -> Membership:
    membership, _ = Membership.objects.update_or_create(
        user=user, unit=unit, role=role, valid_from=valid_from, defaults={"valid_until": valid_until}
    )
    return membership


def end_membership(*, membership: Membership, last_day: date) -> None:
    """Rights end after ``last_day``; the membership stays for the history."""
    membership.valid_until = max(last_day, membership.valid_from)
    membership.save(update_fields=["valid_until"])
