"""Roles and what they may do: data, not code. A role given at a unit counts for all units below it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """Something a person may be allowed to do; ``label`` completes "Phần này cần quyền …"."""

    name: str
    label: str


@dataclass(frozen=True)
class Role:
    code: str
    label: str
    kinds: frozenset[str]
    actions: frozenset[str]
    own_classes_only: bool = False


ACTIONS = {
    action.name: action
    for action in (
        Action("core.home:read", "xem trang đầu"),
        Action("org.schools:read", "xem trường"),
        Action("org.schools:write", "sửa trường"),
        Action("org.years:write", "đặt năm học"),
        Action("accounts.members:write", "quản lý tài khoản"),
        Action("registry.pupils:read", "xem học sinh"),
        Action("registry.pupils:write", "sửa hồ sơ học sinh"),
        Action("registry.pupils:export", "xuất danh sách học sinh"),
        Action("registry.classes:read", "xem lớp"),
        Action("registry.classes:write", "sửa lớp"),
        Action("registry.staff:read", "xem cán bộ, giáo viên"),
        Action("registry.staff:write", "sửa hồ sơ cán bộ"),
        Action("registry.rooms:read", "xem phòng"),
        Action("registry.rooms:write", "sửa phòng"),
        Action("registry.equipment:read", "xem thiết bị"),
        Action("registry.equipment:write", "sửa thiết bị"),
        Action("assessment.teaching:read", "xem môn và phân công"),
        Action("assessment.teaching:write", "lập môn, phân công giảng dạy"),
        Action("assessment.marks:read", "xem sổ điểm"),
        Action("assessment.marks:write", "ghi điểm"),
        Action("assessment.calendar:write", "đặt lịch ghi điểm, mở khóa sổ điểm"),
        Action("intake.sheets:write", "nhập tệp"),
        Action("intake.schools:write", "nhập danh sách trường"),
        Action("statistics.counts:read", "xem số liệu"),
        Action("statistics.official:read", "xem biểu thống kê"),
        Action("statistics.periods:write", "đặt kỳ báo cáo"),
        Action("returns.own:read", "xem báo cáo của trường"),
        Action("returns.own:write", "chuẩn bị báo cáo của trường"),
        Action("returns.own:submit", "trình báo cáo của trường"),
        Action("returns.board:read", "xem bảng nộp báo cáo"),
        Action("returns.review:write", "duyệt báo cáo của trường"),
        Action("registry.checks:read", "kiểm tra dữ liệu"),
        Action("audit.history:read", "xem lịch sử sửa đổi"),
        Action("audit.access:read", "xem nhật ký truy cập"),
    )
}

_READ = {
    "core.home:read", "org.schools:read", "registry.pupils:read", "registry.classes:read", "registry.staff:read",
    "registry.rooms:read", "registry.equipment:read", "statistics.counts:read", "statistics.official:read",
    "registry.checks:read", "audit.history:read", "assessment.teaching:read", "assessment.marks:read",
}  # fmt: skip
_WRITE = {
    "registry.pupils:write", "registry.classes:write", "registry.staff:write", "registry.rooms:write",
    "registry.equipment:write", "intake.sheets:write", "registry.pupils:export",
}  # fmt: skip
_OWN = {"returns.own:read", "returns.own:write"}
_TEACHING = {"assessment.teaching:write"}
_REVIEW = {"returns.board:read", "returns.review:write", "statistics.periods:write"}
_SCHOOL = frozenset({"school"})
_OFFICE = frozenset({"office", "department", "ministry", "commune"})

ROLES = {
    role.code: role
    for role in (
        Role(
            "head", "Lãnh đạo phòng", _OFFICE,
            frozenset(_READ | _REVIEW | {"registry.pupils:export", "audit.access:read"}),
        ),
        Role(
            "specialist", "Chuyên viên", _OFFICE,
            frozenset(
                _READ | _WRITE | _REVIEW | {"org.schools:write", "intake.schools:write", "assessment.calendar:write"}
            ),
        ),
        Role(
            "office_admin", "Quản trị của phòng", _OFFICE,
            frozenset(ACTIONS)
            - {"registry.pupils:write", "registry.staff:write", "assessment.marks:write", "returns.own:submit"}
            - _OWN - _TEACHING,
        ),
        Role(
            "principal", "Hiệu trưởng", _SCHOOL,
            frozenset(
                _READ | _WRITE | _OWN | _TEACHING
                | {"returns.own:submit", "accounts.members:write", "audit.access:read", "assessment.marks:write"}
                | {"assessment.calendar:write"}
            ),
        ),
        Role("clerk", "Văn thư, giáo vụ", _SCHOOL, frozenset(_READ | _WRITE | _OWN | _TEACHING)),
        Role(
            "teacher", "Giáo viên", _SCHOOL,
            frozenset(
                {
                    "core.home:read", "registry.pupils:read", "registry.classes:read", "assessment.teaching:read",
                    "assessment.marks:read", "assessment.marks:write",
                }
            ),
            own_classes_only=True,
        ),
    )
}  # fmt: skip


def actions_of(role_codes: Iterable[str]) -> frozenset[str]:
    """Everything that these roles together may do."""
    return frozenset().union(*(ROLES[code].actions for code in role_codes if code in ROLES))


def roles_allowing(action: str) -> list[str]:
    """Labels of the roles that have an action: the page of refusal says whom to ask."""
    return [role.label for role in ROLES.values() if action in role.actions]
