"""The register of pupils (Học sinh)."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from khue.base.access.places import place_of
from khue.base.catalog.selectors import choices, name_of, names
from khue.base.core.once import once
from khue.base.core.remember import remembered
from khue.base.core.templatetags.khue import number, state
from khue.base.org.models import School
from khue.base.org.selectors import calendar_of
from khue.base.registers.columns import Column
from khue.base.registers.register import BulkEdit, Filter, Register, SheetLayout, code_filter, yes_filter

from ..forms.pupils import MoveForm, PupilBulkForm, chosen_values
from ..models import Enrolment, Placement, PupilGuardian, SchoolClass
from ..rules import LEFT
from ..selectors.people import named_pupils, person_expressions
from ..selectors.scope import studying_on, visible_classes, visible_enrolments
from ..services.pupils import move_class
from ..services.records import update_rows

STUDYING, GONE = "dang-hoc", "da-roi"


def classes_here(request: HttpRequest) -> list[tuple[int, str, int]]:
    """(id, code, grade) of the classes in sight at a school; read once a request."""
    rows = visible_classes(request).order_by("grade", "sort_key", "code")
    return once(request, "classes here", lambda: list(rows.values_list("id", "code", "grade")))


def grade_choices(request: HttpRequest) -> list[tuple[str, str]]:
    if not place_of(request).is_school:
        return choices("grade")
    table = names("grade")
    return [(str(g), table.get(str(g), str(g))) for g in sorted({grade for _pk, _code, grade in classes_here(request)})]


def class_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(pk), code) for pk, code, _grade in classes_here(request)]


def school_choices(request: HttpRequest) -> list[tuple[str, str]]:
    rows = (
        School.objects.filter(unit__among=place_of(request).school_ids).order_by("sort_key").values_list("pk", "name")
    )
    return once(request, "schools here", lambda: [(str(pk), name) for pk, name in rows])


def _status_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(STUDYING, _("Đang học")), (GONE, _("Đã rời trường")), *choices("pupil_status")]


def _status_condition(value: str) -> Q:
    if value == STUDYING:
        return studying_on()
    return Q(status__in=LEFT) if value == GONE else Q(status=value)


def _status_shown(status: str) -> str:
    if status == "1":
        return state("ok", _("Đang học"))
    level, symbol = ("", "logout") if status in LEFT else ("info", "")
    return state(level, name_of("pupil_status", status), symbol=symbol)


def _class_condition(value: str) -> Q:
    return Q(current_class=None) if value == "khong" else Q(current_class_id=int(value))


def _class_filter_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [*class_choices(request), ("khong", _("Chưa xếp lớp"))]


def _lead(request: HttpRequest) -> str:
    """1.248 em đang học ở 32 lớp, tính đến hôm nay."""
    place = place_of(request)
    if not place.is_school:
        return _("Học sinh của {count} trường").format(count=number(len(place.school_ids)))
    pupils, classes = (
        _studying(request) if place.own_classes_only else remembered("lead", place.unit.pk, lambda: _studying(request))
    )
    return _("{pupils} em đang học ở {classes} lớp, tính đến hôm nay").format(
        pupils=number(pupils), classes=number(classes)
    )


def _studying(request: HttpRequest) -> tuple[int, int]:
    """Pupils at school today and their classes."""
    found = visible_enrolments(request).filter(studying_on())
    counted = found.aggregate(pupils=Count("pk"), classes=Count("current_class", distinct=True))
    return counted["pupils"], counted["classes"]


def _actions(request: HttpRequest) -> list[dict[str, Any]]:
    place = place_of(request)
    if not (place.is_school and place.may("registry.pupils:write")):
        return []
    return [{"label": _("Thêm học sinh"), "icon": "plus", "url": place.url("pupil-add"), "primary": True}]


def _empty(request: HttpRequest) -> dict[str, Any]:
    text = _("Nhập tệp Excel trường đang dùng, hoặc thêm từng em.")
    return {"title": _("Chưa có học sinh nào"), "text": text, "actions": _actions(request)}


def _move_form(request: HttpRequest) -> type[MoveForm]:
    calendar = calendar_of(place_of(request).year)
    options = class_choices(request)

    class BoundMoveForm(MoveForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, classes=options, calendar=calendar, **kwargs)

    return BoundMoveForm


def _move(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    target = SchoolClass.objects.get(pk=int(values["school_class"]))
    enrolments = Enrolment.objects.filter(pk__in=rows.order_by().values("pk"))
    return move_class(enrolments=enrolments, school_class=target, on=values["on"])


def _edit(request: HttpRequest, rows: QuerySet, values: dict[str, Any]) -> int:
    keys = Enrolment.objects.filter(pk__in=rows.order_by().values("pk"))
    return update_rows(rows=keys, values=chosen_values(values, ("two_sessions", "boarding")))


def _fill_guardians(rows: dict[int, dict[str, Any]]) -> None:
    """Complete the import's layout with guardians: one statement for a chunk of rows."""
    pupils = {row["_pupil"]: row for row in rows.values() if row["_pupil"]}
    columns = ("full_name", "birth_year", "job", "phone", "personal_number")
    links = PupilGuardian.objects.filter(pupil_id__in=pupils).values_list(
        "pupil_id", "relation", *(f"guardian__{name}" for name in columns)
    )
    for pupil_id, relation, *values in links:
        for name, value in zip(("name", *columns[1:]), values, strict=True):
            pupils[pupil_id][f"{relation}_{name}"] = value


