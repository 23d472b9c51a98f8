from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "khue.config"
    label = "config"
    verbose_name = "Cài đặt"
