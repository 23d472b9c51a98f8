"""What tests of pages share."""

import re
from datetime import date
from typing import Any

from khue.testing import factories

NAMES = ["Trần Văn Đức", "Lê Thị Bình", "Nguyễn An", "Phạm Hoàng Dũng", "Võ Thiên Ân", "Đỗ Anh Đào"]
SORTED = ["Nguyễn An", "Võ Thiên Ân", "Lê Thị Bình", "Phạm Hoàng Dũng", "Đỗ Anh Đào", "Trần Văn Đức"]


def url(school: Any, rest: str = "") -> str:
    return f"/truong/{school.code}/{rest}"


def text(response: Any) -> str:
    """What a person reads: the answer without tags."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def listed(response: Any) -> list[str]:
    """The names of a list in their order."""
    cells = re.findall(r'<th role="rowheader"[^>]*>(.*?)</th>', response.content.decode())
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


def several_pupils(school: Any, klass: Any) -> list[Any]:
    return [factories.pupil(school, klass, full_name=name) for name in NAMES]


def pupil_form(**changes: Any) -> dict[str, Any]:
    """A right form of a pupil; a boy born 2015."""
    return {
        "full_name": "Nguyễn Minh Khôi", "birth_date": "14/03/2015", "sex": "1", "ethnicity": "01",
        "personal_number": "074215123456", "nationality": "VN", "status": "1", "since": "05/09/2026", **changes,
    }  # fmt: skip


TODAY = date(2026, 11, 24)
