"""What the ``/`` box finds in the registry: pupils, staff, classes, schools, equipment."""

from typing import Any

from django.db.models import F, Q, Value
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from khue.base.access.places import Place, place_of
from khue.base.catalog.selectors import name_of
from khue.base.core.text import as_typed, initials, search_key
from khue.base.org.models import School
from khue.base.registers.columns import person_name
from khue.base.registers.search import SHOWN_PER_GROUP, Found, marked

from .selectors.people import named_pupils, named_staff
from .selectors.scope import (
    studying_on,
    visible_classes,
    visible_enrolments,
    visible_equipment,
    visible_positions,
    working_on,
)
from .tables.pupils import classes_here

_ADDRESS = 987_654_321


def find_classes(request: HttpRequest, words: list[str]) -> list[Found]:
    """ "8a2" and "lop 8a2" find the class; over a city "8a2 nguyen trai", and no class without a digit."""
    place = place_of(request)
    if not place.may("registry.classes:read"):
        return []
    wanted = [word for word in words if word != "lop"]
    if not wanted or not (place.is_school or any(c.isdigit() for word in wanted for c in word)):
        return []
    if place.is_school:
        rows = [(pk, code, grade, "") for pk, code, grade in classes_here(request)]
    else:
        codes = Q()
        for word in wanted:
            codes &= Q(code__icontains=word) | Q(school__search_key__contains=word)
        found = visible_classes(request).filter(codes).order_by("sort_key", "school__sort_key")
        rows = list(found.values_list("pk", "code", "grade", "school__name")[:SHOWN_PER_GROUP])
    pattern = place.url("class", pk=_ADDRESS)
    return [
        {
            "url": pattern.replace(str(_ADDRESS), str(pk)),
            "icon": "presentation",
            "title": format_html("{} <mark>{}</mark>", _("Lớp"), code),
            "note": school or name_of("grade", str(grade)),
        }
        for pk, code, grade, school in rows
        if all(word in search_key(f"{code} {school}") for word in wanted)
    ]


def find_pupils(request: HttpRequest, words: list[str]) -> list[Found]:
    """Pupils who are here, by name, class ("8a2 minh"), code or number; current ones only."""
    place = place_of(request)
    if not place.may("registry.pupils:read"):
        return []
    conditions = list(map(_pupil_word, words, as_typed(words)))
    conditions += [studying_on(), named_pupils(request, words)]
    rows = visible_enrolments(request).filter(*conditions, pupil__sort_key__gte="")
    columns = ("pk", "pupil__full_name", "current_class__code", "pupil__birth_date", "code", _school(place))
    found = rows.order_by("pupil__sort_key", "pk").values_list(*columns)[:SHOWN_PER_GROUP]
    pattern = place.url("pupil", pk=_ADDRESS)
    return [
        {
            "url": pattern.replace(str(_ADDRESS), str(pk)),
            "initials": initials(name),
            "title": person_name(name, words),
            "note": _note(
                klass,
                birth and _("sinh {day}").format(day=f"{birth:%d/%m/%Y}"),
                code and _("mã {code}").format(code=code),
                school,
            ),
        }
        for pk, name, klass, birth, code, school in found
    ]


def _pupil_word(word: str, typed: str) -> Q:
    by_name = Q(pupil__search_key__named=typed)
    if not any(c.isdigit() for c in word):
        return by_name
    return (
        by_name
        | Q(current_class__code__istartswith=word)
        | Q(code__iexact=word)
        | Q(pupil__personal_number=word)
        | Q(pupil__ministry_id=word)
        | Q(contact_phone=word)
    )


def find_staff(request: HttpRequest, words: list[str]) -> list[Found]:
    place = place_of(request)
    if not place.may("registry.staff:read"):
        return []
    rows = visible_positions(request).filter(working_on(), named_staff(request, words), staff__sort_key__gte="")
    for word, typed in zip(words, as_typed(words), strict=True):
        by_code = Q(code__iexact=word) | Q(staff__phone=word) if any(c.isdigit() for c in word) else Q()
        rows = rows.filter(Q(staff__search_key__named=typed) | by_code)
    columns = ("pk", "staff__full_name", "job", "subject", _school(place))
    found = rows.order_by("staff__sort_key", "pk").values_list(*columns)[:SHOWN_PER_GROUP]
    pattern = place.url("staff-member", pk=_ADDRESS)
    return [
        {
            "url": pattern.replace(str(_ADDRESS), str(pk)),
            "initials": initials(name),
            "title": person_name(name, words),
            "note": _note(name_of("staff_job", job), subject and name_of("subject", subject), school),
        }
        for pk, name, job, subject, school in found
    ]


def find_schools(request: HttpRequest, words: list[str]) -> list[Found]:
    place = place_of(request)
    if place.is_school or not place.may("org.schools:read"):
        return []
    rows = School.objects.filter(unit__among=place.school_ids)
    for word in words:
        rows = rows.filter(Q(search_key__contains=word) | Q(code__startswith=word))
    found = rows.order_by("sort_key").values_list("pk", "name", "ward", "code")[:SHOWN_PER_GROUP]
    return [
        {
            "url": place.url("school-of-office", pk=pk),
            "icon": "school",
            "title": marked(name, words),
            "note": _note(ward, _("mã {code}").format(code=code)),
        }
        for pk, name, ward, code in found
    ]


def _school(place: Place) -> Any:
    """The name of the school, which only the office needs to be told."""
    return Value("") if place.is_school else F("school__name")


def find_equipment(request: HttpRequest, words: list[str]) -> list[Found]:
    """Equipment of a school by name ("may chieu") or room."""
    place = place_of(request)
    if not place.is_school or not place.may("registry.equipment:read"):
        return []
    rows = visible_equipment(request)
    for word in words:
        rows = rows.filter(Q(search_key__contains=word) | Q(room__code__istartswith=word))
    columns = ("pk", "name", "quantity", "room__code", "grade")
    found = rows.order_by("search_key", "pk").values_list(*columns)[:SHOWN_PER_GROUP]
    return [
        {
            "url": place.url("equipment-item", pk=pk),
            "icon": "device-desktop",
            "title": marked(name, words),
            "note": _note(
                _("có {n}").format(n=quantity), room and _("phòng {code}").format(code=room),
                grade and name_of("grade", str(grade)),
            ),
        }
        for pk, name, quantity, room, grade in found
    ]  # fmt: skip


def _note(*parts: str | None) -> str:
    return " · ".join(str(part) for part in parts if part)
