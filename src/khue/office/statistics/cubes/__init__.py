"""The cubes by name: pupils, classes, staff, rooms, schools."""

from .base import SCHOOL_COLUMN, SCHOOL_NAME, UNKNOWN, Column, Cube, Dimension
from .classes import CLASSES
from .frozen import frozen
from .pupils import PUPILS
from .rooms import ROOMS
from .schools import SCHOOLS
from .staff import STAFF

CUBES: dict[str, Cube] = {cube.name: cube for cube in (PUPILS, CLASSES, STAFF, ROOMS, SCHOOLS)}

__all__ = ["CUBES", "SCHOOL_COLUMN", "SCHOOL_NAME", "UNKNOWN", "Column", "Cube", "Dimension", "frozen"]
