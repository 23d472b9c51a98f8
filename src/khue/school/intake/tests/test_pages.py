"""The pages of the import, through the client with real files."""

import io
import json
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.base.sheets.encodings import decode_tcvn3
from khue.base.sheets.tests.test_reader import compound_with
from khue.school.intake.models import KnownLayout, SheetImport, StagedRow, State
from khue.school.registry.models import Pupil
from khue.testing import factories

from . import sheets
from .conftest import deferred, latest, work

pytestmark = pytest.mark.django_db
TCVN3 = {ord(decode_tcvn3(chr(code))): code for code in range(0xA1, 0xFF)}
HTMX = {"HX-Request": "true"}
SECOND = {"name": "Lê Minh Trí", "ministry": "7400000002", "number": "074215000002"}


def several(tmp_path, n, name="nhieu.xlsx", **more):
    rows = [
        sheets.pupil(
            f"HS{i:03d}", name=f"Lê Văn {'ABCDEFGHIK'[i % 10]}n", ministry=f"74{i:08d}", number=f"074215{i:06d}", **more
        )
        for i in range(1, n + 1)
    ]
    return sheets.write(tmp_path / name, rows)


def bad_file(tmp_path, name="loi.xlsx"):
    wrong = sheets.pupil("HS002", born="31/02/2015", **SECOND)
    return sheets.write(tmp_path / name, [sheets.pupil(), wrong])


def rows_of(source):
    with open_scope([source.school_id]):
        return list(StagedRow.objects.filter(source=source).order_by("number"))


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/") + ".xlsx", data)
    return stream.getvalue()


# --- choosing files ------------------------------------------------------------------------------------------------


def test_an_empty_page_says_what_to_do_first(clerk_client, base):
    page = clerk_client.get(base).content.decode()
    assert "cán bộ trước, rồi lớp, rồi học sinh" in page
    assert f"{base}mau/pupils/" in page
    assert "mau/schools" not in page


def test_one_file_leads_to_its_page_and_is_read_by_a_job(upload, clerk_client, base, school, tmp_path):
    answer = upload(several(tmp_path, 3))
    source = latest(school)
    assert (answer.status_code, answer["Location"]) == (302, f"{base}{source.pk}/")
    [(_, name, arguments)] = deferred()
    assert (name, arguments["source_id"], arguments["school_ids"], arguments["role"]) == (
        "intake.read",
        source.pk,
        [school.pk],
        "clerk",
    )
    assert source.state == State.READING
    waiting = clerk_client.get(f"{base}{source.pk}/")
    assert f'data-poll="{base}{source.pk}/?phan=viec"' in waiting.content.decode()
    part = clerk_client.get(f"{base}{source.pk}/?phan=viec", headers=HTMX).content.decode()
    assert "<!doctype" not in part
    assert "Đang mở tệp" in part
    work()
    assert clerk_client.get(f"{base}{source.pk}/?phan=viec", headers=HTMX)["HX-Redirect"] == f"{base}{source.pk}/"
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "3 dòng cần xem" in page
    assert "Ghi 3 dòng" in page


def test_several_files_and_a_zip_at_once(upload, clerk_client, base, school, tmp_path):
    first, second = several(tmp_path, 2), several(tmp_path, 3, "khoi7.xlsx")
    archive = zipped(khoi6=first.read_bytes(), thu_muc__khoi7=second.read_bytes())
    staff = sheets.write(
        tmp_path / "cb.xlsx",
        [["079085001234", "Lê Tâm", "20/05/1985", "Nam", "Kinh"]],
        headers=["Số CCCD", "Họ tên giáo viên", "Ngày sinh", "Giới tính", "Dân tộc"],
    )
    answer = upload(first, ("HocSinh 6-7.zip", archive), staff)
    assert answer["Location"] == base
    page = clerk_client.get(base).content.decode()
    assert "Đang đọc 4 tệp" in page
    assert f'data-poll="{base}?phan=tep"' in page
    assert "HocSinh 6-7.zip" in page
    assert "2 tệp bên trong" in page
    assert work() == 4
    part = clerk_client.get(f"{base}?phan=tep", headers=HTMX).content.decode()
    assert '<h1 id="ten-trang" hx-swap-oob="true">Nhận ra 4 tệp</h1>' in part
    assert "data-poll" not in part
    assert part.count('class="in-zip"') == 2
    with open_scope([school.pk]):
        assert list(SheetImport.objects.order_by("pk").values_list("name", "folder")) == [
            ("nhieu.xlsx", ""),
            ("khoi6.xlsx", "HocSinh 6-7.zip"),
            ("khoi7.xlsx", "HocSinh 6-7.zip/thu_muc"),
            ("cb.xlsx", ""),
        ]


