"""The year before: the same people one grade lower, without those who came since, with those who have left since.

Who finished the last grade is, where they live on in the city, the newcomer of a school of the next level: a person
exists once. So last year's figures and this year's agree pupil by pupil (statistics.md, C06).
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from random import Random

from . import classes, names, pupils
from .calendar import as_date, day_text, event_day, opening
from .city import SchoolData
from .fields import Record
from .plan import NORMS, SchoolPlan, level_of
from .pupils import Ledger

STAYING = "Đang theo học"
_CAME_SINCE = {"Tuyển mới", "Chuyển đến"}
_NEXT = {"MN": "Trường Tiểu học Cánh Buồm", "TH": "Trường THCS Trường Sa Xanh", "THCS": "Trường THPT Bình Nguyên Xanh"}
_DURING = (("Chuyển đi kỳ 1", "kỳ 1"), ("Chuyển đi kỳ 2", "kỳ 2"), ("Thôi học kỳ 1", "kỳ 1"), ("Thôi học kỳ 2", "kỳ 2"))
_AFTER = ("Chuyển đi trong hè", "hè sau")
_DROPPED = ("Thôi học trong hè", "hè sau")
_SHARE_LEFT = 0.012
"""Of a class the share that left in the course of the year, kindergartens apart: there children come and go."""


@dataclass
class _Seats:
    """A class of the year before with its pupils."""

    school_class: Record
    grade: int
    pupils: list[Record] = field(default_factory=list)

    @property
    def room(self) -> int:
        return NORMS[self.grade] - len(self.pupils)


def generate(seed: int, now: SchoolData, ledger: Ledger, going_on: list[tuple[Record, str]]) -> SchoolData:
    """The school in the year before `now`; `going_on`: its last grade as pupils of the next level's schools."""
    plan = plan_before(ledger.plan)
    # a ledger of its own: making this year's school again must give the same
    registry = replace(ledger.registry, taken=set(ledger.registry.taken))
    old = Ledger(registry, plan, ledger.year - 1, ledger.day, seen=set(ledger.seen), count=ledger.count)
    rng = Random(f"{seed}/{old.year}/{plan.code}")
    found = classes.generate(rng, plan, _longest_here(now.staff, old.year), year=old.year)
    seats = [
        _Seats(one, grade) for one, (grade, _, _) in zip(found, classes.class_places(plan), strict=True)
    ]  # fmt: skip
    _seat_the_same(f"{seed}/{old.year}/{plan.code}", now, ledger.plan, old, seats)
    last = max(plan.classes)
    _seat_who_went_on(rng, old, [one for one in seats if one.grade == last], going_on)
    for one in seats:
        _seat_who_left(rng, old, one, is_last=one.grade == last)
    records = [pupil for one in seats for pupil in sorted(one.pupils, key=lambda p: p["code"])]
    classes.mark_inclusion(found, records)
    return replace(now, classes=found, pupils=records)


def plan_before(plan: SchoolPlan) -> SchoolPlan:
    """Each grade has the classes that its pupils make up a grade higher now; the last grade has today's number."""
    last = max(plan.classes)

    def outside(grade: int) -> int:
        return sum(grade in grades for _, grades in plan.satellites)

    counts = {
        grade: count if grade == last else plan.classes[grade + 1] + outside(grade + 1) - outside(grade)
        for grade, count in plan.classes.items()
    }
    return replace(plan, classes=counts)


def newcomers(school: SchoolData) -> list[Record]:
    """Pupils whom a school took into its first grade from another level, as far as a number tells who they are."""
    return [
        pupil for pupil in school.pupils
        if pupil["entry"] == "Tuyển mới" and pupil["status"] == STAYING and pupil["personal_number"]
    ]  # fmt: skip


def _longest_here(members: list[Record], year: int) -> list[Record]:
    """Who worked here when that year began stands first: they are taken as homeroom teachers."""
    return sorted(members, key=lambda member: as_date(member["joined_on"]) > opening(year))


def _seat_the_same(seed: str, now: SchoolData, plan: SchoolPlan, ledger: Ledger, seats: list[_Seats]) -> None:
    """Everybody who was here already: class 3B was 2B; who repeats was in the same grade."""
    by_grade: dict[int, list[_Seats]] = defaultdict(list)
    for one in seats:
        by_grade[one.grade].append(one)
    number: dict[int, int] = defaultdict(int)
    grades, former = {}, {}
    for grade, code, _ in classes.class_places(plan):
        grades[code] = grade
        if grade - 1 in by_grade:
            former[code] = by_grade[grade - 1][number[grade]]
        number[grade] += 1
    repeating = [pupil for pupil in now.pupils if pupil["entry"] == "Lưu ban"]
    for pupil in now.pupils:
        seat = former.get(pupil["class_code"])
        if seat and pupil["entry"] not in {*_CAME_SINCE, "Lưu ban"}:
            seat.pupils.append(_a_year_ago(Random(f"{seed}/{pupil['code']}"), ledger, pupil, seat))
    for pupil in repeating:
        seat = max(by_grade[grades[pupil["class_code"]]], key=lambda one: one.room)
        seat.pupils.append(_a_year_ago(Random(f"{seed}/{pupil['code']}"), ledger, pupil, seat))


