"""Forms of pupils: the record, a new pupil, class move, change of status, bulk edits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khue.base.org.rules import Calendar

from ..rules import LEFT, age_warning, disability_faults, status_faults
from . import fields
from .fields import RecordForm

PERSON = (
    "full_name", "birth_date", "sex", "ethnicity", "personal_number", "ministry_id", "nationality", "religion",
    "birth_place", "birth_registration", "home_province", "home_ward", "home_hamlet", "home_street",
    "current_address", "phone", "email", "health_insurance",
)  # fmt: skip
DETAILS = (
    "code", "entry", "policies", "poverty", "disability", "inclusion", "two_sessions", "boarding", "contact_phone",
    "note", "over_age_reason",
)  # fmt: skip
RELATIONS = (("father", "Cha"), ("mother", "Mẹ"), ("guardian", "Người giám hộ"))
GUARDIAN = ("full_name", "birth_year", "job", "phone", "personal_number")


class PupilForm(RecordForm):
    """The whole record of a pupil; fields of guardians are called ``father_full_name`` …"""

    sections = [
        ("Nhân thân", "Theo giấy khai sinh", [
            "full_name", "birth_date", "sex", "ethnicity", "personal_number", "ministry_id", "nationality", "religion",
            "birth_place", "birth_registration",
        ]),
        ("Nơi ở", "", [
            "home_province", "home_ward", "home_hamlet", "home_street", "current_address", "phone", "contact_phone",
            "email",
        ]),
        ("Học tập", "Sổ của trường", ["code", "entry", "two_sessions", "boarding", "over_age_reason", "note"]),
        ("Diện và chế độ", "", ["policies", "poverty", "disability", "inclusion", "health_insurance"]),
        *((label, "", [f"{relation}_{name}" for name in GUARDIAN]) for relation, label in RELATIONS),
        ("Lý do sửa", "Ghi vào lịch sử", ["why"]),
    ]  # fmt: skip

    full_name = fields.name(_("Họ và tên"))
    birth_date = fields.day(_("Ngày sinh"), required=True, help_text=_("Gõ 14082015 cũng được."))
    sex = fields.code(_("Giới tính"), "sex", required=True, radio=True)
    ethnicity = fields.code(_("Dân tộc"), "ethnicity", required=True)
    personal_number = fields.number_text(_("Số định danh cá nhân"))
    ministry_id = fields.identifier(
        _("Mã định danh của Bộ"), length=10, help_text=_("Do cơ sở dữ liệu ngành cấp, giữ suốt đời.")
    )
    nationality = fields.code(_("Quốc tịch"), "nationality")
    religion = fields.code(_("Tôn giáo"), "religion")
    birth_place = fields.text(_("Nơi sinh"), 200)
    birth_registration = fields.text(_("Nơi đăng ký khai sinh"), 200)
    home_province = fields.text(_("Tỉnh, thành phố thường trú"), 100)
    home_ward = fields.text(_("Phường, xã thường trú"), 100)
    home_hamlet = fields.text(_("Khu phố, thôn, tổ"), 100)
    home_street = fields.text(_("Số nhà, đường"), 200)
    current_address = fields.text(_("Nơi ở hiện nay"), 300, help_text=_("Để trống nếu ở nơi thường trú."))
    phone = fields.phone(_("Điện thoại của em"))
    contact_phone = fields.phone(_("Điện thoại nhà"))
    email = fields.text(_("Email"), 200)
    code = fields.identifier(_("Mã học sinh"))
    entry = fields.code(_("Loại nhập học"), "entry_kind")
    two_sessions = fields.yes(_("Học 2 buổi mỗi ngày"), help_text=_("Tính vào biểu đầu năm."))
    boarding = fields.yes(_("Bán trú"))
    over_age_reason = fields.text(_("Lý do quá tuổi"), 200)
    note = fields.text(_("Ghi chú"), 500)
    policies = fields.codes(_("Diện chính sách"), "policy")
    poverty = fields.code(_("Hộ nghèo, cận nghèo"), "poverty")
    disability = fields.code(_("Loại khuyết tật"), "disability")
    inclusion = fields.yes(_("Học hòa nhập"))
    health_insurance = fields.identifier(_("Số thẻ BHYT"), blank="")
    why = fields.text(_("Lý do sửa"), 200, help_text=_("Ví dụ: theo giấy khai sinh mới nộp."))

    def __init__(self, *args: Any, grade: int | None = None, year: int = 0, **options: Any) -> None:
        super().__init__(*args, **options)
        self.grade, self.year = grade, year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        fields.check_personal_number(self)
        for relation, label in RELATIONS:
            self._check_guardian(relation, label)
        faults = disability_faults(
            disability=cleaned.get("disability", ""), inclusion=cleaned.get("inclusion", False),
            policies=cleaned.get("policies", []), poverty=cleaned.get("poverty", ""),
        )  # fmt: skip
        self.refuse(faults)
        birth = cleaned.get("birth_date")
        if birth and self.grade and not cleaned.get("over_age_reason"):
            self.warn("birth_date", age_warning(grade=self.grade, birth_year=birth.year, year=self.year))
        return cleaned

    def _check_guardian(self, relation: str, label: str) -> None:
        """Facts of a guardian without a name have nobody to belong to."""
        cleaned = self.cleaned_data
        given = [name for name in GUARDIAN[1:] if cleaned.get(f"{relation}_{name}")]
        if given and f"{relation}_full_name" in cleaned and not cleaned[f"{relation}_full_name"]:
            self.add_error(f"{relation}_full_name", _("{who}: còn thiếu họ tên.").format(who=label))
        fields.check_personal_number_alone(self, f"{relation}_personal_number")

    def person(self) -> dict[str, Any]:
        return self.picked(PERSON)

    def details(self) -> dict[str, Any]:
        return self.picked(DETAILS)

    def guardians(self) -> dict[str, dict[str, Any]]:
        return {
            relation: {name: self.cleaned_data[f"{relation}_{name}"] for name in GUARDIAN}
            for relation, _label in RELATIONS
        }


for _relation, _label in RELATIONS:
    PupilForm.base_fields |= {
        f"{_relation}_full_name": fields.name(_("Họ và tên"), required=False),
        f"{_relation}_birth_year": fields.year(_("Năm sinh")),
        f"{_relation}_job": fields.text(_("Nghề nghiệp"), 100),
        f"{_relation}_phone": fields.phone(_("Điện thoại")),
        f"{_relation}_personal_number": fields.number_text(_("Số định danh")),
    }


class NewPupilForm(PupilForm):
    """A new pupil: the record, the class, and how they came."""

    sections = [
        ("Vào trường", "", ["school_class", "since", "status", "on", "other_school"]),
        *(section for section in PupilForm.sections if section[0] != "Lý do sửa"),
    ]
    school_class = fields.select(_("Lớp"))
    since = fields.day(_("Vào lớp từ ngày"), required=True)
    status = fields.code(_("Trạng thái"), "pupil_status", required=True)
    on = fields.day(_("Ngày trạng thái"), help_text=_("Em chuyển đến thì ghi ngày chuyển đến."))
    other_school = fields.text(_("Từ trường"), 200)

    def __init__(self, *args: Any, classes: list[tuple[str, str]], calendar: Calendar, **options: Any) -> None:
        super().__init__(*args, **options)
        self.calendar = calendar
        self.offer("school_class", classes)
        self.fields.pop("why")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        status, since = cleaned.get("status"), cleaned.get("since")
        if status in LEFT:
            sentence = _("Em mới vào thì không thể đã rời trường. Chọn “đang theo học” hoặc “chuyển đến”.")
            self.add_error("status", sentence)
        elif status and "on" in cleaned:
            self.refuse(status_faults(
                former="", status=status, on=cleaned["on"], reason="", other_school="", calendar=self.calendar
            ))  # fmt: skip
        if since and not self.calendar.starts_on <= since <= self.calendar.ends_on:
            self.add_error("since", _("Ngày vào lớp phải trong năm học. Sửa ngày."))
        return cleaned


class MoveForm(RecordForm):
    """Chuyển lớp: which class, from which day, why."""

    school_class = fields.select(_("Lớp mới"))
    on = fields.day(_("Từ ngày"), required=True)
    reason = fields.text(_("Lý do"), 200, help_text=_("Ví dụ: theo quyết định phân lớp số 12."))

    def __init__(self, *args: Any, classes: list[tuple[str, str]], calendar: Calendar, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("school_class", classes)
        self.calendar = calendar

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on and not self.calendar.starts_on <= on <= self.calendar.ends_on:
            raise forms.ValidationError(_("Ngày chuyển lớp phải trong năm học. Sửa ngày."))
        return on


class StatusForm(RecordForm):
    """Đổi trạng thái: V05 and V06 at their fields."""

    status = fields.code(_("Trạng thái mới"), "pupil_status", required=True)
    on = fields.day(
        _("Ngày"),
        help_text=_("Ngày quyết định có hiệu lực. Em chuyển đi, thôi học thì từ ngày ấy không tính ở trường."),
    )
    reason = fields.code(_("Lý do thôi học"), "leaving_reason", help_text=_("Bắt buộc khi thôi học."))
    other_school = fields.text(_("Trường đến, trường đi"), 200, help_text=_("Bắt buộc khi chuyển đi."))
    school_class = fields.select(_("Vào lớp"), required=False, help_text=_("Khi em trở lại trường."))
    why = fields.text(_("Căn cứ"), 200, help_text=_("Số quyết định, đơn; ghi vào lịch sử."))

    def __init__(
        self, *args: Any, former: str, classes: list[tuple[str, str]], calendar: Calendar, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.former, self.calendar = former, calendar
        if former in LEFT:
            self.offer("school_class", classes)
        else:
            self.fields.pop("school_class")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("status") and "on" in cleaned:
            self.refuse(status_faults(
                former=self.former, status=cleaned["status"], on=cleaned["on"], reason=cleaned.get("reason", ""),
                other_school=cleaned.get("other_school", ""), calendar=self.calendar,
            ))  # fmt: skip
        return cleaned


KEEP = ("", _("Giữ nguyên"))
YES_NO = (KEEP, ("1", _("Có")), ("0", _("Không")))


class PupilBulkForm(RecordForm):
    """Sửa một mục for many pupils: what stays blank stays as it is."""

    two_sessions = fields.select(_("Học 2 buổi mỗi ngày"), required=False, choices=YES_NO)
    boarding = fields.select(_("Bán trú"), required=False, choices=YES_NO)
    entry = fields.code(_("Loại nhập học"), "entry_kind")
    reason = fields.text(_("Lý do"), 200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in ("two_sessions", "boarding", "entry")):
            raise forms.ValidationError(_("Chưa chọn mục nào để sửa. Chọn ít nhất một mục."))
        return cleaned


def chosen_values(cleaned: dict[str, Any], booleans: tuple[str, ...]) -> dict[str, Any]:
    """The values of a bulk form that were filled in; "1" and "0" as booleans."""
    filled = {name: value for name, value in cleaned.items() if value not in ("", None)}
    return {name: value == "1" if name in booleans else value for name, value in filled.items()}
