"""Writes of classes, staff, rooms, campuses and schools."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet

from khue.base.core.bulk import query
from khue.base.core.text import name_sort_key, search_key
from khue.base.org.models import School
from khue.base.org.services import change_unit

from ..models import Campus, Equipment, Position, Room, SchoolClass, StaffMember
from .common import save_changes


def class_sort_key(name: str) -> str:
    """Classes sort by their code in natural order: 6A2 before 6A10."""
    parts: list[str] = []
    for char in search_key(name):
        if char.isdigit() and parts and parts[-1].isdigit():
            parts[-1] += char
        else:
            parts.append(char)
    return "".join(part.zfill(4) if part.isdigit() else part for part in parts)[:120]


@transaction.atomic
def add_class(*, school: School, year: int, values: Mapping[str, Any]) -> SchoolClass:
    return SchoolClass.objects.create(school=school, year=year, **values, sort_key=class_sort_key(values["code"]))


@transaction.atomic
def update_class(*, school_class: SchoolClass, values: Mapping[str, Any]) -> list[str]:
    key = class_sort_key(values.get("code", school_class.code))
    return save_changes(school_class, {**values, "sort_key": key})


@transaction.atomic
def add_staff(*, school: School, person: Mapping[str, Any], values: Mapping[str, Any]) -> Position:
    """A staff member at a school. One who works elsewhere too is the same person, seen by both (tenancy)."""
    member = _known_staff(school, person) or StaffMember.objects.create(**person, school_ids=[school.pk])
    if Position.objects.filter(school=school, staff=member, left_on=None).exists():
        raise ValidationError("Người này đã có trong sổ cán bộ của trường. Mở hồ sơ đã có để sửa.", code="twice")
    position = Position.objects.create(school=school, staff=member, **values)
    save_changes(member, person)
    return position


def _known_staff(school: School, person: Mapping[str, Any]) -> StaffMember | None:
    ministry, number = person.get("ministry_id"), person.get("personal_number")
    if not ministry and not number:
        return None
    rows = query("SELECT staff_id FROM registry_attach_staff(%s, %s, %s)", [school.pk, [ministry], [number]])
    if not rows:
        return None
    member = StaffMember.objects.get(pk=rows[0][0])
    if member.full_name != person["full_name"] and member.birth_date != person.get("birth_date"):
        raise ValidationError(
            "Số định danh này là của người khác, tên và ngày sinh đều khác. Đối chiếu lại với căn cước.",
            code="other-person",
        )
    return member


@transaction.atomic
def update_staff(*, position: Position, person: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Change a staff member; the person first, since a status that ends the work hides them."""
    if position.staff is None:
        raise ValidationError("Người này đã rời trường, hồ sơ chỉ xem.", code="frozen")
    changed = save_changes(position.staff, person)
    return changed + save_changes(position, values)


@transaction.atomic
def add_room(*, school: School, values: Mapping[str, Any]) -> Room:
    return Room.objects.create(school=school, **values)


@transaction.atomic
def update_room(*, room: Room, values: Mapping[str, Any]) -> list[str]:
    """Change a room; its equipment goes with it to another campus."""
    changed = save_changes(room, values)
    if "campus_id" in changed:
        for one in Equipment.objects.filter(school_id=room.school_id, room=room):
            save_changes(one, {"campus_id": room.campus_id})
    return changed


@transaction.atomic
def add_equipment(*, school: School, values: Mapping[str, Any]) -> Equipment:
    return Equipment.objects.create(school=school, **values)


@transaction.atomic
def update_row(*, row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """Change a row of equipment; returns the names of the changed fields."""
    return save_changes(row, values)


@transaction.atomic
def save_campus(*, school: School, campus: Campus | None, values: Mapping[str, Any]) -> Campus:
    """Add or change a campus; there is one main campus, the newest choice wins."""
    if values.get("is_main"):
        others = Campus.objects.filter(school=school, is_main=True)
        (others.exclude(pk=campus.pk) if campus else others).update(is_main=False)
    if campus is None:
        return Campus.objects.create(school=school, **values)
    save_changes(campus, values)
    return campus


@transaction.atomic
def update_school(*, school: School, values: Mapping[str, Any], from_day: Any = None) -> list[str]:
    """Change a school. A new name holds from ``from_day``: the tree keeps the former one for older reports."""
    values = dict(values)
    if values.get("name", school.name) != school.name:
        if from_day is None:
            raise ValidationError({"from_day": "Đổi tên thì ghi ngày tên mới có hiệu lực."})
        try:
            change_unit(unit=school.unit, from_day=from_day, name=values["name"])
        except ValueError as error:
            raise ValidationError({"from_day": f"{error}."}) from error
        values |= {"sort_key": name_sort_key(values["name"]), "search_key": search_key(values["name"])}
    return save_changes(school, values)


@transaction.atomic
def update_rows(*, rows: QuerySet, values: Mapping[str, Any]) -> int:
    """The same values for many rows of one table, in one statement; returns how many differed."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    return rows.model.objects.filter(pk__in=keys).exclude(**values).update(**values)
