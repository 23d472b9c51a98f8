"""``./khue test``: everything, in parallel, on an embedded PostgreSQL of its own; with CI=true or ``--all`` the
database tests once more on a distribution PostgreSQL 15."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import environment
from .folders import CHECKOUT
from .postgres import FAST, DatabaseTrouble, Server, embedded, trouble

DISTRIBUTION = Path("/usr/lib/postgresql/15/bin")


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def chromium() -> str | None:
    """The browser, installed from Debian's packages where that is allowed."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Cài Chromium từ gói Debian cho kiểm thử trình duyệt …", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium"], stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
        found = shutil.which("chromium")
    return found


def run(server: Server, arguments: list[str], *, browser: str | None) -> int:
    """One run of pytest against a server of its own."""
    server.start()
    try:
        variables = {
            **environment.variables(),
            "KHUE_TEST_URL": server.url("postgres", server.password, "postgres"),
            "KHUE_TEST_BROWSER": browser or "",
        }
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        return subprocess.run(command, env=variables, cwd=CHECKOUT).returncode
    finally:
        server.stop()
        shutil.rmtree(server.data, ignore_errors=True)


def parallel(arguments: list[str]) -> list[str]:
    """Two workers unless the caller says otherwise; a module stays on one worker, since journeys
    build on each other; they come first, being the longest."""
    if any(a.startswith("-n") for a in arguments):
        return arguments
    return ["-n", str(os.cpu_count() or 2), "--dist", "loadscope", "--no-loadscope-reorder", *arguments]


def main() -> None:
    arguments = [a for a in sys.argv[1:] if a != "--all"]
    again = "--all" in sys.argv[1:] or is_ci()
    browser = chromium()
    marks = [] if browser else ["-m", "not browser"]
    if browser is None:
        if is_ci():
            sys.exit("Thiếu Chromium: kiểm thử trình duyệt là bắt buộc khi CI=true.")
        print("Không có Chromium: các kiểm thử trình duyệt KHÔNG được chạy.", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="khue-test-home-") as folder:
            os.environ["KHUE_HOME"] = folder
            os.chmod(folder, 0o755)  # noqa: S103  # our own folder: the database's system user must reach its data in it
            code = run(embedded(name="test", extra=FAST), [*parallel(arguments), *marks], browser=browser)
            if code == 0 and again:
                code = again_on_distribution(arguments)
    except DatabaseTrouble as error:
        trouble(error)
    sys.exit(code)


def again_on_distribution(arguments: list[str]) -> int:
    """The tests that need a database, on PostgreSQL 15 of the distribution."""
    if not (DISTRIBUTION / "postgres").exists():
        if is_ci():
            sys.exit("Thiếu PostgreSQL 15 của hệ điều hành (gói postgresql-15): bắt buộc khi CI=true.")
        print("Không có PostgreSQL 15 của hệ điều hành: KHÔNG chạy lại trên đó.", flush=True)
        return 0
    print("\nChạy lại các kiểm thử cơ sở dữ liệu trên PostgreSQL 15 của hệ điều hành …", flush=True)
    server = embedded(name="test15", extra=FAST, binaries=DISTRIBUTION)
    return run(server, [*parallel(arguments), "-m", "django_db and not browser and not launcher"], browser=None)


if __name__ == "__main__":
    main()
