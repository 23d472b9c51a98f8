"""Reference data (*danh mục dùng chung*) as dated, versioned rows; no school owns it, no policy guards it.

Other apps keep codes as text and never point here with a key: a list may be replaced without touching their rows.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeList(models.Model):
    """A list of codes (*danh mục*), for example ethnic groups."""

    code = models.CharField(_("mã danh mục"), max_length=40, unique=True)
    name = models.CharField(_("tên danh mục"), max_length=200)
    source = models.TextField(_("nguồn"), blank=True)
    version = models.PositiveIntegerField(_("phiên bản"), default=1)

    class Meta:
        verbose_name = _("danh mục")

    def __str__(self) -> str:
        return self.name


class Code(models.Model):
    """One code with its validity; `valid_to` is the last day. Codes are ended, never deleted."""

    code_list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes", verbose_name=_("danh mục"))
    code = models.CharField(_("mã"), max_length=40)
    name = models.CharField(_("tên"), max_length=300)
    aliases = ArrayField(models.CharField(max_length=300), default=list, blank=True, verbose_name=_("tên gọi khác"))
    valid_from = models.DateField(_("có hiệu lực từ"), null=True, blank=True)
    valid_to = models.DateField(_("có hiệu lực đến"), null=True, blank=True)
    source = models.TextField(_("nguồn"), blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    order = models.PositiveIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("mã danh mục")
        constraints = [
            models.UniqueConstraint(
                fields=["code_list", "code", "valid_from"], nulls_distinct=False, name="catalog_code_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CodeMapping(models.Model):
    """How another system writes a code; direction "in" (read from it) and "out" (written to it) stand apart."""

    code_list = models.ForeignKey(
        CodeList, on_delete=models.PROTECT, related_name="mappings", verbose_name=_("danh mục")
    )
    system = models.CharField(_("hệ thống"), max_length=40)
    direction = models.CharField(_("chiều"), max_length=3, choices=[("in", _("nhận")), ("out", _("gửi"))])
    external_code = models.CharField(_("mã bên ngoài"), max_length=60)
    code = models.CharField(_("mã"), max_length=40)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        verbose_name = _("mã của hệ thống khác")
        constraints = [
            # in: one outside code means one of ours; out: one of ours is written in one way
            models.UniqueConstraint(
                fields=["code_list", "system", "external_code"],
                condition=models.Q(direction="in"),
                name="catalog_mapping_in_unique",
            ),
            models.UniqueConstraint(
                fields=["code_list", "system", "code"],
                condition=models.Q(direction="out"),
                name="catalog_mapping_out_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.external_code} → {self.code}"


class AdminUnit(models.Model):
    """Province, district or ward (*đơn vị hành chính*) before or after 01/07/2025.

    `key` is the official code; units that ended on 30/06/2025 carry a leading "c", since their codes are in use again.
    """

    key = models.CharField(max_length=8, primary_key=True)
    code = models.CharField(_("mã"), max_length=6)
    kind = models.CharField(_("cấp"), max_length=8)
    unit_type = models.CharField(_("loại"), max_length=20)
    name = models.CharField(_("tên"), max_length=100)
    full_name = models.CharField(_("tên đầy đủ"), max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    system = models.CharField(_("trước hay sau 01/07/2025"), max_length=6)
    valid_from = models.DateField(_("có từ ngày"), null=True)
    valid_to = models.DateField(_("có đến ngày"), null=True)
    search_key = models.CharField(max_length=100, db_index=True, db_collation="C")

    class Meta:
        verbose_name = _("đơn vị hành chính")
        constraints = [models.UniqueConstraint(fields=["system", "kind", "code"], name="catalog_unit_code_unique")]

    def __str__(self) -> str:
        return self.full_name


class AdminUnitSuccession(models.Model):
    """A unit took over another one, whole or in part; a divided ward has several rows, one of them the default."""

    old = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="predecessions")
    is_default = models.BooleanField(_("mặc định"))
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        verbose_name = _("chuyển đổi đơn vị hành chính")
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="catalog_succession_unique")]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class CatalogState(models.Model):
    """One row: the number that rises with every load that changed something; the caches of all processes follow it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("phiên bản danh mục")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalog_state_single")]

    def __str__(self) -> str:
        return str(self.version)
