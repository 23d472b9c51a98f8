"""Persons behind enrolments and positions: the living row where it is in sight, else the frozen copy (tenancy)."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest

from khue.base.access.places import place_of
from khue.base.core.bulk import query
from khue.base.core.text import as_typed

from ..models import Enrolment, Guardian, Position, Pupil, PupilGuardian, Relation, StaffMember

_TEXTS = ("full_name", "sort_key", "search_key", "sex", "ethnicity", "personal_number", "ministry_id", "phone", "email")
_PUPIL_TEXTS = (
    "nationality", "religion", "birth_place", "birth_registration", "home_province", "home_ward", "home_hamlet",
    "home_street", "current_address", "health_insurance",
)  # fmt: skip


def person_expressions(relation: str, request: HttpRequest) -> dict[str, Any]:
    """``person_full_name``, ``person_birth_date`` … of the person behind each row, by name.

    A school reads the frozen copy of who has left; the office sees every person, and its lists walk their index.
    """
    return _expressions(relation, place_of(request).is_school)


@cache
def _expressions(relation: str, is_school: bool) -> dict[str, Any]:
    """Built once: Django copies an expression before it resolves it."""
    texts = _TEXTS + (_PUPIL_TEXTS if relation == "pupil" else ())
    if not is_school:
        return {f"person_{name}": F(f"{relation}__{name}") for name in (*texts, "birth_date")}
    both: dict[str, Any] = {
        f"person_{name}": Coalesce(F(f"{relation}__{name}"), KT(f"frozen__{name}"), output_field=models.TextField())
        for name in texts
    }
    frozen_birth = Cast(KT("frozen__birth_date"), models.DateField())
    both["person_birth_date"] = Coalesce(F(f"{relation}__birth_date"), frozen_birth)
    both["person_sort_key"] = Coalesce(
        F(f"{relation}__sort_key"), KT("frozen__sort_key"), output_field=models.CharField(db_collation="C")
    )
    return both


MOST_NAMED = 1000
"""More pupils than this have such a common name that the first of them are found soon without an index."""
_COMMON: set[tuple[str, ...]] = set()
"""Persons and words that were found to be so common; names don't grow rare, so this process need not ask again."""


def named_pupils(request: HttpRequest, words: list[str]) -> Q:
    """Narrows enrolments of a whole city to pupils whose name has these words; a school needs no narrowing."""
    return _named(request, "pupils", words, "pupil")


def named_staff(request: HttpRequest, words: list[str]) -> Q:
    """The same for positions."""
    return _named(request, "staff", words, "staff")


def _named(request: HttpRequest, persons: str, words: list[str], path: str) -> Q:
    wanted = tuple(word for word in as_typed(words) if not any(c.isdigit() for c in word))
    known = (persons, *wanted)
    if place_of(request).is_school or known in _COMMON or not any(len(word) >= 3 for word in wanted):
        return Q()
    rows = query(f"SELECT registry_named_{persons}(%s, %s)", [list(wanted), MOST_NAMED + 1])
    if len(rows) <= MOST_NAMED:
        return Q(**{f"{path}__among": [key for (key,) in rows]})
    if len(_COMMON) < MOST_NAMED:
        _COMMON.add(known)
    return Q()


@dataclass
class PupilFile:
    """A pupil as this place may read them; ``is_frozen``: the copy of the day they left, read-only."""

    enrolment: Enrolment
    person: Pupil
    guardians: dict[str, Guardian]
    is_frozen: bool


def pupil_file(enrolment: Enrolment) -> PupilFile:
    """``enrolment`` comes with ``select_related("pupil")``; guardians by relation (father, mother, guardian)."""
    if enrolment.pupil is None:
        return _frozen_file(enrolment)
    links = PupilGuardian.objects.filter(pupil=enrolment.pupil).select_related("guardian")
    return PupilFile(enrolment, enrolment.pupil, {link.relation: link.guardian for link in links}, is_frozen=False)


def _frozen_file(enrolment: Enrolment) -> PupilFile:
    copy = enrolment.frozen or {}
    guardians = {g["relation"]: _thawed(Guardian, g) for g in copy.get("guardians", [])}
    return PupilFile(enrolment, _thawed(Pupil, copy), guardians, is_frozen=True)


def staff_of(position: Position) -> tuple[StaffMember, bool]:
    """(the person, whether it is the frozen copy)."""
    if position.staff is not None:
        return position.staff, False
    return _thawed(StaffMember, position.frozen or {}), True


def _thawed(model: type[models.Model], copy: dict[str, Any]) -> Any:
    """An unsaved row from a frozen copy."""
    values = {f.attname: copy[f.attname] for f in model._meta.concrete_fields if copy.get(f.attname) is not None}
    if "birth_date" in values:
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    return model(**{"full_name": "", **values})


RELATIONS = tuple(Relation.values)
