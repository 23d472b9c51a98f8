"""Forms of classes, staff, rooms, campuses and the school."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.base.catalog.selectors import choices
from khue.base.org.rules import GRADE_LEVELS

from . import fields
from .fields import RecordForm
from .pupils import YES_NO

CLASS = (
    "code", "name", "shift", "sessions_per_week", "combined", "boarding", "language1", "language2", "inclusion", "note",
)  # fmt: skip


class ClassForm(RecordForm):
    """A class or age group; the choices of grades are those of the school's levels."""

    sections = [
        ("Lớp", "", ["grade", "code", "name", "campus", "homeroom"]),
        ("Cách học", "", ["shift", "sessions_per_week", "combined", "boarding", "language1", "language2", "inclusion"]),
        ("Khác", "", ["note", "why"]),
    ]
    grade = fields.select(_("Khối, nhóm"))
    code = fields.identifier(_("Mã lớp"), required=True)
    name = fields.text(_("Tên lớp"), 100, required=True)
    campus = fields.select(_("Điểm trường"))
    homeroom = fields.select(_("Giáo viên chủ nhiệm"), required=False, widget=forms.Select({"data-search": ""}))
    shift = fields.code(_("Buổi học"), "shift")
    sessions_per_week = fields.integer(_("Số buổi mỗi tuần"), minimum=1, maximum=12)
    combined = fields.yes(_("Lớp ghép"))
    boarding = fields.yes(_("Bán trú"))
    language1 = fields.code(_("Ngoại ngữ 1"), "foreign_language")
    language2 = fields.code(_("Ngoại ngữ 2"), "foreign_language")
    inclusion = fields.code(_("Hình thức"), "inclusion")
    note = fields.text(_("Ghi chú"), 500)
    why = fields.text(_("Lý do"), 200, help_text=_("Ghi vào lịch sử."))

    def __init__(
        self, *args: Any, levels: list[str], campuses: list[tuple[str, str]], teachers: list[tuple[str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        grades = [(c, name) for c, name in choices("grade") if GRADE_LEVELS.get(int(c)) in levels]
        self.offer("grade", grades)
        self.offer("campus", campuses, blank=False)
        self.offer("homeroom", teachers)

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            **self.picked(CLASS),
            "grade": int(cleaned["grade"]),
            "campus_id": int(cleaned["campus"]),
            "homeroom_id": int(cleaned["homeroom"]) if cleaned["homeroom"] else None,
        }


PERSON = ("full_name", "birth_date", "sex", "ethnicity", "personal_number", "ministry_id", "phone", "email")
WORK = (
    "code", "status", "group", "job", "title", "contract", "recruited_on", "joined_on", "left_on", "rank", "rank_code",
    "step", "coefficient", "step_on", "qualification", "major", "subject", "language", "it_skill", "political",
    "management", "party", "party_on", "standard_self", "standard_superior", "officer_rating", "insurance_number",
)  # fmt: skip


class StaffForm(RecordForm):
    """A staff member: the person and the work here."""

    sections = [
        ("Nhân thân", "", list(PERSON)),
        ("Việc làm", "Ở trường này", [
            "code", "status", "group", "job", "title", "subject", "contract", "recruited_on", "joined_on", "left_on",
        ]),
        ("Chức danh, lương", "", ["rank", "rank_code", "step", "coefficient", "step_on", "insurance_number"]),
        ("Trình độ", "", ["qualification", "major", "language", "it_skill", "political", "management"]),
        ("Đánh giá, Đảng", "", ["standard_self", "standard_superior", "officer_rating", "party", "party_on"]),
        ("Lý do sửa", "Ghi vào lịch sử", ["why"]),
    ]  # fmt: skip
    full_name = fields.name(_("Họ và tên"))
    birth_date = fields.day(_("Ngày sinh"), required=True)
    sex = fields.code(_("Giới tính"), "sex", required=True, radio=True)
    ethnicity = fields.code(_("Dân tộc"), "ethnicity")
    personal_number = fields.number_text(_("Số định danh cá nhân"), required=True)
    ministry_id = fields.identifier(_("Mã định danh của Bộ"), length=10)
    phone = fields.phone(_("Điện thoại"))
    email = fields.text(_("Email"), 200)
    code = fields.identifier(_("Mã cán bộ"))
    status = fields.code(_("Trạng thái"), "staff_status", required=True)
    group = fields.code(_("Nhóm"), "staff_group", required=True, radio=True)
    job = fields.code(_("Vị trí việc làm"), "staff_job", required=True)
    title = fields.text(_("Chức vụ"), 100)
    subject = fields.code(_("Môn dạy"), "subject")
    contract = fields.code(_("Hình thức hợp đồng"), "contract", required=True)
    recruited_on = fields.day(_("Ngày tuyển dụng"))
    joined_on = fields.day(_("Ngày về trường"))
    left_on = fields.day(_("Ngày rời trường"), help_text=_("Ngày đầu tiên không còn ở trường."))
    rank = fields.code(_("Hạng chức danh"), "rank")
    rank_code = fields.code(_("Mã số chức danh"), "rank_code")
    step = fields.integer(_("Bậc"), minimum=1, maximum=20)
    coefficient = fields.decimal(_("Hệ số"), minimum="1", maximum="15")
    step_on = fields.day(_("Ngày hưởng"))
    insurance_number = fields.identifier(_("Số sổ BHXH"), blank="")
    qualification = fields.code(_("Trình độ chuyên môn"), "qualification", required=True)
    major = fields.text(_("Chuyên ngành"), 150)
    language = fields.text(_("Ngoại ngữ"), 100)
    it_skill = fields.text(_("Tin học"), 100)
    political = fields.text(_("Lý luận chính trị"), 100)
    management = fields.text(_("Quản lý giáo dục"), 100)
    standard_self = fields.code(_("Chuẩn nghề nghiệp, tự đánh giá"), "standard")
    standard_superior = fields.code(_("Chuẩn nghề nghiệp, cấp trên"), "standard")
    officer_rating = fields.text(_("Đánh giá viên chức"), 100)
    party = fields.yes(_("Đảng viên"))
    party_on = fields.day(_("Ngày vào Đảng"))
    why = fields.text(_("Lý do sửa"), 200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fields.check_personal_number(self)
        joined, left = cleaned.get("joined_on"), cleaned.get("left_on")
        if joined and left and left < joined:
            self.add_error("left_on", _("Ngày rời trường trước ngày về trường. Sửa một trong hai."))
        if cleaned.get("party_on") and not cleaned.get("party"):
            self.add_error("party_on", _("Có ngày vào Đảng mà chưa đánh dấu đảng viên. Đánh dấu, hoặc bỏ ngày."))
        if cleaned.get("group") == "2" and "subject" in cleaned and not cleaned["subject"]:
            self.warn("subject", str(_("Giáo viên chưa có môn dạy.")))
        return cleaned

    def person(self) -> dict[str, Any]:
        return self.picked(PERSON)

    def values(self) -> dict[str, Any]:
        return self.picked(WORK)


ROOM = ("code", "kind", "structure", "area", "built_year", "repaired_year", "condition")


class RoomForm(RecordForm):
    """A room; area in square metres."""

    sections = [
        ("Phòng", "", ["code", "campus", "kind", "structure", "area"]),
        ("Tình trạng", "", ["built_year", "repaired_year", "condition", "why"]),
    ]
    code = fields.identifier(_("Mã phòng"), required=True)
    campus = fields.select(_("Điểm trường"))
    kind = fields.code(_("Loại phòng"), "room_kind", required=True)
    structure = fields.code(_("Cấp công trình"), "room_structure", required=True)
    area = fields.decimal(_("Diện tích, m²"), required=True, minimum="1", maximum="10000")
    built_year = fields.year(_("Năm xây"))
    repaired_year = fields.year(_("Năm sửa gần nhất"))
    condition = fields.code(_("Tình trạng"), "room_condition")
    why = fields.text(_("Lý do"), 200, help_text=_("Ghi vào lịch sử."))

    def __init__(self, *args: Any, campuses: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("campus", campuses, blank=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        built, repaired = cleaned.get("built_year"), cleaned.get("repaired_year")
        if built and repaired and repaired < built:
            self.add_error("repaired_year", _("Năm sửa trước năm xây. Sửa một trong hai."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {**self.picked(ROOM), "campus_id": int(self.cleaned_data["campus"])}


EQUIPMENT = ("name", "group", "quantity", "required")


class EquipmentForm(RecordForm):
    """Equipment: what, for whom, where, how many. ``rooms``: (key, code, campus key) of the school's rooms."""

    sections = [
        ("Thiết bị", "", ["name", "group", "grade"]),
        ("Số lượng", "", ["quantity", "required"]),
        ("Nơi để", "", ["room", "campus"]),
        ("Khác", "", ["why"]),
    ]
    name = fields.text(_("Tên thiết bị"), 200, required=True)
    group = fields.code(_("Nhóm"), "equipment_group")
    grade = fields.select(_("Khối, nhóm"), required=False, help_text=_("Để trống nếu dùng chung cho cả trường."))
    quantity = fields.integer(_("Số hiện có"), required=True, maximum=30_000)
    required = fields.integer(
        _("Số theo quy định"), maximum=30_000, help_text=_("Theo danh mục tối thiểu. Để trống nếu không quy định.")
    )
    room = fields.select(
        _("Phòng"), required=False, widget=forms.Select({"data-search": ""}),
        help_text=_("Có phòng thì điểm trường là của phòng ấy."),
    )  # fmt: skip
    campus = fields.select(_("Điểm trường"), required=False)
    why = fields.text(_("Lý do"), 200, help_text=_("Ghi vào lịch sử."))

    def __init__(
        self, *args: Any, levels: list[str], campuses: list[tuple[str, str]], rooms: list[tuple[str, str, str]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.campuses, self.campus_of = campuses, {key: campus for key, _code, campus in rooms}
        grades = [(c, name) for c, name in choices("grade") if GRADE_LEVELS.get(int(c)) in levels]
        self.offer("grade", grades)
        self.offer("room", [(key, code) for key, code, _campus in rooms])
        self.offer("campus", campuses, blank=False)

    def values(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        campus = self.campus_of.get(cleaned["room"]) or cleaned["campus"] or self.campuses[0][0]
        return {
            **self.picked(EQUIPMENT),
            "grade": int(cleaned["grade"]) if cleaned["grade"] else None,
            "room_id": int(cleaned["room"]) if cleaned["room"] else None,
            "campus_id": int(campus),
        }


class EquipmentBulkForm(RecordForm):
    """The same group or numbers for many rows; what stays blank stays as it is."""

    group = fields.code(_("Nhóm"), "equipment_group")
    quantity = fields.integer(_("Số hiện có"), maximum=30_000)
    required = fields.integer(_("Số theo quy định"), maximum=30_000)
    reason = fields.text(_("Lý do"), 200)

    def clean(self) -> dict[str, Any]:
        return _something(self, super().clean())


CAMPUS = ("name", "address", "is_main", "valid_from", "valid_until")


class CampusForm(RecordForm):
    """A campus (Điểm trường)."""

    name = fields.text(_("Tên điểm trường"), 150, required=True)
    address = fields.text(_("Địa chỉ"), 300)
    is_main = fields.yes(_("Điểm chính"), help_text=_("Mỗi trường có một: chọn điểm này thì điểm kia thôi là chính."))
    valid_from = fields.day(_("Từ ngày"))
    valid_until = fields.day(_("Đến ngày"), help_text=_("Ngày đầu tiên không còn dùng."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end <= start:
            self.add_error("valid_until", _("Ngày thôi dùng phải sau ngày bắt đầu. Sửa một trong hai."))
        return cleaned

    def values(self) -> dict[str, Any]:
        return self.picked(CAMPUS)


SCHOOL = (
    "name", "levels", "ownership", "school_type", "ward", "address", "phone", "email", "principal",
    "national_standard", "longitude", "latitude",
)  # fmt: skip


class SchoolForm(RecordForm):
    """A school; its code never changes."""

    sections = [
        ("Trường", "", ["name", "from_day", "levels", "ownership", "school_type", "national_standard"]),
        ("Nơi chốn", "", ["ward", "address", "longitude", "latitude"]),
        ("Liên hệ", "", ["principal", "phone", "email"]),
        ("Lý do sửa", "Ghi vào lịch sử", ["why"]),
    ]
    name = fields.text(_("Tên trường"), 200, required=True)
    from_day = fields.day(_("Tên mới từ ngày"), help_text=_("Chỉ ghi khi đổi tên: báo cáo cũ giữ tên cũ."))
    levels = fields.codes(_("Cấp học"), "level", required=True)
    ownership = fields.code(_("Loại hình"), "ownership", required=True)
    school_type = fields.code(_("Loại trường"), "school_type")
    national_standard = fields.code(_("Chuẩn quốc gia"), "national_standard")
    ward = fields.text(_("Phường, xã"), 100, required=True)
    address = fields.text(_("Địa chỉ"), 300)
    longitude = fields.decimal(_("Kinh độ"), minimum="102", maximum="110", places=6)
    latitude = fields.decimal(_("Vĩ độ"), minimum="8", maximum="24", places=6)
    principal = fields.name(_("Hiệu trưởng"), required=False)
    phone = fields.text(_("Điện thoại"), 30)
    email = fields.text(_("Email"), 200)
    why = fields.text(_("Lý do sửa"), 200)

    def values(self) -> dict[str, Any]:
        return self.picked(SCHOOL)


class ClassBulkForm(RecordForm):
    """The same regime for many classes; what stays blank stays as it is."""

    shift = fields.code(_("Buổi học"), "shift")
    sessions_per_week = fields.integer(_("Số buổi mỗi tuần"), minimum=1, maximum=12)
    boarding = fields.select(_("Bán trú"), required=False, choices=YES_NO)
    language1 = fields.code(_("Ngoại ngữ 1"), "foreign_language")
    reason = fields.text(_("Lý do"), 200)

    def clean(self) -> dict[str, Any]:
        return _something(self, super().clean())


class StaffBulkForm(RecordForm):
    contract = fields.code(_("Hình thức hợp đồng"), "contract")
    standard_superior = fields.code(_("Chuẩn nghề nghiệp, cấp trên"), "standard")
    subject = fields.code(_("Môn dạy"), "subject")
    reason = fields.text(_("Lý do"), 200)

    def clean(self) -> dict[str, Any]:
        return _something(self, super().clean())


class RoomBulkForm(RecordForm):
    condition = fields.code(_("Tình trạng"), "room_condition")
    structure = fields.code(_("Cấp công trình"), "room_structure")
    repaired_year = fields.year(_("Năm sửa gần nhất"))
    reason = fields.text(_("Lý do"), 200)

    def clean(self) -> dict[str, Any]:
        return _something(self, super().clean())


def _something(form: RecordForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    if not form.errors and not any(value not in ("", None) for key, value in cleaned.items() if key != "reason"):
        raise forms.ValidationError(_("Chưa chọn mục nào để sửa. Chọn ít nhất một mục."))
    return cleaned
