"""Numbered answers (words.md §2.3): numbers and words in either order, ranges, exceptions, reasons."""

from __future__ import annotations

import pytest

from mailsvc.cases.reading import model
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import AskKind, Item, Meaning, Why
from mailsvc.message.reply_text import new_from_html


def short(reading: model.Reading) -> str:
    """`1 yes · 3 no "for dyrt" · 4? blocker`: decided items, then undecided ones."""
    said = [f"{a.number} {a.meaning}" + (f' "{a.reason}"' if a.reason else "") for a in reading.answers]
    said += [f"{' '.join(map(str, u.numbers))}? {u.why}".strip() for u in reading.undecided]
    return " · ".join(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1+2 ja, 3 nej: for dyrt, 4 vent", '1 yes · 2 yes · 3 no "for dyrt" · 4 wait'),
        ("ett ja två nej", "1 yes · 2 no"),
        ("en ja, to nej", "1 yes · 2 no"),
        ("ein ja\nto nei\ntre ja\nfire vent", "1 yes · 2 no · 3 yes · 4 wait"),
        ("one yes two no", "1 yes · 2 no"),
        ("fem ja", "5 yes"),
        ("Ett ja från mig!", "? which-item"),
        ("en fråga bara", "? unknown-words"),
        ("1 ja! 2 nej!", "1 yes · 2 no"),
        ("1 yes\n2 no\n\nThanks, Tom", "1 yes · 2 no"),
        ("1-3 ja, 4 nej: för dyrt", '1 yes · 2 yes · 3 yes · 4 no "för dyrt"'),
        ("1–3 ja", "1 yes · 2 yes · 3 yes"),
        ("1 till 3 ja", "1 yes · 2 yes · 3 yes"),
        ("1 til 3 ja", "1 yes · 2 yes · 3 yes"),
        ("1,2 ja", "1 yes · 2 yes"),
        ("1 & 2 ja", "1 yes · 2 yes"),
        ("1 och 2 ja", "1 yes · 2 yes"),
        ("1 og 2 ja", "1 yes · 2 yes"),
        ("1 and 2 yes", "1 yes · 2 yes"),
        ("1, 2 och 4 ja", "1 yes · 2 yes · 4 yes"),
        ("1-2, 4 ja; 3 nej", "1 yes · 2 yes · 3 no · 4 yes"),
        *((f"{number} ja", "1 yes") for number in ("1", "1.", "1)", "#1", "nr 1", "no. 1", "punkt 1", "pkt 1", "§ 1")),
        *((f"{number} ja, nr 2 nej", "1 yes · 2 no") for number in ("sak 1", "p1", "Nr 1:", "Punkt 1 -", "1 =")),
        ("No. 3 yes", "3 yes"),
        ("1 ja 2 nej", "1 yes · 2 no"),
        ("1 ja tack 2 nej tack", "1 yes · 2 no"),
        ("1) ja 2) nej 3) ja", "1 yes · 2 no · 3 yes"),
        ("1. ja\n2. nej\n3. vänta", "1 yes · 2 no · 3 wait"),
        ("1: godkänn\n2: avslå för dyrt\n", '1 yes · 2 no "för dyrt"'),
        ("- 1 ja\n- 2 nej", "1 yes · 2 no"),
        ("1 ja.\n2 nej.", "1 yes · 2 no"),
        ("1 ja men 2 nej", "1 yes · 2 no"),
        ("1 ja och 2 nej", "1 yes · 2 no"),
        ("Hej! 1 ja, 2 nej. Hälsningar Karin", "1 yes · 2 no"),
        ("Tack för listan.\n\n1 ja\n2 nej\n\nMvh\nAnna Berg", "1 yes · 2 no"),
        ("Här är mina svar\n1 ja\n2 nej", "1 yes · 2 no"),
        ("1 👍 2 👎", "1 yes · 2 no"),
        ("1 j 2 n", "1 yes · 2 no"),
        ("1 y, 2 n", "1 yes · 2 no"),
        ("1 +1, 2 -1", "1 yes · 2 no"),
        ("1: skjut upp till nästa möte\n2 ja", "1 postpone · 2 yes"),
        ("1 fråga: vad kostar det?\n2 ja", '1 ask "vad kostar det?" · 2 yes'),
        ("2 nej: kostar 300 kr", '2 no "kostar 300 kr"'),
        ("2 nej: för dyrt\nVi tar det nästa år\n3 ja", '2 no "för dyrt\nVi tar det nästa år" · 3 yes'),
        # words first
        ("ja 1, nej 2", "1 yes · 2 no"),
        ("ja 1 nej 2", "1 yes · 2 no"),
        ("Ja: 1, 2\nNej: 3", "1 yes · 2 yes · 3 no"),
        ("ja till 1 och 2, nej till 3: för dyrt", '1 yes · 2 yes · 3 no "för dyrt"'),
        ("yes to 1, reject 2", "1 yes · 2 no"),
        ("yes 1, no 2", "1 yes · 2 no"),
        ("godkänn 1-3, avslå 4", "1 yes · 2 yes · 3 yes · 4 no"),
        # numbers marked in other ways
        ("1 - yes", "1 yes"),
        ("1=ja, 2=nej", "1 yes · 2 no"),
        ("1 → ja\n2 -> nej", "1 yes · 2 no"),
        ("[1] ja\n[2] nej", "1 yes · 2 no"),
        ("(1) ja (2) nej", "1 yes · 2 no"),
        ("1/ ja\n2/ nej", "1 yes · 2 no"),
        ("1 ja / 2 nej", "1 yes · 2 no"),
        ("1:\nja\n\n2:\nnej: för dyrt", '1 yes · 2 no "för dyrt"'),
        ("1. ja; 2.\nnej", "1 yes · 2 no"),
        ("1/2 ja", "1? mixed"),
        # reasons without a mark, reasons on several lines
        ("item 3 no because it costs too much", '3 no "because it costs too much"'),
        ("1 nej eftersom 2 inte är klar\n2 ja", '1 no "eftersom 2 inte är klar" · 2 yes'),
        ("1 vent fordi Karin er på ferie, 2 ja", '1 wait "fordi Karin er på ferie" · 2 yes'),
        ("3 no because 2 yes is enough", "3? mixed"),
        ("1 ja eftersom alla vill\n2 ja", "2 yes · 1? unknown-words"),
        (
            "1) yes\n2) no: we have two of these,\nand 3 people said so.\n\nIt costs too much.\n3) wait",
            '1 yes · 2 no "we have two of these,\nand 3 people said so.\n\nIt costs too much." · 3 wait',
        ),
        ("approve 1, 3 and 5; reject 2: too narrow", '1 yes · 2 no "too narrow" · 3 yes · 5 yes'),
        ("yes to 1 and 2", "1 yes · 2 yes"),
        ("1 yes, 2 no: too narrow, 3 postpone", '1 yes · 2 no "too narrow" · 3 postpone'),
        (
            "Punkt 1: ja\nPunkt 2: nej, för dyrt\nPunkt 3: bordlägg\nPunkt 4: avstår",
            '1 yes · 2 no "för dyrt" · 3 postpone · 4 abstain',
        ),
        # questions back
        ("1 fråga: vem betalar?\nOch när?\n2 nej", '1 ask "vem betalar?\nOch när?" · 2 no'),
        ("1 ask who pays? 2 yes", '1 ask "who pays?" · 2 yes'),
        ("ask 2: who pays?", '2 ask "who pays?"'),
        ("1 ja? 2 nej", "2 no · 1? question"),
        # conflicts of interest
        ("1 jäv, 2 inhabil, 3 ugild: min bror", '1 conflict · 2 conflict · 3 conflict "min bror"'),
        ("1 avstår: jäv", "1 conflict"),
        ("1 avstår eftersom jag är jävig", '1 conflict "eftersom jag är jävig"'),
        ("1 avstår: hinner läsa först i morgon", '1 abstain "hinner läsa först i morgon"'),
        ("1 avstår, inte jävig", "1? blocker"),
        ("1 nej, jag är jävig", "1? opposite"),
        # corrections
        ("Rättelse: 2 nej", "2 no"),
        ("1 ja\n2 nej\nRättelse: 2 ja", "1 yes · 2 yes"),
        ("1 ja\n2 nej\n\nI meant 2 yes", "1 yes · 2 yes"),
        ("1 ja\n2 nej\nRettelse: 2 kanskje", "1 yes · 2? other-question"),
        ("1 yes\n2 no\nSorry, 2 yes", "1 yes · 2? opposite"),
        # what looks like a name or a signature above another answer ends nothing
        ("1 avstår\nLena\n2 nej", '1 abstain "Lena" · 2 no'),
        ("1 avstår\nLena\nför dyrt; 2 nej", '1 abstain "Lena\nför dyrt" · 2 no'),
        ("1 ja /Anna\n2 nej", "2 no · 1? unknown-words"),
        ("1 ja, 2 tillstyrks, 3 avstyrks", "1 yes · 2? advice-for-decision · 3? advice-for-decision"),
        # half understood
        ("1 ja, 2 vet inte", "1 yes · 2? dont-know"),
        ("1 ja, 2 för dyrt", "1 yes · 2? unknown-words"),
        ("1 ja\n2 vi pratar om det", "1 yes · 2? unknown-words"),
        ("1 ja, men inte före jul, 2 nej", "2 no · 1? blocker"),
        ("1 ja, 2 nej?", "1 yes · 2? question"),
        ("1 ja 2 tack", "1 yes · 2? receipt"),
        ("1 x", "1? unknown-words"),
        ("1 k", "1? unknown-words"),
        ("9 ja", "? no-such-item"),
        ("0 ja", "? no-such-item"),
        ("4-9 ja", "4? no-such-item · 5? no-such-item"),
        ("1-99999999 ja", "1? no-such-item · 2? no-such-item · 3? no-such-item · 4? no-such-item · 5? no-such-item"),
        ("1 ja, 1 nej", "1? opposite"),
        ("1 ja, 1 ja", "1 yes"),
        # a reason never decides for another item
        ("2 nej: för dyrt, samma som 3 ja", "2? mixed"),
        ("2 nej: för dyrt 3 ja", "2? mixed"),
        ("1 ja\n2 nej: som punkt 4 nej\n3 ja", "1 yes · 3 yes · 2? mixed"),
        ("1 ja, nej 2", "1? mixed"),
        ("1 ja\nnej 2", "1? mixed"),
        ("ja 1, 2 nej", "1? opposite · 2? opposite"),
        ("to decide later\nen fråga", "? unknown-words"),
        ("fire!", "? unknown-words"),
        ("Jag läser 1 ja och 2 nej", "? will-look"),
        ("1", "1? unknown-words"),
        ("1, 2", "1? unknown-words · 2? unknown-words"),
    ],
)
def test_numbered_answers(text: str, expected: str) -> None:
    assert short(read(text, model.DECISION, None, 5)) == expected


