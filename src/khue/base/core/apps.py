from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "khue.base.core"
    label = "core"
    verbose_name = "Lõi"

    def ready(self) -> None:
        from . import lookups  # noqa: F401  # registers them
