"""Choosing in which encoding a CSV file is read."""

import io

import openpyxl
import pytest

from khue.school.intake.models import State

from .conftest import latest, work
from .test_pages import TCVN3, rows_of, several, touched

pytestmark = pytest.mark.django_db


def old_csv(tmp_path, name="cu.csv"):
    lines = ["Mã lớp;Họ tên;Ngày sinh;Giới tính;Dân tộc", "6A1;Nguyễn Văn Ân;14/03/2015;Nam;Kinh"]
    path = tmp_path / name
    path.write_bytes("\r\n".join([*lines, "6A1;Võ Đình Khôi;15/03/2015;Nam;Kinh"]).translate(TCVN3).encode("latin-1"))
    return path


def test_another_encoding_is_chosen_by_its_looks(taken, clerk_client, base, school, tmp_path):
    source = taken(old_csv(tmp_path))
    url = f"{base}{source.pk}/bang-ma/"
    page = clerk_client.get(url).content.decode()
    assert "TCVN3 (.VnTime), Khuê đoán" in page
    assert "Nguyễn Văn Ân; Võ Đình Khôi" in page
    assert "Không đọc được tệp này." in page, "UTF-8 cannot be right"
    assert url in clerk_client.get(f"{base}{source.pk}/").content.decode()
    assert url in clerk_client.get(base).content.decode()
    assert clerk_client.post(url, {"bang-ma": "ebcdic"})["Location"] == url
    clerk_client.post(url, {"bang-ma": "vni"})
    work()
    source = latest(school)
    assert (source.answers, source.encoding["name"], source.encoding["chosen"]) == ({"encoding": "vni"}, "vni", True)


def test_a_file_refused_for_its_encoding_is_read_in_another(taken, clerk_client, base, school, tmp_path):
    source = taken(old_csv(tmp_path))
    clerk_client.post(f"{base}{source.pk}/bang-ma/", {"bang-ma": "utf-8"})
    work()
    assert latest(school).state == State.REFUSED
    assert f"{base}{source.pk}/bang-ma/" in clerk_client.get(base).content.decode()
    assert "Chọn bảng mã khác" in clerk_client.get(f"{base}{source.pk}/").content.decode()
    clerk_client.post(f"{base}{source.pk}/bang-ma/", {"bang-ma": "tcvn3"})
    work()
    assert latest(school).state == State.READY
    assert [row.label for row in rows_of(source)] == ["Nguyễn Văn Ân", "Võ Đình Khôi"]
    marked = openpyxl.load_workbook(io.BytesIO(b"".join(clerk_client.get(f"{base}{source.pk}/tep-danh-dau/"))))
    assert marked.active["B2"].value == "Nguyễn Văn Ân"


def test_a_file_that_was_not_kept_is_not_read_again(upload, clerk_client, base, school):
    upload(("trong.csv", b""))
    source = latest(school)
    assert source.state == State.REFUSED
    for url in (base, f"{base}{source.pk}/"):
        assert "bang-ma" not in clerk_client.get(url).content.decode()
    assert clerk_client.get(f"{base}{source.pk}/bang-ma/").status_code == 404


def test_choosing_asks_little(taken, clerk_client, base, tmp_path):
    source = taken(old_csv(tmp_path))
    assert len(touched(clerk_client, f"{base}{source.pk}/bang-ma/")) <= 12


def test_a_spreadsheet_has_no_encoding_to_choose(taken, clerk_client, base, tmp_path):
    source = taken(several(tmp_path, 1))
    assert clerk_client.get(f"{base}{source.pk}/bang-ma/").status_code == 404
    assert "bang-ma" not in clerk_client.get(f"{base}{source.pk}/").content.decode()
