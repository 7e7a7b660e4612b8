"""The way of a newcomer: a real installation, real mail sent with swaks, the letters that people read."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from tests.e2e.installation import DOMAIN, Installation
from tests.tools import require_tool

pytestmark = pytest.mark.e2e

KARIN = "karin@example.org"
PER = "per@example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = Installation(tmp_path_factory.mktemp("site"), require_tool("swaks"))
    installation.set_up()
    installation.start()
    try:
        yield installation
    finally:
        assert installation.stop() == 0


def group(site: Installation, name: str, language: str = "en", moderator: str = KARIN) -> str:
    """A group with a moderator, Per as deputy and one member of its own; the member's address."""
    site.run(
        "group", "add", name, "--kind", "network", "--title", name.title(), "--language", language,
        "--moderator", moderator, "--deputy", PER if language == "en" else "pia@example.org", "--join", "moderated",
    )  # fmt: skip
    member = f"member-{name}@example.com"
    site.run("member", "add", name, member, "--name", "Maja Vik")
    return member


def posts(site: Installation, address: str, name: str) -> list[str]:
    """Subjects of what the group has sent to somebody."""
    return [one.subject for one in site.inbox(address) if one.message["List-Id"] and name in one.message["List-Id"]]


def test_join_confirm_approve_in_swedish_welcome(site: Installation) -> None:
    svea = "svea@example.org"
    group(site, "joining", language="sv", moderator=svea)
    newcomer = "Mette Dahl <mette@example.net>"
    site.write(newcomer, f"joining-anmal@{DOMAIN}")
    site.answer(newcomer, site.inbox("mette@example.net")[-1], "Ja")
    site.answer(svea, site.letter(svea, "Mette Dahl"), "Godkänn, välkommen!")
    welcome = site.inbox("mette@example.net")[-1]
    assert f"joining@{DOMAIN}" in welcome.text
    assert f"joining-leave@{DOMAIN}" in welcome.text
    assert "mette@example.net" in site.run("member", "list", "joining")


def test_a_strangers_post_is_approved_by_the_deputys_html_only_answer(site: Installation) -> None:
    member = group(site, "holding")
    site.write("Sven Ek <sven@example.net>", f"holding@{DOMAIN}", "A question about loans", "May I ask something?")
    assert posts(site, member, "holding") == []
    assert "A question about loans" in site.run("case", "list", "--open")
    question = site.letter(PER, "A question about loans")
    message = EmailMessage()
    message["Subject"] = f"SV: {question.subject}"
    message["In-Reply-To"] = str(question.message["Message-ID"])
    message.set_content(
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang="SV"><div class="WordSection1">'
        '<p class="MsoNormal">Ja tack<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">'
        "<b>Från:</b> Question &lt;cases@networks.example.org&gt;<br><b>Skickat:</b> den 23 november 2026 10:00<br>"
        f"<b>Till:</b> Per Holm<br><b>Ämne:</b> {question.subject}<o:p></o:p></p></div></div>"
        f"<p>{question.text}</p></div></body></html>",
        subtype="html",
    )
    site.send("Per Holm <per@example.org>", question.reply_to, message)
    assert posts(site, member, "holding") == ["A question about loans"]
    assert 'Read as: YES ("Ja tack")' in site.letter(PER, "Your answer").text


def test_rejected_in_danish_and_the_author_reads_the_reason(site: Installation) -> None:
    member = group(site, "rejecting")
    site.write("sven@example.net", f"rejecting@{DOMAIN}", "An offer", "Buy now")
    site.answer(KARIN, site.letter(KARIN, "An offer"), "Afvis: Det er reklame, og den hører ikke til her.")
    assert "Det er reklame, og den hører ikke til her." in site.letter("sven@example.net", "An offer").text
    assert posts(site, member, "rejecting") == []


def test_approved_twice_is_one_fan_out(site: Installation) -> None:
    member = group(site, "twice")
    site.write("sven@example.net", f"twice@{DOMAIN}", "Once only", "Text")
    first, second = site.letter(KARIN, "Once only"), site.letter(PER, "Once only")
    site.answer(KARIN, first, "Ja")
    site.answer(PER, second, "Ja")
    assert posts(site, member, "twice") == ["Once only"]
    assert "already been decided by" in site.letter(PER, "Once only").text


def test_an_out_of_office_approves_nothing(site: Installation) -> None:
    olle = "olle@example.org"
    member = group(site, "away", moderator=olle)
    site.write("sven@example.net", f"away@{DOMAIN}", "Who is there", "Text")
    question = site.letter(olle, "Who is there")
    before = len(site.inbox(olle))
    site.answer(olle, question, "Ja, jag är på semester till den 12 augusti.", Auto_Submitted="auto-replied")
    site.write(olle, question.reply_to, f"Automatiskt svar: {question.subject}", "Ja")
    assert posts(site, member, "away") == []
    assert len(site.inbox(olle)) == before


def test_an_answer_from_an_unknown_alias_counts_after_the_yes(site: Installation) -> None:
    member = group(site, "alias")
    site.write("sven@example.net", f"alias@{DOMAIN}", "From where", "Text")
    site.answer("Karin Lind <karin.lind@example.com>", site.letter(KARIN, "From where"), "Godkänn")
    assert posts(site, member, "alias") == []
    site.answer(KARIN, site.letter(KARIN, "your address too? karin.lind@example.com"), "ja")
    assert posts(site, member, "alias") == ["From where"]
    assert "karin.lind@example.com" in site.run("person", "show", KARIN)


def test_an_unknown_address_is_refused_at_rcpt(site: Installation) -> None:
    with pytest.raises(AssertionError, match=r"550 5\.1\.1"):
        site.write("sven@example.net", f"nobody@{DOMAIN}", "x", "x")
    with pytest.raises(AssertionError, match=r"550 5\.7\.1"):
        site.write("sven@example.net", "someone@elsewhere.example.com", "x", "x")
