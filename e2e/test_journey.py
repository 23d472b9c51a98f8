"""From an empty installation to counted names, as the people of an office and its schools do it.

One long journey at desktop width, each step a page that a person opens; the same pages again at phone width.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .installation import Installation, setup_address
from .steps import fits, shot, sign_in

pytestmark = pytest.mark.browser
CODE, OTHER = "74718501", "74718401"
PASSWORD = "mat-khau-dai-2026"


@pytest.fixture(scope="module")
def files(empty: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The spreadsheets that the schools would have, with their faults."""
    folder = tmp_path_factory.mktemp("tep")
    made = empty.manage(
        "make_city", "--spreadsheets", str(folder), "--year", "2026", "--day", "2026-11-24", "--seed", "3"
    )
    assert made.returncode == 0, made.stderr
    return folder


def of_school(files: Path, layout: str, code: str, pattern: str) -> Path:
    return next((files / layout).glob(f"{code}-*/{pattern}"))


def test_set_up_schools_accounts(empty, files, open_page):
    page = open_page()
    page.goto(empty.url + "/")
    expect(page.get_by_role("heading", name="Cần mã thiết lập")).to_be_visible()
    page.goto(setup_address(empty))
    shot(page, "setup-1")
    page.fill("[name=name]", "Phòng Giáo dục và Đào tạo Thủ Dầu Một")
    page.fill("[name=department]", "Sở Giáo dục và Đào tạo")
    page.fill("[name=code]", "TDM")
    page.click("button.primary")
    expect(page.get_by_role("heading", name="Năm học nào đang chạy?")).to_be_visible()
    shot(page, "setup-2")
    page.check("input[name=year][value='2026']")
    page.click("button.primary")
    expect(page.get_by_role("heading", name="Đưa danh sách trường vào")).to_be_visible()
    page.set_input_files("#tep", files / "khue" / "truong.xlsx")
    page.click("button.primary")
    expect(page.get_by_role("heading", name="6 trường")).to_be_visible()
    shot(page, "setup-3")
    page.get_by_role("button", name="Ghi 6 trường").click()
    expect(page.get_by_role("heading", name="Ai quản trị Khuê của phòng?")).to_be_visible()
    page.fill("[name=full_name]", "Nguyễn Quốc Thịnh")
    page.fill("[name=username]", "quantri")
    page.fill("[name=password]", "ngắn")
    page.click("button.primary")
    expect(page.locator(".msg").first).to_be_visible()
    page.fill("[name=password]", PASSWORD)
    page.click("button.primary")
    expect(page.locator("h1")).to_contain_text("Thịnh")
    shot(page, "office-home")


def make_account(page: Page, at: Installation, place: str, name: str, username: str, role: str) -> str:
    """The administrator makes an account; returns the first password from the slip."""
    page.goto(f"{at.url}/{place}/tai-khoan/them/")
    page.fill("[name=full_name]", name)
    page.fill("[name=username]", username)
    page.select_option("[name=role]", role)
    page.click("form button.primary")
    expect(page.get_by_text("Mật khẩu lần đầu")).to_be_visible()
    found = re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", page.inner_text("main"))
    assert found
    return found.group()


