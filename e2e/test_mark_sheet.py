"""The mark sheet in the browser: keys, blocks from Excel, averages, a queue that loses nothing, two teachers.

The page and both of its addresses come from a stub (``sheet_stub.py``), so that lost answers, clashes and a term that
closes meanwhile can be arranged; the page of the application is in ``test_mark_sheet_journey.py``.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import SIZES
from .sheet_stub import FIRST, Stub, serving
from .steps import fits, shot

pytestmark = pytest.mark.browser
CASES = Path(__file__).resolve().parents[1] / "src/khue/school/assessment/tests/data/averages.json"
# what the browser itself says about answers that the page deals with
EXPECTED = re.compile(r"Failed to load resource: (the server responded with a status of (409|503)|net::ERR_)")
SPACE = " "


@pytest.fixture
def stub() -> Stub:
    """Everybody has TX1 6,0 and a locked mark of midterm 7,0."""
    stub = Stub()
    for n in range(10):
        stub.write((FIRST + n, "tx", 1), "60", "")
        stub.write((FIRST + n, "gk", 1), "70", "")
    return stub


@pytest.fixture
def address(stub: Stub) -> Iterator[str]:
    with serving(stub) as url:
        yield url


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``visit()``: the sheet in the same browser each time; a complaint on its console fails the test."""
    contexts: dict[str, object] = {}
    complaints: list[str] = []

    def make(size: str = "desktop") -> Page:
        context = contexts.get(size) or browser.new_context(
            viewport=SIZES[size], locale="vi-VN", has_touch=size == "phone"
        )
        contexts[size] = context
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        expect(page.locator(".sheet")).to_have_attribute("data-ready", "1")
        return page

    yield make
    for context in contexts.values():
        context.close()
    assert not [text for text in complaints if not EXPECTED.match(text)]


def cell(page: Page, row: int, kind: str, number: int = 1) -> Locator:
    """The field of a cell; rows are counted from 1, as on the screen."""
    return page.locator(f"tr[data-pupil='{FIRST + row - 1}'] input[data-kind={kind}][data-number='{number}']")


def td(page: Page, row: int, kind: str, number: int = 1) -> Locator:
    return cell(page, row, kind, number).locator("xpath=..")


def average(page: Page, row: int) -> Locator:
    return page.locator(f"tr[data-pupil='{FIRST + row - 1}'] [data-avg]")


