"""The registry (Sổ đăng bộ): persons exist once and belong to no school; what a school owns hangs on the enrolment
or the position, carries ``school_id``, never changes it, and is invisible to other schools in Python and PostgreSQL.
"""

from .links import UserLink
from .persons import Guardian, Person, Pupil, PupilGuardian, Relation, StaffMember
from .places import Campus, Equipment, Room
from .study import Enrolment, Placement, SchoolClass, StatusChange
from .work import Position

__all__ = [
    "Campus",
    "Enrolment",
    "Equipment",
    "Guardian",
    "Person",
    "Placement",
    "Position",
    "Pupil",
    "PupilGuardian",
    "Relation",
    "Room",
    "SchoolClass",
    "StaffMember",
    "StatusChange",
    "UserLink",
]  # fmt: skip
