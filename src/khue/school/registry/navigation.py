"""What the registry adds to the navigation and to the ``/`` box."""

from django.utils.translation import gettext_lazy as _

from khue.base.access.menu import MenuItem, add
from khue.base.registers.search import Shortcut, add_finder, add_shortcuts

from .finders import find_classes, find_equipment, find_pupils, find_schools, find_staff

add(
    MenuItem("Trường", "school", "schools", "org.schools:read", 10, school=False, dock=True),
    MenuItem("Học sinh", "users", "pupils", "registry.pupils:read", 20, dock=True),
    MenuItem("Lớp", "presentation", "classes", "registry.classes:read", 30, dock=True),
    MenuItem("Cán bộ, giáo viên", "id-badge-2", "staff", "registry.staff:read", 40),
    MenuItem("Phòng", "building", "rooms", "registry.rooms:read", 50),
    MenuItem("Thiết bị", "device-desktop", "equipment", "registry.equipment:read", 55),
    MenuItem("Thông tin trường", "building-community", "school", "org.schools:read", 60, office=False),
    MenuItem("Nhật ký truy cập", "eye", "access-log", "audit.access:read", 392, group="Khác"),
)
add_finder(10, _("Lớp"), find_classes)
add_finder(20, _("Học sinh"), find_pupils)
add_finder(30, _("Cán bộ, giáo viên"), find_staff)
add_finder(40, _("Trường"), find_schools)
add_finder(50, _("Thiết bị"), find_equipment)
add_shortcuts(
    Shortcut(_("Thêm học sinh"), "plus", "pupil-add", "registry.pupils:write", "em moi nhap hoc", office=False),
    Shortcut(_("Thêm lớp"), "plus", "class-add", "registry.classes:write", "nhom lop moi", office=False),
    Shortcut(_("Thêm cán bộ, giáo viên"), "plus", "staff-add", "registry.staff:write", "nguoi moi", office=False),
    Shortcut(_("Thêm phòng"), "plus", "room-add", "registry.rooms:write", "phong moi", office=False),
    Shortcut(_("Thêm thiết bị"), "plus", "equipment-add", "registry.equipment:write", "may do dung", office=False),
    Shortcut(_("Thêm điểm trường"), "plus", "campus-add", "registry.rooms:write", "co so", office=False),
)
