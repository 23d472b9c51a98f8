"""Limits, and the one exception by which the child says why it does not read a file."""

MAX_ROWS = 100_000
"""Rows of one sheet."""
MAX_CELLS = 2_000_000
"""Cells of one file, counted as the box from A1 to each sheet's last value."""
MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes of all parts of a ZIP container together, unpacked."""
MAX_RATIO = 200
"""Unpacked : packed, for parts larger than 5 MB; worksheets reach about 30."""
MAX_PARTS = 5_000
MAX_MERGED = 20_000
MAX_SHEETS = 300


class Refused(Exception):  # noqa: N818 — an outcome, said to the user
    """Why a file is not read: a code, known to the parent's messages, and the details that the message names."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
