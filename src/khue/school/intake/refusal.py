"""When an import cannot go on."""

from collections.abc import Sequence


class Refused(Exception):  # noqa: N818 — an outcome, said to the user
    """The message says why and what to do, in Vietnamese; ``lines`` are single obstacles, one a line."""

    def __init__(self, message: str, lines: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.lines = list(lines)
