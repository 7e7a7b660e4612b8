"""The grammar of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2): functions from text to a value or a Refusal."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mailsvc.errors import Refusal
from mailsvc.receive import replies

LONGEST_LOCAL = 64  # octets, RFC 5321 §4.5.3.1.1; not asked of senders, whose VERP addresses are longer in practice
LONGEST_DOMAIN = 255  # octets, RFC 5321 §4.5.3.1.2
LONGEST_PATH = 256  # octets with the angle brackets, RFC 5321 §4.5.3.1.3

_UTF8 = r"\x80-\U0010ffff"
_ATOM = rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~{_UTF8}-]+"
_DOT_STRING = rf"{_ATOM}(?:\.{_ATOM})*"
# A quoted local part may hold anything by the letter of §4.1.2. Blanks, angle brackets and backslashes in an address
# have only ever been used to make two programs read two addresses, so ours has none.
_QUOTED = rf'"[!#-;=?-\[\]-~{_UTF8}]+"'
_LABEL = rf"[A-Za-z0-9_{_UTF8}](?:[A-Za-z0-9_{_UTF8}-]*[A-Za-z0-9_{_UTF8}])?"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*"
_LITERAL = r"\[(?:IPv6:)?[0-9A-Fa-f.:]+\]"
# §4.1.1.3, appendix C: a source route is accepted and ignored.
_ROUTE = rf"(?:@{_DOMAIN}(?:,@{_DOMAIN})*:)?"
_PATH = re.compile(rf"<{_ROUTE}(?P<local>{_DOT_STRING}|{_QUOTED})@(?P<domain>{_DOMAIN}|{_LITERAL})>")
_POSTMASTER = re.compile(r"<postmaster>", re.IGNORECASE | re.ASCII)
_PARAMETER = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9-]*)(?:=(?P<value>[!-<>-~]+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class MailCommand:
    """MAIL FROM: `reverse_path` is "" for the null sender, `size` the declared octets (RFC 1870) or 0."""

    reverse_path: str
    size: int = 0
    smtputf8: bool = False


def parse_mail(argument: str, *, extended: bool) -> MailCommand | Refusal:
    """What stands behind `MAIL`. `extended` says that EHLO was used, only then are there parameters."""
    split = _split(argument, "FROM:")
    if split is None:
        return replies.BAD_SENDER
    path, rest = split
    parameters = _parameters(rest)
    if isinstance(parameters, Refusal):
        return parameters
    known = {"SIZE", "BODY", "SMTPUTF8"} if extended else set()
    if not parameters.keys() <= known:
        return replies.UNKNOWN_PARAMETER
    size = parameters.get("SIZE", "0")
    if size is None or not re.fullmatch(r"[0-9]{1,20}", size):
        return replies.BAD_PARAMETER
    if (parameters.get("BODY", "7BIT") or "").upper() not in ("7BIT", "8BITMIME"):
        return replies.BAD_PARAMETER
    if parameters.get("SMTPUTF8") is not None:
        return replies.BAD_PARAMETER
    smtputf8 = "SMTPUTF8" in parameters
    mailbox = "" if path == "<>" else _mailbox(path, replies.BAD_SENDER, smtputf8=smtputf8)
    if isinstance(mailbox, Refusal):
        return mailbox
    return MailCommand(mailbox, int(size), smtputf8)


def parse_rcpt(argument: str, *, smtputf8: bool) -> str | Refusal:
    """What stands behind `RCPT`: the mailbox without its source route, or `postmaster` (§4.5.1).

    `smtputf8` says that MAIL had that parameter. No parameters are offered, so DSN's NOTIFY and ORCPT are refused.
    """
    split = _split(argument, "TO:")
    if split is None:
        return replies.BAD_RECIPIENT
    path, rest = split
    parameters = _parameters(rest)
    if isinstance(parameters, Refusal):
        return parameters
    if parameters:
        return replies.UNKNOWN_PARAMETER
    if _POSTMASTER.fullmatch(path):
        return "postmaster"
    mailbox = _mailbox(path, replies.BAD_RECIPIENT, smtputf8=smtputf8)
    if isinstance(mailbox, str) and len(mailbox.rpartition("@")[0].encode()) > LONGEST_LOCAL:
        return replies.BAD_RECIPIENT
    return mailbox


def _split(argument: str, keyword: str) -> tuple[str, str] | None:
    """The path and what follows it. Blanks between the colon and the path are an old, harmless habit."""
    if argument[: len(keyword)].upper() != keyword:
        return None
    text = argument[len(keyword) :].strip(" ")
    # The closing bracket is the last one before a blank; no path has a blank inside (see _QUOTED).
    path, _, rest = text.partition(" ")
    return path, rest.strip(" ")


def _parameters(text: str) -> dict[str, str | None] | Refusal:
    """ESMTP parameters (§4.1.2): names in upper case; None where there is no value."""
    found: dict[str, str | None] = {}
    for word in text.split():
        match = _PARAMETER.fullmatch(word)
        if not match or match["name"].upper() in found:
            return replies.BAD_PARAMETER
        found[match["name"].upper()] = match["value"]
    return found


def _mailbox(path: str, bad: Refusal, *, smtputf8: bool) -> str | Refusal:
    match = _PATH.fullmatch(path)
    if not match:
        return bad
    local, domain = match["local"], match["domain"]
    mailbox = f"{local}@{domain}"
    if not mailbox.isascii():
        # Controls, blanks, invisible characters and bytes that were no UTF-8 (surrogates) are no part of a name.
        if any(unicodedata.category(char)[0] in "CZ" for char in mailbox):
            return bad
        if not smtputf8:
            return replies.NEEDS_SMTPUTF8
    if len(domain.encode()) > LONGEST_DOMAIN or len(mailbox.encode()) > LONGEST_PATH - 2:
        return bad
    return mailbox
