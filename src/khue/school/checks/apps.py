from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    name = "khue.school.checks"
    label = "checks"
    verbose_name = "Kiểm tra dữ liệu"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(
                _("Kiểm tra dữ liệu"),
                "checks",
                "checks",
                "registry.checks:read",
                220,
                _("Dữ liệu"),
                guide="kiem-tra-du-lieu",
            )
        )
