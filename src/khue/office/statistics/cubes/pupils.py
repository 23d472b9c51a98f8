"""Cube of pupils (Học sinh, trẻ): who studies where on a day."""

from django.utils.translation import gettext_lazy as _

from .base import (
    FLAGS,
    GRADE,
    LANGUAGE,
    LEVEL_LABELS,
    LEVEL_OF_GRADE,
    SCHOOL,
    SCHOOL_COLUMN,
    STATISTICS_2,
    UNKNOWN,
    Column,
    Cube,
    Dimension,
    flag,
    known,
    minority,
    place,
)

# Newest event up to the day, else the first one to come (a pupil who is to leave is still there); for events of one day
# the latest entry. The same rule as the SQL function registry_status_on, over all rows at once.
STATUS = """status AS (
  SELECT DISTINCT ON (v.enrolment_id) v.enrolment_id,
    CASE WHEN v.effective_on <= %(day)s THEN v.status IN ('1', '2', '5', '6', '7', '10')
         ELSE v.status IN ('3', '4', '8', '9', '11', '12') END AS counts
  FROM registry_statuschange v JOIN registry_enrolment y ON y.id = v.enrolment_id AND y.year = %(year)s
  ORDER BY v.enrolment_id, v.effective_on > %(day)s, abs(v.effective_on - %(day)s), v.id DESC
)"""

_SEX = "COALESCE(e.frozen ->> 'sex', p.sex)"
_ETHNICITY = "COALESCE(e.frozen ->> 'ethnicity', p.ethnicity)"
_BIRTH_YEAR = "COALESCE((e.frozen ->> 'birth_year')::int, p.birth_year)"
_BIRTH_DATE = "COALESCE((e.frozen ->> 'birth_date')::date, p.birth_date)"
_NAME = "COALESCE(e.frozen ->> 'full_name', p.full_name)"
_LEVEL = f"COALESCE({LEVEL_OF_GRADE}, CASE WHEN cardinality(s.levels) = 1 THEN s.levels[1] ELSE '{UNKNOWN}' END)"

PUPILS = Cube(
    name="pupils",
    label=_("Học sinh"),
    noun=_("học sinh"),
    definition=_(
        "Học sinh, trẻ mà trạng thái có hiệu lực vào ngày đếm là đang theo học, chuyển đến hoặc xin học lại; "
        "ngày chuyển đi, thôi học thì không còn tính."
    ),
    source=STATISTICS_2,
    cte=STATUS,
    table="registry_enrolment e JOIN status t ON t.enrolment_id = e.id AND t.counts",
    owner="e.school_id",
    where="e.year = %(year)s",
    joins={
        "school": SCHOOL["school"].format("e"),
        "person": "LEFT JOIN registry_pupil p ON p.id = e.pupil_id",
        "class": """LEFT JOIN (
              SELECT DISTINCT ON (w.enrolment_id) w.enrolment_id, w.school_class_id FROM registry_placement w
              JOIN registry_schoolclass y ON y.id = w.school_class_id AND y.year = %(year)s
              WHERE w.since <= %(day)s AND (w.until IS NULL OR w.until > %(day)s)
              ORDER BY w.enrolment_id, w.since DESC, w.id DESC
            ) l ON l.enrolment_id = e.id
            LEFT JOIN registry_schoolclass c ON c.id = l.school_class_id""",
        "campus": "LEFT JOIN registry_campus k ON k.id = c.campus_id",
    },
    all_dimensions=(
        *place("school campus ward ownership"),
        Dimension(
            "level",
            _("Cấp học"),
            _LEVEL,
            _("Cấp học theo khối của lớp; em chưa xếp lớp tính theo cấp của trường một cấp."),
            "Luật Giáo dục 2019, Điều 6",
            ("school", "class"),
            labels=LEVEL_LABELS,
        ),
        GRADE,
        Dimension("class", _("Lớp"), known("c.code"), _("Mã lớp mà em học vào ngày đếm."), STATISTICS_2, ("class",)),
        Dimension(
            "sex", _("Giới tính"), known(_SEX), _("Giới tính theo khai sinh."), STATISTICS_2, ("person",), values="sex"
        ),
        Dimension(
            "ethnicity",
            _("Dân tộc"),
            known(_ETHNICITY),
            _("Từng dân tộc theo mã hai chữ số; 55 là người nước ngoài."),
            "Quyết định 121-TCTK/PPCĐ 02/03/1979",
            ("person",),
            values="ethnicity",
            coded=True,
        ),
        Dimension(
            "minority",
            _("Dân tộc thiểu số"),
            minority(_ETHNICITY),
            _("Người Việt Nam không phải dân tộc Kinh; người nước ngoài không thuộc bên nào, ở đây đứng cùng Kinh."),
            "Thông tư 03/2024/TT-BGDĐT",
            ("person",),
            labels={"1": _("Dân tộc thiểu số"), "0": _("Kinh, nước ngoài")},
        ),
        Dimension(
            "age",
            _("Tuổi"),
            f"COALESCE((%(year)s - {_BIRTH_YEAR})::text, '{UNKNOWN}')",
            _("Năm đầu của năm học trừ năm sinh."),
            "Thông tư 03/2024/TT-BGDĐT",
            ("person",),
        ),
        Dimension(
            "entry",
            _("Loại nhập học"),
            "COALESCE(NULLIF(e.entry, ''), 'len_lop')",
            _("Vào học năm nay từ đâu; ô trống nghĩa là lên lớp, học tiếp."),
            STATISTICS_2,
            values="entry_kind",
        ),
        Dimension(
            "disability",
            _("Khuyết tật"),
            known("e.disability"),
            _("Loại khuyết tật; gạch ngang là không khuyết tật."),
            "Luật Người khuyết tật 2010, Điều 3",
            values="disability",
            labels={UNKNOWN: _("Không")},
        ),
        Dimension(
            "inclusion",
            _("Học hòa nhập"),
            flag("e.inclusion"),
            _("Em khuyết tật học trong lớp thường."),
            "Thông tư 03/2018/TT-BGDĐT",
            labels=FLAGS,
        ),
        Dimension(
            "poverty",
            _("Hộ nghèo, cận nghèo"),
            known("e.poverty"),
            _("Hộ nghèo, hộ cận nghèo; gạch ngang là không thuộc diện."),
            STATISTICS_2,
            values="poverty",
            labels={UNKNOWN: _("Không")},
        ),
        LANGUAGE,
        Dimension(
            "two_sessions",
            _("Học 2 buổi"),
            flag("e.two_sessions"),
            _("Em học 2 buổi mỗi ngày."),
            STATISTICS_2,
            labels=FLAGS,
        ),
        Dimension(
            "boarding", _("Bán trú"), flag("e.boarding"), _("Em ăn, nghỉ trưa tại trường."), STATISTICS_2, labels=FLAGS
        ),
    ),
    key="e.id",
    title=Column(_("Họ và tên"), _NAME, ("person",)),
    columns=(
        Column(_("Ngày sinh"), _BIRTH_DATE, ("person",), kind="date"),
        Column(_("Dân tộc"), _ETHNICITY, ("person",), values="ethnicity"),
        Column(_("Lớp"), "COALESCE(c.code, '')", ("class",)),
        SCHOOL_COLUMN,
    ),
    order="COALESCE(e.frozen ->> 'sort_key', p.sort_key) COLLATE \"C\"",
    order_needs=("person",),
    page="pupil",
    action="registry.pupils:read",
    search="COALESCE(e.frozen ->> 'search_key', p.search_key)",
)