@pytest.mark.parametrize("text", ["ja", "Ja tack!", "nej", "vänta", "godkänn. Bra!", "👍", "ok /Anna"])
def test_a_lone_word_to_several_items_is_asked_back(text: str) -> None:
    reading = read(text, model.DECISION, "sv", 3)
    assert not reading.answers
    assert reading.why is Why.WHICH_ITEM
    assert reading.ask_back is not None
    assert (reading.ask_back.kind, reading.ask_back.open) == (AskKind.WHICH_ITEM, (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("approve all", ()),
        ("yes to all", ()),
        ("alla ja!", ()),
        ("Hej! Godkänn alla. Mvh Anna", ()),
        ("ja till alla tre", ()),
        ("Ja til alle undtagen 3", (3,)),
        ("ja till alla utom 3", (3,)),
        ("ja till alla, utom 3.", (3,)),
        ("godkänn alla men inte 2 och 3", (2, 3)),
        ("approve all except 2-3", (2, 3)),
        ("yes to all but not 4", (4,)),
        ("all yes not 3", (3,)),
        ("godkjenn alle bortsett fra 1, 2", (1, 2)),
        ("ja til alle unnateke 3: for dyrt", (3,)),
        ("alle ja, unntatt nr 3", (3,)),
    ],
)
def test_all_is_asked_back_with_the_list(text: str, left: tuple[int, ...]) -> None:
    reading = read(text, model.DECISION, None, 4)
    assert not reading.answers
    assert reading.why is Why.ASKED_BACK
    assert reading.ask_back is not None
    assert reading.ask_back.kind is AskKind.ALL
    assert reading.ask_back.open == left
    assert reading.ask_back.yes == tuple(number for number in range(1, 5) if number not in left)


