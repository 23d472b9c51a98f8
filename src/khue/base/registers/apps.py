from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "khue.base.registers"
    label = "registers"
    verbose_name = "Sổ"
