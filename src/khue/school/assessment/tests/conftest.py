"""A class of 8A2 with a book of Toán, its teacher signed in."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from khue.base.core.scope import open_scope
from khue.school.assessment.models import Gradebook, TeachingAssignment
from khue.school.registry.models import Enrolment, SchoolClass, UserLink
from khue.testing import factories

SINCE = date(2026, 9, 1)


@pytest.fixture
def klass(school: Any) -> SchoolClass:
    return factories.school_class(school, "8A2", grade=8)


@pytest.fixture
def pupils(school: Any, klass: SchoolClass) -> list[Enrolment]:
    return [factories.pupil(school, klass, name) for name in ("Tô Bình An", "Đoàn Ngọc Minh Anh", "Võ Thành Đạt")]


@pytest.fixture
def make_book(school: Any, klass: SchoolClass) -> Callable[..., Gradebook]:
    def make(subject: str = "toan", **fields: Any) -> Gradebook:
        values = {"kind": "score", "periods": 140, "formative": 4, **fields}
        with open_scope([school.pk]):
            return Gradebook.objects.create(school=school, school_class=klass, subject=subject, **values)

    return make


@pytest.fixture
def book(make_book: Callable[..., Gradebook], pupils: list[Enrolment]) -> Gradebook:
    return make_book()


@pytest.fixture
def teach(school: Any, make_user: Callable[..., Any]) -> Callable[..., Any]:
    """A teacher with an account, assigned to a book; returns the account."""

    def assign(book: Gradebook, name: str = "Phạm Văn Dũng", **dates: Any) -> Any:
        position = factories.staff(school, name, subject=book.subject)
        user = make_user("teacher", school.unit, username=f"gv{position.pk}", full_name=name)
        with open_scope([school.pk]):
            UserLink.objects.create(user=user, staff_id=position.staff_id)
            values = {"since": SINCE, **dates}
            TeachingAssignment.objects.create(school=school, gradebook=book, teacher=position, **values)
        return user

    return assign
