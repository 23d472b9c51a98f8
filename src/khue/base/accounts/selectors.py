"""Reads of accounts and memberships."""

from datetime import date

from django.db.models import Q, QuerySet

from .models import Membership, User


def in_force(day: date) -> Q:
    """Memberships that give rights on a day."""
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def memberships_of(user: User, day: date) -> list[Membership]:
    """Roles of a person on a day, with their units: one query."""
    return list(user.memberships.filter(in_force(day)).select_related("unit").order_by("unit__kind", "id"))


def members_of(unit_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(unit_id=unit_id).select_related("user").order_by("role", "user__full_name")


def holders_of_phone(phone: str, at_most: int) -> list[User]:
    """Accounts in use with this phone: parents of one family, a couple at one school."""
    return list(User.objects.filter(phone=phone, is_active=True).order_by("pk")[:at_most]) if phone else []
