"""Browsers and installations for journeys. The tests of a module build on each other and share an
installation: they run in their order on one worker (``--dist loadscope``)."""

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from .installation import Installation, installation

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# the browser's own lines about answers, and their absence, that the page handles
EXPECTED = re.compile(r"the server responded with a status of (403|404|422)|net::ERR_INTERNET_DISCONNECTED")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for a module; its event loop must be gone before other modules talk to the database."""
    path = os.environ.get("KHUE_TEST_BROWSER") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def empty() -> Iterator[Installation]:
    """An installation that nobody has set up yet."""
    with installation("--empty") as running:
        yield running


@pytest.fixture
def open_page(browser: Browser) -> Iterator:
    """``open_page("phone")``: a page of its own; an error on its console or sideways scrolling fails the test."""
    contexts, complaints = [], []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            complaints.append(message.text)

    def make(size: str = "desktop") -> Page:
        context = browser.new_context(viewport=SIZES[size], locale="vi-VN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", note)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints
