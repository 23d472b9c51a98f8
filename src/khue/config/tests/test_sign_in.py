"""The door: shared phones, lock-out, and the sign-out of who has left the computer alone."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from khue.base.access.idle import NOTED_EVERY, SEEN
from khue.base.accounts.models import User
from khue.base.audit.models import AccessLog
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.testing.fixtures import PASSWORD, connection

LOGIN = "/tai-khoan/login/"
PHONE = "0908123456"
SHARED = "Có nhiều tài khoản dùng số điện thoại này"
WRONG = "Tên hoặc mật khẩu chưa đúng"
LOCKED = "Đã nhập sai nhiều lần"
pytestmark = pytest.mark.django_db


def enter(login: str, password: str = PASSWORD) -> tuple[Client, str]:
    client = Client()
    answer = client.post(LOGIN, {"login": login, "password": password})
    return client, answer.content.decode()


def who(client: Client) -> str:
    key = client.session.get(SESSION_KEY)
    return User.objects.get(pk=key).username if key else ""


@pytest.fixture
def couple(make_user: Callable[..., User], school: School) -> tuple[User, User]:
    """Two people with one phone and a password each."""
    wife = make_user("clerk", school.unit, username="hanh", phone=PHONE)
    husband = make_user("teacher", school.unit, username="tam", phone=PHONE)
    husband.set_password("mot-mat-khau-khac")
    husband.save()
    return wife, husband


def test_phones_are_typed_in_many_ways(make_user: Callable[..., User], school: School) -> None:
    make_user("clerk", school.unit, phone=PHONE)
    for typed in (PHONE, "0908 123 456", "+84 908 123 456", "0908.123.456"):
        assert who(enter(typed)[0]) == "clerk", typed


def test_a_shared_phone_signs_in_whose_password_it_is(couple: tuple[User, User]) -> None:
    assert who(enter(PHONE)[0]) == "hanh"
    assert who(enter(PHONE, "mot-mat-khau-khac")[0]) == "tam"


def test_one_password_for_both_asks_for_the_user_name(couple: tuple[User, User]) -> None:
    couple[1].set_password(PASSWORD)
    couple[1].save()
    for _ in range(7):  # no mistake of the person: never locked
        client, page = enter(PHONE)
        assert who(client) == ""
        assert SHARED in page
        assert WRONG not in page
    assert who(enter("tam")[0]) == "tam"


def test_strangers_learn_nothing_of_a_phone(couple: tuple[User, User]) -> None:
    for phone in (PHONE, "0912345678"):
        page = enter(phone, "doan-mo-mat-khau")[1]
        assert WRONG in page
        assert SHARED not in page


def test_a_phone_of_many_is_never_guessed(make_user: Callable[..., User], school: School) -> None:
    for name in ("a1", "a2", "a3", "a4"):
        make_user("teacher", school.unit, username=name, phone=PHONE)
    first = User.objects.get(username="a1")
    first.set_password("mat-khau-cua-mot-nguoi")
    first.save()
    client, page = enter(PHONE, "mat-khau-cua-mot-nguoi")
    assert who(client) == ""
    assert SHARED in page


@pytest.mark.parametrize("holders", [0, 1, 2, 3, 4])
def test_a_refused_phone_costs_the_same(
    holders: int, make_user: Callable[..., User], school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(holders):
        make_user("teacher", school.unit, username=f"a{number}", phone=PHONE)
    hashes = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: hashes.append("check"))
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashes.append("spend"))
    enter(PHONE, "doan-mo-mat-khau")
    assert len(hashes) == 4


def test_the_lock_counts_a_number_however_it_is_typed(couple: tuple[User, User]) -> None:
    for typed in (PHONE, "0908 123 456", "+84908123456", "0908-123-456", "(0908) 123456"):
        assert WRONG in enter(typed, "doan-mo-mat-khau")[1]
    assert LOCKED in enter("0908.123.456")[1]
    assert LOCKED in enter(PHONE, "mot-mat-khau-khac")[1]
    assert who(enter("hanh")[0]) == "hanh"  # the user name goes on: a stranger locks out a number, not a person


def test_the_user_name_is_locked_as_before(couple: tuple[User, User]) -> None:
    for _ in range(5):
        enter("hanh", "doan-mo-mat-khau")
    assert LOCKED in enter("hanh")[1]
    assert who(enter("tam", "mot-mat-khau-khac")[0]) == "tam"


# Idle


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """``clock(31)``: thirty-one minutes later."""
    late = [0.0]
    real = time.time
    monkeypatch.setattr("khue.base.access.idle.time.time", lambda: real() + late[0])

    def later(minutes: float) -> None:
        late[0] += minutes * 60

    return later


def asked(url: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlsplit(url)
    return parts.path, parse_qs(parts.query)


def test_an_idle_session_ends_and_leads_back(
    clerk_client: Client, school: School, clock: Callable[[float], None]
) -> None:
    page = f"/truong/{school.code}/phong/?q=p1"
    clock(29)
    assert clerk_client.get(page).status_code == 200
    clock(29)
    assert clerk_client.get(page).status_code == 200  # each look counts from itself
    clock(31)
    answer = clerk_client.get(page)
    path, words = asked(answer["Location"])
    assert path == LOGIN
    assert words == {"next": [page], "vi": ["lau"]}
    assert SESSION_KEY not in clerk_client.session
    door = clerk_client.get(answer["Location"]).content.decode()
    assert "Bạn đã bị đăng xuất vì không dùng trong 30 phút" in door
    back = clerk_client.post(LOGIN, {"login": "clerk", "password": PASSWORD, "next": page})
    assert back["Location"] == page
    with open_scope([], all_schools=True):
        noted = AccessLog.objects.get(kind="sign-out")
    assert (noted.actor, noted.detail) == ("Nguyễn Thị Mỹ Hạnh", "không dùng trong 30 phút")


def test_a_form_that_was_sent_leads_back_to_its_page(
    clerk_client: Client, school: School, clock: Callable[[float], None]
) -> None:
    clock(31)
    page = f"/truong/{school.code}/phong/them/"
    answer = clerk_client.post(
        f"/truong/{school.code}/phong/sua-nhieu/sua/", {}, headers={"referer": f"http://testserver{page}?a=1"}
    )
    assert asked(answer["Location"])[1]["next"] == [f"{page}?a=1"]


def test_a_part_takes_the_whole_page_to_the_door(
    clerk_client: Client, school: School, clock: Callable[[float], None]
) -> None:
    clock(31)
    page = f"/truong/{school.code}/phong/"
    headers = {"hx-request": "true", "hx-current-url": f"http://testserver{page}?q=1"}
    answer = clerk_client.get(page, headers=headers)
    assert answer.status_code == 200
    assert asked(answer["HX-Redirect"])[1] == {"next": [f"{page}?q=1"], "vi": ["lau"]}


def test_polling_keeps_nobody_signed_in(clerk_client: Client, school: School, clock: Callable[[float], None]) -> None:
    page = f"/truong/{school.code}/phong/"
    for _ in range(3):
        clock(9)
        assert clerk_client.get(page, headers={"x-khue-poll": "1"}).status_code == 200
    clock(4)
    assert clerk_client.get(page, headers={"x-khue-poll": "1"}).status_code == 302


def test_the_session_is_noted_once_a_minute_and_lives_no_longer(
    clerk_client: Client,
    school: School,
    clock: Callable[[float], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    page = f"/truong/{school.code}/phong/"
    ends = Session.objects.get().expire_date
    clerk_client.get(page)
    with CaptureQueriesContext(connection) as usual:
        clerk_client.get(page)
    clock(NOTED_EVERY / 60 + 0.1)
    before = clerk_client.session[SEEN]
    with django_assert_num_queries(len(usual) + 1):
        clerk_client.get(page)
    assert clerk_client.session[SEEN] > before
    with django_assert_num_queries(len(usual)):
        clerk_client.get(page)
    assert Session.objects.get().expire_date == ends


def test_the_shortest_time_signs_out_nobody_who_works(
    clerk_client: Client, school: School, clock: Callable[[float], None], settings: object
) -> None:
    settings.IDLE_MINUTES = 1  # type: ignore[attr-defined]
    for _ in range(10):
        clock(0.9)
        assert clerk_client.get(f"/truong/{school.code}/phong/").status_code == 200


def test_an_installation_may_switch_it_off(
    clerk_client: Client, school: School, clock: Callable[[float], None], settings: object
) -> None:
    settings.IDLE_MINUTES = 0  # type: ignore[attr-defined]
    clock(300)
    assert clerk_client.get(f"/truong/{school.code}/phong/").status_code == 200