@pytest.mark.parametrize(
    "text",
    [
        "ja till alla utom 9",
        "ja till alla utom den om lokaler",
        "ja till alla om Lena är med",
        "ja till alla utom 3 nej",
        "godkänn alla, avslå 3",
        "alla",
        "ja till alla?",
    ],
)
def test_all_with_something_unclear_asks_nothing(text: str) -> None:
    reading = read(text, model.DECISION, "sv", 4)
    assert not reading.answers
    assert reading.undecided
    assert reading.ask_back is None


def test_all_of_a_list_of_one_is_that_one() -> None:
    decided = read("godkänn alla", model.HELD_POST, "sv").decided
    assert decided == model.ItemAnswer(1, Meaning.YES, words="godkänn alla")


def test_one_item_needs_no_number() -> None:
    for text in ("ja", "1 ja", "1. ja", "Nr 1: ja tack"):
        decided = read(text, model.HELD_POST, "sv").decided
        assert decided is not None, text
        assert (decided.number, decided.meaning) == (1, Meaning.YES)
    assert short(read("2 ja", model.HELD_POST, "sv")) == "? no-such-item"
    assert not read("Ja, 2 nej", model.HELD_POST, "sv").answers
    decided = read("Ja, 2 stycken kommer", model.HELD_POST, "sv").decided
    assert decided is not None
    assert decided.reason == "2 stycken kommer"


