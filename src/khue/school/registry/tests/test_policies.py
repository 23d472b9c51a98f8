"""Who sees whom: policies, composite keys and triggers, as the application's own role."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from khue.base.core.scope import open_scope
from khue.school.registry.models import Enrolment, Placement, Position, Pupil, SchoolClass, StatusChange
from khue.testing import factories

pytestmark = pytest.mark.django_db


def names() -> set[str]:
    return set(Pupil.objects.values_list("full_name", flat=True))


def test_a_school_sees_its_own_pupils_only(school, other_school):
    factories.pupil(school, full_name="Lê Thị Ngọc")
    factories.pupil(other_school, full_name="Trần Văn Bình")
    with open_scope([school.pk]):
        assert names() == {"Lê Thị Ngọc"}
    with open_scope([other_school.pk]):
        assert names() == {"Trần Văn Bình"}
    with open_scope([school.pk, other_school.pk]):
        assert names() == {"Lê Thị Ngọc", "Trần Văn Bình"}


def test_nothing_is_visible_without_a_scope(school):
    factories.pupil(school)
    assert names() == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_enrolment")
        assert cursor.fetchone() == (0,)


def test_a_row_for_another_school_is_refused(school, other_school):
    enrolment = factories.pupil(school)
    with open_scope([school.pk]), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Enrolment.objects.create(school=other_school, pupil_id=enrolment.pupil_id, year=2026)


def test_an_enrolment_never_changes_its_school(school, other_school):
    enrolment = factories.pupil(school)
    with (
        open_scope([school.pk, other_school.pk]),
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
    ):
        Enrolment.objects.filter(pk=enrolment.pk).update(school_id=other_school.pk)


def test_a_class_of_another_school_cannot_be_named(school, other_school):
    enrolment = factories.pupil(school)
    foreign = factories.school_class(other_school)
    with open_scope([school.pk]), pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(school=school, enrolment=enrolment, school_class_id=foreign.pk, since=date(2026, 9, 1))


def test_a_bare_id_opens_no_other_school_s_child(school, other_school):
    theirs = factories.pupil(other_school)
    with open_scope([school.pk]), pytest.raises(DatabaseError, match="outside the scope"), transaction.atomic():
        Enrolment.objects.create(school=school, pupil_id=theirs.pupil_id, year=2026)


def test_the_application_cannot_write_where_a_person_is(school, other_school):
    theirs = factories.pupil(other_school)
    with (
        open_scope([school.pk, other_school.pk]),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE registry_pupil SET school_ids = %s WHERE id = %s", [[school.pk], theirs.pupil_id])


def test_who_leaves_is_hidden_and_a_frozen_copy_stays(school, other_school):
    room = factories.school_class(school)
    enrolment = factories.pupil(school, room, full_name="Phạm Gia Hân")
    with open_scope([school.pk]):
        StatusChange.objects.create(
            school=school, enrolment=enrolment, status="3", on=date(2026, 10, 5), effective_on=date(2026, 10, 5)
        )
        enrolment.refresh_from_db()
        assert names() == set()
        assert enrolment.status == "3"
        assert enrolment.frozen["full_name"] == "Phạm Gia Hân"
        rows = Enrolment.objects.select_related("pupil").values_list("frozen__full_name", "pupil__full_name")
        assert list(rows) == [("Phạm Gia Hân", None)]
    with open_scope([school.pk], all_schools=True):
        assert names() == {"Phạm Gia Hân"}


def test_another_school_learns_only_where_and_since_when(school, other_school):
    theirs = factories.pupil(other_school)
    with open_scope([school.pk]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT known, school, since FROM registry_match_pupils(%s, %s)",
            [
                [None, "none"],
                [theirs_number(theirs), "none"],
            ],
        )
        assert cursor.fetchall() == [(True, other_school.name, date(2026, 8, 1)), (False, None, None)]
        cursor.execute("SELECT * FROM registry_attach_pupils(%s, %s, %s)", [school.pk, [None], [theirs_number(theirs)]])
        assert cursor.fetchall() == []


def theirs_number(enrolment):
    with open_scope([enrolment.school_id]):
        return Pupil.objects.values_list("personal_number", flat=True).get(pk=enrolment.pupil_id)


def test_a_pupil_who_left_can_be_attached_by_the_next_school(school, other_school):
    left = factories.pupil(other_school, status="3", on=date(2026, 9, 20))
    with open_scope([], all_schools=True):
        number = Pupil.objects.values_list("personal_number", flat=True).get(pk=left.pupil_id)
    with open_scope([school.pk]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pupil_id FROM registry_attach_pupils(%s, %s, %s)", [school.pk, [None], [number]])
            assert cursor.fetchall() == [(left.pupil_id,)]
        Enrolment.objects.create(school=school, pupil_id=left.pupil_id, year=2026)
        assert names() == {"Nguyễn Văn An"}


def test_a_nested_scope_gives_the_former_one_back(school, other_school):
    factories.pupil(school, full_name="Lê Thị Ngọc")
    with open_scope([school.pk]):
        with open_scope([other_school.pk]):
            assert names() == set()
        assert names() == {"Lê Thị Ngọc"}


def test_current_class_and_status_follow_their_rows(school):
    first, second = factories.school_class(school, "6A1"), factories.school_class(school, "6A2")
    enrolment = factories.pupil(school, first)
    assert enrolment.current_class_id == first.pk
    with open_scope([school.pk]):
        enrolment.placements.update(until=date(2026, 10, 1))
        Placement.objects.create(school=school, enrolment=enrolment, school_class=second, since=date(2026, 10, 1))
        enrolment.refresh_from_db()
    assert enrolment.current_class_id == second.pk


def test_a_teacher_at_two_schools_is_one_person(school, other_school):
    position = factories.staff(school)
    with open_scope([school.pk]):
        number = position.staff.personal_number
    with open_scope([other_school.pk]):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT staff_id FROM registry_attach_staff(%s, %s, %s)", [other_school.pk, [None], [number]]
            )
            assert cursor.fetchall() == [(position.staff_id,)]
        Position.objects.create(
            school=other_school,
            staff_id=position.staff_id,
            status="1",
            group="2",
            job="40",
            contract="5",
            qualification="03",
        )
        assert Position.objects.get().staff.full_name == "Lê Minh Tâm"


@pytest.mark.parametrize(
    "table", ["registry_pupilevent", "registry_enrolmentevent", "audit_accesslog", "org_schoolevent"]
)
def test_history_is_append_only(school, table):
    for statement in (
        f"DELETE FROM {table}",
        f"UPDATE {table} SET pgh_label = 'x'" if "event" in table else f"UPDATE {table} SET kind = 'x'",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_every_table_of_a_school_has_policy_force_and_key():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relkind = 'r' AND a.attname IN ('school_id', 'school_ids') AND NOT a.attisdropped
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                       AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))""")
        assert cursor.fetchall() == []
        cursor.execute("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_writes_leave_history_with_who_and_why(school):
    klass = factories.school_class(school)
    with open_scope([school.pk], actor="Nguyễn Thị Mỹ Hạnh", reason="đổi tên theo quyết định"):
        SchoolClass.objects.filter(pk=klass.pk).update(name="6A1 mới")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pgh_label, name, pgh_context->>'actor', "
                "pgh_context->>'reason' FROM registry_schoolclassevent ORDER BY pgh_id"
            )
            assert cursor.fetchall()[-1] == ("update", "6A1 mới", "Nguyễn Thị Mỹ Hạnh", "đổi tên theo quyết định")
