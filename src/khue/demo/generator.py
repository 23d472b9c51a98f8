"""The demonstration city: schools with all they keep, wholly determined by seed, year and day.

Everything is invented. The records are what a person would type into the project's import templates, so that they
enter through the same import as everybody's. The same seed and year on a later day give the same people, with the
moves that have happened since.
"""

from datetime import date
from functools import cache, cached_property, lru_cache
from random import Random
from typing import Literal

from . import before, classes, equipment, people, places, plan, pupils, rooms, staff
from .city import City, Fault, SchoolData
from .faults import put_faults
from .fields import Record, record

OFFICE = "Phòng Giáo dục và Đào tạo thành phố Thủ Dầu Một"
Size = Literal["small", "city"]
_OWNERSHIP = {True: "Công lập", False: "Tư thục"}


class Maker:
    """Makes the schools of a city one by one: each is the same whichever were made before it.

    Sizes: "small" (6 schools, about 2,500 pupils) or "city" (140 schools, about 70,000 pupils). `year` is the first of
    the school year, `day` the day as of which the records are written; `faults` puts a few wrong data in, which the
    checks find and the import stores with a warning.
    """

    def __init__(self, *, seed: int, year: int, day: date, size: Size = "small", faults: bool = False) -> None:
        self.seed, self.year, self.day, self.size = seed, year, day, size
        self.plans = plan.small() if size == "small" else plan.city(Random(f"{seed}/plan"))
        self.has_faults = faults
        self._recent = lru_cache(maxsize=2)(self._make)
        self._newcomers = cache(self._find_newcomers)

    def school(self, n: int) -> SchoolData:
        """School number `n` in the school year."""
        return self._made(n)[0]

    def entry(self, n: int) -> Record:
        """The school's own line, without making its pupils."""
        return _members(self._ledger(n), self.seed)[0]

    def before(self, n: int) -> SchoolData:
        """The same school in the year before: its classes and pupils, and the staff and rooms of today."""
        data, ledger = self._made(n)
        return before.generate(self.seed, data, ledger, self._going_on(n))

    def city(self) -> City:
        """All schools at once."""
        schools = [self.school(n) for n in range(len(self.plans))]
        return City(self.seed, self.year, self.day, OFFICE, schools, self._spoiled[1] if self.has_faults else [])

    def _made(self, n: int) -> tuple[SchoolData, pupils.Ledger]:
        if self.has_faults and n in self._spoiled[0]:
            return self._spoiled[0][n]
        return self._recent(n)

    def _make(self, n: int) -> tuple[SchoolData, pupils.Ledger]:
        ledger = self._ledger(n)
        return school_data(ledger, seed=self.seed), ledger

    def _ledger(self, n: int) -> pupils.Ledger:
        return pupils.Ledger(people.Registry(n, len(self.plans)), self.plans[n], self.year, self.day)

    @cached_property
    def _spoiled(self) -> tuple[dict[int, tuple[SchoolData, pupils.Ledger]], list[Fault]]:
        """The first school of each level with its faults."""
        firsts = {level: self._of_level(level)[0] for level in ("MN", "TH", "THCS")}
        made = {n: self._make(n) for n in firsts.values()}
        kindergarten, primary, secondary = (data for data, _ in made.values())
        rng = Random(f"{self.seed}/{self.year}/faults")
        return made, put_faults(rng, kindergarten=kindergarten, primary=primary, secondary=secondary)

    def _of_level(self, level: str) -> list[int]:
        return [n for n, one in enumerate(self.plans) if one.levels[0] == level]

    def _going_on(self, n: int) -> list[tuple[Record, str]]:
        """Who came from this school into the first grade of the next level: (pupil there, name of that school)."""
        level = self.plans[n].levels[-1]
        above = self._of_level({"MN": "TH", "TH": "THCS"}.get(level, ""))
        if not above:
            return []
        own = self._of_level(level)
        place = own.index(n)
        sharing = own[place % len(above) :: len(above)]
        name, found = self._newcomers(above[place % len(above)])
        return [(pupil, name) for pupil in found[sharing.index(n) :: len(sharing)]]

    def _find_newcomers(self, n: int) -> tuple[str, list[Record]]:
        school = self.school(n)
        return school.school["name"], before.newcomers(school)


def generate(*, seed: int, year: int, day: date, size: Size = "small", faults: bool = False) -> City:
    """The whole city of that size in one school year; see `Maker`."""
    return Maker(seed=seed, year=year, day=day, size=size, faults=faults).city()


def school_data(ledger: pupils.Ledger, *, seed: int) -> SchoolData:
    """One school; its draws depend on seed, year and its code alone, its numbers are new in the ledger's registry."""
    one, year = ledger.plan, ledger.year
    entry, members, rng = _members(ledger, seed)
    found_classes = classes.generate(rng, one, members, year=year)
    found_pupils: list[Record] = []
    for (grade, _, _), school_class in zip(classes.class_places(one), found_classes, strict=True):
        size = classes.target_size(rng, one, grade, school_class)
        found_pupils += pupils.generate(
            f"{seed}/{year}/{one.code}/{school_class['code']}", ledger, school_class, grade, size
        )
    classes.mark_inclusion(found_classes, found_pupils)
    found_rooms = rooms.generate(rng, one, found_classes, year=year)
    found_equipment = equipment.generate(f"{seed}/{year}/{one.code}", one, found_rooms)
    return SchoolData(entry, members, found_classes, found_pupils, found_rooms, found_equipment)


def _members(ledger: pupils.Ledger, seed: int) -> tuple[Record, list[Record], Random]:
    """The school's own line and its staff; the numbers to go on with."""
    one = ledger.plan
    rng = Random(f"{seed}/{ledger.year}/{one.code}")
    counts: dict[str, int] = {}
    for grade, _, _ in classes.class_places(one):
        counts[plan.level_of(grade)] = counts.get(plan.level_of(grade), 0) + 1
    members = staff.generate(rng, ledger.registry, one, counts, year=ledger.year)
    return _school(Random(f"{seed}/{one.code}"), one, members[0]), members, rng


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
