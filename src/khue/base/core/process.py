"""Habits of long-running processes: ending with their parent, and not looking for garbage in what stays."""

import ctypes
import gc
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Call it in the child. Elsewhere than on Linux it does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def settle_memory() -> None:
    """What was loaded by now stays for good: leave it out of the search for garbage, and search less often.

    A page makes tens of thousands of small objects and few cycles; the usual threshold searches several times a page
    (measured: 7 % of the time of a page).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
