"""Rules on pupils: V01-V09 and V15 of sector-database §6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from khue.base.sheets.values import v02_fault
from khue.school.registry.rules import ACTIVE, DROPPED_OUT, MOVED_AWAY, age_warning, status_faults

from .base import Context, Fault, MendField, Rule, Subject, codes_sql, codes_test

DIGITS, MINISTRY_DIGITS = 12, 10
MONTHS = {13: (3, 12), 14: (13, 24), 15: (25, 36), 16: (36, 48), 17: (48, 60), 18: (60, 72)}
"""Age groups of kindergartens in months on 30/9 (sector-database §3.1)."""
SPREAD = 3
POVERTY = {"ho_ngheo": ("ngheo", "hộ nghèo"), "ho_can_ngheo": ("can_ngheo", "hộ cận nghèo")}
LISTS = {
    "ethnicity": "ethnicity", "nationality": "nationality", "religion": "religion", "entry": "entry_kind",
    "poverty": "poverty", "disability": "disability", "status": "pupil_status", "reason": "leaving_reason",
}  # fmt: skip
LABELS = {
    "ethnicity": "Dân tộc", "nationality": "Quốc tịch", "religion": "Tôn giáo", "entry": "Loại nhập học",
    "poverty": "Hộ nghèo, cận nghèo", "disability": "Loại khuyết tật", "status": "Trạng thái", "reason": "Lý do thôi học",
}  # fmt: skip


@dataclass(frozen=True)
class PupilFacts:
    """A pupil of one school year as the rules see them; ``twins`` counts records of the same name, birth and sex."""

    active: bool = True
    personal_number: str | None = None
    ministry_id: str | None = None
    sex: str = "1"
    birth_date: date | None = None
    birth_year: int | None = None
    ethnicity: str = ""
    nationality: str = ""
    religion: str = ""
    grade: int | None = None
    combined: bool = False
    special: bool = False
    policies: Sequence[str] = ()
    poverty: str = ""
    disability: str = ""
    inclusion: bool = False
    entry: str = ""
    over_age_reason: str = ""
    status: str = "1"
    on: date | None = None
    reason: str = ""
    other_school: str = ""
    former: str = ""
    twins: int = 1
    elsewhere: str | None = None
    elsewhere_since: date | None = None


# --------------------------------------------------------------------------------------------------------- identifiers
def doubled(facts: PupilFacts, context: Context) -> Fault | None:
    if facts.active and facts.birth_date and facts.twins > 1:
        return Fault(
            "full_name", "Hồ sơ khác của trường cùng họ tên, ngày sinh và giới tính. Nếu là một em thì giữ một hồ sơ."
        )
    return None


def ministry_digits(facts: PupilFacts, context: Context) -> Fault | None:
    number = facts.ministry_id
    if not facts.active or number is None or (len(number) == MINISTRY_DIGITS and _digits(number)):
        return None
    padded = number.zfill(MINISTRY_DIGITS) if _digits(number) and len(number) < MINISTRY_DIGITS else ""
    return Fault(
        "ministry_id",
        f"Có {len(number)} ký tự, mã định danh Bộ là 10 chữ số. Đối chiếu với cơ sở dữ liệu ngành.",
        padded,
    )


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def number_agrees(facts: object, context: Context) -> Fault | None:
    """V02 for pupils and staff: twelve digits that agree with sex and year of birth."""
    number, sex, birth_year = facts.personal_number, facts.sex, facts.birth_year  # type: ignore[attr-defined]
    if number is None or not getattr(facts, "active", True):
        return None
    if len(number) != DIGITS or not _digits(number):
        return Fault("personal_number", f"Có {len(number)} ký tự, phải đủ 12 chữ số. Đối chiếu với giấy khai sinh.")
    words = v02_fault(number, sex, birth_year)
    return Fault("personal_number", words, agreeing_number(number, sex, birth_year)) if words else None


def agreeing_number(number: str, sex: str, birth_year: int | None) -> str:
    """The number with century, sex and year digits as the record says: "074215…" of a girl born 2014 → "074314…"."""
    year = birth_year or 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    digit = (year - 1900) // 100 * 2 + (0 if sex == "1" else 1)
    return f"{number[:3]}{digit}{year % 100:02d}{number[6:]}"


def province_known(facts: object, context: Context) -> Fault | None:
    """V02: digits 1-3 are a province; codes of foreign countries exist, so it is a warning."""
    number = facts.personal_number  # type: ignore[attr-defined]
    if number is None or not getattr(facts, "active", True) or len(number) != DIGITS or not _digits(number):
        return None
    if number[:3] in context.codes["number_province"]:
        return None
    return Fault(
        "personal_number", f"Ba số đầu {number[:3]} không có trong mã tỉnh. Nếu khai sinh ở nước ngoài thì giữ nguyên."
    )


NUMBER_SQL = """b.personal_number IS NOT NULL AND CASE WHEN b.personal_number !~ '^[0-9]{12}$' THEN true ELSE
    substr(b.personal_number, 4, 1)::int %% 2 <> 1 - b.sex::int
    OR 1900 + 100 * (substr(b.personal_number, 4, 1)::int / 2) + substr(b.personal_number, 5, 2)::int <> b.birth_year END"""
PROVINCE_SQL = """b.personal_number ~ '^[0-9]{12}$'
    AND substr(b.personal_number, 1, 3) <> ALL (%(codes_number_province)s::text[])"""


# ---------------------------------------------------------------------------------------------------------------- ages
def age_fits_grade(facts: PupilFacts, context: Context) -> Fault | None:
    if not facts.active or facts.grade is None or facts.birth_year is None:
        return None
    late = context.year - facts.birth_year - facts.grade - 5
    if late > 0 and facts.over_age_reason:
        return None
    words = age_warning(grade=facts.grade, birth_year=facts.birth_year, year=context.year)
    return Fault("over_age_reason" if late > 0 else "birth_date", words) if words else None


def months_on_30_september(birth: date, year: int) -> int:
    """Whole months of age; 30/9 is a month's last day, so whoever was born in the month has completed it."""
    return (year - birth.year) * 12 + 9 - birth.month


