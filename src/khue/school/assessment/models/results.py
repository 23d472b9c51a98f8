"""Results as the rules computed them, kept with their traces."""

from django.db import models

from khue.base.core.scope import SchoolManager


class Result(models.Model):
    """Results of a pupil in a term (Kết quả học kì): made again from the entries whenever they are evaluated.

    ``subjects``: code of the subject → tenths, or 1/0 for Đạt / Chưa đạt, or null. ``traces``: every result with its
    reason (``rules/trace.py``). ``learning`` null: it cannot be determined yet, ``missing`` things are not there.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+", db_index=False)
    enrolment = models.ForeignKey(
        "registry.Enrolment", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    term = models.PositiveSmallIntegerField("Học kì")
    regulation = models.CharField("Quy định", max_length=24)
    learning = models.PositiveSmallIntegerField("Kết quả học tập", null=True)
    overall = models.PositiveSmallIntegerField("Trung bình các môn", null=True)
    missing = models.PositiveSmallIntegerField("Còn thiếu", default=0)
    subjects = models.JSONField()
    traces = models.JSONField()
    computed_at = models.DateTimeField()

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "enrolment", "term"], name="result_once")]
