"""Writes of pupils: add, change, move to another class, change the status."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet

from khue.base.core.bulk import query
from khue.base.org.models import School
from khue.base.org.rules import Calendar

from ..models import Enrolment, Guardian, Placement, Pupil, PupilGuardian, SchoolClass, StatusChange
from ..rules import LEFT, effective_day, status_faults
from .common import match_pupil, refuse_v07, save_changes

GUARDIAN_FIELDS = ("full_name", "birth_year", "job", "phone", "personal_number")


@transaction.atomic
def add_pupil(
    *,
    school: School,
    calendar: Calendar,
    person: Mapping[str, Any],
    details: Mapping[str, Any],
    guardians: Mapping[str, Mapping[str, Any]],
    school_class: SchoolClass,
    since: date,
    status: str,
    on: date | None = None,
    other_school: str = "",
) -> Enrolment:
    """Enrol a pupil who is new here. A pupil known elsewhere and free is attached; active elsewhere: V07.

    The order matters: a person is seen through the enrolment, and the status comes last, since triggers act on it.
    """
    pupil = _known_pupil(school, person) or Pupil.objects.create(**person, school_ids=[school.pk])
    if Enrolment.objects.filter(school=school, year=calendar.year, pupil=pupil).exists():
        raise ValidationError("Em này đã có trong sổ của trường năm học này. Mở hồ sơ đã có để sửa.", code="twice")
    enrolment = Enrolment.objects.create(school=school, pupil=pupil, year=calendar.year, **details)
    Placement.objects.create(school=school, enrolment=enrolment, school_class=school_class, since=since)
    save_changes(pupil, person)
    save_guardians(pupil=pupil, guardians=guardians, school_id=school.pk)
    StatusChange.objects.create(
        school=school, enrolment=enrolment, status=status, on=on, other_school=other_school,
        effective_on=effective_day(status, on, calendar),
    )  # fmt: skip
    enrolment.refresh_from_db()
    return enrolment


def _known_pupil(school: School, person: Mapping[str, Any]) -> Pupil | None:
    ministry, number = person.get("ministry_id"), person.get("personal_number")
    known, school_id, name, since = match_pupil(ministry_id=ministry, personal_number=number)
    if not known:
        return None
    if school_id is not None and school_id != school.pk:
        raise refuse_v07(school=name, since=since)
    rows = query("SELECT pupil_id FROM registry_attach_pupils(%s, %s, %s)", [school.pk, [ministry], [number]])
    if not rows:
        raise refuse_v07(school=name or "trường khác", since=since)
    pupil = Pupil.objects.get(pk=rows[0][0])
    _same_person(pupil, person)
    return pupil


def _same_person(pupil: Pupil, person: Mapping[str, Any]) -> None:
    """An identifier that points to somebody of another name and birth date is a mistake, never an update."""
    if pupil.full_name != person["full_name"] and pupil.birth_date != person.get("birth_date"):
        raise ValidationError(
            "Mã định danh này là của một em khác, tên và ngày sinh đều khác. Đối chiếu lại mã với giấy khai sinh.",
            code="other-person",
        )


@transaction.atomic
def update_pupil(
    *,
    enrolment: Enrolment,
    person: Mapping[str, Any],
    details: Mapping[str, Any],
    guardians: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """Change the person and what the school keeps of them; returns the names of the changed fields."""
    if enrolment.pupil is None:
        raise ValidationError("Em này đã rời trường, hồ sơ chỉ xem.", code="frozen")
    changed = save_changes(enrolment.pupil, person) + save_changes(enrolment, details)
    return changed + save_guardians(pupil=enrolment.pupil, guardians=guardians, school_id=enrolment.school_id)


def save_guardians(*, pupil: Pupil, guardians: Mapping[str, Mapping[str, Any]], school_id: int) -> list[str]:
    """One guardian a relation; a blank name takes the link away, the person stays."""
    links = {link.relation: link for link in pupil.guardian_links.select_related("guardian")}
    changed = []
    for relation, values in guardians.items():
        link = links.get(relation)
        if not values.get("full_name"):
            if link:
                link.delete()
                changed.append(relation)
        elif link:
            changed += [f"{relation}_{name}" for name in save_changes(link.guardian, values)]
        else:
            guardian = Guardian.objects.create(**values, school_ids=[school_id])
            PupilGuardian.objects.create(
                pupil=pupil, guardian=guardian, relation=relation, school_ids=pupil.school_ids or [school_id]
            )
            changed.append(relation)
    return changed


@transaction.atomic
def move_class(*, enrolments: QuerySet[Enrolment], school_class: SchoolClass, on: date) -> int:
    """Chuyển lớp: from ``on`` these pupils sit in ``school_class``; set-based. Returns how many moved."""
    rows = enrolments.filter(school_id=school_class.school_id, year=school_class.year).exclude(status__in=LEFT)
    ids = list(rows.order_by().values_list("pk", flat=True))
    open_ones = Placement.objects.filter(school_id=school_class.school_id, enrolment_id__in=ids, until=None)
    staying = set(open_ones.filter(school_class=school_class).values_list("enrolment_id", flat=True))
    moving = [pk for pk in ids if pk not in staying]
    current = open_ones.filter(enrolment_id__in=moving)
    if current.filter(since__gt=on).exists():
        latest = current.order_by("-since").values_list("since", flat=True)[0]
        raise ValidationError(f"Có em mới vào lớp hiện nay ngày {latest:%d/%m/%Y}. Chọn ngày từ hôm đó trở đi.")
    current.update(until=on)
    Placement.objects.bulk_create(
        Placement(school_id=school_class.school_id, enrolment_id=pk, school_class=school_class, since=on)
        for pk in moving
    )
    return len(moving)


@transaction.atomic
def change_status(
    *,
    enrolment: Enrolment,
    calendar: Calendar,
    status: str,
    on: date | None,
    reason: str = "",
    other_school: str = "",
    school_class: SchoolClass | None = None,
) -> StatusChange:
    """A new dated status (V05, V06 checked). Who leaves leaves the class too; who returns enters ``school_class``."""
    faults = status_faults(
        former=enrolment.status, status=status, on=on, reason=reason, other_school=other_school, calendar=calendar
    )
    if faults:
        raise ValidationError(faults)
    _same_number_elsewhere(enrolment, status)
    own = {"school_id": enrolment.school_id, "enrolment": enrolment}
    latest = StatusChange.objects.filter(**own).aggregate(day=Max("effective_on"))["day"]
    day = effective_day(status, on, calendar, latest=latest)
    placements = Placement.objects.filter(**own, until=None)
    if status in LEFT:
        placements.filter(since__lte=day).update(until=day)
    elif status == "1" and not placements.exists():
        # a departure that never happened: the class goes on where it was closed
        Placement.objects.filter(**own, until=latest).update(until=None)
    elif school_class is not None and not placements.exists():
        Placement.objects.create(
            school_id=enrolment.school_id, enrolment=enrolment, school_class=school_class, since=day
        )
    return StatusChange.objects.create(
        school_id=enrolment.school_id, enrolment=enrolment, status=status, on=on, effective_on=day,
        reason=reason, other_school=other_school,
    )  # fmt: skip


def _same_number_elsewhere(enrolment: Enrolment, status: str) -> None:
    """V07 for someone who comes back: in the meantime another school may have enrolled them."""
    if status in LEFT or not enrolment.frozen:
        return
    known, school_id, name, since = match_pupil(
        ministry_id=enrolment.frozen.get("ministry_id"), personal_number=enrolment.frozen.get("personal_number")
    )
    if known and school_id not in (None, enrolment.school_id):
        raise refuse_v07(school=name, since=since)
