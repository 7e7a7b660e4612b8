"""Random digests, answered in random layouts with random reasons: every item is read as meant, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from mailsvc.cases.reading import model, words, words_answers
from mailsvc.cases.reading.answers import read
from mailsvc.cases.reading.model import Item, Meaning

LANGUAGES = st.sampled_from(["en", "sv", "da", "nb", "nn", None])
QUESTIONS = [model.DECISION, model.PREPARATION, model.HELD_POST, model.JOIN]


def _words(vocabulary: model.Vocabulary) -> list[tuple[Meaning, str]]:
    """What may be said of an item with a reason behind it; words about all items and half phrases are left out."""
    return sorted(
        (meaning, word)
        for meaning, rows in vocabulary.rows
        if meaning not in (Meaning.ALL, Meaning.DELEGATE)
        for name in rows
        for cell in words_answers.ROWS[name].may_reason.values()
        for word in words.cells(cell)
        if "@" not in word and "…" not in word
    )


SAYABLE = {vocabulary.name: _words(vocabulary) for vocabulary in QUESTIONS}
CONFLICT = {word for cell in words_answers.ROWS["conflict"].may_reason.values() for word in words.cells(cell)}
# What reasons are made of: ordinary words, numbers and names of items, answer words of all kinds, blockers, dates.
PLAIN = ["för dyrt", "lokalen", "Lena", "the budget", "møtet", "i höst", "skolan", "300 kr", "kostar", "som sagt"]
NUMBERS = [
    "1",
    "2",
    "3",
    "7",
    "nr 2",
    "punkt 3",
    "sak 4",
    "#5",
    "1-3",
    "2 och 3",
    "item 2",
    "no. 4",
    "§ 1",
    "12/10",
    "ett",
    "two",
]
SAID = ["ja", "nej", "yes", "no", "godkänn", "avslå", "vänta", "postpone", "ok", "avstår", "tillstyrks", "fraråder",
        "jäv", "skjut upp till 12 oktober", "fråga Karin", "approve all", "ja till alla", "👍",
        "j", "n", "+1"]  # fmt: skip
TWISTS = ["inte", "men", "but", "if", "kanske", "om", "eftersom", "because", "samma som", "se", "jfr", "till", "utom",
          "?", "Rättelse", "tack"]  # fmt: skip
MARKS = [",", ".", ";", ":", " –", "\n", " och", " /", "!", " (", ")"]
_STARTS = ("\n", ",", ".", ";", "!", " och", " /", "?", "(")


def _reason(pieces: Sequence[str]) -> str:
    """The pieces as a text in which no number stands where a new answer may begin.

    `…, 3 ja` in a reason is an answer for item 3 to every reader, whatever was meant; that it is one for item 3
    and for no other is tried elsewhere. Anything else a reason may hold.
    """
    text = ""
    for piece in pieces:
        beginning = not text or text.rstrip(" ").endswith(_STARTS) or text.endswith(("men", "but"))
        if piece in MARKS:
            text += piece
        elif beginning and (piece in NUMBERS or piece in SAID or piece in ("Rättelse", "se", "?")):
            text += f" xyz {piece}"
        else:
            text += f" {piece}"
    return text.strip()


reasons = st.lists(st.sampled_from([*PLAIN, *PLAIN, *NUMBERS, *SAID, *TWISTS, *MARKS]), min_size=1, max_size=7).map(
    _reason
)


@dataclass(frozen=True)
class Said:
    """One item's answer as it was meant and typed."""

    number: int
    vocabulary: model.Vocabulary
    meaning: Meaning
    word: str
    reason: str
    joint: str

    def segment(self, head: str, *, first: bool) -> str:
        label = head.format(n=self.number)
        text = f"{label} {self.word}" if first else f"{self.word} {self.number}"
        closed = ")" if self.joint == " (" else ""
        return f"{text}{self.joint}{self.reason}{closed}" if self.reason else text


