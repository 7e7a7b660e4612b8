"""Commands read from mail as people write it: bare ones sent to everybody, polite ones, near misses, mailboxes."""

from __future__ import annotations

import pytest

from lists.posts.forwarded import mailbox
from lists.words.command_text import says_nothing
from lists.words.commands import Command
from lists.words.reading import is_bare_command, read

BARE = [
    "Meld meg ut\nSendt fra min iPhone",
    "Meld meg ut\n\nSendt fra min iPhone",
    "Hej! Avregistrera mig. Mvh Anna",
    "Hej, kan ni ta bort mig från listan? /Anna",
    "Please remove me from this list. Regards Anna",
    "Unsubscribe me please\nAnna Berg",
    "Unsubscribe me please, Anna",
    "Hej, kan I fjerne mig fra listen? Mvh Bo",
    "Vennligst fjern meg fra e-postlisten",
    "Ta meg av lista, takk",
    "unsubscribe",
    "Unsubscribe!",
    "LEAVE",
    "leave\n\n-- \nAnna Berg\nLibrary",
    "Hi all,\n\nPlease unsubscribe me.\n\nBest regards,\nAnna Berg\nLibrarian",
    "Could you please take me off this mailing list? Thanks!",
    "Please take me off the list",
    "I want to leave this group",
    "How do I unsubscribe from this list?",
    "Remove me from the mailing list, thank you",
    "Avanmäl mig från listan, tack",
    "Avanmäl",
    "avanmal mig",
    "Ta bort mig från sändlistan.",
    "Hej!\nJag vill inte vara med längre.\nVänliga hälsningar\nKarin Öberg",
    "Snälla ta bort mig från e-postlistan",
    "Jag vill avregistrera mig",
    "Jag vill gå ur nätverket",
    "Skulle ni kunna ta bort mig från utskicket? Tack på förhand!",
    "Hur gör jag för att avprenumerera?",
    "Avregistrera\nSkickat från min iPad",
    "Hej, jag vill gärna gå med. /Lena",
    "Jag vill vara med i nätverket",
    "Afmeld mig",
    "Meld mig ud, tak",
    "Hej. Jeg vil gerne afmelde mig listen",
    "Kære alle\n\nFjern mig venligst fra listen\n\nVenlig hilsen\nBo Ek",
    "Slet mig fra maillisten",
    "Frameld nyhedsbrevet",
    "Meld meg av listen",
    "Hei! Kan dere fjerne meg fra listen? Hilsen Kari",
    "Ta meg bort fra lista er du snill",
    "Jeg ønsker å melde meg ut av gruppen",
    "Kan noen melde meg av denne e-postlisten? Takk",
    "Hei, ver snill og fjern meg frå lista. Helsing Eli",
    "Eg vil gjerne melde meg ut",
    "Eg vil ikkje vere med lenger",
    "Subscribe",
    "Bli med",
    "Unsubscribe\n\nThis email and any attachments are confidential. If you are not the intended recipient, delete it.",
]
POSTS = [
    "Leave the door open on Friday",
    "Kan vi ta bort den här listan från webben?",
    "Jag vill vara med på mötet",
    "We should subscribe to the journal",
    "Unsubscribe\n\nThat is what three of our readers wrote below the newsletter last week. What do you answer them?",
    "Leave\n\nThe new rules about parental leave are on the intranet.",
    "Avanmäl\n\nså heter vårt nya formulär. Vad tycker ni om det?",
    "Join us on Friday",
    "Join the working group on metadata",
    "Remove me from the minutes",
    "Please remove the old flyer",
    "Ta bort mig från protokollet",
    "Kan ni ta bort mig från protokollet den 3 maj?",
    "Lämna förslag senast fredag",
    "Lämna in boken",
    "Jag vill vara med i referensgruppen för talböcker",
    "Anmäl er till kursen",
    "Anmäl mig till kursen",
    "Hvem er med på fredag?",
    "Meld mig hvis I har spørgsmål",
    "Meld deg på kurset",
    "Meld meg på kurset, takk",
    "Fjern mig ikke fra referatet",
    "Fjern meg fra referatet",
    "Vi vil gjerne ha dere med",
    "Tilmeld jer senest fredag",
    "Bli med på seminar",
    "Eg vil vere med på seminaret",
    "Ta meg med til Bergen",
    "Yes",
    "Tack för mötet! Mvh Anna",
    "",
]


