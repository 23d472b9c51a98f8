"""Classes of a school: names, regime, homeroom teachers."""

from random import Random

from .fields import Record, record
from .plan import GRADE_NAMES, NORMS, SchoolPlan, level_of
from .staff import TEACHER

_NURSERY = {13: "Nụ", 14: "Búp", 15: "Nhà trẻ", 16: "Mầm", 17: "Chồi", 18: "Lá"}
_SHORT = {13: "NU", 14: "BUP", 15: "NT", 16: "MAM", 17: "CHOI", 18: "LA"}
_LETTERS = "ABCDEGHIKLMNPQ"


def class_places(plan: SchoolPlan) -> list[tuple[int, str, str]]:
    """(grade, class code, campus) of every class, by grade; the main campus is blank."""
    found = []
    for grade, count in plan.classes.items():
        campuses = [""] * count + [name for name, grades in plan.satellites if grade in grades]
        found += [(grade, _code(grade, index), campus) for index, campus in enumerate(campuses)]
    return found


def _code(grade: int, index: int) -> str:
    level = level_of(grade)
    if level == "MN":
        return f"{_SHORT[grade]}{index + 1}"
    return f"{grade}{_LETTERS[index]}" if level == "TH" else f"{grade}A{index + 1}"


def _name(grade: int, code: str) -> str:
    if grade < 13:
        return f"Lớp {code}"
    return f"{_NURSERY[grade]} {code.removeprefix(_SHORT[grade])}"


def generate(rng: Random, plan: SchoolPlan, staff: list[Record], *, year: int) -> list[Record]:
    """Class records; each has a homeroom teacher of its own, of the level where the school has several."""
    free = [member for member in staff if member["group"] == TEACHER and member["status"] == "Đang làm việc"]
    found = []
    for grade, code, campus in class_places(plan):
        teacher = _homeroom(free, grade)
        free.remove(teacher)
        found.append(_class(rng, plan, grade, code, campus, teacher["code"], year))
    return found


def _homeroom(free: list[Record], grade: int) -> Record:
    wanted = {"MN": "Chăm sóc, giáo dục trẻ", "TH": "Dạy nhiều môn tiểu học"}.get(level_of(grade))
    fitting = [member for member in free if wanted in (None, member["subject"])]
    ordinary = [member for member in fitting if "phụ trách" not in member["job"]]
    return (ordinary or fitting or free)[0]


def _class(rng: Random, plan: SchoolPlan, grade: int, code: str, campus: str, teacher: str, year: int) -> Record:
    values = {
        "school_code": plan.code,
        "school_year": f"{year}-{year + 1}",
        "grade": GRADE_NAMES.get(grade, str(grade)),
        "code": code,
        "name": _name(grade, code),
        "campus": campus,
        "homeroom": teacher,
    }
    return record("classes", **values, **_regime(rng, grade, campus, code))


def _regime(rng: Random, grade: int, campus: str, code: str) -> dict[str, str]:
    level = level_of(grade)
    if level == "MN":
        return {"shift": "Cả ngày", "sessions_per_week": "10", "boarding": "x"}
    if level == "THCS":
        shift = "Sáng" if grade in (6, 9) else "Chiều"
        return {"shift": shift, "sessions_per_week": "6", "language1": "Tiếng Anh"}
    values = {"shift": "Cả ngày", "sessions_per_week": rng.choice(("9", "9", "10"))}
    if grade >= 3 or rng.random() < 0.7:
        values["language1"] = "Tiếng Anh"
    if campus and grade >= 4:
        other = f"{9 - grade}"
        values |= {"combined": "x", "note": f"Lớp ghép với lớp khối {other} cùng điểm trường"}
    elif not campus and code[-1] in "AB":
        values["boarding"] = "x"
    return values


def target_size(rng: Random, plan: SchoolPlan, grade: int, school_class: Record) -> int:
    """Pupils of a class: about the plan's share of the norm, never above it; combined classes are small."""
    norm = NORMS[grade]
    share = 0.3 if school_class["combined"] else plan.fill - (0.2 if school_class["campus"] else 0)
    return max(3, min(norm, round(rng.gauss(norm * share, norm * 0.04))))


def mark_inclusion(classes: list[Record], pupils: list[Record]) -> None:
    """A class with a disabled pupil is one of inclusive education (lớp hòa nhập)."""
    codes = {pupil["class_code"] for pupil in pupils if pupil["inclusion"]}
    for school_class in classes:
        school_class["inclusion"] = "Hòa nhập" if school_class["code"] in codes else ""
