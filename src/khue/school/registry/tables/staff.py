"""The register of staff (Cán bộ, giáo viên, nhân viên)."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.catalog.selectors import choices
from khue.base.core.templatetags.khue import number
from khue.base.registers.columns import Column
from khue.base.registers.register import BulkEdit, Filter, Register, SheetLayout, code_filter, yes_filter

from ..forms.pupils import chosen_values
from ..forms.records import PERSON, WORK, StaffBulkForm
from ..models import Position
from ..selectors.people import named_staff, person_expressions
from ..selectors.scope import visible_positions, working_on
from ..services.records import update_rows
from .pupils import school_choices

WORKING = "dang-lam"


def _status_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(WORKING, _("Đang ở trường")), *choices("staff_status")]


def _lead(request: HttpRequest) -> str:
    place = place_of(request)
    if not place.is_school:
        return _("Cán bộ, giáo viên, nhân viên của {count} trường").format(count=number(len(place.school_ids)))
    here = visible_positions(request).filter(working_on())
    counted = here.aggregate(every=Count("pk"), teachers=Count("pk", filter=Q(group="2")))
    return _("{every} người đang ở trường, {teachers} giáo viên").format(
        every=number(counted["every"]), teachers=number(counted["teachers"])
    )


def _actions(request: HttpRequest) -> list[dict[str, Any]]:
    place = place_of(request)
    if not (place.is_school and place.may("registry.staff:write")):
        return []
    return [{"label": _("Thêm người"), "icon": "plus", "url": place.url("staff-add"), "primary": True}]


def _empty(request: HttpRequest) -> dict[str, Any]:
    text = _("Nhập tệp danh sách cán bộ, hoặc thêm từng người.")
    return {"title": _("Chưa có cán bộ nào"), "text": text, "actions": _actions(request)}


def _edit(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    keys = Position.objects.filter(pk__in=rows.order_by().values("pk"))
    return update_rows(rows=keys, values=chosen_values(values, ()))


STAFF = Register(
    name="staff",
    title="Cán bộ, giáo viên",
    path="can-bo/",
    noun="người",
    read="registry.staff:read",
    write="registry.staff:write",
    export="registry.pupils:export",
    rows=visible_positions,
    computed=lambda request: person_expressions("staff", request),
    record="staff-member",
    columns=(
        Column("ten", "Họ và tên", "person_full_name", "person", css="k-name", sort=("person_sort_key",)),
        Column("truong", "Trường", "school__name", place="office", css="p2"),
        Column("viec", "Vị trí việc làm", "job", "code", "staff_job", css="k-meta", sort=("group", "job")),
        Column("mon", "Môn dạy", "subject", "code", "subject", css="p2", sort=("subject",)),
        Column("nhom", "Nhóm", "group", "code", "staff_group", css="p3", default=False),
        Column("sinh", "Ngày sinh", "person_birth_date", "date", css="n p2", sort=("person_birth_date",)),
        Column("gioi", "Giới tính", "person_sex", "code", "sex", css="p3"),
        Column("ma", "Mã cán bộ", "code", css="n k-class", sort=("code",)),
        Column("so", "Số định danh", "person_personal_number", "identifier", css="n p3"),
        Column("trinh-do", "Trình độ", "qualification", "code", "qualification", css="p2"),
        Column("hop-dong", "Hợp đồng", "contract", "code", "contract", css="p3", default=False),
        Column("dien-thoai", "Điện thoại", "person_phone", "phone", css="n p2"),
        Column("dan-toc", "Dân tộc", "person_ethnicity", "code", "ethnicity", css="p3", default=False),
        Column("dang", "Đảng viên", "party", "bool", css="p3", default=False),
        Column("chuan", "Chuẩn nghề nghiệp", "standard_superior", "code", "standard", css="p3", default=False),
        Column("trang-thai", "Trạng thái", "status", "code", "staff_status", css="p3", default=False),
    ),
    order=("person_sort_key",),
    key_path="person_sort_key",
    filters=(
        Filter("truong", "Trường", school_choices, lambda value: Q(school_id=int(value)), place="office"),
        Filter(
            "trang-thai",
            "Trạng thái",
            _status_choices,
            lambda value: working_on() if value == WORKING else Q(status=value),
            default=WORKING,
        ),
        code_filter("nhom", "Nhóm", "staff_group", "group"),
        code_filter("viec", "Vị trí việc làm", "staff_job", "job"),
        code_filter("mon", "Môn dạy", "subject", "subject"),
        code_filter("hop-dong", "Hợp đồng", "contract", "contract"),
        code_filter("trinh-do", "Trình độ", "qualification", "qualification"),
        yes_filter("dang", "Đảng viên", Q(party=True)),
    ),
    search_names=("person_search_key",),
    narrow=named_staff,
    search_codes=("code", "person_personal_number", "person_ministry_id", "person_phone"),
    search_hint="Tên, mã, điện thoại",
    lead=_lead,
    actions=_actions,
    empty=_empty,
    bulk=(BulkEdit("sua", "Sửa một mục", "edit", lambda request: StaffBulkForm, _edit, undo=(Position,)),),
    sheet=SheetLayout(
        "staff",
        {**{name: f"person_{name}" for name in PERSON}, **{name: name for name in WORK if name != "left_on"}},
    ),
)
