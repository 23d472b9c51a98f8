"""What is taught in a class and by whom."""

from django.db import models
from django.db.models import Q

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager

HOMEROOM = "chu_nhiem"
"""The book of the homeroom teacher: conduct, qualities, competences, general comments."""


@tracked()
class Gradebook(models.Model):
    """A subject of a class in its school year (Môn của lớp): one sheet for each term.

    ``subject`` is a code of the catalogue, or ``HOMEROOM``. ``kind`` is that of the curriculum (score, comment, test,
    level); ``formative`` the number of regular marks of a term; ``periods`` those of the curriculum.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    school_class = models.ForeignKey(
        "registry.SchoolClass", models.PROTECT, related_name="gradebooks", db_constraint=False, verbose_name="Lớp"
    )
    subject = models.CharField("Môn học", max_length=24)
    kind = models.CharField("Cách đánh giá", max_length=8)
    periods = models.PositiveSmallIntegerField("Số tiết/năm", null=True, blank=True)
    formative = models.PositiveSmallIntegerField("Số điểm thường xuyên/kì", default=0)
    part_of = models.CharField("Phân môn của", max_length=24, blank=True, default="")
    position = models.PositiveSmallIntegerField("Thứ tự", default=0)

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "school_class", "subject"], name="gradebook_once")]


@tracked()
class TeachingAssignment(models.Model):
    """A teacher of a subject in a class between two dates (Phân công giảng dạy); ``until`` is the first day without.

    Several may teach one subject at once (phân môn), and a substitute (dạy thay) has dates of their own.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    gradebook = models.ForeignKey(Gradebook, models.CASCADE, related_name="assignments", db_constraint=False)
    teacher = models.ForeignKey(
        "registry.Position", models.PROTECT, related_name="assignments", db_constraint=False, verbose_name="Giáo viên"
    )
    since = models.DateField("Từ ngày")
    until = models.DateField("Đến ngày", null=True, blank=True)
    substitute = models.BooleanField("Dạy thay", default=False)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "gradebook", "teacher", "since"], name="assignment_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=models.F("since")), name="assignment_dates"),
        ]
