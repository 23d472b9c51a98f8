"""The mark sheet of the application: a teacher fills it by keyboard and by pasting, loses the network and nothing else;
a colleague on the same sheet sees it; the explanation of a result knows the new marks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .installation import Installation, installation
from .steps import fits, shot, sign_in
from .test_mark_sheet import keys, paste, saves

pytestmark = pytest.mark.browser
SCHOOL = "74718501"
# a book of the class whose homeroom teacher the demonstration names, taught by two
SET_UP = f"""
from datetime import date
from khue.base.accounts.services import create_account, grant_role
from khue.base.core.scope import open_scope
from khue.base.org.models import School
from khue.school.assessment.models import Gradebook, TeachingAssignment
from khue.school.registry.models import Position, SchoolClass, UserLink
school = School.objects.get(code="{SCHOOL}")
with open_scope([school.pk], actor="Kiểm thử", action="lập sổ điểm"):
    klass = SchoolClass.objects.filter(year=2026).exclude(homeroom=None).order_by("sort_key").first()
    book, _ = Gradebook.objects.get_or_create(
        school=school, school_class=klass, subject="toan", defaults=dict(kind="score", periods=140, formative=4))
    other = Position.objects.filter(left_on=None).exclude(pk=klass.homeroom_id).exclude(staff=None).exclude(
        staff__in=UserLink.objects.values("staff")).first()
    colleague, _ = create_account(username="giaovien.hai", full_name="Trần Thị Lan", title="cô", password="khue-trinh-dien")
    grant_role(user=colleague, unit=school.unit, role="teacher", valid_from=date(2020, 8, 1))
    UserLink.objects.create(user=colleague, staff=other.staff)
    TeachingAssignment.objects.filter(gradebook=book).delete()
    for position in (klass.homeroom, other):
        TeachingAssignment.objects.create(school=school, gradebook=book, teacher=position, since=date(2020, 8, 1))
    print("SO", book.pk)
"""


@pytest.fixture(scope="module")
def city() -> Iterator[Installation]:
    with installation("--empty") as running:
        made = running.manage("make_city", "--year", "2026", "--day", "2026-11-24")
        assert made.returncode == 0, made.stderr
        yield running


@pytest.fixture(scope="module")
def address(city: Installation) -> str:
    made = city.manage("shell", "-c", SET_UP)
    assert made.returncode == 0, made.stderr
    return f"{city.url}/truong/{SCHOOL}/so-diem/{made.stdout.split('SO')[1].strip()}/2/"


def sheet(open_page, city: Installation, address: str, username: str, size: str = "desktop") -> Page:
    page = open_page(size)
    sign_in(page, city, username)
    page.goto(address)
    expect(page.locator(".sheet")).to_have_attribute("data-ready", "1")
    return page


def fields(page: Page, kind: str, number: int = 1):
    return page.locator(f"input[data-kind={kind}][data-number='{number}']")


def test_a_teacher_fills_the_sheet_and_a_colleague_sees_it(city, open_page, address):
    page = sheet(open_page, city, address, "giaovien.thcs")
    colleague = sheet(open_page, city, address, "giaovien.hai")
    fields(page, "ck").first.click()
    keys(page, "85", "Enter", "105", "Enter", "7", "Enter")
    saves(page, "Đã lưu 2/3")
    keys(page, "ArrowUp", "ArrowUp", "10", "Enter")
    paste(fields(page, "tx").first, "8\t7\t9\t8\t7,5\t8\t\tHọc đều, làm bài cẩn thận.\n6\t7\t8\t5\t6,5")
    saves(page, "Đã lưu 14/14")
    first = page.locator("[data-avg]").first
    expect(first).to_have_text("7,9")  # (32 + 15 + 24) / 9: the block wrote 8 over 8,5
    shot(page, "mark-sheet-real")
    expect(fields(colleague, "ck").nth(1)).to_have_value("10,0")
    expect(fields(colleague, "nx").first).to_have_value("Học đều, làm bài cẩn thận.")
    expect(colleague.locator("td[data-by]").first).to_be_visible()
    page.reload()
    expect(fields(page, "ck").nth(2)).to_have_value("7,0")


def test_what_waited_without_a_network_meets_the_colleagues_marks(city, open_page, address):
    page = sheet(open_page, city, address, "giaovien.thcs")
    colleague = sheet(open_page, city, address, "giaovien.hai")
    page.context.set_offline(True)
    fields(page, "ck").nth(4).click()
    keys(page, "9", "Enter", "8", "Enter")
    saves(page, "Mất mạng, 2 ô chờ gửi")
    fields(colleague, "ck").nth(4).click()
    keys(colleague, "45", "Enter")
    saves(colleague, "Đã lưu 1/1")
    page.context.set_offline(False)
    saves(page, "Đã lưu 1/2")
    fields(page, "ck").nth(4).focus()
    page.get_by_role("button", name="Giữ 9,0 của tôi").click()
    saves(page, "Đã lưu 2/2")
    expect(fields(colleague, "ck").nth(4)).to_have_value("9,0")


def test_the_explanation_knows_the_new_marks(city, open_page, address):
    page = sheet(open_page, city, address, "giaovien.thcs")
    average, drawer = page.locator("a[data-avg]").first, page.locator("dialog#vi-sao")
    average.click()
    expect(drawer.locator("h3")).to_contain_text("7,9")
    page.keyboard.press("Escape")
    fields(page, "ck").first.click()
    keys(page, "5", "Enter")
    saves(page, "Đã lưu 1/1")
    average.click()
    expect(drawer.locator("h3")).to_contain_text("6,9")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_page_fits_and_is_accessible(city, open_page, address, size):
    from axe_playwright_python.sync_playwright import Axe

    page = sheet(open_page, city, address, "giaovien.thcs", size)
    page.emulate_media(reduced_motion="reduce")
    fields(page, "ck").nth(5).click()
    keys(page, "x", "Enter")
    fits(page)
    shot(page, "mark-sheet-real-page")
    for scheme, rules in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules).response["violations"]
        assert not [(v["id"], v["nodes"][0]["html"][:150]) for v in found if v["impact"] in ("serious", "critical")]
