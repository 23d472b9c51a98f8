from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "khue.school.registry"
    label = "registry"
    verbose_name = "Sổ đăng bộ"

    def ready(self) -> None:
        from . import navigation  # noqa: F401
