"""What a mail in anybody's own words says about a network that it proposes: the form's prefill, only what is clear."""

from __future__ import annotations

import re
from typing import Final

from mailsvc.message.form_source import LONGEST
from mailsvc.message.forms import Field, Form, read_form
from mailsvc.message.reply_text import new_from_plain

PROPOSAL: Final = Form(
    (
        Field("name", required=True),
        Field("address", required=True),
        Field("motivation", required=True, lines=True),
        Field("work_questions", required=True, lines=True),
        Field("moderator", required=True),
        Field("deputy", required=True),
        Field("preparation_group"),
    )
)
"""The form of a proposed network (4-workflows)."""

# "Syfte:" says why where there is no "Motivering:".
_READ: Final = Form((*PROPOSAL.fields, Field("purpose", lines=True)))

ADDRESS_LENGTH: Final = 40
"""Longest address that is suggested, in characters."""

_REPLY: Final = re.compile(
    r"\s*(?:(?:re|sv|vs|vb|aw|fw|fwd|ang|vidarebefordrat|videresendt|vidaresendt)\s?(?:\[\d{1,3}\])?\s?:|\[[^\[\]]{1,60}\])\s*",
    re.IGNORECASE,
)
_KIND: Final = (
    r"(?:(?:ett?|en|eit|ein|et|a|the)\s+)?(?:(?:nytt?|new|nyt|ny)\s+)?"
    r"(?:nätverksgrupp(?:en)?|natverksgrupp|netværksgruppen?|nettverksgruppen?|network group|cirkel|sirkel|krets|circle"
    r"|nätverk(?:et)?|natverk|netværk(?:et)?|nettverk(?:et)?|networks?|personalnätverk|medarbejdernetværk)"
)
_PHRASE: Final = re.compile(
    rf"(?:(?:nytt?\s+|nyt\s+|new\s+)?(?:förslag|forslag|framlegg|initiative?|proposal|suggestion|ide|idé|idea)"
    rf"(?:et)?\s+(?:på|till|om|til|for|of|att starta|å starte)\s+{_KIND}|(?:network|nettverks|nätverks|netværks)"
    rf"[ -]?(?:proposal|förslag|forslag|framlegg)|(?:nytt?|nyt|ny|new)\s+{_KIND}"
    rf"|{_KIND}(?=\s*[:–—-]\s|\s+(?:om|kring|about)\s))(?P<rest>.*)$",
    re.IGNORECASE,
)
_INITIATIVE: Final = re.compile(r"^(?:nytt?\s+|new\s+)?initiative?\s*(?:[:–—-]|(?:om|about)\s)\s*", re.IGNORECASE)
_ABOUT: Final = re.compile(r"\s+(?:för|om|kring|for|about|on|rundt|omkring)\s+", re.IGNORECASE)
_NO_NAME: Final = re.compile(
    r"(?:hej|hei|hello|hi|hejsa|förslag|forslag|framlegg|proposal|fråga|spørsmål|spørgsmål|question|nätverk|netværk"
    r"|nettverk|network|möte|møte|møde|info|information|test|ny|nytt|idé|ide|idea|help|hjälp|hjelp|hjælp"
    r"|(?:nytt?|new)? ?initiative?)[\s.!:]*$",
    re.IGNORECASE,
)
_LETTERS: Final = str.maketrans({"å": "a", "ä": "a", "ö": "o", "æ": "ae", "ø": "o", "é": "e", "ü": "u", "è": "e"})

_GREETING: Final = re.compile(
    r"(?:hej|hei|hejsa|halloj|hallå|hallo|hi|hello|dear|kära|kjære|kære|god (?:morgon|morgen|dag))\b[^.?]{0,40}$",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^(?:hej|hei|hejsa|halloj|hallå|hallo|hi|hello|dear|kära|kjære|kære)(?:\s+[^\W\d_]+){0,3}\s*[,!.]+\s+(?=\S)",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"\s{0,8}(?:[-*•·▪◦‣–—]|\d{1,2}[.)])\s+(?=\S)")

