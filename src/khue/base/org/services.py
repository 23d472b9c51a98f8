"""Writes of the organisation."""

from datetime import date, timedelta

from django.db import transaction

from .models import SchoolYear, Term, Unit, UnitKind, UnitVersion
from .rules import Calendar


@transaction.atomic
def create_unit(*, kind: str, code: str, name: str, parent: Unit | None = None, valid_from: date | None = None) -> Unit:
    """Add a unit under ``parent`` with its first version."""
    start = valid_from or date(1900, 1, 1)
    unit = Unit.objects.create(kind=kind, code=code, name=name, parent=parent, valid_from=start)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    UnitVersion.objects.create(unit=unit, name=name, parent=parent, valid_from=start)
    return unit


@transaction.atomic
def change_unit(*, unit: Unit, from_day: date, name: str | None = None, parent: Unit | None = None) -> Unit:
    """Rename a unit or hang it elsewhere from a day on; the former name and place stay for older reports."""
    version = unit.versions.get(valid_until=None)
    if from_day <= version.valid_from:
        raise ValueError("Ngày đổi phải sau ngày bắt đầu của tên hiện nay")
    version.valid_until = from_day
    version.save(update_fields=["valid_until"])
    new_name, new_parent = name or unit.name, parent or unit.parent
    UnitVersion.objects.create(unit=unit, name=new_name, parent=new_parent, valid_from=from_day)
    old_path = unit.path
    unit.name, unit.parent = new_name, new_parent
    unit.path = f"{new_parent.path if new_parent else '/'}{unit.pk}/"
    unit.save(update_fields=["name", "parent", "path"])
    for child in Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk):
        child.path = unit.path + child.path[len(old_path) :]
        child.save(update_fields=["path"])
    return unit


@transaction.atomic
def save_school_year(*, calendar: Calendar) -> SchoolYear:
    """Create or change a school year with both terms."""
    year, _ = SchoolYear.objects.update_or_create(
        pk=calendar.year, defaults={"starts_on": calendar.starts_on, "ends_on": calendar.ends_on}
    )
    for number, (first, last) in ((1, calendar.term1), (2, calendar.term2)):
        Term.objects.update_or_create(school_year=year, number=number, defaults={"starts_on": first, "ends_on": last})
    return year


def check_calendar(calendar: Calendar) -> list[tuple[str, str]]:
    """Faults of a calendar as (field, message): terms in order, inside the year's span, about a year long."""
    faults = []
    if calendar.ends_on <= calendar.starts_on or calendar.ends_on - calendar.starts_on > timedelta(days=400):
        faults.append(("ends_on", "Năm học kéo dài khoảng một năm: sửa ngày đầu hoặc ngày cuối."))
    if not calendar.starts_on <= calendar.term1[0] < calendar.term1[1]:
        faults.append(("term1_starts_on", "Học kỳ 1 phải nằm trong năm học và kết thúc sau khi bắt đầu."))
    if not calendar.term1[1] < calendar.term2[0] < calendar.term2[1] <= calendar.ends_on:
        faults.append(("term2_starts_on", "Học kỳ 2 phải sau học kỳ 1 và trong năm học."))
    return faults


def set_current_year(*, unit: Unit, year: int) -> None:
    unit.current_year = year
    unit.save(update_fields=["current_year"])


def office_chain(*, office_name: str, office_code: str, department_name: str, province_code: str) -> Unit:
    """Ministry, department and office of a new installation; returns the office."""
    ministry = create_unit(kind=UnitKind.MINISTRY, code="BGDDT", name="Bộ Giáo dục và Đào tạo")
    department = create_unit(
        kind=UnitKind.DEPARTMENT, code=f"SGDDT{province_code}", name=department_name, parent=ministry
    )
    return create_unit(kind=UnitKind.OFFICE, code=office_code, name=office_name, parent=department)
