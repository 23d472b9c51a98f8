"""Fixtures of all tests: the real database, as the role that the application has."""

import os
import tempfile

os.environ.setdefault("KHUE_TEST_HOME", tempfile.mkdtemp(prefix="khue-test-"))
if "KHUE_TEST_URL" in os.environ:
    os.environ["KHUE_HOME"] = os.environ["KHUE_TEST_HOME"]

import pytest
from django.db import connections

from khue.testing import database


def pytest_configure() -> None:
    """Tests use static files by their plain names: nothing has to be collected first."""
    from django.conf import settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


pytest_plugins = ["khue.testing.fixtures"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, request):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"khue_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        database.clone(name)
        _use(database.app_url(name))
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop(name)


def _use(url: str) -> None:
    from khue.config.settings import _database

    connection = connections["default"]
    connection.close()
    connection.settings_dict.update({key: value for key, value in _database(url).items() if key != "ENGINE"})
