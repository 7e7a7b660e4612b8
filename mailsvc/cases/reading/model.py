"""The values of the answer reader: meanings, vocabularies (kinds of question), whys, the reading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """What an answer says."""

    YES = "yes"
    NO = "no"
    ALWAYS = "always"
    ALL = "all"
    DISCARD = "discard"
    WAIT = "wait"
    DELEGATE = "delegate"
    UNDO = "undo"
    RECOMMEND = "recommend"
    ADVISE_AGAINST = "advise-against"
    ABSTAIN = "abstain"
    CONFLICT = "conflict"
    ASK = "ask"
    POSTPONE = "postpone"
    MAYBE = "maybe"
    ONLINE = "online"
    ON_SITE = "on-site"
    CAN = "can"
    CANNOT = "cannot"
    BOOK = "book"
    DONE = "done"
    LATER = "later"
    UNABLE = "unable"
    NOT_ME = "not-me"
    SWAP = "swap"
    SIGN = "sign"
    TAKE_UP = "take-up"
    NOT_NOW = "not-now"
    SEND_TO = "send-to"
    COUNT_ME_IN = "count-me-in"
    CONTINUE = "continue"
    MERGE = "merge"
    REST = "rest"
    WIND_DOWN = "wind-down"
    AGREED = "agreed"
    NOT_AGREED = "not-agreed"
    DISCUSSED = "discussed"
    INFORMED = "informed"
    LIFT = "lift"
    GRANT = "grant"
    NOT_GRANTED = "not-granted"
    POST = "post"
    GIVE_TO = "give-to"
    NOMINATE = "nominate"
    ANSWER = "answer"
    # of questions that take people's own words; no word says them
    SAID = "said"
    FILLED = "filled"


# After these what follows is the reason, and blockers in it do not matter: a no is safe, its author reads it.
REFUSALS: Final = frozenset(
    {
        Meaning.NO,
        Meaning.NOT_NOW,
        Meaning.CANNOT,
        Meaning.UNABLE,
        Meaning.NOT_ME,
        Meaning.ADVISE_AGAINST,
        Meaning.NOT_AGREED,
        Meaning.NOT_GRANTED,
    }
)
# A second answer that only makes the first more exact: "ja, digitalt".
REFINES: Final[dict[Meaning, frozenset[Meaning]]] = {
    Meaning.YES: frozenset({Meaning.ALWAYS, Meaning.ALL, Meaning.ONLINE, Meaning.ON_SITE}),
    Meaning.ABSTAIN: frozenset({Meaning.CONFLICT}),
}
# Meanings whose word says little without what comes behind it.
NEEDS_ARGUMENT: Final = frozenset(
    {Meaning.DELEGATE, Meaning.SWAP, Meaning.SEND_TO, Meaning.MERGE, Meaning.BOOK, Meaning.GIVE_TO, Meaning.NOMINATE}
)
NEEDS_TEXT: Final = frozenset({Meaning.ANSWER})  # no button can say these, nor those that need an argument

# Behind these stands a text of its own: a question, an answer; whatever is in it, it is not read.
FREE_TEXT: Final = frozenset({Meaning.ASK, Meaning.ANSWER})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A kind of question: what may be answered, and by which rows of the word table (`words_answers.ROWS`)."""

    name: str
    rows: tuple[tuple[Meaning, tuple[str, ...]], ...]
    approve_words: bool = False  # letters print approve/reject instead of yes/no
    lenient: bool = False  # a yes with anything after it is a yes with a comment

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What this question can be answered with, in the order letters print it."""
        return tuple(meaning for meaning, _ in self.rows)


def _vocabulary(
    name: str, *meanings: Meaning, approve_words: bool = False, lenient: bool = False, **more: str
) -> Vocabulary:
    """Each meaning with the row of its own name, and with those rows of `more` (meaning=rows) besides."""
    rows = tuple((meaning, (meaning.value, *more.get(meaning.name, "").split())) for meaning in meanings)
    return Vocabulary(name, rows, approve_words, lenient)


_M = Meaning
HELD_POST: Final = _vocabulary(
    "held-post", _M.YES, _M.NO, _M.ALWAYS, _M.ALL, _M.DISCARD, _M.WAIT, _M.DELEGATE, approve_words=True, YES="publish"
)
JOIN: Final = _vocabulary("join", _M.YES, _M.NO, _M.ALL, _M.WAIT, _M.DELEGATE, approve_words=True)
CONFIRM: Final = _vocabulary("confirm", _M.YES, _M.NO, YES="was-me", NO="was-not-me")
OLD_QUESTION: Final = _vocabulary("old-question", _M.POST, _M.NO, POST="yes publish")
RECEIPT: Final = _vocabulary("receipt", _M.UNDO)
PREPARATION: Final = _vocabulary(
    "preparation", _M.RECOMMEND, _M.ADVISE_AGAINST, _M.ABSTAIN, _M.CONFLICT, _M.ASK, _M.DELEGATE
)
DECISION: Final = _vocabulary(
    "decision",
    *(_M.YES, _M.NO, _M.WAIT, _M.POSTPONE, _M.ASK, _M.ALL, _M.ABSTAIN, _M.CONFLICT, _M.DELEGATE),
)
HEARING: Final = _vocabulary("hearing", _M.YES, _M.ASK, _M.POSTPONE, _M.ALL, lenient=True, YES="heard")
RSVP: Final = _vocabulary(
    "rsvp", _M.YES, _M.NO, _M.MAYBE, _M.ONLINE, _M.ON_SITE, lenient=True, YES="comes count-me-in", NO="comes-not cannot"
)
POLL: Final = _vocabulary("poll", _M.CAN, _M.CANNOT, _M.MAYBE, _M.BOOK, CAN="yes", CANNOT="no")
ACTION: Final = _vocabulary("action", _M.DONE, _M.LATER, _M.UNABLE, _M.NOT_ME)
OVERDUE: Final = _vocabulary("overdue-action", _M.DONE, _M.LATER, _M.GIVE_TO, _M.UNABLE)
ROTA: Final = _vocabulary("rota", _M.YES, _M.NOT_ME, _M.SWAP, NOT_ME="no unable")
SIGNATURE: Final = _vocabulary("signature", _M.SIGN, _M.NO)
IDEA: Final = _vocabulary("idea", _M.TAKE_UP, _M.NOT_NOW, _M.SEND_TO)
INITIATIVE: Final = _vocabulary("initiative", _M.COUNT_ME_IN)
HEALTH: Final = _vocabulary("health", _M.CONTINUE, _M.MERGE, _M.REST, _M.WIND_DOWN)
VACANCY: Final = _vocabulary("vacancy", _M.NOMINATE, _M.WIND_DOWN, _M.POSTPONE, _M.WAIT)
JOINT_BODY: Final = _vocabulary("joint-body", _M.AGREED, _M.NOT_AGREED, _M.DISCUSSED, _M.INFORMED, _M.LIFT, _M.POSTPONE)
MINUTES: Final = _vocabulary("minutes", _M.YES)  # or the text itself
LIFTED: Final = _vocabulary("lifted", _M.ANSWER, _M.NOT_NOW, _M.WAIT, _M.POSTPONE, _M.ABSTAIN, _M.CONFLICT, _M.DELEGATE)
TEXT: Final = _vocabulary("text")  # a question that takes a text or a form, and no word
GRANT: Final = _vocabulary("grant", _M.GRANT, _M.NOT_GRANTED, _M.WAIT, GRANT="yes", NOT_GRANTED="no")

VOCABULARIES: Final[dict[str, Vocabulary]] = {
    one.name: one
    for one in (
        HELD_POST, JOIN, CONFIRM, RECEIPT, PREPARATION, DECISION, HEARING, RSVP, POLL,
        ACTION, ROTA, SIGNATURE, IDEA, INITIATIVE, HEALTH, VACANCY, JOINT_BODY, MINUTES, GRANT, TEXT,
        OLD_QUESTION, OVERDUE, LIFTED,
    )
}  # fmt: skip


class Why(StrEnum):
    """Why nothing was decided; the first group are the keys of `words_phrases.NEVER`."""

    RECEIPT = "receipt"
    WILL_LOOK = "will-look"
    POLITE_NO = "polite-no"
    NO_AND_YES = "no-and-yes"
    HESITATION = "hesitation"
    FILLER = "filler"
    PRAISE = "praise"
    NOT_IN = "not-in"
    AMBIGUOUS = "ambiguous"
    HANDS_BACK = "hands-back"
    DONT_KNOW = "dont-know"
    QUESTION = "question"
    CALL_ME = "call-me"
    WRONG_PERSON = "wrong-person"
    MACHINE = "machine"
    # found while reading
    BLOCKER = "blocker"
    OPPOSITE = "opposite"
    NOT_ALL = "not-all"  # a word that counts only alone stood in a longer text
    FALSE_FRIEND = "false-friend"  # says something else in another of the five languages
    ADVICE_FOR_DECISION = "advice-for-decision"
    DECISION_FOR_ADVICE = "decision-for-advice"
    OTHER_QUESTION = "other-question"  # an answer, but to another kind of question
    NO_ARGUMENT = "no-argument"
    NO_SUCH_ITEM = "no-such-item"
    WHICH_ITEM = "which-item"
    ASKED_BACK = "asked-back"
    MIXED = "mixed"  # a reason that holds another item's answer, or both orders in one line
    UNKNOWN_WORDS = "unknown-words"


class AskKind(StrEnum):
    """What to ask back, once."""

    ALL = "all"  # "really all of these?" with the list
    WHICH_ITEM = "which-item"  # one word to a list of several
    IS_THAT_A_YES = "is-that-a-yes"


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered line of a letter; without a vocabulary it has the letter's own."""

    number: int
    vocabulary: Vocabulary | None = None
    case_number: int | None = None


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What was decided about item `number`; `words` decided it, as typed; `reason` is the free text behind them."""

    number: int
    meaning: Meaning
    argument: str = ""
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A line that decided nothing: the items it is about (none: the whole letter), why, and the line as typed."""

    numbers: tuple[int, ...]
    why: Why
    text: str


@dataclass(frozen=True, slots=True)
class AskBack:
    """A question for the sender: with ALL, `yes` are the items that would be approved and `open` those that stay."""

    kind: AskKind
    yes: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail says: decided items, undecided lines, or nothing; `comment` is its text when not all was decided."""

    answers: tuple[ItemAnswer, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    nothing_said: bool = False
    ask_back: AskBack | None = None
    comment: str = ""

    @property
    def decided(self) -> ItemAnswer | None:
        """The answer, when exactly one item is decided and nothing is left over; else None."""
        return self.answers[0] if len(self.answers) == 1 and not self.undecided else None

    @property
    def why(self) -> Why | None:
        """Why the first undecided line is undecided."""
        return self.undecided[0].why if self.undecided else None

    def answer(self, number: int) -> ItemAnswer | None:
        """The decision about one item."""
        return next((one for one in self.answers if one.number == number), None)
