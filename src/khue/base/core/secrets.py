"""Secrets of the installation; standard library only, since the launcher and the settings ask too."""

import os
import secrets
from pathlib import Path


def secret(home: Path, name: str, *, size: int = 32) -> str:
    """A random secret of ``size`` bytes kept in ``secrets/<name>`` of ``KHUE_HOME`` (0600), made on first use."""
    folder = home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(size))
    return path.read_text("utf-8").strip()
