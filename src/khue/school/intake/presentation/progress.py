"""How far reading or writing a file is, in words and as a share."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.base.core.templatetags.khue import number
from khue.base.core.told import Told
from khue.school.intake.models import SheetImport, State

STEPS = {
    "SheetImport": gettext_lazy("Đang đối chiếu lần cuối"),
    "SchoolClass": gettext_lazy("Đang ghi lớp"),
    "StaffMember": gettext_lazy("Đang ghi hồ sơ cán bộ"),
    "Position": gettext_lazy("Đang ghi vị trí công tác"),
    "Room": gettext_lazy("Đang ghi phòng"),
    "School": gettext_lazy("Đang ghi trường"),
    "Pupil": gettext_lazy("Đang ghi hồ sơ học sinh"),
    "Enrolment": gettext_lazy("Đang ghi danh học sinh"),
    "Placement": gettext_lazy("Đang xếp lớp"),
    "Guardian": gettext_lazy("Đang ghi người thân"),
    "PupilGuardian": gettext_lazy("Đang nối người thân với học sinh"),
    "StatusChange": gettext_lazy("Đang ghi trạng thái"),
    "StagedRow": gettext_lazy("Đang lưu kết quả từng dòng"),
}
_WRITTEN = {
    "schools": ("School",),
    "staff": ("StaffMember", "Position"),
    "classes": ("SchoolClass",),
    "pupils": ("SchoolClass", "Pupil", "Enrolment", "Placement", "Guardian", "PupilGuardian", "StatusChange"),
    "rooms": ("Room",),
}


def order_of(kind: str) -> tuple[str, ...]:
    """The steps of writing a kind, in the order in which they come."""
    return ("SheetImport", *_WRITTEN.get(kind, ()), "StagedRow")


def share(kind: str, told: Told) -> int:
    """How much of the writing is done, in percent; every step counts alike."""
    steps = order_of(kind)
    if told.step not in steps:
        return 0
    within = told.done / told.total if told.total else 0
    return int(100 * (steps.index(told.step) + within) / len(steps))


def words(told: Told) -> str:
    """ "Đang ghi hồ sơ học sinh: 1.480 dòng", and of a long list "2.000/6.200 dòng"."""
    rows = f"{number(told.done)}/{number(told.total)}" if told.done else number(told.total)
    return _("{what}: {rows} dòng").format(what=STEPS.get(told.step, _("Đang ghi")), rows=rows)


def job_of(source: SheetImport, told: Told | None) -> dict[str, Any]:
    """What ``core/progress.html`` shows of a file in the hands of a job."""
    rows = source.progress.get("rows")
    job: dict[str, Any] = {"items": [], "left": _("Thường xong trong vài giây")}
    if source.state == State.APPLYING and told is not None:
        left = _("Ghi cả tệp trong một lần, hoặc không ghi gì")
        return job | {"label": words(told), "percent": share(source.kind, told), "left": left}
    if source.state == State.APPLYING:
        return job | {"label": _("Chờ đến lượt ghi"), "left": _("Ghi cả tệp trong một lần, hoặc không ghi gì")}
    if rows:
        return job | {"label": _("Đã mở {n} dòng, đang đối chiếu với dữ liệu trường").format(n=number(rows))}
    return job | {"label": _("Đang mở tệp")}
