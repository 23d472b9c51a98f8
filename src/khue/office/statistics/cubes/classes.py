"""Cube of classes and age groups (Lớp, nhóm lớp) of the school year that holds the day."""

from django.utils.translation import gettext_lazy as _

from .base import (
    FLAGS,
    GRADE,
    LEVEL_BY_CLASS,
    SCHOOL,
    SCHOOL_COLUMN,
    STATISTICS_2,
    Column,
    Cube,
    Dimension,
    flag,
    known,
    place,
)

CLASSES = Cube(
    name="classes",
    label=_("Lớp"),
    noun=_("lớp"),
    definition=_("Lớp, nhóm lớp mở trong năm học có ngày đếm; lớp ghép tính một lớp."),
    source=STATISTICS_2,
    table="registry_schoolclass c",
    where="c.year = %(year)s",
    joins={
        "school": SCHOOL["school"].format("c"),
        "campus": "LEFT JOIN registry_campus k ON k.id = c.campus_id",
    },
    all_dimensions=(
        *place("school campus ward ownership"),
        LEVEL_BY_CLASS,
        GRADE,
        Dimension(
            "two_sessions",
            _("Học 2 buổi"),
            flag("c.shift = 'ca_ngay' OR c.sessions_per_week >= 9"),
            _("Lớp học cả ngày, hoặc từ 9 buổi mỗi tuần trở lên."),
            STATISTICS_2,
            labels=FLAGS,
        ),
        Dimension(
            "sessions_per_week",
            _("Số buổi mỗi tuần"),
            known("c.sessions_per_week::text"),
            _("Số buổi học của lớp trong một tuần."),
            STATISTICS_2,
        ),
        Dimension("boarding", _("Bán trú"), flag("c.boarding"), _("Lớp tổ chức bán trú."), STATISTICS_2, labels=FLAGS),
        Dimension(
            "combined",
            _("Lớp ghép"),
            flag("c.combined"),
            _("Lớp ghép nhiều trình độ, nhiều nhóm tuổi."),
            STATISTICS_2,
            labels=FLAGS,
        ),
    ),
    key="c.id",
    title=Column(_("Lớp"), "c.name"),
    columns=(
        Column(_("Mã lớp"), "c.code"),
        Column(_("Khối"), "c.grade::text", values="grade"),
        Column(_("Điểm trường"), "COALESCE(k.name, '')", ("campus",)),
        SCHOOL_COLUMN,
    ),
    order="s.sort_key, c.grade, c.sort_key",
    order_needs=("school",),
    page="class",
    action="registry.classes:read",
)
