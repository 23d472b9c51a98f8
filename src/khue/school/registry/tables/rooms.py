"""The register of rooms (Phòng)."""

from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.core.templatetags.khue import number
from khue.base.registers.columns import Column
from khue.base.registers.register import BulkEdit, Filter, Register, SheetLayout, code_filter

from ..forms.pupils import chosen_values
from ..forms.records import ROOM, RoomBulkForm
from ..models import Room
from ..selectors.scope import visible_rooms
from ..services.records import update_rows
from .pupils import school_choices


def _lead(request: HttpRequest) -> str:
    rooms = visible_rooms(request)
    area = rooms.aggregate(area=Sum("area"))["area"] or 0
    return _("{count} phòng, {area} m²").format(count=number(rooms.count()), area=number(int(area)))


def _actions(request: HttpRequest) -> list[dict[str, Any]]:
    place = place_of(request)
    if not (place.is_school and place.may("registry.rooms:write")):
        return []
    return [{"label": _("Thêm phòng"), "icon": "plus", "url": place.url("room-add"), "primary": True}]


def _empty(request: HttpRequest) -> dict[str, Any]:
    text = _("Nhập tệp danh sách phòng, hoặc thêm từng phòng.")
    return {"title": _("Chưa có phòng nào"), "text": text, "actions": _actions(request)}


def _edit(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    keys = Room.objects.filter(pk__in=rows.order_by().values("pk"))
    return update_rows(rows=keys, values=chosen_values(values, ()))


ROOMS = Register(
    name="rooms",
    title="Phòng",
    path="phong/",
    noun="phòng",
    read="registry.rooms:read",
    write="registry.rooms:write",
    export="registry.pupils:export",
    rows=visible_rooms,
    record="room",
    columns=(
        Column("ma", "Mã phòng", "code", "name", css="k-name", sort=("code",)),
        Column("truong", "Trường", "school__name", place="office", css="p2"),
        Column("loai", "Loại", "kind", "code", "room_kind", css="k-meta", sort=("kind",)),
        Column("diem", "Điểm trường", "campus__name", css="p2", sort=("campus__name",)),
        Column("cap", "Cấp công trình", "structure", "code", "room_structure", css="p2", sort=("structure",)),
        Column("dien-tich", "Diện tích, m²", "area", "number", css="r k-class", sort=("area",)),
        Column("xay", "Năm xây", "built_year", css="n p3", sort=("built_year",)),
        Column("sua", "Năm sửa", "repaired_year", css="n p3", default=False),
        Column("tinh-trang", "Tình trạng", "condition", "code", "room_condition", css="p2"),
    ),
    order=("code",),
    filters=(
        Filter("truong", "Trường", school_choices, lambda value: Q(school_id=int(value)), place="office"),
        code_filter("loai", "Loại", "room_kind", "kind"),
        code_filter("cap", "Cấp công trình", "room_structure", "structure"),
        code_filter("tinh-trang", "Tình trạng", "room_condition", "condition"),
    ),
    search_codes=("code",),
    search_hint="Mã phòng",
    lead=_lead,
    actions=_actions,
    empty=_empty,
    bulk=(BulkEdit("sua", "Sửa một mục", "edit", lambda request: RoomBulkForm, _edit, undo=(Room,)),),
    sheet=SheetLayout("rooms", {"campus": "campus__name", **{name: name for name in ROOM}}),
)
