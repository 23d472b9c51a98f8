"""Marks as entries of a chain: inserted, never changed, each carrying the digest of the one before."""

from django.conf import settings
from django.db import models

from khue.base.core.scope import SchoolManager

from .books import Gradebook


class Kind(models.TextChoices):
    """What a cell of a sheet holds."""

    FORMATIVE = "tx", "Thường xuyên"
    MIDTERM = "gk", "Giữa kì"
    FINAL = "ck", "Cuối kì"
    COMMENT = "nx", "Nhận xét"
    RETAKE = "dgl", "Đánh giá lại"
    LEVEL = "muc", "Mức đạt được"
    TEST = "kt", "Điểm kiểm tra định kì"
    CONDUCT = "rl", "Kết quả rèn luyện"


class Chain(models.Model):
    """The end of a gradebook's chain: how many entries, and the digest of the last. Locked while entries are added."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    gradebook = models.OneToOneField(Gradebook, models.PROTECT, related_name="chain", db_constraint=False)
    length = models.PositiveIntegerField(default=0)
    head = models.BinaryField(max_length=32, default=bytes(32))

    objects = SchoolManager()


class MarkEntry(models.Model):
    """One thing written into one cell (Lần ghi điểm): the newest of a cell is what the cell holds.

    ``value`` is tenths ("85" is 8,5), a word (D, CD, T, H, C, make_up, absent), a comment's text, or "" for a cell that
    was emptied. ``number`` tells regular marks apart. ``origin`` names the school that a mark comes from. ``batch`` is
    made by the browser, so that what is sent twice is written once. ``digest`` binds everything here and the entry
    before, under the installation's secret (``chain.py``).
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+", db_index=False)
    gradebook = models.ForeignKey(
        Gradebook, models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    serial = models.PositiveIntegerField()
    enrolment = models.ForeignKey(
        "registry.Enrolment", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    term = models.PositiveSmallIntegerField("Học kì")
    kind = models.CharField(max_length=4, choices=Kind)
    number = models.PositiveSmallIntegerField(default=1)
    value = models.CharField(max_length=500, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    device = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    origin = models.CharField(max_length=150, blank=True, default="")
    batch = models.UUIDField(null=True)
    digest = models.BinaryField(max_length=32)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "gradebook", "serial"], name="entry_serial_once"),
        ]


class Verification(models.Model):
    """What a night's verification of a school found (Sổ kiểm mỗi đêm): ``faults`` in words, empty when all is whole."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    verified_at = models.DateTimeField()
    entries = models.PositiveIntegerField()
    chains = models.PositiveIntegerField()
    faults = models.JSONField(default=list)

    objects = SchoolManager()

    class Meta:
        indexes = [models.Index(fields=["school", "-verified_at"], name="newest_verification")]
