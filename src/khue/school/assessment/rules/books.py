"""Which books a class keeps, by the curriculum of its grade and year, and what its subjects are called."""

from collections.abc import Collection
from dataclasses import dataclass

from .curriculum import CurriculumSubject, formative_required, subjects_for
from .regulations import regulation_for

HOMEROOM_NAME = "Chủ nhiệm"
MOST_FORMATIVE = 10
"""More regular marks a term than this are a slip of the finger."""

SHORT = {
    "chu_nhiem": "CN",
    "giao_duc_cong_dan": "GDCD",
    "lich_su_dia_li": "LS&ĐL",
    "khoa_hoc_tu_nhien": "KHTN",
    "giao_duc_the_chat": "GDTC",
    "hoat_dong_trai_nghiem": "HĐTN",
    "giao_duc_dia_phuong": "GDĐP",
    "tu_nhien_xa_hoi": "TN&XH",
    "ngoai_ngu_1": "NN1",
    "ngoai_ngu_2": "NN2",
    "tieng_dan_toc": "TDT",
}
"""How schools write the long names in a timetable."""


@dataclass(frozen=True, slots=True)
class Book:
    """A subject as a class is to keep it."""

    subject: str
    kind: str
    periods: int | None
    formative: int
    part_of: str
    position: int


def has_subjects(grade: int) -> bool:
    """Kindergartens (grades 13 to 18) keep the book of the homeroom teacher alone."""
    return grade < 13


def books_for(
    grade: int, year: int, *, electives: Collection[str] = (), languages: tuple[str, str] = ("", "")
) -> list[Book]:
    """Compulsory subjects, and of the electives those that are asked for; ``languages``: Ngoại ngữ 1, 2 of the class.

    LookupError for a year that the data do not reach.
    """
    if not has_subjects(grade):
        return []
    return [
        Book(s.code, s.kind, s.periods, required_formative(grade, year, s), s.part_of, position)
        for position, s in enumerate(subjects_for(grade, year), start=1)
        if not s.elective or s.code in electives or _language(s.code, languages)
    ]


def _language(code: str, languages: tuple[str, str]) -> str:
    return {"ngoai_ngu_1": languages[0], "ngoai_ngu_2": languages[1]}.get(code, "")


def required_formative(grade: int, year: int, subject: CurriculumSubject) -> int:
    """Regular marks a term (điểm thường xuyên); primary schools record none, their teachers comment."""
    if subject.kind not in ("score", "comment"):
        return 0
    return formative_required(regulation_for(grade, year).code, subject.kind, subject.periods or 0)


def subject_of(grade: int, year: int, code: str) -> CurriculumSubject | None:
    """The subject as the grade's curriculum has it."""
    if not has_subjects(grade):
        return None
    return next((subject for subject in subjects_for(grade, year) if subject.code == code), None)


def electives_for(grade: int, year: int) -> list[CurriculumSubject]:
    """Subjects that a school chooses; a foreign language follows from the class as well."""
    return [s for s in subjects_for(grade, year) if s.elective] if has_subjects(grade) else []


def subject_name(grade: int, year: int, code: str, *, language: str = "") -> str:
    """Thể dục or Giáo dục thể chất, by the curriculum; ``language`` is the name of the foreign language."""
    if code == "chu_nhiem":
        return HOMEROOM_NAME
    if language and code in ("ngoai_ngu_1", "ngoai_ngu_2"):
        return language
    subject = subject_of(grade, year, code)
    return subject.name if subject else code


def taught_by(code: str, languages: tuple[str, str] = ("", "")) -> tuple[str, ...]:
    """Subjects of teachers (môn dạy) who usually teach a subject of a curriculum, best first.

    An earlier curriculum has three sciences where teachers are of one now, and the other way round.
    """
    science, land = ("vat_li", "hoa_hoc", "sinh_hoc"), ("lich_su", "dia_li")
    near: dict[str, tuple[str, ...]] = {
        "khoa_hoc_tu_nhien": science,
        "lich_su_dia_li": land,
        **dict.fromkeys(science, ("khoa_hoc_tu_nhien",)),
        **dict.fromkeys(land, ("lich_su_dia_li",)),
        "giao_duc_dia_phuong": ("lich_su_dia_li", *land, "ngu_van"),
        "cong_nghe": ("tin_hoc_cong_nghe",),
        "tin_hoc": ("tin_hoc_cong_nghe",),
        "am_nhac": ("nghe_thuat",),
        "mi_thuat": ("nghe_thuat",),
        "nghe_thuat": ("am_nhac", "mi_thuat"),
    }
    own = _language(code, languages)
    return ((own,) if own else ()) + (code, *near.get(code, ()))


OF_CLASS_TEACHERS = frozenset(
    ("tieng_viet", "toan", "dao_duc", "tu_nhien_xa_hoi", "lich_su_dia_li", "khoa_hoc", "hoat_dong_trai_nghiem",
     "thu_cong", "ki_thuat")
)  # fmt: skip
"""What the class teacher of a primary school teaches (giáo viên dạy nhiều môn)."""
