"""What assessment adds to the navigation and to the ``/`` box."""

from django.utils.translation import gettext_lazy as _

from khue.base.access.menu import MenuItem, add
from khue.base.registers.search import Shortcut, add_finder, add_shortcuts

from .finders import find_books

add(
    MenuItem(
        _("Môn và phân công"), "notebook", "teaching", "assessment.teaching:read", 35, office=False,
        guide="mon-va-phan-cong",
    ),
)  # fmt: skip
add_finder(15, _("Sổ điểm"), find_books)
add_shortcuts(
    Shortcut(
        _("Phân công giảng dạy"), "notebook", "teaching-by-teacher", "assessment.teaching:write",
        "giao vien day mon lop", office=False,
    ),
    Shortcut(
        _("Lập môn cho các lớp"), "plus", "teaching-set-up", "assessment.teaching:write", "mon hoc tu chon",
        office=False,
    ),
)  # fmt: skip
