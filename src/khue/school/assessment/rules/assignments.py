"""When a teacher may be given a subject: dates of the year, days at the school, no two spells at once. Sentences for
the person who mends it."""

from dataclasses import dataclass
from datetime import date, timedelta

from khue.base.org.rules import Calendar


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from ``since``; ``until`` is the first day without."""

    since: date
    until: date | None = None

    def meets(self, other: "Spell") -> bool:
        return (self.until is None or other.since < self.until) and (other.until is None or self.since < other.until)

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Worker:
    """What counts of a position (vị trí công tác): who it is and from when to when they work here."""

    name: str
    teaches: bool
    working: bool
    joined_on: date | None
    left_on: date | None


def last_day(until: date) -> date:
    """People name the last day, rows the first day without."""
    return until - timedelta(days=1)


def spell_faults(spell: Spell, *, calendar: Calendar, substitute: bool) -> dict[str, str]:
    """{field: sentence} of what is wrong with the dates alone."""
    first, end = calendar.starts_on, calendar.ends_on
    if not first <= spell.since <= end:
        return {"since": f"Ngày bắt đầu phải trong năm học, từ {first:%d/%m/%Y} đến {end:%d/%m/%Y}. Sửa ngày."}
    if spell.until is None:
        return {"until": "Dạy thay thì ghi ngày cuối: dạy thay đến hết ngày nào."} if substitute else {}
    if spell.until <= spell.since:
        return {"until": f"Ngày cuối phải từ ngày bắt đầu {spell.since:%d/%m/%Y} trở đi. Sửa một trong hai ngày."}
    if last_day(spell.until) > end:
        return {"until": f"Ngày cuối phải trong năm học, chậm nhất {end:%d/%m/%Y}. Sửa ngày, hoặc để trống."}
    return {}


def worker_faults(worker: Worker, spell: Spell) -> dict[str, str]:
    """{field: sentence} when the person does not work here as a teacher on all days of the spell."""
    name, joined, left = worker.name, worker.joined_on, worker.left_on
    if not worker.teaches:
        return {"teacher": f"{name} là nhân viên. Chọn giáo viên, hoặc sửa nhóm ở hồ sơ cán bộ."}
    if left is None and not worker.working:
        return {"teacher": f"{name} hiện không làm việc ở trường. Chọn người khác, hoặc sửa trạng thái ở hồ sơ cán bộ."}
    if joined and spell.since < joined:
        return {
            "since": f"{name} về trường ngày {joined:%d/%m/%Y}. Ghi ngày bắt đầu từ ngày ấy,"
            " hoặc sửa ngày về trường ở hồ sơ cán bộ."
        }
    if left and spell.since >= left:
        return {"teacher": f"{name} đã rời trường ngày {left:%d/%m/%Y}. Chọn người khác."}
    if left and (spell.until is None or spell.until > left):
        return {"until": f"{name} rời trường ngày {left:%d/%m/%Y}. Ghi ngày cuối trước ngày ấy."}
    return {}


def twice(worker: str, where: str, spell: Spell) -> str:
    """The same teacher twice in the same book."""
    end = f" đến {last_day(spell.until):%d/%m/%Y}" if spell.until else ""
    return (
        f"{worker} đã dạy {where} từ {spell.since:%d/%m/%Y}{end}."
        " Bỏ chọn lớp này, hoặc kết thúc phân công cũ trước ngày bắt đầu mới."
    )


def end_fault(where: str, spell: Spell, until: date, calendar: Calendar) -> str:
    """Why teaching cannot end with the day before ``until``; "" when it can."""
    if until <= spell.since:
        return (
            f"{where}: phân công bắt đầu ngày {spell.since:%d/%m/%Y}, ngày cuối không thể trước ngày ấy."
            " Sửa ngày; phân công ghi nhầm thì bấm Bỏ."
        )
    if last_day(until) > calendar.ends_on:
        return f"Ngày cuối phải trong năm học, chậm nhất {calendar.ends_on:%d/%m/%Y}. Sửa ngày."
    return f"{where}: phân công đã hết từ {spell.until:%d/%m/%Y}." if spell.until and spell.until < until else ""
