"""``makemigrations`` that ignores wording: labels, help texts and choices never make a migration."""

from typing import Any

from django.core.management.commands.makemigrations import Command as Original
from django.db.models import Field

WORDING = ("verbose_name", "help_text", "choices")
_deconstruct = Field.deconstruct


def _without_wording(self: Field) -> tuple[str, str, Any, dict[str, Any]]:
    name, path, args, kwargs = _deconstruct(self)
    return name, path, args, {key: value for key, value in kwargs.items() if key not in WORDING}


class Command(Original):
    def handle(self, *args: Any, **options: Any) -> None:
        Field.deconstruct = _without_wording  # type: ignore[method-assign]
        try:
            super().handle(*args, **options)
        finally:
            Field.deconstruct = _deconstruct  # type: ignore[method-assign]
