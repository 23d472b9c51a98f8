"""Reads of imports: the files of a unit, the rows of a file."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from khue.base.org.models import Unit
from khue.base.sheets.fields import KINDS

from .models import SheetImport, StagedRow, State

LATEST = 400
LISTED = (
    "pk", "name", "folder", "kind", "state", "refused", "profile", "encoding", "questions", "counts", "progress",
    "size", "sha256", "school__name", "actor", "created_at", "applied_at", "applied_by", "undone_at",
)  # fmt: skip
NEEDS_LOOK = ~Q(action="unchanged") | Q(worst__in=("error", "ask", "warning"))
FILTERS: dict[str, Q] = {
    "": NEEDS_LOOK,
    "loi": Q(worst="error"),
    "hoi": Q(worst="ask"),
    "canh-bao": Q(worst="warning"),
    "doi": Q(action="changed"),
    "chuyen": Q(action="moved"),
    "moi": Q(action="new"),
    "giu": Q(action="unchanged"),
    "sai": Q(action="wrong"),
}


def files_of(unit: Unit) -> list[dict[str, Any]]:
    """The latest files of a unit, newest first; what was dropped is left out."""
    rows = SheetImport.objects.filter(unit=unit).exclude(state=State.DROPPED)
    return list(rows.order_by("-pk").values(*LISTED)[:LATEST])


def is_clean(file: dict[str, Any]) -> bool:
    """Whether a file (as in ``files_of``) is ready, with something to write and without an error or open question."""
    counts = file["counts"]
    fresh = counts.get("rows", 0) > counts.get("unchanged", 0)
    return file["state"] == State.READY and not file["refused"] and not counts.get("wrong") and fresh


def in_order(files: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Files in the order in which they are to be written: lists that others refer to first."""
    return sorted(files, key=lambda file: (KINDS.index(file["kind"]), file["pk"]))


def waiting_elsewhere(source: SheetImport) -> list[int]:
    """Other files of the same school with rows that wait for something; keys."""
    rows = SheetImport.objects.filter(unit=source.unit_id, school=source.school_id, state=State.READY)
    return list(rows.filter(counts__wrong__gt=0).exclude(pk=source.pk).order_by("pk").values_list("pk", flat=True))


def short_identifiers(source: SheetImport) -> int:
    """Rows whose Ministry identifier lacks a zero."""
    return StagedRow.objects.filter(
        source=source, findings__contains=[{"rule": "identifier", "level": "warning"}]
    ).count()


def unknown_class(source: SheetImport, name: str) -> list[str]:
    """The grades in which a class could be made that rows of a file name and the school does not have."""
    said = [{"rule": "class", "level": "error"}]
    rows = StagedRow.objects.filter(source=source, values__class_code=name, findings__contains=said).order_by("number")
    found = next((f for row in rows[:1] for f in row.findings if f["rule"] == "class"), None)
    return (found["normalised"] or "").split(";") if found else []


def rows_of(source: SheetImport, chosen: str) -> QuerySet[StagedRow]:
    """Rows of a file that a filter leaves, bad ones first."""
    order = Case(
        When(worst="error", then=Value(0)), When(worst="ask", then=Value(1)), When(worst="warning", then=Value(2)),
        default=Value(3),
    )  # fmt: skip
    return StagedRow.objects.filter(FILTERS[chosen], source=source).order_by(order, "number")
