"""Organisation: the dated tree of units, schools, school years (Tổ chức).

Tables of this app have no policy: they are read before the scope of a request is known. Names and parents change
with dates (the district level ended on 01/07/2025), so each unit has versions; ``Unit`` itself carries today's.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from khue.base.core.history import tracked


class UnitKind(models.TextChoices):
    MINISTRY = "ministry", "Bộ"
    DEPARTMENT = "department", "Sở GDĐT"
    OFFICE = "office", "Phòng GDĐT"
    COMMUNE = "commune", "Phường, xã"
    SCHOOL = "school", "Trường, cơ sở giáo dục"
    CAMPUS = "campus", "Điểm trường"


@tracked()
class Unit(models.Model):
    """A unit of the tree (Đơn vị); ``path`` is the chain of ids from the root, e.g. ``/1/4/17/``."""

    kind = models.CharField(max_length=12, choices=UnitKind)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, default="", db_index=True)
    valid_from = models.DateField(default=date(1900, 1, 1))
    valid_until = models.DateField(null=True, blank=True, help_text="Ngày đầu tiên không còn hiệu lực")
    current_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gt=models.F("valid_from")),
                name="unit_valid_order",
            )
        ]
        indexes = [models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="unit_path_prefix")]

    def __str__(self) -> str:
        return self.name


@tracked()
class UnitVersion(models.Model):
    """Name and parent of a unit between two dates: old reports print the names of their day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="versions")
    name = models.CharField(max_length=200)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "valid_from"], name="one_version_a_day")]


@tracked()
class School(models.Model):
    """A school or independent kindergarten group (Trường, cơ sở giáo dục): fields of sector-database §2.1 and §5."""

    unit = models.OneToOneField(Unit, models.PROTECT, primary_key=True, related_name="school")
    code = models.CharField("Mã trường", max_length=20, unique=True)
    name = models.CharField("Tên trường", max_length=200)
    sort_key = models.CharField(max_length=400, db_collation="C", default="")
    search_key = models.CharField(max_length=400, default="")
    levels = ArrayField(models.CharField(max_length=4), verbose_name="Cấp học")
    ownership = models.CharField("Loại hình", max_length=10)
    school_type = models.CharField("Loại trường", max_length=10, blank=True, default="")
    ward = models.CharField("Phường, xã", max_length=100)
    ward_code = models.CharField(max_length=10, blank=True, default="")
    address = models.CharField("Địa chỉ", max_length=300, blank=True, default="")
    phone = models.CharField("Điện thoại", max_length=30, blank=True, default="")
    email = models.CharField("Email", max_length=200, blank=True, default="")
    principal = models.CharField("Hiệu trưởng", max_length=100, blank=True, default="")
    national_standard = models.CharField("Chuẩn quốc gia", max_length=10, blank=True, default="")
    longitude = models.DecimalField("Kinh độ", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("Vĩ độ", max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


@tracked()
class SchoolYear(models.Model):
    """A school year (Năm học), named by its first year: 2026 is 2026–2027.

    ``starts_on`` … ``ends_on`` is the span in which figures "as of a day" belong to this year (01/08 to 31/07 unless
    set otherwise); terms carry the calendar of teaching.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}–{self.year + 1}"


@tracked()
class Term(models.Model):
    """A term (Học kỳ 1, 2) with its calendar."""

    school_year = models.ForeignKey(SchoolYear, models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["school_year", "number"], name="term_once")]
