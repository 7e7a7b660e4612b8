"""One headless Chromium for all browser tests, with a fresh profile and nothing that calls home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.tools import require_tool

SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=en",
)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The browser; skipped where Debian's chromium and chromium-driver are not installed."""
    browser, driver = require_tool("chromium"), require_tool("chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(switch)
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    chrome.set_page_load_timeout(60)
    chrome.set_script_timeout(60)
    try:
        yield chrome
    finally:
        chrome.quit()


@pytest.fixture
def page(chromium: webdriver.Chrome, tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """The browser at 1280 pixels, on an empty page before and after."""
    width(chromium, 1280)
    yield chromium
    chromium.get("about:blank")


@contextmanager
def another_page(chrome: webdriver.Chrome) -> Iterator[None]:
    """What is done inside leads to another page; go on when that is there."""
    before = chrome.find_element(By.TAG_NAME, "html")
    yield
    chrome.switch_to.default_content()
    WebDriverWait(chrome, 30).until(lambda _: _gone(before))
    WebDriverWait(chrome, 30).until(lambda one: one.execute_script("return document.readyState") == "complete")


def _gone(element: WebElement) -> bool:
    """Whether an element's page has been left; amid the change chromedriver says so in words of its own."""
    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException as error:
        if "does not belong to the document" in str(error.msg):
            return True
        raise
    return False


def width(chrome: webdriver.Chrome, pixels: int) -> None:
    """Make the window so wide (exactly, also where a desktop's windows could not be so narrow)."""
    size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
