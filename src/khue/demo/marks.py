"""Marks of the demonstration: a year that is over whole, of this year what is due by the day; results by the rules.

Invented from an ability of each pupil and a turn for each subject, entered as a school enters its old spreadsheets:
by the clerk, in one go, into the chains that everybody's marks go to.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from random import Random

from django.db import transaction

from khue.base.accounts.models import User
from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.school.assessment.models import MarkEntry
from khue.school.assessment.rules.cells import COMMENT, FINAL, FORMATIVE, MIDTERM
from khue.school.assessment.rules.chain import Entry
from khue.school.assessment.rules.secondary import GRADES
from khue.school.assessment.services.chains import append_many
from khue.school.assessment.services.evaluation import evaluate_term

DEVICE = "Nhập tệp Excel"
# (kind, number of a regular mark or 1) → month and day when it is in the book, by term
DUE = {
    1: {(FORMATIVE, 1): (10, 5), (FORMATIVE, 2): (10, 25), (MIDTERM, 1): (11, 15), (FORMATIVE, 3): (12, 1),
        (FORMATIVE, 4): (12, 15), (FINAL, 1): (1, 5), (COMMENT, 1): (1, 10)},
    2: {(FORMATIVE, 1): (2, 20), (FORMATIVE, 2): (3, 10), (MIDTERM, 1): (3, 25), (FORMATIVE, 3): (4, 10),
        (FORMATIVE, 4): (4, 25), (FINAL, 1): (5, 10), (COMMENT, 1): (5, 15)},
}  # fmt: skip
REMARKS = (
    (80, ("Nắm chắc bài, trình bày rõ.", "Chủ động, hay giúp bạn.", "Học đều, làm bài cẩn thận.")),
    (65, ("Tiến bộ so với giữa kì.", "Nắm kiến thức cơ bản, cần đọc kĩ đề.", "Chăm chỉ, nên phát biểu nhiều hơn.")),
    (50, ("Cần luyện thêm bài tập.", "Tính toán còn vội.", "Cần chuẩn bị bài trước khi đến lớp.")),
    (0, ("Còn hổng kiến thức, cần học bù.", "Cần gia đình nhắc học thêm ở nhà.")),
)
_SEATS = """
SELECT g.id, g.kind, g.formative, w.enrolment_id FROM assessment_gradebook g
JOIN registry_schoolclass c ON c.school_id = g.school_id AND c.id = g.school_class_id
JOIN registry_placement w ON w.school_id = c.school_id AND w.school_class_id = c.id AND w.until IS NULL
WHERE g.school_id = %s AND c.year = %s AND c.grade = ANY (%s) AND g.kind IN ('score', 'comment')
  AND NOT EXISTS (SELECT 1 FROM assessment_gradebook p WHERE p.school_id = g.school_id
    AND p.school_class_id = g.school_class_id AND p.part_of = g.subject)
ORDER BY g.id, w.enrolment_id
"""


def load_marks(school: School, *, user: User, year: int, today: date, seed: int) -> int:
    """Marks of a school year as far as they are due by ``today``, and the results of its terms; returns how many."""
    with open_scope([school.pk], actor="Bản trình diễn", action="tạo bản trình diễn"):
        if MarkEntry.objects.filter(gradebook__school_class__year=year).exists():
            return 0
        rng, written = Random(f"{seed}/{school.code}/{year}/marks"), 0
        for term in DUE:
            due = [cell for cell in DUE[term] if due_on(year, term, cell) <= today]
            if due:
                written += append_many(school.pk, _entries(school, user, year, term, due, rng))
                evaluate_term(school_id=school.pk, year=year, term=term)
        return written


def load_marks_of_clerks(*, seed: int, year: int, today: date) -> None:
    """Both years of the schools that somebody signs in at: an entry names the account that wrote it."""
    for school in School.objects.filter(levels__contains=["THCS"]).order_by("code"):
        clerk = User.objects.filter(memberships__unit=school.unit_id, memberships__role="clerk").first()
        if clerk is not None:
            for one in (year - 1, year):
                with transaction.atomic():
                    load_marks(school, user=clerk, year=one, today=today, seed=seed)


def due_on(year: int, term: int, cell: tuple[str, int]) -> date:
    month, day = DUE[term][cell]
    return date(year + (month < 8), month, day)


def _entries(
    school: School, user: User, year: int, term: int, due: list[tuple[str, int]], rng: Random
) -> Iterator[Entry]:  # fmt: skip
    """Book by book, as spreadsheets come."""
    abilities: dict[int, float] = {}
    moments = {cell: datetime.combine(due_on(year, term, cell), time(3), UTC) for cell in due}
    for book, method, formative, enrolment in query(_SEATS, [school.pk, year, list(GRADES)]):
        able = abilities.setdefault(enrolment, min(max(rng.gauss(72, 12), 30), 97)) + rng.gauss(0, 6)
        for kind, number in due:
            if kind == FORMATIVE and number > formative:
                continue
            value = _value(rng, method, kind, able)
            if value:
                yield Entry(
                    school.pk, book, 0, enrolment, term, kind, number, value, user.pk, moments[kind, number], DEVICE
                )


def _value(rng: Random, method: str, kind: str, able: float) -> str:
    if kind == COMMENT:
        fitting = next(texts for least, texts in REMARKS if able >= least)
        return rng.choice(fitting)
    if method == "comment":
        return "D" if rng.random() < 0.985 or able > 60 else "CD"
    tenths = min(max(round(rng.gauss(able, 9)), 10), 100)
    # tests of whole halves are usual, regular marks are whole numbers more often than not
    step = 10 if kind == FORMATIVE and rng.random() < 0.7 else 5
    return str(min(round(tenths / step) * step, 100))
