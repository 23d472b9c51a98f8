"""Writing files: all clean ones by one button, and how far the writing is."""

import re

import pytest

from khue.base.core.scope import open_scope
from khue.base.core.told import Told
from khue.school.intake import services
from khue.school.intake.kinds import base as base_kind
from khue.school.intake.models import SheetImport, State
from khue.school.intake.presentation.progress import order_of
from khue.school.intake.views import files, one
from khue.school.registry.models import Pupil

from . import sheets
from .conftest import deferred, latest, work
from .test_pages import HTMX, bad_file, several, touched

pytestmark = pytest.mark.django_db

STAFF_HEADERS = ["Mã cán bộ", "Số CCCD", "Họ tên giáo viên", "Ngày sinh", "Giới tính", "Dân tộc"]


def staff_file(tmp_path):
    row = ["CB01", "079085001234", "Lê Tâm", "20/05/1985", "Nam", "Kinh"]
    return sheets.write(tmp_path / "can-bo.xlsx", [row], headers=STAFF_HEADERS)


def classes_file(tmp_path, homeroom=None):
    row = ["6A1", "6A1", "Khối 6", homeroom]
    return sheets.write(tmp_path / "lop.xlsx", [row], headers=["Mã lớp", "Tên lớp", "Khối", "GVCN (mã cán bộ)"])


def offered(client, base):
    """What the dialog sends: the files that the button names, in their order."""
    return re.findall(r'name="tep" value="([\d:]+)"', client.get(base).content.decode())


def test_all_clean_files_are_written_by_one_button_in_the_right_order(upload, clerk_client, base, school, tmp_path):
    upload(several(tmp_path, 3), classes_file(tmp_path), bad_file(tmp_path))
    work()
    with open_scope([school.pk]):
        pupils, classes, bad = SheetImport.objects.order_by("pk")
    page = clerk_client.get(base).content.decode()
    assert "Ghi tất cả 2 tệp sạch" in page
    assert "Ghi 2 tệp, 4 dòng?" in page
    assert offered(clerk_client, base) == [f"{classes.pk}:1", f"{pupils.pk}:3"]
    answer = clerk_client.post(f"{base}ghi-tat-ca/", {"tep": [f"{pupils.pk}:3", f"{classes.pk}:1", f"{bad.pk}:2"]})
    assert answer["Location"] == base
    assert [arguments["source_id"] for _, _, arguments in deferred()] == [classes.pk, pupils.pk]
    page = clerk_client.get(base).content.decode()
    assert "Nhận ra 1 tệp, đang ghi 2" in page
    assert "Đã đổi từ lúc mở trang nên chưa ghi: loi.xlsx" in page
    assert page.count("Chờ ghi") == 2
    work()
    part = clerk_client.get(f"{base}?phan=tep", headers=HTMX).content.decode()
    assert "data-poll" not in part
    assert '<section class="card" id="da-ghi" aria-labelledby="da-ghi-t" hx-swap-oob="true">' in part
    assert "3 em mới" in part
    with open_scope([school.pk]):
        states = list(SheetImport.objects.order_by("pk").values_list("state", flat=True))
        assert (states, Pupil.objects.count()) == (["applied", "applied", "ready"], 3)


def test_while_files_are_read_nothing_is_offered_that_polling_would_close(upload, clerk_client, base, tmp_path):
    upload(several(tmp_path, 3), classes_file(tmp_path))
    work()
    upload(bad_file(tmp_path))
    assert "Ghi tất cả" not in clerk_client.get(base).content.decode()
    work()
    assert "Ghi tất cả 2 tệp sạch" in clerk_client.get(base).content.decode()


def test_a_refused_file_of_several_stays_with_its_reason(upload, clerk_client, base, school, tmp_path):
    upload(several(tmp_path, 2, cls="7A1"), classes_file(tmp_path))
    work()
    clerk_client.post(f"{base}ghi-tat-ca/", {"tep": offered(clerk_client, base)})
    work()
    page = clerk_client.get(base).content.decode()
    assert "Chưa ghi được" in page
    assert "Còn 2 dòng có lỗi hoặc câu hỏi" in page
    with open_scope([school.pk]):
        pupils = SheetImport.objects.get(kind="pupils")
        assert (pupils.state, pupils.counts["error"], Pupil.objects.count()) == (State.READY, 2, 0)
    url = f"{base}{pupils.pk}/"
    clerk_client.post(f"{url}lop/", {"lop": "7A1", "khoi": "7"})
    assert "Còn 2 dòng" not in clerk_client.get(base).content.decode()


