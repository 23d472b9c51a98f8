"""Pure rules of a row that comes from a file; what holds for every record stands in ``registry/rules.py``.

Each check answers (level, rule, field, message) in plain Vietnamese; it knows no database and no clock.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from khue.base.org.rules import GRADE_LEVELS, Calendar
from khue.base.sheets.findings import Level
from khue.school.checks.rules.pupils import MONTHS, SPREAD, months_on_30_september
from khue.school.registry.rules import age_warning, disability_faults, school_age, status_faults

Remark = tuple[Level, str, str, str]
"""level (error, warning), rule number, field, message."""

OLDEST = 25
TEACHER, EMPLOYEE = "2", "3"
STATUS_FIELDS = {"on": "status_on", "reason": "leaving_reason"}


def months_on(birth: date, day: date) -> int:
    """Whole months of age on a day: born 14/03/2022, on 30/09/2026 → 54."""
    return (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


def class_sort_key(code: str) -> str:
    """Classes in natural order: 6A2 before 6A10."""
    return re.sub(r"\d+", lambda m: m.group().zfill(4), code.casefold())


def grade_of_class_name(name: str) -> int | None:
    """The number that a class name begins with, as a suggestion only: "6A1" → 6, "Lớp 3B" → 3, "Lá 2" → None."""
    match = re.match(r"(?i)\s*(?:l[ớo]p\s*)?(\d{1,2})(?!\d)", name)
    grade = int(match.group(1)) if match else None
    return grade if grade in GRADE_LEVELS and grade < 10 else None


def grade_of_birth(birth: date | None, birth_year: int, year: int, levels: set[str]) -> int | None:
    """The grade or age group that a child of this birth usually attends, within the school's levels."""
    age = year - birth_year
    grade = age - 5
    if 1 <= grade <= 9 and (not levels or GRADE_LEVELS[grade] in levels):
        return grade
    if levels and "MN" not in levels:
        return None
    if 3 <= age <= 5:
        return age + 13
    if birth is None:
        return None
    months = months_on_30_september(birth, year)
    return next((g for g, (low, high) in MONTHS.items() if g <= 15 and low <= months <= high), None)


def check_age(grade: int | None, values: Mapping[str, Any], year: int) -> Iterator[Remark]:
    """V03 (age for grade), V04 (months on 30/9 inside the group ± 3), and ages that no pupil has."""
    birth, birth_year = values.get("birth_date"), values.get("birth_year")
    age = school_age(birth_year, year)
    if age is None:
        return
    if not 0 <= age <= OLDEST:
        yield (
            "error",
            "birth_date",
            "birth_date",
            f"Sinh năm {birth_year} thì năm học này {age} tuổi, không thể là học sinh. Sửa ngày sinh.",
        )
    elif grade is not None and grade < 10:
        words = None if values.get("over_age_reason") else age_warning(grade=grade, birth_year=birth_year, year=year)
        if words:
            yield "warning", "V03", "birth_date", words
    elif grade is not None and birth is not None:
        low, high = MONTHS[grade]
        months = months_on_30_september(birth, year)
        if not low - SPREAD <= months <= high + SPREAD:
            yield (
                "warning",
                "V04",
                "birth_date",
                f"Ngày 30/9 được {months} tháng, nhóm này nhận từ {low} đến {high} tháng. Xem lại ngày sinh hoặc nhóm.",
            )


def check_status(values: Mapping[str, Any], former: str, calendar: Calendar) -> Iterator[Remark]:
    """V05 (the date lies in the term that the status names) and V06 (destination, reason, what may follow)."""
    faults = status_faults(
        former=former, status=values.get("status") or "1", on=values.get("status_on"), calendar=calendar,
        reason=values.get("leaving_reason") or "", other_school=values.get("other_school") or "",
    )  # fmt: skip
    for name, words in faults.items():
        yield "error", "V05" if name == "on" else "V06", STATUS_FIELDS.get(name, name), words


def check_support(values: Mapping[str, Any], columns: frozenset[str]) -> Iterator[Remark]:
    """V08: hòa nhập only with a disability kind; policy "hộ nghèo" ⇔ the household's flag, where both are kept."""
    policies = values.get("policies") or []
    faults = disability_faults(
        disability=values.get("disability") or "", inclusion=bool(values.get("inclusion")),
        policies=policies, poverty=values.get("poverty") or "",
    )  # fmt: skip
    for name, words in faults.items():
        yield "error", "V08", name, words
    if values.get("poverty") == "ngheo" and "ho_ngheo" not in policies and "policies" in columns and not faults:
        yield "error", "V08", "policies", "Cột hộ nghèo có đánh dấu nhưng diện chính sách thì không. Sửa một trong hai."


def check_pupil_row(
    values: Mapping[str, Any], given: set[str], grade: int | None, former: str, calendar: Calendar,
    columns: frozenset[str],
) -> Iterator[Remark]:  # fmt: skip
    """V03-V06, V08 of one row: ``values`` stored and given together, ``given`` the fields that the row fills,
    ``former`` the status before this row ("" for a new pupil or an unchanged status)."""
    yield from check_age(grade, values, calendar.year)
    if given & {"status", "status_on", "leaving_reason", "other_school"}:
        yield from check_status(values, former, calendar)
    if given & {"inclusion", "disability", "policies", "poverty"}:
        yield from check_support(values, columns)


def check_staff_row(values: Mapping[str, Any]) -> Iterator[Remark]:
    """V11 (a teacher has a subject, an employee has none) and ages that cannot be."""
    if values.get("group") == TEACHER and not values.get("subject"):
        yield "warning", "V11", "subject", "Giáo viên chưa ghi môn dạy. Bổ sung môn."
    if values.get("group") == EMPLOYEE and values.get("subject"):
        yield "warning", "V11", "subject", "Nhân viên không dạy môn nào. Bỏ môn dạy, hoặc sửa nhóm."
    born, hired = values.get("birth_date"), values.get("recruited_on")
    if isinstance(born, date) and isinstance(hired, date) and months_on(born, hired) < 15 * 12:
        yield (
            "error",
            "dates",
            "recruited_on",
            "Ngày tuyển dụng trước khi đủ 15 tuổi. Sửa ngày sinh hoặc ngày tuyển dụng.",
        )
