"""The job worker (``./khue start`` runs one): works until stopped."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from khue.base.core.jobs import work


class Command(BaseCommand):
    help = "Chạy các việc nền"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="dừng khi không còn việc chờ")

    def handle(self, *args: Any, **options: Any) -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:  # type: ignore[attr-defined]
            asyncio.run(work(worker_app, wait=not options["until_idle"]))
