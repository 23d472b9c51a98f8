"""A class that the school does not have, made by the import that names it, from the page."""

import pytest

from khue.base.access.places import Place
from khue.testing import factories

from . import sheets
from .conftest import latest
from .test_pages import HTMX, SECOND

pytestmark = pytest.mark.django_db


def test_an_unknown_class_is_made_by_a_button_and_taken_back(taken, clerk_client, base, school, tmp_path):
    factories.school_class(school, "6A1")
    rows = [sheets.pupil(cls="6A9"), sheets.pupil("HS002", cls="6A9", **SECOND)]
    source = taken(sheets.write(tmp_path / "x.xlsx", rows))
    url = f"{base}{source.pk}/lop/"
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert page.count("Tạo lớp 6A9 (khối 6)") == 1
    for wrong in ({"lop": "6A9", "khoi": "9"}, {"lop": "6A8", "khoi": "6"}, {"lop": "6A9"}):
        assert clerk_client.post(url, wrong).status_code == 404, wrong
    part = clerk_client.post(url, {"lop": "6A9", "khoi": "6", "dong": "1"}, headers=HTMX).content.decode()
    assert "Khuê tạo thêm 1 lớp" in part
    assert 'id="dong-2" hx-swap-oob="true"' in part
    assert "2 em mới, 1 lớp mới" in part
    assert latest(school).answers == {"grade:6A9": "6"}
    clerk_client.post(url, {"lop": "6A9"})
    assert (latest(school).answers, latest(school).counts["error"]) == ({}, 2)


def test_a_class_whose_grade_is_unclear_is_made_in_the_chosen_one(taken, clerk_client, base, school, tmp_path):
    factories.school_class(school, "6A1")
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(cls="Hoa Sen", born="14/03/2005", number=None)]))
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert 'aria-label="Khối của lớp Hoa Sen"' in page
    assert '<option value="7">khối 7</option>' in page
    clerk_client.post(f"{base}{source.pk}/lop/", {"lop": "Hoa Sen", "khoi": "7", "dong": "1"}, headers=HTMX)
    assert latest(school).counts["classes"] == {"Hoa Sen": 7}


def test_only_who_may_write_classes_has_them_made(taken, clerk_client, base, school, tmp_path, monkeypatch):
    factories.school_class(school, "6A1")
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(cls="6A9")]))
    may = Place.may
    monkeypatch.setattr(Place, "may", lambda place, action: action != "registry.classes:write" and may(place, action))
    assert "Tạo lớp 6A9" not in clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert clerk_client.post(f"{base}{source.pk}/lop/", {"lop": "6A9", "khoi": "6"}).status_code == 403
    assert latest(school).answers == {}
