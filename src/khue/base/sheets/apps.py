from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "khue.base.sheets"
    label = "sheets"
    verbose_name = "Bảng tính"