_DEPUTY: Final = (
    r"(?:biträdande(?: moderator)?|ersättare|næstmoderator|vicemoderator|stedfortræder|nestmoderator|stedfortreder"
    r"|varamoderator|deputy(?: moderator)?)"
)
_ROLE: Final = re.compile(rf"\b(?:(?P<deputy>{_DEPUTY})|(?P<moderator>moderator))\b", re.IGNORECASE)
_NORWEGIAN_ROLE: Final = re.compile(rf"\b(?:(?P<deputy>{_DEPUTY}|vara)|(?P<moderator>moderator))\b", re.IGNORECASE)
_LIKELY: Final = re.compile(
    r"\b(?:kan|vill|vil|blir|bliver|är|er|ställer upp|stiller op|stiller opp|stiller|föreslås|foreslås|can|will|is|as"
    r"|som|tar|tager|tek)\b|[:–-]|^\W*(?:biträdande|moderator)",
    re.IGNORECASE,
)
_UNCLEAR: Final = re.compile(
    r"\?|\b(?:inte|ikke|ikkje|not|ej|kanske|måske|kanskje|maybe|eller|or|om|hvis|dersom|viss|if|vem|hvem|kven|who)\b",
    re.IGNORECASE,
)
_NAME: Final = r"[A-ZÅÄÖÆØÉÜ][^\W\d_]{1,20}(?:[-'’][^\W\d_]{1,20})?"
_PERSON: Final = re.compile(
    rf"(?<![\w@.])(?P<name>{_NAME}(?: {_NAME}){{0,3}})(?P<mail>\s?[<(]\s?[^\s<>()@]{{1,64}}@[^\s<>()@]{{1,190}}[>)])?"
)
# "I can be the moderator": the word itself is what the form understands.
_MYSELF: Final = re.compile(
    r"(?<!\w)(?P<me>(?i:jag själv|jeg selv|eg sjølv|jag|jeg|eg)|I)"
    r"(?:,? (?:kan|vill|vil|blir|bliver|er|är|ställer|stiller|tar|tager|tek"
    r"|can|will|am|would|skulle|gärna|gerne|gjerne)|'ll|'m|\s*$)(?!\w)"
)
_CALLED: Final = re.compile(
    r"\b(?:called|named|som heter|kallat|kallas|med namnet|ved navn|kaldet|som hedder|kalt|som heiter|kalla"
    r"|med namn)\s+"
    r"[\"“”«»'‘’](?P<name>[^\"“”«»'‘’\n]{3,60})[\"“”«»'‘’]",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[,;]\s+|\s+(?:och|og|and|samt|med|with)\s+(?=[A-ZÅÄÖÆØ])")
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n")
_WORDS: Final = re.compile(r"\w+")
_NOT_NAMES: Final = frozenset(
    _WORDS.findall(
        "jag jeg eg vi han hon hun ho de dei the she he som moderator biträdande ersättare næstmoderator vicemoderator"
        " stedfortræder nestmoderator stedfortreder varamoderator vara deputy hej hei hi hello kanske måske maybe"
        " någon nokon noen nogen somebody den det detta dette this that och og and till til to vår vores our as"
    )
)


def guess_form(subject: str, text: str, language: str) -> dict[str, str]:
    """Field id -> value as far as a mail says it: from its labels, else from subject, paragraphs, bullets and names.

    `text` is the whole body; `language` the sender's, which tells Swedish `vara` (be) from Norwegian `vara` (deputy).
    Never raises and never invents: what is not clear is left out.
    """
    text = text[:LONGEST]
    values = dict(read_form(text, _READ).values)
    purpose = values.pop("purpose", "")
    if purpose:
        values.setdefault("motivation", purpose)
    if "name" not in values and (name := name_from_subject(subject) or _name_called(text)):
        values["name"] = name
    if "name" in values and "address" not in values and (address := suggest_address(values["name"])):
        values["address"] = address
    labelled = {one for one in values if one not in ("name", "address")}
    if len(labelled) <= 1 and not labelled & {"moderator", "deputy"}:
        said = _from_prose(new_from_plain(text).text, _NORWEGIAN_ROLE if language in ("nb", "nn") else _ROLE)
        if labelled == {"work_questions"} and "work_questions" in said:
            values.update(said)  # a heading above a list, not a form: what stands below the list is none of it
        else:
            values = {**said, **values}
    return {one: values[one] for one in PROPOSAL.ids if values.get(one, "").strip()}


def people_named(text: str, language: str) -> dict[str, str]:
    """`moderator` and `deputy` as far as sentences name them: "Jag kan vara moderator och Bo Ek biträdande"."""
    return _people(text[:LONGEST], _NORWEGIAN_ROLE if language in ("nb", "nn") else _ROLE)


def names_a_person(text: str) -> bool:
    """Whether a text is nothing but one person: a name, an address, or both, in any order."""
    said = " ".join(text.split()).rstrip(".!")
    rest = re.sub(r"[\s<>(),;]+", " ", re.sub(r"[^\s<>(),;@]{1,64}@[^\s<>(),;@]{1,190}", "", said)).strip()
    if not said or len(said) > 200:
        return False
    names = re.fullmatch(rf"{_NAME}(?: {_NAME}){{0,3}}", rest) is not None
    return not rest or (names and (" " in rest or "@" in said))  # "Ja" alone is nobody


def _name_called(text: str) -> str:
    """The name in 'a network called "Digital preservation"', when there is one."""
    names = {match["name"].strip() for match in _CALLED.finditer(text)}
    return names.pop() if len(names) == 1 else ""


def name_from_subject(subject: str) -> str:
    """The network's name that a subject gives, or "": without `Re:`, `SV:`, tags and "Proposal for a network"."""
    name = subject[:300]
    for _ in range(8):
        match = _REPLY.match(name)
        if match is None:
            break
        name = name[match.end() :]
    name = _INITIATIVE.sub("", " ".join(name.split()), count=1)
    phrase = _PHRASE.match(name)
    if phrase:
        rest = phrase["rest"]
        about = _ABOUT.match(rest)
        name = rest[about.end() :] if about else rest
        if name and not about and name[0].isalnum():
            name = ""  # "nätverkets möten" is another word
    name = name.strip(" :–—-\"'”“«».,!")
    if not 3 <= len(name) <= 60 or "?" in name or "@" in name or len(name.split()) > 7 or _NO_NAME.match(name):
        return ""
    # English titles and our own languages alike begin with a capital letter.
    return name[0].upper() + name[1:]


def suggest_address(name: str) -> str:
    """The local part that a name suggests: `[a-z0-9]+(-[a-z0-9]+)*`, at most ADDRESS_LENGTH long; "" for none."""
    plain = name.lower().translate(_LETTERS)
    parts = re.findall(r"[a-z0-9]+", plain)
    out = ""
    for part in parts:
        longer = f"{out}-{part}" if out else part[:ADDRESS_LENGTH]
        if len(longer) > ADDRESS_LENGTH:
            break
        out = longer
    return out if re.search(r"[a-z]", out) else ""


def _from_prose(text: str, role: re.Pattern[str]) -> dict[str, str]:
    """Motivation, work questions, moderator and deputy from what somebody wrote without labels."""
    found = _people(text, role)
    lists, rest = _lists(text)
    if len(lists) == 1 and len(lists[0]) >= 2:
        found["work_questions"] = "\n".join(f"- {item}" for item in lists[0])
    paragraphs = [_OPENING.sub("", " ".join(one.split()), count=1) for one in re.split(r"\n\s*\n", rest)]
    said = [one for one in paragraphs if one and not _GREETING.match(one) and not _names_people(one, role)]
    motivation = "\n\n".join(said)
    asks = motivation.endswith("?") and not re.search(r"[.!]\s", motivation)  # "may we have a network?" says no why
    if len(motivation.split()) >= 6 and not asks:
        found["motivation"] = motivation
    return found


def _lists(text: str) -> tuple[list[list[str]], str]:
    """The bullet lists of a text, and the text without them and without the line that announces each."""
    lists: list[list[str]] = []
    rest: list[str] = []
    inside = False
    for line in text.split("\n"):
        match = _BULLET.match(line)
        if match and not inside:
            lists.append([])
            while rest and not rest[-1].strip():
                rest.pop()
            if rest and rest[-1].rstrip().endswith(":"):
                rest.pop()
            rest.append("")
        if match:
            lists[-1].append(" ".join(line[match.end() :].split()))
            inside = True
        elif inside and line.startswith(" ") and line.strip():
            lists[-1][-1] += " " + " ".join(line.split())
        else:
            inside = False
            rest.append("" if _GREETING.match(line.strip()) else line)
    return lists, "\n".join(rest)


def _names_people(paragraph: str, role: re.Pattern[str]) -> bool:
    """True for a paragraph that only says who takes which part."""
    return len(paragraph.split()) <= 25 and bool(_people(paragraph, role))


def _people(text: str, role: re.Pattern[str]) -> dict[str, str]:
    """Moderator and deputy where one sentence names one person for each of them, without an if or a maybe."""
    out: dict[str, str] = {}
    for sentence in _SENTENCE.split(text):
        if len(sentence) > 400 or not role.search(sentence) or _UNCLEAR.search(sentence):
            continue
        for part, person in _roles(sentence, role).items():
            if out.setdefault(part, person) != person:
                out[part] = ""  # two different people: it is not clear
    return {part: person for part, person in out.items() if person}


def _roles(sentence: str, role: re.Pattern[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    likely = bool(_LIKELY.search(sentence))
    for clause in _CLAUSE.split(sentence):
        roles = {match.lastgroup or "" for match in role.finditer(clause)}
        people = [person for match in _PERSON.finditer(clause) if (person := _person(match))]
        if roles and not people and (myself := _MYSELF.search(clause)):
            people = [myself["me"] if myself["me"] == "I" else myself["me"].lower()]
        if not roles:
            if people and not re.sub(r"[\s,.]", "", _PERSON.sub("", clause)):
                return {}  # "Anna, Bo kan vara moderator": who of them?
            continue
        if len(roles) != 1 or len(people) != 1 or not likely or roles & set(found):
            return {}
        found[roles.pop()] = people[0]
    return found


def _person(match: re.Match[str]) -> str:
    """The person of a match, `Anna Berg <anna@example.org>`, without a word that only begins the sentence; or ""."""
    names = match["name"].split(" ")
    while names and names[0].lower() in _NOT_NAMES:
        names.pop(0)
    while names and names[-1].lower() in _NOT_NAMES:
        names.pop()
    mail = (match["mail"] or "").strip(" <>()")
    name = " ".join(names)
    return f"{name} <{mail}>" if name and mail else name
