"""Asking the cubes as the office does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.office.statistics.selectors import count, csv_rows, make_query

DAY = date(2026, 9, 30)


@pytest.fixture
def tally() -> Callable[..., Any]:
    """``tally(school, "pupils", "sex,grade")`` → {("Nam", "6"): 1, …}; one dimension gives plain keys."""

    def ask(
        *schools: Any, cube: str = "pupils", by: str = "sex", day: date = DAY, office: bool = True, **filters: Any
    ) -> Any:
        ids = [s.pk for s in schools]
        with open_scope(ids, all_schools=office):
            asked = make_query(cube=cube, by=[n for n in by.split(",") if n], day=day, filters=filters)
            rows = list(csv_rows(asked, count(asked)))
        return {tuple(row[:-1]) if len(row) > 2 else row[0]: row[-1] for row in rows} if asked.by else rows[0][0]

    return ask
