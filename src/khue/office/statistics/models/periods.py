"""Reporting periods and what each school has handed in for them (Kỳ báo cáo, báo cáo của trường)."""

from datetime import date

from django.db import models

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager


class PeriodKind(models.TextChoices):
    """Periods of statistics.md §1; the short names are those of the command line."""

    OPENING = "opening", "Đầu năm học"
    MIDYEAR = "midyear", "Giữa năm học"
    CLOSING = "closing", "Cuối năm học"
    ADHOC = "adhoc", "Đột xuất"


LEVELS = ("MN", "TH", "THCS")


@tracked()
class ReportingPeriod(models.Model):
    """A period in which schools report (Kỳ báo cáo): the day that is counted and the days by which it must be in.

    A day of ``due_…`` still is in time until midnight. No policy: every school reads the same periods.
    """

    kind = models.CharField("Loại kỳ", max_length=8, choices=PeriodKind)
    year = models.PositiveSmallIntegerField("Năm học")
    number = models.PositiveSmallIntegerField("Lần", default=1, help_text="Kỳ đột xuất có nhiều lần trong năm")
    title = models.CharField("Tên kỳ", max_length=120)
    as_at = models.DateField("Ngày chốt số")
    opens_on = models.DateField("Ngày mở")
    due_mn = models.DateField("Hạn mầm non")
    due_th = models.DateField("Hạn tiểu học")
    due_thcs = models.DateField("Hạn THCS")
    office_due_on = models.DateField("Hạn phòng gửi Sở", null=True, blank=True)
    closed_on = models.DateField("Ngày đóng kỳ", null=True, blank=True)

    class Meta:
        ordering = ["-as_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["year", "kind", "number"], name="period_once")]

    def __str__(self) -> str:
        return self.title

    def due_on(self, levels: list[str]) -> date:
        """The last day for a school: of several levels the latest."""
        days = {"MN": self.due_mn, "TH": self.due_th, "THCS": self.due_thcs}
        return max((days[level] for level in levels if level in days), default=self.due_thcs)


class ReturnState(models.TextChoices):
    """Where a school's report stands. ``reopened``: was approved, the office lets the school make a new version."""

    OPEN = "open", "Đang làm"
    READY = "ready", "Chờ hiệu trưởng"
    SUBMITTED = "submitted", "Chờ duyệt"
    RETURNED = "returned", "Trả lại"
    APPROVED = "approved", "Đã duyệt"
    REOPENED = "reopened", "Mở lại"


@tracked()
class Return(models.Model):
    """The report of one school in one period (Báo cáo): its state and the version that is in force.

    ``version`` is the newest that was submitted (0: none yet), ``snapshot`` its frozen figures, ``approved`` those that
    are official; a reopened report keeps its approved figures until a new version is approved.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="returns")
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.OPEN)
    version = models.PositiveSmallIntegerField(default=0)
    snapshot = models.ForeignKey(
        "statistics.Snapshot", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    approved = models.ForeignKey(
        "statistics.Snapshot", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "period"], name="return_once")]


@tracked()
class EnteredFigure(models.Model):
    """A number that the registry lacks and the school enters for a period (Số nhập tay): one cell of a table."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    report = models.ForeignKey(Return, models.CASCADE, related_name="entered", db_constraint=False)
    table = models.CharField(max_length=12)
    row = models.CharField(max_length=12)
    column = models.CharField(max_length=12)
    number = models.PositiveIntegerField()

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "table", "row", "column"], name="figure_once")]
