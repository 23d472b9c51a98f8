from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "khue.office.statistics"
    label = "statistics"
    verbose_name = "Thống kê"

    def ready(self) -> None:
        from khue.base.access.menu import MenuItem, add

        add(
            MenuItem(
                _("Thống kê"), "chart-bar", "official", "statistics.official:read", 240, _("Số liệu"), dock=True,
                guide="bieu-thong-ke",
            ),
            MenuItem(_("Đếm"), "columns-3", "counts", "statistics.counts:read", 260, _("Số liệu"), guide="hieu-truong"),
        )  # fmt: skip
