"""Steps that journeys share."""

import os
from pathlib import Path

from playwright.sync_api import Page

from .installation import Installation

DEMO_PASSWORD = "khue-trinh-dien"


def sign_in(page: Page, at: Installation, username: str, password: str = DEMO_PASSWORD) -> None:
    page.goto(at.url + "/tai-khoan/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.click("main form button.primary")
    page.wait_for_url(lambda url: "/login" not in url)


def fits(page: Page) -> None:
    """No sideways scrolling."""
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, f"{page.url} scrolls sideways by {width} px"


def shot(page: Page, name: str) -> None:
    """A screenshot for whoever asked for them (KHUE_SHOTS names a folder)."""
    folder = os.environ.get("KHUE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png")