def test_the_title_counts_files(upload, clerk_client, base, tmp_path):
    upload(several(tmp_path, 1), ("gia.xlsx", b"%PDF-1.7 no spreadsheet" * 20))
    work()
    page = clerk_client.get(base).content.decode()
    assert '<h1 id="ten-trang">Nhận ra 1 tệp, bỏ 1</h1>' in page
    assert "Bên trong là" in page
    assert "Mở bằng Excel, lưu lại" in page


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("gia.xlsx", b"%PDF-1.7 not a sheet" * 30, "PDF"),
        ("khoa.xlsx", compound_with("EncryptedPackage"), "mật khẩu"),
        ("trong.xlsx", b"", "Tệp trống"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 200, "cụt"),
        ("anh.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "không phải bảng tính"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_remedy(upload, clerk_client, base, school, name, data, words):
    upload((name, data))
    work()
    source = latest(school)
    assert source.state == State.REFUSED
    assert words in source.refused
    assert source.refused in clerk_client.get(base).content.decode().replace("&quot;", '"')
    assert clerk_client.get(f"{base}{source.pk}/").status_code == 200
    clerk_client.post(f"{base}{source.pk}/bo/")
    assert name not in clerk_client.get(base).content.decode().split("<main")[1].split("toasts")[0]


def test_a_zip_that_cannot_be_opened_is_refused(upload, school):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../ra-ngoai.xlsx", b"x")
    upload(("hong.zip", stream.getvalue()))
    assert latest(school).state == State.REFUSED
    assert "trỏ ra ngoài" in latest(school).refused
    assert not deferred()


def test_too_large_is_said_before_anything_is_read(upload, clerk_client, base, settings, tmp_path):
    settings.UPLOAD_LIMIT = 1024
    upload(several(tmp_path, 20))
    assert not deferred()
    assert "chưa nhận tệp nào" in clerk_client.get(base).content.decode()


def test_too_large_announced_keeps_the_token(clerk, base, settings):
    settings.UPLOAD_LIMIT = 1024
    client = Client(enforce_csrf_checks=True)
    client.force_login(clerk)
    token = client.get(base).context["csrf_token"]
    answer = client.post(base, {"csrfmiddlewaretoken": str(token), "tep": io.BytesIO(b"x" * (3 << 20))})
    assert answer.status_code == 302
    assert "chưa nhận tệp nào" in client.get(base).content.decode()


def test_no_file_and_too_many_files(clerk_client, base):
    clerk_client.post(base, {})
    assert "Chưa chọn tệp nào" in clerk_client.get(base).content.decode()
    clerk_client.post(base, {"tep": [io.BytesIO(b"x") for _ in range(301)]})
    assert "mỗi lần nhiều nhất 300" in clerk_client.get(base).content.decode()
    assert not deferred()


def test_htmx_is_sent_to_the_page(clerk_client, base, tmp_path):
    with several(tmp_path, 1).open("rb") as file:
        answer = clerk_client.post(base, {"tep": file}, headers=HTMX)
    assert answer["HX-Redirect"].startswith(base)


def test_strange_names_and_texts_do_no_harm(upload, clerk_client, base, school, tmp_path):
    long = sheets.pupil("HS002", name="Lê " + "A" * 300, ministry="7400000002", number="074215000002")
    markup = sheets.pupil("HS003", name="<script>alert(1)</script>", ministry="7400000003", number="074215000003")
    control = sheets.pupil("HS004", name="Lê\tVăn\u0085Tí", ministry="7400000004", number="074215000004")
    upload(
        (
            "<b>tệp</b>" + "x" * 300 + ".xlsx",
            sheets.write(tmp_path / "x.xlsx", [sheets.pupil(), long, markup, control]).read_bytes(),
        )
    )
    work()
    source = latest(school)
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>tệp</b>" not in page
    assert "nhiều nhất 100" in page
    assert "Có dấu &lt; hoặc &gt;" in page
    assert len(source.name) <= 255


def test_formulas_are_read_as_values_and_never_run(upload, clerk_client, base, school, tmp_path):
    formula = sheets.pupil("HS002", name='=HYPERLINK("http://x","y")', ministry="7400000002", number="074215000002")
    upload(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(), formula]))
    work()
    assert latest(school).counts["wrong"] == 1
    data = b"".join(clerk_client.get(f"{base}{latest(school).pk}/tep-danh-dau/").streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


# --- columns -------------------------------------------------------------------------------------------------------

AMBIGUOUS = ["Mã lớp", "Mã định danh", "Họ tên", "Ngày sinh", "Giới tính", "Dân tộc", "Ghi chú riêng"]
AMBIGUOUS_ROWS = [
    ["6A1", "7400000001", "Nguyễn Văn An", "14/03/2015", "Nam", "Kinh", "bơi giỏi"],
    ["6A1", "7400000002", "Lê Minh Trí", "15/03/2015", "Nam", "Khơ me", None],
    ["6A1", "074215000003", "Lê Minh Tú", 42000, "Nam", "Kinh", None],
]


@pytest.fixture
def ambiguous(taken, tmp_path):
    return taken(sheets.write(tmp_path / "hoi.xlsx", AMBIGUOUS_ROWS, headers=AMBIGUOUS))


def test_a_question_shows_samples_cost_and_the_record(ambiguous, clerk_client, base):
    page = clerk_client.get(f"{base}{ambiguous.pk}/").content.decode()
    assert "còn 1 câu hỏi" in page
    assert "“Mã định danh” là cột nào?" in page
    assert "1 dòng sẽ báo lỗi" in page
    assert "2 dòng sẽ báo lỗi" in page
    assert "Dòng 2 sẽ thành" in page
    assert "Chưa có chỗ" in page
    third = clerk_client.get(f"{base}{ambiguous.pk}/cot/?dong=2").content.decode()
    assert "Dòng 4 sẽ thành" in third
    assert "ô ghi 42000" in third
    assert clerk_client.get(f"{base}{ambiguous.pk}/cot/?dong=99").status_code == 200


def test_an_answer_is_remembered_for_the_layout_and_can_be_forgotten(
    ambiguous, clerk_client, base, upload, school, tmp_path
):
    place = next(n for n, c in enumerate(ambiguous.columns) if c["header"] == "Ghi chú riêng")
    clerk_client.post(f"{base}{ambiguous.pk}/cot/", {"q0": "ministry_id", f"c{place}": "note", "nho": "on"})
    assert latest(school).state == State.READING
    work()
    source = latest(school)
    assert (source.state, source.counts["error"]) == (State.READY, 0)
    assert rows_of(source)[0].values["note"] == "bơi giỏi"
    upload(sheets.write(tmp_path / "lai.xlsx", AMBIGUOUS_ROWS[:1], headers=AMBIGUOUS))
    work()
    again = latest(school)
    assert again.state == State.READY
    assert "dùng lại các lựa chọn" in clerk_client.get(f"{base}{again.pk}/cot/").content.decode()
    clerk_client.post(f"{base}{again.pk}/quen-bo-cuc/")
    work()
    with open_scope([school.pk]):
        assert not KnownLayout.objects.exists()
    assert latest(school).state == State.QUESTIONS


def test_a_mixed_column_is_split_by_the_length_of_each_value(taken, clerk_client, base, school, tmp_path):
    rows = [*AMBIGUOUS_ROWS[:2], ["6A1", "074215000003", "Lê Minh Tú", "17/03/2015", "Nam", "Kinh", None]]
    mixed = taken(sheets.write(tmp_path / "hon.xlsx", rows, headers=AMBIGUOUS))
    page = clerk_client.get(f"{base}{mixed.pk}/").content.decode()
    assert "Tách theo độ dài" in page
    clerk_client.post(f"{base}{mixed.pk}/cot/", {"q0": "by_length", "nho": "on"})
    work()
    source = latest(school)
    assert (source.state, source.counts["error"]) == (State.READY, 0)
    given = [(row.values.get("ministry_id"), row.values.get("personal_number")) for row in rows_of(source)]
    assert given == [("7400000001", None), ("7400000002", None), (None, "074215000003")]
    clerk_client.post(f"{base}{source.pk}/dong/1/o/B/", {"value": "271234567"}, headers=HTMX)
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert page.count("Có 9 chữ số: số CMND cũ") == 1
    assert page.count('id="o-1-B2"') == 1
    assert 'value="by_length" selected' in clerk_client.get(f"{base}{source.pk}/cot/").content.decode()


def test_without_the_tick_nothing_is_remembered(ambiguous, clerk_client, base, school):
    clerk_client.post(f"{base}{ambiguous.pk}/cot/", {"q0": "-"})
    work()
    assert latest(school).state == State.READY
    assert not KnownLayout.objects.exists()


def test_two_columns_for_one_field(taken, clerk_client, base, school, tmp_path):
    headers = [*sheets.HEADERS, "SĐT liên hệ", "SĐT liên hệ"]
    source = taken(sheets.write(tmp_path / "x.xlsx", [[*sheets.pupil(), "0913208554", "0918402117"]], headers=headers))
    assert source.state == State.QUESTIONS
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "2 cột cùng là" in page
    assert "Chỉ lấy cột K" in page
    clerk_client.post(f"{base}{source.pk}/cot/", {"q0": "K"})
    work()
    source = latest(school)
    assert source.state == State.READY
    assert rows_of(source)[0].values["phone"] == "0918402117"


def test_a_column_is_corrected_after_the_dry_run(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 2))
    place = next(n for n, c in enumerate(source.columns) if c["field"] == "ethnicity")
    clerk_client.post(f"{base}{source.pk}/cot/", {f"c{place}": "", "nho": "on"})
    work()
    source = latest(school)
    assert source.columns[place]["field"] is None
    assert "ethnicity" not in rows_of(source)[0].values


