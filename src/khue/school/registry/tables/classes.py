"""The register of classes (Lớp)."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import number
from khue.base.registers.columns import Column
from khue.base.registers.register import BulkEdit, Filter, Register, SheetLayout, code_filter, yes_filter

from ..forms.pupils import chosen_values
from ..forms.records import ClassBulkForm
from ..models import SchoolClass
from ..selectors.classes import with_sizes
from ..selectors.scope import visible_classes
from ..services.records import update_rows
from .pupils import grade_choices, school_choices


def _rows(request: HttpRequest) -> QuerySet:
    return with_sizes(visible_classes(request))


def _lead(request: HttpRequest) -> str:
    place = place_of(request)
    if place.is_school:
        return _("{count} lớp, năm học {year}–{next}").format(
            count=number(visible_classes(request).count()), year=place.year, next=place.year + 1
        )
    return _("Lớp của {count} trường").format(count=number(len(place.school_ids)))


def _actions(request: HttpRequest) -> list[dict[str, Any]]:
    place = place_of(request)
    if not (place.is_school and place.may("registry.classes:write")):
        return []
    return [{"label": _("Thêm lớp"), "icon": "plus", "url": place.url("class-add"), "primary": True}]


def _empty(request: HttpRequest) -> dict[str, Any]:
    text = _("Nhập danh sách học sinh thì lớp tự có, hoặc thêm từng lớp.")
    return {"title": _("Chưa có lớp nào"), "text": text, "actions": _actions(request)}


def _edit(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    keys = SchoolClass.objects.filter(pk__in=rows.order_by().values("pk"))
    return update_rows(rows=keys, values=chosen_values(values, ("boarding",)))


CLASSES = Register(
    name="classes",
    title="Lớp",
    path="lop/",
    noun="lớp",
    read="registry.classes:read",
    write="registry.classes:write",
    export="registry.pupils:export",
    rows=_rows,
    record="class",
    columns=(
        Column("ma", "Lớp", "code", "name", css="k-name", sort=("sort_key",)),
        Column("truong", "Trường", "school__name", place="office", css="k-meta"),
        Column("khoi", "Khối", "grade", "code", "grade", css="p2", sort=("grade", "sort_key")),
        Column("si-so", "Sĩ số", "size", "number", css="r k-class", sort=("size",)),
        Column("chu-nhiem", "Chủ nhiệm", "homeroom__staff__full_name", css="k-meta", place="school"),
        Column("chu-nhiem-vp", "Chủ nhiệm", "homeroom__staff__full_name", css="p3", place="office"),
        Column("diem", "Điểm trường", "campus__name", css="p2"),
        Column("buoi", "Buổi học", "shift", "code", "shift", css="p2"),
        Column("so-buoi", "Buổi/tuần", "sessions_per_week", "number", css="r p3"),
        Column("ban-tru", "Bán trú", "boarding", "bool", css="p3"),
        Column("ghep", "Lớp ghép", "combined", "bool", css="p3", default=False),
        Column("ngoai-ngu", "Ngoại ngữ 1", "language1", "code", "foreign_language", css="p3", default=False),
        Column("hinh-thuc", "Hình thức", "inclusion", "code", "inclusion", css="p3", default=False),
        Column("ghi-chu", "Ghi chú", "note", css="p3", default=False),
    ),
    order=("grade", "sort_key", "code"),
    filters=(
        Filter("truong", "Trường", school_choices, lambda value: Q(school_id=int(value)), place="office"),
        Filter("khoi", "Khối", grade_choices, lambda value: Q(grade=int(value))),
        code_filter("buoi", "Buổi học", "shift", "shift"),
        yes_filter("ban-tru", "Bán trú", Q(boarding=True)),
        yes_filter("ghep", "Lớp ghép", Q(combined=True)),
        yes_filter("chu-nhiem", "Có chủ nhiệm", Q(homeroom__isnull=False)),
    ),
    search_names=("homeroom__staff__search_key",),
    search_codes=("code", "name"),
    search_hint="Mã lớp, giáo viên chủ nhiệm",
    lead=_lead,
    actions=_actions,
    empty=_empty,
    bulk=(BulkEdit("sua", "Sửa một mục", "edit", lambda request: ClassBulkForm, _edit, undo=(SchoolClass,)),),
    sheet=SheetLayout(
        "classes",
        {
            "school_code": "school__code",
            "school_year": "year",
            "campus": "campus__name",
            "homeroom": "homeroom__code",
            **{
                name: name
                for name in (
                    "grade",
                    "code",
                    "name",
                    "shift",
                    "sessions_per_week",
                    "combined",
                    "boarding",
                    "language1",
                    "language2",
                    "inclusion",
                    "note",
                )
            },
        },
    ),
)
