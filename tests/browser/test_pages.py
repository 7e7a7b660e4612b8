"""Every page in a real browser: readable for everybody (WCAG 2.1 AA), at every width, by keyboard, without script."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.background import Background, in_background
from tests.browser.conftest import another_page, width
from tests.browser.rehearsal import DOMAIN, Rehearsal, arrive, plain, question, rehearsal

KARIN = "karin.lindqvist@example.org"
LONG = "a.person.with.a.very.long.name.at.a.very.long.institution@a-very-long-institution-name.example.org"
PAGES = (
    "/",
    "/mailroom",
    "/mailroom?find=nobody",
    f"/mailroom/inbox/{KARIN}?notice=sent",
    "/mailroom/inbox/anna.berg@example.org",
    "/mailroom/letter/1/html",
    "/mailroom/letter/1/text",
    "/mailroom/letter/1/source",
    "/mailroom/letter/1/frame",
    "/mailroom/letter/2",
    "/mailroom/compose",
    "/unsubscribe/good-key",
    "/unsubscribe/bad-key",
    "/nothing",
)
WIDTHS = (1280, 360, 320)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rehearsal, Background]]:
    """A mailroom with letters 1 (a question) and 2 (a post from somebody with a long name)."""
    with in_background(rehearsal(tmp_path_factory.mktemp("served"))) as (room, background):
        background.call(room.put(KARIN, question(attachment=True)))
        background.call(room.put(LONG, plain(f"A <{LONG}>", f"cataloguing@{DOMAIN}", "W" * 120, "w" * 300)))
        background.call(room.db.write(lambda tx: arrive(tx, LONG, f"cataloguing@{DOMAIN}", "handled", "held")))
        yield room, background


def wide(chrome: webdriver.Chrome) -> int:
    return int(chrome.execute_script("return document.documentElement.scrollWidth"))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_has_to_be_scrolled_sideways(
    page: webdriver.Chrome, served: tuple[Rehearsal, Background], path: str
) -> None:
    for pixels in WIDTHS:
        width(page, pixels)
        page.get(served[0].url + path)
        assert wide(page) <= pixels, pixels


@pytest.mark.parametrize("path", PAGES)
def test_the_page_has_its_landmarks_and_names(
    page: webdriver.Chrome, served: tuple[Rehearsal, Background], path: str
) -> None:
    page.get(served[0].url + path)
    assert page.find_element(By.TAG_NAME, "html").get_attribute("lang") in ("en", "sv")
    assert page.title
    if path.endswith("/frame"):
        return
    assert [len(page.find_elements(By.TAG_NAME, tag)) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(one.tag_name[1]) for one in page.find_elements(By.CSS_SELECTOR, "main :is(h1, h2, h3)")]
    assert levels[0] in (1, 2)
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    for field in page.find_elements(By.CSS_SELECTOR, "input:not([type=hidden]), textarea, button, a, iframe"):
        assert field.accessible_name or not field.is_displayed(), field.get_attribute("outerHTML")
    assert page.find_elements(By.CSS_SELECTOR, "script, [style], [onclick], meta[http-equiv]") == []


# axe is a script, and in the sandboxed frame no script runs, not even a driver's promise.
@pytest.mark.parametrize("path", [path for path in PAGES if not path.endswith("/frame")])
@pytest.mark.parametrize("pixels", [1280, 360])
def test_axe_finds_nothing(
    page: webdriver.Chrome, served: tuple[Rehearsal, Background], path: str, pixels: int
) -> None:
    pytest.importorskip("axe_core_python")
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    width(page, pixels)
    page.get(served[0].url + path)
    page.execute_script(axe)
    found = page.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(done);"
    )
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []
    assert found["passes"]


def focused(chrome: webdriver.Chrome) -> WebElement:
    return chrome.switch_to.active_element


def tab_to(chrome: webdriver.Chrome, text: str) -> WebElement:
    """Press Tab until something with this name has the focus, which must be seen on it."""
    for _ in range(60):
        focused(chrome).send_keys(Keys.TAB)
        now = focused(chrome)
        if text in now.accessible_name:
            outline = now.value_of_css_property("outline-style"), now.value_of_css_property("outline-width")
            assert outline == ("solid", "3px")
            return now
    raise AssertionError(f"{text!r} cannot be reached by keyboard")


def test_the_first_tab_leads_past_the_navigation(page: webdriver.Chrome, served: tuple[Rehearsal, Background]) -> None:
    page.get(served[0].url + "/mailroom")
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    skip = focused(page)
    assert skip.text == "Skip to the content"
    assert skip.rect["y"] >= 0
    skip.send_keys(Keys.ENTER)
    assert focused(page).tag_name == "main"


def test_a_mail_is_written_by_keyboard_alone(page: webdriver.Chrome, served: tuple[Rehearsal, Background]) -> None:
    room, _ = served
    page.get(room.url + "/mailroom")
    with another_page(page):
        tab_to(page, "Write as Robin Ek").send_keys(Keys.ENTER)
    subject = tab_to(page, "Subject")
    assert subject.get_attribute("value") == "New opening hours"
    with another_page(page):
        tab_to(page, "Send").send_keys(Keys.ENTER)
    assert focused(page).text == "Sent. The service took the mail and has dealt with it."
    sender, to, content = room.sink.mails[-1]
    assert (sender, to) == ("robin.ek@example.net", [f"cataloguing@{DOMAIN}"])
    assert b"Subject: New opening hours\r\n" in content


def test_a_mistake_is_told_where_it_is(page: webdriver.Chrome, served: tuple[Rehearsal, Background]) -> None:
    page.get(served[0].url + "/mailroom/compose")
    page.find_element(By.ID, "as").send_keys("Robin")
    with another_page(page):
        page.find_element(By.ID, "to").send_keys(f"cataloguing@{DOMAIN}", Keys.ENTER)
    assert page.find_element(By.CSS_SELECTOR, "[role=alert] h2").text == "The mail was not sent"
    page.find_element(By.PARTIAL_LINK_TEXT, "The sender needs one address").click()
    field = focused(page)
    assert (field.get_attribute("id"), field.get_attribute("aria-invalid")) == ("as", "true")


def test_a_letter_cannot_touch_the_page_around_it(page: webdriver.Chrome, served: tuple[Rehearsal, Background]) -> None:
    page.get(served[0].url + "/mailroom/letter/1/html")
    assert page.title.startswith("Approve Robin Ek's mail")
    page.switch_to.frame(page.find_element(By.TAG_NAME, "iframe"))
    assert "has written to Cataloguing" in page.find_element(By.TAG_NAME, "body").text
    assert page.find_elements(By.CSS_SELECTOR, "script, [onerror]") == []
    assert page.execute_script("return window.origin") == "null"


def test_a_link_in_the_letter_opens_a_mail_like_in_a_mail_program(
    page: webdriver.Chrome, served: tuple[Rehearsal, Background]
) -> None:
    page.get(served[0].url + "/mailroom/letter/1/html")
    with another_page(page):
        page.switch_to.frame(page.find_element(By.TAG_NAME, "iframe"))
        page.find_element(By.LINK_TEXT, "Approve").click()
    assert page.find_element(By.TAG_NAME, "h1").text == "New mail"
    values = [page.find_element(By.ID, one).get_attribute("value") for one in ("as", "to", "mail-subject")]
    assert values == [KARIN, f"reply+abc@{DOMAIN}", "approve [#12]"]


def test_nobody_is_taken_away_by_a_page_that_reloads(
    page: webdriver.Chrome, served: tuple[Rehearsal, Background]
) -> None:
    page.get(served[0].url + f"/mailroom/inbox/{KARIN}")
    again = page.find_element(By.LINK_TEXT, "Look again")
    assert again.get_attribute("href") == f"{served[0].url}/mailroom/inbox/{KARIN}"


def test_leaving_takes_one_press(page: webdriver.Chrome, tmp_path: Path) -> None:
    with in_background(rehearsal(tmp_path)) as (room, background):
        page.get(room.url + "/unsubscribe/good-key")
        with another_page(page):
            page.find_element(By.XPATH, "//button[.='Lämna Cataloguing']").click()
        assert page.find_element(By.TAG_NAME, "h1").text == "Klart"
        left = background.call(room.db.read(lambda tx: tx.one("SELECT 1 FROM meta WHERE key = 'left'")))
        assert left is not None
