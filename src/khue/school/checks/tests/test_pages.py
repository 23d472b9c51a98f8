"""The checks page: sentences, records mended in place, sums, the office's table, who may do what."""

import io
from datetime import date

import openpyxl
import pytest
from django.test.utils import CaptureQueriesContext

from khue.base.core.scope import open_scope
from khue.school.checks.selectors import school_health
from khue.school.registry.models import Enrolment, Pupil, SchoolClass, StatusChange
from khue.testing import factories
from khue.testing.fixtures import connection

pytestmark = pytest.mark.django_db
BASE = "/truong/74700001/kiem-tra/"


@pytest.fixture
def room(school):
    homeroom = factories.staff(school, job="gv", subject="toan", qualification="16", group="2")
    return factories.school_class(school, homeroom=homeroom)


@pytest.fixture
def wrong_sex(school, room):
    return factories.pupil(school, room, full_name="Huỳnh Minh Thư", sex="0", personal_number="074215000009")


def person(enrolment):
    with open_scope([enrolment.school_id]):
        return Pupil.objects.get(pk=enrolment.pupil_id)


def post(client, path, **values):
    return client.post(f"{BASE}{path}", values, headers={"HX-Request": "true"})


def test_everything_right_says_so(clerk_client, school, room):
    factories.pupil(school, room)
    html = clerk_client.get(BASE).content.decode()
    assert "<h1>Dữ liệu đủ và đúng</h1>" in html
    assert "1 đúng" in html


def test_errors_come_first_and_the_first_is_open(clerk_client, school, room, wrong_sex):
    factories.pupil(school, room, ministry_id="123456789")
    html = clerk_client.get(BASE).content.decode()
    assert "<h1>Còn 1 lỗi phải sửa</h1>" in html
    assert "1 điều cần xem thêm không cản việc trình." in html
    assert html.index('id="pupils-V02"') < html.index('id="pupils-V01-ma"') < html.index('id="pupils-V05"')
    assert '<details id="pupils-V02" open hx-get' in html


def test_the_records_of_a_rule_with_a_proposal(clerk_client, wrong_sex):
    html = clerk_client.get(f"{BASE}pupils/V02/").content.decode()
    assert "Huỳnh Minh Thư" in html
    assert "Một trong hai chép nhầm" in html
    assert "074315000009</button>" in html
    assert f"/truong/74700001/hoc-sinh/{wrong_sex.pk}/" in html


def test_a_record_is_mended_and_checked_again_at_once(clerk_client, wrong_sex):
    html = post(clerk_client, f"pupils/V02/{wrong_sex.pk}/", personal_number="074315000009", sex="0").content.decode()
    assert "Hết lỗi lúc" in html
    assert "<del>074215000009</del>" in html
    assert 'id="tin" hx-swap-oob="true"><h1>Dữ liệu đủ và đúng</h1>' in html
    assert person(wrong_sex).personal_number == "074315000009"


def test_what_is_still_wrong_stays_with_the_new_words(clerk_client, wrong_sex):
    html = post(clerk_client, f"pupils/V02/{wrong_sex.pk}/", personal_number="074316000009", sex="0").content.decode()
    assert "người sinh năm 2016" in html
    assert person(wrong_sex).personal_number == "074316000009"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("07431500000", "Có 11 ký tự, phải đủ 12 chữ số"),
        ("07431500000x", "phải đủ 12 chữ số"),
        ("x" * 300, "Có 300 ký tự"),
    ],
)
def test_a_value_that_cannot_be_is_not_saved(clerk_client, wrong_sex, number, words):
    html = post(clerk_client, f"pupils/V02/{wrong_sex.pk}/", personal_number=number).content.decode()
    assert words in html
    assert person(wrong_sex).personal_number == "074215000009"


def test_a_number_of_somebody_else_is_told(clerk_client, school, room, wrong_sex):
    factories.pupil(school, room, sex="0", personal_number="074315000009")
    html = post(clerk_client, f"pupils/V02/{wrong_sex.pk}/", personal_number="074315000009").content.decode()
    assert "Đã có ở hồ sơ khác" in html
    assert person(wrong_sex).personal_number == "074215000009"


def test_dates_reasons_flags_and_codes_are_mended(clerk_client, school, room):
    status = factories.pupil(school, room, status="2", on=date(2026, 8, 20))
    leaving = factories.pupil(school, room, status="4", on=date(2026, 10, 5))
    disabled = factories.pupil(school, room, enrolment={"inclusion": True})
    code = factories.pupil(school, room, ethnicity="99")
    old = factories.pupil(school, room, birth_date=date(2009, 5, 1))
    for path, values in (
        (f"V05/{status.pk}/", {"on": "12/09/2026"}),
        (f"V06/{leaving.pk}/", {"reason": "01", "other_school": ""}),
        (f"V08/{disabled.pk}/", {"disability": "01", "inclusion": "1", "poverty": ""}),
        (f"V15/{code.pk}/", {"ethnicity": "05"}),
        (f"V03/{old.pk}/", {"over_age_reason": "Học lại sau bệnh", "birth_date": "01/05/2009"}),
    ):
        assert 'class="done"' in post(clerk_client, f"pupils/{path}", **values).content.decode(), path
    with open_scope([school.pk]):
        assert StatusChange.objects.get(enrolment=status).effective_on == date(2026, 9, 12)
        assert StatusChange.objects.get(enrolment=leaving).reason == "01"
        assert Enrolment.objects.get(pk=disabled.pk).disability == "01"
        assert Enrolment.objects.get(pk=old.pk).over_age_reason == "Học lại sau bệnh"
    assert person(code).ethnicity == "05"


