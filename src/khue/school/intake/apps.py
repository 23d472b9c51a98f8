from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "khue.school.intake"
    label = "intake"
    verbose_name = "Nhập tệp"
