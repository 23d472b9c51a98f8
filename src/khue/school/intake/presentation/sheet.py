"""The dry run as a sheet: the file's own columns and letters, what is wrong under each row, old → new."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.base.access.places import Place
from khue.base.core.templatetags.khue import number
from khue.base.org.rules import GRADE_LEVELS, GRADE_NAMES
from khue.base.sheets.columns import SPLIT, SPLIT_FIELDS
from khue.school.intake.models import SheetImport, StagedRow, State

from .words import ALIAS, field_of, grade_words, is_numeric, shown

STATES = {
    "error": ("err", gettext_lazy("Lỗi"), "alert-square"),
    "ask": ("warn", gettext_lazy("Câu hỏi"), "help-circle"),
    "warning": ("warn", gettext_lazy("Cảnh báo"), "alert-triangle"),
}
ACTIONS = {
    "new": ("info", gettext_lazy("Mới"), "plus"),
    "changed": ("ok", gettext_lazy("Đổi"), "pencil"),
    "moved": ("ok", gettext_lazy("Chuyển lớp"), "switch-horizontal"),
    "unchanged": ("", gettext_lazy("Không đổi"), "circle-check"),
    "wrong": ("err", gettext_lazy("Lỗi"), "alert-square"),
}
LEVELS = {"error": "err", "ask": "warn", "warning": "warn", "normalised": "ok"}
SAID = {"error", "ask", "warning"}
ASKED_BY_CHOICE = {"who", "grade"}
MADE = {"class", "class-new"}
"""What is said of a class that the school does not have: an error with an offer, or that it will be made."""
SPOKEN = {"known", *MADE}
"""Changes by Khuê that need a sentence; of the others the cell itself shows old and new."""


@dataclass
class Layout:
    """Columns that the sheet shows: the fields of the file in its order, and the letter of each in every sheet."""

    source: SheetImport
    place: Place
    fields: list[tuple[str, str]] = field(default_factory=list)
    letters: dict[tuple[str, str, str], str] = field(default_factory=dict)
    columns: list[dict[str, str]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, source: SheetImport, place: Place) -> "Layout":
        layout = cls(source, place)
        for column in source.columns:
            layout._add(column)
        if source.kind == "pupils" and not any(name == "class_code" for name, _reading in layout.fields):
            layout.fields.insert(0, ("class_code", ""))
            layout.columns.insert(0, {"letter": "", "label": _("Lớp")})
        if len(layout.sheets) > 1:
            layout.columns.insert(0, {"letter": "", "label": _("Trang")})
        return layout

    def _add(self, column: dict[str, Any]) -> None:
        if column["sheet"] not in self.sheets:
            self.sheets.append(column["sheet"])
        if not column["field"]:
            return
        key = (column["field"], column["reading"])
        if key not in self.fields:
            self.fields.append(key)
            self.columns.append({"letter": column["letter"], "label": column["header"]})
        self.letters.setdefault((column["sheet"], *key), column["letter"])

    @property
    def can_mend(self) -> bool:
        return self.source.state == State.READY

    @property
    def can_make(self) -> bool:
        """Whether this person may have classes made."""
        return self.can_mend and self.place.may("registry.classes:write")


def row_of(layout: Layout, row: StagedRow) -> dict[str, Any]:
    """One row as ``core/parts/sheet_row.html`` takes it."""
    level, text, symbol = STATES.get(row.worst) or ACTIONS[row.action]
    cells = [_cell(layout, row, *key) for key in layout.fields]
    if len(layout.sheets) > 1:
        cells.insert(0, {"ref": "", "value": row.sheet})
    return {
        "key": str(row.number),
        "number": row.row,
        "level": {"error": "err", "ask": "warn", "warning": "warn"}.get(row.worst, ""),
        "state": {"level": level, "text": text, "symbol": symbol},
        "cells": cells,
        "says": _says(layout, row),
    }


def _cell(layout: Layout, row: StagedRow, name: str, reading: str) -> dict[str, Any]:
    letter = layout.letters.get((row.sheet, name, reading), "")
    text = row.cells.get(letter, "") if letter else ""
    own = field_of(layout.source.kind, name)
    cell = {"ref": f"{letter}{row.row}" if letter else "", "value": text, "num": is_numeric(own)}
    said = [f for f in row.findings if f["column"] == letter and letter] or _without_column(row, name, letter)
    worst = next((f for level in ("error", "ask", "warning") for f in said if f["level"] == level), None)
    if worst is not None:
        return cell | _faulty(layout, row, worst, letter, text)
    names = SPLIT_FIELDS if reading == SPLIT else (name,)
    change = next((c for c in row.changes if ALIAS.get(c[0], c[0]) in names), None)
    if row.action in ("changed", "moved") and change is not None and not (name == "full_name" and reading == "given"):
        return cell | {"kind": "chg", "old": shown(own, change[1]) or _("trống"), "value": shown(own, change[2])}
    normal = next((f for f in said if f["level"] == "normalised" and f["normalised"] and f["rule"] not in SPOKEN), None)
    if normal is not None and text != normal["normalised"]:
        return cell | {"kind": "chg", "old": text, "value": normal["normalised"]}
    if not letter and name == "class_code":
        return cell | {"value": row.values.get("class_code", "")}
    return cell


def _without_column(row: StagedRow, name: str, letter: str) -> list[dict[str, Any]]:
    """What is said of a class that a title names: there is no column for it."""
    return [
        f
        for f in row.findings
        if not letter and name == "class_code" and not f["column"] and f["rule"] in ("grade", *MADE)
    ]


def _faulty(layout: Layout, row: StagedRow, finding: dict[str, Any], letter: str, text: str) -> dict[str, Any]:
    kind = {"kind": LEVELS[finding["level"]]}
    if not layout.can_mend:
        return kind
    url, key = layout.place.url, {"pk": layout.source.pk, "number": row.number}
    if finding["level"] == "ask" and finding["rule"] in ASKED_BY_CHOICE:
        choices = _choices(layout, row, finding)
        return kind | {"value": "", "choices": choices, "mend_url": url("import-answer", rule=finding["rule"], **key)}
    if not letter:
        return kind | {"value": row.values.get("class_code", "")}
    return kind | {"mend_url": url("import-mend", column=letter, **key)}


def _choices(layout: Layout, row: StagedRow, finding: dict[str, Any]) -> list[tuple[str, str]]:
    """The answers to a question about a row; the first says what is asked."""
    if finding["rule"] == "grade":
        school = layout.source.school
        levels = set(school.levels) if school else set(GRADE_LEVELS.values())
        grades = [(str(g), name) for g, name in GRADE_NAMES.items() if GRADE_LEVELS[g] in levels]
        return [("", _("{name}: khối nào?").format(name=row.values.get("class_code", ""))), *grades]
    codes = [(code, _("{name}, mã {code}").format(name=row.label, code=code)) for code in candidates(finding)]
    return [
        ("", _("{name}: em nào?").format(name=row.label)),
        *codes,
        ("new", _("{name}, em mới").format(name=row.label)),
    ]


def candidates(finding: dict[str, Any]) -> list[str]:
    """Codes of the pupils that a row may be."""
    return [code for code in (finding["normalised"] or "").split(";") if code]


def _says(layout: Layout, row: StagedRow) -> list[dict[str, Any]]:
    many = len(layout.sheets) > 1
    said = []
    for finding in row.findings:
        if finding["level"] not in SAID and finding["rule"] not in SPOKEN:
            continue
        ref = f"{finding['column']}{row.row}" if finding["column"] else ""
        line = {
            "ref": ref,
            "level": {"error": "err", "normalised": "ok"}.get(finding["level"], "warn"),
            "text": finding["message"],
        }
        if many and ref:
            line["sheet"] = row.sheet
        if (
            layout.can_mend
            and ref
            and finding["normalised"]
            and finding["level"] in SAID
            and finding["rule"] not in ASKED_BY_CHOICE | MADE
        ):
            line["use"] = {
                "value": finding["normalised"],
                "label": _("Dùng {value}").format(value=finding["normalised"]),
            }
        if layout.can_make and finding["rule"] in MADE:
            line["form"] = _class_form(layout, row, finding)
        said.append(line)
    order = {"err": 0, "warn": 1, "ok": 2}
    return sorted(said, key=lambda line: order[line["level"]])


def _class_form(layout: Layout, row: StagedRow, finding: dict[str, Any]) -> dict[str, Any] | None:
    """The button that has an unknown class made, at the first row that names it, and the one that takes it back."""
    name, url = row.values.get("class_code", ""), layout.place.url("import-class", pk=layout.source.pk)
    form: dict[str, Any] = {"url": url, "hidden": [("lop", name), ("dong", row.number)]}
    if finding["level"] != "error":
        return form | {"verb": _("Thôi, không tạo")} if finding["rule"] == "class-new" else None
    grades = [(grade, grade_words(int(grade))) for grade in candidates(finding)]
    if len(grades) == 1:
        value, words = grades[0]
        form["hidden"].append(("khoi", value))
        return form | {"verb": _("Tạo lớp {name} ({grade})").format(name=name, grade=words)}
    form |= {"name": "khoi", "label": _("Khối của lớp {name}").format(name=name), "choices": grades}
    return form | {"verb": _("Tạo lớp {name}").format(name=name)} if grades else None


def made(source: SheetImport, place: Place) -> list[dict[str, Any]]:
    """The classes that writing would make, with the way to take back what a person decided."""
    url = place.url("import-class", pk=source.pk)
    return [
        {"name": name, "grade": grade_words(grade), "url": url if f"grade:{name}" in source.answers else ""}
        for name, grade in source.counts.get("classes", {}).items()
    ]


def outcome(source: SheetImport, url: str, chosen: str) -> list[dict[str, Any]]:
    """The summary, whose figures filter; what is zero and not the news is left out."""
    counts = source.counts
    items = [
        ("loi", "error", "err", _("Lỗi"), ""),
        ("hoi", "ask", "warn", _("Câu hỏi"), "help-circle"),
        ("canh-bao", "warning", "warn", _("Cảnh báo"), ""),
        ("doi", "changed", "ok", _("Đổi"), "pencil"),
        ("chuyen", "moved", "ok", _("Chuyển lớp"), "switch-horizontal"),
        ("moi", "new", "info", _("Mới"), ""),
        ("giu", "unchanged", "", _("Không đổi"), "circle-check"),
        ("vang", "missing", "", _("Vắng trong tệp"), "help-circle"),
    ]
    always = {"error", "changed", "new", "unchanged"}
    return [
        {
            "count": counts.get(name, 0),
            "level": level,
            "text": text,
            "symbol": symbol,
            "current": key == chosen,
            "url": url if key == chosen else f"{url}?loc={key}",
        }
        for key, name, level, text, symbol in items
        if counts.get(name) or name in always
    ]


def foot(source: SheetImport) -> dict[str, Any]:
    """What stands at the foot: what is still wrong, and the button with its number."""
    wrong, rows = source.counts.get("wrong", 0), source.to_write
    fresh = rows - source.counts.get("unchanged", 0)
    if not fresh:
        said = _("Không có gì để ghi.") if rows else _("Chưa dòng nào ghi được.")
        hint = _("Dữ liệu đang có đã giống tệp này.") if rows and not wrong else _("Sửa trong ô rồi ghi.")
        return {"said": said, "hint": hint, "verb": "", "wrong": wrong}
    n = number(rows)
    if wrong:
        return {
            "said": _("Còn {n} dòng có lỗi hoặc câu hỏi.").format(n=number(wrong)),
            "hint": _("Sửa trong ô, hoặc để các dòng này lại và ghi phần còn lại."),
            "verb": _("Ghi {n} dòng đúng").format(n=n),
            "wrong": wrong,
            "rows": rows,
            "confirm": _("Ghi {n} dòng đúng, để lại {left} dòng").format(n=n, left=number(wrong)),
        }
    return {
        "said": _("Không còn lỗi."),
        "hint": _("Cả lần ghi này hoàn tác được bằng một nút."),
        "wrong": 0,
        "rows": rows,
        "verb": _("Ghi {n} dòng").format(n=n),
        "confirm": _("Ghi {n} dòng").format(n=n),
    }


def pages(total: int, page: int, size: int, url: str, chosen: str) -> dict[str, Any]:
    """The pager of the rows."""
    last = max(1, -(-total // size))
    link = lambda n: f"{url}?loc={chosen}&trang={n}" if chosen else f"{url}?trang={n}"  # noqa: E731
    shown_ones = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    items: list[dict[str, Any]] = []
    for before, n in zip([0, *shown_ones], shown_ones, strict=False):
        if n - before > 1:
            items.append({"gap": True})
        items.append({"number": n, "url": link(n), "current": n == page})
    first = (page - 1) * size
    text = _("{a} đến {b} trong {n} dòng").format(
        a=number(first + 1), b=number(min(total, first + size)), n=number(total)
    )
    return {
        "text": text if total else "",
        "pages": items if last > 1 else [],
        "previous_url": link(page - 1) if page > 1 else "",
        "next_url": link(page + 1) if page < last else "",
    }
