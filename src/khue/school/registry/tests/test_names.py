"""Names over a whole city: beginnings of names without marks, whatever their number, and never beyond the scope."""

import pytest

from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.school.registry.models import Pupil
from khue.school.registry.selectors import people
from khue.testing import factories

from .helpers import listed, text

pytestmark = pytest.mark.django_db
NAMES = ["Nguyễn Khang", "Nguyễn Minh Khang", "Trần Minh Khôi", "Lê An"]


@pytest.fixture
def pupils(school, other_school):
    own = factories.school_class(school)
    here = [factories.pupil(school, own, full_name=name) for name in NAMES[:3]]
    return [*here, factories.pupil(other_school, factories.school_class(other_school), full_name=NAMES[3])]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("nguyen khang", NAMES[:2]),
        ("khang minh", NAMES[1:2]),
        ("nguyen khan", NAMES[:2]),
        ("ngu khang", []),
        ("an", ["Lê An"]),
        ("guye ang", []),
        ("k'pa \\ h'hen", []),
        ("nguyenx", []),
    ],
)
@pytest.mark.parametrize("most", [1000, 1])
def test_the_office_finds_beginnings_of_names(pupils, office_client, monkeypatch, asked, found, most):
    """The same answer whether the index gives the pupils or their name is too common for it."""
    monkeypatch.setattr(people, "MOST_NAMED", most)
    monkeypatch.setattr(people, "_COMMON", set())
    assert listed(office_client.get("/phong/TDM/hoc-sinh/", {"q": asked})) == found
    box = text(office_client.get("/phong/TDM/tim/", {"q": asked}))
    assert all(name in box for name in found)
    assert all(name not in box for name in NAMES if name not in found)


def test_the_index_tells_nothing_beyond_the_scope(pupils, school):
    asked = "SELECT registry_named_pupils(%s, 10)"
    with open_scope([school.pk]):
        assert len(query(asked, [["nguyen"]])) == 2
        assert query(asked, [["lê"]]) == []
        assert query(asked, [["le "]]) == []
    with open_scope([]):
        assert query(asked, [["nguyen"]]) == []


def test_words_follow_a_change_of_the_name(pupils, school):
    with open_scope([school.pk]):
        Pupil.objects.filter(full_name="Nguyễn Khang").update(full_name="Đỗ Quyên")
        assert len(query("SELECT registry_named_pupils(%s, 10)", [["khang"]])) == 1
        assert len(query("SELECT registry_named_pupils(%s, 10)", [["quyen"]])) == 1
