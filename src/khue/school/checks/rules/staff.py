"""Rules on staff: V02, V11, V15. A position at work on the day is checked."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from .base import Context, Fault, MendField, Rule, Subject, codes_rule
from .pupils import NUMBER_SQL, PROVINCE_SQL, number_agrees, province_known

MANAGER, TEACHER, EMPLOYEE = "1", "2", "3"
GROUP_NAMES = {MANAGER: "cán bộ quản lý", TEACHER: "giáo viên", EMPLOYEE: "nhân viên"}
JOBS = {
    MANAGER: ("01", "02"),
    TEACHER: ("03", "04", "gv", "tpt", "hotro_gv"),
    EMPLOYEE: (
        "09",
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "16",
        "17",
        "20",
        "21",
        "25",
        "26",
        "31",
        "32",
        "33",
        "34",
        "phuc_vu",
        "tu_van",
    ),
}
GROUP_OF_JOB = {job: group for group, jobs in JOBS.items() for job in jobs}
MEDICAL = ("07", "08")
"""Qualifications of physicians: no teacher has them as the highest."""
LISTS = {
    "status": "staff_status",
    "group": "staff_group",
    "job": "staff_job",
    "contract": "contract",
    "qualification": "qualification",
    "subject": "subject",
    "rank": "rank",
    "rank_code": "rank_code",
    "standard_self": "standard",
    "standard_superior": "standard",
    "ethnicity": "ethnicity",
}
LABELS = {
    "status": "Trạng thái",
    "group": "Nhóm",
    "job": "Vị trí việc làm",
    "contract": "Hình thức hợp đồng",
    "qualification": "Trình độ",
    "subject": "Môn dạy",
    "rank": "Hạng",
    "rank_code": "Mã số hạng",
    "standard_self": "Chuẩn nghề nghiệp (tự đánh giá)",
    "standard_superior": "Chuẩn nghề nghiệp (cấp trên)",
    "ethnicity": "Dân tộc",
}


@dataclass(frozen=True)
class StaffFacts:
    """A position at work with the person who holds it."""

    personal_number: str | None = None
    sex: str = "1"
    birth_date: date | None = None
    birth_year: int | None = None
    ethnicity: str = ""
    status: str = "1"
    group: str = TEACHER
    job: str = "gv"
    contract: str = ""
    qualification: str = ""
    subject: str = "toan"
    rank: str = ""
    rank_code: str = ""
    standard_self: str = ""
    standard_superior: str = ""


def subject_fits(facts: StaffFacts, context: Context) -> Fault | None:
    if facts.group == TEACHER and not facts.subject:
        return Fault("subject", "Giáo viên chưa ghi môn dạy. Chọn môn.")
    if facts.group == EMPLOYEE and facts.subject:
        return Fault("subject", "Nhân viên không dạy môn nào. Bỏ môn dạy, hoặc sửa nhóm.")
    return None


def job_fits(facts: StaffFacts, context: Context) -> Fault | None:
    group = GROUP_OF_JOB.get(facts.job)
    if group and group != facts.group and facts.group in GROUP_NAMES:
        return Fault(
            "group",
            f"Vị trí này thuộc nhóm {GROUP_NAMES[group]}, nhóm ghi {GROUP_NAMES[facts.group]}. Sửa một trong hai.",
        )
    if facts.group == TEACHER and facts.qualification in MEDICAL:
        return Fault("qualification", "Trình độ của bác sĩ, vị trí là giáo viên. Sửa một trong hai.")
    return None


_JOB_SQL = " OR ".join(
    f"(b.job IN ({', '.join(repr(job) for job in jobs)}) AND b.\"group\" <> '{group}')" for group, jobs in JOBS.items()
)
RULES = (
    Rule(
        "V02",
        _("Số định danh khớp giới tính và năm sinh"),
        "error",
        "Nghị định 137/2015/NĐ-CP, Điều 13",
        NUMBER_SQL,
        number_agrees,
        ("personal_number", "sex"),
    ),
    Rule(
        "V02-tinh",
        _("Ba số đầu của số định danh là mã tỉnh"),
        "warning",
        "Nghị định 137/2015/NĐ-CP, Điều 13",
        PROVINCE_SQL,
        province_known,
        ("personal_number",),
    ),
    Rule(
        "V11",
        _("Giáo viên có môn dạy, nhân viên không có"),
        "warning",
        "Thông tư 20/2023/TT-BGDĐT, 19/2023/TT-BGDĐT",
        f"(b.\"group\" = '{TEACHER}' AND b.subject = '') OR (b.\"group\" = '{EMPLOYEE}' AND b.subject <> '')",
        subject_fits,
        ("subject", "group"),
    ),
    Rule(
        "V11-vt",
        _("Nhóm, vị trí việc làm và trình độ khớp nhau"),
        "warning",
        "Thông tư 20/2023/TT-BGDĐT, 19/2023/TT-BGDĐT",
        f"(b.\"group\" IN ('1', '2', '3') AND ({_JOB_SQL})) "
        f"OR (b.\"group\" = '{TEACHER}' AND b.qualification IN ('07', '08'))",
        job_fits,
        ("job", "group", "qualification"),
    ),
    codes_rule(LISTS, LABELS, tuple(LISTS)[1:]),
)

STAFF = Subject(
    name="staff",
    label=_("Cán bộ, giáo viên"),
    noun=_("hồ sơ"),
    page="staff-member",
    facts=StaffFacts,
    rules=RULES,
    mends={
        "personal_number": MendField(_("Số định danh"), "person", "number"),
        "sex": MendField(_("Giới tính"), "person", "code", "sex"),
        "ethnicity": MendField(_("Dân tộc"), "person", "code", "ethnicity"),
        **{n: MendField(LABELS[n], "row", "code", LISTS[n]) for n in LISTS if n not in ("ethnicity", "status")},
    },
    columns={
        "personal_number": "p.personal_number",
        "sex": "COALESCE(p.sex, e.frozen ->> 'sex')",
        "birth_date": "p.birth_date",
        "birth_year": "p.birth_year",
        "ethnicity": "COALESCE(p.ethnicity, '')",
        **{n: f'e."{n}"' for n in LISTS if n != "ethnicity"},
        "name": "COALESCE(p.full_name, e.frozen ->> 'full_name')",
        "note": "concat_ws(', ', e.code, 'sinh ' || to_char(p.birth_date, 'DD/MM/YYYY'))",
        "sort_key": "COALESCE(p.sort_key, e.frozen ->> 'sort_key') COLLATE \"C\"",
    },
    source="""registry_position e LEFT JOIN registry_staffmember p ON p.id = e.staff_id
      WHERE e.status IN ('1', '2', '5')
        AND (e.left_on IS NULL OR e.left_on > %(day)s)""",
    order="b.sort_key",
)
