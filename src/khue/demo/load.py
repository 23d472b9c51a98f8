"""The demonstration city into the database, through the same engine as everybody's lists, and its sign-ins."""

from collections.abc import Callable
from datetime import date
from typing import Any

from khue.base.accounts.models import User
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.org.rules import usual_calendar
from khue.base.org.selectors import schools_below
from khue.base.org.services import office_chain, save_school_year, set_current_year
from khue.school.intake.direct import write_records
from khue.school.registry.models import Position, SchoolClass, UserLink

from .city import City

PASSWORD = "khue-trinh-dien"  # noqa: S105  # told on the sign-in page of the demonstration, valid nowhere else
OFFICE_PEOPLE = (
    ("truongphong", "head", "Lê Hữu Phước", "thầy", "Trưởng phòng"),
    ("chuyenvien", "specialist", "Trần Kim Oanh", "cô", "Chuyên viên"),
    ("quantri", "office_admin", "Nguyễn Quốc Thịnh", "thầy", "Quản trị của phòng"),
)
ACTOR: dict[str, Any] = {"actor": "Bản trình diễn", "action": "tạo bản trình diễn"}


def load(city: City, *, tell: Callable[[str], None]) -> list[tuple[str, str, str]]:
    """Write a city into an empty installation; returns the sign-ins as (user name, name, role)."""
    office = _office(city)
    with open_scope([], all_schools=True, **ACTOR):
        schools = [dict(school.school) for school in city.schools]
        write_records(kind="schools", unit=office, school=None, year=city.year, today=city.day, records=schools)
    by_code = {school.code: school for school in schools_below(office)}
    written = 0
    for n, one in enumerate(city.schools, start=1):
        school = by_code[one.code]
        with open_scope([school.pk], **ACTOR):
            for kind in ("staff", "classes", "pupils", "rooms", "equipment"):
                records = [dict(record) for record in one.records(kind)]
                count = write_records(
                    kind=kind, unit=office, school=school, year=city.year, today=city.day, records=records
                )
                written += count if kind == "pupils" else 0
        tell(f"  {n}/{len(city.schools)} {school.name}: {written} học sinh")
    return _people(office, city)


def _office(city: City) -> Unit:
    office = office_chain(
        office_name=city.office,
        office_code="TDM",
        department_name="Sở Giáo dục và Đào tạo Bình Dương",
        province_code="74",
    )
    for year in (city.year - 1, city.year):
        save_school_year(calendar=usual_calendar(year))
    set_current_year(unit=office, year=city.year)
    return office


def _people(office: Unit, city: City) -> list[tuple[str, str, str]]:
    """A person of each role: the office's, and of the first school of each level a principal, clerk and teacher."""
    since = date(city.year, 8, 1)
    told = []
    for username, role, name, title, label in OFFICE_PEOPLE:
        user = _account(username, name, title)
        grant_role(user=user, unit=office, role=role, valid_from=since)
        told.append((username, name, label))
    for level, suffix in (("THCS", "thcs"), ("TH", "th"), ("MN", "mn")):
        school = schools_below(office).filter(levels__contains=[level]).order_by("code").first()
        if school is not None:
            told += _school_people(school, suffix, since)
    return told


def _school_people(school: School, suffix: str, since: date) -> list[tuple[str, str, str]]:
    told = []
    with open_scope([school.pk]):
        principal = Position.objects.filter(job="01", left_on=None).select_related("staff").first()
        clerk = Position.objects.filter(job__in=["16", "34"], left_on=None).select_related("staff").first()
        taught = (
            SchoolClass.objects.exclude(homeroom=None).select_related("homeroom__staff").order_by("sort_key").first()
        )
        positions = (
            ("hieutruong", "principal", "Hiệu trưởng", principal),
            ("vanthu", "clerk", "Văn thư", clerk or principal),
            ("giaovien", "teacher", "Giáo viên chủ nhiệm", taught.homeroom if taught else None),
        )
        for name, role, label, position in positions:
            if position is None or position.staff is None:
                continue
            user = _account(f"{name}.{suffix}", position.staff.full_name, "thầy" if position.staff.sex == "1" else "cô")
            grant_role(user=user, unit=school.unit, role=role, valid_from=since)
            UserLink.objects.get_or_create(
                user=user,
                defaults={"staff": None if UserLink.objects.filter(staff=position.staff).exists() else position.staff},
            )
            told.append((user.username, user.full_name, f"{label}, {school.name}"))
    return told


def _account(username: str, name: str, title: str) -> User:
    user, _ = create_account(username=username, full_name=name, title=title, password=PASSWORD)
    return user
