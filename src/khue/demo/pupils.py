"""Pupils of a class: age for the grade, family, identifiers, support, and what happened to them this year."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from khue.base.core.text import name_sort_key

from . import names, people, places
from .calendar import day_text, event_day, opening, random_day
from .fields import Record, record
from .plan import SchoolPlan, level_of

_DISABILITIES = names.Weighted(
    {"Vận động": 18.0, "Nghe nói": 15, "Nhìn": 10, "Thần kinh, tâm thần": 12, "Trí tuệ": 35, "Khác": 10}
)
REASONS = names.Weighted(
    {
        "Hoàn cảnh kinh tế khó khăn": 40.0,
        "Học lực yếu kém": 25,
        "Nguyên nhân khác": 25,
        "Chuyển sang học nghề": 10,
    }
)
_MONTHS = {13: (4, 12), 14: (13, 24), 15: (25, 36)}
ELSEWHERE = {
    "MN": "Trường Mầm non Sơn Ca Xanh",
    "TH": "Trường Tiểu học Cánh Buồm",
    "THCS": "Trường THCS Trường Sa Xanh",
}
TOWNS = ("thành phố Thuận An", "thành phố Dĩ An", "thành phố Bến Cát", "thành phố Tân Uyên", "huyện Phú Giáo")


@dataclass
class Ledger:
    """What the generator keeps in mind about one school."""

    registry: people.Registry
    plan: SchoolPlan
    year: int
    day: date
    families: list[people.Family] = field(default_factory=list)
    seen: set[tuple[str, date]] = field(default_factory=set)
    count: int = 0


def generate(seed: str, ledger: Ledger, school_class: Record, grade: int, size: int) -> list[Record]:
    """Up to `size` pupils of one class, by given name as in a class list; who has not come yet is left out."""
    # draws of their own for each pupil: what happened to one by a later day changes nothing for the others
    drawn = (_pupil(Random(f"{seed}/{number}"), ledger, school_class, grade) for number in range(size))
    return sorted(filter(None, drawn), key=lambda pupil: name_sort_key(pupil["full_name"]))


def birth_date(rng: Random, grade: int, year: int, extra: int = 0) -> date:
    """A birth date for the grade: in nurseries by months on 30 September, from three years on by year of birth.

    `extra` are years above the usual age. Kindergarten groups keep clear of December, when a child is a month short
    of its group (rule V04).
    """
    if grade in _MONTHS:
        least, most = _MONTHS[grade]
        latest = date(year, 9, 30) - timedelta(days=round(least * 30.44) + 5)
        return random_day(rng, date(year, 9, 30) - timedelta(days=round(most * 30.44) - 5), latest)
    if level_of(grade) == "MN":
        born = year - (grade - 13)
        return random_day(rng, date(born, 1, 1), date(born, 11, 30))
    born = year - grade - 5 - extra
    return random_day(rng, date(born, 1, 1), date(born, 12, 31))


def _years_above(rng: Random, grade: int) -> int:
    """Most are of the right age; a few are one to three years above it, hardly any a year below."""
    if level_of(grade) == "MN" or grade == 1:
        return 0 if level_of(grade) == "MN" else rng.choices([0, 1], [98.8, 1.2])[0]
    return rng.choices([0, 1, 2, 3, -1], [95.8, 3, 0.7, 0.2, 0.3])[0]


def _pupil(rng: Random, ledger: Ledger, school_class: Record, grade: int) -> Record | None:
    sex = names.MALE if rng.random() < 0.515 else names.FEMALE
    extra = _years_above(rng, grade)
    born = birth_date(rng, grade, ledger.year, extra)
    ledger.count += 1
    if rng.random() < 0.001:
        return _foreigner(rng, ledger, school_class, grade, sex, born)
    values = _person(rng, ledger, school_class, grade, sex, born)
    status = _status(rng, ledger, grade, is_repeating=extra == 1)
    return record("pupils", **values, **status) if status else None


def leaver(rng: Random, ledger: Ledger, school_class: Record, grade: int, status: dict[str, str]) -> Record:
    """A pupil of the usual age who was in that class and has left since."""
    sex = names.MALE if rng.random() < 0.515 else names.FEMALE
    born = birth_date(rng, grade, ledger.year)
    ledger.count += 1
    return record("pupils", **_person(rng, ledger, school_class, grade, sex, born), **status)


def _person(rng: Random, ledger: Ledger, school_class: Record, grade: int, sex: str, born: date) -> dict[str, str]:
    """Everything about a pupil but the status."""
    family = _family(rng, ledger, born)
    name = _unused_name(rng, ledger, family, sex, born)
    values = {
        **_common(rng, ledger, school_class, grade, sex, born),
        "full_name": name,
        "ethnicity": family.ethnicity,
        "nationality": "Việt Nam",
        "religion": family.religion,
        "phone": family.phone,
        "poverty": family.poverty,
        **family.home,
        **_birth(rng, ledger, family, sex, born),
    }
    for role, parent in family.parents.items():
        values |= parent.columns(role)
    return values | _support(rng, family)


def school_number(ledger: Ledger, grade: int) -> str:
    """Mã học sinh: the school, the year in which one of that grade came, the pupil's number."""
    since = ledger.year - (grade - 1 if grade < 6 else grade - 6 if grade < 13 else max(0, grade - 16))
    return f"{ledger.plan.code[-3:]}{since % 100:02d}{ledger.count:04d}"


