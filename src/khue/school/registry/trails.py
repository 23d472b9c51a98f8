"""What belongs to the history of each record (``khue.base.registers.history``)."""

from khue.base.org.models import School
from khue.base.registers.history import Trail, event_model

from .models import (
    Campus,
    Enrolment,
    Equipment,
    Guardian,
    Placement,
    Position,
    Pupil,
    PupilGuardian,
    Room,
    SchoolClass,
    StaffMember,
    StatusChange,
)

_PUPIL_CODES = {"sex": "sex", "ethnicity": "ethnicity", "nationality": "nationality", "religion": "religion"}
_ENROLMENT_CODES = {
    "entry": "entry_kind", "policies": "policy", "poverty": "poverty", "disability": "disability",
}  # fmt: skip
_STATUS_CODES = {"status": "pupil_status", "reason": "leaving_reason"}
_CLASS_CODES = {
    "grade": "grade", "shift": "shift", "language1": "foreign_language", "language2": "foreign_language",
    "inclusion": "inclusion",
}  # fmt: skip
_POSITION_CODES = {
    "status": "staff_status", "group": "staff_group", "job": "staff_job", "contract": "contract", "rank": "rank",
    "qualification": "qualification", "subject": "subject", "standard_self": "standard",
    "standard_superior": "standard",
}  # fmt: skip
_ROOM_CODES = {"kind": "room_kind", "structure": "room_structure", "condition": "room_condition"}
_SCHOOL_CODES = {
    "levels": "level", "ownership": "ownership", "school_type": "school_type",
    "national_standard": "national_standard",
}  # fmt: skip


def _class_names(ids: set[int]) -> dict[int, str]:
    return dict(SchoolClass.objects.filter(pk__in=ids).values_list("pk", "name"))


def _campus_names(ids: set[int]) -> dict[int, str]:
    return dict(Campus.objects.filter(pk__in=ids).values_list("pk", "name"))


def _staff_names(ids: set[int]) -> dict[int, str]:
    return dict(Position.objects.filter(pk__in=ids).values_list("pk", "staff__full_name"))


def of_pupil(enrolment: Enrolment) -> list[Trail]:
    """The person, the enrolment, classes, statuses and guardians, as far as this place may read their events."""
    pk, pupil = enrolment.pk, enrolment.pupil_id
    links = event_model(PupilGuardian).objects.filter(pupil_id=pupil)
    guardians = list(links.values_list("guardian_id", flat=True).distinct())
    return [
        Trail(Pupil, {"pgh_obj_id": pupil}, codes=_PUPIL_CODES, undo=True),
        Trail(
            Enrolment, {"pgh_obj_id": pk}, codes=_ENROLMENT_CODES, undo=True,
            hidden=frozenset({"pupil", "year", "status", "status_on", "current_class"}),
        ),
        Trail(
            Placement, {"enrolment_id": pk}, "Xếp lớp", related={"school_class": _class_names},
            hidden=frozenset({"enrolment"}), labels={"school_class": "Lớp"},
        ),
        Trail(
            StatusChange, {"enrolment_id": pk}, codes=_STATUS_CODES,
            hidden=frozenset({"enrolment", "effective_on"}), labels={"on": "Ngày trạng thái"},
        ),
        Trail(Guardian, {"pgh_obj_id__in": guardians}, "Gia đình", undo=True),
        Trail(PupilGuardian, {"pupil_id": pupil}, "Gia đình", hidden=frozenset({"pupil", "guardian"})),
    ]  # fmt: skip


def of_class(school_class: SchoolClass) -> list[Trail]:
    related = {"campus": _campus_names, "homeroom": _staff_names}
    return [Trail(SchoolClass, {"pgh_obj_id": school_class.pk}, codes=_CLASS_CODES, related=related, undo=True)]


def of_staff(position: Position) -> list[Trail]:
    person = {"sex": "sex", "ethnicity": "ethnicity"}
    return [
        Trail(StaffMember, {"pgh_obj_id": position.staff_id}, codes=person, undo=True),
        Trail(Position, {"pgh_obj_id": position.pk}, codes=_POSITION_CODES, hidden=frozenset({"staff"}), undo=True),
    ]


def of_room(room: Room) -> list[Trail]:
    related = {"campus": _campus_names}
    return [Trail(Room, {"pgh_obj_id": room.pk}, codes=_ROOM_CODES, related=related, undo=True)]


def _room_codes(ids: set[int]) -> dict[int, str]:
    return dict(Room.objects.filter(pk__in=ids).values_list("pk", "code"))


def of_equipment(one: Equipment) -> list[Trail]:
    codes, related = {"group": "equipment_group", "grade": "grade"}, {"campus": _campus_names, "room": _room_codes}
    return [Trail(Equipment, {"pgh_obj_id": one.pk}, codes=codes, related=related, undo=True)]


def of_school(school: School, *, may_write: bool) -> list[Trail]:
    """The school and its campuses. ``may_write``: whether this person may change the school itself."""
    return [
        Trail(
            School, {"pgh_obj_id": school.pk}, codes=_SCHOOL_CODES, hidden=frozenset({"unit", "ward_code"}),
            undo=may_write, fixed={"name": "Tên trường có ngày hiệu lực. Đổi lại ở trang Sửa trường."},
        ),
        Trail(Campus, {"school_id": school.pk}, "Điểm trường", undo=True),
    ]  # fmt: skip
