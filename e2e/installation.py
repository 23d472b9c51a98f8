"""Whole installations for journeys: ``./khue start`` as people run it, in a home of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
READY = "Dừng: Ctrl-C"


@dataclass
class Installation:
    """A running Khuê: its address, home, process and what it printed so far."""

    home: Path
    port: int
    process: subprocess.Popen

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        return (self.home / "start.log").read_text("utf-8")

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """One of Django's commands beside the running installation."""
        command = [sys.executable, str(CHECKOUT / "khue"), "manage", *arguments]
        return subprocess.run(command, env=variables(self.home), capture_output=True, text=True, timeout=180)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


def variables(home: Path) -> dict[str, str]:
    """A clean environment: nothing of the test run reaches the installation."""
    dropped = ("KHUE_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTEST")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return {**kept, "KHUE_HOME": str(home)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_home(name: str = "home") -> Path:
    """A home that the database's system user can reach, with the environment that runs these tests."""
    folder = Path(tempfile.mkdtemp(prefix="khue-e2e-"))
    folder.chmod(0o755)
    home = folder / name
    home.mkdir(mode=0o755)
    (home / "venv").symlink_to(Path(sys.prefix))
    return home


def launch(home: Path, *arguments: str, port: int | None = None) -> Installation:
    """Start and wait until it says that it is ready."""
    chosen = port or free_port()
    with open(home / "start.log", "wb") as log:
        command = [sys.executable, str(CHECKOUT / "khue"), "start", "--port", str(chosen), *arguments]
        process = subprocess.Popen(command, env=variables(home), stdout=log, stderr=log, cwd="/")
    running = Installation(home, chosen, process)
    end = time.monotonic() + 120
    while READY not in running.printed:
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise AssertionError(f"did not start:\n{running.printed}")
        time.sleep(0.05)
    return running


@contextmanager
def installation(*arguments: str) -> Iterator[Installation]:
    home = new_home()
    running = launch(home, *arguments)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        shutil.rmtree(home.parent, ignore_errors=True)


def setup_address(running: Installation) -> str:
    """The address with the set-up code that an empty installation prints."""
    match = re.search(r"http://\S+/thiet-lap/\?ma=\S+", running.printed)
    assert match, running.printed
    return match.group()
