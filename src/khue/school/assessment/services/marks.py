"""Writing marks: a batch of cells of one sheet becomes entries at the end of the book's chain, or none does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from khue.base.core.bulk import query

from ..rules.cells import Spot, refusal
from ..rules.chain import Entry
from ..selectors.locks import locks_of
from ..selectors.sheets import Book, Cell, Sheet, sheet_of
from .chains import End, append, locked

MOST_CELLS = 3000
"""Cells of one batch: a class of 60 with every column, thrice over."""


class Change(NamedTuple):
    """What somebody wrote into a cell; ``base``: serial of the entry that they saw there, 0 for an empty cell."""

    spot: Spot
    value: str
    base: int


@dataclass
class Outcome:
    """What became of a batch: cells that hold what was sent, cells where another person was quicker, refused ones."""

    sheet: Sheet
    end: End
    saved: list[tuple[Spot, int]] = field(default_factory=list)
    clashes: list[tuple[Spot, Cell]] = field(default_factory=list)
    refused: list[tuple[Spot, str]] = field(default_factory=list)


@transaction.atomic
def save_cells(
    *, book: Book, term: int, changes: Sequence[Change], user_id: int, day: date, device: str = "",
    batch: UUID | None = None, reason: str = "",
) -> Outcome:  # fmt: skip
    """Write cells of a sheet.

    A cell is written when the newest entry is the one that its writer saw. Sent twice, it is found saved: the cell
    already holds the value, or the batch has an entry for it.
    """
    locks = locks_of(book, term, timezone.now())
    end = locked(book.school_id, [book.pk])[book.pk]
    outcome = Outcome(sheet_of(book, term, day), end)
    fresh = _judged(outcome, changes, locks.closed, _already(book, batch) if batch else {})
    if fresh:
        now = timezone.now()
        entries = [
            Entry(
                book.school_id, book.pk, serial, spot.enrolment, term, spot.kind, spot.number, value, user_id, now,
                device, locks.reasons.get(spot.kind) or reason, "", batch,
            )
            for serial, (spot, value) in enumerate(fresh, start=end.length + 1)
        ]  # fmt: skip
        outcome.end = append(end, entries)
        for entry, (spot, value) in zip(entries, fresh, strict=True):
            outcome.saved.append((spot, entry.serial))
            outcome.sheet.cells[spot] = Cell(value, entry.serial, "", now)
    return outcome


def _judged(
    outcome: Outcome, changes: Iterable[Change], closed: Mapping[str, str], again: Mapping[Spot, int]
) -> list[tuple[Spot, str]]:
    """Notes what is refused, saved already or clashes; returns what is to be written."""
    sheet, fresh = outcome.sheet, []
    here = {line.enrolment_id for line in sheet.roster.present}
    for spot, value, base in _last_of_each(changes):
        cell = sheet.cells.get(spot)
        fault = _fault(sheet, spot, value, here)
        if fault:
            outcome.refused.append((spot, fault))
        elif cell is not None and cell.value == value:
            outcome.saved.append((spot, cell.serial))
        elif spot in again:
            outcome.saved.append((spot, again[spot]))
        elif closed.get(spot.kind):
            outcome.refused.append((spot, closed[spot.kind]))
        elif (cell.serial if cell else 0) != base:
            outcome.clashes.append((spot, cell or Cell("", 0, "", timezone.now())))
        elif cell is None and not value:
            outcome.saved.append((spot, 0))
        else:
            fresh.append((spot, value))
    return fresh


def _last_of_each(changes: Iterable[Change]) -> list[Change]:
    """A cell that was changed twice before it was sent: what it held last."""
    return list({change.spot: change for change in changes}.values())


def _fault(sheet: Sheet, spot: Spot, value: str, here: set[int]) -> str:
    """Why a cell cannot be written, in words."""
    column = sheet.book.column(spot.kind, spot.number)
    if column is None:
        return "Sổ này không có cột đó"
    if spot.enrolment not in here:
        return "Em không còn học ở lớp này"
    return refusal(sheet.book.method, column, value)


def _already(book: Book, batch: UUID) -> dict[Spot, int]:
    """Cells that this batch has written before."""
    rows = query(
        """SELECT enrolment_id, kind, number, serial FROM assessment_markentry
        WHERE school_id = %s AND gradebook_id = %s AND batch = %s""",
        [book.school_id, book.pk, batch],
    )
    return {Spot(*row[:3]): row[3] for row in rows}
