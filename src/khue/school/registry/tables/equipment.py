"""The register of equipment (Thiết bị)."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import number
from khue.base.registers.columns import Column
from khue.base.registers.register import BulkEdit, Filter, Register, SheetLayout, code_filter, yes_filter

from ..forms.pupils import chosen_values
from ..forms.records import EQUIPMENT, EquipmentBulkForm
from ..models import Equipment
from ..selectors.scope import visible_equipment
from ..services.records import update_rows
from .pupils import grade_choices, school_choices

LACKING = Q(required__gt=F("quantity"))


def _shown_lacking(value: int | None) -> str:
    return number(value) if value else ""


def _computed(request: HttpRequest) -> dict[str, Any]:
    return {"lacking": Greatest(F("required") - F("quantity"), 0)}


def _lead(request: HttpRequest) -> str:
    counted = visible_equipment(request).aggregate(rows=Count("pk"), lacking=Count("pk", filter=LACKING))
    return _("{count} mục thiết bị, {lacking} mục còn thiếu so với quy định").format(
        count=number(counted["rows"]), lacking=number(counted["lacking"])
    )


def _actions(request: HttpRequest) -> list[dict[str, Any]]:
    place = place_of(request)
    if not (place.is_school and place.may("registry.equipment:write")):
        return []
    return [{"label": _("Thêm thiết bị"), "icon": "plus", "url": place.url("equipment-add"), "primary": True}]


def _empty(request: HttpRequest) -> dict[str, Any]:
    text = _("Nhập tệp danh sách thiết bị, hoặc thêm từng mục.")
    return {"title": _("Chưa có thiết bị nào"), "text": text, "actions": _actions(request)}


def _edit(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    keys = Equipment.objects.filter(pk__in=rows.order_by().values("pk"))
    return update_rows(rows=keys, values=chosen_values(values, ()))


EQUIPMENT_REGISTER = Register(
    name="equipment",
    title="Thiết bị",
    path="thiet-bi/",
    noun="mục",
    read="registry.equipment:read",
    write="registry.equipment:write",
    export="registry.pupils:export",
    rows=visible_equipment,
    record="equipment-item",
    computed=_computed,
    columns=(
        Column("ten", "Tên thiết bị", "name", "name", css="k-name", sort=("search_key",)),
        Column("truong", "Trường", "school__name", place="office", css="p2"),
        Column("nhom", "Nhóm", "group", "code", "equipment_group", css="p2", sort=("group", "search_key")),
        Column("khoi", "Khối", "grade", "code", "grade", css="k-meta", sort=("grade", "search_key")),
        Column("phong", "Phòng", "room__code", css="p2", sort=("room__code",)),
        Column("diem", "Điểm trường", "campus__name", css="p3"),
        Column("co", "Số hiện có", "quantity", "number", css="r k-class", prefix="Có", sort=("quantity",)),
        Column("quy-dinh", "Theo quy định", "required", "number", css="r p2", sort=("required",)),
        Column(
            "thieu",
            "Còn thiếu",
            "lacking",
            "number",
            css="r k-state",
            prefix="Thiếu",
            sort=("lacking",),
            show=_shown_lacking,
        ),
    ),
    order=("search_key", "grade", "id"),
    filters=(
        Filter("truong", "Trường", school_choices, lambda value: Q(school_id=int(value)), place="office"),
        code_filter("nhom", "Nhóm", "equipment_group", "group"),
        Filter("khoi", "Khối", grade_choices, lambda value: Q(grade=int(value))),
        yes_filter("thieu", "Còn thiếu", LACKING),
    ),
    search_names=("search_key",),
    search_codes=("room__code",),
    search_hint="Tên thiết bị, mã phòng",
    lead=_lead,
    actions=_actions,
    empty=_empty,
    bulk=(BulkEdit("sua", "Sửa một mục", "edit", lambda request: EquipmentBulkForm, _edit, undo=(Equipment,)),),
    sheet=SheetLayout(
        "equipment",
        {"room": "room__code", "campus": "campus__name", "grade": "grade", **{name: name for name in EQUIPMENT}},
    ),
)
