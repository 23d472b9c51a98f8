"""The page of columns: questions first, one row as the record it will become, every column with its meaning."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.base.catalog.selectors import name_of
from khue.base.core.templatetags.khue import number
from khue.base.org.selectors import calendar_of
from khue.base.sheets.columns import SPLIT, SPLIT_FIELDS, Column
from khue.base.sheets.encodings import NAMES
from khue.base.sheets.fields import load_fields
from khue.base.sheets.tables import Table
from khue.base.sheets.workbook import Sheet, column_number
from khue.school.intake.models import SheetImport, State
from khue.school.intake.parse import parse_table

from .words import is_text, kind_name, shown, steps

SKIP = "-"
REASONS = {
    "chosen": ("history", gettext_lazy("Đã chọn")),
    "twice": ("help-circle", gettext_lazy("Trùng mục")),
    "same": ("copy", gettext_lazy("Trùng cột khác")),
    "blank": ("x", gettext_lazy("Cột trống")),
    "identifier": ("help-circle", gettext_lazy("Còn hỏi")),
}


def page_of_columns(source: SheetImport, *, remembered: bool, row: int) -> dict[str, Any]:
    """Context of the page; ``row`` is the place (from 0) of the row that is shown as a record."""
    questions, text = _questions(source), is_text(source.encoding, source.name)
    known = sum(bool(column["field"]) for column in source.columns)
    title = _("Nhận {n} cột").format(n=known)
    if questions:
        title += _(", còn {n} câu hỏi").format(n=len(questions))
    rows = number(source.counts.get("rows", 0))
    return {
        "title": title,
        "lead": _("{name}, {kind}, {n} dòng.").format(name=source.name, kind=kind_name(source.kind).lower(), n=rows),
        "steps": steps(2),
        "questions": questions,
        "columns": _columns(source, {q["letter"] for q in source.questions}),
        "fields": _meanings(source),
        "record": _record(source, row),
        "encoding": NAMES.get(source.encoding["name"], "") if source.encoding.get("legacy") or text else "",
        "is_text": text,
        "samples": (source.encoding.get("samples") or [])[:4],
        "remembered": remembered,
        "submit": _("Xem trước {n} dòng").format(n=rows)
        if source.state == State.QUESTIONS
        else _("Đọc lại {n} dòng").format(n=rows),
        "asks": _("Còn {n} câu, đã chọn sẵn cả {n}.").format(n=len(questions))
        if questions
        else _("Đổi cột nào thì Khuê đọc lại tệp theo cột đó."),
    }


def _meanings(source: SheetImport) -> list[tuple[str, str]]:
    """What a column may be: every field, and two identifiers in one."""
    fields = [(field.name, field.label) for field in load_fields(source.kind).fields]
    both = [label for name, label in fields if name in SPLIT_FIELDS]
    if len(both) < len(SPLIT_FIELDS):
        return fields
    return [*fields, (SPLIT, _("{labels}, theo độ dài").format(labels=_(" hoặc ").join(both)))]


def _questions(source: SheetImport) -> list[dict[str, Any]]:
    """One question a column, or one for the columns that compete for a field."""
    rivals: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    shown_ones = []
    for number_, question in _first_of_each(source.questions):
        if question["reason"] == "twice":
            rivals.setdefault((question["sheet"], *question["candidates"]), []).append({**question, "n": number_})
        else:
            shown_ones.append(_question_of_one(source, question, number_))
    return shown_ones + [_question_of_many(source, group) for group in rivals.values()]


def _first_of_each(described: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """A workbook with a sheet a class repeats its columns: each is asked and shown once."""
    first: dict[str, tuple[int, dict[str, Any]]] = {}
    for place, one in enumerate(described):
        first.setdefault(one["key"], (place, one))
    return list(first.values())


def _question_of_one(source: SheetImport, question: dict[str, Any], place: int) -> dict[str, Any]:
    fields, counts = load_fields(source.kind), question["counts"] or {}
    choices = []
    for name in _answers(question):
        bad = question["filled"] - counts.get(name, 0) if counts else 0
        cost = _("{n} dòng sẽ báo lỗi").format(n=number(bad)) if bad else _("không dòng nào báo lỗi")
        how = _("10 chữ số là mã của Bộ, 12 chữ số là số cá nhân; ") if name == SPLIT else ""
        choices.append(
            {
                "value": name,
                "title": _("Tách theo độ dài") if name == SPLIT else fields[name].label,
                "text": how + cost if counts else "",
                "checked": name == question["suggested"],
            }
        )
    choices.append({"value": SKIP, "title": _("Không nhập cột này"), "checked": question["suggested"] is None})
    said = ", ".join(
        _("{n} dòng hợp với {label}").format(n=number(counts[name]), label=f"“{fields[name].label}”")
        for name in question["candidates"]
        if counts.get(name)
    )
    return {
        "key": f"q{place}",
        "title": _("“{header}” là cột nào?").format(header=question["header"]),
        "where": _("Cột {letter}").format(letter=question["letter"]),
        "text": (f"{said}. " if said else "") + _("Tên cột này nghĩa nào cũng được."),
        "samples": [{"value": sample} for sample in question["samples"]],
        "choices": choices,
    }


def _answers(question: dict[str, Any]) -> list[str]:
    """The fields among which to choose, and to split by length where the column may hold both identifiers."""
    split = [SPLIT] if question["reason"] == "identifier" and SPLIT in (question["counts"] or {}) else []
    return [*split, *question["candidates"]]


def _question_of_many(source: SheetImport, group: list[dict[str, Any]]) -> dict[str, Any]:
    label = load_fields(source.kind)[group[0]["candidates"][0]].label
    choices = [
        {
            "value": one["letter"],
            "title": _("Chỉ lấy cột {letter}").format(letter=one["letter"]),
            "text": _("“{header}”, có ở {n} dòng").format(header=one["header"], n=number(one["filled"])),
            "checked": one["suggested"] is not None,
        }
        for one in group
    ]
    return {
        "key": f"q{group[0]['n']}",
        "title": _("{n} cột cùng là “{label}”").format(n=len(group), label=label),
        "where": _("Cột {letters}").format(letters=", ".join(one["letter"] for one in group)),
        "text": _("Mỗi mục chỉ lấy từ một cột. Cột kia bỏ qua, hoặc chọn mục khác ở bảng bên."),
        "samples": [
            {"value": f"{one['letter']} “{one['header']}”", "note": ", ".join(one["samples"][:2])} for one in group
        ],
        "choices": [*choices, {"value": SKIP, "title": _("Không nhập cột nào")}],
    }


def _columns(source: SheetImport, asked: set[str]) -> list[dict[str, Any]]:
    """Every column with its meaning and why; those without a meaning but with values first."""
    shown_ones = [
        _column(source, place, column)
        for place, column in _first_of_each(source.columns)
        if not _is_asked(column, asked)
    ]
    return sorted(shown_ones, key=lambda column: not column["lost"])


def _is_asked(column: dict[str, Any], asked: set[str]) -> bool:
    return column["letter"] in asked and column["field"] is None


def _column(source: SheetImport, place: int, column: dict[str, Any]) -> dict[str, Any]:
    lost = column["field"] is None and column["filled"] > 0 and column["reason"] == "" and not _is_serial(column)
    symbol, why = REASONS.get(column["reason"], ("", ""))
    if not why:
        symbol, why = ("circle-check", _("Theo tên cột")) if column["field"] else ("x", _("Không nhập"))
    if _is_serial(column) and not column["field"]:
        why = _("Số thứ tự")
    if lost:
        symbol, why = "help-circle", _("Chưa có chỗ")
    if column["reading"] in ("female_mark", "male_mark"):
        why = _("x là nữ") if column["reading"] == "female_mark" else _("x là nam")
    return {
        "name": f"c{place}",
        "letter": column["letter"],
        "header": column["header"] or _("(không tên)"),
        "sheet": column["sheet"],
        "samples": ", ".join(column["samples"]),
        "field": SPLIT if column["reading"] == SPLIT else column["field"] or "",
        "lost": lost,
        "level": "warn" if lost else "ok" if column["field"] and column["reason"] != "chosen" else "",
        "symbol": symbol,
        "why": why,
    }


def _is_serial(column: dict[str, Any]) -> bool:
    return column["header"].strip().lower() in ("stt", "tt", "số tt", "số thứ tự")


def chosen_columns(source: SheetImport, posted: Any) -> dict[str, str | None]:
    """What the form says, as the service takes it: {column key: field or None}, only where it differs."""
    names = {name for name, _label in _meanings(source)}
    mapping: dict[str, str | None] = {}
    for place, column in enumerate(source.columns):
        given = posted.get(f"c{place}")
        former = SPLIT if column["reading"] == SPLIT else column["field"] or ""
        if given is not None and given != former and (given == "" or given in names):
            mapping[column["key"]] = given or None
    for place, question in enumerate(source.questions):
        _take_answer(source, question, place, posted, mapping)
    return mapping


def _take_answer(
    source: SheetImport, question: dict[str, Any], place: int, posted: Any, mapping: dict[str, str | None]
) -> None:
    if question["reason"] != "twice":
        given = posted.get(f"q{place}")
        if given == SKIP or given in _answers(question):
            mapping[question["key"]] = None if given == SKIP else given
        return
    same = [
        n
        for n, other in enumerate(source.questions)
        if other["reason"] == "twice"
        and (other["sheet"], other["candidates"]) == (question["sheet"], question["candidates"])
    ]
    given = posted.get(f"q{same[0]}")
    if given is not None:
        mapping[question["key"]] = question["candidates"][0] if given == question["letter"] else None


def _record(source: SheetImport, row: int) -> dict[str, Any] | None:
    """A row of the file as the record that it will become, with the suggested answers."""
    if not source.columns or not source.columns[0].get("rows"):
        return None
    sheet = source.columns[0]["sheet"]
    own = [column for column in source.columns if column["sheet"] == sheet]
    row = max(0, min(row, len(own[0]["rows"]) - 1))
    suggested = {q["letter"]: q["suggested"] for q in source.questions if q["sheet"] == sheet}
    columns = [Column(column_number(c["letter"]), c["header"], c["field"], reading=c["reading"]) for c in own]
    for column in columns:
        if column.field is None:
            column.take(suggested.get(column.letter))
    line: list[Any] = [None] * max(column.index for column in columns)
    for column, described in zip(columns, own, strict=True):
        line[column.index - 1] = described["first"][row] or None
    table = Table(Sheet(sheet, [line]), load_fields(source.kind), (0, 0), columns, rows=[1], classes=[None])
    parsed = parse_table(table, first=1, day=calendar_of(source.year).term1[0], system=source.profile)[0]
    return {
        "number": own[0]["rows"][row],
        "items": _items(source, parsed),
        "previous": row - 1 if row else None,
        "next": row + 1 if row + 1 < len(own[0]["rows"]) else None,
    }


def _shared(parsed: Any) -> str:
    """To which identifier the cell of a mixed column belongs; the first one where nobody can tell."""
    return next((name for name in SPLIT_FIELDS if name in parsed.values), SPLIT_FIELDS[0])


def _items(source: SheetImport, parsed: Any) -> list[dict[str, Any]]:
    """Label, value as it will stand, and what the cell says where that differs."""
    items = []
    for field in load_fields(source.kind).fields:
        letter = parsed.columns.get(field.name)
        raw = parsed.cells.get(letter, "") if letter else ""
        is_others = list(parsed.columns.values()).count(letter) > 1 and _shared(parsed) != field.name
        if field.name not in parsed.values and (not raw or is_others):
            continue
        value = parsed.values.get(field.name)
        text = shown(field, value.isoformat() if hasattr(value, "isoformat") else value)
        if field.catalog and isinstance(value, str):
            text = name_of(field.catalog, value)
        wrong = next((f.message for f in parsed.findings if f.column == letter and f.level == "error"), "")
        items.append({"label": field.label, "text": text, "raw": raw if raw != text else "", "wrong": wrong})
    return items
