"""Campuses and rooms of a school."""

from django.db import models

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager


@tracked()
class Campus(models.Model):
    """A site of a school (Điểm trường); the first one is the main one."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    name = models.CharField("Tên điểm trường", max_length=150)
    address = models.CharField("Địa chỉ", max_length=300, blank=True, default="")
    is_main = models.BooleanField("Điểm chính", default=False)
    valid_from = models.DateField("Từ ngày", null=True, blank=True)
    valid_until = models.DateField("Đến ngày", null=True, blank=True)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="campus_name_once"),
            models.UniqueConstraint(fields=["school"], condition=models.Q(is_main=True), name="one_main_campus"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Room(models.Model):
    """A room (Phòng): sector-database §2.6 and the template of §5. ``area`` in square metres."""

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="rooms", db_constraint=False, verbose_name="Điểm trường"
    )
    code = models.CharField("Mã phòng", max_length=20)
    kind = models.CharField("Loại", max_length=24)
    structure = models.CharField("Cấp công trình", max_length=24)
    area = models.DecimalField("Diện tích", max_digits=8, decimal_places=2)
    built_year = models.PositiveSmallIntegerField("Năm xây", null=True, blank=True)
    repaired_year = models.PositiveSmallIntegerField("Năm sửa", null=True, blank=True)
    condition = models.CharField("Tình trạng", max_length=24, blank=True, default="")

    objects = SchoolManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "campus", "code"], name="room_code_once")]

    def __str__(self) -> str:
        return self.code
