"""The page "Môn và phân công": who sees it, what it does, what it refuses, how much it asks of the database."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khue.base.access.rules import ROLES
from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.school.assessment.models import Gradebook, Kind, MarkEntry, TeachingAssignment
from khue.school.assessment.services.teaching import assign, set_up_books
from khue.school.registry.models import SchoolClass, UserLink
from khue.testing import factories

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-24 08:00+07:00")]
OPENING = date(2026, 9, 5)


def url(school, path: str = "") -> str:
    return f"/truong/{school.code}/phan-cong/{path}"


def text(response) -> str:
    return response.content.decode()


def set_up(school, *codes: str) -> dict[str, Gradebook]:
    for code in codes:
        factories.school_class(school, code, grade=int(code[0]), language1="tieng_anh", sort_key=code)
    with open_scope([school.pk]):
        set_up_books(school=school, year=2026)
        rows = Gradebook.objects.select_related("school_class")
        return {f"{book.subject} {book.school_class.code}": book for book in rows}


@pytest.fixture
def books(school):
    return set_up(school, "6A1", "6A2", "7A1")


@pytest.fixture
def lan(school):
    return factories.staff(school, "Trần Thị Lan", subject="toan")


def given(school) -> list[tuple[str, str, date, date | None, bool]]:
    with open_scope([school.pk]):
        rows = TeachingAssignment.objects.order_by("gradebook__school_class__code", "since", "pk")
        columns = ("gradebook__school_class__code", "teacher__staff__full_name", "since", "until", "substitute")
        return list(rows.values_list(*columns))


def test_the_rights_of_the_roles():
    names = {"assessment.teaching:read", "assessment.teaching:write"}
    rights = {code: role.actions & names for code, role in ROLES.items()}
    assert rights["principal"] == rights["clerk"] == names
    for code in ("teacher", "head", "specialist", "office_admin"):
        assert rights[code] == {"assessment.teaching:read"}


def test_without_books_there_is_one_button(clerk_client, school):
    factories.school_class(school, "6A1")
    factories.school_class(school, "6A2")
    page = text(clerk_client.get(url(school)))
    assert "Chưa lập môn cho lớp nào" in page
    assert "Lập môn cho 2 lớp" in page
    setting = text(clerk_client.get(url(school, "lap-mon/")))
    assert "Chủ nhiệm, Ngữ văn, Toán, " in setting
    assert setting.count("chưa lập</small>") == 2


def test_without_classes_the_way_leads_to_classes(clerk_client, school):
    assert "Thêm lớp" in text(clerk_client.get(url(school)))


def test_setting_up_makes_books_for_the_chosen_classes(clerk_client, school):
    chosen, other = factories.school_class(school, "6A1"), factories.school_class(school, "6A2")
    refused = clerk_client.post(url(school, "lap-mon/"), {})
    assert refused.status_code == 422
    assert "Đánh dấu ít nhất một lớp." in text(refused)
    answer = clerk_client.post(url(school, "lap-mon/"), {"classes": [chosen.pk], "electives": ["ngoai_ngu_2"]})
    assert answer.status_code == 302
    with open_scope([school.pk]):
        assert Gradebook.objects.filter(school_class=chosen, subject="ngoai_ngu_2").exists()
        assert not Gradebook.objects.filter(school_class=other).exists()
    page = text(clerk_client.get(url(school)))
    assert "Chưa lập môn" in page
    assert f'lap-mon/?lop={other.pk}"' in page
    setting = text(clerk_client.get(url(school, f"lap-mon/?lop={other.pk}")))
    assert f'value="{other.pk}" checked' in setting
    assert f'value="{chosen.pk}" checked' not in setting


def test_the_grid_names_teachers_and_marks_what_is_empty(clerk_client, school, books, lan):
    away = factories.staff(school, "Lê Văn Hùng")
    with open_scope([school.pk]):
        SchoolClass.objects.filter(code="6A1").update(homeroom=lan)
        assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=OPENING)
        assign(gradebooks=[books["toan 6A1"]], teacher=away, since=date(2026, 11, 1), until=date(2026, 12, 1),
               substitute=True)  # fmt: skip
        assign(gradebooks=[books["toan 6A2"]], teacher=away, since=date(2026, 12, 1))
    page = text(clerk_client.get(url(school)))
    assert 'aria-label="Toán 6A1: Trần Thị Lan, Lê Văn Hùng (dạy thay)"' in page
    assert "Hùng thay" in page
    assert 'aria-label="Toán 6A2: Lê Văn Hùng, từ 01/12"' in page
    assert 'aria-label="Ngữ văn 6A1: chưa có"' in page
    assert 'aria-label="Chủ nhiệm 6A1: Trần Thị Lan"' in page
    assert "Nghệ thuật" not in page
    assert 'aria-label="Toán 7A1' not in page
    assert 'aria-label="Toán 7A1: chưa có"' in text(clerk_client.get(url(school, "?khoi=7")))


def test_statements_do_not_grow_with_classes(clerk_client, school, lan):
    counts = []
    for codes in (["6A1"], ["6A2", "6A3"]):
        books = set_up(school, *codes)
        with open_scope([school.pk]):
            assign(gradebooks=[b for name, b in books.items() if name.split()[1] in codes and "toan" in name],
                   teacher=lan, since=OPENING)  # fmt: skip
        found = []
        for path in ("", "giao-vien/", f"giao-vien/{lan.pk}/?mon=toan", "lap-mon/", f"mon/{books['toan 6A1'].pk}/"):
            clerk_client.get(url(school, path))
            with CaptureQueriesContext(connection) as captured:
                assert clerk_client.get(url(school, path)).status_code == 200
            found.append(len([q for q in captured if " FROM " in q["sql"]]))
        counts.append(found)
    assert counts[0] == counts[1]
    assert max(counts[0]) < 12


def form(who, **fields) -> dict[str, str]:
    return {"teacher": str(who.pk), "mode": "main", "since": "05/09/2026", "last_day": "", "why": "", **fields}


def test_a_cell_opens_a_form_that_offers_teachers_of_the_subject_first(clerk_client, school, books, lan):
    factories.staff(school, "An Văn Minh", subject="ngu_van")
    address = url(school, f"mon/{books['toan 6A1'].pk}/")
    page = text(clerk_client.get(address))
    assert "Toán 6A1" in page
    assert "140 tiết mỗi năm, đánh giá bằng nhận xét và điểm, 4 điểm thường xuyên mỗi kì." in page
    assert page.index("Dạy môn này") < page.index("Trần Thị Lan · Toán") < page.index("Giáo viên khác")
    drawer = text(clerk_client.get(address, headers={"HX-Request": "true"}))
    assert drawer.startswith('<div class="assigning">')
    assert 'value="24/11/2026"' in drawer


def test_giving_a_class_to_a_teacher_and_to_another(clerk_client, school, books, lan):
    hung, address = factories.staff(school, "Lê Văn Hùng"), url(school, f"mon/{books['toan 6A1'].pk}/giao/")
    assert clerk_client.post(address, form(lan)).status_code == 302
    answer = clerk_client.post(address, form(hung, since="01/12/2026", why="Cô Lan chuyển trường"),
                               headers={"HX-Request": "true"})  # fmt: skip
    assert answer["HX-Redirect"] == url(school, "?khoi=6")
    assert given(school) == [
        ("6A1", "Trần Thị Lan", OPENING, date(2026, 12, 1), False),
        ("6A1", "Lê Văn Hùng", date(2026, 12, 1), None, False),
    ]
    page = text(clerk_client.get(url(school)))
    assert "Lê Văn Hùng dạy Toán 6A1 từ 01/12/2026" in page
    with open_scope([school.pk]), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_context->>'action', pgh_context->>'reason'"
                       " FROM assessment_teachingassignmentevent WHERE pgh_context->>'reason' <> ''")  # fmt: skip
        assert cursor.fetchall() == [("Phân công Toán 6A1", "Cô Lan chuyển trường")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"teacher": ""}, "Còn thiếu mục này."),
        ({"teacher": "999999"}, "Không còn trong danh sách. Chọn lại."),
        ({"since": "1/2"}, "Ngày ghi ngày/tháng/năm, ví dụ 05/09/2026."),
        ({"since": "05/09/2020"}, "Ngày bắt đầu phải trong năm học"),
        ({"mode": "substitute"}, "Dạy thay thì ghi ngày cuối"),
        ({"last_day": "01/09/2026"}, "Ngày cuối phải từ ngày bắt đầu"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_wrong_form_comes_back_with_what_is_wrong(clerk_client, school, books, lan, fields, message, htmx):
    headers = {"HX-Request": "true"} if htmx else {}
    address = url(school, f"mon/{books['toan 6A1'].pk}/giao/")
    answer = clerk_client.post(address, form(lan, **fields), headers=headers)
    assert answer.status_code == 422
    assert message in text(answer)
    assert given(school) == []


def test_ending_and_taking_back(clerk_client, school, books, lan):
    with open_scope([school.pk]):
        [one] = assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=OPENING)
    end = url(school, f"{one.pk}/ket-thuc/")
    for last_day, message in (("", "Còn thiếu mục này."), ("01/09/2026", "phân công bắt đầu ngày 05/09/2026")):
        answer = clerk_client.post(end, {f"{one.pk}-last_day": last_day, f"{one.pk}-why": ""})
        assert answer.status_code == 422
        assert message in text(answer)
    assert clerk_client.post(end, {f"{one.pk}-last_day": "30/11/2026", f"{one.pk}-why": ""}).status_code == 302
    assert given(school)[0][3] == date(2026, 12, 1)
    assert "hết 30/11" in text(clerk_client.get(url(school)))
    assert clerk_client.post(url(school, f"{one.pk}/bo/")).status_code == 302
    assert given(school) == []


def test_one_teacher_ticks_classes(clerk_client, school, books, lan):
    address = url(school, f"giao-vien/{lan.pk}/?mon=toan")
    wanted = [books["toan 6A1"].pk, books["toan 7A1"].pk]
    answer = clerk_client.post(address, {"books": wanted, "since": "05/09/2026", "why": ""})
    assert answer.status_code == 302
    assert [row[0] for row in given(school)] == ["6A1", "7A1"]
    page = text(clerk_client.get(address))
    assert "Trần Thị Lan dạy Toán: thêm 2 lớp" in page
    assert page.count(" checked") == 2
    clerk_client.post(address, {"books": wanted[:1], "since": "24/11/2026", "why": ""})
    assert [row[3] for row in given(school)] == [None, date(2026, 11, 24)]
    refused = clerk_client.post(address, {"books": wanted, "since": "05/09/2020", "why": ""})
    assert refused.status_code == 422
    assert "Ngày bắt đầu phải trong năm học" in text(refused)
    teachers = text(clerk_client.get(url(school, "giao-vien/")))
    assert '<b title="Toán">Toán</b> 6A1</span>' in teachers


def test_primary_class_teachers_take_the_rest_at_once(sign_in, make_user, make_school):
    school = make_school("74700009", levels=["TH"])
    client = sign_in(make_user("principal", school.unit))
    set_up(school, "4A")
    head = factories.staff(school, "Thu")
    with open_scope([school.pk]):
        SchoolClass.objects.update(homeroom=head)
    assert "Giao môn còn trống cho chủ nhiệm" in text(client.get(url(school)))
    assert client.post(url(school, "chu-nhiem/"), {"khoi": "4"}).status_code == 302
    assert len(given(school)) == 6
    assert client.post(url(school, "chu-nhiem/"), {"khoi": "6"}).status_code == 404


def test_regular_marks_and_removal_of_a_subject(clerk_client, school, books, clerk):
    book = books["cong_nghe 6A1"]
    wrong = clerk_client.post(url(school, f"mon/{book.pk}/so-diem/"), {"formative": "1"})
    assert wrong.status_code == 422
    assert "Quy định là 2 điểm thường xuyên mỗi kì" in text(wrong)
    assert clerk_client.post(url(school, f"mon/{book.pk}/so-diem/"), {"formative": "3"}).status_code == 302
    pupil = factories.pupil(school, book.school_class)
    with open_scope([school.pk]):
        assert Gradebook.objects.get(pk=book.pk).formative == 3
        MarkEntry.objects.create(
            school=school, gradebook=book, serial=1, enrolment=pupil, term=1, kind=Kind.FORMATIVE, value="85",
            user=clerk, written_at=timezone.now(), digest=b"\0" * 32,
        )  # fmt: skip
    for subject in ("cong_nghe", "tin_hoc"):
        clerk_client.post(url(school, f"mon/{books[f'{subject} 6A1'].pk}/bo/"))
    page = text(clerk_client.get(url(school)))
    assert "Công nghệ 6A1 đã có điểm hoặc nhận xét nên không bỏ được" in page
    assert "Đã bỏ Tin học 6A1" in page
    with open_scope([school.pk]):
        left = set(Gradebook.objects.filter(school_class__code="6A1").values_list("subject", flat=True))
    assert "cong_nghe" in left
    assert "tin_hoc" not in left


def test_the_year_as_a_spreadsheet(clerk_client, school, books, lan):
    hung = factories.staff(school, "Lê Văn Hùng", code="CB7")
    with open_scope([school.pk]):
        SchoolClass.objects.filter(code="6A1").update(homeroom=lan)
        assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=OPENING)
        assign(gradebooks=[books["toan 6A1"]], teacher=hung, since=date(2026, 11, 2), until=date(2026, 12, 1),
               substitute=True)  # fmt: skip
    answer = clerk_client.get(url(school, "tai-excel/"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert head == ("Lớp", "Môn", "Giáo viên", "Mã cán bộ", "Từ ngày", "Đến hết ngày", "Dạy thay")
    maths = [row for row in rows if row[:2] == ("6A1", "Toán")]
    assert [(row[2], row[6]) for row in maths] == [("Trần Thị Lan", None), ("Lê Văn Hùng", "x")]
    assert maths[1][3] == "CB7"
    assert [day.date() for day in maths[1][4:6]] == [date(2026, 11, 2), date(2026, 11, 30)]
    assert ("6A1", "Chủ nhiệm", "Trần Thị Lan") in {row[:3] for row in rows}
    assert ("6A2", "Tin học", None) in {row[:3] for row in rows}
    with open_scope([school.pk], all_schools=True):
        assert AccessLog.objects.get(kind="export").detail == f"Phân công: {len(rows)} dòng"


def test_a_teacher_looks_and_changes_nothing(school, books, lan, sign_in, make_user):
    client = sign_in(make_user("teacher", school.unit))
    page = text(client.get(url(school)))
    assert "chưa có" in page
    assert "Thêm môn" not in page
    drawer = text(client.get(url(school, f"mon/{books['toan 6A1'].pk}/")))
    assert "Lưu phân công" not in drawer
    assert client.post(url(school, f"mon/{books['toan 6A1'].pk}/giao/"), form(lan)).status_code == 403
    assert client.get(url(school, "lap-mon/")).status_code == 403
    assert client.get(url(school, f"giao-vien/{lan.pk}/")).status_code == 403


def test_other_schools_and_other_years_are_not_found(clerk_client, school, other_school, office_client, books, lan):
    foreign = set_up(other_school, "6A1")["toan 6A1"]
    former = factories.school_class(school, "6A1", year=2025)
    with open_scope([school.pk]):
        set_up_books(school=school, year=2025)
        old = Gradebook.objects.get(school_class=former, subject="toan")
    stranger = factories.staff(other_school, "Lạ")
    for pk in (foreign.pk, old.pk):
        assert clerk_client.get(url(school, f"mon/{pk}/")).status_code == 404
        assert clerk_client.post(url(school, f"mon/{pk}/giao/"), form(lan)).status_code == 404
    assert clerk_client.get(url(school, f"giao-vien/{stranger.pk}/")).status_code == 404
    assert clerk_client.get(url(other_school)).status_code == 404
    answer = clerk_client.post(url(school, f"mon/{books['toan 6A1'].pk}/giao/"), form(stranger))
    assert answer.status_code == 422
    assert office_client.get("/phong/TDM/phan-cong/").status_code == 404
    assert office_client.get(f"/phong/TDM/phan-cong/mon/{books['toan 6A1'].pk}/").status_code == 404
    assert office_client.get(url(school)).status_code == 200


# -- the box / ----------------------------------------------------------------------------------------------------


def found(client, school, words: str) -> str:
    return text(client.get(f"/truong/{school.code}/tim/", {"q": words}))


def test_the_box_finds_the_book_of_a_class(clerk_client, school, books):
    page = found(clerk_client, school, "6a2 toan")
    assert str(books["toan 6A2"].pk) in page
    assert "Sổ điểm" in page
    assert f"/{books['toan 6A1'].pk}/" not in page
    assert str(books["giao_duc_the_chat 6A1"].pk) in found(clerk_client, school, "gdtc 6a1")
    assert str(books["ngoai_ngu_1 6A1"].pk) in found(clerk_client, school, "lop 6a1 tieng anh")
    assert "Sổ điểm" not in found(clerk_client, school, "toan")


def test_a_teacher_finds_own_books_alone(school, books, lan, sign_in, make_user):
    user = make_user("teacher", school.unit)
    UserLink.objects.create(user=user, staff=lan.staff)
    with open_scope([school.pk]):
        assign(gradebooks=[books["toan 6A1"]], teacher=lan, since=OPENING, until=date.today() + timedelta(days=1))
    page = found(sign_in(user), school, "toan")
    assert f"/{books['toan 6A1'].pk}/" in page
    assert f"/{books['toan 6A2'].pk}/" not in page
