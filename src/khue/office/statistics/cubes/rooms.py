"""Cube of rooms (Phòng). Rooms carry no dates: what stands in the register today is counted for any day."""

from django.utils.translation import gettext_lazy as _

from .base import LEVEL_BY_SCHOOL, SCHOOL, SCHOOL_COLUMN, STATISTICS_2, Column, Cube, Dimension, known, place

ROOMS = Cube(
    name="rooms",
    label=_("Phòng"),
    noun=_("phòng"),
    definition=_("Phòng có trong sổ phòng hiện nay; phòng không có ngày nên mọi ngày đếm cho cùng một số."),
    source=STATISTICS_2,
    table="registry_room e",
    owner="e.school_id",
    where="true",
    joins={
        "school": SCHOOL["school"].format("e"),
        "campus": "LEFT JOIN registry_campus k ON k.id = e.campus_id",
    },
    all_dimensions=(
        *place("school campus ward"),
        LEVEL_BY_SCHOOL,
        Dimension(
            "kind",
            _("Loại phòng"),
            known("e.kind"),
            _("Phòng học, phòng bộ môn, phòng chức năng."),
            STATISTICS_2,
            values="room_kind",
        ),
        Dimension(
            "building",
            _("Cấp công trình"),
            known("e.structure"),
            _("Kiên cố, bán kiên cố, tạm, nhờ mượn."),
            STATISTICS_2,
            values="room_structure",
        ),
    ),
    key="e.id",
    title=Column(_("Mã phòng"), "e.code"),
    columns=(
        Column(_("Loại"), "e.kind", values="room_kind"),
        Column(_("Diện tích, m²"), "e.area", kind="number"),
        Column(_("Điểm trường"), "k.name", ("campus",)),
        SCHOOL_COLUMN,
    ),
    order="s.sort_key || ' ' || e.code COLLATE \"C\"",
    order_needs=("school",),
    page="room-edit",
    action="registry.rooms:read",
    measures={"area": (_("Diện tích, m²"), "e.area")},
)
