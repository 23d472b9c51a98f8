"""Databases for tests: migrated once as the owner into a template, cloned for each process, used as ``khue_app``.

``KHUE_TEST_URL`` is the address of an administrator of the test server (``./khue test`` sets it); without it an
embedded server is started for this run alone.
"""

import atexit
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from khue.launch import database, environment
from khue.launch.postgres import FAST, embedded

_state: dict[str, str] = {}


def admin_url() -> str:
    """The administrator's address of the test server; starts one when nobody has."""
    if "KHUE_TEST_URL" in os.environ:
        return os.environ["KHUE_TEST_URL"]
    if not _state:
        server = embedded(name=f"test-{os.getpid()}", extra=FAST)
        server.start()
        atexit.register(_stop, server)
        _state["url"] = server.url("postgres", server.password, "postgres")
    return _state["url"]


def _stop(server) -> None:  # type: ignore[no-untyped-def]
    import shutil

    server.stop()
    shutil.rmtree(server.data, ignore_errors=True)


def owner_url(name: str) -> str:
    return make_conninfo(admin_url(), user=database.OWNER, password="owner", dbname=name)  # noqa: S106


def app_url(name: str) -> str:
    return make_conninfo(admin_url(), user=database.APP, password="app", dbname=name)  # noqa: S106


@contextmanager
def _alone():  # type: ignore[no-untyped-def]
    """One process at a time makes roles and templates."""
    with psycopg.connect(admin_url(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(4711)")
        yield connection


def template() -> str:
    """Name of the migrated template of this version; made by whoever comes first."""
    name = f"khue_template_{database.fingerprint()[:12]}"
    with _alone() as connection:
        database._role(connection, database.OWNER, "owner", "CREATEROLE")
        database._role(connection, database.APP, "app", "NOCREATEROLE")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [name]).fetchone():
            return name
        _drop(connection, name)
        _create(connection, name, "template0")
        urls = {"DATABASE_URL": owner_url(name), "KHUE_APP_DATABASE_URL": app_url(name)}
        variables = {**environment.variables(), **urls, "DJANGO_SETTINGS_MODULE": "khue.config.settings"}
        for command, role in ((["migrate", "--verbosity", "0"], "owner"), (["load_catalog"], "app")):
            subprocess.run(
                [sys.executable, "-m", "khue.config.manage", *command],
                env={**variables, "KHUE_DATABASE_ROLE": role}, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(name)))
    return name


def clone(name: str, source: str | None = None) -> str:
    """A database of one's own with every table in place."""
    origin = source or template()
    with _alone() as connection:
        _drop(connection, name)
        _create(connection, name, origin)
    return name


def drop(name: str) -> None:
    with psycopg.connect(admin_url(), autocommit=True) as connection:
        _drop(connection, name)


def _create(connection: psycopg.Connection, name: str, source: str) -> None:
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(database.OWNER), sql.Identifier(source)
        )
    )


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def temporary_folder() -> str:
    """A home for settings of tests: secrets, static files, uploads."""
    return tempfile.mkdtemp(prefix="khue-test-")