def test_items_have_their_own_words_and_numbers() -> None:
    items = [Item(1, model.DECISION, 141), Item(2, model.PREPARATION, 142), Item(7, model.JOIN, 160)]
    assert short(read("1 ja, 2 tillstyrks, 7 nej", model.DECISION, "sv", items)) == "1 yes · 2 recommend · 7 no"
    assert short(read("#142 avstyrks\n#160 ja", model.DECISION, "sv", items)) == "2 advise-against · 7 yes"
    assert short(read("1-2 ja", model.DECISION, "sv", items)) == "1 yes · 2? decision-for-advice"
    assert short(read("3 ja", model.DECISION, "sv", items)) == "? no-such-item"


@pytest.mark.parametrize(
    ("text", "number", "meaning", "argument"),
    [
        ("1 postpone to 12 October", 1, Meaning.POSTPONE, "12 October"),
        ("1 skjut upp till den 12. oktober, 2 ja", 1, Meaning.POSTPONE, "den 12. oktober"),
        ("skjut upp 2 till 12 oktober", 2, Meaning.POSTPONE, "12 oktober"),
        ("udskyd 2 til 12/10", 2, Meaning.POSTPONE, "12/10"),
        ("postpone 2 and 3 to 2026-10-12", 3, Meaning.POSTPONE, "2026-10-12"),
        ("1 ask: who pays?", 1, Meaning.ASK, "who pays?"),
        ("1 fråga (vem betalar)", 1, Meaning.ASK, "vem betalar"),
        ("2 delegera till Karin Berg", 2, Meaning.DELEGATE, "Karin Berg"),
        ("delegate 2 to Karin", 2, Meaning.DELEGATE, "Karin"),
    ],
)
def test_arguments_of_items(text: str, number: int, meaning: Meaning, argument: str) -> None:
    answer = read(text, model.DECISION, None, 5).answer(number)
    assert answer is not None
    assert (answer.meaning, answer.argument) == (meaning, argument)