def first_sign_in(page: Page, at: Installation, username: str, first: str) -> None:
    """The first password must be changed at once."""
    sign_in(page, at, username, first)
    expect(page).to_have_url(re.compile("password/change"))
    page.fill("input[name=oldpassword]", first)
    page.fill("input[name=password1]", PASSWORD)
    page.fill("input[name=password2]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_load_state()
    page.goto(at.url + "/")


@pytest.fixture(scope="module")
def passwords() -> dict[str, str]:
    return {}


def test_people_get_accounts_and_first_passwords(empty, open_page, passwords):
    page = open_page()
    sign_in(page, empty, "quantri", PASSWORD)
    passwords["clerk"] = make_account(page, empty, f"truong/{CODE}", "Nguyễn Thị Lan", "vanthu", "clerk")
    passwords["teacher"] = make_account(page, empty, f"truong/{OTHER}", "Vũ Thị Vân", "giaovien", "teacher")
    passwords["specialist"] = make_account(page, empty, "phong/TDM", "Trần Kim Oanh", "chuyenvien", "specialist")
    page.goto(f"{empty.url}/truong/{CODE}/tai-khoan/")
    expect(page.get_by_text("Nguyễn Thị Lan")).to_be_visible()
    shot(page, "members")
    clerk = open_page()
    first_sign_in(clerk, empty, "vanthu", passwords["clerk"])
    expect(clerk.locator("h1")).to_contain_text("Lan")
    expect(clerk.get_by_role("link", name="Chọn tệp")).to_be_visible()
    shot(clerk, "clerk-first-home")


def choose(page: Page, at: Installation, *paths: Path) -> None:
    page.goto(f"{at.url}/truong/{CODE}/nhap-tep/")
    page.set_input_files("input[type=file]", list(paths))


def open_file(page: Page, at: Installation, name: str) -> None:
    """Open the newest file of a name once it has been read."""
    link = page.get_by_role("link", name=name, exact=True).first
    expect(link).to_be_visible(timeout=30_000)
    if "/nhap-tep/" in page.url and not re.search(r"/nhap-tep/\d+/", page.url):
        expect(page.locator(".files progress")).to_have_count(0, timeout=30_000)
        link.click()


def write_file(page: Page, label: re.Pattern) -> None:
    page.locator(".foot-bar button.primary").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=label).click()
    expect(page.locator("h1")).to_contain_text("Đã ghi", timeout=30_000)


def test_clerk_imports_three_ugly_files_mends_applies_undoes(empty, files, open_page):
    page = open_page()
    sign_in(page, empty, "vanthu", PASSWORD)
    fake = files / "gia.xlsx"
    fake.write_bytes(b"%PDF-1.7\n" + b"x" * 4000)
    choose(
        page,
        empty,
        of_school(files, "c1-hocsinh", CODE, "*.xlsx"),
        of_school(files, "admission-list", CODE, "*.xlsx"),
        fake,
    )
    expect(page.get_by_text("PDF")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("804 dòng").or_(page.get_by_text(re.compile(r"8\d\d dòng"))).first).to_be_visible(
        timeout=30_000
    )
    shot(page, "import-files")

    open_file(page, empty, "C2-HocSinh.xlsx")
    expect(page.locator(".xls")).to_be_visible()
    shot(page, "import-preview")
    fits(page)
    write_file(page, re.compile("Ghi"))
    shot(page, "import-outcome")
    page.get_by_role("button", name=re.compile("Hoàn tác")).first.click()
    page.locator("dialog[open]").get_by_role("button", name=re.compile("Hoàn tác")).click()
    expect(page.locator("h1")).to_contain_text(re.compile("hoàn tác", re.IGNORECASE), timeout=30_000)
    page.goto(f"{empty.url}/truong/{CODE}/hoc-sinh/")
    expect(page.locator("table tbody tr")).to_have_count(0)

    choose(page, empty, of_school(files, "c1-hocsinh", CODE, "*.xlsx"))
    page.wait_for_url(re.compile(r"/nhap-tep/\d+/"))
    expect(page.locator(".foot-bar button.primary")).to_be_visible(timeout=30_000)
    write_file(page, re.compile("Ghi"))
    page.goto(f"{empty.url}/truong/{CODE}/hoc-sinh/")
    expect(page.locator("table tbody tr")).to_have_count(50)
    shot(page, "pupils")

    choose(page, empty, of_school(files, "admission-list", CODE, "*.xlsx"))
    page.wait_for_url(re.compile(r"/nhap-tep/\d+/"))
    expect(page.get_by_role("heading", name="“Mã định danh” là cột nào?")).to_be_visible(timeout=30_000)
    shot(page, "import-columns")
    page.click("button.primary")
    expect(page.locator("h1")).to_contain_text("Danh sach hoc sinh moi", timeout=30_000)


def test_a_wrong_cell_is_mended_in_place(empty, files, open_page, tmp_path):
    import openpyxl

    source = of_school(files, "khue", CODE, "hoc-sinh.xlsx")
    book = openpyxl.load_workbook(source)
    sheet = book.worksheets[0]
    header = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    sheet.cell(row=5, column=header["Ngày sinh"]).value = "31/02/2015"
    path = tmp_path / "sua.xlsx"
    book.save(path)
    page = open_page()
    sign_in(page, empty, "vanthu", PASSWORD)
    choose(page, empty, path)
    page.wait_for_url(re.compile(r"/nhap-tep/\d+/"))
    wrong = page.locator("input[aria-invalid=true]").first
    expect(wrong).to_have_value("31/02/2015", timeout=30_000)
    expect(page.get_by_text("Tháng 2 không có ngày 31")).to_be_visible()
    right = str(openpyxl.load_workbook(source).worksheets[0].cell(row=5, column=header["Ngày sinh"]).value)
    wrong.fill(right)
    wrong.press("Enter")
    expect(page.get_by_text("Tháng 2 không có ngày 31")).to_have_count(0, timeout=15_000)


