"""Tests of rules on pupils, pure and as SQL side by side: V01-V09 of sector-database §6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from khue.base.sheets.values import v02_fault
from khue.school.registry.rules import DROPPED_OUT, MOVED_AWAY, age_warning, status_faults

from .base import Context, Fault

DIGITS, MINISTRY_DIGITS = 12, 10
MONTHS = {13: (3, 12), 14: (13, 24), 15: (25, 36), 16: (36, 48), 17: (48, 60), 18: (60, 72)}
"""Age groups of kindergartens in months on 30/9 (sector-database §3.1)."""
SPREAD = 3
POVERTY = {"ho_ngheo": ("ngheo", "hộ nghèo"), "ho_can_ngheo": ("can_ngheo", "hộ cận nghèo")}
LISTS = {
    "ethnicity": "ethnicity",
    "nationality": "nationality",
    "religion": "religion",
    "entry": "entry_kind",
    "poverty": "poverty",
    "disability": "disability",
    "status": "pupil_status",
    "reason": "leaving_reason",
}
LABELS = {
    "ethnicity": "Dân tộc",
    "nationality": "Quốc tịch",
    "religion": "Tôn giáo",
    "entry": "Loại nhập học",
    "poverty": "Hộ nghèo, cận nghèo",
    "disability": "Loại khuyết tật",
    "status": "Trạng thái",
    "reason": "Lý do thôi học",
}


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
    OR 1900 + 100 * (substr(b.personal_number, 4, 1)::int / 2)
        + substr(b.personal_number, 5, 2)::int <> b.birth_year END"""
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
        former=facts.former,
        status=facts.status,
        on=facts.on,
        reason=facts.reason,
        other_school=facts.other_school,
        calendar=context.calendar,
    )
    return next((Fault(name, faults[name]) for name in names if name in faults), None)


def status_in_term(facts: PupilFacts, context: Context) -> Fault | None:
    return _status_fault(facts, context, ("on",))


def status_complete(facts: PupilFacts, context: Context) -> Fault | None:
    return _status_fault(facts, context, ("other_school", "reason", "status"))


def _quoted(codes: frozenset[str]) -> str:
    return ", ".join(f"'{code}'" for code in sorted(codes))


TERM_SQL = """b.status <> '1' AND (b."on" IS NULL OR b."on" > %(ends)s
    OR b."on" < CASE WHEN b.status IN ('10', '11', '12') THEN make_date(%(year)s, 6, 1) ELSE %(starts)s END OR CASE
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


_POVERTY_SQL = "".join(
    f" OR ('{policy}' = ANY (b.policies)) <> (b.poverty = '{code}')" for policy, (code, _name) in POVERTY.items()
)
SUPPORT_SQL = f"""b.active AND ((b.inclusion AND b.disability = '')
    OR ('khuyet_tat' = ANY (b.policies) AND b.disability = ''){_POVERTY_SQL})"""


def placed(facts: PupilFacts, context: Context) -> Fault | None:
    if facts.active and facts.grade is None:
        return Fault("current_class", "Em đang học mà chưa có lớp. Mở hồ sơ, chọn Chuyển lớp.")
    return None
