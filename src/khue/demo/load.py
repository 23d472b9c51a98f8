"""The demonstration city into the database, through the same engine as everybody's lists, and its sign-ins."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import Any

from django.db import connections, transaction

from khue.base.accounts.models import User
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.process import die_with_parent
from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.org.rules import usual_calendar, year_label
from khue.base.org.selectors import root_office, schools_below
from khue.base.org.services import office_chain, save_school_year, set_current_year
from khue.school.intake.direct import write_records
from khue.school.registry.models import Enrolment, Position, SchoolClass, UserLink

from .generator import OFFICE, Maker
from .teaching import load_teaching

PASSWORD = "khue-trinh-dien"  # noqa: S105  # told on the sign-in page of the demonstration, valid nowhere else
OFFICE_PEOPLE = (
    ("truongphong", "head", "Lê Hữu Phước", "thầy", "Trưởng phòng"),
    ("chuyenvien", "specialist", "Trần Kim Oanh", "cô", "Chuyên viên"),
    ("quantri", "office_admin", "Nguyễn Quốc Thịnh", "thầy", "Quản trị của phòng"),
)
BEFORE, NOW = ("staff", "classes", "pupils"), ("classes", "pupils", "rooms", "equipment")
"""What is written with the year before (people who work today too), and with this year."""
ACTOR: dict[str, Any] = {"actor": "Bản trình diễn", "action": "tạo bản trình diễn"}


def load(maker: Maker, *, tell: Callable[[str], None], processes: int = 1) -> list[tuple[str, str, str]]:
    """Write a city of two school years; returns the sign-ins as (user name, name, role).

    Each school's year is a transaction of its own: called again after an interruption it goes on where it was. With
    ``processes`` above 1 as many processes share the schools.
    """
    office = root_office() or found_city(maker)
    total = 0
    with _workers(processes, maker) as each:
        for kinds, year in ((BEFORE, maker.year - 1), (NOW, maker.year)):
            work = partial(_write, office.pk, year, kinds)
            for n, (name, count) in enumerate(each(work, range(len(maker.plans))), start=1):
                total += count
                tell(f"  {year_label(year)}, trường {n}/{len(maker.plans)}, {name}: {total} học sinh")
            total = 0
    with transaction.atomic():
        return _people(office, maker)


_makers: list[Maker] = []
"""The maker of this process: it remembers what it made, so every process has its own."""


def _start(maker: Maker) -> None:
    die_with_parent()
    _makers[:] = [maker]


@contextmanager
def _workers(processes: int, maker: Maker) -> Iterator[Callable[..., Iterable[tuple[str, int]]]]:
    """A ``map`` over schools, in this process or over several; answers come in the order of the schools."""
    if processes == 1:
        _makers[:] = [maker]
        yield map
        return
    connections.close_all()  # a connection must not be shared with a forked process
    with ProcessPoolExecutor(processes, get_context("fork"), initializer=_start, initargs=(maker,)) as pool:
        yield pool.map


def _write(office_id: int, year: int, kinds: tuple[str, ...], n: int) -> tuple[str, int]:
    """One school's year, unless it is there already; (name of the school, how many pupils)."""
    [maker] = _makers
    office = Unit.objects.get(pk=office_id)
    school = schools_below(office).get(code=maker.plans[n].code)
    with open_scope([school.pk], **ACTOR):
        written = Enrolment.objects.filter(school=school, year=year).count()
        if written:
            return school.name, written
        data = maker.school(n) if year == maker.year else maker.before(n)
        for kind in kinds:
            records = [dict(record) for record in data.records(kind)]
            count = write_records(kind=kind, unit=office, school=school, year=year, today=maker.day, records=records)
            written += count if kind == "pupils" else 0
        load_teaching(school, year)
    return school.name, written


@transaction.atomic
def found_city(maker: Maker) -> Unit:
    """The office, both school years, the schools."""
    office = office_chain(
        office_name=OFFICE,
        office_code="TDM",
        department_name="Sở Giáo dục và Đào tạo Bình Dương",
        province_code="74",
    )
    for year in (maker.year - 1, maker.year):
        save_school_year(calendar=usual_calendar(year))
    set_current_year(unit=office, year=maker.year)
    schools = [maker.entry(n) for n in range(len(maker.plans))]
    with open_scope([], all_schools=True, **ACTOR):
        write_records(kind="schools", unit=office, school=None, year=maker.year, today=maker.day, records=schools)
    return office


def _people(office: Unit, maker: Maker) -> list[tuple[str, str, str]]:
    """A person of each role: the office's, and of the first school of each level a principal, clerk and teacher."""
    since = date(maker.year, 8, 1)
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