def age_fits_group(facts: PupilFacts, context: Context) -> Fault | None:
    if not facts.active or facts.grade not in MONTHS or facts.combined or facts.birth_date is None:
        return None
    low, high = MONTHS[facts.grade]
    months = months_on_30_september(facts.birth_date, context.year)
    if low - SPREAD <= months <= high + SPREAD:
        return None
    words = f"Ngày 30/9 được {months} tháng, nhóm này nhận từ {low} đến {high} tháng. Xem lại ngày sinh hoặc nhóm."
    return Fault("birth_date", words)


_MONTHS_SQL = "((%(year)s - extract(year FROM b.birth_date)) * 12 + 9 - extract(month FROM b.birth_date))"
_GROUPS_SQL = " ".join(
    f"WHEN {g} THEN {_MONTHS_SQL} NOT BETWEEN {a - SPREAD} AND {b + SPREAD}" for g, (a, b) in MONTHS.items()
)


# -------------------------------------------------------------------------------------------------------------- status
def _status_fault(facts: PupilFacts, context: Context, names: tuple[str, ...]) -> Fault | None:
    faults = status_faults(
        former=facts.former, status=facts.status, on=facts.on, reason=facts.reason, other_school=facts.other_school,
        calendar=context.calendar,
    )  # fmt: skip
    return next((Fault(name, faults[name]) for name in names if name in faults), None)


def status_in_term(facts: PupilFacts, context: Context) -> Fault | None:
    return _status_fault(facts, context, ("on",))


def status_complete(facts: PupilFacts, context: Context) -> Fault | None:
    return _status_fault(facts, context, ("other_school", "reason", "status"))


