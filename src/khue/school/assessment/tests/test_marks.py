"""The mark sheet: what is written stays, is written once, and tells when two wrote."""

import io
import json
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext

from khue.base.audit.models import AccessLog
from khue.base.core.bulk import query
from khue.base.core.scope import open_scope
from khue.school.assessment.models import MarkEntry
from khue.school.assessment.selectors.chains import verify
from khue.school.registry.models import Position, UserLink
from khue.testing.fixtures import connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(teach: Any, book: Any) -> Any:
    return teach(book)


@pytest.fixture
def client(sign_in: Any, teacher: Any) -> Any:
    return sign_in(teacher)


def url(book: Any, tail: str = "", term: int = 1) -> str:
    return f"/truong/74700001/so-diem/{book.pk}/{term}/{tail}"


def cell(pupil: Any, kind: str, value: str, number: int = 1, base: int = 0) -> dict[str, Any]:
    return {"pupil": pupil.pk, "kind": kind, "number": number, "value": value, "base": base}


def save(client: Any, book: Any, *cells: dict[str, Any], batch: Any = None, term: int = 1) -> Any:
    body = {"batch": str(batch or uuid4()), "device": "Chrome, Windows", "cells": cells}
    response = client.post(url(book, "luu/", term), json.dumps(body), content_type="application/json")
    return response.json() | {"status": response.status_code}


def full_row(pupil: Any) -> list[dict[str, Any]]:
    """assessment.md §9, example 2: 7, 8, 6, 9; 7,5; 8 → 7,7."""
    regular = [cell(pupil, "tx", value, n) for n, value in enumerate(("70", "80", "60", "90"), start=1)]
    return [*regular, cell(pupil, "gk", "75"), cell(pupil, "ck", "80")]


def entries(school: Any) -> list[Any]:
    with open_scope([school.pk]):
        return list(MarkEntry.objects.order_by("serial"))


def test_a_row_is_written_and_its_average_comes_back(client, book, pupils, school):
    answer = save(client, book, *full_row(pupils[0]))
    assert answer["status"] == 200
    assert answer["averages"] == {str(pupils[0].pk): "7,7"}
    assert [one["serial"] for one in answer["saved"]] == [1, 2, 3, 4, 5, 6]
    page = client.get(url(book)).content.decode()
    assert "Toán 8A2, học kì I" in page
    assert 'data-kind="tx" data-number="4" data-serial="4" value="9,0"' in page
    assert ">7,7</a>" in page
    assert entries(school)[0].device == "Chrome, Windows"


def test_what_is_missing_is_not_guessed(client, book, pupils):
    row = full_row(pupils[0])
    assert save(client, book, *row[:4], row[5])["averages"] == {str(pupils[0].pk): "–"}
    assert save(client, book, cell(pupils[0], "gk", "absent"))["averages"] == {str(pupils[0].pk): "6,0"}


def test_why_an_average_is_what_it_is(client, book, pupils):
    save(client, book, *full_row(pupils[0]))
    page = client.get(url(book, f"vi-sao/{pupils[0].pk}/"), headers={"HX-Request": "true"}).content.decode()
    assert "(7,0 + 8,0 + 6,0 + 9,0 + 2 × 7,5 + 3 × 8,0) / 9 = 69,0 / 9 → 7,7" in page
    assert "Điều 9" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("tx", "101", "Điểm từ 0 đến 10"),
        ("tx", "8,5", "Điểm từ 0 đến 10"),
        ("tx", "-5", "Điểm từ 0 đến 10"),
        ("gk", "D", "Điểm từ 0 đến 10"),
        ("tx", "085", "Điểm từ 0 đến 10"),
        ("nx", "x" * 501, "Nhận xét dài quá 500 chữ"),
        ("kt", "80", "Sổ này không có cột đó"),
    ],
)
def test_a_value_that_the_cell_cannot_hold_is_refused_at_the_cell(client, book, pupils, school, kind, value, message):
    answer = save(client, book, cell(pupils[0], kind, value), cell(pupils[1], "tx", "80"))
    assert message in answer["refused"][0]["message"]
    assert len(answer["saved"]) == len(entries(school)) == 1


def test_a_comment_of_digits_stays_a_comment(client, book, pupils):
    save(client, book, cell(pupils[0], "nx", "85"))
    page = client.get(url(book)).content.decode()
    assert 'data-kind="nx" data-number="1" data-serial="1" value="85"' in page
    assert "<ins>85</ins>" in client.get(url(book, "lich-su/")).content.decode()


def test_a_column_beyond_the_book_and_a_pupil_who_left(client, book, pupils, school):
    with open_scope([school.pk]):
        pupils[2].placements.update(until="2026-10-01")
    answer = save(client, book, cell(pupils[0], "tx", "80", 5), cell(pupils[2], "tx", "80"))
    assert [one["message"] for one in answer["refused"]] == ["Sổ này không có cột đó", "Em không còn học ở lớp này"]
    assert entries(school) == []


