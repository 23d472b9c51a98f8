"""The registers of this app: declarations for ``khue.base.registers``."""

from .classes import CLASSES
from .equipment import EQUIPMENT_REGISTER
from .pupils import PUPILS
from .rooms import ROOMS
from .schools import SCHOOLS
from .staff import STAFF

__all__ = ["CLASSES", "EQUIPMENT_REGISTER", "PUPILS", "ROOMS", "SCHOOLS", "STAFF"]
