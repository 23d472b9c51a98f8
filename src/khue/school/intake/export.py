"""What is stored, in the layout of the import: the reads that the plans compare with, so nothing changes on the way
back.

Codes go out by name, as people read them; a name that the catalogue would not read back goes out as its code.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from khue.base.catalog import selectors as catalog
from khue.base.core.text import name_sort_key
from khue.base.org.models import School
from khue.base.sheets.fields import Field, load_fields
from khue.base.sheets.writer import CodeList, OutColumn, columns_of
from khue.school.registry.models import Campus, Equipment, Position, Room, SchoolClass

from .kinds import classes, equipment, rooms, schools
from .kinds.pupils import GUARDIAN_FIELDS, RELATIONS, guardians_of, stored_guardians, stored_pupils
from .kinds.staff import stored_staff
from .rules import class_sort_key

Record = dict[str, Any]


def export_rows(kind: str, school_ids: Iterable[int], year: int) -> tuple[list[OutColumn], list[list[Any]]]:
    """(columns, rows) of a kind for these schools, in their order; the caller has opened their scope."""
    fields = load_fields(kind)
    writers = [_writer(field) for field in fields.fields]
    records = [record for school in school_ids for record in _RECORDS[kind](school, year)]
    rows = [
        [write(record.get(field.name)) for write, field in zip(writers, fields.fields, strict=True)]
        for record in records
    ]
    return columns_of(fields), rows


def code_lists(kind: str) -> dict[str, CodeList]:
    """The code lists from which the cells of a kind may choose."""
    return {
        f.catalog: catalog.choices(f.catalog)
        for f in load_fields(kind).fields
        if f.catalog and f.type in ("code", "codes")
    }


def _writer(field: Field) -> Callable[[Any], Any]:
    if field.type == "bool":
        return lambda value: "x" if value else None
    if not field.catalog:
        return lambda value: None if value == "" else value
    name_of = cache(lambda code: _name(field, code))

    def write(value: Any) -> Any:
        if isinstance(value, list):
            return "; ".join(name_of(code) for code in value) or None
        return name_of(str(value)) if value not in (None, "") else None

    return write


def _name(field: Field, code: str) -> str:
    """The name of a code, or the code where the name means nothing to the import, or something else."""
    name = catalog.name_of(field.catalog or "", code)
    is_safe = ";" not in name and field.name != "levels" and catalog.resolve(field.catalog or "", name) == code
    return name if is_safe else code


def _pupils(school: int, year: int) -> list[Record]:
    known = stored_guardians(school)
    records = stored_pupils(school, year)
    for record in records:
        record["birth_date"] = record["birth_date"] or record["birth_year"]
        record["phone"] = record["contact_phone"]
        guardians = guardians_of(record, known)
        for relation in RELATIONS:
            record |= {f"{relation}_{name}": guardians.get(relation, {}).get(name) for name in GUARDIAN_FIELDS}
    return sorted(records, key=lambda r: (class_sort_key(r["class_code"] or "~"), name_sort_key(r["full_name"] or "")))


def _staff(school: int, year: int) -> list[Record]:
    records = [record | {"birth_date": record["birth_date"] or record["birth_year"]} for record in stored_staff(school)]
    return sorted(records, key=lambda r: name_sort_key(r["full_name"] or ""))


def _classes(school: int, year: int) -> list[Record]:
    code = School.objects.values_list("code", flat=True).get(pk=school)
    homerooms = dict(Position.objects.filter(school=school).values_list("id", "code"))
    found = SchoolClass.objects.filter(school=school, year=year).order_by("sort_key")
    return [
        record
        | {
            "school_code": code,
            "school_year": year,
            "campus": record["campus__name"],
            "homeroom": homerooms.get(record["homeroom_id"]),
        }
        for record in found.values("code", "campus__name", "homeroom_id", *classes.FIELDS)
    ]


def _rooms(school: int, year: int) -> list[Record]:
    found = Room.objects.filter(school=school).order_by("campus__name", "code")
    return [
        record | {"campus": record["campus__name"]} for record in found.values("code", "campus__name", *rooms.FIELDS)
    ]


def _equipment(school: int, year: int) -> list[Record]:
    found = Equipment.objects.filter(school=school).order_by("search_key", "grade", "id")
    names = ("name", "grade", "room__code", "campus__name", *equipment.FIELDS)
    return [
        record | {"room": record["room__code"], "campus": record["campus__name"]} for record in found.values(*names)
    ]


def _schools(school: int, year: int) -> list[Record]:
    names = Campus.objects.filter(school=school).order_by("-is_main", "id").values_list("name", flat=True)
    found = School.objects.filter(pk=school).values("code", *schools.FIELDS)
    return [record | {"campuses": "; ".join(names)} for record in found]


_RECORDS: dict[str, Callable[[int, int], list[Record]]] = {
    "pupils": _pupils,
    "staff": _staff,
    "classes": _classes,
    "rooms": _rooms,
    "equipment": _equipment,
    "schools": _schools,
}