def test_a_subject_with_comments_takes_words(client, make_book, pupils, teach, sign_in):
    music = make_book("nghe_thuat", kind="comment", formative=2)
    client = sign_in(teach(music, "Lê Thị Hoa"))
    words = [cell(pupils[0], "tx", "D", 1), cell(pupils[0], "tx", "D", 2), cell(pupils[0], "gk", "D")]
    answer = save(client, music, *words, cell(pupils[0], "ck", "D"), cell(pupils[1], "tx", "80"))
    assert answer["averages"][str(pupils[0].pk)] == "Đ"
    assert answer["refused"][0]["message"] == "Môn này ghi Đ (Đạt) hoặc CĐ (Chưa đạt)"


def test_the_same_batch_twice_is_written_once(client, book, pupils, school, teach, sign_in):
    batch, first = uuid4(), cell(pupils[0], "tx", "80")
    save(client, book, first, batch=batch)
    assert save(client, book, first, batch=batch)["saved"][0]["serial"] == 1
    other = sign_in(teach(book, "Trần Thị Lan"))
    save(other, book, cell(pupils[0], "tx", "70", base=1))
    late = save(client, book, first, batch=batch)
    assert (late["saved"][0]["serial"], late["clashes"]) == (1, [])
    assert [entry.value for entry in entries(school)] == ["80", "70"]


def test_two_teachers_on_one_cell_are_told_both_values(client, book, pupils, teach, sign_in):
    other = sign_in(teach(book, "Trần Thị Lan"))
    save(client, book, cell(pupils[0], "tx", "80"))
    answer = save(other, book, cell(pupils[0], "tx", "85"), cell(pupils[1], "tx", "60"))
    [clash] = answer["clashes"]
    assert (clash["value"], clash["by"], clash["serial"]) == ("80", "Phạm Văn Dũng", 1)
    assert [one["serial"] for one in answer["saved"]] == [2]
    assert save(other, book, cell(pupils[0], "tx", "85", base=1))["saved"][0]["serial"] == 3
    news = client.get(url(book, "moi/?tu=1")).json()
    assert [(one["value"], one["by"]) for one in news["cells"]] == [("60", "Trần Thị Lan"), ("85", "Trần Thị Lan")]


def test_emptying_and_entering_again_stays_in_the_history(client, book, pupils, school):
    save(client, book, cell(pupils[0], "tx", "80"))
    save(client, book, cell(pupils[0], "tx", "", base=1))
    save(client, book, cell(pupils[0], "tx", "90", base=2))
    assert [entry.value for entry in entries(school)] == ["80", "", "90"]


@pytest.mark.parametrize(
    "body",
    [
        '{"batch": 5, "cells": [{"pupil": Infinity, "kind": "tx", "number": 1, "value": "80", "base": 0}]}',
        '{"batch": "7e6b0c6e-8f0e-4a3e-9d4f-1f0f6c9f8a11", "cells": [{"pupil": Infinity, "kind": "tx", "number": 1,'
        ' "value": "80", "base": 0}]}',
        '{"batch": null, "cells": [[]]}',
        "[" * 100_000,
        "",
        "[]",
        "{}",
        '{"batch": "x", "cells": [{}]}',
        '{"batch": "7e6b0c6e-8f0e-4a3e-9d4f-1f0f6c9f8a11", "cells": []}',
    ],
)
def test_a_batch_that_nobody_can_read_writes_nothing(client, book, school, body):
    response = client.post(url(book, "luu/"), body, content_type="application/json")
    assert response.status_code == 422
    assert response.json()["message"]
    assert entries(school) == []


def test_only_who_teaches_the_book_writes_and_a_stranger_sees_nothing(
    book, pupils, school, teach, sign_in, make_book, clerk_client, office_client, other_school, make_user
):
    colleague = sign_in(teach(make_book("ngu_van"), "Lê Thị Hoa"))
    assert colleague.get(url(book)).status_code == 404
    assert clerk_client.post(url(book, "luu/"), "{}", content_type="application/json").status_code == 403
    page = clerk_client.get(url(book)).content.decode()
    assert "Chỉ giáo viên được phân công" in page
    assert "data-serial" not in page
    away = sign_in(teach(book, "Vũ Văn Cũ", until="2026-09-20"))
    assert away.get(url(book)).status_code == 404
    stranger = sign_in(make_user("principal", other_school.unit))
    assert stranger.get(url(book).replace("74700001", "74700002")).status_code == 404


def test_a_book_of_last_year_can_only_be_read(school, teach, sign_in, pupils, make_book, klass):
    with open_scope([school.pk]):
        klass.year = 2025
        klass.save()
    old = make_book()
    client = sign_in(teach(old))
    answer = save(client, old, cell(pupils[0], "tx", "80"))
    assert (answer["status"], answer["message"]) == (409, "Năm học 2025–2026 đã qua, sổ chỉ để xem.")