def test_old_encodings_are_shown_as_stored_and_as_read(taken, clerk_client, base, tmp_path):
    lines = ["Mã lớp;Họ tên;Ngày sinh;Giới tính;Dân tộc"]
    lines += [
        f"6A1;{name};14/03/2015;Nam;Kinh"
        for name in ("Nguyễn Văn Ân", "Lê Thị Ngọc Diễm", "Trần Quốc Bảo", "Võ Đình Khôi")
    ]
    path = tmp_path / "cu.csv"
    path.write_bytes("\r\n".join(lines).translate(TCVN3).encode("latin-1"))
    source = taken(path)
    assert source.encoding["legacy"] == "tcvn3"
    for url in (base, f"{base}{source.pk}/cot/"):
        page = clerk_client.get(url).content.decode()
        assert "TCVN3" in page
        assert "Trong tệp" in page
        assert source.encoding["samples"][0][1] in page


# --- the dry run ---------------------------------------------------------------------------------------------------


def test_bad_rows_come_first_with_the_cell_named(taken, clerk_client, base, tmp_path):
    source = taken(bad_file(tmp_path))
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert page.index("Tháng 2 không có ngày 31.") < page.index("Nguyễn Văn An")
    assert "<b>F3</b>" in page
    assert 'value="31/02/2015"' in page
    assert "Ghi 1 dòng đúng, để lại 1 dòng" in page
    assert f"{base}{source.pk}/dong/2/o/F/" in page


