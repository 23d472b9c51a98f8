"""Campuses, rooms and equipment of a school."""

from typing import Any

from django.db import models

from khue.base.core.history import tracked
from khue.base.core.scope import SchoolManager
from khue.base.core.text import search_key


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


@tracked()
class Equipment(models.Model):
    """A kind of equipment in one place (Thiết bị): sector-database §5, the second half of the template of rooms.

    One row counts all pieces of a name, a grade and a place. ``campus`` is that of the room where there is one.
    ``quantity`` is what is there, ``required`` what the minimum list asks for (null: nothing is asked).
    """

    school = models.ForeignKey("org.School", models.PROTECT, related_name="+")
    campus = models.ForeignKey(
        Campus, models.PROTECT, related_name="equipment", db_constraint=False, verbose_name="Điểm trường"
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="equipment", db_constraint=False,
        verbose_name="Phòng",
    )  # fmt: skip
    name = models.CharField("Tên thiết bị", max_length=200)
    search_key = models.CharField(max_length=240, editable=False)
    group = models.CharField("Nhóm", max_length=24, blank=True, default="")
    grade = models.PositiveSmallIntegerField("Khối", null=True, blank=True)
    quantity = models.PositiveIntegerField("Số hiện có")
    required = models.PositiveIntegerField("Số theo quy định", null=True, blank=True)

    objects = SchoolManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "campus", "room", "grade", "name"], name="equipment_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_key"}
        super().save(*args, **kwargs)
