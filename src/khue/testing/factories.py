"""Factories: one function a model, no surprises; rows of a school are made in its scope, like everybody's."""

from datetime import date
from itertools import count
from typing import Any

from khue.base.core.scope import open_scope
from khue.base.core.text import name_sort_key, search_key
from khue.base.org.models import School, Unit, UnitKind
from khue.base.org.services import create_unit
from khue.school.registry.models import (
    Campus,
    Enrolment,
    Equipment,
    Placement,
    Position,
    Pupil,
    Room,
    SchoolClass,
    StaffMember,
    StatusChange,
)

YEAR = 2026
_serial = count(1)


def school(*, office: Unit, code: str, levels: list[str], **fields: Any) -> School:
    """A school with its unit and main campus."""
    name = fields.pop("name", "Trường THCS Phú Cường")
    unit = create_unit(kind=UnitKind.SCHOOL, code=code, name=name, parent=office)
    made = School.objects.create(
        unit=unit, code=code, name=name, levels=levels, sort_key=name_sort_key(name), search_key=search_key(name),
        **{"ownership": "1", "ward": "Phú Cường", **fields},
    )  # fmt: skip
    with open_scope([made.pk]):
        Campus.objects.create(school=made, name="Điểm chính", is_main=True)
    return made


def school_class(school: School, code: str = "6A1", **fields: Any) -> SchoolClass:
    with open_scope([school.pk]):
        campus = fields.pop("campus", None) or Campus.objects.get(is_main=True)
        values = {"year": YEAR, "grade": 6, "name": code, "sort_key": code, **fields}
        return SchoolClass.objects.create(school=school, code=code, campus=campus, **values)


def personal_number(sex: str, year: int, serial: int) -> str:
    """A right personal number: Đồng Nai, century and sex, year, serial (sector-database §4)."""
    digit = (0 if sex == "1" else 1) + (2 if year >= 2000 else 0)
    return f"075{digit}{year % 100:02d}{serial:06d}"


def pupil(
    school: School, school_class: SchoolClass | None = None, full_name: str = "Nguyễn Văn An", **fields: Any
) -> Enrolment:
    """A pupil enrolled at a school, in a class; ``fields`` of the pupil, of ``enrolment={…}``, and ``status``."""
    serial = next(_serial)
    status = fields.pop("status", "1")
    on = fields.pop("on", None)
    year = fields.pop("year", YEAR)
    enrolment_fields = fields.pop("enrolment", {})
    birth = fields.pop("birth_date", date(2015, 3, 14))
    sex = fields.pop("sex", "1")
    fields.setdefault("personal_number", personal_number(sex, birth.year, serial))
    with open_scope([school.pk]):
        person = Pupil.objects.create(
            full_name=full_name, birth_date=birth, sex=sex, ethnicity=fields.pop("ethnicity", "01"),
            ministry_id=fields.pop("ministry_id", f"99{serial:08d}"), school_ids=[school.pk], **fields,
        )  # fmt: skip
        enrolment = Enrolment.objects.create(
            school=school, pupil=person, year=year, **{"code": f"HS{serial:05d}", **enrolment_fields}
        )
        start = date(year, 8, 1)
        if school_class is not None:
            Placement.objects.create(school=school, enrolment=enrolment, school_class=school_class, since=start)
        StatusChange.objects.create(
            school=school, enrolment=enrolment, status=status, on=on, effective_on=on if on and status != "1" else start
        )
        enrolment.refresh_from_db()
        return enrolment


def staff(school: School, full_name: str = "Lê Minh Tâm", **fields: Any) -> Position:
    """A staff member with a position; ``fields`` of the position, ``person={…}`` of the person."""
    serial = next(_serial)
    person_fields = {"sex": "1", "birth_date": date(1985, 5, 20), "ethnicity": "01", **fields.pop("person", {})}
    number = personal_number(person_fields["sex"], person_fields["birth_date"].year, serial)
    values = {
        "code": f"CB{serial:04d}", "status": "1", "group": "2", "job": "40", "contract": "1", "qualification": "03",
        **fields,
    }  # fmt: skip
    with open_scope([school.pk]):
        person = StaffMember.objects.create(
            full_name=full_name, **{"personal_number": number, **person_fields}, school_ids=[school.pk]
        )
        return Position.objects.create(school=school, staff=person, **values)


def room(school: School, code: str = "P101", **fields: Any) -> Room:
    with open_scope([school.pk]):
        campus = Campus.objects.get(is_main=True)
        return Room.objects.create(
            school=school, campus=campus, code=code, **{"kind": "01", "structure": "01", "area": "48.00", **fields}
        )


def equipment(school: School, name: str = "Máy chiếu", **fields: Any) -> Equipment:
    with open_scope([school.pk]):
        campus = fields.pop("campus", None) or Campus.objects.get(is_main=True)
        return Equipment.objects.create(
            school=school, campus=campus, name=name, **{"group": "dung_chung", "quantity": 2, "required": 5, **fields}
        )
