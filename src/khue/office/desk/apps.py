from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "khue.office.desk"
    label = "desk"
    verbose_name = "Bàn làm việc"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(_("Hôm nay"), "home", "home", "core.home:read", 0, dock=True),
            MenuItem(_("Tài khoản"), "users", "members", "accounts.members:write", 390, group=_("Khác")),
            MenuItem(_("Năm học"), "calendar", "school-years", "org.years:write", 391, group=_("Khác"), school=False),
        )
