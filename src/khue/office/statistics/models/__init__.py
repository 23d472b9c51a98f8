"""Periods, reports of schools, and their frozen figures."""

from .periods import LEVELS, EnteredFigure, PeriodKind, ReportingPeriod, Return, ReturnState
from .snapshots import ClassFact, PupilFact, RoomFact, SchoolFact, Seal, Snapshot, StaffFact, extras, table_of

__all__ = [
    "LEVELS",
    "ClassFact",
    "EnteredFigure",
    "PeriodKind",
    "PupilFact",
    "ReportingPeriod",
    "Return",
    "ReturnState",
    "RoomFact",
    "SchoolFact",
    "Seal",
    "Snapshot",
    "StaffFact",
    "extras",
    "table_of",
]
