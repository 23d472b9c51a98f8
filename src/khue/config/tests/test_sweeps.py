"""Over all addresses of the site, on real connections: who is turned away, and how.

A rolled-back transaction proves nothing about leaks, so these run with real transactions, in a database of their own.
"""

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django_scopes import get_scope

from khue.base.access.checks import all_patterns, is_foreign
from khue.base.access.rules import ROLES
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.scope import open_scope
from khue.base.org.rules import usual_calendar
from khue.base.org.services import office_chain, save_school_year, set_current_year
from khue.config.settings import _database
from khue.school.assessment.models import Gradebook, TeachingAssignment
from khue.school.intake.models import SheetImport, State
from khue.testing import database, factories

OTHER_VALUES = {"kind": "pupils", "slug": "bat-dau", "year": 2026, "column": "A", "subject": "pupils", "rule": "V02",
                "relation": "father", "cube": "pupils", "register": "pupils", "name": "pupils",
                "token": "0b0e7e0e-0000-4000-8000-000000000000"}  # fmt: skip


COUNTS = ("rows", "new", "changed", "moved", "unchanged", "wrong", "error", "ask", "warning", "normalised", "missing")


class World:
    """Two schools with a row of each kind, and people of each role."""

    def __init__(self) -> None:
        self.office = office_chain(
            office_name="Phòng GDĐT", office_code="TDM", department_name="Sở", province_code="74"
        )
        for year in (2025, 2026):
            save_school_year(calendar=usual_calendar(year))
        set_current_year(unit=self.office, year=2026)
        self.school = factories.school(office=self.office, code="74700001", levels=["THCS"])
        self.other = factories.school(
            office=self.office, code="74700002", levels=["THCS"], name="Trường THCS Hiệp Thành"
        )
        self.rows = self._rows(self.school)
        self.clients = {
            "clerk": self._person("clerk", self.school.unit),
            "principal": self._person("principal", self.school.unit),
            "teacher": self._person("teacher", self.school.unit),
            "other": self._person("clerk", self.other.unit, "other"),
            "other_teacher": self._person("teacher", self.other.unit, "other_teacher"),
            "office_admin": self._person("office_admin", self.office),
        }

    def _rows(self, school) -> dict[str, int]:  # type: ignore[no-untyped-def]
        room = factories.school_class(school)
        enrolment = factories.pupil(school, room)
        position = factories.staff(school)
        place, equipment = factories.room(school), factories.equipment(school)
        with open_scope([school.pk]):
            source = SheetImport.objects.create(
                unit=school.unit, school=school, kind="pupils", year=2026, name="ds.xlsx", stored="x", sha256="",
                size=1, state=State.READY, counts=dict.fromkeys(COUNTS, 0),
            )  # fmt: skip
            book = Gradebook.objects.create(school=school, school_class=room, subject="toan", kind="score", formative=4)
            assignment = TeachingAssignment.objects.create(
                school=school, gradebook=book, teacher=position, since=date(2026, 9, 5)
            )
        return {
            "pupil": enrolment.pk,
            "class": room.pk,
            "staff": position.pk,
            "room": place.pk,
            "equipment": equipment.pk,
            "import": source.pk,
            "book": book.pk,
            "assignment": assignment.pk,
        }

    def _person(self, role: str, unit, username: str = "") -> Client:  # type: ignore[no-untyped-def]
        user, _ = create_account(username=username or role, full_name=role.title(), password="mat-khau-thu-2026")
        grant_role(user=user, unit=unit, role=role, valid_from=date(2020, 1, 1))
        client = Client()
        client.force_login(user)
        return client

    def key_for(self, address: str) -> int:
        """The row that an address with a key is about."""
        kinds = {
            "phan-cong/mon": "book", "phan-cong/giao-vien": "staff", "phan-cong/<int": "assignment", "can-bo": "staff",
            "lop": "class", "phong/": "room", "thiet-bi": "equipment", "nhap-tep": "import",
        }  # fmt: skip
        for part, kind in kinds.items():
            if part in address.split("place>/", 1)[-1]:
                return self.rows[kind]
        return self.rows["pupil"]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Real connections to a clone of its own, dropped afterwards."""
    name = f"khue_sweep_{os.getpid()}"
    with django_db_blocker.unblock():
        database.clone(name)
        connection = connections["default"]
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update({k: v for k, v in _database(database.app_url(name)).items() if k != "ENGINE"})
        try:
            yield World()
        finally:
            connection.close()
            connection.settings_dict.update(before)
            database.drop(name)


def place_patterns() -> list[tuple[str, object]]:
    return [(a, p) for a, p in all_patterns() if "place:place" in a and p.name]


def address(world: World, pattern: object, route: str, place: str) -> str:
    kwargs = {"place": place}
    for name in pattern.pattern.converters:  # type: ignore[attr-defined]
        kwargs[name] = OTHER_VALUES.get(name, world.key_for(route))
    try:
        return reverse(pattern.name, kwargs=kwargs)  # type: ignore[attr-defined]
    except NoReverseMatch as error:
        raise AssertionError(f"give {route} its values in OTHER_VALUES") from error


ROUTES = place_patterns()
IDS = [pattern.name for _, pattern in ROUTES]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=IDS)
def test_every_place_address_turns_strangers_away(world, route, pattern):
    url = address(world, pattern, route, f"truong/{world.school.code}")
    for method in ("get", "post"):
        anonymous = getattr(Client(), method)(url)
        assert anonymous.status_code == 302, url
        assert "/login/" in anonymous.url
        for stranger in ("other", "other_teacher"):
            response = getattr(world.clients[stranger], method)(url)
            assert response.status_code == 404, f"{stranger} {method} {url}: {response.status_code}"
    assert not get_scope().get("school")


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=IDS)
def test_every_row_of_another_school_is_404_in_one_s_own_place(world, route, pattern):
    if not {"pk", "row_pk", "key"} & set(pattern.pattern.converters):
        return
    url = address(world, pattern, route, f"truong/{world.other.code}")
    for method in ("get", "post"):
        response = getattr(world.clients["other"], method)(url)
        assert response.status_code in (403, 404, 405), f"{method} {url}: {response.status_code}"


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=IDS)
def test_every_place_address_refuses_roles_without_the_action(world, route, pattern):
    needed = pattern.callback.khue_needs
    url = address(world, pattern, route, f"truong/{world.school.code}")
    for role in ("clerk", "principal", "teacher"):
        response = world.clients[role].get(url)
        if needed not in ROLES[role].actions:
            assert response.status_code == 403, f"{role} {url}: {response.status_code}"
        else:
            assert response.status_code in (200, 204, 302, 404, 405), f"{role} {url}: {response.status_code}"
    office = world.clients["office_admin"].get(address(world, pattern, route, "phong/TDM"))
    assert office.status_code in (200, 204, 302, 403, 404, 405), f"office {url}: {office.status_code}"


def test_every_view_names_its_permission():
    for route, pattern in all_patterns():
        assert hasattr(pattern.callback, "khue_needs") or is_foreign(pattern.callback), route


def test_a_write_by_get_is_not_possible(world):
    """What changes something answers only to POST: the names of such addresses end in an action."""
    for route, pattern in ROUTES:
        if pattern.name.endswith(("-end", "-password", "-undo", "-take-back", "-current", "-apply")):
            url = address(world, pattern, route, f"truong/{world.school.code}")
            assert world.clients["principal"].get(url).status_code in (403, 404, 405), url
