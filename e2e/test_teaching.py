"""Subjects and teachers as the principal and the clerk set them: a class that comes in the middle of the year, a
substitute, one teacher for several classes; on the desktop and on the phone.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from .installation import Installation, installation
from .steps import fits, shot, sign_in

pytestmark = pytest.mark.browser
SCHOOL = "74718501"


@pytest.fixture(scope="module")
def city() -> Iterator[Installation]:
    with installation("--empty") as running:
        made = running.manage("make_city")
        assert made.returncode == 0, made.stderr
        yield running


def opened(open_page, at: Installation, username: str, part: str = "", size: str = "desktop") -> Page:
    page = open_page(size)
    sign_in(page, at, username)
    page.goto(f"{at.url}/truong/{SCHOOL}/phan-cong/{part}")
    return page


def cell(page: Page, name: str):
    """The cell of "Toán 6A1"."""
    return page.locator(f".teach a.slot[aria-label^='{name}:']")


def choose(page: Page, text: str) -> None:
    """A teacher by a few letters, in the box that needs no marks."""
    box = page.get_by_role("combobox", name="Giáo viên")
    box.fill(text)
    box.press("Enter")


def year_of(at: Installation) -> int:
    today = date.today()
    return today.year if today.month >= 8 else today.year - 1


def test_a_cell_is_opened_by_keyboard_and_gets_a_substitute(city, open_page):
    page = opened(open_page, city, "hieutruong.thcs")
    expect(page.locator("h1")).to_have_text("Môn và phân công")
    shot(page, "teaching")
    maths = cell(page, "Toán 6A1")
    maths.focus()
    maths.press("Enter")
    drawer = page.locator("dialog#phan-cong[open]")
    expect(drawer.locator("h3").first).to_have_text("Toán 6A1")
    expect(drawer.locator(".teachers li").first).to_contain_text("từ 05/09/")
    options = drawer.locator("select[name=teacher] option").all_text_contents()
    assert " · Toán" in options[1]
    choose(page, options[2].split(" · ")[0])
    drawer.get_by_text("Dạy thay", exact=True).click()
    drawer.get_by_role("button", name="Lưu phân công").click()
    expect(drawer.get_by_text("Dạy thay thì ghi ngày cuối")).to_be_visible()
    shot(page, "teaching-refused")
    year = year_of(city)
    drawer.locator("#id_since").fill(f"05/09/{year}")
    drawer.locator("#id_last_day").fill(f"31/07/{year + 1}")
    drawer.get_by_role("button", name="Lưu phân công").click()
    expect(page.locator(".toast")).to_contain_text("dạy thay Toán 6A1")


def test_one_teacher_gets_several_classes(city, open_page):
    page = opened(open_page, city, "vanthu.thcs", "giao-vien/")
    shot(page, "teachers")
    row = page.locator("tbody tr", has_text="Toán").first
    name = row.locator("th a").inner_text()
    row.get_by_role("link", name="Phân công").click()
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("navigation", name="Môn").get_by_role("link", name="Toán").click()
    boxes = page.locator("input[name=books]")
    before = page.locator("input[name=books]:checked").count()
    for box in page.locator("input[name=books]:not(:checked)").all()[:2]:
        box.check()
    shot(page, "teacher")
    page.get_by_role("button", name="Lưu phân công").click()
    expect(page.locator(".toast")).to_contain_text("thêm 2 lớp")
    assert boxes.count() == 20
    expect(page.locator("input[name=books]:checked")).to_have_count(before + 2)


def test_an_elective_comes_and_goes_and_a_subject_with_marks_stays(city, open_page):
    page = opened(open_page, city, "vanthu.thcs", "?khoi=7")
    drawer = page.locator("dialog#phan-cong[open]")
    cell(page, "Nội dung giáo dục của địa phương 7A1").click()
    drawer.get_by_role("button", name="Bỏ Nội dung giáo dục").click()
    expect(page.locator(".toast")).to_contain_text("đã có điểm hoặc nhận xét nên không bỏ được")
    page.goto(f"{city.url}/truong/{SCHOOL}/phan-cong/lap-mon/")
    page.locator("label.check", has_text="7A1").locator("input").check()
    page.locator("label.check", has_text="Tiếng dân tộc thiểu số").locator("input").check()
    shot(page, "set-up")
    page.get_by_role("button", name="Lập môn cho các lớp đã chọn").click()
    expect(page.locator(".toast")).to_contain_text("Đã lập 1 môn")
    page.goto(f"{city.url}/truong/{SCHOOL}/phan-cong/?khoi=7")
    cell(page, "Tiếng dân tộc thiểu số 7A1").click()
    drawer.get_by_role("button", name="Bỏ Tiếng dân tộc").click()
    expect(page.locator(".toast")).to_contain_text("Đã bỏ Tiếng dân tộc thiểu số 7A1")
    expect(cell(page, "Tiếng dân tộc thiểu số 7A1")).to_have_count(0)


def test_the_box_opens_a_sheet(city, open_page):
    page = opened(open_page, city, "hieutruong.thcs")
    page.keyboard.press("/")
    page.keyboard.type("6a2 toan")
    expect(page.locator("dialog.cmd a", has_text="Toán 6A2").first).to_be_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_fit_and_are_accessible_in_light_and_dark(city, open_page, size):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(open_page, city, "hieutruong.thcs", size=size)
    page.emulate_media(reduced_motion="reduce")
    ways = {
        "": None,
        "?khoi=7": lambda: cell(page, "Toán 7A1").click(),
        "giao-vien/": None,
        "lap-mon/": None,
        "giao-vien/ ": lambda: page.get_by_role("link", name="Phân công", exact=False).nth(2).click(),
    }
    for n, (part, act) in enumerate(ways.items()):
        page.goto(f"{city.url}/truong/{SCHOOL}/phan-cong/{part.strip()}")
        if act:
            act()
            page.wait_for_selector(".assigning, .ticks")
        fits(page)
        shot(page, f"teaching-{n}")
        for scheme, rules in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, options=rules).response["violations"]
            serious = [(v["id"], v["nodes"][0]["html"][:150]) for v in found if v["impact"] in ("serious", "critical")]
            assert not serious, f"{page.url}, {scheme}: {serious}"
