"""The rules that run: V01-V11 and V15 of sector-database §6.

Not here yet: V12 (results), V13 (health) and V14 (the period's tables), whose data are not kept yet. That two pupils or
two staff members never share a Ministry identifier or a personal number (V01) is a constraint of the database; what V01
finds here are two records of one child, and identifiers of another form.
"""

from .base import Context, Fault, MendField, Rule, Subject
from .classes import CLASSES, ClassFacts
from .places import ROOMS, SCHOOL, RoomFacts, SchoolFacts
from .pupil_rules import PUPILS
from .pupils import PupilFacts
from .staff import STAFF, StaffFacts

SUBJECTS: dict[str, Subject] = {subject.name: subject for subject in (PUPILS, CLASSES, STAFF, ROOMS, SCHOOL)}


def check_pupil(facts: PupilFacts, context: Context) -> list[tuple[Rule, Fault]]:
    """Every rule on one pupil."""
    return PUPILS.faults(facts, context)


def check_class(facts: ClassFacts, context: Context) -> list[tuple[Rule, Fault]]:
    """Every rule on one class."""
    return CLASSES.faults(facts, context)


def check_staff(facts: StaffFacts, context: Context) -> list[tuple[Rule, Fault]]:
    """Every rule on one staff member."""
    return STAFF.faults(facts, context)


__all__ = [
    "SUBJECTS", "ClassFacts", "Context", "Fault", "MendField", "PupilFacts", "RoomFacts", "Rule", "SchoolFacts",
    "StaffFacts", "Subject", "check_class", "check_pupil", "check_staff",
]  # fmt: skip