def test_the_figures_filter(taken, clerk_client, base, tmp_path):
    source = taken(bad_file(tmp_path))
    url = f"{base}{source.pk}/"
    assert "1 dòng có lỗi" in clerk_client.get(url + "?loc=loi").content.decode()
    assert "1 dòng mới" in clerk_client.get(url + "?loc=moi").content.decode()
    assert "0 dòng không đổi" in clerk_client.get(url + "?loc=giu").content.decode()
    assert clerk_client.get(url + "?loc=la-lam&trang=x").status_code == 200


def test_fifty_rows_a_page(taken, clerk_client, base, tmp_path):
    source = taken(several(tmp_path, 120))
    first = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert first.count('<tbody id="dong-') == 50
    assert "1 đến 50 trong 120 dòng" in first
    assert clerk_client.get(f"{base}{source.pk}/?trang=3").content.decode().count('<tbody id="dong-') == 20
    assert clerk_client.get(f"{base}{source.pk}/?trang=99").content.decode().count('<tbody id="dong-') == 20


def test_a_cell_is_mended_in_place(taken, clerk_client, base, school, tmp_path):
    source = taken(bad_file(tmp_path))
    answer = clerk_client.post(f"{base}{source.pk}/dong/2/o/F/", {"value": "28/02/2015"}, headers=HTMX).content.decode()
    assert answer.lstrip().startswith('<tbody id="dong-2">')
    assert "Tháng 2" not in answer
    assert 'id="tong" hx-swap-oob="true"' in answer
    assert "Ghi 2 dòng" in answer
    assert latest(school).counts["error"] == 0
    assert latest(school).edits == {"Sheet": {"3": {"F": "28/02/2015"}}}


def test_mending_one_twin_frees_the_other(taken, clerk_client, base, tmp_path):
    twin = sheets.pupil("HS002", name="Lê Minh Trí", ministry="7400000002")
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(), twin]))
    assert source.counts["error"] == 2
    answer = clerk_client.post(
        f"{base}{source.pk}/dong/2/o/D/", {"value": "074215000002"}, headers=HTMX
    ).content.decode()
    assert '<tbody id="dong-1" hx-swap-oob="true">' in answer
    assert "trùng" not in answer


def test_mending_keeps_what_someone_else_mended_meanwhile(taken, clerk_client, base, school, tmp_path):
    source = taken(bad_file(tmp_path))
    clerk_client.post(f"{base}{source.pk}/dong/2/o/F/", {"value": "28/02/2015"})
    clerk_client.post(f"{base}{source.pk}/dong/1/o/E/", {"value": "Nguyễn Văn Ân"})
    assert latest(school).edits == {"Sheet": {"3": {"F": "28/02/2015"}, "2": {"E": "Nguyễn Văn Ân"}}}


