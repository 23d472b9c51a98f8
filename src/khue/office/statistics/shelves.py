"""Shelves of the counting page: what is counted, rows, columns, conditions, each with what could be added."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from khue.base.catalog.selectors import choices

from .board import MOST_COLUMNS, MOST_ROWS, Board
from .cubes import CUBES, Dimension
from .words import Say, condition


def kinds(board: Board) -> list[dict[str, Any]]:
    return [
        {"label": cube.label, "url": board.counting(cube).address(), "current": cube is board.cube}
        for cube in CUBES.values()
    ]


def shelves(board: Board) -> list[dict[str, Any]]:
    """Rows and columns, in the shape of ``core/parts/shelf.html``."""
    return [
        _shelf(board, "hang", _("Hàng"), "rows", board.rows, MOST_ROWS),
        _shelf(board, "cot", _("Cột"), "columns", board.columns, MOST_COLUMNS),
    ]


def _shelf(board: Board, key: str, label: str, part: str, names: tuple[str, ...], most: int) -> dict[str, Any]:
    free = [d for d in board.cube.all_dimensions if d.name not in board.by] if len(names) < most else []
    return {
        "key": key,
        "label": label,
        "chips": [{"label": board.cube.dimensions[n].label, "remove_url": board.without(n).address()} for n in names],
        "choices": [{"label": d.label, "url": _shelved(board, part, (*names, d.name)).address()} for d in free],
    }


def _shelved(board: Board, part: str, names: tuple[str, ...]) -> Board:
    return replace(board, rows=names) if part == "rows" else replace(board, columns=names)


def conditions(board: Board, says: Mapping[str, Say]) -> list[dict[str, Any]]:
    """Chips of what the table is narrowed to."""
    return [
        {
            "label": condition(board.cube.dimensions[name], values, says[name]),
            "remove_url": _filtered(board, name, ()).address(),
        }
        for name, values in board.filters.items()
    ]


def _filtered(board: Board, name: str, values: Iterable[str]) -> Board:
    filters = {**board.filters, name: tuple(values)}
    return replace(board, filters={n: v for n, v in filters.items() if v})


def offers(
    board: Board,
    says: Mapping[str, Say],
    occurring: Mapping[str, list[str]],
    schools: Mapping[str, str],
    page: str,
) -> list[dict[str, Any]]:
    """Conditions that can be added: values of code lists and those in the table; links lead to ``page``."""
    found = []
    for dimension in board.cube.all_dimensions:
        values = occurring.get(dimension.name) or _values(dimension, schools)
        chosen = board.filters.get(dimension.name, ())
        picks = [_pick(board, dimension, value, chosen, says[dimension.name], page) for value in values]
        if picks:
            found.append({"label": dimension.label, "choices": picks})
    return found


def _values(dimension: Dimension, schools: Mapping[str, str]) -> list[str]:
    if dimension.name == "school":
        return list(schools) if len(schools) > 1 else []
    return [code for code, _name in choices(dimension.values)] if dimension.values else list(dimension.labels)


def _pick(
    board: Board, dimension: Dimension, value: str, chosen: tuple[str, ...], say: Say, page: str
) -> dict[str, Any]:
    current = value in chosen
    values = [v for v in chosen if v != value] if current else [*chosen, value]
    return {"label": say(value), "url": page + _filtered(board, dimension.name, values).address(), "current": current}
