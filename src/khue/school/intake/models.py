"""Imports of spreadsheets (Nhập tệp): one file, one kind, one transaction; what was read waits here until applied."""

from django.conf import settings
from django.db import models

from khue.base.core.text import clean_text


class State(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", "Chờ đọc"
    READING = "reading", "Đang đọc"
    QUESTIONS = "questions", "Cần trả lời"
    READY = "ready", "Chờ ghi"
    APPLYING = "applying", "Đang ghi"
    APPLIED = "applied", "Đã ghi"
    REFUSED = "refused", "Không nhận"
    UNDONE = "undone", "Đã hoàn tác"
    DROPPED = "dropped", "Đã bỏ"


class SheetImport(models.Model):
    """A file on its way into the registry. ``school`` is empty for a list of schools and while it is a question.

    ``mapping`` {column header: field or null}, ``answers`` {question: answer} and ``edits`` {sheet: {row: {column:
    text}}} are what the person decided; reading again with them gives the same result.
    """

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    school = models.ForeignKey("org.School", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, blank=True, default="")
    year = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=100, blank=True, default="")
    name = models.CharField(max_length=255)
    folder = models.CharField(max_length=255, blank=True, default="")
    stored = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    refused = models.CharField(max_length=1000, blank=True, default="")
    profile = models.CharField(max_length=40, blank=True, default="")
    encoding = models.JSONField(default=dict)
    layout = models.CharField(max_length=64, blank=True, default="")
    columns = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    edits = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    missing = models.JSONField(default=list)
    progress = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=100, blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["school", "-created_at"], name="import_of_school")]

    touched: "list[StagedRow]"
    """Rows whose outcome the last check changed; only in memory, for the page that answers with them."""

    def __str__(self) -> str:
        return clean_text(self.name)

    @property
    def to_write(self) -> int:
        """Rows that applying would take: all but the wrong ones."""
        return self.counts.get("rows", 0) - self.counts.get("wrong", 0)

    @property
    def token(self) -> str:
        """How history names this import (``pgh_context ->> 'import'``)."""
        return str(self.pk)


class StagedRow(models.Model):
    """A row as read: ``cells`` {column letter: text}, ``values`` {field: normalised}, what it would do, what is wrong.

    ``said`` are the findings of reading the cells, ``findings`` all of them, those of comparing with the registry too.
    """

    school = models.ForeignKey(
        "org.School", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    source = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    sheet = models.CharField(max_length=100)
    row = models.PositiveIntegerField()
    action = models.CharField(max_length=10)
    worst = models.CharField(max_length=10, blank=True, default="")
    label = models.CharField(max_length=160, blank=True, default="")
    cells = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    said = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="staged_row_once")]


class KnownLayout(models.Model):
    """Choices for the columns of a layout, remembered for a unit: the next file of that kind asks nothing."""

    unit = models.ForeignKey("org.Unit", models.CASCADE, related_name="+")
    layout = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "layout"], name="layout_once")]
