"""The job worker (``./khue start`` runs one): gives jobs of killed workers back, then works until stopped."""

from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app


class Command(BaseCommand):
    help = "Chạy các việc nền"

    def handle(self, *args: Any, **options: Any) -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())
        with worker_app.replace_connector(worker_app.connector):
            worker_app.run_worker(concurrency=2, listen_notify=True, delete_jobs="never")
