"""Identifiers and families: what makes an invented person consistent.

Every number is drawn once per city (`Registry`), so that no two people share one. A personal number has the code of
the province of registration, a digit for century and sex, two of the year of birth, six at random (Nghị định
137/2015/NĐ-CP, điều 13).
"""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from . import names, places
from .fields import words

JOBS = names.Weighted(
    {
        "Công nhân": 42.0,
        "Buôn bán": 14.0,
        "Nhân viên văn phòng": 12.0,
        "Lao động tự do": 9.0,
        "Kinh doanh": 5.0,
        "Thợ may": 3.0,
        "Tài xế": 3.0,
        "Giáo viên": 2.5,
        "Nội trợ": 4.0,
        "Kỹ sư": 2.5,
        "Thợ gốm": 1.0,
        "Làm nông": 2.0,
        "Công an": 1.0,
        "Bộ đội": 0.8,
        "Bác sĩ": 0.5,
        "Điều dưỡng": 0.7,
    }
)
RELIGIONS = names.Weighted(
    {
        "Không": 74.0,
        "Phật giáo": 15.0,
        "Công giáo": 8.0,
        "Cao Đài": 1.2,
        "Tin lành": 0.8,
        "Phật giáo Hòa Hảo": 1,
    }
)
ETHNICITIES = names.Weighted(
    {
        "Kinh": 95.0,
        "Khơ-me": 1.9,
        "Hoa": 1.5,
        "Tày": 0.3,
        "Nùng": 0.3,
        "Mường": 0.3,
        "Thái": 0.25,
        "Chăm": 0.2,
        "Xtiêng": 0.1,
        "Ê-đê": 0.07,
        "Hmông": 0.05,
    }
)
_MOBILE = words(
    "032|033|034|035|036|037|038|039|070|076|077|078|079|081|082|083|084|085|086|088|090|091|093|094|096|097|098",
    "|",
)
_MERGER = date(2025, 7, 1)


def number_code(province: str, registered_on: date | None = None) -> str:
    """Province code in personal numbers; births registered here since the merger carry that of the new city."""
    is_merged = province == places.PROVINCE and registered_on is not None and registered_on >= _MERGER
    return "079" if is_merged else places.NUMBER_CODES[province]


@dataclass
class Registry:
    """Numbers that were given out at a school: those whose remainder by `shares` is `share`.

    Each school of a city has a share of its own, so that no two draw the same number whoever comes first.
    """

    share: int = 0
    shares: int = 1
    taken: set[str] = field(default_factory=set)

    def _draw(self, rng: Random, prefix: str, digits: int) -> str:
        while True:
            drawn = rng.randrange(10**digits) // self.shares * self.shares + self.share
            number = f"{prefix}{drawn % 10**digits:0{digits}d}"
            if number not in self.taken:
                self.taken.add(number)
                return number

    def personal_number(self, rng: Random, code: str, sex: str, year: int) -> str:
        century = (year - 1900) // 100 * 2 + (sex == names.FEMALE)
        return self._draw(rng, f"{code}{century}{year % 100:02d}", 6)

    def ministry_id(self, rng: Random) -> str:
        """Ten digits; one in eight begins with the zero that spreadsheets eat."""
        prefix, digits = ("0", 9) if rng.random() < 0.125 else ("74", 8)
        return self._draw(rng, prefix, digits)

    def phone(self, rng: Random) -> str:
        return self._draw(rng, rng.choice(_MOBILE), 7)

    def insurance(self, rng: Random, prefix: str) -> str:
        """Ten digits of the social insurance number behind the prefix of the card."""
        return self._draw(rng, prefix, 10)


@dataclass(frozen=True)
class Parent:
    """Father, mother or another guardian of a pupil."""

    name: str
    birth_year: int
    job: str = ""
    phone: str = ""
    personal_number: str = ""

    def columns(self, role: str) -> dict[str, str]:
        values = (self.name, str(self.birth_year), self.job, self.phone, self.personal_number)
        parts = ("name", "birth_year", "job", "phone", "personal_number")
        return {f"{role}_{part}": value for part, value in zip(parts, values, strict=True)}


@dataclass
class Family:
    """A household with one or more children at the school."""

    name: str
    ethnicity: str
    religion: str
    province: str
    home: dict[str, str]
    parents: dict[str, Parent]
    poverty: str = ""
    births: list[date] = field(default_factory=list)

    @property
    def phone(self) -> str:
        return next((parent.phone for parent in self.parents.values() if parent.phone), "")


def new_family(rng: Random, registry: Registry, *, ward: str, child_year: int) -> Family:
    """A family that lives near `ward` (name without "Phường") with a child born in `child_year`."""
    ethnicity = names.pick(rng, ETHNICITIES)
    province = places.origin(rng, ethnicity)
    religion = names.pick(rng, RELIGIONS)
    if ethnicity in ("Khơ-me", "Chăm"):
        religion = "Phật giáo" if ethnicity == "Khơ-me" else "Hồi giáo"
    name = names.family_name(rng, ethnicity)
    family = Family(name, ethnicity, religion, province, _home(rng, province, ward), {})
    family.parents = _parents(rng, registry, family, child_year)
    family.poverty = rng.choices(["", "Hộ nghèo", "Hộ cận nghèo"], [97.3, 1.2, 1.5])[0]
    return family


def _home(rng: Random, province: str, ward: str) -> dict[str, str]:
    """Registered residence and where the family lives now."""
    lives_in = ward if rng.random() < 0.72 else rng.choice(list(places.WARDS))
    street, quarter = places.street(rng), rng.randint(1, 9)
    now = f"{street}, khu phố {quarter}, phường {lives_in}, thành phố Thủ Dầu Một"
    if province == places.PROVINCE:
        home = {"home_ward": f"Phường {lives_in}", "home_hamlet": f"Khu phố {quarter}", "home_street": street}
    else:
        home = {"home_ward": rng.choice(places.old_wards()[province]), "home_hamlet": f"Ấp {rng.randint(1, 9)}"}
    return {"home_province": province, "current_address": now, **home}


def _parents(rng: Random, registry: Registry, family: Family, child_year: int) -> dict[str, Parent]:
    """Mostly both; 4 % of the families have the mother alone, 2 % a grandparent as guardian."""
    mother_year = child_year - min(43, max(19, round(rng.gauss(28, 5))))
    father_year = mother_year - rng.choices(range(-2, 9), [2, 5, 12, 16, 16, 14, 12, 9, 6, 4, 4])[0]
    other_name = names.family_name(rng, family.ethnicity if rng.random() < 0.8 else "Kinh")
    father = _parent(rng, registry, family, family.name, names.MALE, father_year)
    mother = _parent(rng, registry, family, other_name, names.FEMALE, mother_year)
    kind = rng.random()
    if kind < 0.04:
        return {"mother": mother}
    if kind < 0.06:
        year = mother_year - rng.randint(20, 30)
        sex = rng.choice([names.MALE, names.FEMALE])
        return {"guardian": _parent(rng, registry, family, other_name, sex, year)}
    return {"father": father, "mother": mother}


def _parent(rng: Random, registry: Registry, family: Family, surname: str, sex: str, year: int) -> Parent:
    number = ""
    if rng.random() < 0.65:
        number = registry.personal_number(rng, number_code(family.province), sex, year)
    job = names.pick(rng, JOBS)
    if sex == names.MALE and job == "Nội trợ":
        job = "Công nhân"
    phone = registry.phone(rng) if rng.random() < 0.92 else ""
    return Parent(names.full_name(rng, surname, sex, family.ethnicity, "adult"), year, job, phone, number)
