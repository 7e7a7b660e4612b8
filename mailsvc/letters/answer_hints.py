"""The answer words that a letter offers, each with what it does; English source texts, translated like every letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.cases.answer_model import VOCABULARIES
from mailsvc.cases.answers import printed_words
from mailsvc.letters.translation import catalogue


def _(text: str) -> str:
    return text  # marks the text for the catalogues


# What is not listed here is not offered: `delegate` has its step still to come.
HINTS: Final[dict[str, dict[str, str]]] = {
    "held-post": {
        "yes": _("the post goes to all members"),
        "no": _("the post goes back to its author, with your reason"),
        "always": _("the post goes to all members, and so will this sender's next ones without asking you"),
        "all": _("everything in this list; we ask you once more first"),
        "discard": _("spam: the post is put away and nobody is told"),
        "wait": _("no decision yet; the post goes on waiting"),
    },
    "join": {
        "yes": _("the person becomes a member and gets a welcome letter"),
        "no": _("the person is told no, with your reason"),
        "all": _("everybody in this list; we ask you once more first"),
        "wait": _("no decision yet; the person goes on waiting"),
    },
    "confirm": {
        "yes": _("it is done"),
        "no": _("nothing is done"),
    },
    "receipt": {
        "undo": _("your answer is taken back"),
    },
}
# A refusal is read by the one who waits, so letters show where its reason goes.
WITH_REASON: Final = frozenset({("held-post", "no"), ("join", "no")})


@dataclass(frozen=True, slots=True)
class OfferedWord:
    """An answer word in the reader's language: `shown` is the word as printed (`reject: reason`)."""

    meaning: str
    word: str
    shown: str
    hint: str


def offered(vocabulary: str, language: str, items: int) -> tuple[OfferedWord, ...]:
    """What a letter with so many questions of that kind offers; every word is one that the reader accepts."""
    translate = catalogue(language).gettext
    hints = HINTS[vocabulary]
    reason = translate("reason")
    found = []
    for meaning, word in printed_words(VOCABULARIES[vocabulary], language, items):
        if str(meaning) in hints:
            shown = f"{word}: {reason}" if (vocabulary, str(meaning)) in WITH_REASON else word
            found.append(OfferedWord(str(meaning), word, shown, translate(hints[str(meaning)])))
    return tuple(found)
