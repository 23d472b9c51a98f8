"""What assessment adds to the navigation and to the ``/`` box."""

from django.utils.translation import gettext_lazy as _

from khue.base.access.menu import MenuItem, add
from khue.base.registers.search import Shortcut, add_finder, add_shortcuts

from .finders import find_books

add(
    MenuItem(_("Sổ điểm"), "notebook", "gradebooks", "assessment.marks:read", 32, office=False, guide="so-diem"),
    MenuItem(
        _("Môn và phân công"), "id-badge-2", "teaching", "assessment.teaching:read", 35, office=False,
        guide="mon-va-phan-cong",
    ),
)  # fmt: skip
add_finder(15, _("Sổ điểm"), find_books)
add_shortcuts(
    Shortcut(_("Lịch ghi điểm"), "calendar", "mark-calendar", "assessment.calendar:write", "khoa so ngay"),
    Shortcut(
        _("Mở khóa sổ điểm"), "lock", "reopenings", "assessment.calendar:write", "xin sua diem", office=False
    ),
    Shortcut(
        _("Phân công giảng dạy"), "notebook", "teaching-by-teacher", "assessment.teaching:write",
        "giao vien day mon lop", office=False,
    ),
    Shortcut(
        _("Lập môn cho các lớp"), "plus", "teaching-set-up", "assessment.teaching:write", "mon hoc tu chon",
        office=False,
    ),
)  # fmt: skip
