"""Where things are: the checkout, ``KHUE_HOME`` and what lies in it."""

import hashlib
import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """``KHUE_HOME``, made on first use; by default the folder ``var`` of the checkout."""
    folder = Path(os.environ.get("KHUE_HOME") or CHECKOUT / "var").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def home_id(folder: Path) -> str:
    """A short name for a home, the same each time: names of sockets and folders outside it carry it."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:10]


def secret(name: str) -> str:
    """A random secret in ``secrets/`` of the home (0600), made on first use."""
    folder = home() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text("utf-8").strip()
