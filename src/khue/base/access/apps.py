from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "khue.base.access"
    label = "access"
    verbose_name = "Quyền"

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401
