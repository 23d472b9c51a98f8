"""The register of schools (Trường), for the office."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.catalog.selectors import choices
from khue.base.core.templatetags.khue import number
from khue.base.org.models import School
from khue.base.registers.columns import Column
from khue.base.registers.register import Filter, Register, SheetLayout, code_filter

from ..models import Campus


def _rows(request: HttpRequest) -> QuerySet:
    """Schools below the place, with their campuses, the main one first; a school has no list of schools."""
    place = place_of(request)
    if place.is_school:
        raise Http404
    names = (
        Campus.objects.filter(school=OuterRef("pk"))
        .order_by()
        .values("school")
        .annotate(all=StringAgg("name", delimiter="; ", order_by=("-is_main", "id")))
    )
    campuses = Coalesce(Subquery(names.values("all")), Value(""), output_field=CharField())
    return School.objects.filter(unit__among=place.school_ids).annotate(campus_names=campuses)


def _lead(request: HttpRequest) -> str:
    return _("{count} trường, cơ sở giáo dục").format(count=number(len(place_of(request).school_ids)))


def _ward_choices(request: HttpRequest) -> list[tuple[str, str]]:
    wards = School.objects.filter(unit__among=place_of(request).school_ids).order_by("ward")
    return [(ward, ward) for ward in wards.values_list("ward", flat=True).distinct()]


SCHOOLS = Register(
    name="schools",
    title="Trường",
    path="truong/",
    noun="trường",
    read="org.schools:read",
    export="registry.pupils:export",
    rows=_rows,
    record="school-of-office",
    columns=(
        Column("ten", "Tên trường", "name", "name", css="k-name", sort=("sort_key",)),
        Column("ma", "Mã trường", "code", css="n k-class", sort=("code",)),
        Column("cap", "Cấp", "levels", "codes", "level", css="k-meta"),
        Column("loai-hinh", "Loại hình", "ownership", "code", "ownership", css="p2"),
        Column("phuong", "Phường", "ward", css="p2", sort=("ward", "sort_key")),
        Column("hieu-truong", "Hiệu trưởng", "principal", css="p2"),
        Column("dien-thoai", "Điện thoại", "phone", "phone", css="n p3"),
        Column("chuan", "Chuẩn quốc gia", "national_standard", "code", "national_standard", css="p3"),
        Column("email", "Email", "email", css="p3", default=False),
        Column("dia-chi", "Địa chỉ", "address", css="p3", default=False),
    ),
    order=("sort_key",),
    filters=(
        Filter("cap", "Cấp", lambda request: choices("level"), lambda value: Q(levels__contains=[value])),
        code_filter("loai-hinh", "Loại hình", "ownership", "ownership"),
        Filter("phuong", "Phường", _ward_choices, lambda value: Q(ward=value)),
        code_filter("chuan", "Chuẩn quốc gia", "national_standard", "national_standard"),
    ),
    search_names=("search_key",),
    search_codes=("code",),
    search_hint="Tên trường, mã trường",
    lead=_lead,
    sheet=SheetLayout(
        "schools",
        {
            "campuses": "campus_names",
            **{
                name: name
                for name in (
                    "code",
                    "name",
                    "levels",
                    "ownership",
                    "school_type",
                    "ward",
                    "address",
                    "phone",
                    "email",
                    "principal",
                    "national_standard",
                    "longitude",
                    "latitude",
                )
            },
        },
    ),
)
