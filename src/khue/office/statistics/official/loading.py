"""Forms read from their files; a mistake in a file stops the start with the place where it stands."""

import hashlib
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from khue.base.catalog.selectors import catalog_version, names

from ..cubes import CUBES
from .shape import Column, Condition, Form, Row, Table

DATA = Path(__file__).parent / "data"
FORMS = ("opening",)
"""Periods of another kind use the opening tables until they have their own."""

_PEOPLE: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    ("", "Tổng số", {}), ("N", "Nữ", {"sex": ("0",)}), ("D", "Dân tộc", {"minority": ("1",)}),
    ("ND", "Nữ dân tộc", {"sex": ("0",), "minority": ("1",)}),
)  # fmt: skip


class FormError(Exception):
    """A form file says something that the cubes do not have."""


def form_of(kind: str) -> Form:
    """The form of a kind of period; labels follow the code lists."""
    return _form(kind if kind in FORMS else "opening", catalog_version())


@cache
def forms_print() -> str:
    """Changes with the files of forms: what was counted by their former rows is not taken for these."""
    files = (path.read_bytes() for path in sorted(DATA.glob("*.toml")))
    return hashlib.sha256(b"".join(files)).hexdigest()[:12]


@lru_cache(maxsize=8)
def _form(name: str, version: int) -> Form:
    found = tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
    sets = tomllib.loads((DATA / "columns.toml").read_text("utf-8"))
    tables = tuple(_table(table, sets[table["columns"]]) for table in found["table"])
    return Form(found["code"], found["title"], found["source"], found["symbol"], tables)


def _table(found: dict[str, Any], columns: dict[str, Any]) -> Table:
    cube = CUBES[found["cube"]]
    rows = tuple(row for entry in found["rows"] for row in _rows(entry))
    table = Table(found["code"], found["level"], found["title"], cube, rows, tuple(_columns(columns)))
    _check(table)
    return table


def _condition(entry: dict[str, Any]) -> Condition:
    return Condition(*({k: tuple(v) for k, v in entry.get(word, {}).items()} for word in ("is", "not")))


def _rows(entry: dict[str, Any]) -> Iterator[Row]:
    if "each" in entry:
        name = entry["each"]
        for code, label in names(name).items():
            code_of_row, condition = f"{entry['code']}.{code}", Condition({name: (code,)})
            yield Row(code_of_row, label, condition, entry["of"], entry.get("part", ""), family=True)
        return
    entered = entry.get("entered", False)
    yield Row(
        entry["code"], entry["label"], _condition(entry), entry.get("of", ""), entry.get("part", ""),
        entry.get("sum", ""), entered, tuple(entry.get("columns", ("T",) if entered else ())),
    )  # fmt: skip


def _columns(found: dict[str, Any]) -> Iterator[Column]:
    for entry in found.get("columns", ()):
        yield Column(entry["code"], entry["label"], _condition(entry))
    if "grades" not in found:
        return
    people = bool(found.get("people"))
    for code, label, when in _PEOPLE if people else _PEOPLE[:1]:
        yield Column(code or "T", label, Condition(when), "Tổng số" if people else "")
    labels = names("grade")
    for grade in found["grades"]:
        yield Column(f"K{grade}", "Tổng" if people else labels[grade], Condition({"grade": (grade,)}),
                     labels[grade] if people else "")  # fmt: skip
        if people:
            yield Column(f"K{grade}N", "Nữ", Condition({"grade": (grade,), "sex": ("0",)}), labels[grade])


def _check(table: Table) -> None:
    """Every dimension, code, part and column that a table names exists."""
    things: list[Row | Column] = [*table.rows, *table.columns]
    for thing in things:
        for name, values in (*thing.when.takes.items(), *thing.when.leaves.items()):
            dimension = table.cube.dimensions.get(name)
            if dimension is None:
                raise FormError(f"{table.code}, {thing.code}: không có chiều {name}")
            known = {*names(dimension.values), "-"} if dimension.values else set(values)
            if not set(values) <= known:
                raise FormError(f"{table.code}, {thing.code}: không có mã {set(values) - known} ở {name}")
    for row in table.rows:
        if row.of and row.of not in table.row:
            raise FormError(f"{table.code}, {row.code}: không có dòng {row.of}")
        if set(row.columns) - set(table.column):
            raise FormError(f"{table.code}, {row.code}: không có cột {row.columns}")
        if row.sum and row.sum not in table.cube.measures:
            raise FormError(f"{table.code}, {row.code}: không có số đo {row.sum}")
