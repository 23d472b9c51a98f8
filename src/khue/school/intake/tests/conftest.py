"""Uploading through the client and doing the deferred jobs as the worker would."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from khue.base.core.scope import open_scope
from khue.school.intake import jobs
from khue.school.intake.models import SheetImport

TASKS = {"intake.read": jobs.read_job, "intake.apply": jobs.apply_job}


def deferred() -> list[tuple[int, str, dict[str, Any]]]:
    """(id, task, arguments) of the jobs that wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [
            (key, name, json.loads(args) if isinstance(args, str) else args) for key, name, args in cursor.fetchall()
        ]


def work() -> int:
    """Do every waiting job with the arguments that it was deferred with; how many."""
    done = deferred()
    for key, name, arguments in done:
        TASKS[name](**arguments)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [key])
    return len(done)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Files go to the test's folder."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def base(school) -> str:
    return f"/truong/{school.code}/nhap-tep/"


@pytest.fixture
def upload(clerk_client: Client, base: str) -> Callable[..., HttpResponse]:
    """Send files to the page as the clerk: paths, or (name, bytes)."""

    def send(
        *files: Path | tuple[str, bytes], client: Client = clerk_client, to: str = base, **fields: str
    ) -> HttpResponse:
        pairs = [(f.name, f.read_bytes()) if isinstance(f, Path) else f for f in files]
        return client.post(to, {**fields, "tep": [SimpleUploadedFile(name, data) for name, data in pairs]})

    return send


@pytest.fixture
def taken(upload: Callable[..., HttpResponse], school) -> Callable[..., SheetImport]:
    """Upload a file and read it."""

    def take(path: Path, **fields: str) -> SheetImport:
        upload(path, **fields)
        assert work() == 1
        return latest(school)

    return take


def latest(school) -> SheetImport:
    with open_scope([school.pk]):
        return SheetImport.objects.latest("pk")