@pytest.mark.parametrize(("on", "words"), [("31/02/2026", "Tháng 2"), ("2026", "ngày, tháng, năm"), ("", "ngày")])
def test_a_date_that_does_not_exist_is_not_saved(clerk_client, school, room, on, words):
    status = factories.pupil(school, room, status="2", on=date(2026, 8, 20))
    html = post(clerk_client, f"pupils/V05/{status.pk}/", on=on).content.decode()
    assert words in html
    assert 'class="done"' not in html


def test_classes_and_rooms_are_mended(clerk_client, school, room):
    factories.pupil(school, room)
    with open_scope([school.pk]):
        SchoolClass.objects.filter(pk=room.pk).update(shift="dem")
    place = factories.room(school, kind="01", structure="kien_co")
    assert 'class="done"' in post(clerk_client, f"classes/V15/{room.pk}/", shift="sang").content.decode()
    assert 'class="done"' in post(clerk_client, f"rooms/V15/{place.pk}/", kind="thu_vien").content.decode()
    assert "không có trong danh mục" in post(clerk_client, f"rooms/V15/{place.pk}/", kind="?").content.decode()


def test_staff_are_mended_and_the_change_says_why(clerk_client, school):
    position = factories.staff(school, job="gv", subject="", qualification="16")
    assert 'class="done"' in post(clerk_client, f"staff/V11/{position.pk}/", subject="toan", group="2").content.decode()
    with open_scope([school.pk]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_context ->> 'action', subject FROM registry_positionevent ORDER BY pgh_id DESC LIMIT 1"
        )
        assert cursor.fetchone() == ("Kiểm tra dữ liệu, V11", "toan")


def test_the_list_to_download(clerk_client, school, room, wrong_sex):
    factories.pupil(school, None, full_name="=HYPERLINK(1)")
    book = openpyxl.load_workbook(io.BytesIO(clerk_client.get(f"{BASE}tai/").content))
    rows = list(book.worksheets[0].values)[1:]
    assert {(row[0], row[1], row[3]) for row in rows} == {
        ("V02", "Lỗi", "Huỳnh Minh Thư"), ("V09", "Lỗi", "=HYPERLINK(1)"),
    }  # fmt: skip


def test_the_office_sees_schools_by_kind_of_record(office_client, school, other_school, wrong_sex):
    html = office_client.get("/phong/TDM/kiem-tra/").content.decode()
    assert "<h1>1 trong 2 trường không còn lỗi</h1>" in html
    assert 'href="/truong/74700001/kiem-tra/"' in html
    assert html.index(school.name) < html.index(other_school.name)
    assert office_client.get("/truong/74700001/kiem-tra/").status_code == 200


def test_who_may_what(clerk_client, sign_in, make_user, school, other_school, wrong_sex):
    theirs = factories.pupil(other_school, sex="0", personal_number="074215000010")
    for path in ("", "pupils/V02/", "tai/"):
        assert clerk_client.get(f"/truong/74700002/kiem-tra/{path}").status_code == 404
    assert clerk_client.post(f"/truong/74700002/kiem-tra/pupils/V02/{theirs.pk}/").status_code == 404
    assert post(clerk_client, f"pupils/V02/{theirs.pk}/", sex="1").status_code == 404
    teacher = sign_in(make_user("teacher", school.unit))
    assert teacher.get(BASE).status_code == 403
    head = sign_in(make_user("head"))
    assert "<form" not in head.get(f"{BASE}pupils/V02/").content.decode()
    assert head.post(f"{BASE}pupils/V02/{wrong_sex.pk}/", {"sex": "1"}).status_code == 403


@pytest.mark.parametrize("path", ["pupils/V99/", "marks/V02/", "pupils/V02/999999/"])
def test_unknown_rules_and_records_are_404(clerk_client, school, path):
    send = clerk_client.post if path.endswith("999999/") else clerk_client.get
    assert send(f"{BASE}{path}").status_code == 404


def test_html_in_a_name_stays_text(clerk_client, school):
    factories.pupil(school, None, full_name="<script>x</script>")
    assert "<script>x" not in clerk_client.get(f"{BASE}pupils/V09/").content.decode()


def test_statements_do_not_grow_with_rows(clerk_client, office_client, school, room, other_school, wrong_sex):
    def statements(client, address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len([q for q in captured if "FROM" in q["sql"].upper()])

    addresses = [(clerk_client, BASE), (clerk_client, f"{BASE}pupils/V02/"), (office_client, "/phong/TDM/kiem-tra/")]
    for client, address in addresses:
        statements(client, address)
    first = [statements(*address) for address in addresses]
    for n in range(3):
        factories.pupil(school, room, sex="0", personal_number=f"07421500010{n}")
    assert [statements(*address) for address in addresses] == first
    assert max(first) <= 16


def test_health_costs_seven_statements(school, room, django_assert_max_num_queries):
    with open_scope([school.pk]):
        school_health([school.pk], year=2026)
        with django_assert_max_num_queries(8):
            found = school_health([school.pk], year=2026)
    assert {name: item.total for name, item in found.items()} == {
        "pupils": 0,
        "classes": 1,
        "staff": 1,
        "rooms": 0,
        "school": 1,
    }
