from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "khue.base.core"
    label = "core"
    verbose_name = "Lõi"
