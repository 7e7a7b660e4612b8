"""Is this mail written by a machine? One verdict with its named sign (3-mail, step 4; RFC 3834, RFC 5230 §4.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mailsvc.message.parsing import Message


class Verdict(StrEnum):
    """CERTAIN: never a command, an answer or a post. LIKELY: never a command or an answer; a post is held."""

    NONE = "none"
    LIKELY = "likely"
    CERTAIN = "certain"


@dataclass(frozen=True, slots=True)
class Automatic:
    """`sign` names what was seen, for log and `explain`; `reply`: an automatic answer such as an absence notice."""

    verdict: Verdict
    sign: str = ""
    reply: bool = False

    @property
    def any(self) -> bool:
        """True for likely and certain."""
        return self.verdict is not Verdict.NONE


_HUMAN = Automatic(Verdict.NONE)

# What Outlook, Exchange, Gmail and Lotus put before the subject. Words that people use too need the colon.
_ABSENCE = re.compile(
    r"""(?:\[[^\[\]]{0,60}\]\s*)?(?:
      (?: automatic\ reply | auto-?\ ?reply | automated\ reply | out[ -]of[ -](?:the[ -])?office(?:\ auto-?\ ?reply)?
        | auto-?\ ?response | away\ from\ (?:my\ |the\ )?office | vacation | ooo
        | automatiskt\ svar | autosvar | frånvaro | frånvarande | frånvaromeddelande | frånvarobesked | semestersvar
        | inte\ på\ kontoret | ej\ på\ kontoret | borta\ från\ kontoret
        | automatisk\ svar | fravær | fraværsmeddelelse | fraværsbesked | fraværsmelding | ikke\ på\ kontoret
        | ikke\ til\ stede | feriesvar | ute\ av\ kontoret
        | automatisk\ svarmelding | fråvær | fråværsmelding | ikkje\ på\ kontoret | ikkje\ til\ stades
        | automaattinen\ vastaus | automaattivastaus | poissaolo | poissaoloviesti | poissa\ toimistosta | poissa
        | automatische\ antwort | abwesenheitsnotiz | abwesenheit | abwesend | automatische\ abwesenheit
        | automatisch\ antwoord | réponse\ automatique | respuesta\ automática | risposta\ automatica
      )\s*:
    | (?:out\ of\ office|automatic\ reply|autoreply|automatiskt\ svar|automatisk\ svar|autosvar|autosvar\ från)\s*$
    | out\ of\ (?:the\ )?office\ (?:auto-?\ ?reply|re:|message|response)
    | auto:\ .{1,120}(?:out\ of\ (?:the\ )?office|kontoret|fraværende|frånvarande|borte|toimistosta|büro|abwesend)
    | .{2,80}\ is\ (?:currently\ )?out\ of\ (?:the\ )?office(?:\.|\s*$|\s*\(return)
    | .{2,80}\ (?:är\ inte\ på|är\ borta\ från|er\ ikke\ på|er\ ikkje\ på|er\ ute\ av)\ kontoret(?:\.|\s*$|\s*\()
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"your e-?mail requires verification\b|please confirm your (?:message|e-?mail)\s*$|\[?verify#|.{0,80}\bverify#\w{8}"
    r"|.{0,80}\[spamarrest\]|please (?:verify|authenticate) (?:your )?(?:e-?mail|message)\b",
    re.IGNORECASE,
)
_CHALLENGERS = ("tmda", "boxtrapper", "spamarrest", "choicemail", "mailblocks", "qurb", "uol antispam")


def classify(
    message: Message, reverse_path: str, own_domains: Sequence[str] = (), *, received_limit: int = 50
) -> Automatic:
    """The verdict for a mail; `reverse_path` is "" for the null sender, `own_domains` are the site's, lower case."""
    return _certain(message, reverse_path, own_domains, received_limit) or _likely(message) or _HUMAN


def _certain(message: Message, reverse_path: str, own_domains: Sequence[str], limit: int) -> Automatic | None:
    by_field = _auto_submitted(message) or _autoreply_fields(message)
    if by_field:
        return by_field
    if reverse_path == "" or any(value.replace(" ", "") == "<>" for value in message.get_all("return-path")):
        return Automatic(Verdict.CERTAIN, "null sender", reply=bool(_ABSENCE.match(message.subject)))
    if _is_daemon(reverse_path) or any(_is_daemon(value) for value in message.get_all("from")):
        return Automatic(Verdict.CERTAIN, "mailer-daemon")
    if message.content_type == "multipart/report":
        return Automatic(Verdict.CERTAIN, "multipart/report")
    if message.receipt:
        return Automatic(Verdict.CERTAIN, "read receipt")
    if _ours(message, own_domains):
        return Automatic(Verdict.CERTAIN, "own list-id or x-loop")
    if len(message.raw_all("received")) >= limit:
        return Automatic(Verdict.CERTAIN, "received loop")
    return None


def _likely(message: Message) -> Automatic | None:
    if _ABSENCE.match(message.subject[:400]):
        return Automatic(Verdict.LIKELY, "out-of-office subject", reply=True)
    if _precedence(message) & {"bulk", "list"}:
        return Automatic(Verdict.LIKELY, "precedence")
    if message.has("list-id"):
        return Automatic(Verdict.LIKELY, "foreign list-id")
    agents = " ".join((message.get(name) or "")[:200] for name in ("x-delivery-agent", "x-mailer")).lower()
    if _CHALLENGE.match(message.subject[:400]) or any(name in agents for name in _CHALLENGERS):
        return Automatic(Verdict.LIKELY, "challenge-response", reply=True)
    return None


def _auto_submitted(message: Message) -> Automatic | None:
    """RFC 3834 §5: a keyword, perhaps parameters or a comment after it."""
    for value in message.get_all("auto-submitted"):
        keyword = re.split(r"[\s;(]", value.strip().lower(), maxsplit=1)[0]
        if keyword not in ("", "no", "auto-forwarded"):
            return Automatic(Verdict.CERTAIN, f"auto-submitted {keyword[:40]}", reply=keyword == "auto-replied")
    return None


def _autoreply_fields(message: Message) -> Automatic | None:
    for name in ("x-autoreply", "x-autorespond", "x-autoreply-from"):
        value = message.get(name)
        if value is not None and value.strip().lower() not in ("no", "false"):
            return Automatic(Verdict.CERTAIN, name, reply=True)
    found = _precedence(message) & {"auto_reply", "auto-reply", "junk"}
    if found:
        return Automatic(Verdict.CERTAIN, f"precedence {min(found)}", reply="junk" not in found)
    return None


def _precedence(message: Message) -> set[str]:
    return {value.strip().lower() for value in message.get_all("precedence")}


def _is_daemon(text: str) -> bool:
    return bool(re.search(r"(?:^|[\s<\"(])mailer-daemon(?:@|\s*>|\s*$)", text[:2000], re.IGNORECASE))


def _ours(message: Message, own_domains: Sequence[str]) -> bool:
    for domain in own_domains:
        suffix = domain.lower()
        if message.list_id == suffix or message.list_id.endswith("." + suffix):
            return True
        loops = (value.strip().strip("<>").lower() for value in message.get_all("x-loop"))
        if any(value == suffix or value.endswith(("@" + suffix, "." + suffix)) for value in loops):
            return True
    return False
