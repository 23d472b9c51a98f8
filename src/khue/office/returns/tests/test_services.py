"""The way of a report: nothing wrong is handed in, what is handed in stays, two people never cross unseen."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from khue.base.core.scope import open_scope
from khue.office.returns.models import Step
from khue.office.returns.selectors import board, draft_of, edited_since, report_of
from khue.office.returns.services import (
    approve,
    ask_to_reopen,
    complete,
    enter_figures,
    give_reasons,
    remind,
    reopen,
    send_back,
    submit,
)
from khue.office.statistics.models import EnteredFigure, PupilFact, Return, Snapshot
from khue.office.statistics.sealing import altered
from khue.school.registry.models import Enrolment, Pupil, StatusChange
from khue.testing import factories

from .conftest import DAY, TODAY, enter_zeros, fill, make_period

pytestmark = pytest.mark.django_db


def hand_in(school: Any, period: Any, user: Any, version: int = 0) -> Snapshot:
    with open_scope([school.pk]):
        return submit(school=school, period=period, version=version, user=user, today=TODAY)


def test_a_report_goes_from_the_clerk_to_the_principal_to_the_office(ready, period, principal, specialist, clerk):
    with open_scope([ready.pk]):
        complete(school=ready, period=period, version=0, user=clerk)
    snapshot = hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        approve(school=ready, period=period, version=1, user=specialist)
        report = report_of(ready.pk, period)
        assert (report.state, report.version, report.approved_id) == ("approved", 1, snapshot.pk)
        assert [step.action for step in Step.objects.order_by("pk")] == ["complete", "submit", "approve"]
        assert snapshot.seal.counts == {"pupils": 12, "classes": 1, "staff": 2, "rooms": 1, "schools": 1}
        assert altered([snapshot]) == {}


def test_what_is_not_right_is_not_handed_in(ready, period, principal):
    with open_scope([ready.pk]):
        EnteredFigure.objects.first().delete()
    factories.pupil(ready, None, "Trần Không Lớp", personal_number="079099999999")
    with pytest.raises(ValidationError) as refused:
        hand_in(ready, period, principal)
    (message,) = refused.value.messages
    assert message.startswith("Chưa trình được: ")
    assert "1 số nhập tay còn trống" in message
    assert "hồ sơ còn lỗi" in message
    with open_scope([ready.pk]):
        assert not Snapshot.objects.exists()


def test_figures_of_a_day_that_has_not_come(ready, period, principal):
    with open_scope([ready.pk]), pytest.raises(ValidationError, match="30/09/2026: đến ngày đó mới trình được"):
        submit(school=ready, period=period, version=0, user=principal, today=date(2026, 9, 29))


def test_of_two_principals_one_hands_in(ready, period, principal, make_user):
    other = make_user("principal", ready.unit, username="pho", full_name="Lê Phó")
    hand_in(ready, period, principal)
    with pytest.raises(ValidationError, match=r"Báo cáo vừa đổi .Hồ Văn Thông, .* Trình.*bản 1"):
        hand_in(ready, period, other)
    with open_scope([ready.pk]):
        assert Snapshot.objects.count() == 1


def test_the_approval_of_a_version_that_was_just_replaced(ready, period, principal, specialist):
    hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        send_back(school=ready, period=period, version=1, user=specialist, reason="Xem lại", rows=[], due_on=None)
    hand_in(ready, period, principal, version=1)
    with open_scope([ready.pk]):
        with pytest.raises(ValidationError, match="bản 2"):
            approve(school=ready, period=period, version=1, user=specialist)
        assert report_of(ready.pk, period).state == "submitted"
        approve(school=ready, period=period, version=2, user=specialist)


def test_returned_with_rows_and_a_new_day(ready, period, principal, specialist):
    hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        with pytest.raises(ValidationError, match="Ghi lý do"):
            send_back(school=ready, period=period, version=1, user=specialist, reason=" ", rows=[], due_on=None)
        send_back(
            school=ready,
            period=period,
            version=1,
            user=specialist,
            reason="Giải trình lớp 6",
            rows=["THCS3 1 K6"],
            due_on=date(2026, 10, 20),
        )
        (standing,) = board(period, [ready.pk], date(2026, 10, 15))
        assert (standing.state, standing.due_on, standing.is_late, standing.tone) == (
            "returned", date(2026, 10, 20), False, "warn",
        )  # fmt: skip
        assert board(period, [ready.pk], date(2026, 10, 21))[0].tone == "err"


def test_a_second_version_and_the_first_both_stay(ready, period, principal, specialist):
    first = hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        approve(school=ready, period=period, version=1, user=specialist)
        ask_to_reopen(school=ready, period=period, version=1, user=principal, reason="Sót một em")
        reopen(school=ready, period=period, version=1, user=specialist, reason="Đúng", due_on=None)
        room = Enrolment.objects.first().current_class
    factories.pupil(ready, room, "Phạm Thị Sót", sex="0", enrolment={"entry": "tuyen_moi"})
    with open_scope([ready.pk]):
        assert report_of(ready.pk, period).approved_id == first.pk
    second = hand_in(ready, period, principal, version=1)
    with open_scope([ready.pk]):
        assert report_of(ready.pk, period).approved_id == first.pk
        approve(school=ready, period=period, version=2, user=specialist)
        assert report_of(ready.pk, period).approved_id == second.pk
        sizes = [PupilFact.objects.filter(snapshot=snapshot).count() for snapshot in (first, second)]
        assert sizes == [12, 13]


def test_what_moves_in_october_changes_nothing_of_september(ready, period, principal):
    snapshot = hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        leaving, renamed = Enrolment.objects.order_by("pk")[:2]
        StatusChange.objects.create(
            school=ready, enrolment=leaving, status="4", on=date(2026, 10, 12), effective_on=date(2026, 10, 12)
        )
        person = Pupil.objects.get(pk=renamed.pupil_id)
        person.full_name = "Nguyễn Thị Đổi"
        person.save()
        assert edited_since(snapshot) == {"pupils": {"more": [], "fewer": [], "changed": ["Nguyễn Thị Đổi"]}}
        assert PupilFact.objects.filter(snapshot=snapshot).count() == 12


def test_a_submission_waits_for_no_half_written_import(ready, period, principal):
    """Another connection holds the lock of the school, as an import does that is writing."""
    import psycopg

    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"],
        port=settings["PORT"],
    ) as other:  # fmt: skip
        other.execute("SELECT pg_advisory_xact_lock(hashtext('khue.intake'), %s)", [ready.pk])
        with pytest.raises(ValidationError, match="đang ghi một tệp"):
            hand_in(ready, period, principal)
        other.rollback()
        hand_in(ready, period, principal)


@pytest.mark.parametrize(("today", "late"), [(date(2026, 10, 10), False), (date(2026, 10, 11), True)])
def test_the_last_day_counts_until_midnight(ready, period, today, late):
    with open_scope([ready.pk]):
        assert board(period, [ready.pk], today)[0].is_late is late


def test_levels_have_their_own_days(make_school, office):
    period = make_period(due_mn=date(2026, 10, 5))
    garden, both = make_school("74300001", levels=["MN"]), make_school("74300002", levels=["MN", "TH"])
    with open_scope([garden.pk, both.pk]):
        dues = {s.school.code: s.due_on for s in board(period, [garden.pk, both.pk], TODAY)}
    assert dues == {"74300001": date(2026, 10, 5), "74300002": date(2026, 10, 10)}


def test_a_school_that_ended_before_the_day_is_not_asked(make_school, school, period):
    ended = make_school("74300009")
    ended.unit.valid_until = date(2026, 9, 1)
    ended.unit.save()
    with open_scope([ended.pk, school.pk]):
        assert [s.school.code for s in board(period, [ended.pk, school.pk], TODAY)] == [school.code]


def test_a_closed_period_takes_nothing_more(ready, period, principal):
    period.closed_on = date(2026, 10, 31)
    period.save()
    with pytest.raises(ValidationError, match="đã đóng ngày 31/10/2026"):
        hand_in(ready, period, principal)


@pytest.mark.parametrize("text", ["-1", "1,5", "một", "99999999999", "١٢"])
def test_entered_numbers_are_whole(ready, period, principal, text):
    with open_scope([ready.pk]):
        draft = draft_of(ready, report_of(ready.pk, period))
        with pytest.raises(ValidationError) as refused:
            enter_figures(school=ready, period=period, draft=draft, typed={"THCS1 4 T": text}, user=principal)
        assert refused.value.message_dict == {
            "THCS1 4 T": ["Mới được công nhận trong năm: ghi số nguyên từ 0, như 12."]
        }
        assert EnteredFigure.objects.filter(table="THCS1", row="4").get().number == 0


def test_an_entered_part_that_is_greater_than_its_whole(ready, period, principal):
    with open_scope([ready.pk]):
        EnteredFigure.objects.filter(table="THCS1", row="4").update(number=5)
        (error,) = draft_of(ready, report_of(ready.pk, period)).errors
    assert (error.rule, error.values) == ("C02", (5, 1))
    assert error.message == (
        "Mới được công nhận trong năm, Tổng số: 5, nhiều hơn Trường, cơ sở, Tổng số: 1. Sửa số nhập tay."
    )


def test_what_is_written_for_a_submitted_report_is_refused(ready, period, principal):
    hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        draft = draft_of(ready, report_of(ready.pk, period))
        with pytest.raises(ValidationError, match="đã trình"):
            enter_figures(school=ready, period=period, draft=draft, typed={}, user=principal)


def test_a_great_change_needs_a_reason(ready, period, principal, specialist):
    """Last year 2 pupils, this year 12: C10 asks; with a reason the report goes in, and the reason with it."""
    last = make_period(2025)
    room = factories.school_class(ready, "6A1", year=2025)
    for _n in range(6):
        factories.pupil(ready, room, year=2025, enrolment={"entry": "tuyen_moi"})
    with open_scope([ready.pk]):
        enter_zeros(ready, last, principal)
    old = hand_in(ready, last, principal)
    with open_scope([ready.pk]):
        approve(school=ready, period=last, version=1, user=specialist)
        draft = draft_of(ready, report_of(ready.pk, period))
        asked = {finding.key: finding.message for finding in draft.unexplained}
        assert asked["THCS3 1 T"] == "Học sinh: 6 → 12, tăng 6 (100 %). Ghi vì sao."
    with pytest.raises(ValidationError, match="lệch chưa giải trình"):
        hand_in(ready, period, principal)
    with open_scope([ready.pk]):
        give_reasons(school=ready, period=period, typed=dict.fromkeys(asked, " Trường  mở thêm lớp "), user=principal)
    snapshot = hand_in(ready, period, principal)
    assert snapshot.reasons["THCS3 1 T"] == "Trường mở thêm lớp"
    assert old.as_at == date(2025, 9, 30)


def test_schools_are_reminded_once_a_day(ready, make_school, period, specialist, principal):
    other = make_school("74300002")
    hand_in(ready, period, principal)
    with open_scope([ready.pk, other.pk]):
        assert remind(schools=[ready, other], period=period, user=specialist) == 1
        assert remind(schools=[ready, other], period=period, user=specialist) == 0


def test_another_school_learns_nothing_of_a_report(ready, other_school, period, principal):
    hand_in(ready, period, principal)
    with open_scope([other_school.pk]):
        assert not Return.objects.exists()
        assert not Step.objects.exists()
        assert not Snapshot.objects.exists()


def test_a_school_of_another_level_fills_other_tables(make_school, period, principal):
    garden = make_school("74300001", levels=["MN"], school_type="13")
    fill(garden)
    with open_scope([garden.pk]):
        codes = {one.table.code for one in draft_of(garden, report_of(garden.pk, period)).tables}
    assert codes == {f"MN{n}" for n in range(1, 8)}
    assert period.as_at == DAY
