"""The way of a report: its steps and the reasons that the school gives (Trình, duyệt, trả lại)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager


class Action(models.TextChoices):
    """What was done with a report."""

    COMPLETE = "complete", "Báo đủ"
    RECALL = "recall", "Rút lại để sửa"
    SUBMIT = "submit", "Trình"
    RETURN = "return", "Trả lại"
    APPROVE = "approve", "Duyệt"
    ASK = "ask", "Xin mở lại"
    REOPEN = "reopen", "Mở lại"
    REMIND = "remind", "Nhắc"


class Step(models.Model):
    """One step of a report, written once (Bước): who, when, which version, why; of a return the rows and a new day."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    report = models.ForeignKey("statistics.Return", models.PROTECT, related_name="steps", db_constraint=False)
    action = models.CharField(max_length=10, choices=Action)
    version = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=100)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.CharField(max_length=1000, blank=True, default="")
    rows = models.JSONField(default=list)
    due_on = models.DateField(null=True)

    objects = SchoolManager()

    class Meta:
        ordering = ["-pk"]


@tracked()
class Reason(models.Model):
    """Why a figure differs so much from the year before (Giải trình); ``key``: table, row and column."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    report = models.ForeignKey("statistics.Return", models.CASCADE, related_name="reasons", db_constraint=False)
    key = models.CharField(max_length=40)
    text = models.CharField(max_length=500)

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reason_once")]
