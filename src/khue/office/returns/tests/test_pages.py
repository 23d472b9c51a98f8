"""Pages of reporting, by role: what each may do, what stands there, what bad input gets."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.base.core.scope import open_scope
from khue.office.returns.models import Step
from khue.office.returns.selectors import report_of
from khue.office.statistics.models import EnteredFigure, ReportingPeriod, Snapshot
from khue.school.registry.models import Enrolment, Pupil, StatusChange
from khue.testing import factories
from khue.testing.fixtures import PASSWORD

from .conftest import make_period

pytestmark = pytest.mark.django_db
OCTOBER = datetime.fromisoformat("2026-10-05T09:00:00+07:00")


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(OCTOBER, tick=True):
        yield


@pytest.fixture
def principal_client(sign_in, principal):
    return sign_in(principal)


def own(school: Any, period: Any, part: str = "") -> str:
    return f"/truong/{school.code}/nop/{period.pk}/{part}"


def review(school: Any, period: Any, part: str = "") -> str:
    return f"/phong/TDM/duyet/{period.pk}/{school.pk}/{part}"


def hand_in(client: Any, school: Any, period: Any, version: int = 0, password: str = PASSWORD) -> str:
    answer = client.post(own(school, period, "trinh/"), {"ban": version, "mat-khau": password}, follow=True)
    return answer.content.decode()


def test_the_way_of_a_report_by_pages(ready, period, principal_client, office_client):
    page = principal_client.get(own(ready, period)).content.decode()
    assert "Hết lỗi, trình được" in page
    assert "Hạn 10/10, còn 5 ngày" in page
    assert "Đã trình, phòng đã nhận" in hand_in(principal_client, ready, period)
    board = office_client.get("/phong/TDM/duyet/").content.decode()
    assert "0 đơn vị đã duyệt, 1 chờ phòng, 0 còn ở trường" in board
    page = office_client.get(review(ready, period)).content.decode()
    assert "các biểu đều khớp" in page
    office_client.post(review(ready, period, "duyet/"), {"ban": 1})
    assert "1 đơn vị đã duyệt" in office_client.get("/phong/TDM/duyet/").content.decode()
    assert "Phòng đã duyệt bản 1" in principal_client.get(own(ready, period)).content.decode()


def test_a_wrong_password_hands_in_nothing(ready, period, principal_client):
    assert "Mật khẩu chưa đúng. Chưa trình gì." in hand_in(principal_client, ready, period, password="sai")
    with open_scope([ready.pk]):
        assert not Snapshot.objects.exists()


def test_who_may_do_what(ready, period, clerk_client, office_client, sign_in, make_user, other_school):
    teacher = sign_in(make_user("teacher", ready.unit, username="gv"))
    stranger = sign_in(make_user("principal", other_school.unit, username="khac"))
    assert clerk_client.post(own(ready, period, "trinh/"), {"ban": 0, "mat-khau": PASSWORD}).status_code == 403
    assert teacher.get(own(ready, period)).status_code == 403
    assert teacher.get(f"/truong/{ready.code}/thong-ke/").status_code == 403
    assert stranger.get(own(ready, period)).status_code == 404
    assert office_client.get(own(ready, period)).status_code == 403
    assert clerk_client.get(f"/truong/{ready.code}/duyet/").status_code == 403
    assert stranger.get(f"/truong/{other_school.code}/thong-ke/?noi={ready.code}").status_code == 200
    assert ready.name not in stranger.get(f"/truong/{other_school.code}/thong-ke/?noi={ready.code}").content.decode()


def test_the_clerk_says_that_all_is_there(ready, period, clerk_client, principal_client):
    assert "Báo đủ cho hiệu trưởng" in clerk_client.get(own(ready, period)).content.decode()
    clerk_client.post(own(ready, period, "bao-du/"), {"ban": 0})
    assert "Đã báo đủ, chờ hiệu trưởng trình" in principal_client.get(own(ready, period)).content.decode()


def test_a_number_that_is_none_stands_at_its_field(ready, period, clerk_client):
    answer = clerk_client.post(own(ready, period, "so-nhap-tay/"), {"THCS1 4 T": "một trường", "THCS1 6 T": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Mới được công nhận trong năm: ghi số nguyên từ 0, như 12." in page
    assert "một trường" in page
    with open_scope([ready.pk]):
        assert set(EnteredFigure.objects.values_list("number", flat=True)) == {0}


def test_what_is_left_is_listed(school, period, clerk_client):
    from .conftest import fill

    fill(school)
    page = clerk_client.get(own(school, period)).content.decode()
    assert "việc trước khi trình" in page
    answer = clerk_client.post(own(school, period, "bao-du/"), {"ban": 0}, follow=True).content.decode()
    assert "số nhập tay còn trống" in answer


def test_returned_with_the_reason_and_handed_in_again(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    answer = office_client.post(review(ready, period, "tra-lai/"), {"ban": 1, "ly-do": ""}, follow=True)
    assert "Ghi lý do để trường biết sửa gì." in answer.content.decode()
    office_client.post(
        review(ready, period, "tra-lai/"),
        {"ban": 1, "ly-do": "Ghi phòng mượn", "dong": ["THCS3 1 T"], "han": "14/10/2026"},
    )
    page = principal_client.get(own(ready, period)).content.decode()
    assert "trả lại bản 1" in page
    assert "Ghi phòng mượn" in page
    assert "Trình lại trước 14/10/2026" in page
    assert "Dòng cần xem: Học sinh (Học sinh)." in page
    hand_in(principal_client, ready, period, version=1)
    old = office_client.get(review(ready, period) + "?ban=1").content.decode()
    assert "Bản 1, " in old
    with open_scope([ready.pk]):
        assert report_of(ready.pk, period).version == 2
        assert Step.objects.filter(action="return").get().rows == ["THCS3 1 T"]


def test_an_approval_of_what_was_replaced_says_so(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    office_client.post(review(ready, period, "tra-lai/"), {"ban": 1, "ly-do": "x"})
    hand_in(principal_client, ready, period, version=1)
    answer = office_client.post(review(ready, period, "duyet/"), {"ban": 1}, follow=True).content.decode()
    assert "Báo cáo vừa đổi" in answer
    with open_scope([ready.pk]):
        assert report_of(ready.pk, period).state == "submitted"


@pytest.mark.parametrize("version", ["", "abc", "-1", "٣", "999999999"])
def test_a_version_that_nobody_can_have_seen(ready, period, principal_client, version):
    page = principal_client.post(
        own(ready, period, "trinh/"), {"ban": version, "mat-khau": PASSWORD}, follow=True
    ).content.decode()
    assert "Báo cáo vừa đổi" in page


def test_official_tables_live_and_frozen(ready, period, principal_client, office_client):
    page = office_client.get("/phong/TDM/thong-ke/").content.decode()
    assert "Tạm tính" in page
    hand_in(principal_client, ready, period)
    office_client.post(review(ready, period, "duyet/"), {"ban": 1})
    with open_scope([ready.pk]):
        leaving = Enrolment.objects.first()
        StatusChange.objects.create(
            school=ready, enrolment=leaving, status="4", on=date(2026, 9, 12), effective_on=date(2026, 9, 12)
        )
    page = office_client.get("/phong/TDM/thong-ke/").content.decode()
    assert "số đã duyệt của 1 trong 1 trường" in page
    names = office_client.get(f"/phong/TDM/thong-ke/ten/?ky={period.pk}&cap=THCS&bieu=THCS3&dong=1&cot=T")
    assert "12 em" in names.content.decode()
    live = office_client.get(f"/phong/TDM/thong-ke/ten/?ky={period.pk}&cap=THCS&bieu=THCS3&dong=1&cot=T&so=tam")
    assert "11 em" in live.content.decode()


@pytest.mark.parametrize(
    "query",
    ["ky=999", "ky=abc", "loai=9", "noi=74999999", "noi=p:Không có", "ban=7&noi=74700001"],
)
def test_addresses_of_nothing(ready, period, office_client, query):
    assert office_client.get(f"/phong/TDM/thong-ke/?{query}").status_code == 404


@pytest.mark.parametrize("query", ["bieu=XX&dong=1", "bieu=THCS3&dong=77", "bieu=THCS3&dong=1&cot=Q"])
def test_cells_of_nothing(ready, period, office_client, query):
    assert office_client.get(f"/phong/TDM/thong-ke/ten/?{query}").status_code == 404


def test_the_forms_go_out_as_spreadsheet_and_pdf(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    office_client.post(review(ready, period, "duyet/"), {"ban": 1})
    data = office_client.get(f"/phong/TDM/thong-ke/tai/?ky={period.pk}&cap=THCS&dang=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(data))["THCS3"]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=11)}
    assert rows["1"][1:5] == ["Học sinh", 12, 6, 0]
    assert [cell.value for cell in sheet[10]][:4] == ["A", "B", "1", "2"]
    pdf = office_client.get(f"/phong/TDM/thong-ke/tai/?ky={period.pk}&cap=THCS&dang=pdf&noi={ready.code}")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


def test_frozen_figures_print_the_names_of_their_day(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    with open_scope([ready.pk]):
        snapshot = Snapshot.objects.get()
    assert (snapshot.school_name, snapshot.office_name) == (ready.name, "Phòng GDĐT Thủ Dầu Một")


def test_periods_are_set_by_the_office(office_client, office):
    page = office_client.get("/phong/TDM/duyet/").content.decode()
    assert "Đặt kỳ báo cáo đầu tiên" in page
    form = {
        "kind": "opening", "year": "2026", "title": "Đầu năm học 2026–2027", "as_at": "30/09/2026",
        "opens_on": "20/09/2026", "due_mn": "10/10/2026", "due_th": "10/10/2026", "due_thcs": "01/09/2026",
        "office_due_on": "", "closed_on": "",
    }  # fmt: skip
    answer = office_client.post("/phong/TDM/duyet/ky/them/", form)
    assert answer.status_code == 422
    assert "Hạn không được trước ngày chốt số." in answer.content.decode()
    office_client.post("/phong/TDM/duyet/ky/them/", {**form, "due_thcs": "10/10/2026"})
    assert ReportingPeriod.objects.get().due_thcs == date(2026, 10, 10)
    again = office_client.post("/phong/TDM/duyet/ky/them/", {**form, "due_thcs": "10/10/2026"})
    assert "Năm học này đã có kỳ ấy" in again.content.decode()


def statements(client: Any, url: str) -> int:
    """How many statements a second view takes."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if "FROM" in query["sql"].upper()])


