from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "khue.office.returns"
    label = "returns"
    verbose_name = "Nộp và duyệt"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(
                _("Nộp báo cáo"),
                "send",
                "own-returns",
                "returns.own:read",
                250,
                _("Số liệu"),
                office=False,
                dock=True,
                guide="bao-cao-thong-ke",
            ),
            MenuItem(
                _("Nộp và duyệt"),
                "clipboard-check",
                "returns",
                "returns.board:read",
                250,
                _("Số liệu"),
                school=False,
                dock=True,
                guide="ky-bao-cao-va-duyet",
            ),
        )
