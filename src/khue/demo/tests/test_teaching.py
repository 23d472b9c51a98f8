"""The demonstration's books and teachers: plausible, complete, the same each time."""

from datetime import date

import pytest
from django.db.models import Count, Q

from khue.base.accounts.models import User
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.demo.generator import Maker
from khue.demo.load import load
from khue.school.assessment.models import Gradebook, TeachingAssignment
from khue.school.registry.models import Position, SchoolClass

from .conftest import DAY

pytestmark = pytest.mark.django_db


def test_classes_have_books_and_teachers_in_both_years(db):
    load(Maker(seed=1, year=2026, day=DAY, faults=True), tell=lambda _: None)
    with open_scope(School.objects.values_list("pk", flat=True), all_schools=True):
        for year in (2025, 2026):
            bare = SchoolClass.objects.filter(year=year, gradebooks=None)
            assert not bare.exists()
            taught = Gradebook.objects.filter(school_class__year=year, school_class__grade__lte=9)
            taught = taught.exclude(subject__in=("chu_nhiem", "nghe_thuat"))
            assert taught.count() > 450
            assert taught.filter(assignments=None).count() < 0.05 * taught.count()
        assert not TeachingAssignment.objects.filter(teacher__joined_on__gt=date(2026, 9, 5)).exists()
        assert TeachingAssignment.objects.filter(substitute=True, gradebook__subject="toan").exists()
        _the_teacher_who_signs_in()
        heaviest = _loads(Position.objects.filter(subject="toan", group="2")).order_by("-classes").first()
        assert 2 <= heaviest.classes <= 6


def _loads(positions):
    now = Q(assignments__gradebook__school_class__year=2026, assignments__substitute=False)
    return positions.annotate(classes=Count("assignments__gradebook__school_class", filter=now, distinct=True))


def _the_teacher_who_signs_in() -> None:
    """giaovien.thcs is homeroom teacher of one class and teaches their subject in two to four."""
    staff = User.objects.get(username="giaovien.thcs").link.staff
    position = _loads(Position.objects.filter(staff=staff)).get()
    assert SchoolClass.objects.filter(year=2026, homeroom=position).count() == 1
    assert 2 <= position.classes <= 4
