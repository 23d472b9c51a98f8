"""The rules on pupils declared, and the rows that they speak of: V01-V09 and V15 of sector-database §6."""

from django.utils.translation import gettext_lazy as _

from khue.school.registry.rules import ACTIVE

from .base import MendField, Rule, Subject, codes_rule
from .pupils import (
    _GROUPS_SQL,
    COMPLETE_SQL,
    LABELS,
    LISTS,
    NUMBER_SQL,
    PROVINCE_SQL,
    SUPPORT_SQL,
    TERM_SQL,
    PupilFacts,
    _quoted,
    age_fits_grade,
    age_fits_group,
    disabled_is_included,
    doubled,
    ministry_digits,
    number_agrees,
    one_school,
    placed,
    province_known,
    status_complete,
    status_in_term,
    support_agrees,
)

LAW = "Quy định kỹ thuật cơ sở dữ liệu ngành, Quyết định 4998/QĐ-BGDĐT"
RULES = (
    Rule(
        "V01",
        _("Mỗi em một hồ sơ: không trùng họ tên, ngày sinh, giới tính"),
        "warning",
        LAW,
        "b.active AND b.birth_date IS NOT NULL AND b.twins > 1",
        doubled,
    ),
    Rule(
        "V01-ma",
        _("Mã định danh Bộ có 10 chữ số"),
        "warning",
        LAW,
        "b.active AND b.ministry_id !~ '^[0-9]{10}$'",
        ministry_digits,
        ("ministry_id",),
    ),
    Rule(
        "V02",
        _("Số định danh khớp giới tính và năm sinh"),
        "error",
        "Chữ số thứ tư là giới tính và thế kỉ, hai số sau là năm sinh. Nghị định 137/2015/NĐ-CP, Điều 13",
        f"b.active AND {NUMBER_SQL}",
        number_agrees,
        ("personal_number", "sex"),
    ),
    Rule(
        "V02-tinh",
        _("Ba số đầu của số định danh là mã tỉnh"),
        "warning",
        "Nghị định 137/2015/NĐ-CP, Điều 13",
        f"b.active AND {PROVINCE_SQL}",
        province_known,
        ("personal_number",),
    ),
    Rule(
        "V03",
        _("Tuổi hợp với lớp, sớm 1 đến muộn 3 năm"),
        "warning",
        "Tuổi là năm đầu của năm học trừ năm sinh; hơn thì ghi lý do. Điều lệ trường tiểu học, trường trung học",
        """b.active AND b.grade BETWEEN 1 AND 9 AND (%(year)s - b.birth_year - b.grade - 5 < -1
            OR (%(year)s - b.birth_year - b.grade - 5 > 3 AND b.over_age_reason = ''))""",
        age_fits_grade,
        ("birth_date", "over_age_reason"),
    ),
    Rule(
        "V04",
        _("Tháng tuổi của trẻ hợp với nhóm, lớp mầm non"),
        "warning",
        "Tính tại 30/9, lệch không quá 3 tháng. Điều lệ trường mầm non",
        f"b.active AND NOT b.combined AND b.birth_date IS NOT NULL AND CASE b.grade {_GROUPS_SQL} ELSE false END",
        age_fits_group,
        ("birth_date",),
    ),
    Rule(
        "V05",
        _("Ngày của trạng thái nằm trong học kỳ mà trạng thái nói"),
        "error",
        LAW,
        TERM_SQL,
        status_in_term,
        ("on",),
    ),
    Rule(
        "V06",
        _("Chuyển đi có trường đến, thôi học có lý do"),
        "error",
        "Sau thôi học chỉ có xin học lại. " + LAW,
        COMPLETE_SQL,
        status_complete,
        ("other_school", "reason"),
    ),
    Rule(
        "V07",
        _("Không học hai trường trong một ngày"),
        "error",
        "Cả hai trường và phòng cùng thấy. " + LAW,
        "b.elsewhere IS NOT NULL",
        one_school,
    ),
    Rule(
        "V08",
        _("Khuyết tật, hộ nghèo ghi khớp nhau ở các ô"),
        "error",
        LAW,
        SUPPORT_SQL,
        support_agrees,
        ("disability", "inclusion", "poverty"),
    ),
    Rule(
        "V08-hn",
        _("Em khuyết tật học hòa nhập hoặc chuyên biệt"),
        "warning",
        "Thông tư 03/2018/TT-BGDĐT",
        "b.active AND b.disability <> '' AND NOT b.inclusion AND NOT b.special",
        disabled_is_included,
        ("inclusion",),
    ),
    Rule("V09", _("Em đang học có lớp"), "error", LAW, "b.active AND b.grade IS NULL", placed),
    codes_rule(LISTS, LABELS, tuple(LISTS)[:6]),
)

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
    name="pupils",
    label=_("Học sinh"),
    noun=_("hồ sơ"),
    page="pupil",
    facts=PupilFacts,
    rules=RULES,
    mends=MENDS,
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
        "on": 'v."on"',
        "reason": "COALESCE(v.reason, '')",
        "other_school": "COALESCE(v.other_school, '')",
        "former": "COALESCE(v.former, '')",
        "twins": f"""count(*) OVER (
            PARTITION BY e.school_id, e.status IN ({_quoted(ACTIVE)}), p.search_key, p.birth_date, p.sex)""",
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
)
