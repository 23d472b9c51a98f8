"""Frozen figures: the same as the live ones of that day, unchanged by what comes later, and tampering is named."""

from datetime import date
from typing import Any

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from khue.base.core.scope import open_scope
from khue.office.statistics import sealing
from khue.office.statistics.cubes import CUBES
from khue.office.statistics.models import PeriodKind, PupilFact, ReportingPeriod, Seal, Snapshot
from khue.office.statistics.sealing import altered
from khue.office.statistics.selectors import count, make_query, rows_of
from khue.office.statistics.services import freeze
from khue.school.registry.models import Pupil, StatusChange
from khue.testing import factories

DAY = date(2026, 9, 30)
pytestmark = pytest.mark.django_db


@pytest.fixture
def period(office: Any) -> ReportingPeriod:
    due = date(2026, 10, 10)
    return ReportingPeriod.objects.create(
        kind=PeriodKind.OPENING, year=2026, title="Đầu năm học 2026–2027", as_at=DAY, opens_on=date(2026, 9, 25),
        due_mn=due, due_th=due, due_thcs=due,
    )  # fmt: skip


def take(school: Any, period: ReportingPeriod, version: int = 1) -> Snapshot:
    with open_scope([school.pk]):
        snapshot = Snapshot.objects.create(
            school=school, period=period, version=version, as_at=period.as_at, year=2026, school_name=school.name,
            office_name="Phòng GDĐT Thủ Dầu Một", taken_at=timezone.now(), taken_by="Lê Minh Tâm", figures={"a": 1},
        )  # fmt: skip
        freeze([snapshot])
    return snapshot


@pytest.fixture
def filled(school: Any) -> Any:
    room = factories.school_class(school)
    factories.pupil(school, room, "Nguyễn Văn An", sex="1")
    factories.pupil(school, room, "Trần Thị Bình", sex="0", ethnicity="05")
    factories.pupil(school, room, "Lê Văn Đi", status="4", on=date(2026, 9, 20))
    factories.staff(school)
    factories.room(school)
    return school


@pytest.mark.parametrize("cube", CUBES)
def test_frozen_figures_are_those_of_the_day(filled: Any, period: ReportingPeriod, cube: str) -> None:
    by = [d.name for d in CUBES[cube].all_dimensions]
    snapshot = take(filled, period)
    with open_scope([filled.pk]):
        live = make_query(cube=cube, by=by, day=DAY)
        kept = make_query(cube=cube, by=by, day=DAY, snapshots=[snapshot.pk])
        assert count(live)
        assert count(kept) == count(live)
        assert rows_of(kept) == rows_of(live)


def test_nothing_later_changes_a_snapshot(filled: Any, period: ReportingPeriod) -> None:
    snapshot = take(filled, period)
    with open_scope([filled.pk]):
        person = Pupil.objects.get(full_name="Nguyễn Văn An")
        person.full_name = "Nguyễn Văn Ân"
        person.save()
        StatusChange.objects.create(
            school=filled, enrolment=person.enrolments.get(), status="4", on=date(2026, 9, 10),
            effective_on=date(2026, 9, 10),
        )  # fmt: skip
    with open_scope([filled.pk]):
        kept = make_query(cube="pupils", by=["sex"], day=DAY, snapshots=[snapshot.pk])
        assert dict(count(kept)) == {"1": 1, "0": 1}
        assert [name for _key, name, _values in rows_of(kept)] == ["Nguyễn Văn An", "Trần Thị Bình"]
        assert dict(count(make_query(cube="pupils", by=["sex"], day=DAY))) == {"0": 1}


@pytest.mark.parametrize(
    "table", ["snapshot", "seal", "pupilsfact", "classesfact", "stafffact", "roomsfact", "schoolsfact"]
)
def test_the_application_can_neither_change_nor_remove(filled: Any, period: ReportingPeriod, table: str) -> None:
    take(filled, period)
    for statement in (f"UPDATE statistics_{table} SET school_id = school_id", f"DELETE FROM statistics_{table}"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), open_scope([filled.pk]):
            connection.cursor().execute(statement)


def test_another_school_sees_nothing_of_it(filled: Any, other_school: Any, period: ReportingPeriod) -> None:
    take(filled, period)
    with open_scope([other_school.pk]):
        assert not PupilFact.objects.exists()
        assert not Seal.objects.exists()
    with open_scope([filled.pk]):
        assert PupilFact.objects.count() == 2


def test_two_versions_can_both_be_read(filled: Any, period: ReportingPeriod) -> None:
    first = take(filled, period)
    factories.pupil(filled, None, "Phạm Thị Mới")
    second = take(filled, period, version=2)
    with open_scope([filled.pk]):
        totals = [count(make_query(cube="pupils", by=[], day=DAY, snapshots=[s.pk]))[0][0] for s in (first, second)]
        assert totals == [2, 3]
        assert altered([first, second]) == {}


def test_a_row_that_does_not_fit_its_hash_is_named(filled: Any, period: ReportingPeriod) -> None:
    """What someone with the database in hand would leave: the row is named, the rest is whole."""
    snapshot, whole = take(filled, period), take(filled, period, version=2)
    with open_scope([filled.pk]):
        row = PupilFact.objects.filter(snapshot=snapshot).values().first()
        PupilFact.objects.create(**{**row, "id": None, "record_id": 987_654, "title": "Em Thêm Vào"})
        assert altered([snapshot, whole]) == {
            snapshot.pk: ["Học sinh “Em Thêm Vào” (mã dòng 987654) đã bị sửa", "Học sinh: chốt 2 dòng, nay còn 3"]
        }


def test_a_fingerprint_needs_the_secret_of_the_installation(filled: Any, period: ReportingPeriod) -> None:
    snapshot = take(filled, period)
    with open_scope([filled.pk]), override_settings(SECRET_KEY="another"):
        assert altered([snapshot]) == {snapshot.pk: ["dấu vân tay không do hệ thống này ghi"]}


def test_figures_and_names_are_sealed_too(filled: Any, period: ReportingPeriod) -> None:
    snapshot = take(filled, period)
    with open_scope([filled.pk]):
        snapshot.figures = {"a": 2}
        assert list(altered([snapshot])) == [snapshot.pk]


def test_freezing_that_fails_leaves_nothing(
    filled: Any, period: ReportingPeriod, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker killed between two cubes: neither snapshot nor facts stay."""
    real = sealing.freezing_sql
    monkeypatch.setattr(sealing, "freezing_sql", lambda cube: "SELECT 1/0" if cube.name == "rooms" else real(cube))
    with pytest.raises(DataError), transaction.atomic():
        take(filled, period)
    with open_scope([filled.pk]):
        assert not Snapshot.objects.exists()
        assert not PupilFact.objects.exists()