def test_what_is_written_settles_the_files_that_waited_for_it(upload, clerk_client, base, school, tmp_path):
    upload(staff_file(tmp_path), classes_file(tmp_path, homeroom="CB01"))
    work()
    with open_scope([school.pk]):
        staff, classes = SheetImport.objects.order_by("pk")
    assert classes.counts["error"] == 1
    clerk_client.post(f"{base}{staff.pk}/ghi/", {"dong": "1", "de-lai": "0"})
    work()
    with open_scope([school.pk]):
        classes.refresh_from_db()
    assert (classes.state, classes.counts["error"]) == (State.READY, 0)


def test_writing_all_shows_how_far_each_file_is(upload, clerk_client, base, school, tmp_path, monkeypatch):
    upload(several(tmp_path, 3), classes_file(tmp_path))
    work()
    clerk_client.post(f"{base}ghi-tat-ca/", {"tep": offered(clerk_client, base)})
    with open_scope([school.pk]):
        classes = SheetImport.objects.get(kind="classes")
    monkeypatch.setattr(files, "told", lambda topic: {classes.pk: Told("SchoolClass", 0, 1)})
    page = clerk_client.get(base).content.decode()
    assert "Đang ghi lớp: 1 dòng" in page
    assert '<progress value="33" max="100" aria-label="Ghi lop.xlsx">' in page
    assert len(touched(clerk_client, base)) <= 12


def test_one_clean_file_or_one_seen_otherwise_is_not_written_with_others(upload, clerk_client, base, school, tmp_path):
    upload(several(tmp_path, 2))
    work()
    assert "Ghi tất cả" not in clerk_client.get(base).content.decode()
    clerk_client.post(f"{base}ghi-tat-ca/", {"tep": [f"{latest(school).pk}:9", "x:1", "7"]})
    assert not deferred()
    clerk_client.post(f"{base}ghi-tat-ca/")
    assert latest(school).state == State.READY


def test_the_office_does_not_write_a_file_of_a_school(office, office_client, upload, school, tmp_path):
    upload(several(tmp_path, 1))
    work()
    office_client.post("/phong/TDM/nhap-tep/ghi-tat-ca/", {"tep": [f"{latest(school).pk}:1"]})
    assert not deferred()


def test_writing_says_how_far_it_is(taken, clerk_client, base, school, tmp_path, monkeypatch):
    source = taken(several(tmp_path, 5))
    heard = []
    monkeypatch.setattr(base_kind, "PIECE", 2)
    monkeypatch.setattr(services, "tell", lambda topic, key, *step: heard.append(step))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "5", "de-lai": "0"})
    assert "Chờ đến lượt ghi" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    work()
    assert latest(school).state == State.APPLIED
    steps = order_of("pupils")
    assert [step for step, *_ in heard] == sorted((step for step, *_ in heard), key=steps.index)
    assert [step for step in heard if step[0] == "Pupil"] == [("Pupil", 0, 5), ("Pupil", 2, 5), ("Pupil", 4, 5)]
    assert heard[0][0] == "SheetImport"
    assert heard[-1][0] == "StagedRow"


@pytest.mark.parametrize(
    ("at", "label", "percent"),
    [
        (Told("SheetImport", 0, 1480), "Đang đối chiếu lần cuối: 1.480 dòng", 0),
        (Told("Pupil", 800, 1480), "Đang ghi hồ sơ học sinh: 800/1.480 dòng", 28),
        (Told("StagedRow", 0, 1480), "Đang lưu kết quả từng dòng: 1.480 dòng", 88),
    ],
)
def test_the_page_shows_the_step_at_work(taken, clerk_client, base, tmp_path, monkeypatch, at, label, percent):
    source = taken(several(tmp_path, 1))
    clerk_client.post(f"{base}{source.pk}/ghi/", {"dong": "1", "de-lai": "0"})
    monkeypatch.setattr(one, "told", lambda topic: {source.pk: at})
    part = clerk_client.get(f"{base}{source.pk}/?phan=viec", headers=HTMX).content.decode()
    assert label in part
    assert f'value="{percent}" max="100"' in part
