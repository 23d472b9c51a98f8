"""The counting page: table, doors, names, files; who may open what."""

import io
from datetime import date

import openpyxl
import pytest
from django.test.utils import CaptureQueriesContext

from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.school.registry.models import Enrolment
from khue.testing import factories
from khue.testing.fixtures import connection

pytestmark = pytest.mark.django_db
DAY = "&ngay=2026-09-30"


def page(client, place, query=""):
    return client.get(f"/{place}/dem/{query}")


@pytest.fixture
def classes(school):
    six, seven = factories.school_class(school, "6A1"), factories.school_class(school, "7A1", grade=7)
    for sex, room in (("0", six), ("0", six), ("1", six), ("1", seven)):
        factories.pupil(school, room, full_name="Huỳnh Ngọc Thư" if sex == "0" else "Lê Minh Trí", sex=sex)
    return six, seven


def test_a_table_with_subtotals_and_doors(clerk_client, classes):
    html = page(clerk_client, "truong/74700001", f"?dem=pupils&hang=level,grade&cot=sex{DAY}").content.decode()
    assert "<h1>Học sinh theo cấp học, khối và giới tính</h1>" in html
    assert 'class="strong"><th scope="row">THCS</th>' in html
    assert '<span class="sub">Lớp 6</span>' in html
    assert (
        "dem/ten/?dem=pupils&amp;hang=level,grade&amp;cot=sex&amp;loc=level:THCS&amp;loc=grade:6&amp;loc=sex:0" in html
    )
    assert "Tạm tính" in html


def test_a_table_is_kept_a_minute_and_forgotten_after_a_write(clerk_client, classes, school):
    place, asked = "truong/74700001", "?dem=pupils&hang=grade&cot=&ngay=2026-10-20"
    html = page(clerk_client, place, asked).content.decode()
    assert "tính lúc" in html
    assert ">3</a>" in html
    assert ">2</a>" not in html
    with CaptureQueriesContext(connection) as caught:
        page(clerk_client, place, asked)
    assert not any("registry_statuschange" in query["sql"] for query in caught)
    with open_scope([school.pk]):
        pupil = Enrolment.objects.order_by("pk").first()
    drop = {"status": "4", "on": "05/10/2026", "reason": "01"}
    assert clerk_client.post(f"/{place}/hoc-sinh/{pupil.pk}/trang-thai/", drop).status_code == 302
    assert ">2</a>" in page(clerk_client, place, asked).content.decode()


def test_the_names_behind_a_figure(clerk_client, classes):
    url = f"/truong/74700001/dem/ten/?dem=pupils&loc=grade:6&loc=sex:0{DAY}"
    part = clerk_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<h3>2 em</h3>" in part
    assert part.count('<span class="given">Thư</span>') == 2
    assert "Lê Minh" not in part
    assert "<html" not in part
    assert "<html" in clerk_client.get(url).content.decode()


def test_names_are_searched_and_paged(clerk_client, school):
    for n in range(51):
        factories.pupil(school, full_name=f"Lê Thị {'Đào' if n else 'Ân'}")
    url = f"/truong/74700001/dem/ten/?dem=pupils{DAY}"
    assert "1–50 trong 51" in clerk_client.get(url).content.decode()
    assert "51–51 trong 51" in clerk_client.get(f"{url}&tu=50").content.decode()
    assert "1–1 trong 1" in clerk_client.get(f"{url}&q=an").content.decode()


