"""When marks may be written: the plan by kind of mark, and reopening that a second person allows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager

from .books import Gradebook
from .entries import Kind


@tracked()
class MarkWindow(models.Model):
    """First and last day for a kind of mark of a term (Lịch ghi điểm), set by the office for a level or by a school.

    A school's own row goes before the office's. Without a row the kind is open the whole school year.
    """

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name="Đơn vị")
    year = models.PositiveSmallIntegerField("Năm học")
    level = models.CharField("Cấp học", max_length=4)
    term = models.PositiveSmallIntegerField("Học kì")
    kind = models.CharField("Cột", max_length=4, choices=Kind)
    opens_on = models.DateField("Mở từ ngày")
    closes_on = models.DateField("Hết ngày")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "level", "term", "kind"], name="mark_window_once"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="mark_window_dates"),
        ]


@tracked()
class Reopening(models.Model):
    """A teacher's wish to write into a closed column (Xin mở khóa), and what a second person answered.

    ``granted`` null: nobody has answered. Granted, the column is open to the teachers of the book until ``until``.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    gradebook = models.ForeignKey(Gradebook, models.PROTECT, related_name="reopenings", db_constraint=False)
    term = models.PositiveSmallIntegerField("Học kì")
    kind = models.CharField("Cột", max_length=4, choices=Kind)
    reason = models.CharField("Lý do", max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField("Trả lời", max_length=200, blank=True, default="")
    until = models.DateTimeField("Mở đến", null=True)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "gradebook", "term", "kind"], condition=Q(granted=None), name="reopening_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("asked_by")), name="reopening_by_a_second_person"
            ),
        ]
