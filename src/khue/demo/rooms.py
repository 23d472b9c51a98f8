"""Rooms of a school: classrooms for its classes, subject rooms, offices and service rooms with areas in m²."""

from random import Random

from .fields import Record, record
from .plan import SchoolPlan

_COMMON = {"Phòng hiệu trưởng": 24, "Văn phòng": 30, "Phòng y tế": 24, "Phòng bảo vệ": 10, "Nhà kho": 40}
_BY_LEVEL = {
    "MN": {"Nhà bếp": 70, "Phòng giáo dục thể chất, nghệ thuật": 60, "Nhà vệ sinh trẻ em": 24, "Phòng giáo viên": 30},
    "TH": {
        "Phòng học bộ môn Tin học": 56,
        "Phòng học bộ môn Ngoại ngữ": 56,
        "Phòng học bộ môn Âm nhạc": 60,
        "Phòng học bộ môn Mĩ thuật": 60,
        "Thư viện": 90,
        "Phòng thiết bị giáo dục": 48,
        "Phòng Đoàn, Đội": 32,
        "Phòng tư vấn học đường, hỗ trợ khuyết tật": 24,
        "Nhà ăn": 180,
        "Nhà bếp": 80,
        "Nhà đa năng": 360,
        "Nhà vệ sinh học sinh nam": 32,
        "Nhà vệ sinh học sinh nữ": 32,
        "Nhà vệ sinh giáo viên, nhân viên": 16,
        "Phòng giáo viên": 40,
    },
    "THCS": {
        "Phòng học bộ môn Tin học": 85,
        "Phòng học bộ môn Ngoại ngữ": 60,
        "Phòng học bộ môn Khoa học tự nhiên": 85,
        "Phòng học bộ môn Công nghệ": 85,
        "Phòng học bộ môn Âm nhạc": 60,
        "Thư viện": 110,
        "Phòng thiết bị giáo dục": 54,
        "Phòng Đoàn, Đội": 36,
        "Phòng tư vấn học đường, hỗ trợ khuyết tật": 24,
        "Nhà đa năng": 450,
        "Nhà vệ sinh học sinh nam": 40,
        "Nhà vệ sinh học sinh nữ": 40,
        "Nhà vệ sinh giáo viên, nhân viên": 18,
        "Phòng giáo viên": 48,
    },
}
_CLASSROOM = {
    "MN": ("Phòng nuôi dưỡng, chăm sóc, giáo dục trẻ", 60),
    "TH": ("Phòng học", 50),
    "THCS": ("Phòng học", 54),
}


def generate(rng: Random, plan: SchoolPlan, classes: list[Record], *, year: int) -> list[Record]:
    """Room records; two half-day classes of lower secondary share a classroom."""
    found: list[Record] = []
    built = rng.randint(year - 28, year - 3)
    for campus in plan.campuses:
        here = [c for c in classes if (c["campus"] or plan.campuses[0]) == campus]
        kinds = _classrooms(plan, here)
        if campus == plan.campuses[0]:
            kinds += _others(plan)
        prefix = "P" if campus == plan.campuses[0] else "L"
        for index, (kind, area) in enumerate(kinds):
            code = f"{prefix}{index // 12 + 1}{index % 12 + 1:02d}"
            found.append(_room(rng, code, campus, kind, area, built, year, is_main=prefix == "P"))
    return found


def _classrooms(plan: SchoolPlan, classes: list[Record]) -> list[tuple[str, int]]:
    level = plan.levels[-1]
    all_day = sum(c["shift"] == "Cả ngày" for c in classes)
    count = all_day + (len(classes) - all_day + 1) // 2
    return [_CLASSROOM[level]] * count


def _others(plan: SchoolPlan) -> list[tuple[str, int]]:
    if plan.is_group:
        return [("Nhà bếp", 18), ("Nhà vệ sinh trẻ em", 10), ("Văn phòng", 12)]
    rooms = dict(_COMMON)
    for level in plan.levels:
        rooms |= _BY_LEVEL[level]
    return list(rooms.items())


def _room(rng: Random, code: str, campus: str, kind: str, area: int, built: int, year: int, *, is_main: bool) -> Record:
    structure = "Kiên cố" if is_main and rng.random() < 0.95 else "Bán kiên cố"
    repaired = rng.randint(built + 2, year) if year - built > 10 and rng.random() < 0.6 else 0
    last = repaired or built
    condition = "Tốt" if year - last < 10 else rng.choice(("Khá", "Khá", "Khá", "Khá", "Cần sửa chữa"))
    return record(
        "rooms",
        code=code,
        campus=campus,
        kind=kind,
        structure=structure,
        area=str(area + rng.choice((-2, 0, 0, 0, 2, 4))),
        built_year=str(built),
        repaired_year=str(repaired or ""),
        condition=condition,
    )