def test_pages_take_few_statements_with_one_school_and_with_three(
    ready, period, principal_client, office_client, make_school
):
    assert statements(principal_client, own(ready, period)) <= 12, "what was counted on live rows is kept a minute"
    hand_in(principal_client, ready, period)
    urls = ["/phong/TDM/duyet/", f"/phong/TDM/thong-ke/?ky={period.pk}", review(ready, period)]
    waiting = [statements(office_client, url) for url in urls]
    office_client.post(review(ready, period, "duyet/"), {"ban": 1})
    make_period(2025)
    approved = [statements(office_client, url) for url in urls]
    for n in (2, 3):
        make_school(f"7470000{n}")
    assert approved == [statements(office_client, url) for url in urls]
    assert max(waiting + approved) <= 12
    assert statements(principal_client, own(ready, period)) <= 12, "what was handed in is read, not counted"


def test_a_report_that_was_handed_in_shows_its_own_figures(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    factories.pupil(ready, None, "Em Thêm Sau")
    page = principal_client.get(own(ready, period)).content.decode()
    assert '<span><b>Học sinh</b></span><b class="num">12</b>' in page


def test_reminded_schools_see_it(ready, period, principal_client, office_client):
    office_client.post(f"/phong/TDM/duyet/{period.pk}/nhac/")
    page = principal_client.get(own(ready, period)).content.decode()
    assert "Trần Kim Oanh nhắc ngày 05/10/2026" in page


def test_what_was_edited_since_is_shown_beside_the_report(ready, period, principal_client, office_client):
    hand_in(principal_client, ready, period)
    assert "Hồ sơ đã đổi" not in office_client.get(review(ready, period, "da-doi/")).content.decode()
    with open_scope([ready.pk]):
        person = Pupil.objects.first()
        person.full_name = "Nguyễn Thị Đổi"
        person.save()
    page = office_client.get(review(ready, period, "da-doi/")).content.decode()
    assert "học sinh: sửa 1" in page
    assert "Nguyễn Thị Đổi" in page


def test_places_to_choose_from(ready, period, office_client):
    page = office_client.get("/phong/TDM/thong-ke/noi/?cap=THCS").content.decode()
    assert ready.name in page
    assert f"/phong/TDM/thong-ke/?ky={period.pk}&amp;cap=THCS&amp;noi={ready.code}" in page


@pytest.mark.parametrize("so", ["tam", "duyet"])
@pytest.mark.parametrize(("loai", "pupils"), [("1", "12"), ("2", "0")])
def test_tables_of_one_kind_of_ownership(ready, period, principal_client, office_client, so, loai, pupils):
    """Rooms have no ownership of their own: the table of rooms is narrowed by its schools."""
    hand_in(principal_client, ready, period)
    office_client.post(review(ready, period, "duyet/"), {"ban": 1})
    address = f"/phong/TDM/thong-ke/?ky={period.pk}&cap=THCS&so={so}&loai={loai}"
    assert office_client.get(address).status_code == 200
    names = office_client.get(address.replace("/?", "/ten/?") + "&bieu=THCS3&dong=1&cot=T").content.decode()
    assert f"{pupils} em" in names
    rooms = office_client.get(address.replace("/?", "/ten/?") + "&bieu=THCS5&dong=1&cot=T")
    assert rooms.status_code == 200
