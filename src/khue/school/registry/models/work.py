"""Positions: a staff member at a school, from–until (Vị trí công tác)."""

from django.db import models

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager


@tracked()
class Position(models.Model):
    """A person's work at one school; job, contract and qualification as this school declares them (§2.5, §5)."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    # null for the ORM only (the column is NOT NULL): it then joins LEFT, and a person who has left, hidden by the
    # policy, doesn't take the position's row away with them
    staff = models.ForeignKey(
        "registry.StaffMember", models.PROTECT, null=True, related_name="positions", verbose_name="Người"
    )
    code = models.CharField("Mã cán bộ", max_length=20, null=True, blank=True)
    status = models.CharField("Trạng thái", max_length=2)
    group = models.CharField("Nhóm", max_length=2)
    job = models.CharField("Vị trí việc làm", max_length=24)
    title = models.CharField("Chức vụ", max_length=100, blank=True, default="")
    contract = models.CharField("Hình thức hợp đồng", max_length=2)
    recruited_on = models.DateField("Ngày tuyển dụng", null=True, blank=True)
    joined_on = models.DateField("Ngày về trường", null=True, blank=True)
    left_on = models.DateField("Ngày rời trường", null=True, blank=True)
    rank = models.CharField("Hạng CDNN", max_length=24, blank=True, default="")
    rank_code = models.CharField("Mã số CDNN", max_length=20, blank=True, default="")
    step = models.PositiveSmallIntegerField("Bậc", null=True, blank=True)
    coefficient = models.DecimalField("Hệ số", max_digits=4, decimal_places=2, null=True, blank=True)
    step_on = models.DateField("Ngày hưởng", null=True, blank=True)
    qualification = models.CharField("Trình độ chuyên môn", max_length=2)
    major = models.CharField("Chuyên ngành", max_length=150, blank=True, default="")
    subject = models.CharField("Môn dạy", max_length=24, blank=True, default="")
    language = models.CharField("Ngoại ngữ", max_length=100, blank=True, default="")
    it_skill = models.CharField("Tin học", max_length=100, blank=True, default="")
    political = models.CharField("Lý luận chính trị", max_length=100, blank=True, default="")
    management = models.CharField("Quản lý giáo dục", max_length=100, blank=True, default="")
    party = models.BooleanField("Đảng viên", default=False)
    party_on = models.DateField("Ngày vào Đảng", null=True, blank=True)
    standard_self = models.CharField("Chuẩn nghề nghiệp (tự đánh giá)", max_length=2, blank=True, default="")
    standard_superior = models.CharField("Chuẩn nghề nghiệp (cấp trên)", max_length=2, blank=True, default="")
    officer_rating = models.CharField("Đánh giá viên chức", max_length=100, blank=True, default="")
    frozen = models.JSONField(null=True, blank=True, editable=False)
    insurance_number = models.CharField("Số sổ BHXH", max_length=20, blank=True, default="")

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "staff"], condition=models.Q(left_on=None), name="one_open_position_a_school"
            ),
            models.UniqueConstraint(fields=["school", "code"], name="staff_code_once"),
        ]
