"""Keeping what a verification found, school by school."""

from django.utils import timezone

from khue.base.core.scope import open_scope

from ..models import Verification
from ..selectors.chains import told, verify


def verify_school(school_id: int) -> Verification:
    """Recompute every chain of a school and note what was found; a transaction and a scope of its own."""
    with open_scope([school_id], actor="Khuê", action="kiểm chuỗi điểm"):
        found = verify([school_id])
        return Verification.objects.create(
            school_id=school_id, verified_at=timezone.now(), entries=found.entries, chains=found.chains,
            faults=[told(fault) for fault in found.faults],
        )  # fmt: skip
