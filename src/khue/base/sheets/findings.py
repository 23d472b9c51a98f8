"""What a check has to say about a cell, a row or a whole file."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

Level = Literal["error", "ask", "warning", "normalised"]

LEVELS: tuple[Level, ...] = ("error", "ask", "warning", "normalised")
"""Gravest first: lỗi (the row stays out), câu hỏi (open question), cảnh báo, đã chuẩn hóa (changed by Khuê)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark, in Vietnamese, that says what is wrong and how to mend it.

    `rule` is the number in the domain page (V02) or the importer's own name ("date", "identifier").
    `value` is what the cell holds, `normalised` what is or would be written instead; `sheet`, `row` and `column` are
    those that the spreadsheet shows ("Sheet1", 12, "F"), all None while the finding has no place yet.
    """

    level: Level
    rule: str
    message: str
    value: str = ""
    normalised: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def at(self, sheet: str | None, row: int | None, column: str | None) -> "Finding":
        """The same finding with its place."""
        return replace(self, sheet=sheet, row=row, column=column)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the report in JSON."""
        return {name: getattr(self, name) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Finding))

NOTHING: tuple[Finding, ...] = ()
"""Shared by all parsers for the usual case: nothing to say."""
