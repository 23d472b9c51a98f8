from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "khue.school.intake"
    label = "intake"
    verbose_name = "Nhập tệp"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(
                _("Nhập tệp Excel"), "table-import", "imports", "intake.sheets:write", 210, _("Dữ liệu"), dock=True
            )
        )
