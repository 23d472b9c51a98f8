"""The cubes by name: pupils, classes, staff, rooms."""

from .base import SCHOOL_NAME, UNKNOWN, Column, Cube, Dimension
from .classes import CLASSES
from .pupils import PUPILS
from .rooms import ROOMS
from .staff import STAFF

CUBES: dict[str, Cube] = {cube.name: cube for cube in (PUPILS, CLASSES, STAFF, ROOMS)}

__all__ = ["CUBES", "SCHOOL_NAME", "UNKNOWN", "Column", "Cube", "Dimension"]
