"""Pure rules of the registry: status of pupils (V05, V06), ages, whole sentences for the person who mends."""

from datetime import date, timedelta

from khue.base.org.rules import Calendar

ACTIVE = frozenset({"1", "2", "5", "6", "7", "10"})
MOVED_IN = frozenset({"2", "6", "10"})
MOVED_AWAY = frozenset({"3", "8", "11"})
DROPPED_OUT = frozenset({"4", "9", "12"})
LEFT = MOVED_AWAY | DROPPED_OUT
RETURNED = frozenset({"5", "7"})
"""Codes of the list ``pupil_status`` (trạng thái học sinh, sector-database §3.1)."""

STAFF_WORKING = frozenset({"1", "2", "5"})
"""Codes of ``staff_status`` that mean "at work here": đang làm việc, chuyển đến, chờ nghỉ hưu."""

_TERM1, _TERM2, _SUMMER = ("2", "3", "4", "5"), ("6", "7", "8", "9"), ("10", "11", "12")


def effective_day(status: str, on: date | None, calendar: Calendar, *, latest: date | None = None) -> date:
    """The day from which a status counts (statistics §2): the year's first day for "đang theo học".

    As a correction of a later change (a departure entered by mistake) it counts from that change's day, ``latest``.
    """
    if status == "1" or on is None:
        return max(calendar.starts_on, latest or calendar.starts_on)
    return on


def term_fault(status: str, on: date | None, calendar: Calendar) -> str | None:
    """V05: the date lies in the term that the status names (kỳ 1, kỳ 2, hè)."""
    if on is None or status == "1":
        return None
    first, last = calendar.term1[0], calendar.term2[0] - timedelta(days=1)
    # moves of the summer before belong to the year that they prepare
    opening = date(calendar.year, 6, 1) if status in _SUMMER else calendar.starts_on
    if not opening <= on <= calendar.ends_on:
        return f"Ngày {on:%d/%m/%Y} không thuộc năm học {calendar.year}–{calendar.year + 1}. Sửa ngày."
    if status in _TERM1 and not first <= on <= last:
        return f"Trạng thái của kỳ 1 có ngày từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}. Sửa ngày hoặc trạng thái."
    if status in _TERM2 and not calendar.term2[0] <= on <= calendar.term2[1]:
        start, end = calendar.term2
        return f"Trạng thái của kỳ 2 có ngày từ {start:%d/%m/%Y} đến {end:%d/%m/%Y}. Sửa ngày hoặc trạng thái."
    if status in _SUMMER and first <= on <= calendar.term2[1]:
        end = calendar.term2[1]
        return f"Trạng thái trong hè có ngày trước {first:%d/%m/%Y} hoặc sau {end:%d/%m/%Y}. Sửa ngày."
    return None


def status_faults(
    *, former: str, status: str, on: date | None, reason: str, other_school: str, calendar: Calendar
) -> dict[str, str]:
    """V05 and V06 for a new status after ``former`` ("" for the first one): {field: sentence}."""
    faults = {}
    if status != "1" and on is None:
        faults["on"] = "Còn thiếu ngày. Ghi ngày quyết định có hiệu lực."
    elif fault := term_fault(status, on, calendar):
        faults["on"] = fault
    if status in MOVED_AWAY and not other_school:
        faults["other_school"] = "Chuyển đi phải có trường đến. Ghi tên trường nhận."
    if status in DROPPED_OUT and not reason:
        faults["reason"] = "Thôi học phải có lý do. Chọn một lý do trong danh mục."
    if former in DROPPED_OUT and status not in RETURNED:
        faults["status"] = "Sau thôi học chỉ có “xin học lại”. Chọn trạng thái xin học lại."
    return faults


def school_age(birth_year: int | None, year: int) -> int | None:
    """Age for schooling: the school year's first year less the year of birth (statistics §2)."""
    return None if birth_year is None else year - birth_year


def age_warning(*, grade: int, birth_year: int | None, year: int) -> str | None:
    """V03: the age for grades 1 to 9 is grade + 5, one year early, up to three years late."""
    age = school_age(birth_year, year)
    if age is None or not 1 <= grade <= 9:
        return None
    late = age - grade - 5
    if late > 3:
        return f"{age} tuổi học lớp {grade}, hơn tuổi chuẩn {late} năm. Ghi lý do quá tuổi."
    if late < -1:
        return f"{age} tuổi học lớp {grade}, sớm hơn tuổi chuẩn {-late} năm. Xem lại ngày sinh hoặc lớp."
    return None


def disability_faults(*, disability: str, inclusion: bool, policies: list[str], poverty: str) -> dict[str, str]:
    """V08: inclusive schooling needs a kind of disability; the policy "hộ nghèo" agrees with the household's flag."""
    faults = {}
    if inclusion and not disability:
        faults["disability"] = "Học hòa nhập phải có loại khuyết tật. Chọn loại, hoặc bỏ dấu học hòa nhập."
    for code, name in (("ho_ngheo", "hộ nghèo"), ("ho_can_ngheo", "hộ cận nghèo")):
        if code in policies and poverty != code.removeprefix("ho_"):
            faults["poverty"] = f"Diện chính sách có {name}. Chọn {name} ở ô này, hoặc bỏ diện ấy."
    return faults