def test_cells_and_rows_that_are_not_there(taken, clerk_client, base, tmp_path):
    source = taken(bad_file(tmp_path))
    for address in ("dong/99/o/F/", "dong/2/o/ZZ/", "dong/2/tra-loi/who/", "dong/2/tra-loi/la/"):
        assert clerk_client.post(f"{base}{source.pk}/{address}", {"value": "x"}).status_code == 404, address
    assert clerk_client.get(f"{base}{source.pk}/dong/2/o/F/").status_code == 405


def test_a_question_about_a_row_is_answered_in_place(taken, clerk_client, base, school, tmp_path):
    room = factories.school_class(school, "6A1")
    for code in ("HS100", "HS200"):
        factories.pupil(school, room, enrolment={"code": code})
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(None, ministry=None, number=None)]))
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert 'value="HS200">Nguyễn Văn An, mã HS200' in page
    url = f"{base}{source.pk}/dong/1/tra-loi/who/"
    assert clerk_client.post(url, {"value": "HS999"}).status_code == 404
    clerk_client.post(url, {"value": "HS200"}, headers=HTMX)
    assert rows_of(source)[0].action == "unchanged"
    assert latest(school).answers == {"person:Sheet!2": "HS200"}


def test_the_grade_of_an_unknown_class_is_chosen(taken, clerk_client, base, school, tmp_path):
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil(cls="Hoa Sen", born="14/03/2005", number=None)]))
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "Hoa Sen: khối nào?" in page
    assert 'value="7">Lớp 7' in page
    clerk_client.post(f"{base}{source.pk}/dong/1/tra-loi/grade/", {"value": "7"}, headers=HTMX)
    assert latest(school).answers == {"grade:Hoa Sen": "7"}
    assert latest(school).counts["ask"] == 0


def test_an_eaten_zero_is_settled_for_the_whole_file(taken, clerk_client, base, school, tmp_path):
    rows = [
        sheets.pupil(f"HS00{n}", name=f"Lê Văn {'ABC'[n]}n", ministry=f"74000000{n}", number=f"07421500000{n}")
        for n in range(3)
    ]
    source = taken(sheets.write(tmp_path / "x.xlsx", rows))
    assert source.counts["warning"] == 3
    assert "Thêm số 0 cho 3 dòng" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    clerk_client.post(f"{base}{source.pk}/them-so-0/")
    assert latest(school).counts["warning"] == 0
    assert "Thêm số 0 cho" not in clerk_client.get(f"{base}{source.pk}/").content.decode()
    apply(clerk_client, base, latest(school))
    with open_scope([school.pk]):
        assert set(Pupil.objects.values_list("ministry_id", flat=True)) == {f"074000000{n}" for n in range(3)}


def test_missing_pupils_are_listed(taken, clerk_client, base, school, tmp_path):
    factories.pupil(school, factories.school_class(school, "6A1"), full_name="Phạm Gia Hân")
    source = taken(sheets.write(tmp_path / "x.xlsx", [sheets.pupil()]))
    page = clerk_client.get(f"{base}{source.pk}/?loc=vang").content.decode()
    assert "1 em đang học mà tệp không có" in page
    assert "Phạm Gia Hân" in page
    assert "không xóa em nào" in page


def test_old_and_new_stand_side_by_side(taken, clerk_client, base, school, tmp_path):
    for code in ("6A1", "6A2"):
        factories.school_class(school, code)
    taken(sheets.write(tmp_path / "a.xlsx", [sheets.pupil()]))
    apply(clerk_client, base, latest(school))
    source = taken(sheets.write(tmp_path / "b.xlsx", [sheets.pupil(cls="6A2", ethnicity="Khơ me")]))
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<del>6A1</del>" in page
    assert "<ins>6A2</ins>" in page
    assert "<del>Kinh</del>" in page
    assert "<ins>Khơ-me</ins>" in page
    assert "Chuyển lớp" in page


def test_sheets_of_classes_keep_their_own_letters(taken, clerk_client, base, tmp_path):
    book = openpyxl.Workbook()
    for n, name in enumerate(("6A1", "6A2")):
        sheet = book.active if n == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(["STT", "Họ tên", "Ngày sinh", "Giới tính"])
        sheet.append([1, f"Lê Văn {'AB'[n]}n", "31/02/2015" if n else "14/03/2015", "Nam"])
    book.save(tmp_path / "lop.xlsx")
    source = taken(tmp_path / "lop.xlsx")
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<b>6A2!C2</b>" in page


# --- writing and undoing -------------------------------------------------------------------------------------------


def apply(client, base, source, **more):
    fields = {"dong": str(source.to_write), "de-lai": str(source.counts.get("wrong", 0)), **more}
    answer = client.post(f"{base}{source.pk}/ghi/", fields)
    work()
    return answer


