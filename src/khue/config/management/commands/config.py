"""``./khue manage config``: every setting, its value in force and where it came from."""

from typing import Any

from django.core.management.base import BaseCommand

from khue.config import keys


class Command(BaseCommand):
    help = "In bảng cài đặt: khóa, giá trị đang dùng, nguồn, ý nghĩa"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        values = keys.read()
        for key in keys.KEYS:
            value, source = values[key.name]
            shown = "(giữ kín)" if key.name == "secret_key" and value else value
            self.stdout.write(f"{key.environment:<22} {shown!s:<40} {source:<16} {key.help}")
