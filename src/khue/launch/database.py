"""Roles, database, migrations, first data. Runs inside the environment (psycopg)."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from . import environment
from .folders import CHECKOUT, secret
from .postgres import DatabaseTrouble, Server

OWNER, APP, NAME = "khue_owner", "khue_app", "khue"
OLDEST = 150000


def prepare_embedded(server: Server, *, name: str = NAME) -> dict[str, str]:
    """Owner, application role and database on our own server; returns the addresses for children."""
    admin = server.url("postgres", server.password, "postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        _role(connection, OWNER, secret("owner"), "CREATEROLE")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
    owner = server.url(OWNER, secret("owner"), name)
    return {"DATABASE_URL": owner, "KHUE_APP_DATABASE_URL": prepare_app_role(owner)}


def prepare_external(owner: str) -> dict[str, str]:
    """The same on the server of ``DATABASE_URL``; a too old or unreachable one is named in one line."""
    target = conninfo_to_dict(owner)
    where = f"{target.get('host', 'localhost')}:{target.get('port', 5432)}/{target.get('dbname', '')}"
    try:
        with psycopg.connect(owner, connect_timeout=10) as connection:
            version = connection.info.server_version
    except psycopg.OperationalError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = next((line.split("failed: ", 1)[-1] for line in lines if "failed: " in line), lines[-1])
        raise DatabaseTrouble(f"Không nối được máy chủ PostgreSQL {where} của DATABASE_URL: {reason}") from error
    if version < OLDEST:
        raise DatabaseTrouble(f"Máy chủ PostgreSQL {where} là bản {version // 10000}; Khuê cần PostgreSQL 15 trở lên")
    return {"DATABASE_URL": owner, "KHUE_APP_DATABASE_URL": prepare_app_role(owner)}


def prepare_app_role(owner: str) -> str:
    """Create ``khue_app`` as the owner; without CREATEROLE the given ``KHUE_APP_DATABASE_URL`` must work."""
    given = os.environ.get("KHUE_APP_DATABASE_URL")
    if given and "DATABASE_URL" in os.environ:
        return given
    password = secret("app")
    with psycopg.connect(owner, autocommit=True) as connection:
        try:
            _role(connection, APP, password, "NOCREATEROLE")
        except psycopg.errors.InsufficientPrivilege as error:
            name = conninfo_to_dict(owner)["dbname"]
            raise DatabaseTrouble(
                "DATABASE_URL không có quyền tạo vai trò (CREATEROLE). Nhờ người quản trị chạy:\n"
                f"  CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEROLE PASSWORD '…';\n"
                f"  GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {APP};\n"
                "rồi đặt KHUE_APP_DATABASE_URL=postgresql://khue_app:…@máy-chủ/cơ-sở-dữ-liệu"
            ) from error
        database = sql.Identifier(connection.info.dbname)
        connection.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, sql.Identifier(APP))
        )
    return make_conninfo(owner, user=APP, password=password)


def _role(connection: psycopg.Connection, name: str, password: str, attribute: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if exists else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(name), sql.SQL(attribute), sql.Literal(password)
        )
    )


# --- migrations ---------------------------------------------------------------------------------------------------


def fingerprint() -> str:
    """What the database must have seen: our migrations, catalogue data and the locked packages."""
    digest = hashlib.sha256((CHECKOUT / environment.RUNTIME).read_bytes())
    root = CHECKOUT / "src" / "khue"
    for path in sorted([*root.glob("*/*/migrations/*.py"), *root.glob("base/catalog/data/*")]):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_migrated(owner: str) -> bool:
    """One query against the stored list: asking Django takes 2.6 s."""
    with psycopg.connect(owner) as connection:
        try:
            row = connection.execute("SELECT 1 FROM core_release WHERE fingerprint = %s", [fingerprint()]).fetchone()
        except psycopg.errors.UndefinedTable:
            return False
    return row is not None


def migrate(urls: dict[str, str]) -> None:
    """Bring the database to this version; the catalogue's data comes with it."""
    manage(["migrate", "--verbosity", "0"], {**urls, "KHUE_DATABASE_ROLE": "owner"})
    manage(["load_catalog", "--verbosity", "0"], urls)
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO core_release (fingerprint) VALUES (%s) ON CONFLICT DO NOTHING", [fingerprint()])


def manage(arguments: list[str], urls: dict[str, str]) -> None:
    """Run one of Django's commands as a child; a failure ends the launcher."""
    command = [sys.executable, "-m", "khue.config.manage", *arguments]
    # to the standard error: the output of ./khue manage belongs to the command that was asked for
    result = subprocess.run(command, env={**environment.variables(), **urls}, cwd=Path.cwd(), stdout=sys.stderr)
    if result.returncode:
        sys.exit(result.returncode)


def analyse(owner: str) -> None:
    """Statistics for the planner after much was written, and pages marked as seen by all; only the owner may."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, SKIP_LOCKED)")


def is_empty(owner: str) -> bool:
    """Whether the installation has no office yet."""
    with psycopg.connect(owner) as connection:
        return connection.execute("SELECT 1 FROM org_unit LIMIT 1").fetchone() is None