def _a_year_ago(rng: Random, ledger: Ledger, pupil: Record, seat: _Seats) -> Record:
    """The same person; what happened to them that year."""
    level = level_of(seat.grade)
    is_first = seat.grade in (1, 6) or (level == "MN" and rng.random() < 0.4)
    values = _in_class(rng, pupil, seat) | {
        "status": STAYING, "status_on": day_text(opening(ledger.year)), "leaving_reason": "", "other_school": "",
        "entry": "Tuyển mới" if is_first else "",
    }  # fmt: skip
    if pupil["entry"] == "Học lại":
        return values | _departure(rng, ledger, level, _DROPPED)
    if rng.random() < 0.012:
        return values | pupils.event(rng, ledger, level, rng.choice((1, 2, 3)))
    return values


def _in_class(rng: Random, pupil: Record, seat: _Seats) -> Record:
    one = seat.school_class
    stays = bool(one["boarding"]) and (bool(pupil["boarding"]) or rng.random() < 0.9)
    return pupil | {
        "class_code": one["code"],
        "two_sessions": "x" if one["shift"] == "Cả ngày" else "",
        "boarding": "x" if stays else "",
    }


def _departure(
    rng: Random, ledger: Ledger, level: str, kind: tuple[str, str], other_school: str = ""
) -> dict[str, str]:
    """Status, day, and where to or why; still here if the day has not come."""
    status, span = kind
    on = event_day(rng, span, ledger.year, ledger.day)
    other = other_school or f"{pupils.ELSEWHERE[level]}, {rng.choice(pupils.TOWNS)}"
    reason = names.pick(rng, pupils.REASONS)
    if on is None:
        return {"status": STAYING, "status_on": day_text(opening(ledger.year))}
    leaving = {"leaving_reason": reason} if status.startswith("Thôi học") else {"other_school": other}
    return {"status": status, "status_on": day_text(on), **leaving}


def _seat_who_went_on(rng: Random, ledger: Ledger, seats: list[_Seats], going_on: list[tuple[Record, str]]) -> None:
    """The last grade filled with who is at a school of the next level now, class by class in turn."""
    wanted = [classes.target_size(rng, ledger.plan, one.grade, one.school_class) for one in seats]
    for pupil, school in going_on:
        free = [n for n, one in enumerate(seats) if len(one.pupils) < wanted[n]]
        key = (pupil["full_name"], as_date(pupil["birth_date"]))
        if not free or key in ledger.seen or not _has_age(pupil, seats[free[0]].grade, ledger.year):
            continue
        ledger.seen.add(key)
        ledger.count += 1
        seat = seats[min(free, key=lambda n: len(seats[n].pupils) - wanted[n])]
        leaving = _departure(rng, ledger, level_of(seat.grade), _AFTER, school)
        code = pupils.school_number(ledger, seat.grade)
        seat.pupils.append(_in_class(rng, pupil, seat) | {"code": code, "entry": "", **leaving})


def _has_age(pupil: Record, grade: int, year: int) -> bool:
    """A child late for the first grade was not in the oldest group in the year before (rule V04)."""
    born = as_date(pupil["birth_date"])
    return level_of(grade) != "MN" or (born.year == year - (grade - 13) and born.month < 12)


def _seat_who_left(rng: Random, ledger: Ledger, seat: _Seats, *, is_last: bool) -> None:
    """Who is at no school of the city any more: moved away, dropped out, or finished the last grade."""
    level = level_of(seat.grade)
    size = classes.target_size(rng, ledger.plan, seat.grade, seat.school_class)
    if is_last or level == "MN":
        missing = size - len(seat.pupils)
    else:
        missing = min(seat.room, sum(rng.random() < _SHARE_LEFT for _ in seat.pupils))
    for _ in range(missing):
        kind = _kind_of_leaving(rng, level, finished=is_last or level == "MN")
        other = f"{_NEXT[level]}, {rng.choice(pupils.TOWNS)}" if is_last and kind == _AFTER else ""
        leaving = _departure(rng, ledger, level, kind, other)
        seat.pupils.append(pupils.leaver(rng, ledger, seat.school_class, seat.grade, leaving))


def _kind_of_leaving(rng: Random, level: str, *, finished: bool) -> tuple[str, str]:
    if finished and rng.random() < 0.93:
        return _DROPPED if level == "THCS" and rng.random() < 0.02 else _AFTER
    return rng.choices(_DURING, [3, 3, 0, 0] if level == "MN" else [3, 3, 1, 1])[0]
