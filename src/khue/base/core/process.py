"""Processes that end together (Linux): a child asks for SIGTERM when its parent dies, even by ``kill -9``."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Call it in the child. Elsewhere than on Linux it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
