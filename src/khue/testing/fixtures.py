"""People, schools and signed-in clients for tests."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django_scopes import get_scope

from khue.base.accounts.models import User
from khue.base.accounts.services import create_account, grant_role
from khue.base.org.models import School, Unit, UnitKind
from khue.base.org.rules import usual_calendar
from khue.base.org.services import create_unit, office_chain, save_school_year, set_current_year

from . import factories

YEAR = 2026
PASSWORD = "mat-khau-thu-2026"  # noqa: S105


@pytest.fixture(autouse=True)
def _no_scope_left() -> Iterator[None]:
    """A test (and a request inside it) must not leave a scope open behind."""
    yield
    assert not get_scope().get("school"), "a scope was left open"


@pytest.fixture
def office(db: None) -> Unit:
    """An office with its chain and the school year 2026."""
    unit = office_chain(
        office_name="Phòng GDĐT Thủ Dầu Một",
        office_code="TDM",
        department_name="Sở GDĐT Bình Dương",
        province_code="74",
    )
    save_school_year(calendar=usual_calendar(YEAR))
    save_school_year(calendar=usual_calendar(YEAR - 1))
    set_current_year(unit=unit, year=YEAR)
    return unit


@pytest.fixture
def make_school(office: Unit) -> Callable[..., School]:
    """Make a school under the office: ``make_school("74700001", levels=["THCS"])``."""

    def make(code: str = "74700001", *, levels: list[str] | None = None, **fields: Any) -> School:
        return factories.school(office=office, code=code, levels=levels or ["THCS"], **fields)

    return make


@pytest.fixture
def school(make_school: Callable[..., School]) -> School:
    """A lower-secondary school with its main campus."""
    return make_school()


@pytest.fixture
def other_school(make_school: Callable[..., School]) -> School:
    return make_school("74700002", name="Trường THCS Hiệp Thành")


@pytest.fixture
def make_user(office: Unit) -> Callable[..., User]:
    """Make a person with a role: ``make_user("clerk", school.unit)``; the user name is the role unless given."""

    def make(
        role: str, unit: Unit | None = None, *, username: str = "", until: date | None = None, **fields: Any
    ) -> User:
        name = username or role
        user, _ = create_account(
            username=name, full_name=fields.pop("full_name", name.title()), password=PASSWORD, **fields
        )
        grant_role(user=user, unit=unit or office, role=role, valid_from=date(2020, 1, 1), valid_until=until)
        return user

    return make


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client of a signed-in person."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def clerk(make_user: Callable[..., User], school: School) -> User:
    return make_user("clerk", school.unit, full_name="Nguyễn Thị Mỹ Hạnh", title="cô")


@pytest.fixture
def specialist(make_user: Callable[..., User]) -> User:
    return make_user("specialist", full_name="Trần Kim Oanh", title="cô")


@pytest.fixture
def clerk_client(sign_in: Callable[[User], Client], clerk: User) -> Client:
    return sign_in(clerk)


@pytest.fixture
def office_client(sign_in: Callable[[User], Client], specialist: User) -> Client:
    return sign_in(specialist)


@pytest.fixture(autouse=True)
def _steady_catalogue(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue's look at its version, every five seconds, would be counted by chance among a page's statements."""
    if "catalog" not in request.node.path.parts:
        monkeypatch.setattr("khue.base.catalog.selectors.CHECK_SECONDS", 3600.0)


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames:
        cache.clear()


__all__ = ["PASSWORD", "YEAR", "Unit", "UnitKind", "connection", "create_unit"]
