"""When an import cannot go on."""


class Refused(Exception):  # noqa: N818 — an outcome, said to the user
    """The message says why and what to do, in Vietnamese."""
