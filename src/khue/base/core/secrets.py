"""Secrets of the installation, kept in ``KHUE_HOME/secrets`` (0600), made on first use."""

import os
import secrets

from django.conf import settings


def secret(name: str) -> str:
    folder = settings.HOME / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(12))
    return path.read_text("utf-8").strip()
