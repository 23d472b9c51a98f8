from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "khue.office.statistics"
    label = "statistics"
    verbose_name = "Thống kê"