def test_specialist_counts_the_city_and_opens_names(empty, open_page, passwords):
    page = open_page()
    first_sign_in(page, empty, "chuyenvien", passwords["specialist"])
    page.goto(f"{empty.url}/phong/TDM/dem/")
    expect(page.get_by_text("Tạm tính", exact=True)).to_be_visible()
    shot(page, "counts")
    page.locator("table .door").first.click()
    dialog = page.locator("dialog[open], [popover]:popover-open").last
    expect(dialog).to_be_visible()
    expect(dialog.locator("a[href*='/hoc-sinh/']").first).to_be_visible(timeout=15_000)
    shot(page, "counts-names")
    fits(page)


def test_teacher_of_another_school_gets_nothing(empty, open_page, passwords):
    page = open_page()
    first_sign_in(page, empty, "giaovien", passwords["teacher"])
    for address in (
        "",
        "hoc-sinh/",
        "hoc-sinh/1/",
        "lop/",
        "lop/1/",
        "can-bo/",
        "nhap-tep/",
        "nhap-tep/1/",
        "dem/",
        "kiem-tra/",
        "tim/?q=nguyen",
    ):
        response = page.goto(f"{empty.url}/truong/{CODE}/{address}")
        assert response is not None
        assert response.status == 404, address
    response = page.goto(f"{empty.url}/truong/{OTHER}/dem/")
    assert response is not None
    assert response.status == 403
    expect(page.get_by_text("Phần này cần quyền")).to_be_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize(
    ("username", "place", "pages"),
    [
        (
            "vanthu",
            f"truong/{CODE}",
            [
                "",
                "hoc-sinh/",
                "lop/",
                "can-bo/",
                "phong/",
                "thiet-bi/",
                "nhap-tep/",
                "kiem-tra/",
                "dem/",
                "thong-tin/",
                "huong-dan/",
            ],
        ),
        ("chuyenvien", "phong/TDM", ["", "truong/", "hoc-sinh/", "lop/", "can-bo/", "nhap-tep/", "kiem-tra/", "dem/"]),
        ("quantri", "phong/TDM", ["tai-khoan/", "tai-khoan/them/", "nam-hoc/"]),
    ],
    ids=["clerk", "specialist", "administrator"],
)
def test_every_page_fits_the_width(empty, open_page, size, username, place, pages):
    page = open_page(size)
    sign_in(page, empty, username, PASSWORD)
    for part in pages:
        response = page.goto(f"{empty.url}/{place}/{part}")
        assert response is not None
        assert response.status == 200, part
        fits(page)
        shot(page, f"{username}-{part.strip('/').replace('/', '-') or 'home'}")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_record_class_and_search(empty, open_page, size):
    page = open_page(size)
    sign_in(page, empty, "vanthu", PASSWORD)
    page.goto(f"{empty.url}/truong/{CODE}/hoc-sinh/")
    page.locator("table tbody tr a").first.click()
    expect(page.locator("h1")).to_be_visible()
    fits(page)
    shot(page, "record")
    page.goto(f"{empty.url}/truong/{CODE}/lop/")
    page.locator("table tbody tr a").first.click()
    expect(page.locator("table tbody tr").first).to_be_visible()
    fits(page)
    shot(page, "class")
    if size == "desktop":
        page.keyboard.press("/")
        page.keyboard.type("8a2")
        expect(page.locator("dialog[open] [role=option]").first).to_contain_text("8A2")
        shot(page, "search")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(empty, open_page, size, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(size)
    page.emulate_media(color_scheme=scheme)
    sign_in(page, empty, "vanthu", PASSWORD)
    for part in ("", "hoc-sinh/", "nhap-tep/", "kiem-tra/", "dem/", "lop/"):
        page.goto(f"{empty.url}/truong/{CODE}/{part}")
        results = Axe().run(page)
        serious = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
        assert not serious, f"{part}: {[(v['id'], v['nodes'][0]['html'][:150]) for v in serious]}"
