"""Classes, enrolments, their dated status and placements."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager


@tracked()
class SchoolClass(models.Model):
    """A class or age group of one school year (Lớp, nhóm lớp): §2.2 and the template of §5."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Năm học")
    grade = models.PositiveSmallIntegerField("Khối")
    code = models.CharField("Mã lớp", max_length=20)
    name = models.CharField("Tên lớp", max_length=100)
    sort_key = models.CharField(max_length=120, db_collation="C", default="", editable=False)
    campus = models.ForeignKey(
        "registry.Campus", models.PROTECT, related_name="classes", db_constraint=False, verbose_name="Điểm trường"
    )
    homeroom = models.ForeignKey(
        "registry.Position", models.PROTECT, null=True, blank=True, related_name="homerooms",
        db_constraint=False, verbose_name="Giáo viên chủ nhiệm",
    )  # fmt: skip
    shift = models.CharField("Buổi học", max_length=10, blank=True, default="")
    sessions_per_week = models.PositiveSmallIntegerField("Số buổi/tuần", null=True, blank=True)
    combined = models.BooleanField("Lớp ghép", default=False)
    boarding = models.BooleanField("Bán trú", default=False)
    language1 = models.CharField("Ngoại ngữ 1", max_length=24, blank=True, default="")
    language2 = models.CharField("Ngoại ngữ 2", max_length=24, blank=True, default="")
    inclusion = models.CharField("Hình thức", max_length=24, blank=True, default="")
    note = models.CharField("Ghi chú", max_length=500, blank=True, default="")

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "year", "code"], name="class_code_once")]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=["status", "status_on", "current_class"])
class Enrolment(models.Model):
    """A pupil at a school in one school year (Nhập học): the anchor of marks, attendance, charges.

    ``status``, ``status_on`` and ``current_class`` repeat the newest event and the open placement, by trigger.
    ``frozen`` is the person as of the day they left: a former school reads that, never the live row.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+", db_index=False)
    # null for the ORM only (the column is NOT NULL): it then joins LEFT, and a pupil who has left, hidden by the
    # policy, doesn't take the enrolment's row away with them
    pupil = models.ForeignKey("registry.Pupil", models.PROTECT, null=True, related_name="enrolments")
    year = models.PositiveSmallIntegerField("Năm học")
    code = models.CharField("Mã học sinh", max_length=20, null=True, blank=True)
    entry = models.CharField("Loại nhập học", max_length=24, blank=True, default="")
    policies = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="Diện chính sách")
    poverty = models.CharField("Hộ nghèo, cận nghèo", max_length=24, blank=True, default="")
    disability = models.CharField("Loại khuyết tật", max_length=24, blank=True, default="")
    inclusion = models.BooleanField("Học hòa nhập", default=False)
    two_sessions = models.BooleanField("2 buổi/ngày", default=False)
    boarding = models.BooleanField("Bán trú", default=False)
    contact_phone = models.CharField("Điện thoại liên hệ", max_length=30, blank=True, default="")
    note = models.CharField("Ghi chú", max_length=500, blank=True, default="")
    over_age_reason = models.CharField("Lý do quá tuổi", max_length=200, blank=True, default="")
    status = models.CharField("Trạng thái", max_length=2, default="1", editable=False)
    status_on = models.DateField("Ngày trạng thái", null=True, blank=True, editable=False)
    current_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="current_enrolments",
        db_constraint=False, db_index=False, editable=False, verbose_name="Lớp",
    )  # fmt: skip
    frozen = models.JSONField(null=True, blank=True, editable=False)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "pupil"], name="one_enrolment_a_year"),
            models.UniqueConstraint(fields=["school", "year", "code"], name="pupil_code_once"),
        ]


@tracked()
class Placement(models.Model):
    """An enrolment in a class between two dates (Xếp lớp): the class list of a day; ``until`` is the first day out."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="placements", db_constraint=False)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="placements", db_constraint=False)
    since = models.DateField("Từ ngày")
    until = models.DateField("Đến ngày", null=True, blank=True)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "enrolment"], condition=models.Q(until=None), name="one_open_placement"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="placement_order"
            ),
        ]


@tracked()
class StatusChange(models.Model):
    """A dated status of an enrolment (Trạng thái học sinh, 12 codes of §3.1); a correction adds an event.

    ``on`` is the date as declared (may be blank); ``effective_on`` is the day from which it counts (statistics §2):
    the first day of the school year for status 1, the declared day otherwise.
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="status_changes", db_constraint=False)
    status = models.CharField("Trạng thái", max_length=2)
    on = models.DateField("Ngày", null=True, blank=True)
    effective_on = models.DateField()
    reason = models.CharField("Lý do thôi học", max_length=10, blank=True, default="")
    other_school = models.CharField("Trường đến/đi", max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SchoolManager()

    class Meta:
        indexes = [models.Index(fields=["school", "enrolment", "effective_on", "id"], name="event_order")]
