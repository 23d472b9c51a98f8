"""The Python environment of the project: made from the lock file, remade when the lock file changes."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from .folders import CHECKOUT, home

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def ensure(*, development: bool = False) -> Path:
    """The environment's Python. Installs the locked packages where the stamp doesn't match the lock file.

    An environment with the development packages serves the runtime too. An interrupted installation leaves no stamp
    and starts afresh.
    """
    folder = home() / "venv"
    wanted = [CHECKOUT / DEVELOPMENT] if development else [CHECKOUT / RUNTIME, CHECKOUT / DEVELOPMENT]
    with open(home() / "venv.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        stamp = folder / "khue.stamp"
        if not stamp.exists() or stamp.read_text() not in {_fingerprint(lock) for lock in wanted}:
            _install(folder, wanted[0])
            stamp.write_text(_fingerprint(wanted[0]))
    return _python(folder)


def _install(folder: Path, lock: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Thiếu gói tạo môi trường Python. Trên Debian, Ubuntu chạy: sudo apt install python{version}-venv")
    count = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    print(f"Tạo môi trường Python với {count} gói theo {lock.name} (chỉ lần đầu, khoảng một phút) …", flush=True)
    if not _python(folder).exists():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    command = [str(_python(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = subprocess.run([*command, "--require-hashes", "-r", str(lock)])
    if result.returncode:
        sys.exit("Chưa cài được các gói Python. Xem dòng báo lỗi ở trên (thường do mạng), rồi chạy lại lệnh này.")


def variables() -> dict[str, str]:
    """Environment variables of every child."""
    return {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT / "src"),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "khue.config.settings"),
        "KHUE_HOME": str(home()),
        "PYTHONUNBUFFERED": "1",
    }


def enter(module: str, arguments: list[str], *, development: bool = False) -> NoReturn:
    """Go on inside the environment: replaces this process."""
    python = ensure(development=development)
    os.execve(python, [str(python), "-m", module, *arguments], variables())