_PERSON_FIELDS = (
    "ministry_id", "personal_number", "full_name", "birth_date", "sex", "ethnicity", "nationality", "religion",
    "birth_place", "birth_registration", "home_province", "home_ward", "home_hamlet", "home_street",
    "current_address", "email", "health_insurance",
)  # fmt: skip

PUPILS = Register(
    name="pupils",
    title="Học sinh",
    path="hoc-sinh/",
    noun="em",
    read="registry.pupils:read",
    write="registry.pupils:write",
    export="registry.pupils:export",
    rows=visible_enrolments,
    computed=lambda request: person_expressions("pupil", request),
    record="pupil",
    columns=(
        Column("ten", "Họ và tên", "person_full_name", "person", css="k-name", sort=("person_sort_key",)),
        Column("truong", "Trường", "school__name", place="office", css="p2"),
        Column(
            "lop",
            "Lớp",
            "current_class__code",
            css="n k-class",
            sort=("current_class__grade", "current_class__sort_key"),
        ),
        Column(
            "sinh", "Ngày sinh", "person_birth_date", "date", css="n k-meta", sort=("person_birth_date",), prefix="Sinh"
        ),
        Column("gioi", "Giới tính", "person_sex", "code", "sex", css="p2", sort=("person_sex",)),
        Column("ma", "Mã học sinh", "code", css="n p2", sort=("code",)),
        Column("so", "Số định danh", "person_personal_number", "identifier", css="n p3"),
        Column("ma-bo", "Mã của Bộ", "person_ministry_id", css="n p3", default=False),
        Column("dan-toc", "Dân tộc", "person_ethnicity", "code", "ethnicity", css="p2", default=False),
        Column("dien-thoai", "Điện thoại nhà", "contact_phone", "phone", css="n p2"),
        Column("phuong", "Phường thường trú", "person_home_ward", css="p3", default=False),
        Column("trang-thai", "Trạng thái", "status", "code", "pupil_status", css="k-state", show=_status_shown),
        Column("tu-ngay", "Từ ngày", "status_on", "date", css="n p3", default=False),
        Column("nhap-hoc", "Loại nhập học", "entry", "code", "entry_kind", css="p3", default=False),
        Column("dien", "Diện chính sách", "policies", "codes", "policy", css="p3", default=False),
        Column("ngheo", "Hộ nghèo", "poverty", "code", "poverty", css="p3", default=False),
        Column("khuyet-tat", "Khuyết tật", "disability", "code", "disability", css="p3", default=False),
        Column("hai-buoi", "2 buổi", "two_sessions", "bool", css="p3", default=False),
        Column("ban-tru", "Bán trú", "boarding", "bool", css="p3", default=False),
    ),
    order=("person_sort_key",),
    key_path="person_sort_key",
    filters=(
        Filter("truong", "Trường", school_choices, lambda value: Q(school_id=int(value)), place="office"),
        Filter("khoi", "Khối", grade_choices, lambda value: Q(current_class__grade=int(value))),
        Filter("lop", "Lớp", _class_filter_choices, _class_condition, place="school"),
        Filter("trang-thai", "Trạng thái", _status_choices, _status_condition, default=STUDYING),
        code_filter("gioi", "Giới tính", "sex", "person_sex"),
        code_filter("dan-toc", "Dân tộc", "ethnicity", "person_ethnicity"),
        code_filter("nhap-hoc", "Loại nhập học", "entry_kind", "entry"),
        code_filter("ngheo", "Hộ nghèo, cận nghèo", "poverty", "poverty"),
        yes_filter("khuyet-tat", "Khuyết tật", ~Q(disability="")),
        yes_filter("hai-buoi", "2 buổi mỗi ngày", Q(two_sessions=True)),
        yes_filter("ban-tru", "Bán trú", Q(boarding=True)),
    ),
    search_names=("person_search_key",),
    narrow=named_pupils,
    search_codes=("code", "current_class__code", "person_personal_number", "person_ministry_id", "contact_phone"),
    search_hint="Tên, mã, lớp, điện thoại",
    lead=_lead,
    actions=_actions,
    empty=_empty,
    bulk=(
        BulkEdit("chuyen-lop", "Chuyển lớp", "switch-horizontal", _move_form, _move, (Placement,), "school"),
        BulkEdit("sua", "Sửa một mục", "edit", lambda request: PupilBulkForm, _edit, undo=(Enrolment,)),
    ),
    sheet=SheetLayout(
        "pupils",
        {
            "_pupil": "pupil_id",
            "class_code": "current_class__code",
            "phone": "contact_phone",
            **{name: f"person_{name}" for name in _PERSON_FIELDS},
            **{
                name: name
                for name in (
                    "code",
                    "status",
                    "status_on",
                    "entry",
                    "policies",
                    "poverty",
                    "disability",
                    "inclusion",
                    "two_sessions",
                    "boarding",
                    "note",
                )
            },
        },
        _fill_guardians,
    ),
)
