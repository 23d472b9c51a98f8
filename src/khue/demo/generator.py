"""The demonstration city: schools with all they keep, wholly determined by seed, year and day.

Everything is invented. The records are what a person would type into the project's import templates, so that they
enter through the same import as everybody's. The same seed and year on a later day give the same people, with the
moves that have happened since.
"""

from datetime import date
from random import Random
from typing import Literal

from . import classes, equipment, people, places, plan, pupils, rooms, staff
from .city import City, SchoolData
from .faults import put_faults
from .fields import Record, record

OFFICE = "Phòng Giáo dục và Đào tạo thành phố Thủ Dầu Một"
_OWNERSHIP = {True: "Công lập", False: "Tư thục"}


def generate(
    *, seed: int, year: int, day: date, size: Literal["small", "city"] = "small", faults: bool = False
) -> City:
    """The city of that size: "small" (6 schools, about 2,500 pupils) or "city" (140 schools, about 70,000 pupils).

    `year` is the first of the school year, `day` the day as of which the records are written; `faults` puts a few
    wrong data in, which the checks find and the import stores with a warning.
    """
    plans = plan.small() if size == "small" else plan.city(Random(f"{seed}/plan"))
    registry = people.Registry()
    schools = [school_data(one, registry, seed=seed, year=year, day=day) for one in plans]
    city = City(seed, year, day, OFFICE, schools)
    if faults:
        city.faults = put_faults(city)
    return city


def school_data(one: plan.SchoolPlan, registry: people.Registry, *, seed: int, year: int, day: date) -> SchoolData:
    """One school; its draws depend on seed, year and its code alone, its numbers are new in the registry."""
    rng = Random(f"{seed}/{year}/{one.code}")
    counts: dict[str, int] = {}
    for grade, _, _ in classes.class_places(one):
        counts[plan.level_of(grade)] = counts.get(plan.level_of(grade), 0) + 1
    members = staff.generate(rng, registry, one, counts, year=year)
    found_classes = classes.generate(rng, one, members, year=year)
    ledger = pupils.Ledger(registry, one, year, day)
    found_pupils: list[Record] = []
    for (grade, _, _), school_class in zip(classes.class_places(one), found_classes, strict=True):
        size = classes.target_size(rng, one, grade, school_class)
        found_pupils += pupils.generate(
            f"{seed}/{year}/{one.code}/{school_class['code']}", ledger, school_class, grade, size
        )
    classes.mark_inclusion(found_classes, found_pupils)
    found_rooms = rooms.generate(rng, one, found_classes, year=year)
    found_equipment = equipment.generate(f"{seed}/{year}/{one.code}", one, found_rooms)
    school = _school(rng, one, members[0])
    return SchoolData(school, members, found_classes, found_pupils, found_rooms, found_equipment)


def _school(rng: Random, one: plan.SchoolPlan, principal: Record) -> Record:
    longitude, latitude = places.WARDS[one.ward]
    kind = (
        "Nhóm trẻ, lớp mẫu giáo độc lập" if one.is_group else "Mầm non" if one.levels == ["MN"] else "Trường phổ thông"
    )
    return record(
        "schools",
        code=one.code,
        name=one.name,
        levels=";".join(one.levels),
        ownership=_OWNERSHIP[one.is_public],
        school_type=kind,
        ward=f"Phường {one.ward}",
        campuses="; ".join(one.campuses),
        address=f"{places.street(rng)}, phường {one.ward}",
        phone=f"0274{rng.randrange(3_600_000, 3_899_999)}",
        email=f"lienhe@truong{one.code}.example.vn",
        principal=principal["full_name"],
        national_standard=one.national_standard,
        longitude=f"{longitude + rng.uniform(-0.006, 0.006):.6f}",
        latitude=f"{latitude + rng.uniform(-0.006, 0.006):.6f}",
    )
