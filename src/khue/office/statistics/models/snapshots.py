"""Frozen figures: what a school reported, row by row, as of the day (Bản chốt). Written once, never changed.

The tables of facts repeat the declaration of their cube: a column for each dimension, the columns of the names behind a
figure, and the sums. ``digest`` is a hash of the row; the snapshot's ``fingerprint`` is one over all digests and
``seal`` its keyed hash with the installation's secret, which a database alone does not know.
"""

from typing import Any

from django.db import models

from khue.base.core.scope import SchoolManager

from ..cubes import CUBES, SCHOOL_COLUMN, Cube


class Snapshot(models.Model):
    """One version of a school's report (Bản). Names are those of its day: old reports print them."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    period = models.ForeignKey("statistics.ReportingPeriod", models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    as_at = models.DateField()
    year = models.PositiveSmallIntegerField()
    school_name = models.CharField(max_length=200)
    office_name = models.CharField(max_length=200)
    department_name = models.CharField(max_length=200, blank=True, default="")
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=100)
    figures = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "period", "version"], name="snapshot_once")]


class Seal(models.Model):
    """Count and fingerprint of a snapshot's rows (Dấu vân tay số liệu), written after them in the same transaction."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="seal", db_constraint=False)
    counts = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    objects = SchoolManager()


def extras(cube: Cube) -> list[str]:
    """Names of the fact columns that hold the cube's columns, the school's name left out (the snapshot has it)."""
    return [f"x{n}" for n, column in enumerate(cube.columns) if column is not SCHOOL_COLUMN]


def _fact(cube: Cube, name: str, doc: str) -> Any:
    """A model of facts: one text column for each dimension of the cube."""
    fields: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": doc,
        "school": models.ForeignKey("org.School", models.PROTECT, related_name="+"),
        "snapshot": models.ForeignKey(Snapshot, models.PROTECT, related_name="+", db_constraint=False, db_index=False),
        "record_id": models.BigIntegerField(),
        "title": models.TextField(),
        "sort_key": models.TextField(db_collation="C"),
        "search_key": models.TextField(),
        **{extra: models.TextField(null=True) for extra in extras(cube)},
        **{f"is_{dimension.name}": models.TextField() for dimension in cube.all_dimensions},
        **{measure: models.DecimalField(max_digits=12, decimal_places=2) for measure in cube.measures},
        "digest": models.BinaryField(),
        "objects": SchoolManager(),
        "Meta": type("Meta", (), {
            "db_table": table_of(cube),
            "constraints": [models.UniqueConstraint(fields=["snapshot", "record_id"], name=f"{cube.name}_fact_once")],
        }),
    }  # fmt: skip
    return type(name, (models.Model,), fields)


def table_of(cube: Cube) -> str:
    return f"statistics_{cube.name}fact"


PupilFact = _fact(CUBES["pupils"], "PupilFact", "A pupil who counted (Học sinh).")
ClassFact = _fact(CUBES["classes"], "ClassFact", "A class that counted (Lớp).")
StaffFact = _fact(CUBES["staff"], "StaffFact", "A position that counted (Cán bộ, giáo viên, nhân viên).")
RoomFact = _fact(CUBES["rooms"], "RoomFact", "A room that counted (Phòng).")
SchoolFact = _fact(CUBES["schools"], "SchoolFact", "The school itself (Trường).")
