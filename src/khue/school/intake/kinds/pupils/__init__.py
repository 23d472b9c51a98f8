"""Lists of pupils (Học sinh): who is who (matching), what changes (checking), writing it all (plan)."""

from .plan import PupilPlan
from .stored import GUARDIAN_FIELDS, RELATIONS, guardians_of, stored_guardians, stored_pupils

__all__ = ["GUARDIAN_FIELDS", "RELATIONS", "PupilPlan", "guardians_of", "stored_guardians", "stored_pupils"]