@st.composite
def digests(
    draw: st.DrawFn, with_reason: st.SearchStrategy[str], *, english_no: bool = True
) -> tuple[list[Item], list[Said]]:
    """The items of a digest, and answers to some of them in any order."""
    count = draw(st.integers(2, 9))
    items = [Item(number, draw(st.sampled_from(QUESTIONS)), 100 + number) for number in range(1, count + 1)]
    said = []
    for item in draw(st.permutations(items))[: draw(st.integers(1, count))]:
        assert item.vocabulary is not None
        sayable = [one for one in SAYABLE[item.vocabulary.name] if english_no or one[1] != "no"]
        meaning, word = draw(st.sampled_from(sayable))
        joint = draw(st.sampled_from([": ", " – ", ", ", "\n", ". ", " (", ":\n  ", "; "]))
        said.append(Said(item.number, item.vocabulary, meaning, word, draw(with_reason), joint))
    return items, said


HEADS = st.sampled_from(
    ["{n}", "{n}.", "{n})", "{n}:", "#{n}", "- {n}", "punkt {n}:", "nr {n}", "{n} -", "{n} =", "({n})", "[{n}]",
     "• {n}:", "item {n}", "{n} –", "§ {n}", "{n}:\n", "No. {n}"]
)  # fmt: skip
BETWEEN = st.sampled_from(["\n", "\n\n", "; ", ". ", ", ", "\n \n"])


@given(
    digest=digests(reasons | st.just("")),
    head=HEADS,
    between=BETWEEN,
    first=st.booleans(),
    opener=st.sampled_from(["", "Hej!\n\n", "Svar:\n", "Dear Anna,\n\n", "Rättelse: "]),
    end=st.sampled_from(["", "\n\nMvh\nAnna Berg", "\nSent from my iPhone", "\n-- \n2 ja"]),
    language=LANGUAGES,
)
@settings(max_examples=1500)
def test_an_item_is_read_as_meant_or_not_at_all(
    digest: tuple[list[Item], list[Said]],
    head: str,
    between: str,
    first: bool,
    opener: str,
    end: str,
    language: str | None,
) -> None:
    items, said = digest
    segments = {one.number: one.segment(head, first=first) for one in said}
    text = opener + between.join(segments.values()) + end
    reading = read(text, model.DECISION, language, items)
    meant = {one.number: one for one in said}
    for answer in reading.answers:
        assert answer.number in meant, (text, answer)
        one = meant[answer.number]
        conflict = answer.meaning is Meaning.CONFLICT and any(word in one.reason for word in CONFLICT)
        assert answer.meaning is one.meaning or (one.meaning is Meaning.ABSTAIN and conflict), (text, answer)
        assert " ".join(answer.reason.split()) in " ".join(segments[answer.number].split()), (text, answer)
    if {answer.number for answer in reading.answers} != set(meant):
        assert reading.undecided, text
        assert reading.comment, text
        assert all(one.text for one in reading.undecided), text


plain_reasons = st.lists(
    st.sampled_from([one for one in PLAIN if one not in ("Lena", "300 kr")]), min_size=1, max_size=4
).map(" ".join)


@given(
    digest=digests(plain_reasons | st.just(""), english_no=False),  # a Nordic "no" with a reason may mean "now"
    head=HEADS,
    between=st.sampled_from(["\n", "\n\n", "; ", ". "]),
)
@settings(max_examples=400)
def test_plain_answers_are_all_read_with_their_reasons(
    digest: tuple[list[Item], list[Said]], head: str, between: str
) -> None:
    items, said = digest
    for one in said:
        text = one.segment(head, first=True)
        found = read(text, model.DECISION, None, items).answer(one.number)
        assert found is not None, text
    joint = "\n" if head[0] in "-•" else between
    text = joint.join(one.segment(head, first=True) for one in said)
    reading = read(text, model.DECISION, None, items)
    assert not reading.undecided, (text, reading.undecided)
    for one in said:
        answer = reading.answer(one.number)
        assert answer is not None, text
        assert (answer.meaning, answer.reason.rstrip(".")) == (one.meaning, one.reason), text
