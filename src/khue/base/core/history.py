"""Row history by statement triggers (django-pghistory): nothing else writes it, so no code path escapes it.

Who, why and from where come from the transaction's context (``scope.py``).
"""

from collections.abc import Callable, Iterable

import pghistory
from django.db import models

EVENT_LABELS = {"insert": "Thêm", "update": "Sửa", "delete": "Xóa"}


def tracked(
    *, exclude: Iterable[str] = (), hide: Iterable[str] = ()
) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: an event row for each insert, update and delete.

    ``exclude`` names columns that triggers keep: a change of them alone makes no event. ``hide`` names columns that
    never enter the history, such as password hashes.
    """
    quiet = [*exclude, *hide]
    condition = pghistory.AnyChange(exclude=quiet) if quiet else pghistory.AnyChange()
    return pghistory.track(
        pghistory.InsertEvent("insert"),
        pghistory.UpdateEvent("update", condition=condition, row=pghistory.New),
        pghistory.DeleteEvent("delete"),
        exclude=list(hide),
    )