def _quoted(codes: frozenset[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


TERM_SQL = """b.status <> '1' AND (b."on" IS NULL OR NOT b."on" BETWEEN %(starts)s AND %(ends)s OR CASE
    WHEN b.status IN ('2', '3', '4', '5') THEN b."on" < %(term1)s OR b."on" >= %(term2)s
    WHEN b.status IN ('6', '7', '8', '9') THEN b."on" NOT BETWEEN %(term2)s AND %(term2_ends)s
    WHEN b.status IN ('10', '11', '12') THEN b."on" BETWEEN %(term1)s AND %(term2_ends)s ELSE false END)"""
COMPLETE_SQL = f"""(b.status IN ({_quoted(MOVED_AWAY)}) AND b.other_school = '')
    OR (b.status IN ({_quoted(DROPPED_OUT)}) AND b.reason = '')
    OR (b.former IN ({_quoted(DROPPED_OUT)}) AND b.status NOT IN ('5', '7'))"""


def one_school(facts: PupilFacts, context: Context) -> Fault | None:
    if facts.elsewhere is None:
        return None
    since = max(facts.elsewhere_since or context.calendar.starts_on, context.calendar.starts_on)
    return Fault("status", f"Em cũng đang học ở {facts.elsewhere} từ {since:%d/%m/%Y}. Trường em đã rời ghi chuyển đi.")


# ------------------------------------------------------------------------------------------------------------- support
def support_agrees(facts: PupilFacts, context: Context) -> Fault | None:
    if not facts.active:
        return None
    if not facts.disability and facts.inclusion:
        return Fault("disability", "Học hòa nhập phải có loại khuyết tật. Chọn loại, hoặc bỏ học hòa nhập.")
    if not facts.disability and "khuyet_tat" in facts.policies:
        return Fault("disability", "Diện chính sách có khuyết tật. Chọn loại khuyết tật, hoặc mở hồ sơ bỏ diện ấy.")
    for policy, (code, name) in POVERTY.items():
        if policy in facts.policies and facts.poverty != code:
            return Fault(
                "poverty", f"Diện chính sách có {name}, ô này thì không. Chọn {name}, hoặc mở hồ sơ bỏ diện ấy."
            )
        if policy not in facts.policies and facts.poverty == code:
            return Fault("poverty", f"Ô này ghi {name}, diện chính sách thì không. Mở hồ sơ thêm diện, hoặc bỏ ở đây.")
    return None


def disabled_is_included(facts: PupilFacts, context: Context) -> Fault | None:
    if facts.active and facts.disability and not facts.inclusion and not facts.special:
        return Fault("inclusion", "Em khuyết tật ở lớp thường mà chưa ghi học hòa nhập.")
    return None


SUPPORT_SQL = "b.active AND ((b.inclusion AND b.disability = '') OR ('khuyet_tat' = ANY (b.policies) AND b.disability = '')" + "".join(
    f" OR ('{policy}' = ANY (b.policies)) <> (b.poverty = '{code}')" for policy, (code, _name) in POVERTY.items()
) + ")"  # fmt: skip


def placed(facts: PupilFacts, context: Context) -> Fault | None:
    if facts.active and facts.grade is None:
        return Fault("current_class", "Em đang học mà chưa có lớp. Mở hồ sơ, chọn Chuyển lớp.")
    return None


LAW = "Quy định kỹ thuật cơ sở dữ liệu ngành, Quyết định 4998/QĐ-BGDĐT"
RULES = (
    Rule("V01", _("Mỗi em một hồ sơ: không trùng họ tên, ngày sinh, giới tính"), "warning", LAW,
         "b.active AND b.birth_date IS NOT NULL AND b.twins > 1", doubled),
    Rule("V01-ma", _("Mã định danh Bộ có 10 chữ số"), "warning", LAW,
         "b.active AND b.ministry_id !~ '^[0-9]{10}$'", ministry_digits, ("ministry_id",)),
    Rule("V02", _("Số định danh khớp giới tính và năm sinh"), "error",
         "Chữ số thứ tư là giới tính và thế kỉ, hai số sau là năm sinh. Nghị định 137/2015/NĐ-CP, Điều 13",
         f"b.active AND {NUMBER_SQL}", number_agrees, ("personal_number", "sex")),
    Rule("V02-tinh", _("Ba số đầu của số định danh là mã tỉnh"), "warning", "Nghị định 137/2015/NĐ-CP, Điều 13",
         f"b.active AND {PROVINCE_SQL}", province_known, ("personal_number",)),
    Rule("V03", _("Tuổi hợp với lớp, sớm 1 đến muộn 3 năm"), "warning",
         "Tuổi là năm đầu của năm học trừ năm sinh; hơn thì ghi lý do. Điều lệ trường tiểu học, trường trung học",
         """b.active AND b.grade BETWEEN 1 AND 9 AND (%(year)s - b.birth_year - b.grade - 5 < -1
            OR (%(year)s - b.birth_year - b.grade - 5 > 3 AND b.over_age_reason = ''))""",
         age_fits_grade, ("birth_date", "over_age_reason")),
    Rule("V04", _("Tháng tuổi của trẻ hợp với nhóm, lớp mầm non"), "warning",
         "Tính tại 30/9, lệch không quá 3 tháng. Điều lệ trường mầm non",
         f"b.active AND NOT b.combined AND b.birth_date IS NOT NULL AND CASE b.grade {_GROUPS_SQL} ELSE false END",
         age_fits_group, ("birth_date",)),
    Rule("V05", _("Ngày của trạng thái nằm trong học kỳ mà trạng thái nói"), "error", LAW, TERM_SQL, status_in_term, ("on",)),
    Rule("V06", _("Chuyển đi có trường đến, thôi học có lý do"), "error",
         "Sau thôi học chỉ có xin học lại. " + LAW, COMPLETE_SQL, status_complete, ("other_school", "reason")),
    Rule("V07", _("Không học hai trường trong một ngày"), "error",
         "Cả hai trường và phòng cùng thấy. " + LAW, "b.elsewhere IS NOT NULL", one_school),
    Rule("V08", _("Khuyết tật, hộ nghèo ghi khớp nhau ở các ô"), "error", LAW, SUPPORT_SQL, support_agrees,
         ("disability", "inclusion", "poverty")),
    Rule("V08-hn", _("Em khuyết tật học hòa nhập hoặc chuyên biệt"), "warning", "Thông tư 03/2018/TT-BGDĐT",
         "b.active AND b.disability <> '' AND NOT b.inclusion AND NOT b.special", disabled_is_included, ("inclusion",)),
    Rule("V09", _("Em đang học có lớp"), "error", LAW, "b.active AND b.grade IS NULL", placed),
    Rule("V15", _("Mã có trong danh mục đang dùng"), "error", "Danh mục dùng chung, có ngày hiệu lực",
         codes_sql(LISTS), codes_test(LISTS, LABELS), tuple(LISTS)[:6]),
)  # fmt: skip

MENDS = {
    "personal_number": MendField(_("Số định danh"), "person", "number"),
    "ministry_id": MendField(_("Mã định danh Bộ"), "person", "number"),
    "sex": MendField(_("Giới tính"), "person", "code", "sex"),
    "birth_date": MendField(_("Ngày sinh"), "person", "date"),
    "ethnicity": MendField(_("Dân tộc"), "person", "code", "ethnicity"),
    "nationality": MendField(_("Quốc tịch"), "person", "code", "nationality"),
    "religion": MendField(_("Tôn giáo"), "person", "code", "religion"),
    "entry": MendField(_("Loại nhập học"), "row", "code", "entry_kind"),
    "over_age_reason": MendField(_("Lý do quá tuổi"), "row"),
    "poverty": MendField(_("Hộ nghèo, cận nghèo"), "row", "code", "poverty"),
    "disability": MendField(_("Loại khuyết tật"), "row", "code", "disability"),
    "inclusion": MendField(_("Học hòa nhập"), "row", "bool"),
    "on": MendField(_("Ngày của trạng thái"), "status", "date"),
    "reason": MendField(_("Lý do thôi học"), "status", "code", "leaving_reason"),
    "other_school": MendField(_("Trường đến"), "status"),
}

# who has left is hidden by the policy; of them only the status is checked, and the name comes from the frozen copy
PUPILS = Subject(
    name="pupils", label=_("Học sinh"), noun=_("hồ sơ"), page="pupil", facts=PupilFacts, rules=RULES, mends=MENDS,
    cte="""changes AS (
      SELECT v.enrolment_id, v.status, v."on", v.reason, v.other_school,
        lead(v.status) OVER w AS former, row_number() OVER w AS place
      FROM registry_statuschange v JOIN registry_enrolment n ON n.id = v.enrolment_id
      WHERE n.year = %(year)s
      WINDOW w AS (PARTITION BY v.enrolment_id ORDER BY v.effective_on DESC, v.id DESC)
    )""",
    columns={
        "active": f"(e.status IN ({_quoted(ACTIVE)}))",
        "personal_number": "p.personal_number",
        "ministry_id": "p.ministry_id",
        "sex": "COALESCE(p.sex, e.frozen ->> 'sex')",
        "birth_date": "p.birth_date",
        "birth_year": "p.birth_year",
        "ethnicity": "COALESCE(p.ethnicity, '')",
        "nationality": "COALESCE(p.nationality, '')",
        "religion": "COALESCE(p.religion, '')",
        "grade": "c.grade",
        "combined": "COALESCE(c.combined, false)",
        "special": "COALESCE(c.inclusion, '') = 'chuyen_biet'",
        "policies": "e.policies",
        "poverty": "e.poverty",
        "disability": "e.disability",
        "inclusion": "e.inclusion",
        "entry": "e.entry",
        "over_age_reason": "e.over_age_reason",
        "status": "e.status",
        "on": "v.\"on\"",
        "reason": "COALESCE(v.reason, '')",
        "other_school": "COALESCE(v.other_school, '')",
        "former": "COALESCE(v.former, '')",
        "twins": f"""count(*) OVER (PARTITION BY e.school_id, e.status IN ({_quoted(ACTIVE)}), p.search_key, p.birth_date,
            p.sex)""",
        "elsewhere": "x.school",
        "elsewhere_since": "x.since",
        "name": "COALESCE(p.full_name, e.frozen ->> 'full_name')",
        "note": """concat_ws(', ', c.code, 'sinh ' || to_char(COALESCE(p.birth_date, (e.frozen ->> 'birth_date')::date),
            'DD/MM/YYYY'))""",
        "sort_key": "COALESCE(p.sort_key, e.frozen ->> 'sort_key') COLLATE \"C\"",
    },
    source="""registry_enrolment e
      LEFT JOIN registry_pupil p ON p.id = e.pupil_id
      LEFT JOIN registry_schoolclass c ON c.id = e.current_class_id
      LEFT JOIN changes v ON v.enrolment_id = e.id AND v.place = 1
      LEFT JOIN checks_two_schools(%(schools)s, %(year)s) x ON x.enrolment_id = e.id
      WHERE e.year = %(year)s""",
    order="b.sort_key",
    counted="b.active",
)  # fmt: skip
