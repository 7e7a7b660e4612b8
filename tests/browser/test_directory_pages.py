"""The directory, a network, logging in and one's own matters in a real browser: narrow, by axe, by use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from mailsvc.store.database import Tx
from tests.browser.background import Background, in_background
from tests.browser.conftest import another_page, width
from tests.systems.test_documents import INSIDE, KARIN, SVEN, bring, furnish
from tests.systems.world import DOMAIN, World, running

PATHS = (
    *("/", "/?q=maps", "/?q=nothing", "/g/cataloguing", "/login", "/login/abcdefghij", "/accessibility"),
    *("/directory/fragment", "/cases", "/g/none"),
)


def entries(tx: Tx) -> None:
    """Everything that an entry can hold."""
    tx.execute(
        "UPDATE groups SET settings = json_set(settings, '$.purpose', 'Rules.', '$.work_questions', :questions,"
        " '$.channels', 'Chat')",
        questions="- Maps\n- A" + "a" * 80,
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World, Background]]:
    """A network with documents, and a post that waits."""
    with in_background(running(tmp_path_factory.mktemp("served"), INSIDE)) as (world, background):
        background.call(furnish(world))
        background.call(world.write(entries))
        background.call(bring(world, KARIN, ("Rules.pdf", b"x" * 4000), text="Look at again by: 2027-06-01"))
        background.call(world.send(SVEN, f"cataloguing@{DOMAIN}", "New maps", "Hello"))
        host, port = world.service.web.address
        yield f"http://{host}:{port}", world, background


def log_in(page: webdriver.Chrome, served: tuple[str, World, Background]) -> None:
    """By the link of the letter, unless somebody is already."""
    url, world, background = served
    page.get(f"{url}/login")
    if page.find_elements(By.CSS_SELECTOR, ".visitor"):
        return
    with another_page(page):
        page.find_element(By.ID, "address").send_keys("karin@example.org", Keys.ENTER)
    background.call(world.settle())
    letter = background.call(world.letter(KARIN, "code to log in"))
    match = re.search(r"Code: ([a-z2-7]{5}-[a-z2-7]{5})", letter.text)
    assert match
    with another_page(page):
        page.find_element(By.ID, "code").send_keys(match[1].upper(), Keys.ENTER)
    assert "Logged in as Karin Lind" in page.find_element(By.CSS_SELECTOR, ".visitor").text


@pytest.mark.parametrize("inside", [False, True], ids=["out", "in"])
def test_pages_are_for_everybody_at_every_width(
    page: webdriver.Chrome, served: tuple[str, World, Background], inside: bool
) -> None:
    pytest.importorskip("axe_core_python")
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    if inside:
        log_in(page, served)
    for path in PATHS:
        page.get(served[0] + path)
        for pixels in (1280, 360, 320):
            width(page, pixels)
            assert page.execute_script("return document.documentElement.scrollWidth") <= pixels, (path, pixels)
        page.execute_script(axe)
        found = page.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(done);"
        )
        assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
        assert page.find_elements(By.CSS_SELECTOR, "script, [style], [onclick], meta[http-equiv]") == []
    page.delete_all_cookies()


def test_somebody_logs_in_looks_and_logs_out(page: webdriver.Chrome, served: tuple[str, World, Background]) -> None:
    log_in(page, served)
    with another_page(page):
        page.find_element(By.LINK_TEXT, "My matters").click()
    assert "New maps" in page.find_element(By.TAG_NAME, "main").text
    with another_page(page):
        page.find_element(By.LINK_TEXT, "Networks").click()
    with another_page(page):
        page.find_element(By.LINK_TEXT, "Cataloguing").click()
    assert "Change this entry by mail" in page.find_element(By.TAG_NAME, "main").text
    with another_page(page):
        page.find_element(By.XPATH, "//button[.='Log out']").click()
    assert page.find_elements(By.CSS_SELECTOR, ".visitor") == []


def test_a_search_is_made_by_keyboard(page: webdriver.Chrome, served: tuple[str, World, Background]) -> None:
    page.get(served[0] + "/")
    with another_page(page):
        page.find_element(By.ID, "q").send_keys("maps", Keys.ENTER)
    assert page.find_element(By.CSS_SELECTOR, "[role=status]").text.startswith("1 network or group fits “maps”.")
