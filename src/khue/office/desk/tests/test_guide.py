"""The guide: every page opens, and the question mark leads to the page of what one looks at."""

import pytest

from khue.base.access.menu import MENU
from khue.office.desk.views.guide import pages

pytestmark = pytest.mark.django_db


def test_every_page_opens(office_client, office):
    for slug, title in pages():
        page = office_client.get(f"/phong/TDM/huong-dan/{slug}/")
        assert title in page.content.decode()


def test_menu_items_name_pages_that_exist():
    assert {item.guide for item in MENU if item.guide} <= {slug for slug, _title in pages()}


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("duyet/", "ky-bao-cao-va-duyet/"),
        ("thong-ke/", "bieu-thong-ke/"),
        ("kiem-tra/", "kiem-tra-du-lieu/"),
        ("", ""),
    ],
)
def test_the_question_mark_of_the_office(address, slug, office_client, office):
    page = office_client.get(f"/phong/TDM/{address}").content.decode()
    assert f'href="/phong/TDM/huong-dan/{slug}"' in page


def test_the_question_mark_of_a_school(clerk_client, school):
    page = clerk_client.get(f"/truong/{school.code}/nop/").content.decode()
    assert f'href="/truong/{school.code}/huong-dan/bao-cao-thong-ke/"' in page