def keys(page: Page, *pressed: str) -> None:
    """Named keys are pressed, the rest is typed."""
    for key in pressed:
        if re.fullmatch(r"[A-Z]\w+|Control\+\w+|Shift\+\w+", key):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def paste(at: Locator, text: str) -> None:
    """What the spreadsheet's Ctrl+V does."""
    at.focus()
    at.evaluate(
        """(input, text) => {
            const data = new DataTransfer();
            data.setData('text/plain', text);
            input.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def saves(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-saves]")).to_contain_text(text)


def test_the_browser_gives_the_averages_of_the_rules(visit):
    page, cases = visit(), json.loads(CASES.read_text("utf-8"))["cases"]
    given = page.evaluate(
        """async cases => {
            const { read, show, termAverage, yearAverage } = await import('/static/assessment/averages.js');
            const tenths = text => read(text, 'score').value;
            const average = one => one.kind === 'year' ? yearAverage(tenths(one.first), tenths(one.second))
                : termAverage(one.formative.map(tenths), tenths(one.midterm), tenths(one.final), one.formative.length);
            return cases.map(one => show(average(one), 'score'));
        }""",
        cases,
    )
    assert len(cases) == 235
    assert given == [case["average"] for case in cases]


READ = {
    "score": {
        "8": "80", "85": "85", "10": "100", "05": "5", "0": "0", "00": "0", "11": "11", "8,5": "85", "8.5": "85", "10,0": "100",
        f"{SPACE}7,5 ": "75", "v": "absent", "V": "absent", "b": "make_up", "": "",
        "85.": None, "1,25": None, "8-5": None, "8/5": None, "105": None, "10,1": None, "-1": None, "x": None, "8,5đ": None,
        "24/11/2026": None, "²": None, "8,": None, ",5": None,
    },
    "comment": {
        "Đ": "D", "đ": "D", "d": "D", "D": "D", "Ð": "D", "ð": "D", "Đạt": "D", "c": "CD", "C": "CD", "CĐ": "CD", "cđ": "CD",
        "CÐ": "CD", "cd": "CD", "Chưa đạt": "CD", "Chu\u031ba \u0111a\u0323t": "CD", "v": "absent", "b": "make_up", "": "",
        "8": None, "K": None, "ĐĐ": None,
    },
    "text": {" Có tiến bộ.\n Cần đọc nhiều hơn ": "Có tiến bộ. Cần đọc nhiều hơn", "Tie\u0302\u0301n": "Tiến", "x" * 501: None},
}  # fmt: skip


@pytest.mark.parametrize("method", READ)
def test_typed_text_is_read_or_refused_with_a_reason(visit, method):
    given = visit().evaluate(
        """async ([texts, method]) => {
            const { read } = await import('/static/assessment/averages.js');
            return texts.map(text => { const found = read(text, method); return found.reason ? null : found.value; });
        }""",
        [list(READ[method]), method],
    )
    assert dict(zip(READ[method], given, strict=True)) == READ[method]


def test_missing_marks_make_no_average_and_results_need_every_assessment(visit):
    given = visit().evaluate(
        """async () => {
            const { termAverage, termResult } = await import('/static/assessment/averages.js');
            return [
                termAverage(['80', '70'], '80', '80', 3), termAverage(['80', 'absent'], '80', '80', 2),
                termAverage(['80', '80'], 'absent', '80', 2), termAverage(['80', '80'], 'make_up', '80', 2),
                termAverage(['80', '80'], '80', '', 2), termAverage(['80', '80', '60'], '80', '80', 2),
                termResult(['D', 'D'], 'D', 'D', 2), termResult(['D', 'CD'], 'D', 'D', 2),
                termResult(['D', 'absent'], 'D', 'D', 2), termResult(['D', 'make_up'], 'D', 'D', 2), termResult(['D'], 'D', 'D', 2),
            ];
        }"""
    )
    assert given == [None, None, "57", None, None, "78", "D", "CD", "CD", None, None]


def test_digits_go_down_the_column_and_are_saved_in_one_batch(visit, stub):
    page = visit()
    cell(page, 1, "ck").click()
    keys(page, "8", "Enter", "85", "ArrowDown", "10", "Enter", "05", "Enter", "v", "Enter", "b", "Enter")
    shown = [cell(page, row, "ck").input_value() for row in range(1, 8)]
    assert shown == ["8,0", "8,5", "10,0", "0,5", "V", "B", ""]
    expect(cell(page, 7, "ck")).to_be_focused()
    saves(page, "Đã lưu 6/6 lúc 10:42")
    expect(td(page, 2, "ck")).to_have_attribute("data-s", "saved")
    assert [stub.value(n, "ck") for n in range(6)] == ["80", "85", "100", "5", "absent", "make_up"]
    assert len(stub.batches) <= 2
    assert stub.batches[0]["device"].startswith("Chrome, ")
    shot(page, "mark-sheet")


def test_arrows_tab_undo_fill_and_escape(visit, stub):
    page = visit()
    cell(page, 1, "tx", 2).click()
    keys(page, "7", "ArrowRight")
    expect(cell(page, 1, "tx", 3)).to_be_focused()
    keys(page, "Tab")
    expect(cell(page, 1, "ck")).to_be_focused()  # the locked column is passed
    keys(page, "ArrowLeft", "ArrowLeft", "Enter", "Control+d")
    expect(cell(page, 2, "tx", 2)).to_have_value("7,0")
    expect(cell(page, 3, "tx", 2)).to_be_focused()
    keys(page, "9", "Escape")
    expect(cell(page, 3, "tx", 2)).to_have_value("")
    keys(page, "ArrowUp", "F2", "Backspace", "5", "ArrowUp")
    expect(cell(page, 2, "tx", 2)).to_have_value("7,5")
    keys(page, "Control+z")
    expect(cell(page, 2, "tx", 2)).to_have_value("7,0")
    keys(page, "Delete")
    expect(cell(page, 2, "tx", 2)).to_have_value("")
    keys(page, "Control+z", "Control+z", "Control+z", "Control+z")
    assert [cell(page, row, "tx", 2).input_value() for row in (1, 2)] == ["", ""]
    saves(page, "Đã lưu 2/2")
    assert stub.value(0, "tx", 2) == ""


def test_the_average_follows_the_typing(visit):
    page = visit()
    expect(average(page, 1)).to_have_text("–")
    paste(cell(page, 1, "tx", 2), "7\t8\t7\t4")
    expect(average(page, 1)).to_have_text("5,9")  # (6 + 7 + 8 + 14 + 12) / 8 = 5,875
    cell(page, 1, "ck").click()
    keys(page, "1")
    expect(average(page, 1)).to_have_text("4,8")
    expect(average(page, 1)).to_have_class(re.compile("low"))
    keys(page, "0")
    expect(average(page, 1)).to_have_text("8,1")
    keys(page, "Escape")
    expect(average(page, 1)).to_have_text("5,9")


def test_a_wrong_value_stays_in_its_cell_with_the_reason_and_is_not_sent(visit, stub):
    page = visit()
    field = cell(page, 2, "ck")
    field.click()
    keys(page, "105", "Enter", "8", "Enter")
    expect(field).to_have_value("105")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Điểm từ 0 đến 10, ô này ghi 105.")
    expect(td(page, 2, "ck")).to_have_attribute("data-s", "err")
    saves(page, "Đã lưu 1/2 lúc 10:42, 1 ô cần xem lại")
    assert stub.value(1, "ck") == ""
    page.get_by_role("button", name="Dòng 2 cột Cuối kì: Điểm từ 0 đến 10").click()
    expect(field).to_be_focused()
    expect(page.locator(".why")).to_be_visible()
    shot(page, "mark-sheet-wrong")
    keys(page, "10", "Enter")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    saves(page, "Đã lưu 2/2")
    assert stub.value(1, "ck") == "100"


def test_a_block_from_excel_goes_over_the_locked_column_and_is_undone_at_once(visit, stub):
    page = visit()
    paste(cell(page, 1, "tx", 2), 'TX\t8\t7,0\t9\t\t"Ngoan, \n""chăm"""\r\n7.5\t1,25\t9\t10\t9,9\tKhá\r\n')
    assert [cell(page, 2, "tx", n).input_value() for n in (2, 3)] == ["7,5", "1,25"]
    expect(cell(page, 1, "nx")).to_have_value('Ngoan, "chăm"')
    expect(cell(page, 2, "ck")).to_have_value("10,0")
    said = page.locator(".sheet-says")
    expect(said).to_contain_text(
        "3 ô không nhận: dòng 1 cột TX2 ghi “TX”; dòng 2 cột TX3 ghi “1,25”; dòng 2 cột Giữa kì đã khóa."
    )
    saves(page, re.compile("Đã lưu 6/8"))
    assert stub.value(1, "ck") == "100"
    keys(page, "Control+z")
    expect(cell(page, 2, "ck")).to_have_value("")
    expect(cell(page, 2, "tx", 3)).to_have_value("")
    expect(cell(page, 1, "nx")).to_have_value("")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    saves(page, "Đã lưu 6/6")
    assert stub.value(1, "ck") == ""


def test_a_block_larger_than_the_sheet_says_how_much_is_left_over(visit):
    page = visit()
    paste(cell(page, 9, "tx", 1), "5\n\n7\n8")
    expect(page.locator(".sheet-says")).to_contain_text(
        "1 ô đang có điểm thành ô trống. 2 ô nằm ngoài sổ (khối dán 4 dòng, 1 cột)."
    )
    assert [cell(page, row, "tx", 1).input_value() for row in (9, 10)] == ["5,0", ""]


def test_what_waits_survives_closing_and_is_sent_under_the_same_number(visit, stub):
    page = visit()
    stub.mode = "lost"  # the server writes and its answer never comes
    cell(page, 1, "ck").click()
    keys(page, "8", "Enter", "9", "Enter")
    saves(page, "Mất mạng, 2 ô chờ gửi")
    expect(page.get_by_text("Cứ nhập tiếp.")).to_be_visible()
    expect(td(page, 1, "ck")).to_have_attribute("data-s", "wait")
    shot(page, "mark-sheet-offline")
    keys(page, "7", "Enter")
    page.wait_for_timeout(200)
    page.close()
    stub.mode = "ok"
    again = visit()
    saves(again, "Đã lưu 3/3")
    assert [cell(again, row, "ck").input_value() for row in (1, 2, 3)] == ["8,0", "9,0", "7,0"]
    assert [stub.value(n, "ck") for n in range(3)] == ["80", "90", "70"]
    first = stub.batches[0]
    assert [batch["batch"] for batch in stub.batches].count(first["batch"]) >= 2
    assert sum(place == (FIRST, "ck", 1) for place, _value, _by in stub.entries) == 1
    assert again.locator("[data-s=err]").count() == 0


def test_without_a_network_typing_goes_on(visit, stub):
    page = visit()
    page.context.set_offline(True)
    saves(page, "Mất mạng")
    cell(page, 1, "ck").click()
    keys(page, *["8", "Enter"] * 10)
    saves(page, "Mất mạng, 10 ô chờ gửi")
    page.context.set_offline(False)
    saves(page, "Đã lưu 10/10")
    assert [stub.value(n, "ck") for n in range(10)] == ["80"] * 10
    expect(page.get_by_text("Cứ nhập tiếp.")).to_have_count(0)


def test_a_value_typed_while_the_first_is_on_its_way_is_no_clash(visit, stub):
    page = visit()
    stub.mode = "broken"
    cell(page, 1, "ck").click()
    keys(page, "8", "Enter")
    saves(page, "Máy chủ chưa nhận, 1 ô chờ gửi")
    keys(page, "ArrowUp", "9", "Enter")
    stub.mode = "ok"
    page.get_by_role("button", name="Thử lại ngay").click()
    saves(page, "Đã lưu 1/1")
    assert stub.value(0, "ck") == "90"
    assert page.locator("[data-s=err]").count() == 0


@pytest.mark.parametrize("mine", [True, False])
def test_a_clash_shows_both_values_and_asks(visit, stub, mine):
    page = visit()
    stub.write((FIRST, "ck", 1), "70", "Trần Thị Lan")
    field = cell(page, 1, "ck")
    field.click()
    keys(page, "85", "Enter")
    saves(page, "1 ô cần xem lại")
    expect(td(page, 1, "ck")).to_have_attribute("data-by", "Trần Thị Lan: 7,0")
    expect(field).to_have_value("8,5")
    keys(page, "ArrowUp")
    expect(page.locator(".why")).to_contain_text("Trần Thị Lan ghi 7,0 lúc 10:41.")
    shot(page, "mark-sheet-clash")
    keys(page, "Tab", *([] if mine else ["Tab"]))
    expect(page.get_by_role("button", name="Giữ 8,5 của tôi" if mine else "Lấy 7,0", exact=True)).to_be_focused()
    keys(page, "Enter")
    expect(field).to_be_focused()
    saves(page, "Đã lưu 1/1")
    expect(field).to_have_value("8,5" if mine else "7,0")
    assert stub.value(0, "ck") == ("85" if mine else "70")


def test_both_wrote_the_same(visit, stub):
    page = visit()
    stub.write((FIRST, "ck", 1), "85", "Trần Thị Lan")
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter")
    saves(page, "Đã lưu 1/1")
    assert page.locator("[data-s=err]").count() == 0


def test_a_refused_cell_says_why_and_the_others_are_saved(visit, stub):
    page = visit()
    stub.refusals[FIRST, "ck", 1] = "Em không còn học ở lớp này."
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter", "9", "Enter")
    saves(page, "Đã lưu 1/2 lúc 10:42, 1 ô cần xem lại")
    expect(cell(page, 1, "ck")).to_have_value("8,5")
    expect(cell(page, 1, "ck")).to_have_accessible_description("Em không còn học ở lớp này.")
    assert stub.value(1, "ck") == "90"
    stub.refusals[FIRST + 3, "ck", 1] = "Cột Cuối kì đã khóa"
    cell(page, 4, "ck").click()
    keys(page, "7", "Enter")
    expect(page.locator(".note")).to_contain_text("Có ô không được nhận. 2 ô chưa lưu")
    expect(page.get_by_role("button", name="Dòng 4 cột Cuối kì: Cột Cuối kì đã khóa")).to_be_visible()
    page.get_by_role("button", name="Bỏ các ô chưa lưu").click()
    expect(cell(page, 1, "ck")).to_have_value("")
    expect(page.locator(".note")).to_have_count(0)


def test_a_value_taken_back_while_it_is_on_its_way_is_taken_back_on_the_server_too(visit, stub):
    page = visit()
    stub.mode = "lost"
    cell(page, 1, "ck").click()
    keys(page, "8", "Enter")
    saves(page, "Mất mạng, 1 ô chờ gửi")
    keys(page, "Control+z")
    expect(cell(page, 1, "ck")).to_have_value("")
    stub.mode = "ok"
    page.get_by_role("button", name="Thử lại ngay").click()
    saves(page, "Đã lưu 1/1")
    assert [value for place, value, _by in stub.entries if place == (FIRST, "ck", 1)] == ["80", ""]


def test_a_term_that_closed_meanwhile_keeps_the_cells_and_offers_ways_out(visit, stub):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stub.mode = "closed"
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter", "9", "Enter")
    note = page.locator(".note")
    expect(note).to_contain_text(
        "Học kì I đã khóa ngày 15/01. Xin mở khóa rồi gửi lại. 2 ô chưa lưu: dòng 1 cột Cuối kì; dòng 2 cột Cuối kì."
    )
    expect(cell(page, 1, "ck")).to_have_value("8,5")
    expect(cell(page, 1, "ck")).to_have_attribute("aria-invalid", "true")
    shot(page, "mark-sheet-closed")
    note.get_by_role("button", name="Chép các ô chưa lưu").click()
    expect(page.locator(".sheet-says")).to_contain_text("Đã chép các ô chưa lưu.")
    assert (
        page.evaluate("navigator.clipboard.readText()") == "Tô Bình An\tCuối kì\t8,5\nĐoàn Ngọc Minh Anh\tCuối kì\t9,0"
    )
    note.get_by_role("button", name="Bỏ các ô chưa lưu").click()
    expect(note).to_have_count(0)
    assert [cell(page, row, "ck").input_value() for row in (1, 2)] == ["", ""]
    stub.mode = "ok"
    cell(page, 1, "ck").click()
    keys(page, "Control+z")
    saves(page, "Đã lưu 2/2")
    assert [stub.value(n, "ck") for n in range(2)] == ["85", "90"]


def test_a_queue_that_comes_back_after_the_columns_were_locked(visit, stub):
    page = visit()
    stub.mode = "broken"
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter")
    saves(page, "Máy chủ chưa nhận, 1 ô chờ gửi")
    page.close()
    stub.mode = "closed"
    stub.locked |= {"ck"}
    again = visit()
    expect(again.locator(".note")).to_contain_text("1 ô chưa lưu: dòng 1 cột Cuối kì.")
    expect(again.locator(f"tr[data-pupil='{FIRST}'] td[data-kind=ck]")).to_have_attribute("data-s", "err")
    again.get_by_role("button", name="Bỏ các ô chưa lưu").click()
    expect(again.locator("[data-s=err]")).to_have_count(0)
    again.reload()
    expect(again.locator(".sheet")).to_have_attribute("data-ready", "1")
    expect(again.locator("[data-s]")).to_have_count(0)


def test_signed_out_meanwhile(visit, stub):
    page = visit()
    stub.mode = "out"
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter")
    saves(page, "Phiên làm việc đã hết, 1 ô chờ gửi")
    stub.mode = "ok"
    page.get_by_role("button", name="Tải lại trang").click()
    saves(page, "Đã lưu 1/1")
    assert stub.value(0, "ck") == "85"


def test_another_teachers_values_come_in_while_one_types(visit, stub):
    page = visit()
    cell(page, 2, "ck").click()
    keys(page, "8")
    stub.write((FIRST + 4, "ck", 1), "45", "Trần Thị Lan")
    stub.write((FIRST + 1, "ck", 1), "50", "Trần Thị Lan")
    stub.write((FIRST + 2, "gk", 1), "90", "Trần Thị Lan")
    expect(cell(page, 5, "ck")).to_have_value("4,5")
    expect(td(page, 5, "ck")).to_have_attribute("data-by", "Trần Thị Lan")
    expect(page.locator(f"tr[data-pupil='{FIRST + 2}'] td[data-kind=gk]")).to_have_text("9,0")
    expect(cell(page, 2, "ck")).to_have_value("8")
    expect(cell(page, 2, "ck")).to_be_focused()
    keys(page, "Escape")
    expect(cell(page, 2, "ck")).to_have_value("5,0")
    keys(page, "6", "Enter")
    saves(page, "Đã lưu 1/1")
    assert stub.value(1, "ck") == "60"


def test_news_over_a_cell_that_waits_is_a_clash(visit, stub):
    page = visit()
    page.context.set_offline(True)
    cell(page, 1, "ck").click()
    keys(page, "85", "Enter")
    stub.write((FIRST, "ck", 1), "70", "Trần Thị Lan")
    page.context.set_offline(False)
    saves(page, "1 ô cần xem lại")
    expect(cell(page, 1, "ck")).to_have_value("8,5")
    assert stub.value(0, "ck") == "70"


def test_two_tabs_of_one_teacher(visit, stub):
    one, two = visit(), visit()
    cell(one, 1, "ck").click()
    keys(one, "8", "Enter")
    saves(one, "Đã lưu 1/1")
    expect(cell(two, 1, "ck")).to_have_value("8,0")
    assert two.locator("[data-by]").count() == 0
    cell(two, 1, "ck").click()
    keys(two, "9", "Enter")
    saves(two, "Đã lưu 1/1")
    expect(cell(one, 1, "ck")).to_have_value("9,0")
    assert page_errors(one) == page_errors(two) == 0


def page_errors(page: Page) -> int:
    return page.locator("[data-s=err]").count()


def test_nobody_is_asked_for_news_in_a_hidden_page(visit, stub):
    page = visit()
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    before = stub.news_asked
    page.wait_for_timeout(4500)
    assert stub.news_asked == before


def test_a_subject_of_comments(visit, stub):
    stub.method = "comment"
    for n in range(10):
        stub.write((FIRST + n, "tx", 1), "D", "")
        stub.write((FIRST + n, "gk", 1), "D", "")
    page = visit()
    paste(cell(page, 1, "tx", 2), "Đạt\td\tĐ\tc\nD\tÐ\tĐ\tđ")
    assert [cell(page, row, "ck").input_value() for row in (1, 2)] == ["CĐ", "Đ"]
    expect(average(page, 1)).to_have_text("CĐ")
    expect(average(page, 2)).to_have_text("Đ")
    saves(page, "Đã lưu 6/6")
    assert [stub.value(n, "ck") for n in range(2)] == ["CD", "D"]


def test_what_a_phones_number_pad_lacks_has_buttons(visit, stub):
    page = visit("phone")
    cell(page, 1, "ck").tap()
    page.get_by_role("button", name="V: vắng").tap()
    expect(cell(page, 1, "ck")).to_have_value("V")
    expect(cell(page, 2, "ck")).to_be_focused()
    keys(page, "8")
    page.get_by_role("button", name="B: chờ kiểm tra bù").tap()
    expect(cell(page, 2, "ck")).to_have_value("B")
    saves(page, "Đã lưu 2/2")
    assert [stub.value(n, "ck") for n in range(2)] == ["absent", "make_up"]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_it_fits_and_is_accessible_with_every_kind_of_message(visit, stub, size):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(size)
    page.emulate_media(reduced_motion="reduce")
    stub.write((FIRST + 1, "ck", 1), "70", "Trần Thị Lan")
    stub.refusals[FIRST + 2, "ck", 1] = "Em không còn học ở lớp này."
    first = cell(page, 1, "ck")
    first.tap() if size == "phone" else first.click()
    keys(page, "105", "Enter", "85", "Enter", "9", "Enter", "7", "Enter")
    saves(page, "3 ô cần xem lại")
    stub.mode = "broken"
    keys(page, "6", "Enter")
    saves(page, "Máy chủ chưa nhận, 1 ô chờ gửi")
    cell(page, 2, "ck").focus()
    ask = page.locator("td:focus-within .why")
    expect(ask).to_be_visible()
    box, sheet = ask.bounding_box(), page.locator(".sheet").bounding_box()
    assert box["x"] >= sheet["x"]
    assert box["x"] + box["width"] <= sheet["x"] + sheet["width"]
    assert all(button.bounding_box()["height"] >= 40 for button in ask.locator("button").all())
    fits(page)
    shot(page, "mark-sheet-messages")
    for scheme, rules in (("light", None), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules).response["violations"]
        assert not [(v["id"], v["nodes"][0]["html"][:150]) for v in found if v["impact"] in ("serious", "critical")]