def test_statements_do_not_grow_with_cells(client, book, pupils):
    save(client, book, cell(pupils[0], "tx", "10"))
    rows = [[cell(p, "tx", "70", n) for p in pupils[:count] for n in (2, 3)] for count in (1, 3)]
    taken = []
    for row in rows:
        with CaptureQueriesContext(connection) as caught:
            save(client, book, *row)
        taken.append(len([q for q in caught if " FROM " in q["sql"].upper() or "INSERT" in q["sql"].upper()]))
    assert taken[0] == taken[1] <= 12
    with CaptureQueriesContext(connection) as caught:
        client.get(url(book))
    assert len([q for q in caught if " FROM " in q["sql"].upper()]) <= 12


def test_entries_can_be_neither_changed_nor_deleted(client, book, pupils, school):
    save(client, book, cell(pupils[0], "tx", "80"))
    for sql in ("UPDATE assessment_markentry SET value = '90'", "DELETE FROM assessment_markentry"):
        with pytest.raises(DatabaseError, match="permission denied"), open_scope([school.pk]), transaction.atomic():
            query(f"{sql} RETURNING id")


def test_whole_chains_verify(client, book, pupils, school, make_book, teach, sign_in):
    save(client, book, *full_row(pupils[0]), *full_row(pupils[1]), cell(pupils[2], "nx", "Chăm, “tiến bộ” \x1f nhiều"))
    other = make_book("ngu_van")
    save(sign_in(teach(other, "Lê Thị Hoa")), other, *full_row(pupils[0]), term=2)
    with open_scope([school.pk]):
        found = verify([school.pk])
    assert (found.entries, found.chains, found.faults) == (19, 2, [])


def test_the_history_tells_from_what_to_what(client, book, pupils):
    save(client, book, cell(pupils[0], "tx", "80"), cell(pupils[1], "tx", "70"))
    save(client, book, cell(pupils[0], "tx", "", base=1))
    save(client, book, cell(pupils[0], "tx", "95", base=3))
    page = client.get(url(book, "lich-su/")).content.decode()
    assert "4 lần ghi, 2 lần sửa" in page
    assert '<del>8,0</del><span class="arr" aria-hidden="true">→</span><ins>trống</ins>' in page
    assert '<del>trống</del><span class="arr" aria-hidden="true">→</span><ins>9,5</ins>' in page
    assert "Chrome, Windows" in page
    one = client.get(url(book, f"lich-su/?em={pupils[1].pk}&sua=1")).content.decode()
    assert "Chưa có lần ghi nào" in one


def test_a_class_side_by_side(client, book, pupils, make_book, teach, sign_in, clerk_client, school, klass):
    save(client, book, *full_row(pupils[0]))
    music = make_book("nghe_thuat", kind="comment", formative=2, position=1)
    words = [cell(pupils[0], kind, "D", n) for kind, n in (("tx", 1), ("tx", 2), ("gk", 1), ("ck", 1))]
    save(sign_in(teach(music, "Lê Thị Hoa")), music, *words)
    page = clerk_client.get(f"/truong/74700001/so-diem/lop/{klass.pk}/1/").content.decode()
    assert "3 em, 0 em đã đủ điểm để xếp mức" in page
    assert "Tổng hợp 8A2, học kì I" in page
    assert '<td class="n lock">7,7</td><td class="n lock">Đ</td>' in page
    assert "thiếu 10" in page
    why = f"/truong/74700001/so-diem/lop/{klass.pk}/1/vi-sao/{pupils[1].pk}/"
    part = clerk_client.get(why, headers={"HX-Request": "true"}).content.decode()
    assert "Đoàn Ngọc Minh Anh" in part
    assert "Toán, học kì I: còn thiếu 4 lần đánh giá thường xuyên" in part


def test_the_sheet_leaves_as_a_spreadsheet_and_it_is_noted(client, book, pupils):
    save(client, book, *full_row(pupils[0]), cell(pupils[0], "nx", "=1+1"), cell(pupils[1], "gk", "absent"))
    response = client.get(url(book, "tep/"))
    assert 'filename="so-diem-8A2-toan-1.xlsx"' in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][3:] == ["TX1", "TX2", "TX3", "TX4", "Giữa kì", "Cuối kì", "Kết quả", "Nhận xét"]
    assert rows[1][2:10] == ["Tô Bình An", 7, 8, 6, 9, 7.5, 8, "7,7"]
    assert rows[1][10].lstrip("'") == "=1+1"
    assert rows[2][7] == "V"
    assert AccessLog.objects.filter(kind="export", detail="Toán 8A2, học kì I").exists()


def test_who_left_the_school_opens_no_book_and_who_teaches_elsewhere_is_told_so(
    book, pupils, teach, sign_in, make_school, make_user, school
):
    away = teach(book, "Vũ Văn Cũ")
    with open_scope([school.pk]):
        Position.objects.filter(staff=UserLink.objects.get(pk=away.pk).staff_id).update(left_on="2026-10-01")
    assert sign_in(away).get(url(book)).status_code == 404
    primary = make_school("74700003", levels=["TH"], name="Trường Tiểu học Phú Lợi")
    page = sign_in(make_user("principal", primary.unit)).get("/truong/74700003/so-diem/", follow=True).content.decode()
    assert "Trường không có lớp 6 đến 9" in page
