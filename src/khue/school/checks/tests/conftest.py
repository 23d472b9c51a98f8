"""What the checks need in tests."""

from datetime import date

import pytest

from khue.base.org.rules import usual_calendar
from khue.school.checks.rules import Context

CODES = {
    "number_province": {"074", "079"}, "ethnicity": {"01", "05", "55"}, "nationality": {"VN"}, "religion": set(),
    "entry_kind": {"tuyen_moi"}, "poverty": {"ngheo", "can_ngheo"}, "disability": {"01"},
    "pupil_status": {str(n) for n in range(1, 13)}, "leaving_reason": {"01"}, "shift": {"ca_ngay"},
    "foreign_language": {"anh"}, "inclusion": {"hoa_nhap", "chuyen_biet"}, "staff_status": {"1", "2", "5"},
    "staff_group": {"1", "2", "3"}, "staff_job": {"01", "gv", "17"}, "contract": {"1"}, "qualification": {"07", "16"},
    "subject": {"toan"}, "rank": set(), "rank_code": set(), "standard": {"1"}, "room_kind": {"phong_hoc"},
    "room_structure": {"kien_co"}, "room_condition": set(), "ownership": {"1"}, "school_type": set(),
    "national_standard": set(),
}  # fmt: skip


@pytest.fixture
def context() -> Context:
    """The school year 2026 with small code lists."""
    codes = {name: frozenset(values) for name, values in CODES.items()}
    return Context(usual_calendar(2026), date(2026, 11, 24), codes)