def _common(rng: Random, ledger: Ledger, school_class: Record, grade: int, sex: str, born: date) -> dict[str, str]:
    """What does not depend on the family."""
    values = {
        "class_code": school_class["code"],
        "code": school_number(ledger, grade),
        "birth_date": day_text(born),
        "sex": sex,
        "two_sessions": "x" if school_class["shift"] == "Cả ngày" else "",
        "boarding": "x" if school_class["boarding"] and (grade >= 13 or rng.random() < 0.9) else "",
        "health_insurance": ledger.registry.insurance(rng, "TE174" if ledger.year - born.year < 6 else "HS474"),
    }
    is_new = grade in (1, 6) or grade >= 13
    if not is_new or rng.random() < 0.85:
        values["ministry_id"] = ledger.registry.ministry_id(rng)
    return values


def _family(rng: Random, ledger: Ledger, born: date) -> people.Family:
    """One child in eight has a brother or sister at the school, at least a year apart."""
    if ledger.families and rng.random() < 0.125:
        family = rng.choice(ledger.families)
        apart = min(abs((born - other).days) for other in family.births)
        mother = family.parents.get("mother")
        if apart > 330 and mother and 19 <= born.year - mother.birth_year <= 44:
            family.births.append(born)
            return family
    family = people.new_family(rng, ledger.registry, ward=ledger.plan.ward, child_year=born.year)
    family.births.append(born)
    ledger.families.append(family)
    return family


def _unused_name(rng: Random, ledger: Ledger, family: people.Family, sex: str, born: date) -> str:
    """No two pupils of a school share name and birth date: such a pair would be one person to the import."""
    while True:
        name = names.full_name(rng, family.name, sex, family.ethnicity, "child")
        if (name, born) not in ledger.seen:
            ledger.seen.add((name, born))
            return name


def _birth(rng: Random, ledger: Ledger, family: people.Family, sex: str, born: date) -> dict[str, str]:
    """Place of birth and of registration, personal number (3 % have none in the school's papers)."""
    province = family.province if rng.random() < 0.7 else places.PROVINCE
    if province == places.PROVINCE:
        ward = family.home["home_ward"] if family.province == province else f"Phường {ledger.plan.ward}"
        registration = f"{ward}, {places.CITY}, {province}"
    else:
        registration = f"{rng.choice(places.old_wards()[province])}, {province}"
    code = people.number_code(province, born)
    number = ledger.registry.personal_number(rng, code, sex, born.year) if rng.random() < 0.97 else ""
    return {"birth_place": province, "birth_registration": registration, "personal_number": number}


