"""A group's archive in a real browser: narrow, by axe, by keyboard, and with hostile posts that do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.background import Background, in_background
from tests.browser.conftest import another_page, width
from tests.browser.test_directory_pages import log_in
from tests.systems.test_archive_pages import HOSTILE, SVEN, with_file
from tests.systems.test_documents import INSIDE, KARIN, furnish
from tests.systems.world import DOMAIN, World, running

ANNA = "Anna Berg <anna@example.org>"
PATHS = ("", "/1", "/2", "/3", "/4", "?q=maps", "?q=nothing", "?month=2026-10")
LONG = "Long" + "g" * 200


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World, Background]]:
    """A network with some posts."""
    talk = f"cataloguing@{DOMAIN}"
    quoting = "Fine.\n\nOn Mon, Anna Berg wrote:\n> They hang in the hall, see\n>> https://example.org/" + "m" * 150
    between = "> Who comes?\n\nI do.\n\n> Who else?\n\nSven."
    with in_background(running(tmp_path_factory.mktemp("served"), INSIDE)) as (world, background):
        background.call(furnish(world))
        background.call(world.send(ANNA, talk, "New maps", "They hang in the hall.\n\nhttps://example.org/maps"))
        thread = {"In-Reply-To": "<mail-1@example.org>"}
        background.call(world.send(KARIN, talk, "Re: New maps", quoting, headers=thread))
        hostile = with_file(f'x"{HOSTILE}.html', b"<script>", subject=f"{HOSTILE} {LONG}", html=f"<p>{HOSTILE}{LONG}")
        hostile = hostile.replace(b"talk@", b"cataloguing@")
        background.call(world.submit(hostile, "anna@example.org", [talk]))
        background.call(world.send(KARIN, talk, "Re: New maps", between, headers=thread))
        background.call(world.send(SVEN, talk, "From outside", "Maps"))
        host, port = world.service.web.address
        yield f"http://{host}:{port}", world, background


def test_pages_are_for_everybody_at_every_width(page: webdriver.Chrome, served: tuple[str, World, Background]) -> None:
    pytest.importorskip("axe_core_python")
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    log_in(page, served)
    for path in PATHS:
        page.get(f"{served[0]}/g/cataloguing/archive{path}")
        for one in page.find_elements(By.TAG_NAME, "summary"):
            one.click()
        for pixels in (1280, 360, 320):
            width(page, pixels)
            assert page.execute_script("return document.documentElement.scrollWidth") <= pixels, (path, pixels)
        page.execute_script(axe)
        found = page.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(done);"
        )
        assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
        assert page.find_elements(By.CSS_SELECTOR, "script, [style], [onclick], [onerror], meta[http-equiv]") == []
    page.delete_all_cookies()


def test_a_member_finds_a_post_and_reads_on(page: webdriver.Chrome, served: tuple[str, World, Background]) -> None:
    log_in(page, served)
    page.get(f"{served[0]}/g/cataloguing")
    with another_page(page):
        page.find_element(By.LINK_TEXT, "Read earlier posts").click()
    with another_page(page):
        page.find_element(By.ID, "q").send_keys("hall", Keys.ENTER)
    assert page.find_element(By.CSS_SELECTOR, "[role=status]").text.startswith("1 post fits “hall”.")
    with another_page(page):
        page.find_element(By.CSS_SELECTOR, "main .letters a").click()
    assert page.find_element(By.TAG_NAME, "h1").text == "New maps"
    with another_page(page):
        page.find_element(By.LINK_TEXT, "Next post").click()
    quoted = page.find_element(By.CSS_SELECTOR, "details .text")
    assert not quoted.is_displayed()
    page.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert quoted.is_displayed()
    page.delete_all_cookies()
