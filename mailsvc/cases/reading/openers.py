"""What is skipped before an answer (words.md §1.4): greetings with names, thanks for the letter, `Svar:`."""

from __future__ import annotations

from typing import Final

from mailsvc.cases.reading.lexicon import Common, Lexicon
from mailsvc.cases.reading.model import Meaning
from mailsvc.cases.reading.text import Stream

_MOST_NAMES: Final = 3
_FOR: Final = frozenset({"för", "for", "foer"})
_LEADING_MARKS: Final = '"-–•,.!:(['


def behind_openers(stream: Stream, index: int, lex: Lexicon) -> int:
    """The first token that may be an answer."""
    while True:
        index = _behind_marks(stream, index, lex)
        after = _greeting(stream, index, lex)
        if after is None:
            after = _thanks(stream, index, lex)
        if after is None:
            after = _label(stream, index, lex)
        if after is None:
            after = _yes_before(stream, index, lex)
        if after is None:
            after = _name_above(stream, index, lex)
        if after is None:
            return index
        index = after


def _behind_marks(stream: Stream, index: int, lex: Lexicon) -> int:
    """Behind blank lines, quotation marks, list dashes, and smiles that do not answer."""
    while index < stream.end:
        smile = Common.smiles.find(stream, index)
        if smile is not None and stream.tokens[index].kind == "e" and _goes_on(stream, smile.end):
            index = smile.end
        elif stream.tokens[index].kind == "l" or stream.is_mark(index, _LEADING_MARKS):
            if lex.answers.find(stream, index):
                return index
            index += 1
        else:
            return index
    return index


def _goes_on(stream: Stream, index: int) -> bool:
    """Whether anything but marks follows: a smile alone is what was said."""
    while index < stream.end and (stream.tokens[index].kind == "l" or stream.separates(index)):
        index += 1
    return index < stream.end


def _says_something(stream: Stream, index: int, lex: Lexicon) -> bool:
    """Whether a word here is more than a name. `Jo` behind a greeting is a name."""
    if stream.tokens[index].text == "jo" and stream.named(index):
        return False
    return bool(
        lex.answers.find(stream, index)
        or lex.foreign.find(stream, index)
        or Common.never.find(stream, index)
        or Common.blockers.find(stream, index)
    )


def _greeting(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """Behind a greeting and up to three names."""
    found = Common.greetings.find(stream, index)
    if found is None:
        return None
    again = Common.never.find(stream, index)
    if again is not None and again.end > found.end:
        return None
    named = found.end
    while named < stream.end and named - found.end < _MOST_NAMES and stream.tokens[named].kind == "w":
        if _says_something(stream, named, lex) or Common.thanks.find(stream, named):
            break
        named += 1
    if stream.separates(named):
        return named
    names = found.end
    while names < named and stream.named(names):
        names += 1
    if names < stream.end and stream.tokens[names].text in ("och", "og", "and", "&"):
        return names + 1 if Common.thanks.find(stream, names + 1) else names
    return names


def _name_above(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """Behind `Anna,` on the first line of a letter."""
    if index > 0:
        return None
    end: int = index
    while end - index < _MOST_NAMES and stream.named(end) and not _says_something(stream, end, lex):
        end += 1
    letter = end > index and stream.is_mark(end, ",") and end + 1 < stream.end and stream.tokens[end + 1].kind == "l"
    return end + 1 if letter else None


def _thanks(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """Behind a thanks that something follows; a thanks alone is a receipt and stays."""
    found = Common.thanks.find(stream, index)
    if found is None:
        return None
    end = found.end
    if end < stream.end and stream.tokens[end].text in _FOR:
        end = _thanks_clause(stream, end, lex)
    elif end < stream.end and not stream.separates(end):
        names = end
        while names < stream.end and names - end < _MOST_NAMES and stream.named(names):
            names += 1
        if names == end or _says_something(stream, end, lex):
            return None
        end = names
    if end < 0 or not (end < stream.end and stream.separates(end)):
        return None
    after = end
    while after < stream.end and (stream.tokens[after].kind == "l" or stream.separates(after)):
        after += 1
    return after if after < stream.end else None


def _thanks_clause(stream: Stream, index: int, lex: Lexicon) -> int:
    """The end of "för påminnelsen": its sentence's, or a comma with an answer behind it; -1 when something blocks."""
    while not stream.sentence_ends(index):
        if stream.is_mark(index, ",;–-") and lex.answers.find(stream, index + 1):
            return index
        if Common.blockers.find(stream, index) or stream.is_mark(index, "?"):
            return -1
        index += 1
    return index


def _answers_in_words(stream: Stream, index: int, lex: Lexicon) -> bool:
    """Whether `Svar:` is itself the answer, with a text behind it, because the question asks for one."""
    found = lex.answers.find(stream, index)
    if found is None or found.phrase.meaning is not Meaning.ANSWER:
        return False
    behind = found.end + 1 if stream.is_mark(found.end, ":") else found.end
    other = lex.answers.find(stream, behind)
    return other is None or other.phrase.meaning is Meaning.ANSWER


def _label(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """Behind `Svar:`, "Mitt svar är", and the "Please" of an answer."""
    if _answers_in_words(stream, index, lex):
        return None
    label = Common.labels.find(stream, index)
    if label is not None and stream.is_mark(label.end, ":"):
        return label.end + 1
    lead = Common.leads.find(stream, index)
    if lead is not None and lead.end < stream.end and lex.answers.find(stream, index) is None:
        return lead.end
    please = Common.please.find(stream, index)
    if please is not None and lex.answers.find(stream, please.end):
        return please.end
    return None


def _yes_before(stream: Stream, index: int, lex: Lexicon) -> int | None:
    """Behind the yes of "Ja tack, jag är med": the question who takes part has words of its own, and one follows."""
    if Meaning.COUNT_ME_IN not in lex.vocabulary.meanings:
        return None
    found = lex.foreign.find(stream, index)
    if found is None or found.phrase.meaning is not Meaning.YES:
        return None
    after = found.end
    while after < stream.end and (stream.tokens[after].kind == "l" or stream.is_mark(after, ",.!–-")):
        after += 1
    return after if lex.answers.find(stream, after) else None
