"""The kinds of lists that can be imported, each a plan."""

from .base import Plan, Row, Setting
from .classes import ClassPlan
from .equipment import EquipmentPlan
from .pupils import PupilPlan
from .rooms import RoomPlan
from .schools import SchoolPlan
from .staff import StaffPlan

PLANS: dict[str, type[Plan]] = {
    p.kind: p for p in (SchoolPlan, StaffPlan, ClassPlan, PupilPlan, RoomPlan, EquipmentPlan)
}

__all__ = ["PLANS", "Plan", "Row", "Setting"]
