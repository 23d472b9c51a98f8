"""The access log (Nhật ký truy cập) as a register, and who looked at a record. Stands here: a register needs access."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.audit.models import AccessLog

from .columns import Column
from .history import when
from .register import Filter, Register

KINDS = (
    ("read", "Mở hồ sơ"), ("export", "Tải danh sách"), ("download", "Tải tệp"), ("denied", "Bị từ chối"),
    ("sign-in", "Đăng nhập"), ("sign-out", "Đăng xuất"), ("failed", "Đăng nhập sai"),
)  # fmt: skip
_SPANS = {"1": "Hôm nay và hôm qua", "7": "7 ngày qua", "30": "30 ngày qua"}


def _rows(request: HttpRequest) -> QuerySet:
    place = place_of(request)
    own = Q(school_id__in=place.school_ids)
    rows = AccessLog.objects.filter(own if place.is_school else own | Q(school_id=None))
    asked = request.GET.get("ho-so", "")
    return rows.filter(record_id=int(asked)) if asked.isdecimal() and len(asked) < 19 else rows


def _kind_shown(kind: str) -> str:
    return next((label for code, label in KINDS if code == kind), kind)


def _since(days: str) -> Q:
    return Q(at__gte=timezone.now() - timedelta(days=int(days)))


def _lead(request: HttpRequest) -> str:
    return _("Ai đã mở hồ sơ, tải danh sách, đăng nhập. Sổ này chỉ ghi thêm, không ai sửa được.")


ACCESS_LOG = Register(
    name="access-log",
    title="Nhật ký truy cập",
    path="nhat-ky/",
    noun="lượt",
    read="audit.access:read",
    rows=_rows,
    columns=(
        Column("nguoi", "Người", "actor", "name", css="k-name"),
        Column("luc", "Lúc", "at", "time", css="n k-class", sort=("at",)),
        Column("viec", "Việc", "kind", css="k-meta", show=_kind_shown),
        Column("chi-tiet", "Chi tiết", "detail", css="p2"),
        Column("truong", "Trường", "school__name", css="p3", place="office"),
        Column("tu", "Từ máy", "address", css="n p3"),
    ),
    order=("-at",),
    filters=(
        Filter("viec", "Việc", lambda request: KINDS, lambda value: Q(kind=value)),
        Filter("luc", "Thời gian", lambda request: list(_SPANS.items()), _since),
    ),
    lead=_lead,
)


def viewers(record: Any, school_ids: list[int]) -> list[dict[str, str]]:
    """Who opened a record in the last 30 days, newest first, each person once with how often."""
    since = timezone.now() - timedelta(days=30)
    rows = AccessLog.objects.filter(
        school_id__in=school_ids, record=record._meta.model_name, record_id=record.pk, kind="read", at__gte=since
    )
    found: dict[str, dict[str, Any]] = {}
    for actor, at in rows.order_by("-at").values_list("actor", "at")[:500]:
        entry = found.setdefault(actor, {"name": actor, "count": 0, "when": when(at)})
        entry["count"] += 1
    for entry in found.values():
        entry["what"] = _("mở hồ sơ {count} lần").format(count=entry["count"])
    return list(found.values())
