"""Columns close by the plan; a second person opens them, and what is written then says why."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from khue.base.core.scope import open_scope
from khue.base.org.models import Unit
from khue.school.assessment.models import Kind, MarkWindow, Reopening
from khue.school.assessment.rules.locks import Open, Window, closed_because, reason_of

from .test_marks import cell, entries, save, url

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
PLAN = Window(date(2026, 11, 10), date(2026, 11, 20))


def test_the_plan_says_when_and_why() -> None:
    assert closed_because(None, None, TODAY, NOW) == ""
    assert closed_because(PLAN, None, date(2026, 11, 20), NOW) == ""
    assert closed_because(PLAN, None, date(2026, 11, 9), NOW) == "Mở từ ngày 10/11/2026 theo lịch."
    assert closed_because(PLAN, None, TODAY, NOW).startswith("Khóa hết ngày 20/11/2026 theo lịch.")
    until = Open(NOW + timedelta(hours=1), 7, "Cộng sót câu 4")
    assert closed_because(PLAN, until, TODAY, NOW) == ""
    assert closed_because(PLAN, until, TODAY, NOW + timedelta(hours=1)) != ""
    assert reason_of(PLAN, until, TODAY) == "Mở khóa số 7: Cộng sót câu 4"
    assert reason_of(PLAN, until, date(2026, 11, 15)) == ""


pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-24T10:00:00+07:00", tick=False)]


@pytest.fixture
def teacher(teach: Any, book: Any) -> Any:
    return teach(book)


@pytest.fixture
def client(sign_in: Any, teacher: Any) -> Any:
    return sign_in(teacher)


@pytest.fixture
def principal_client(sign_in: Any, make_user: Any, school: Any) -> Any:
    return sign_in(make_user("principal", school.unit, full_name="Hồ Văn Thông", title="thầy"))


def plan(unit: Unit, kind: str = "gk", first: date = PLAN.opens_on, last: date = PLAN.closes_on) -> MarkWindow:
    return MarkWindow.objects.create(
        unit=unit, year=2026, level="THCS", term=1, kind=kind, opens_on=first, closes_on=last
    )


def ask(client: Any, book: Any, reason: str = "Cộng sót câu 4, bài chấm lại") -> str:
    return client.post(url(book, "xin-mo/"), {"cot": "gk", "ly-do": reason}, follow=True).content.decode()


def answer(client: Any, school: Any, granted: bool = True, reason: str = "") -> str:
    with open_scope([school.pk]):
        pk = Reopening.objects.latest("pk").pk
    form = {"tra-loi": "mo" if granted else "khong", "ly-do": reason}
    return client.post(f"/truong/74700001/so-diem/mo-khoa/{pk}/", form, follow=True).content.decode()


def test_a_closed_column_is_refused_and_the_rest_is_written(client, book, pupils, office):
    plan(office)
    result = save(client, book, cell(pupils[0], "gk", "80"), cell(pupils[0], "tx", "70"))
    assert [one["message"] for one in result["refused"]] == ["Khóa hết ngày 20/11/2026 theo lịch. Xin mở khóa để ghi."]
    assert [one["kind"] for one in result["saved"]] == ["tx"]
    page = client.get(url(book)).content.decode()
    assert '<td class="lock n" data-kind="gk"' in page
    assert "Giữa kì, đã khóa. Xem vì sao" in page


def test_what_was_written_in_time_and_is_sent_again_counts_as_written(client, book, pupils, office):
    from uuid import uuid4

    batch = uuid4()
    save(client, book, cell(pupils[0], "gk", "80"), batch=batch)
    plan(office)
    again = save(client, book, cell(pupils[0], "gk", "80"), batch=batch)
    assert (len(again["saved"]), again["refused"]) == (1, [])


def test_the_school_plans_for_itself(client, book, pupils, office, school):
    plan(office)
    plan(school.unit, last=date(2026, 11, 30))
    assert save(client, book, cell(pupils[0], "gk", "80"))["refused"] == []


def test_another_level_and_term_do_not_matter(client, book, pupils, office):
    plan(office)
    MarkWindow.objects.update(term=2)
    assert save(client, book, cell(pupils[0], "gk", "80"))["refused"] == []


def test_asked_allowed_written_with_the_reason_and_closed_again(
    client, principal_client, book, pupils, office, school, time_machine, sign_in, teacher
):
    save(client, book, cell(pupils[0], "gk", "45"))
    plan(office)
    assert "Đã gửi" in ask(client, book)
    assert "Đã có người xin mở cột này" in ask(client, book)
    page = principal_client.get("/truong/74700001/so-diem/mo-khoa/").content.decode()
    assert "Cộng sót câu 4" in page
    assert "Đã mở cột" in answer(principal_client, school)
    assert save(client, book, cell(pupils[0], "gk", "50", base=1))["refused"] == []
    [_first, changed] = entries(school)
    assert changed.reason.endswith("Cộng sót câu 4, bài chấm lại")
    assert "Mở khóa số" in client.get(url(book, "lich-su/")).content.decode()
    assert "đã trả lời" in answer(principal_client, school)
    time_machine.move_to("2026-11-25T10:00:01+07:00", tick=False)
    assert save(sign_in(teacher), book, cell(pupils[0], "gk", "60", base=2))["refused"] != []


def test_refusing_needs_a_word_and_leaves_it_closed(client, principal_client, book, pupils, office, school):
    plan(office)
    ask(client, book)
    assert "Ghi vì sao không mở" in answer(principal_client, school, granted=False)
    assert "Đã trả lời không mở" in answer(principal_client, school, granted=False, reason="Đã nộp báo cáo")
    assert save(client, book, cell(pupils[0], "gk", "50"))["refused"] != []
    assert "Đã gửi" in ask(client, book, "Xin lại")


def test_nobody_answers_for_themselves(book, pupils, office, school, make_user, sign_in, teach):
    plan(office)
    user = teach(book, "Hồ Văn Thông")
    from khue.base.accounts.services import grant_role

    grant_role(user=user, unit=school.unit, role="principal", valid_from=date(2020, 1, 1))
    client = sign_in(user)
    ask(client, book)
    assert "không tự duyệt được" in answer(client, school)
    with open_scope([school.pk]):
        asked = Reopening.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            Reopening.objects.filter(pk=asked.pk).update(granted=True, answered_by=asked.asked_by)


def test_asking_without_a_reason_or_for_an_open_column(client, book, pupils, office):
    assert "Cột này đang mở" in ask(client, book)
    plan(office)
    assert "Ghi lý do" in ask(client, book, "  ")


def test_the_office_sets_days_and_a_wrong_day_stands_at_its_field(office_client, office, book):
    page = "/phong/TDM/so-diem/lich/"
    wrong = office_client.post(page, {"1-gk-mo": "20/11/2026", "1-gk-het": "10/11/2026", "2-ck-mo": "01/05/2027"})
    assert wrong.status_code == 422
    assert "Ngày cuối phải từ ngày mở trở đi" in wrong.content.decode()
    assert "Ghi cả hai ngày" in wrong.content.decode()
    assert office_client.post(page, {"1-gk-mo": "10/11/2026", "1-gk-het": "20/11/2026"}).status_code == 302
    row = MarkWindow.objects.get()
    assert (row.unit_id, row.kind, row.opens_on, row.closes_on) == (office.pk, Kind.MIDTERM, *PLAN)
    assert 'value="10/11/2026"' in office_client.get(page).content.decode()
    assert office_client.post(page, {}).status_code == 302
    assert not MarkWindow.objects.exists()


def test_who_may_not_set_or_answer(client, clerk_client, book):
    assert client.get("/truong/74700001/so-diem/lich/").status_code == 403
    assert clerk_client.get("/truong/74700001/so-diem/mo-khoa/").status_code == 403


def test_the_board_tells_what_is_full_missing_and_late(client, clerk_client, book, pupils, office):
    page = "/truong/74700001/so-diem/tien-do/1/"
    assert "thiếu 18" in clerk_client.get(page).content.decode()
    save(client, book, *(cell(pupil, "gk", "80") for pupil in pupils[:2]), cell(pupils[0], "tx", "70"))
    save(client, book, cell(pupils[0], "tx", "", base=3))
    plan(office)
    told = clerk_client.get(page).content.decode()
    assert "trễ 1" in told
    assert "0 trong 1 sổ đủ điểm, 1 sổ trễ hạn" in told
    assert client.get(page).status_code == 404