def test_a_clean_file_is_written_and_the_outcome_leads_on(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 3))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "3", "de-lai": "0"})
    assert latest(school).state == State.APPLYING
    [(_, name, arguments)] = deferred()
    assert (name, arguments["skip_bad_rows"], arguments["actor"]) == ("intake.apply", False, "Nguyễn Thị Mỹ Hạnh")
    assert "Đang ghi 3 dòng" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    work()
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<h1>Đã ghi 3 dòng</h1>" in page
    assert "Danh sách lớp 6A1" in page
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 3
    assert "Đã ghi" in clerk_client.get(base).content.decode()


def test_bad_rows_stay_in_the_file(taken, clerk_client, base, school, tmp_path):
    source = taken(bad_file(tmp_path))
    apply(clerk_client, base, source)
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<h1>Đã ghi 1 dòng</h1>" in page
    assert "1 dòng để lại trong tệp" in page
    assert "Tháng 2 không có ngày 31." in page
    assert "data-mend" not in page


def test_other_numbers_than_the_person_saw_are_not_written(taken, clerk_client, base, school, tmp_path):
    source = taken(bad_file(tmp_path))
    apply(clerk_client, base, source, **{"de-lai": "0"})
    assert latest(school).state == State.READY
    assert "Số dòng đã đổi" in clerk_client.get(f"{base}{source.pk}/").content.decode()


def test_writing_twice_defers_one_job(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 1))
    for _ in range(2):
        clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "1", "de-lai": "0"})
    assert len(deferred()) == 1


def test_a_refused_job_returns_to_the_dry_run(taken, clerk_client, base, school, tmp_path):
    factories.school_class(school, "6A1")
    source = taken(several(tmp_path, 1))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "1", "de-lai": "0"})
    with open_scope([school.pk]):
        school_class = factories.SchoolClass.objects.get()
        school_class.code = school_class.name = "6A5"
        school_class.save()
    work()
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "Còn 1 dòng có lỗi hoặc câu hỏi" in page


def test_a_broken_job_writes_nothing_and_says_so(taken, clerk_client, base, school, tmp_path, monkeypatch):
    source = taken(several(tmp_path, 1))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "1", "de-lai": "0"})

    def fail(*args, **kwargs):
        raise RuntimeError("disk")

    monkeypatch.setattr("khue.school.intake.kinds.pupils.PupilPlan._write_status", fail)
    work()
    assert (latest(school).state, "Lỗi của chúng tôi" in latest(school).refused) == (State.READY, True)
    with open_scope([school.pk]):
        assert not Pupil.objects.exists()
    monkeypatch.undo()
    apply(clerk_client, base, latest(school))
    assert latest(school).state == State.APPLIED


def test_a_job_that_comes_twice_does_no_harm(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 1))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "1", "de-lai": "0"})
    [(_, _, arguments)] = deferred()
    work()
    from khue.school.intake.jobs import apply_job, read_job

    apply_job(**arguments)
    read_job(**{k: v for k, v in arguments.items() if k != "skip_bad_rows"})
    assert latest(school).state == State.APPLIED
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 1


def test_the_same_file_of_two_users(taken, clerk_client, base, school, make_user, sign_in, tmp_path, upload):
    path = several(tmp_path, 2)
    first = taken(path)
    other = sign_in(make_user("principal", school.unit, full_name="Lê Minh Tâm"))
    upload(path, client=other)
    work()
    second = latest(school)
    for client, source in ((clerk_client, first), (other, second)):
        client.post(f"{base}{source.pk}/ghi/", {"dong": "2", "de-lai": "0"})
    work()
    with open_scope([school.pk]):
        assert Pupil.objects.count() == 2
        assert [s.state for s in SheetImport.objects.all()] == [State.APPLIED, State.APPLIED]
    assert latest(school).counts["unchanged"] == 2


def test_nothing_to_write_offers_no_button(taken, clerk_client, base, school, tmp_path):
    path = several(tmp_path, 2)
    apply(clerk_client, base, taken(path))
    source = taken(path)
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "Không có gì để ghi." in page
    assert 'id="ghi"' not in page


def test_undo_by_one_button(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 2))
    apply(clerk_client, base, source)
    assert "Hoàn tác việc ghi 2 dòng?" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    clerk_client.post(f"{base}{source.pk}/hoan-tac/")
    page = clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert "<h1>Đã hoàn tác nhieu.xlsx</h1>" in page
    with open_scope([school.pk], all_schools=True):
        assert not Pupil.objects.exists()


def test_undo_is_refused_with_what_stands_in_the_way(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 2))
    apply(clerk_client, base, source)
    with open_scope([school.pk], actor="khác"):
        Pupil.objects.filter(ministry_id="7400000001").update(birth_place="Bình Dương")
    answer = clerk_client.post(f"{base}{source.pk}/hoan-tac/")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Không hoàn tác được" in page
    assert "<li>học sinh Lê Văn Bn đã sửa sau khi nhập</li>" in page
    assert latest(school).state == State.APPLIED


