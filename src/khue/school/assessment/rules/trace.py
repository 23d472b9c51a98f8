"""How a result explains itself.

A trace is plain data (strings, numbers, tuples), cheap to make for a whole city and stored as it is: ``json.dumps``
writes it as an array, ``unpack`` reads it back. Words are made from it when somebody asks (`wording.py`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Missing(NamedTuple):
    """What a result still waits for: ``what`` is formative, midterm, final, conduct, absences …, ``number`` of them."""

    subject: str
    term: int
    what: str
    number: int = 1


class Lift(NamedTuple):
    """A change that would lift the result to ``value``: every (subject or other fact, what it needs)."""

    value: int
    changes: tuple[tuple[str, int], ...]


class Trace(NamedTuple):
    """One result and why it is so.

    ``rule`` names formula, article and scale in `wording.RULES`. ``value`` None: it cannot be determined yet,
    ``missing`` says why. ``term``: 1, 2, 0 for the year, 3 after the summer. ``decided``: conditions (code,
    parameters …) that made it this value and no better. ``lifts``: alternatives, each the nearest of its kind.
    """

    rule: str
    value: int | None
    subject: str = ""
    term: int = 0
    inputs: tuple[Any, ...] = ()
    decided: tuple[tuple[Any, ...], ...] = ()
    lifts: tuple[Lift, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def base(self) -> int | None:
        """The level before it was adjusted for a single subject."""
        return next((condition[1] for condition in self.decided if condition[0] == "adjusted"), self.value)


def unpack(stored: Sequence[Any]) -> Trace:
    """The trace that was written as a JSON array."""
    rule, value, subject, term, inputs, decided, lifts, missing = _tuples(stored)
    return Trace(
        rule,
        value,
        subject,
        term,
        inputs,
        decided,
        tuple(Lift(*lift) for lift in lifts),
        tuple(Missing(*item) for item in missing),
    )


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def all_missing(traces: Sequence[Trace]) -> tuple[Missing, ...]:
    """Everything that the traces wait for, each thing once."""
    return tuple(dict.fromkeys(item for trace in traces for item in trace.missing))