def test_names_leave_as_a_spreadsheet_and_it_is_noted(clerk_client, classes):
    answer = clerk_client.get(f"/truong/74700001/dem/ten/?dem=pupils&loc=sex:0{DAY}&dang=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert [row[0] for row in rows] == ["Họ và tên", "Huỳnh Ngọc Thư", "Huỳnh Ngọc Thư"]
    assert AccessLog.objects.filter(kind="export", detail__startswith="2 học sinh").count() == 1


def test_too_many_names_need_the_right_to_export(sign_in, make_user, school, classes, settings):
    settings.EXPORT_LIMIT = 3
    client = sign_in(make_user("head"))
    url = f"/phong/TDM/dem/ten/?dem=pupils{DAY}&dang=xlsx"
    assert client.get(url).status_code == 200
    from khue.base.access import rules

    kept = rules.ROLES["head"]
    rules.ROLES["head"] = type(kept)(kept.code, kept.label, kept.kinds, kept.actions - {"registry.pupils:export"})
    try:
        answer = client.get(url)
    finally:
        rules.ROLES["head"] = kept
    assert answer.status_code == 403
    assert "xuất danh sách học sinh" in answer.content.decode()


def test_the_table_as_files(clerk_client, classes):
    url = f"/truong/74700001/dem/tai/?dem=pupils&hang=grade&cot=sex{DAY}"
    assert clerk_client.get(f"{url}&dang=csv").content.decode("utf-8-sig") == (
        "grade,sex,count\r\n6,Nam,1\r\n6,Nữ,2\r\n7,Nam,1\r\n"
    )
    book = openpyxl.load_workbook(io.BytesIO(clerk_client.get(f"{url}&dang=xlsx").content))
    assert list(book.worksheets[0].values) == [
        ("Khối", "Nam", "Nữ", "Tổng"), ("Lớp 6", 1, 2, 3), ("Lớp 7", 1, 0, 1), ("Tổng", 2, 2, 4),
    ]  # fmt: skip


def test_two_dimensions_across_swap_and_conditions(clerk_client, classes):
    html = page(
        clerk_client, "truong/74700001", f"?dem=pupils&hang=grade&cot=minority,sex&loc=sex:0{DAY}"
    ).content.decode()
    assert 'colspan="2"' in html
    assert "Giới tính: Nữ" in html
    assert "hang=minority,sex&amp;cot=grade" in html


def test_conditions_come_when_their_menu_opens(clerk_client, classes):
    query = f"?dem=pupils&hang=class&cot={DAY}"
    assert "dem/dieu-kien/?dem=pupils" in page(clerk_client, "truong/74700001", query).content.decode()
    html = clerk_client.get(f"/truong/74700001/dem/dieu-kien/{query}&loc=sex:0").content.decode()
    assert "/truong/74700001/dem/?dem=pupils&amp;hang=class&amp;cot=&amp;loc=sex:0&amp;loc=class:6A1" in html
    assert 'cot=&amp;ngay=2026-09-30" aria-current="true"><span>Nữ</span>' in html


@pytest.mark.parametrize("cube", ["classes", "staff", "rooms"])
def test_every_cube_has_a_page_and_names(clerk_client, school, cube):
    factories.school_class(school)
    factories.staff(school, job="gv")
    factories.room(school, kind="phong_hoc", structure="kien_co")
    assert page(clerk_client, "truong/74700001", f"?dem={cube}{DAY}").status_code == 200
    part = clerk_client.get(
        f"/truong/74700001/dem/ten/?dem={cube}{DAY}", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<h3>1 " in part


def test_an_address_that_nobody_can_read_still_gives_a_table(clerk_client, classes):
    html = page(
        clerk_client, "truong/74700001", "?dem=diem&hang=khoi,grade&cot=sex&loc=x&ngay=31/02/2026"
    ).content.decode()
    assert "đã bỏ qua: diem, 31/02/2026, khoi, x" in html
    assert "Học sinh theo khối và giới tính" in html


def test_a_day_outside_every_school_year_says_so(clerk_client, school):
    html = page(clerk_client, "truong/74700001", "?ngay=2001-01-01").content.decode()
    assert "Ngày 01/01/2001 không thuộc năm học nào" in html
    assert clerk_client.get("/truong/74700001/dem/ten/?ngay=2001-01-01").status_code == 404


def test_the_office_counts_all_schools_by_name(office_client, school, other_school):
    factories.pupil(school)
    factories.pupil(other_school)
    html = page(office_client, "phong/TDM", f"?dem=pupils&hang=school&cot={DAY}").content.decode()
    assert "Trường THCS Hiệp Thành" in html
    assert ">2</a></td></tr>" in html
    names = office_client.get(f"/phong/TDM/dem/ten/?dem=pupils&loc=school:74700002{DAY}").content.decode()
    assert "1 em" in names
    assert "Trường THCS Hiệp Thành" in names


def test_another_school_and_a_teacher_get_nothing(clerk_client, other_school, sign_in, make_user, school):
    factories.pupil(other_school, full_name="Trần Bí Mật")
    for address in ("dem/", "dem/ten/", "dem/dieu-kien/", "dem/tai/"):
        assert clerk_client.get(f"/truong/74700002/{address}").status_code == 404
        assert (
            sign_in(make_user("teacher", school.unit, username=address)).get(f"/truong/74700001/{address}").status_code
            == 403
        )
    html = clerk_client.get(f"/truong/74700001/dem/ten/?dem=pupils&loc=school:74700002{DAY}").content.decode()
    assert "Trần Bí Mật" not in html


def test_html_in_a_name_stays_text(clerk_client, school):
    factories.pupil(school, factories.school_class(school, "<b>6A1"), full_name="<script>x</script>")
    assert "<script>x" not in clerk_client.get(f"/truong/74700001/dem/ten/?dem=pupils{DAY}").content.decode()
    assert "<b>6A1" not in page(clerk_client, "truong/74700001", f"?hang=class{DAY}").content.decode()


@pytest.mark.parametrize("query", ["?hang=grade&cot=sex", "?hang=school,grade,class&cot=minority,sex"])
def test_statements_do_not_grow_with_rows(office_client, school, other_school, query):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert page(office_client, "phong/TDM", query + DAY).status_code == 200
        return len([q for q in captured if "FROM" in q["sql"].upper()])

    factories.pupil(school, factories.school_class(school))
    statements()
    first = statements()
    for n in range(3):
        factories.pupil(
            other_school, factories.school_class(other_school, f"8A{n}", grade=8), birth_date=date(2013, 1, n + 1)
        )
    assert School.objects.count() == 2
    assert statements() == first <= 12
