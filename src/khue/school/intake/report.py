"""The report of an import: one form for the page, the command line and its file (the layout of the issue's §4)."""

from collections.abc import Iterable
from typing import Any

from .models import SheetImport, StagedRow, State

KEYS = ("sheet", "row", "column", "level", "rule", "value", "normalised", "message")
APPLIED = {State.APPLIED}


def file_report(source: SheetImport, path: str | None = None) -> dict[str, Any]:
    """Outcome of one file: counts, refusal, findings by row and cell as the spreadsheet shows them."""
    counts = source.counts or {}
    rows = (
        StagedRow.objects.filter(source=source)
        .exclude(findings=[])
        .order_by("number")
        .values_list("findings", flat=True)
    )
    findings = [*source.findings, *(finding for row in rows for finding in row)]
    return {
        "path": path or source.name,
        "kind": source.kind,
        "profile": source.profile,
        "encoding": source.encoding.get("name", ""),
        "school": source.school.code if source.school else "",
        "rows": counts.get("rows", 0),
        "new": counts.get("new", 0),
        "changed": counts.get("changed", 0),
        "unchanged": counts.get("unchanged", 0),
        "moved_class": counts.get("moved", 0),
        "missing": counts.get("missing", 0),
        "refused": source.refused or None,
        "findings": [{key: finding.get(key) for key in KEYS} for finding in findings],
    }


def whole_report(files: Iterable[dict[str, Any]], *, applied: bool) -> dict[str, Any]:
    return {"files": list(files), "applied": applied}
