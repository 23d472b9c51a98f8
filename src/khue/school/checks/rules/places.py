"""Rules on rooms and on the school itself: V15."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .base import MendField, Subject, codes_rule

ROOM_LISTS = {"kind": "room_kind", "structure": "room_structure", "condition": "room_condition"}
ROOM_LABELS = {"kind": "Loại phòng", "structure": "Cấp công trình", "condition": "Tình trạng"}
SCHOOL_LISTS = {"ownership": "ownership", "school_type": "school_type", "national_standard": "national_standard"}
SCHOOL_LABELS = {"ownership": "Loại hình", "school_type": "Loại trường", "national_standard": "Chuẩn quốc gia"}


@dataclass(frozen=True)
class RoomFacts:
    kind: str = ""
    structure: str = ""
    condition: str = ""


@dataclass(frozen=True)
class SchoolFacts:
    ownership: str = ""
    school_type: str = ""
    national_standard: str = ""


ROOMS = Subject(
    name="rooms",
    label=_("Phòng"),
    noun=_("phòng"),
    page="room-edit",
    facts=RoomFacts,
    rules=(codes_rule(ROOM_LISTS, ROOM_LABELS, ROOM_LISTS),),
    mends={name: MendField(ROOM_LABELS[name], "row", "code", values) for name, values in ROOM_LISTS.items()},
    columns={
        **{name: f"e.{name}" for name in ROOM_LISTS},
        "name": "e.code",
        "note": "k.name",
        "sort_key": "e.code",
    },
    source="""registry_room e LEFT JOIN registry_campus k ON k.id = e.campus_id""",
    order="b.sort_key",
)

# org_school has no policy and is written by the office: the finding opens the school's page, nothing is mended here
SCHOOL = Subject(
    name="school",
    label=_("Trường"),
    noun=_("trường"),
    page="school",
    facts=SchoolFacts,
    rules=(codes_rule(SCHOOL_LISTS, SCHOOL_LABELS),),
    columns={
        **{name: f"e.{name}" for name in SCHOOL_LISTS},
        "name": "e.name",
        "note": "e.ward",
        "sort_key": "e.sort_key",
    },
    source="org_school e WHERE e.unit_id = ANY (%(schools)s)",
    order="b.sort_key",
)
