"""Freezing: the rows that count on a day are copied into facts and sealed (statistics.md §8.2)."""

from typing import Any

from django.db import connection, transaction

from . import sealing
from .cubes import CUBES
from .models import Seal, Snapshot


@transaction.atomic
def freeze(snapshots: list[Snapshot]) -> list[Seal]:
    """Copy what counts in each snapshot's school on its day, and seal it. All snapshots are of one day and year.

    One statement a cube, however many schools. The scope is the caller's and holds these schools alone.
    """
    ids = [snapshot.pk for snapshot in snapshots]
    parameters: dict[str, Any] = {"snapshots": ids, "day": snapshots[0].as_at, "year": snapshots[0].year}
    for cube in CUBES.values():
        with connection.cursor() as cursor:
            cursor.execute(sealing.freezing_sql(cube), parameters)
    found = sealing.fingerprints(snapshots)
    return Seal.objects.bulk_create(
        Seal(
            school_id=snapshot.school_id, snapshot=snapshot, counts=counts, fingerprint=print_,
            seal=sealing.keyed(print_),
        )
        for snapshot in snapshots
        for counts, print_ in [found[snapshot.pk]]
    )  # fmt: skip
