"""Persons: pupils, guardians, staff. They exist once; ``school_ids`` says where they are now."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khue.base.core.history import tracked
from khue.base.core.text import name_sort_key, search_key


class PersonQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        return super().update(**with_keys(kwargs))


def with_keys(values: dict[str, Any]) -> dict[str, Any]:
    """Add the sort and search keys to values that hold a name."""
    if "full_name" in values:
        values = {
            **values,
            "sort_key": name_sort_key(values["full_name"]),
            "search_key": search_key(values["full_name"]),
        }
    return values


class Person(models.Model):
    """What every person has. ``school_ids`` is written by the database's triggers alone: ``khue_app`` may not."""

    full_name = models.CharField("Họ tên", max_length=100)
    sort_key = models.CharField(max_length=600, db_collation="C", editable=False)
    search_key = models.CharField(max_length=120, editable=False)
    personal_number = models.CharField("Số định danh cá nhân", max_length=12, null=True, blank=True)
    phone = models.CharField("Điện thoại", max_length=30, blank=True, default="")
    school_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        keys = with_keys({"full_name": self.full_name})
        self.sort_key, self.search_key = keys["sort_key"], keys["search_key"]
        if self.pk and not kwargs.get("force_insert"):
            # a plain save() would name school_ids in its UPDATE, which the role may not write
            named = kwargs.get("update_fields") or [
                f.name for f in self._meta.concrete_fields if not f.primary_key and f.name != "school_ids"
            ]
            kwargs["update_fields"] = set(named) | ({"sort_key", "search_key"} if "full_name" in named else set())
        super().save(*args, **kwargs)


class Identified(Person):
    """Pupils and staff: birth, sex, ethnicity, the numbers of the Ministry (sector-database §4)."""

    birth_date = models.DateField("Ngày sinh", null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField("Năm sinh", null=True, blank=True)
    sex = models.CharField("Giới tính", max_length=1)
    ethnicity = models.CharField("Dân tộc", max_length=2, blank=True, default="")
    ministry_id = models.CharField("Mã định danh Bộ", max_length=20, null=True, blank=True)
    email = models.CharField("Email", max_length=200, blank=True, default="")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.personal_number = self.personal_number or None
        self.ministry_id = self.ministry_id or None
        if self.birth_date:
            self.birth_year = self.birth_date.year
            if kwargs.get("update_fields") and "birth_date" in kwargs["update_fields"]:
                kwargs["update_fields"] = {*kwargs["update_fields"], "birth_year"}
        super().save(*args, **kwargs)


def _identity_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["ministry_id"], name=f"{name}_ministry_once"),
        models.UniqueConstraint(fields=["personal_number"], name=f"{name}_number_once"),
        models.CheckConstraint(condition=models.Q(sex__in=["0", "1"]), name=f"{name}_sex"),
    ]


@tracked(exclude=["school_ids"])
class Pupil(Identified):
    """A pupil or child (Học sinh, trẻ)."""

    nationality = models.CharField("Quốc tịch", max_length=10, blank=True, default="")
    religion = models.CharField("Tôn giáo", max_length=24, blank=True, default="")
    birth_place = models.CharField("Nơi sinh", max_length=200, blank=True, default="")
    birth_registration = models.CharField("Nơi đăng ký khai sinh", max_length=200, blank=True, default="")
    home_province = models.CharField("Tỉnh, thành phố thường trú", max_length=100, blank=True, default="")
    home_ward = models.CharField("Phường, xã thường trú", max_length=100, blank=True, default="")
    home_hamlet = models.CharField("Thôn, tổ", max_length=100, blank=True, default="")
    home_street = models.CharField("Số nhà, đường", max_length=200, blank=True, default="")
    current_address = models.CharField("Nơi ở hiện nay", max_length=300, blank=True, default="")
    health_insurance = models.CharField("Số thẻ BHYT", max_length=20, blank=True, default="")

    class Meta:
        constraints = _identity_constraints("pupil")
        indexes = [models.Index(fields=["sort_key", "id"], name="pupil_order")]


@tracked(exclude=["school_ids"])
class Guardian(Person):
    """Father, mother or another guardian (Cha, mẹ, người giám hộ)."""

    birth_year = models.PositiveSmallIntegerField("Năm sinh", null=True, blank=True)
    job = models.CharField("Nghề nghiệp", max_length=100, blank=True, default="")


class Relation(models.TextChoices):
    FATHER = "father", "Cha"
    MOTHER = "mother", "Mẹ"
    GUARDIAN = "guardian", "Người giám hộ"


@tracked(exclude=["school_ids"])
class PupilGuardian(models.Model):
    """Who stands for a pupil, and what they may do (privacy §3). ``school_ids`` follows the pupil, by trigger."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardian_links", db_index=False)
    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="pupil_links")
    relation = models.CharField("Quan hệ", max_length=10, choices=Relation)
    can_view = models.BooleanField("Được xem", default=True)
    can_act = models.BooleanField("Được thay mặt", default=True)
    can_pick_up = models.BooleanField("Được đón", default=True)
    school_ids = ArrayField(models.BigIntegerField(), default=list, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "relation"], name="one_guardian_a_relation")]


@tracked(exclude=["school_ids"])
class StaffMember(Identified):
    """A manager, teacher or employee as a person (Cán bộ, giáo viên, nhân viên)."""

    class Meta:
        constraints = _identity_constraints("staff")
        indexes = [models.Index(fields=["sort_key", "id"], name="staff_order")]
