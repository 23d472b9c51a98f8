"""Writing marks: a batch of cells of one sheet becomes entries at the end of the book's chain, or none does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from khue.base.core.bulk import query

from ..rules.cells import Place, refusal
from ..rules.chain import Entry
from ..selectors.locks import locks_of
from ..selectors.sheets import Book, Cell, Sheet, sheet_of
from .chains import End, append, locked

MOST_CELLS = 3000
"""Cells of one batch: a class of 60 with every column, thrice over."""


class Change(NamedTuple):
    """What somebody wrote into a cell; ``base``: serial of the entry that they saw there, 0 for an empty cell."""

    place: Place
    value: str
    base: int


@dataclass
class Outcome:
    """What became of a batch: cells that hold what was sent, cells where another person was quicker, refused ones."""

    sheet: Sheet
    end: End
    saved: list[tuple[Place, int]] = field(default_factory=list)
    clashes: list[tuple[Place, Cell]] = field(default_factory=list)
    refused: list[tuple[Place, str]] = field(default_factory=list)


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
    sheet = sheet_of(book, term, day)
    outcome, fresh = Outcome(sheet, end), []
    here = {line.enrolment_id for line in sheet.roster.present}
    again = _already(book, batch) if batch else {}
    for place, value, base in _last_of_each(changes):
        cell = sheet.cells.get(place)
        fault, closed = _fault(sheet, place, value, here), locks.closed.get(place.kind)
        if fault:
            outcome.refused.append((place, fault))
        elif cell is not None and cell.value == value:
            outcome.saved.append((place, cell.serial))
        elif place in again:
            outcome.saved.append((place, again[place]))
        elif closed:
            outcome.refused.append((place, closed))
        elif (cell.serial if cell else 0) != base:
            outcome.clashes.append((place, cell or Cell("", 0, "", timezone.now())))
        elif cell is None and not value:
            outcome.saved.append((place, 0))
        else:
            fresh.append((place, value))
    if fresh:
        now = timezone.now()
        entries = [
            Entry(
                book.school_id, book.pk, serial, place.enrolment, term, place.kind, place.number, value, user_id, now,
                device, locks.reasons.get(place.kind) or reason, "", batch,
            )
            for serial, (place, value) in enumerate(fresh, start=end.length + 1)
        ]  # fmt: skip
        outcome.end = append(end, entries)
        for entry, (place, value) in zip(entries, fresh, strict=True):
            outcome.saved.append((place, entry.serial))
            sheet.cells[place] = Cell(value, entry.serial, "", now)
    return outcome


def _last_of_each(changes: Iterable[Change]) -> list[Change]:
    """A cell that was changed twice before it was sent: what it held last."""
    return list({change.place: change for change in changes}.values())


def _fault(sheet: Sheet, place: Place, value: str, here: set[int]) -> str:
    """Why a cell cannot be written, in words."""
    column = sheet.book.column(place.kind, place.number)
    if column is None:
        return "Sổ này không có cột đó"
    if place.enrolment not in here:
        return "Em không còn học ở lớp này"
    return refusal(sheet.book.method, column, value)


def _already(book: Book, batch: UUID) -> dict[Place, int]:
    """Cells that this batch has written before."""
    rows = query(
        """SELECT enrolment_id, kind, number, serial FROM assessment_markentry
        WHERE school_id = %s AND gradebook_id = %s AND batch = %s""",
        [book.school_id, book.pk, batch],
    )
    return {Place(*row[:3]): row[3] for row in rows}
