"""Cube of schools and independent groups (Trường, cơ sở giáo dục) that exist on the day."""

from django.utils.translation import gettext_lazy as _

from .base import LEVEL_BY_SCHOOL, STATISTICS_2, Column, Cube, Dimension, known, place

SCHOOLS = Cube(
    name="schools",
    label=_("Trường"),
    noun=_("trường, cơ sở"),
    definition=_("Trường, cơ sở độc lập đang hoạt động vào ngày đếm; trường nhiều cấp tính một trường."),
    source=STATISTICS_2,
    table="org_school s JOIN org_unit u ON u.id = s.unit_id",
    owner="s.unit_id",
    # units have no policy: the scope is asked for here
    where="""registry_in_scope(s.unit_id) AND u.valid_from <= %(day)s
        AND (u.valid_until IS NULL OR u.valid_until > %(day)s)""",
    joins={},
    all_dimensions=(
        *place("school ward ownership"),
        LEVEL_BY_SCHOOL,
        Dimension(
            "school_type",
            _("Loại trường"),
            known("s.school_type"),
            _("Loại trường, loại cơ sở."),
            STATISTICS_2,
            values="school_type",
        ),
        Dimension(
            "national_standard",
            _("Chuẩn quốc gia"),
            known("s.national_standard"),
            _("Mức đạt chuẩn quốc gia đã công nhận."),
            "Thông tư 17, 18, 19/2018/TT-BGDĐT",
            values="national_standard",
        ),
    ),
    key="s.unit_id",
    title=Column(_("Trường"), "s.name"),
    columns=(
        Column(_("Phường, xã"), "s.ward"),
        Column(_("Loại hình"), "s.ownership", values="ownership"),
        Column(_("Địa chỉ"), "s.address"),
    ),
    order="s.sort_key",
    page="school-of-office",
    action="org.schools:read",
    search="s.search_key",
    measures={
        "satellites": (
            _("Điểm trường lẻ"),
            """(SELECT count(*) FROM registry_campus k WHERE k.school_id = s.unit_id AND NOT k.is_main
                AND (k.valid_from IS NULL OR k.valid_from <= %(day)s)
                AND (k.valid_until IS NULL OR k.valid_until > %(day)s))""",
        )
    },
)