def test_dropping_a_file(taken, clerk_client, base, school, tmp_path):
    source = taken(several(tmp_path, 2))
    clerk_client.post(f"{base}{source.pk}/bo/")
    assert latest(school).state == State.DROPPED
    assert not rows_of(source)
    assert "Đã bỏ nhieu.xlsx" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "2", "de-lai": "0"})
    assert not deferred()


# --- files out -----------------------------------------------------------------------------------------------------


def test_the_marked_file_keeps_places_and_what_was_mended(taken, clerk_client, base, tmp_path):
    source = taken(bad_file(tmp_path))
    clerk_client.post(f"{base}{source.pk}/dong/1/o/E/", {"value": "Nguyễn Văn Ân"})
    answer = clerk_client.get(f"{base}{source.pk}/tep-danh-dau/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book["Sheet"]
    assert sheet["E2"].value == "Nguyễn Văn Ân"
    assert sheet["F3"].value == "31/02/2015"
    assert "Tháng 2 không có ngày 31." in sheet["F3"].comment.text
    assert "DM_Cần xem" in book.sheetnames


def test_the_report_is_that_of_the_command_line(taken, clerk_client, base, school, tmp_path):
    source = taken(bad_file(tmp_path))
    report = json.loads(clerk_client.get(f"{base}{source.pk}/bao-cao.json").content)
    assert (report["path"], report["kind"], report["school"], report["rows"]) == ("loi.xlsx", "pupils", school.code, 2)
    error = next(f for f in report["findings"] if f["level"] == "error")
    assert (error["sheet"], error["row"], error["column"], error["rule"]) == ("Sheet", 3, "F", "date")


@pytest.mark.parametrize("kind", ["staff", "classes", "pupils", "rooms"])
def test_a_template_comes_back_as_an_empty_list(clerk_client, base, school, upload, kind, tmp_path):
    answer = clerk_client.get(f"{base}mau/{kind}/")
    data = b"".join(answer.streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert any(name.startswith("DM_") for name in book.sheetnames)
    if kind == "classes":
        assert [book.worksheets[0].cell(3, 1).value, book.worksheets[0].cell(3, 2).value] == [school.code, "2026"]
        book.worksheets[0].cell(3, 3, "Lớp 6")
        book.worksheets[0].cell(3, 4, "6A1")
        book.worksheets[0].cell(3, 5, "6A1")
        stream = io.BytesIO()
        book.save(stream)
        upload(("lop.xlsx", stream.getvalue()))
        work()
        assert (latest(school).state, latest(school).counts["rows"], latest(school).counts["wrong"]) == (
            State.READY,
            1,
            0,
        )


def test_exports_are_logged(clerk_client, base, school):
    factories.pupil(school, factories.school_class(school))
    answer = clerk_client.get(f"{base}xuat/pupils/")
    assert answer.status_code == 200
    assert AccessLog.objects.filter(kind="export", detail__contains="1 dòng").exists()
    assert clerk_client.get(f"{base}xuat/la/").status_code == 404
    assert clerk_client.get(f"{base}xuat/schools/").status_code == 403


def test_the_office_exports_a_zip_that_imports_again(office_client, school, other_school, upload):
    for place in (school, other_school):
        factories.pupil(place, factories.school_class(place), ethnicity="01")
    answer = office_client.get("/phong/TDM/nhap-tep/xuat/pupils/")
    data = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [name.split()[0] for name in sorted(archive.namelist())] == [school.code, other_school.code]
    upload(("xuat.zip", data), client=office_client, to="/phong/TDM/nhap-tep/")
    assert work() == 2
    with open_scope([school.pk, other_school.pk]):
        found = [
            (s.school_id, s.state, s.counts["unchanged"], s.counts["rows"])
            for s in SheetImport.objects.order_by("school")
        ]
    assert found == [(school.pk, State.READY, 1, 1), (other_school.pk, State.READY, 1, 1)]


def test_large_exports_need_the_right(clerk_client, base, school, settings, monkeypatch):
    settings.EXPORT_LIMIT = 0
    factories.pupil(school, factories.school_class(school))
    assert clerk_client.get(f"{base}xuat/pupils/").status_code == 200
    from khue.base.access import rules

    narrower = rules.ROLES["clerk"].actions - {"registry.pupils:export"}
    monkeypatch.setitem(rules.ROLES, "clerk", replace(rules.ROLES["clerk"], actions=narrower))
    assert clerk_client.get(f"{base}xuat/pupils/").status_code == 403
    with open_scope([school.pk], all_schools=True):
        assert AccessLog.objects.filter(kind="denied", detail__startswith="registry.pupils:export").exists()


# --- who may -------------------------------------------------------------------------------------------------------

ADDRESSES = ["", "cot/", "tep-danh-dau/", "bao-cao.json"]
POSTS = ["cot/", "quen-bo-cuc/", "dong/2/o/F/", "dong/2/tra-loi/who/", "them-so-0/", "ghi/", "bo/", "hoan-tac/"]


def test_another_school_gets_404_for_every_address(taken, make_user, sign_in, school, other_school, base, tmp_path):
    source = taken(bad_file(tmp_path))
    stranger = sign_in(make_user("clerk", other_school.unit, username="hiep-thanh"))
    for own in (base, f"/truong/{other_school.code}/nhap-tep/"):
        for address in ADDRESSES:
            assert stranger.get(f"{own}{source.pk}/{address}").status_code == 404, address
        for address in POSTS:
            assert stranger.post(f"{own}{source.pk}/{address}", {"value": "x"}).status_code == 404, address
    for address in ("", "mau/pupils/", "xuat/pupils/"):
        assert stranger.get(base + address).status_code == 404
    assert latest(school).state == State.READY
    assert "loi.xlsx" not in stranger.get(f"/truong/{other_school.code}/nhap-tep/").content.decode()


def test_a_teacher_may_not(taken, make_user, sign_in, school, base, tmp_path):
    source = taken(bad_file(tmp_path))
    teacher = sign_in(make_user("teacher", school.unit))
    for address in ["", "mau/pupils/", "xuat/pupils/", *(f"{source.pk}/{a}" for a in ADDRESSES)]:
        assert teacher.get(base + address).status_code == 403, address
    for address in POSTS:
        assert teacher.post(f"{base}{source.pk}/{address}").status_code == 403, address
    assert teacher.post(base, {}).status_code == 403


def test_the_office_imports_schools_and_files_of_schools(office, office_client, school, upload, tmp_path):
    base = "/phong/TDM/nhap-tep/"
    rows = [["74700009", "Trường TH Mới", "TH", "Công lập", "Phú Cường"]]
    upload(
        sheets.write(
            tmp_path / "truong.xlsx", rows, headers=["Mã trường*", "Tên trường*", "Cấp*", "Loại hình*", "Phường*"]
        ),
        client=office_client,
        to=base,
    )
    upload(
        sheets.write(tmp_path / "hs.xlsx", [sheets.pupil()], above=[[f"Mã trường: {school.code}"], []]),
        client=office_client,
        to=base,
    )
    upload(several(tmp_path, 1), client=office_client, to=base, truong=str(school.pk))
    assert work() == 3
    page = office_client.get(base).content.decode()
    assert "Nhận ra 3 tệp" in page
    assert school.name in page
    with open_scope([school.pk], all_schools=True):
        listed = SheetImport.objects.order_by("pk")
        assert [(s.kind, s.school_id, s.state) for s in listed] == [
            ("schools", None, State.READY),
            ("pupils", school.pk, State.READY),
            ("pupils", school.pk, State.READY),
        ]
        schools = listed[0]
    assert "danh sách trường của phòng" in office_client.get(f"{base}{schools.pk}/").content.decode()
    apply(office_client, base, schools)
    assert "<h1>Đã ghi 1 dòng</h1>" in office_client.get(f"{base}{schools.pk}/").content.decode()


def test_schools_need_the_right_of_the_office(clerk_client, base, tmp_path):
    path = sheets.write(
        tmp_path / "x.xlsx",
        [["74700009", "Trường TH Mới", "TH", "Công lập", "Phú Cường"]],
        headers=["Mã trường*", "Tên trường*", "Cấp*", "Loại hình*", "Phường*"],
    )
    with path.open("rb") as file:
        assert clerk_client.post(base, {"tep": file, "loai": "schools"}).status_code == 403
    assert clerk_client.get(f"{base}mau/schools/").status_code == 403


# --- how much it costs ---------------------------------------------------------------------------------------------


def touched(client, url):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    skipped = ("SAVEPOINT", "RELEASE", "SET ", "BEGIN", "SELECT coalesce(current_setting")
    return [q["sql"] for q in found if not q["sql"].startswith(skipped)]


def test_pages_ask_little(taken, clerk_client, base, upload, school, tmp_path):
    source = taken(several(tmp_path, 1))
    few = {url: len(touched(clerk_client, url)) for url in (base, f"{base}{source.pk}/", f"{base}{source.pk}/cot/")}
    upload(several(tmp_path, 60, "a.xlsx"), several(tmp_path, 60, "b.xlsx"), bad_file(tmp_path))
    work()
    many = {
        base: len(touched(clerk_client, base)),
        f"{base}{source.pk}/": len(touched(clerk_client, f"{base}{latest(school).pk - 1}/")),
    }
    assert max(few.values()) <= 12, few
    for url, count in many.items():
        assert count <= few[url], (url, many, few)