@pytest.mark.parametrize("text", BARE)
def test_a_bare_command(text: str) -> None:
    assert is_bare_command("Möte i maj", text)
    assert is_bare_command("", text.replace("\n", "\r\n"))


@pytest.mark.parametrize("text", POSTS)
def test_a_post_is_no_bare_command(text: str) -> None:
    assert not is_bare_command("Hello", text)
    assert not is_bare_command("Unsubscribe" if text and not says_nothing(text) else "", text)


@pytest.mark.parametrize(
    ("subject", "text", "bare"),
    [
        ("Unsubscribe", "", True),
        ("leave", "", True),
        ("Leave", "\n\n", True),
        ("Re: Unsubscribe", "Mvh Anna", True),
        ("Avanmäl mig", "Hej!\n\nMed vänlig hälsning\nAnna Berg", True),
        ("Meld meg ut", "Sendt fra min iPhone", True),
        ("Unsubscribe me", "Please. Thanks, Anna", True),
        ("Join us on Friday", "", False),
        ("Join us on Friday", "We meet at three.", False),
        ("Unsubscribe", "How many of our readers leave the newsletter?", False),
        ("Fwd: Unsubscribe", "", False),
        ("", "", False),
        ("Leave the door open", "", False),
    ],
)
def test_the_subject_is_asked_when_the_body_says_nothing(subject: str, text: str, bare: bool) -> None:
    assert is_bare_command(subject, text) is bare


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("please subscribe me", Command.JOIN, None),
        ("Hej! Jag vill vara med i nätverket.", Command.JOIN, None),
        ("Hi, could you sign me up for the list?", Command.JOIN, ""),
        ("Hei, kan dere melde meg på?", Command.JOIN, ""),
        ("Hej, kan I fjerne mig fra listen? Mvh Bo", Command.LEAVE, ""),
        ("vilka är med?", Command.WHO, ""),
        ("Hej! Vilka är med?", Command.WHO, ""),
        ("hjälp?", Command.HELP, ""),
        ("status 142?", Command.STATUS, "142"),
        ("please add bo@example.net", Command.ADD, "bo@example.net"),
        ("lägg till Bo Ek <bo@example.net>", Command.ADD, "Bo Ek <bo@example.net>"),
        ("Snälla lägg till bo@example.net", Command.ADD, "bo@example.net"),
    ],
)
def test_polite_commands(text: str, command: Command, argument: str | None) -> None:
    for subject, body in (("", text), (text, "")):
        (line,) = read(subject, body, "sv") if not subject else read(subject, body, "sv")[:1]
        assert line.command is command
        assert argument is None or line.argument == argument


@pytest.mark.parametrize(
    ("text", "language", "nearest"),
    [
        ("subcribe", "en", ("join",)),
        ("subcribe", "sv", ("gå med",)),
        ("unsubcribe", "da", ("afmeld",)),
        ("please subcribe", "en", ("join",)),
        ("hjälpp", "nb", ("hjelp",)),
        ("xyzzy", "en", ()),
    ],
)
def test_near_misses_suggest_the_nearest_in_the_readers_language(
    text: str, language: str, nearest: tuple[str, ...]
) -> None:
    (line,) = read("", text, language)
    assert (line.command, line.nearest) == (None, nearest)


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("Bo Ek <bo@example.net>", "bo@example.net", "Bo Ek"),
        ('"Bo Ek" <bo@example.net>', "bo@example.net", "Bo Ek"),
        ("bo@example.net (Bo Ek)", "bo@example.net", "Bo Ek"),
        ("<bo@example.net>", "bo@example.net", ""),
        ("mailto:bo@example.net", "bo@example.net", ""),
        ("Bo Ek <mailto:bo@example.net>", "bo@example.net", "Bo Ek"),
        ("bo@example.net<mailto:bo@example.net>", "bo@example.net", ""),
        ("Bo Ek bo@example.net", "bo@example.net", ""),
    ],
)
def test_an_address_is_found_in_what_is_typed(text: str, address: str, name: str) -> None:
    found = mailbox(text)
    assert found is not None
    assert (str(found.address), found.name) == (address, name)


@pytest.mark.parametrize(
    "text", ["", "Bo Ek", "bo@example.net, eva@example.net", "Bo <bo@example.net> Eva <eva@example.net>"]
)
def test_no_address_or_several_are_none(text: str) -> None:
    assert mailbox(text) is None
