"""Where a person works at this moment: a unit, the roles there, the schools in sight (Nơi làm việc)."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from khue.base.accounts.models import Membership, User
from khue.base.accounts.selectors import memberships_of
from khue.base.core.bulk import query
from khue.base.org.models import School, Unit, UnitKind
from khue.base.org.selectors import current_year, school_ids_below

from .rules import ROLES, actions_of


def place_key(unit: Unit) -> str:
    """The unit's part of an address: ``truong/74718301`` or ``phong/TDM``."""
    return f"{'truong' if unit.kind == UnitKind.SCHOOL else 'phong'}/{unit.code}"


@dataclass
class Place:
    """A unit with what this person may do there."""

    unit: Unit
    memberships: list[Membership]
    all_memberships: list[Membership] = field(repr=False)
    school_ids: list[int] = field(default_factory=list)

    @property
    def key(self) -> str:
        return place_key(self.unit)

    @property
    def is_school(self) -> bool:
        return self.unit.kind == UnitKind.SCHOOL

    @cached_property
    def role_codes(self) -> list[str]:
        return [m.role for m in self.memberships]

    @cached_property
    def actions(self) -> frozenset[str]:
        return actions_of(self.role_codes)

    def may(self, action: str) -> bool:
        return action in self.actions

    @cached_property
    def own_classes_only(self) -> bool:
        """True for a teacher without a wider role: only the classes given to them."""
        return bool(self.role_codes) and all(ROLES[code].own_classes_only for code in self.role_codes)

    @cached_property
    def year(self) -> int:
        return current_year(self.unit) or date.today().year

    @cached_property
    def school(self) -> School:
        """The school of this place; only for places that are a school."""
        return School.objects.get(pk=self.unit.pk)

    def url(self, name: str, **kwargs: Any) -> str:
        """Address of a page of this place."""
        if kwargs:
            return reverse(name, kwargs={"place": self.key, **kwargs})
        return _address(name, self.key)


@lru_cache(maxsize=4096)
def _address(name: str, key: str) -> str:
    """Addresses of the navigation and the like: the same on every page."""
    return reverse(name, kwargs={"place": key})


def place_of(request: HttpRequest) -> Place:
    """The place of a request's address, which the middleware has found; for views that need an action."""
    place: Place = request.place  # type: ignore[attr-defined]
    return place


def _covers(membership: Membership, unit: Unit) -> bool:
    return unit.path.startswith(membership.unit.path)


# One statement instead of three through the ORM, since every page pays for it: the unit, its current year (its own or
# that of the nearest unit above), its schools, and all roles of the person with their units.
_FIND = """
SELECT u.id, u.kind, u.code, u.name, u.parent_id, u.path,
  (SELECT a.current_year FROM org_unit a WHERE u.path LIKE a.path || '%%' AND a.current_year IS NOT NULL
   ORDER BY length(a.path) DESC LIMIT 1),
  CASE u.kind WHEN 'school' THEN ARRAY[u.id] ELSE ARRAY(
    SELECT s.id FROM org_unit s WHERE s.kind = 'school' AND s.path LIKE u.path || '%%' ORDER BY s.id) END,
  m.id, m.role, m.valid_from, m.valid_until, o.id, o.kind, o.code, o.name, o.path
FROM org_unit u JOIN accounts_membership m ON m.user_id = %s JOIN org_unit o ON o.id = m.unit_id
WHERE u.code = %s AND m.valid_from <= %s AND (m.valid_until IS NULL OR m.valid_until >= %s) ORDER BY o.kind, m.id
"""


def find_place(user: User, kind: str, code: str, day: date) -> Place | None:
    """The place of an address, or None if it does not exist **or** this person has no role there: same answer."""
    rows = query(_FIND, [user.pk, code, day, day])
    if not rows:
        return None
    key, unit_kind, unit_code, name, parent, path, year, schools = rows[0][:8]
    unit = Unit(pk=key, kind=unit_kind, code=unit_code, name=name, parent_id=parent, path=path)
    every = [_membership(user, row[8:]) for row in rows]
    here = [m for m in every if _covers(m, unit)]
    if (unit.kind == UnitKind.SCHOOL) != (kind == "truong") or not here:
        return None
    place = Place(unit=unit, memberships=here, all_memberships=every, school_ids=schools)
    if year:
        place.year = year
    return place


def _membership(user: User, row: tuple[Any, ...]) -> Membership:
    key, role, since, until, unit, kind, code, name, path = row
    return Membership(
        pk=key, user=user, unit=Unit(pk=unit, kind=kind, code=code, name=name, path=path), role=role,
        valid_from=since, valid_until=until,
    )  # fmt: skip


def first_place(user: User, day: date) -> Place | None:
    """Where a person lands after signing in: the first membership."""
    every = memberships_of(user, day)
    if not every:
        return None
    unit = every[0].unit
    here = [m for m in every if _covers(m, unit)]
    return Place(unit=unit, memberships=here, all_memberships=every, school_ids=school_ids_below(unit))
