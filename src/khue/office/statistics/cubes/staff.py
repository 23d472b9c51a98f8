"""Cube of staff (Cán bộ, giáo viên, nhân viên): positions held on a day."""

from django.utils.translation import gettext_lazy as _

from .base import (
    FLAGS,
    LEVEL_BY_SCHOOL,
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

_SEX = "COALESCE(e.frozen ->> 'sex', p.sex)"
_ETHNICITY = "COALESCE(e.frozen ->> 'ethnicity', p.ethnicity)"
_BIRTH_DATE = "COALESCE((e.frozen ->> 'birth_date')::date, p.birth_date)"
_BIRTH_YEAR = "COALESCE((e.frozen ->> 'birth_year')::int, p.birth_year)"
_AGE = f"COALESCE(extract(year FROM age(%(day)s, {_BIRTH_DATE})), extract(year FROM %(day)s) - {_BIRTH_YEAR})"
_AGE_BAND = f"""CASE WHEN {_AGE} < 20 THEN '10' WHEN {_AGE} < 30 THEN '20' WHEN {_AGE} < 40 THEN '30'
    WHEN {_AGE} < 50 THEN '40' WHEN {_AGE} < 55 THEN '50' WHEN {_AGE} < 60 THEN '55' WHEN {_AGE} >= 60 THEN '60'
    ELSE '{UNKNOWN}' END"""

STAFF = Cube(
    name="staff",
    label=_("Cán bộ"),
    noun=_("cán bộ, giáo viên, nhân viên"),
    definition=_(
        "Người đang làm việc, chuyển đến hoặc chờ nghỉ hưu vào ngày đếm; ai rời trường sau ngày đếm thì vẫn tính. "
        "Người làm ở hai trường được tính ở mỗi trường."
    ),
    source=STATISTICS_2,
    table="registry_position e",
    owner="e.school_id",
    # the status of a position has no date of its own: whoever has a day of leaving was at work until that day
    where="""(e.joined_on IS NULL OR e.joined_on <= %(day)s)
        AND CASE WHEN e.left_on IS NULL THEN e.status IN ('1', '2', '5') ELSE e.left_on > %(day)s END""",
    joins={
        "school": SCHOOL["school"].format("e"),
        "person": "LEFT JOIN registry_staffmember p ON p.id = e.staff_id",
    },
    all_dimensions=(
        *place("school ward ownership"),
        LEVEL_BY_SCHOOL,
        Dimension(
            "group",
            _("Nhóm"),
            known('e."group"'),
            _("Cán bộ quản lý, giáo viên, nhân viên."),
            STATISTICS_2,
            values="staff_group",
        ),
        Dimension(
            "job",
            _("Vị trí việc làm"),
            known("e.job"),
            _("Vị trí việc làm tại trường."),
            STATISTICS_2,
            values="staff_job",
        ),
        Dimension("subject", _("Môn dạy"), known("e.subject"), _("Môn dạy chính."), STATISTICS_2, values="subject"),
        Dimension(
            "sex", _("Giới tính"), known(_SEX), _("Giới tính theo giấy tờ."), STATISTICS_2, ("person",), values="sex"
        ),
        Dimension(
            "minority",
            _("Dân tộc thiểu số"),
            minority(_ETHNICITY),
            _("Người Việt Nam không phải dân tộc Kinh; người nước ngoài đứng cùng Kinh."),
            "Thông tư 03/2024/TT-BGDĐT",
            ("person",),
            labels={"1": _("Dân tộc thiểu số"), "0": _("Kinh, nước ngoài")},
        ),
        Dimension(
            "party", _("Đảng viên"), flag("e.party"), _("Đảng viên Đảng Cộng sản Việt Nam."), STATISTICS_2, labels=FLAGS
        ),
        Dimension(
            "contract",
            _("Hình thức hợp đồng"),
            known("e.contract"),
            _("Hình thức tuyển dụng, hợp đồng."),
            STATISTICS_2,
            values="contract",
        ),
        Dimension(
            "qualification",
            _("Trình độ"),
            known("e.qualification"),
            _("Trình độ chuyên môn cao nhất."),
            STATISTICS_2,
            values="qualification",
        ),
        Dimension(
            "standard",
            _("Chuẩn nghề nghiệp"),
            f"COALESCE(NULLIF(e.standard_superior, ''), NULLIF(e.standard_self, ''), '{UNKNOWN}')",
            _("Kết quả cấp trên đánh giá; chưa có thì tự đánh giá."),
            STATISTICS_2,
            values="standard",
        ),
        Dimension(
            "age_band",
            _("Nhóm tuổi"),
            _AGE_BAND,
            _("Tuổi tròn năm tại ngày đếm; Trên 60 gồm cả đủ 60."),
            STATISTICS_2,
            ("person",),
            values="staff_age_band",
        ),
    ),
    key="e.id",
    title=Column(_("Họ và tên"), "COALESCE(e.frozen ->> 'full_name', p.full_name)", ("person",)),
    columns=(
        Column(_("Ngày sinh"), _BIRTH_DATE, ("person",), kind="date"),
        Column(_("Vị trí việc làm"), "e.job", values="staff_job"),
        Column(_("Môn dạy"), "e.subject", values="subject"),
        SCHOOL_COLUMN,
    ),
    order="COALESCE(e.frozen ->> 'sort_key', p.sort_key) COLLATE \"C\"",
    order_needs=("person",),
    page="staff-member",
    action="registry.staff:read",
    search="COALESCE(e.frozen ->> 'search_key', p.search_key)",
)
