"""Rules on classes: V09 (size), V10 (homeroom teacher), V15."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from khue.school.registry.rules import ACTIVE

from .base import Context, Fault, MendField, Rule, Subject, codes_rule

NORMS = {
    **dict.fromkeys(range(1, 6), 35),
    **dict.fromkeys(range(6, 10), 45),
    13: 15,
    14: 20,
    15: 25,
    16: 25,
    17: 30,
    18: 35,
}
"""Most pupils of a class by grade (statistics §5, HS/lớp)."""
LISTS = {"shift": "shift", "language1": "foreign_language", "language2": "foreign_language", "inclusion": "inclusion"}
LABELS = {"shift": "Buổi học", "language1": "Ngoại ngữ 1", "language2": "Ngoại ngữ 2", "inclusion": "Hình thức"}


@dataclass(frozen=True)
class ClassFacts:
    """A class of one school year; ``homeroom_here``: the teacher is at work; ``homerooms``: classes they have."""

    grade: int
    size: int = 1
    homeroom: int | None = None
    homeroom_here: bool = True
    homerooms: int = 1
    shift: str = ""
    language1: str = ""
    language2: str = ""
    inclusion: str = ""


def not_empty(facts: ClassFacts, context: Context) -> Fault | None:
    return None if facts.size else Fault("size", "Lớp chưa có em nào. Xếp học sinh vào lớp, hoặc nhập danh sách lớp.")


def within_norm(facts: ClassFacts, context: Context) -> Fault | None:
    norm = NORMS.get(facts.grade, facts.size)
    if facts.size <= norm:
        return None
    return Fault("size", f"Lớp có {facts.size} em, quá {norm} em theo điều lệ {facts.size - norm} em.")


def has_homeroom(facts: ClassFacts, context: Context) -> Fault | None:
    return None if facts.homeroom else Fault("homeroom", "Lớp chưa có giáo viên chủ nhiệm. Mở lớp, chọn giáo viên.")


def homeroom_at_work(facts: ClassFacts, context: Context) -> Fault | None:
    if facts.homeroom and not facts.homeroom_here:
        return Fault("homeroom", "Giáo viên chủ nhiệm không còn làm việc ở trường. Mở lớp, chọn người khác.")
    return None


def one_homeroom(facts: ClassFacts, context: Context) -> Fault | None:
    """A kindergarten teacher may have more than one group."""
    if facts.homeroom and facts.homerooms > 1 and facts.grade < 13:
        return Fault(
            "homeroom", f"Giáo viên này chủ nhiệm {facts.homerooms} lớp. Mỗi người chủ nhiệm nhiều nhất một lớp."
        )
    return None


CHARTER = "Điều lệ trường mầm non, tiểu học, trung học cơ sở"
_NORM_SQL = "CASE b.grade " + " ".join(f"WHEN {grade} THEN {norm}" for grade, norm in NORMS.items()) + " END"
RULES = (
    Rule("V09", _("Lớp có học sinh"), "error", CHARTER, "b.size = 0", not_empty),
    Rule("V09-siso", _("Sĩ số không quá số em theo điều lệ"), "warning", CHARTER, f"b.size > {_NORM_SQL}", within_norm),
    Rule("V10", _("Lớp có giáo viên chủ nhiệm"), "warning", CHARTER, "b.homeroom IS NULL", has_homeroom),
    Rule(
        "V10-lam",
        _("Giáo viên chủ nhiệm đang làm việc ở trường"),
        "warning",
        CHARTER,
        "b.homeroom IS NOT NULL AND NOT b.homeroom_here",
        homeroom_at_work,
    ),
    Rule(
        "V10-mot",
        _("Mỗi giáo viên chủ nhiệm một lớp"),
        "warning",
        CHARTER,
        "b.homeroom IS NOT NULL AND b.homerooms > 1 AND b.grade < 13",
        one_homeroom,
    ),
    codes_rule(LISTS, LABELS, LISTS),
)

CLASSES = Subject(
    name="classes",
    label=_("Lớp"),
    noun=_("lớp"),
    page="class",
    facts=ClassFacts,
    rules=RULES,
    mends={name: MendField(LABELS[name], "row", "code", values) for name, values in LISTS.items()},
    cte="""sizes AS (
      SELECT current_class_id, count(*) AS size FROM registry_enrolment
      WHERE year = %(year)s AND status IN ({}) GROUP BY current_class_id
    )""".format(", ".join(f"'{code}'" for code in sorted(ACTIVE))),
    columns={
        "grade": "c.grade",
        "size": "COALESCE(z.size, 0)",
        "homeroom": "c.homeroom_id",
        "homeroom_here": "h.status IN ('1', '2', '5') AND (h.left_on IS NULL OR h.left_on > %(day)s)",
        "homerooms": "count(*) OVER (PARTITION BY c.school_id, c.homeroom_id)",
        "shift": "c.shift",
        "language1": "c.language1",
        "language2": "c.language2",
        "inclusion": "c.inclusion",
        "name": "c.name",
        "note": "concat_ws(', ', c.code, COALESCE(z.size, 0) || ' em')",
        "sort_key": "c.sort_key",
    },
    source="""registry_schoolclass c
      LEFT JOIN sizes z ON z.current_class_id = c.id
      LEFT JOIN registry_position h ON h.id = c.homeroom_id
      WHERE c.year = %(year)s""",
    order="b.sort_key",
)