def _foreigner(rng: Random, ledger: Ledger, school_class: Record, grade: int, sex: str, born: date) -> Record:
    """A child of foreign experts: no ethnic group of Vietnam, no personal number."""
    country = rng.choice(list(names.FOREIGN))
    name = names.foreign_name(rng, country, sex)
    while (name, born) in ledger.seen:
        name = names.foreign_name(rng, country, sex)
    ledger.seen.add((name, born))
    father = people.Parent(
        names.foreign_name(rng, country, names.MALE), born.year - 34, "Kỹ sư", ledger.registry.phone(rng)
    )
    return record(
        "pupils",
        **_common(rng, ledger, school_class, grade, sex, born),
        full_name=name,
        ethnicity="Người nước ngoài",
        nationality=country,
        birth_place=country,
        status="Đang theo học",
        status_on=day_text(opening(ledger.year)),
        current_address=f"{places.street(rng)}, phường Hòa Phú, thành phố Thủ Dầu Một",
        phone=father.phone,
        **father.columns("father"),
    )


def _support(rng: Random, family: people.Family) -> dict[str, str]:
    """Disability and policies; a poor household and a disability are policies too (rule V08)."""
    disability = names.pick(rng, _DISABILITIES) if rng.random() < 0.008 else ""
    policies = [family.poverty] if family.poverty else []
    policies += ["Khuyết tật"] if disability else []
    other = rng.random()
    if other < 0.004:
        policies.append("Con thương binh, bệnh binh")
    elif other < 0.007:
        policies.append("Con hạ sĩ quan, binh sĩ")
    return {"disability": disability, "inclusion": "x" if disability else "", "policies": "; ".join(policies)}


def _status(rng: Random, ledger: Ledger, grade: int, *, is_repeating: bool) -> dict[str, str]:
    """Status, its date, kind of admission, reason or other school, as far as they have happened by the day.

    Empty for a pupil who will come (back) only after it.
    """
    level = level_of(grade)
    is_first = grade in (1, 6) or level == "MN"
    is_new = is_first and (level != "MN" or rng.random() < 0.4)
    entry = "Tuyển mới" if is_new or grade == min(ledger.plan.classes) else ""
    if is_repeating and rng.random() < 0.3:
        entry = "Lưu ban"
    staying = {"status": "Đang theo học", "status_on": day_text(opening(ledger.year)), "entry": entry}
    drop = 0.2 if level == "TH" else 0.9 if level == "THCS" else 0.0
    weights = [96.4, 0.7, 0.6, 0.5, 0.5, 0.3, drop / 3, drop / 3, drop / 3, 0.2 if level == "THCS" else 0]
    kind = rng.choices(range(10), weights)[0]
    happened = event(rng, ledger, level, kind)
    if not happened and kind in (1, 2, 3, 9):
        return {}
    return staying | happened


def event(rng: Random, ledger: Ledger, level: str, kind: int) -> dict[str, str]:
    """One event of the year; nothing for `kind` 0 or when it has not come yet."""
    arrivals = {1: ("Chuyển đến trong hè", "hè"), 2: ("Chuyển đến kỳ 1", "kỳ 1"), 3: ("Chuyển đến kỳ 2", "kỳ 2")}
    departures = {4: ("Chuyển đi kỳ 1", "kỳ 1"), 5: ("Chuyển đi trong hè", "hè")}
    drop_outs = {6: ("Thôi học kỳ 1", "kỳ 1"), 7: ("Thôi học kỳ 2", "kỳ 2"), 8: ("Thôi học trong hè", "hè")}
    returns = {9: ("Nghỉ học xin học lại kỳ 1", "kỳ 1")}
    status, span = (arrivals | departures | drop_outs | returns).get(kind, ("", "hè"))
    other = f"{ELSEWHERE[level]}, {rng.choice(TOWNS)}"
    reason = names.pick(rng, REASONS)
    on = event_day(rng, span, ledger.year, ledger.day)
    if not status or on is None:
        return {}
    values = {"status": status, "status_on": day_text(on)}
    if kind in arrivals:
        return values | {"entry": "Chuyển đến", "other_school": other}
    if kind in departures:
        return values | {"other_school": other}
    return values | ({"entry": "Học lại"} if kind in returns else {"leaving_reason": reason})
