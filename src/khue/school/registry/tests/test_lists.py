"""Lists of the registry: scope, order, search, filters, columns, pages, number of statements."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.school.registry.models import Campus, UserLink
from khue.testing import factories

from .helpers import SORTED, listed, several_pupils, text, url

pytestmark = pytest.mark.django_db


def test_names_sort_by_given_name_in_vietnamese_order(clerk_client, school):
    several_pupils(school, factories.school_class(school))
    assert listed(clerk_client.get(url(school, "hoc-sinh/"))) == SORTED
    assert listed(clerk_client.get(url(school, "hoc-sinh/?sap=-ten"))) == SORTED[::-1]


def test_a_list_holds_the_own_school_only(clerk_client, school, other_school):
    factories.pupil(school, full_name="Lê Thị Ngọc")
    factories.pupil(other_school, full_name="Trần Văn Bình")
    assert listed(clerk_client.get(url(school, "hoc-sinh/"))) == ["Lê Thị Ngọc"]
    assert clerk_client.get(url(other_school, "hoc-sinh/")).status_code == 404


@pytest.mark.parametrize("typed", ["duc tran", "Đức", "TRAN VAN"])
def test_search_needs_no_marks_and_no_order(clerk_client, school, typed):
    several_pupils(school, factories.school_class(school))
    response = clerk_client.get(url(school, "hoc-sinh/"), {"q": typed})
    assert listed(response) == ["Trần Văn Đức"]
    assert "<mark>" in response.content.decode()


def test_search_finds_class_code_and_number(clerk_client, school):
    first, second = factories.school_class(school, "6A1"), factories.school_class(school, "8A2", grade=8)
    factories.pupil(school, first, full_name="Lê Minh An", enrolment={"code": "HS77"})
    factories.pupil(school, second, full_name="Lê Minh Anh", personal_number="074215000777")
    for typed, name in (("hs77", "Lê Minh An"), ("8a2 minh", "Lê Minh Anh"), ("074215000777", "Lê Minh Anh")):
        assert listed(clerk_client.get(url(school, "hoc-sinh/"), {"q": typed})) == [name]


def test_filters_narrow_and_show_as_chips(clerk_client, school):
    first, second = factories.school_class(school, "6A1"), factories.school_class(school, "8A2", grade=8)
    factories.pupil(school, first, full_name="Lê Minh An", sex="0")
    factories.pupil(school, second, full_name="Lê Minh Anh", ethnicity="05")
    assert listed(clerk_client.get(url(school, "hoc-sinh/?khoi=8"))) == ["Lê Minh Anh"]
    assert listed(clerk_client.get(url(school, f"hoc-sinh/?lop={first.pk}"))) == ["Lê Minh An"]
    assert listed(clerk_client.get(url(school, "hoc-sinh/?gioi=0"))) == ["Lê Minh An"]
    response = clerk_client.get(url(school, "hoc-sinh/?dan-toc=05"))
    assert listed(response) == ["Lê Minh Anh"]
    assert "Bỏ lọc Dân tộc Khơ-me" in response.content.decode()


def test_who_left_is_shown_from_the_frozen_copy(clerk_client, school):
    factories.pupil(school, full_name="Lê Minh An")
    factories.pupil(school, full_name="Phạm Gia Hân", status="3", on=factories.date(2026, 10, 5))
    assert listed(clerk_client.get(url(school, "hoc-sinh/"))) == ["Lê Minh An"]
    assert listed(clerk_client.get(url(school, "hoc-sinh/?trang-thai=da-roi"))) == ["Phạm Gia Hân"]
    assert listed(clerk_client.get(url(school, "hoc-sinh/?trang-thai=tat-ca"))) == ["Lê Minh An", "Phạm Gia Hân"]


def test_wrong_parameters_of_the_address_do_no_harm(clerk_client, school):
    factories.pupil(school, full_name="Lê Minh An")
    for query in ("khoi=x", "lop=99", "trang=abc", "trang=999999999", "sap=khong-co", "cot=khong-co", "q=%00", "q=<b>"):
        assert clerk_client.get(url(school, f"hoc-sinh/?{query}")).status_code == 200, query


def test_identifiers_are_masked(clerk_client, school):
    factories.pupil(school, personal_number="074215006518")
    page = clerk_client.get(url(school, "hoc-sinh/")).content.decode()
    assert "0742•••••518" in page
    assert "074215006518" not in page


def test_chosen_columns_are_remembered(clerk_client, school):
    factories.pupil(school)
    clerk_client.get(url(school, "hoc-sinh/?cot=dan-toc&cot=lop"))
    page = clerk_client.get(url(school, "hoc-sinh/")).content.decode()
    head = page[page.index("<thead") : page.index("</thead>")]
    assert "Dân tộc" in head
    assert "Họ và tên" in head
    assert "Điện thoại nhà" not in head


def test_pages_by_number(clerk_client, school):
    for number in range(53):
        factories.pupil(school, full_name=f"Lê Văn {'ABCDEFGHIKLMNOPQRSTUVXY'[number % 23]}{number // 23 * 'a'}n")
    first = clerk_client.get(url(school, "hoc-sinh/"))
    assert len(listed(first)) == 50
    assert "1 đến 50 trong 53 em" in text(first)
    second = clerk_client.get(url(school, "hoc-sinh/?trang=2"))
    assert len(listed(second)) == 3
    assert not set(listed(first)[-3:]) & set(listed(second))


def test_office_lists_all_schools_by_key(office_client, school, other_school, monkeypatch):
    monkeypatch.setattr("khue.base.registers.query.PAGE", 2)
    for name, where in zip(SORTED, [school, other_school] * 3, strict=True):
        factories.pupil(where, full_name=name)
    seen, address = [], "/phong/TDM/hoc-sinh/"
    for _page in range(3):
        response = office_client.get(address)
        seen += listed(response)
        links = [link for link in response.content.decode().split('"') if "sau=" in link]
        address = links[0].replace("&amp;", "&") if links else ""
    assert seen == SORTED
    assert not address
    back = next(link for link in response.content.decode().split('"') if "truoc=" in link)
    assert listed(office_client.get(back.replace("&amp;", "&"))) == SORTED[2:4]


@pytest.mark.parametrize("path", ["hoc-sinh/", "lop/", "can-bo/", "phong/", "thong-tin/"])
def test_lists_ask_the_same_number_of_statements_for_1_and_3_rows(clerk_client, school, path):
    counts = []
    for rows in (1, 2):
        for _row in range(rows):
            klass = factories.school_class(school, f"6A{rows}{_row}")
            factories.pupil(school, klass)
            factories.staff(school)
            factories.room(school, f"P{rows}{_row}")
        clerk_client.get(url(school, path))
        with CaptureQueriesContext(connection) as captured:
            assert clerk_client.get(url(school, path)).status_code == 200
        # the version of the catalogue is looked up once in some seconds, whatever the page
        reads = [q["sql"] for q in captured if " FROM " in q["sql"] and "catalogstate" not in q["sql"]]
        counts.append(len(reads))
    assert counts[0] == counts[1]
    assert counts[0] <= 12, reads


@pytest.mark.parametrize("path", ["hoc-sinh/", "lop/", "can-bo/", "phong/", "truong/"])
def test_office_lists_ask_few_statements(office_client, school, other_school, path):
    for where in (school, other_school):
        factories.pupil(where, factories.school_class(where))
        factories.staff(where)
        factories.room(where)
    address = f"/phong/TDM/{path}"
    office_client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = office_client.get(address)
    assert response.status_code == 200
    assert len(listed(response)) == 2
    assert len([q for q in captured if " FROM " in q["sql"]]) <= 12


def test_htmx_gets_the_list_alone(clerk_client, school):
    factories.pupil(school)
    answer = clerk_client.get(url(school, "hoc-sinh/"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in answer
    assert 'id="so"' in answer


def test_an_empty_register_offers_the_next_step(clerk_client, school):
    response = clerk_client.get(url(school, "hoc-sinh/?trang-thai=tat-ca"))
    assert "Chưa có học sinh nào" in text(response)
    assert "Thêm học sinh" in text(response)


def test_a_teacher_sees_the_own_classes_only(make_user, sign_in, school):
    own, other = factories.school_class(school, "6A1"), factories.school_class(school, "6A2")
    mine = factories.pupil(school, own, full_name="Lê Minh An")
    theirs = factories.pupil(school, other, full_name="Trần Văn Bình")
    position = factories.staff(school)
    with factories.open_scope([school.pk]):
        type(own).objects.filter(pk=own.pk).update(homeroom=position)
        user = make_user("teacher", school.unit)
        UserLink.objects.create(user=user, staff_id=position.staff_id)
    client = sign_in(user)
    assert listed(client.get(url(school, "hoc-sinh/"))) == ["Lê Minh An"]
    assert listed(client.get(url(school, "lop/"))) == ["6A1"]
    for path, status in (
        (f"hoc-sinh/{mine.pk}/", 200), (f"hoc-sinh/{theirs.pk}/", 404), (f"lop/{own.pk}/", 200),
        (f"lop/{other.pk}/", 404), ("can-bo/", 403), (f"hoc-sinh/{mine.pk}/sua/", 403),
    ):  # fmt: skip
        assert client.get(url(school, path)).status_code == status, path
    assert "Trần Văn" not in text(client.get(url(school, "tim/?q=binh")))


def test_the_office_sees_schools_with_wards_and_campuses(office_client, school, other_school):
    with factories.open_scope([school.pk]):
        Campus.objects.create(school=school, name="Điểm Chánh Nghĩa")
    response = office_client.get("/phong/TDM/truong/?q=hiep thanh")
    assert listed(response) == ["Trường THCS Hiệp Thành"]


def test_a_school_has_no_list_of_schools(clerk_client, school):
    assert clerk_client.get(url(school, "truong/")).status_code == 404