def test_a_range_is_no_date_and_a_date_no_range() -> None:
    assert short(read("skjut upp 2 till 4", model.DECISION, "sv", 5)) == "2 postpone · 3 postpone · 4 postpone"
    assert short(read("1 till 3 ja", model.DECISION, "sv", 5)) == "1 yes · 2 yes · 3 yes"


def test_unread_lines_come_back_with_their_text() -> None:
    reading = read("1 ja\n2 det får vi se på mötet, tycker jag\n3 nej: för dyrt", model.DECISION, "sv", 3)
    assert [a.number for a in reading.answers] == [1, 3]
    assert [(u.numbers, u.text) for u in reading.undecided] == [((2,), "2 det får vi se på mötet, tycker jag")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol><li>ja</li><li>nej: f&ouml;r dyrt</li></ol>", '1 yes · 2 no "för dyrt"'),
        ('<ol><li>ja</li></ol><p>f&ouml;rst den.</p><ol start="2"><li>nej</li></ol>', "2 no · 1? blocker"),
        ('<ol start="3"><li>ja</li><li>vänta</li></ol>', "3 yes · 4 wait"),
        ("<p>1 ja</p><p>2 nej: kostar<br>f&ouml;r mycket</p>", '1 yes · 2 no "kostar\nför mycket"'),
    ],
)
def test_lists_that_a_mail_program_numbered(html: str, expected: str) -> None:
    assert short(read(new_from_html(html).text, model.DECISION, "sv", 4)) == expected


def test_poll() -> None:
    for text, expected in (
        ("1 kan, 2 kan inte, 3 kanske", "1 can · 2 cannot · 3 maybe"),
        ("1 ja 2 kanske 3 nej", "1 can · 2 maybe · 3 cannot"),
        ("1 x 2 x 3 n", "1 can · 2 can · 3 cannot"),
        ("1: 1\n2: 0", "1 can · 2 cannot"),
        ("kan 1 och 3", "1 can · 3 can"),
        ("1 funkar, 2 bortrest", "1 can · 2 cannot"),
        ("book 2", "2 book"),
        ("Vi tar 2!", "2 book"),
        ("boka 9", "? no-such-item"),
        ("boka", "? no-argument"),
        ("boka 2?", "? question"),
        ("1 ledig", "1? ambiguous"),
    ):
        assert short(read(text, model.POLL, "sv", 3)) == expected, text


def test_english_no_before_a_number_is_never_joined_to_a_yes() -> None:
    for language in ("en", "sv", "nb", "nn", None):
        reading = read("yes 1, no 2", model.DECISION, language, 3)
        assert all((a.number, a.meaning) in ((1, Meaning.YES), (2, Meaning.NO)) for a in reading.answers)


def test_a_no_that_may_be_another_word_is_asked_back_with_its_number() -> None:
    assert short(read("ja 1\nnej 2: för dyrt\nno 3", model.DECISION, "sv", 3)) == '1 yes · 2 no "för dyrt" · 3? mixed'


def test_comment_is_kept_when_something_is_undecided() -> None:
    reading = read("1 ja\n2 vi pratar om det\n\nMvh Anna", model.DECISION, "sv", 3)
    assert reading.comment == "1 ja\n2 vi pratar om det"
    assert reading.undecided[0].text == "2 vi pratar om det"
    assert reading.answer(1) is not None
    assert reading.answer(2) is None
    assert reading.decided is None
