"""Wrong data on purpose: each is storable, and each is found by a check (`sector-database.md` §6, warnings).

Errors that the import refuses (a personal number against the sex, two pupils with one number) have no place here: they
would keep the demonstration out of its own database.
"""

from random import Random

from .city import Fault, SchoolData
from .fields import Record
from .plan import NORMS


def put_faults(rng: Random, *, kindergarten: SchoolData, primary: SchoolData, secondary: SchoolData) -> list[Fault]:
    """Spoil a few records of a school of each level; returns what was done."""
    return [
        *_over_age(rng, primary, 6, "4", count=2),
        _wrong_group(rng, kindergarten),
        _crowded(primary),
        _without_homeroom(secondary),
        _two_homerooms(primary),
        _teacher_without_subject(secondary),
        _guard_with_subject(primary),
        _short_ministry_id(rng, secondary),
        _foreign_number(rng, secondary),
    ]


def _fault(rule: str, kind: str, school: SchoolData, record: Record, field: str, what: str) -> Fault:
    return Fault(rule, kind, school.code, record["code"], field, what)


def _some(rng: Random, records: list[Record], needs: str) -> Record:
    return rng.choice([r for r in records if r[needs] and r.get("nationality", "Việt Nam") == "Việt Nam"])


def _born(pupil: Record, year: int) -> None:
    """Another year of birth, in the personal number too: only the age is wrong then."""
    day = pupil["birth_date"][:6] if pupil["birth_date"][:5] != "29/02" else "28/02/"
    pupil["birth_date"] = f"{day}{year}"
    number = pupil["personal_number"]
    if number:
        century = int(number[3]) % 2 + (year - 1900) // 100 * 2
        pupil["personal_number"] = f"{number[:3]}{century}{year % 100:02d}{number[6:]}"


def _over_age(rng: Random, school: SchoolData, years: int, grade: str, *, count: int) -> list[Fault]:
    codes = {c["code"] for c in school.classes if c["grade"] == grade}
    pupils = [p for p in school.pupils if p["class_code"] in codes and p["nationality"] == "Việt Nam"]
    found = rng.sample(pupils, count)
    for pupil in found:
        _born(pupil, int(pupil["birth_date"][-4:]) - years)
    return [_fault("V03", "pupils", school, p, "birth_date", f"hơn tuổi của khối {grade} {years} tuổi") for p in found]


def _wrong_group(rng: Random, school: SchoolData) -> Fault:
    """A child of five in the group of three years old."""
    codes = {c["code"] for c in school.classes if c["grade"] == "3-4 tuổi"}
    pupil = _some(rng, [p for p in school.pupils if p["class_code"] in codes], "personal_number")
    _born(pupil, int(pupil["birth_date"][-4:]) - 2)
    return _fault("V04", "pupils", school, pupil, "birth_date", "trẻ 5 tuổi ở nhóm 3-4 tuổi")


def _crowded(school: SchoolData) -> Fault:
    """Pupils of the next class move over until the class is three above the norm."""
    full, other = school.classes[0], school.classes[1]
    limit = NORMS[int(full["grade"])]
    here = [p for p in school.pupils if p["class_code"] == full["code"] and _attends(p)]
    movers = [p for p in school.pupils if p["class_code"] == other["code"] and _attends(p)]
    for pupil in movers[: limit + 3 - len(here)]:
        pupil["class_code"] = full["code"]
    return _fault("V09", "classes", school, full, "code", f"lớp {limit + 3} học sinh, quá {limit}")


def _attends(pupil: Record) -> bool:
    return pupil["status"].startswith(("Đang", "Chuyển đến", "Nghỉ học xin"))


def _without_homeroom(school: SchoolData) -> Fault:
    school_class = school.classes[-1]
    school_class["homeroom"] = ""
    return _fault("V10", "classes", school, school_class, "homeroom", "lớp chưa có giáo viên chủ nhiệm")


def _two_homerooms(school: SchoolData) -> Fault:
    first, second = school.classes[2], school.classes[3]
    second["homeroom"] = first["homeroom"]
    return _fault("V10", "classes", school, second, "homeroom", "một giáo viên chủ nhiệm hai lớp")


def _teacher_without_subject(school: SchoolData) -> Fault:
    teacher = next(m for m in reversed(school.staff) if m["job"] == "Giáo viên")
    teacher["subject"] = ""
    return _fault("V11", "staff", school, teacher, "subject", "giáo viên chưa có môn dạy")


def _guard_with_subject(school: SchoolData) -> Fault:
    guard = next(m for m in school.staff if m["job"] == "Nhân viên bảo vệ")
    guard["subject"] = "Tin học"
    return _fault("V11", "staff", school, guard, "subject", "nhân viên bảo vệ có môn dạy")


def _short_ministry_id(rng: Random, school: SchoolData) -> Fault:
    pupil = _some(rng, [p for p in school.pupils if p["ministry_id"].startswith("0")], "ministry_id")
    pupil["ministry_id"] = pupil["ministry_id"][1:]
    return _fault("ministry_id", "pupils", school, pupil, "ministry_id", "mã định danh Bộ còn 9 chữ số, mất số 0 đầu")


def _foreign_number(rng: Random, school: SchoolData) -> Fault:
    pupil = _some(rng, school.pupils, "personal_number")
    pupil["personal_number"] = f"300{pupil['personal_number'][3:]}"
    return _fault("personal_number", "pupils", school, pupil, "personal_number", "mã tỉnh 300 không có trong danh mục")
