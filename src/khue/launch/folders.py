"""Where things are: the checkout, ``KHUE_HOME`` and what lies in it."""

import hashlib
import os
from pathlib import Path

from khue.base.core import secrets

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
    """A secret of this home, made on first use."""
    return secrets.secret(home(), name)
