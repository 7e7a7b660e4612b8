"""What the mailroom's front page promises a newcomer, done in a browser against the whole service."""

from __future__ import annotations

from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.browser.background import in_background
from tests.browser.conftest import another_page
from tests.systems.world import running

KARIN = "Karin Lindqvist <karin.lindqvist@example.org>"
METTE = "Mette Sørensen <mette.sorensen@example.org>"
ANNA = "Anna Berg <anna.berg@example.org>"


def subjects(page: webdriver.Chrome) -> list[str]:
    return [one.text for one in page.find_elements(By.CSS_SELECTOR, ".letters .what")]


def press(page: webdriver.Chrome, by: str, what: str) -> None:
    """Press a link or a button, and wait for the page that it leads to."""
    with another_page(page):
        page.find_element(by, what).click()


def open_inbox(page: webdriver.Chrome, name: str) -> None:
    press(page, By.PARTIAL_LINK_TEXT, name)


def new_ones(page: webdriver.Chrome) -> set[str]:
    """Whose inboxes are marked as having something new."""
    marked = page.find_elements(By.XPATH, "//nav[@id='inboxes']//li[.//strong[contains(., 'new')]]")
    return {one.find_element(By.CLASS_NAME, "who").text for one in marked}


def test_the_four_steps(page: webdriver.Chrome, tmp_path: Path) -> None:
    with in_background(running(tmp_path)) as (world, background):
        group = background.call(world.group("cataloguing", moderator=KARIN, deputy=METTE))
        background.call(world.member(group, ANNA))
        host, port = world.service.web.address
        page.get(f"http://{host}:{port}/mailroom")

        press(page, By.LINK_TEXT, "Write as Robin Ek")
        press(page, By.XPATH, "//main//button[.='Send']")
        assert page.find_element(By.ID, "notice").text.startswith("Sent.")
        assert len(subjects(page)) == 1
        assert new_ones(page) == {"robin.ek@example.net", "Karin Lindqvist", "Mette Sørensen"}

        open_inbox(page, "Karin Lindqvist")
        press(page, By.CSS_SELECTOR, ".letters a")
        approve = page.find_element(By.CSS_SELECTOR, ".answers button")
        assert "approve" in approve.text.lower()
        press(page, By.CSS_SELECTOR, ".answers button")
        assert page.find_element(By.ID, "notice").text.startswith("Sent.")

        for name in ("Anna Berg", "Karin Lindqvist", "Mette Sørensen"):
            open_inbox(page, name)
            assert "New opening hours" in subjects(page)
        assert background.call(world.reasons()) == ["held", "answered"]


def test_a_reply_typed_in_the_mailroom_is_read_as_an_answer(page: webdriver.Chrome, tmp_path: Path) -> None:
    with in_background(running(tmp_path)) as (world, background):
        group = background.call(world.group("cataloguing", moderator=KARIN, deputy=METTE))
        background.call(world.member(group, ANNA))
        background.call(world.send("Sven Ek <sven@example.net>", "cataloguing@networks.example.org", "Hi", "May I?"))
        host, port = world.service.web.address
        page.get(f"http://{host}:{port}/mailroom/inbox/mette.sorensen@example.org")
        press(page, By.CSS_SELECTOR, ".letters a")
        page.find_element(By.ID, "text").send_keys("Ja tak")
        press(page, By.XPATH, "//section[@aria-labelledby='reply']//button")
        assert background.call(world.reasons()) == ["held", "answered"]
        open_inbox(page, "Anna Berg")
        assert subjects(page) == ["Hi"]


def test_leaving_by_the_button_of_the_mail_program(page: webdriver.Chrome, tmp_path: Path) -> None:
    with in_background(running(tmp_path)) as (world, background):
        group = background.call(world.group("cataloguing", moderator=KARIN, deputy=METTE))
        background.call(world.member(group, ANNA))
        background.call(world.send(KARIN, "cataloguing@networks.example.org", "Hello", "Hello all"))
        letter = background.call(world.letter(ANNA, "Hello"))
        key = str(letter.message["List-Unsubscribe"]).partition("/unsubscribe/")[2].partition(">")[0]
        host, port = world.service.web.address
        page.get(f"http://{host}:{port}/unsubscribe/{key}")
        press(page, By.XPATH, "//main//button")
        rows = background.call(world.rows("SELECT ended_at FROM membership WHERE ended_at IS NOT NULL"))
        assert len(rows) == 1
