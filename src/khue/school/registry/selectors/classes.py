"""Reads of classes: who sits in one on a day, who came and went."""

from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from django.db.models import Count, QuerySet

from khue.base.core.bulk import query

from ..models import Position, SchoolClass
from ..rules import ACTIVE
from .scope import studying_on

# One statement: who was ever placed in the class by the day, with their status then (statistics §2) and the class
# that they came from or went to.
_ROSTER = """
SELECT e.id, COALESCE(p.full_name, e.frozen ->> 'full_name', ''), COALESCE(p.sort_key, e.frozen ->> 'sort_key', ''),
  COALESCE(p.sex, e.frozen ->> 'sex', ''), COALESCE(p.birth_date, (e.frozen ->> 'birth_date')::date),
  COALESCE(e.code, ''), l.since, l.until,
  COALESCE(CASE WHEN e.status_on <= %(day)s THEN e.status
                ELSE registry_status_on(e.school_id, e.id, %(day)s) END, ''),
  (SELECT c.name FROM registry_placement o JOIN registry_schoolclass c ON c.id = o.school_class_id
   WHERE o.enrolment_id = e.id AND o.until = l.since AND o.school_class_id <> l.school_class_id LIMIT 1),
  (SELECT c.name FROM registry_placement o JOIN registry_schoolclass c ON c.id = o.school_class_id
   WHERE o.enrolment_id = e.id AND o.since = l.until AND o.school_class_id <> l.school_class_id LIMIT 1)
FROM registry_placement l
JOIN registry_enrolment e ON e.school_id = l.school_id AND e.id = l.enrolment_id
LEFT JOIN registry_pupil p ON p.id = e.pupil_id
WHERE l.school_id = %(school)s AND l.school_class_id = %(class)s AND l.since <= %(day)s
"""


@dataclass
class RosterLine:
    """One pupil of a class: since when, until when (first day out), and the class before or after."""

    enrolment_id: int
    name: str
    sort_key: str
    sex: str
    birth_date: date | None
    code: str
    since: date
    until: date | None
    status: str
    other_class: str = ""

    @property
    def way(self) -> tuple[date, date | None, str, str]:
        """How the pupil came and went: what two pupils share who came on one day."""
        return self.since, self.until, self.status, self.other_class


@dataclass
class Roster:
    present: list[RosterLine] = field(default_factory=list)
    gone: list[RosterLine] = field(default_factory=list)

    @property
    def girls(self) -> int:
        return sum(line.sex == "0" for line in self.present)


def roster(school_class: SchoolClass, day: date) -> Roster:
    """Who is in the class on a day, and who left it before, by name: one statement."""
    rows = query(_ROSTER, {"school": school_class.school_id, "class": school_class.pk, "day": day})
    found = Roster()
    for *values, before, after in sorted(rows, key=itemgetter(2, 0)):
        line = RosterLine(*values)
        stays = (line.until is None or line.until > day) and (line.status or "1") in ACTIVE
        line.other_class = (before if stays else after) or ""
        (found.present if stays else found.gone).append(line)
    return found


def classes_of_school(school_id: int, year: int) -> list[tuple[int, str, int]]:
    """(id, code, grade) of the classes of a school year, in the order of grade and name."""
    rows = SchoolClass.objects.filter(school_id=school_id, year=year).order_by("grade", "sort_key", "code")
    return list(rows.values_list("id", "code", "grade"))


def with_sizes(classes: QuerySet[SchoolClass]) -> QuerySet[SchoolClass]:
    """Annotate ``size``: pupils present today."""
    return classes.annotate(size=Count("current_enrolments", filter=studying_on(prefix="current_enrolments__")))


def homeroom_choices(school_id: int) -> list[tuple[str, str]]:
    """Teachers and managers at work, by name, as (position id, name) for a form."""
    positions = Position.objects.filter(school_id=school_id, group__in=("1", "2"), left_on=None)
    rows = positions.filter(staff__isnull=False).order_by("staff__sort_key")
    found = rows.values_list("id", "staff__full_name", "code")
    return [(str(pk), f"{name} ({code})" if code else name) for pk, name, code in found]
