"""A reporting period as its people live it: the principal hands in, the specialist returns and approves, the head reads;
what was approved stays as it was, and what somebody changes behind the back is named.

The demonstration's small city, made for one day: a primary school that has not begun, a lower-secondary school that
waits for the office, kindergartens that are approved.
"""

import io
import re
from collections.abc import Iterator

import openpyxl
import psycopg
import pytest
from playwright.sync_api import Page, expect

from .installation import Installation, installation
from .steps import DEMO_PASSWORD, fits, shot, sign_in

pytestmark = pytest.mark.browser
PRIMARY, LOWER = "74718401", "74718501"
DAY = "2026-09-30"
PUPILS = {"cap": "TH", "bieu": "TH3", "dong": "1", "cot": "T", "noi": PRIMARY}


@pytest.fixture(scope="module")
def city() -> Iterator[Installation]:
    with installation("--empty") as running:
        made = running.manage("make_city", "--year", "2026", "--day", "2026-11-24")
        assert made.returncode == 0, made.stderr
        yield running


def owner(at: Installation) -> psycopg.Connection:
    """The database's owner, whom no rule of the application binds."""
    folder = (at.home / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    password = (at.home / "secrets" / "owner").read_text().strip()
    return psycopg.connect(host=folder, user="khue_owner", password=password, dbname="khue", autocommit=True)


@pytest.fixture(scope="module")
def period(city: Installation) -> int:
    with owner(city) as database:
        row = database.execute("SELECT id FROM statistics_reportingperiod WHERE year = 2026").fetchone()
    assert row
    return int(row[0])


@pytest.fixture(scope="module")
def numbers(city: Installation, period: int) -> dict[str, int]:
    """What the primary school will type; its report is as if nobody had begun."""
    of_school = """FROM statistics_enteredfigure f USING statistics_return r, org_school s WHERE r.id = f.report_id
        AND s.unit_id = r.school_id AND s.code = %s AND r.period_id = %s"""
    with owner(city) as database:
        found = database.execute(
            f'DELETE {of_school} RETURNING f."table", f."row", f."column", f.number', [PRIMARY, period]
        ).fetchall()
        database.execute(
            of_school.replace("FROM statistics_enteredfigure", "DELETE FROM returns_reason"), [PRIMARY, period]
        )
    return {f"{table} {row} {column}": number for table, row, column, number in found}


def signed_in(open_page, at: Installation, username: str, size: str = "desktop") -> Page:
    page = open_page(size)
    sign_in(page, at, username)
    return page


def own(at: Installation, code: str, part: str = "") -> str:
    return f"{at.url}/truong/{code}/nop/{part}"


def official(at: Installation, period: int, part: str = "", **more: str) -> str:
    pairs = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{at.url}/phong/TDM/thong-ke/{part}?ky={period}{pairs}"


def hand_in(page: Page, password: str = DEMO_PASSWORD) -> None:
    page.get_by_role("button", name=re.compile("^Trình số")).click()
    dialog = page.locator("dialog#trinh[open]")
    dialog.locator("#mat-khau").fill(password)
    dialog.get_by_role("button", name="Trình", exact=True).click()


def test_a_principal_enters_numbers_gives_reasons_hands_in(city, open_page, numbers):
    page = signed_in(open_page, city, "hieutruong.th")
    page.locator(".duties").get_by_role("link", name="Làm báo cáo").click()
    expect(page.locator("h1")).to_contain_text("việc trước khi trình")
    expect(page.get_by_role("button", name=re.compile("^Trình số"))).to_have_count(0)
    fields = {field.get_attribute("name"): field for field in page.locator("form input.num").all()}
    assert set(fields) == set(numbers)
    first = next(iter(fields))
    fields[first].fill("một")
    page.get_by_role("button", name="Lưu số nhập tay").click()
    expect(page.locator(f"input[name='{first}']")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".msg")).to_contain_text("ghi số nguyên từ 0")
    for name, number in numbers.items():
        page.locator(f"input[name='{name}']").fill(str(number))
    page.get_by_role("button", name="Lưu số nhập tay").click()
    expect(page.get_by_text("Đã lưu số nhập tay")).to_be_visible()
    for reason in page.locator("tr.say input").all():
        reason.fill("Phường thêm khu dân cư mới, trường mở thêm lớp")
    page.get_by_role("button", name="Lưu giải trình").click()
    expect(page.locator("h1")).to_have_text("Hết lỗi, trình được")
    shot(page, "report-ready")
    hand_in(page, "mat-khau-sai")
    expect(page.get_by_text("Mật khẩu chưa đúng. Chưa trình gì.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Hết lỗi, trình được")
    hand_in(page)
    expect(page.locator("h1")).to_have_text("Đã trình bản 1, chờ phòng duyệt")
    page.goto(f"{city.url}/truong/{PRIMARY}/")
    expect(page.get_by_text("Làm báo cáo")).to_have_count(0)


def test_the_specialist_returns_one_and_approves_another(city, open_page, period):
    page = signed_in(open_page, city, "chuyenvien")
    page.get_by_role("link", name="Xem và duyệt").click()
    expect(page.locator("h1")).to_have_text("3 đơn vị đã duyệt, 2 chờ phòng, 1 còn ở trường")
    shot(page, "board")
    page.get_by_role("link", name="Trường THCS Sao Mai: chờ duyệt").click()
    page.locator("input[name=dong]").first.check()
    page.get_by_role("button", name="Trả lại").click()
    dialog = page.locator("dialog#tra[open]")
    dialog.get_by_label("Lý do").fill("Xem lại số học sinh lớp 6")
    dialog.get_by_label("Trình lại trước").fill("30/11/2036")
    dialog.get_by_role("button", name="Trả lại").click()
    expect(page.get_by_text("Đã trả lại cho trường")).to_be_visible()
    shot(page, "returned")
    approve(page, city, period, "Trường Tiểu học Hoa Sen")
    expect(page.locator("h1")).to_have_text("4 đơn vị đã duyệt, 0 chờ phòng, 2 còn ở trường")


def approve(page: Page, at: Installation, period: int, name: str) -> None:
    """Approve the report of a school that waits, and go back to the board."""
    page.goto(f"{at.url}/phong/TDM/duyet/?ky={period}")
    page.get_by_role("link", name=f"{name}: chờ duyệt").click()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.locator("dialog#dong-y[open]").get_by_role("button", name="Duyệt và khóa").click()
    expect(page.get_by_text(f"Đã duyệt {name}")).to_be_visible()
    page.goto(f"{at.url}/phong/TDM/duyet/?ky={period}")


def test_the_school_reads_why_and_hands_in_again(city, open_page, period):
    page = signed_in(open_page, city, "hieutruong.thcs")
    page.locator(".duties").get_by_role("link", name="Xem lý do").click()
    expect(page.get_by_text("Xem lại số học sinh lớp 6").first).to_be_visible()
    expect(page.get_by_text("Trình lại trước 30/11/2036")).to_be_visible()
    for reason in page.locator("tr.say input").all():
        reason.fill("Đã đối chiếu hồ sơ, số đúng")
    page.get_by_role("button", name="Lưu giải trình").click()
    hand_in(page)
    expect(page.locator("h1")).to_have_text("Đã trình bản 2, chờ phòng duyệt")
    approve(signed_in(open_page, city, "chuyenvien"), city, period, "Trường THCS Sao Mai")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_head_reads_the_tables_of_three_levels_down_to_names(city, open_page, period, size):
    page = signed_in(open_page, city, "truongphong", size)
    for level, table in (("Mầm non", "MN3"), ("Tiểu học", "TH3"), ("THCS", "THCS3")):
        page.goto(official(city, period))
        page.get_by_role("navigation", name="Cấp học").get_by_role("link", name=level).click()
        expect(page.get_by_text("Số chốt")).to_be_visible()
        figure = page.locator(f"section[aria-labelledby={table}] a.door").first
        count = figure.inner_text()
        fits(page)
        figure.click()
        drawer = page.locator("dialog#ten[open]")
        expect(drawer.get_by_role("heading", name=f"{count} em")).to_be_visible()
        expect(drawer).to_contain_text("ngày 30/09/2026")
        expect(drawer.locator("tbody tr").first).to_be_visible()
        fits(page)
        shot(page, f"official-{table}")


def test_the_tables_leave_as_excel_and_pdf(city, open_page, period):
    page = signed_in(open_page, city, "truongphong")
    page.goto(official(city, period, cap="THCS"))
    shown = page.locator("section[aria-labelledby=THCS3] a.door").first.inner_text().replace(".", "")
    page.get_by_role("button", name="Xuất").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel theo biểu").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book.sheetnames == [f"THCS{n}" for n in range(1, 7)]
    rows = {row[0].value: row for row in book["THCS3"].iter_rows(min_row=11)}
    assert rows["1"][2].value == int(shown)
    url = page.get_by_role("link", name="PDF để in, ký").get_attribute("href")
    assert page.request.get(city.url + str(url)).body().startswith(b"%PDF-")


def figure_of(page: Page, at: Installation, period: int, **more: str) -> int:
    """How many stand behind the school's pupils, as the page of names says."""
    page.goto(official(at, period, "ten/", **PUPILS, **more))
    return int(page.inner_text("h1").split()[0].replace(".", ""))


def leave(page: Page, at: Installation, pupil: str, day: str) -> None:
    """The clerk writes that a pupil has moved away."""
    page.goto(f"{at.url}{pupil}trang-thai/")
    page.get_by_role("combobox", name="Trạng thái mới").fill("chuyen di ky 1")
    page.keyboard.press("Enter")
    page.fill("[name=on]", day)
    page.fill("[name=other_school]", "Trường Tiểu học Nơi Khác")
    page.click("main form button.primary")
    page.wait_for_url(lambda url: "/trang-thai/" not in url)


def test_who_moves_away_changes_nothing_of_what_was_approved(city, open_page, period):
    office = signed_in(open_page, city, "chuyenvien")
    before = figure_of(office, city, period)
    first, second = (link.get_attribute("href") for link in office.locator("#ten-bang tbody a").all()[:2])
    names = office.locator("#ten-bang tbody a").all_inner_texts()[:2]
    clerk = signed_in(open_page, city, "vanthu.th")
    leave(clerk, city, str(first).replace("/phong/TDM/", f"/truong/{PRIMARY}/"), "12/10/2026")
    leave(clerk, city, str(second).replace("/phong/TDM/", f"/truong/{PRIMARY}/"), "21/09/2026")
    assert figure_of(office, city, period) == before
    assert office.locator("#ten-bang tbody a").all_inner_texts()[:2] == names
    assert figure_of(office, city, period, so="tam") == before - 1
    counted = f"{city.url}/phong/TDM/dem/ten/?dem=pupils&loc=school:{PRIMARY}&ngay="
    office.goto(counted + "2026-10-11")
    on_the_eleventh = office.inner_text("h1")
    office.goto(counted + "2026-10-12")
    assert int(office.inner_text("h1").split()[0]) == int(on_the_eleventh.split()[0]) - 1


def test_reopened_a_second_version_comes_and_both_are_read(city, open_page, period):
    office = signed_in(open_page, city, "chuyenvien")
    before = figure_of(office, city, period)
    office.goto(f"{city.url}/phong/TDM/duyet/?ky={period}")
    office.get_by_role("link", name="Trường Tiểu học Hoa Sen: đã duyệt").click()
    review = office.url
    expect(office.get_by_text("Hồ sơ đã đổi sau khi trình")).to_be_visible()
    office.get_by_role("button", name="Mở lại cho trường sửa").click()
    dialog = office.locator("dialog#mo[open]")
    dialog.get_by_label("Lý do").fill("Một em đã đi từ 21/9")
    dialog.get_by_role("button", name="Mở lại", exact=True).click()
    expect(office.get_by_text("Đã mở lại")).to_be_visible()

    principal = signed_in(open_page, city, "hieutruong.th")
    principal.goto(own(city, PRIMARY, f"{period}/"))
    hand_in(principal)
    expect(principal.locator("h1")).to_have_text("Đã trình bản 2, chờ phòng duyệt")
    assert figure_of(office, city, period) == before, "the first version is official until the second is approved"
    approve(office, city, period, "Trường Tiểu học Hoa Sen")
    assert figure_of(office, city, period) == before - 1
    assert figure_of(office, city, period, ban="1") == before
    for version in (1, 2):
        office.goto(f"{review}?ban={version}")
        expect(office.locator(".lede")).to_contain_text(f"Bản {version}, ")
        office.goto(official(city, period, cap="TH", noi=PRIMARY, ban=str(version)))
        expect(office.locator(".lede")).to_contain_text(f"bản {version} trường đã trình")


def test_a_fact_that_was_changed_behind_the_back_is_named(city, period):
    whole = city.manage("verify_snapshots", "--school", PRIMARY)
    assert (whole.returncode, whole.stdout) == (0, "3 bản, 3 bản còn nguyên.\n"), whole.stderr
    with owner(city) as database:
        name, record = database.execute(
            """UPDATE statistics_pupilsfact SET is_sex = CASE is_sex WHEN '0' THEN '1' ELSE '0' END WHERE id = (
              SELECT min(f.id) FROM statistics_pupilsfact f JOIN statistics_snapshot n ON n.id = f.snapshot_id
              JOIN org_school s ON s.unit_id = n.school_id WHERE s.code = %s AND n.period_id = %s AND n.version = 2)
            RETURNING title, record_id""",
            [PRIMARY, period],
        ).fetchone() or ("", 0)
    told = city.manage("verify_snapshots")
    assert told.returncode == 1
    assert f"{PRIMARY} Trường Tiểu học Hoa Sen, Đầu năm học 2026–2027, bản 2: " in told.stdout
    assert f"Học sinh “{name}” (mã dòng {record}) đã bị sửa" in told.stdout
    assert told.stdout.count("đã bị sửa") == 1


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_fit_and_are_accessible_in_light_and_dark(city, open_page, period, size):
    from axe_playwright_python.sync_playwright import Axe

    asked = {
        "hieutruong.thcs": [f"/truong/{LOWER}/", f"/truong/{LOWER}/nop/", f"/truong/{LOWER}/nop/{period}/"],
        "chuyenvien": [
            "/phong/TDM/", f"/phong/TDM/duyet/?ky={period}", f"/phong/TDM/duyet/{period}/{school_key(city)}/",
            f"/phong/TDM/thong-ke/?ky={period}&cap=THCS", "/phong/TDM/duyet/ky/",
        ],
    }  # fmt: skip
    for username, addresses in asked.items():
        page = signed_in(open_page, city, username, size)
        page.emulate_media(reduced_motion="reduce")  # no colour is on its way to another while it is measured
        for address in addresses:
            page.goto(city.url + address)
            fits(page)
            for scheme, rules in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):
                page.emulate_media(color_scheme=scheme)
                found = Axe().run(page, options=rules).response["violations"]
                serious = [
                    (v["id"], v["nodes"][0]["html"][:150]) for v in found if v["impact"] in ("serious", "critical")
                ]
                assert not serious, f"{address}, {scheme}: {serious}"


def school_key(at: Installation) -> int:
    with owner(at) as database:
        row = database.execute("SELECT unit_id FROM org_school WHERE code = %s", [LOWER]).fetchone()
    assert row
    return int(row[0])
