"""The answer words that a letter offers, each with what it does; English source texts, translated like every letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailsvc.cases.reading.answers import printed_words
from mailsvc.cases.reading.model import VOCABULARIES
from mailsvc.letters.translation import catalogue


def _(text: str) -> str:
    return text  # marks the text for the catalogues


# What is not listed here is not offered.
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
    "old-question": {
        "post": _("your mail goes to the group, as a post of yours"),
        "no": _("nothing is done with your mail"),
    },
    "receipt": {
        "undo": _("your answer is taken back"),
    },
    "preparation": {
        "recommend": _("your advice is yes; write your comment after the word"),
        "advise-against": _("your advice is no, with your reason"),
        "abstain": _("you leave this one to the others"),
        "conflict": _("you have a conflict of interest and take no part"),
        "ask": _("the question goes to whoever proposed it, and the answer comes back to you"),
        "delegate": _("somebody else is asked instead of you"),
    },
    "decision": {
        "yes": _("you vote for it"),
        "no": _("you vote against it; your reason goes to whoever waits"),
        "wait": _("no decision yet; it stays on your list"),
        "postpone": _("it comes back at the next time, or on the date that you write after the word"),
        "ask": _("your question goes to whoever proposed it, and the answer comes back to you"),
        "all": _("everything in this letter; we ask you once more first"),
        "abstain": _("you leave this one to the others"),
        "conflict": _("you have a conflict of interest and take no part"),
        "delegate": _("somebody else is asked instead of you"),
    },
    "hearing": {
        "yes": _("you have heard of it; a comment can stand after the word"),
        "ask": _("your question goes to whoever proposed it, and the answer comes back to you"),
        "postpone": _("it comes back at the next time, or on the date that you write after the word"),
        "all": _("everything in this letter; we ask you once more first"),
    },
    "rsvp": {
        "yes": _("you come; a comment can stand after the word"),
        "no": _("you do not come"),
        "maybe": _("you do not know yet"),
    },
    "action": {
        "done": _("the action is done; you can write how it went after the word"),
        "later": _("it gets a new date: write it after the word"),
        "unable": _("it cannot be done, with your reason"),
        "not-me": _("somebody else has to do it"),
    },
    "overdue-action": {
        "done": _("the action is done; you can write how it went after the word"),
        "later": _("it gets a new date: write it after the word"),
        "give-to": _("somebody else does it: write the name after the words"),
        "unable": _("it is dropped, with your reason"),
    },
    "lifted": {
        "answer": _("your answer, as you write it after the word, goes to the network"),
        "not-now": _("the question is not taken up now; your reason goes to the network"),
        "wait": _("no decision yet; it stays on your list"),
        "postpone": _("it comes back at the next time, or on the date that you write after the word"),
        "abstain": _("you leave this one to the others"),
        "delegate": _("somebody else is asked instead of you"),
    },
    "rota": {
        "yes": _("you prepare the introduction"),
        "not-me": _("the next in turn is asked; you come back in turn later"),
        "swap": _("the one whom you name is asked to take your turn"),
    },
    "signature": {
        "sign": _("you sign it as it stands"),
        "no": _("you do not sign it, with your reason"),
    },
    "idea": {
        "take-up": _("somebody works on it, and the person is told"),
        "not-now": _("the person is told no, with your reason"),
        "send-to": _("another network is asked instead: write its name after the words"),
    },
    "initiative": {
        "count-me-in": _("you become a member when it starts"),
    },
    "health": {
        "continue": _("the network goes on as it is"),
        "merge": _("the members are told and may object before the two become one"),
        "rest": _("nothing is asked of the network for a year; its address still works"),
        "wind-down": _("the network is wound down when leadership has heard of it"),
    },
    "vacancy": {
        "nominate": _("the person is asked: write the mail address after the word"),
        "wind-down": _("the network is wound down when leadership has heard of it"),
        "postpone": _("it comes back at the next time, or on the date that you write after the word"),
        "wait": _("no decision yet; it stays on your list"),
    },
    "minutes": {
        "yes": _("they are complete as they stand here, and all sides are asked to sign them"),
    },
    "joint-body": {
        "agreed": _("your side agrees"),
        "not-agreed": _("your side does not agree; write its note after the words"),
        "discussed": _("it has been discussed, and is not a matter of agreement"),
        "informed": _("your side has been informed"),
        "lift": _("it goes to the next level"),
        "postpone": _("it comes back at the next time, or on the date that you write after the word"),
    },
}
# A refusal is read by the one who waits, so letters show where its reason goes.
WITH_REASON: Final = frozenset(
    {
        ("held-post", "no"),
        ("join", "no"),
        ("preparation", "advise-against"),
        ("decision", "no"),
        ("signature", "no"),
        ("idea", "not-now"),
        ("action", "unable"),
        ("joint-body", "not-agreed"),
        ("overdue-action", "unable"),
        ("lifted", "not-now"),
    }
)
WITH_TEXT: Final = frozenset({("lifted", "answer")})
WITH_QUESTION: Final = frozenset({("preparation", "ask"), ("decision", "ask"), ("hearing", "ask")})


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
    hints = HINTS.get(vocabulary, {})
    reason, question, text = translate("reason"), translate("your question"), translate("your text")
    found = []
    for meaning, word in printed_words(VOCABULARIES[vocabulary], language, items):
        if str(meaning) in hints:
            shown = word.replace("…", translate("NAME"))
            if (vocabulary, str(meaning)) in WITH_REASON:
                shown = f"{shown}: {reason}"
            elif (vocabulary, str(meaning)) in WITH_TEXT:
                shown = f"{word}: {text}"
            elif (vocabulary, str(meaning)) in WITH_QUESTION:
                shown = f"{word}: {question}"
            found.append(OfferedWord(str(meaning), word, shown, translate(hints[str(meaning)])))
    return tuple(found)
