"""The school that is measured: 1,500 pupils, as the files it would have and in the database."""

from datetime import date
from pathlib import Path

from khue.base.accounts.models import User
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.scope import open_scope
from khue.base.org.models import School, Unit
from khue.base.org.rules import usual_calendar
from khue.base.org.selectors import root_office, schools_below
from khue.base.org.services import office_chain, save_school_year, set_current_year
from khue.demo.city import City
from khue.demo.generator import OFFICE, school_data
from khue.demo.people import Registry
from khue.demo.plan import SchoolPlan
from khue.demo.pupils import Ledger
from khue.demo.spreadsheets import write_spreadsheets
from khue.school.intake.direct import write_records

YEAR, DAY, SEED = 2026, date(2026, 11, 24), 7
PLAN = SchoolPlan("74719999", "Trường THCS Đo Tốc Độ", "Phú Cường", dict.fromkeys(range(6, 10), 9), 0.925)


def city() -> City:
    """One school of about 1,500 pupils."""
    return City(SEED, YEAR, DAY, OFFICE, [school_data(Ledger(Registry(), PLAN, YEAR, DAY), seed=SEED)])


def files(folder: Path) -> Path:
    """The pupils' spreadsheet of the school (the project's layout, more than 40 columns)."""
    paths = write_spreadsheets(city(), folder, layouts=("khue",))
    return next(path for path in paths if path.name.startswith("hoc-sinh"))


def prepare_office() -> Unit:
    """Office, year, the school with its staff and classes; pupils come by the import that is measured."""
    found = root_office()
    if found is not None:
        return found
    office = office_chain(office_name=OFFICE, office_code="TDM", department_name="Sở GDĐT", province_code="74")
    save_school_year(calendar=usual_calendar(YEAR))
    set_current_year(unit=office, year=YEAR)
    made = city()
    with open_scope([], all_schools=True):
        write_records(
            kind="schools", unit=office, school=None, year=YEAR, today=DAY, records=[dict(made.schools[0].school)]
        )
    school = measured_school(office)
    with open_scope([school.pk]):
        for kind in ("staff", "classes", "rooms"):
            records = [dict(record) for record in made.schools[0].records(kind)]
            write_records(kind=kind, unit=office, school=school, year=YEAR, today=DAY, records=records)
    return office


def measured_school(office: Unit) -> School:
    return schools_below(office).get(code=PLAN.code)


def load_pupils(office: Unit) -> School:
    school = measured_school(office)
    records = [dict(record) for record in city().schools[0].records("pupils")]
    with open_scope([school.pk]):
        write_records(kind="pupils", unit=office, school=school, year=YEAR, today=DAY, records=records)
    return school


def clerk_of(school: School, n: int = 0) -> User:
    user, _ = create_account(username=f"do{n}", full_name="Nguyễn Thị Đo", title="cô", password="mat-khau-do-toc-do")
    grant_role(user=user, unit=school.unit, role="clerk", valid_from=date(2026, 8, 1))
    return user
