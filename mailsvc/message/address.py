"""Mail addresses as one validated value, and the strict reading of a From field that evidence rests on."""

from __future__ import annotations

import email.errors
import email.policy
import email.utils
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import idna

from mailsvc.message.encoded_words import decode_words, unfold

LONGEST_LOCAL = 64  # RFC 5321 §4.5.3.1.1, octets
LONGEST_DOMAIN = 255  # RFC 5321 §4.5.3.1.2, octets
LONGEST_FROM = 2048  # octets of a From value that we are willing to understand

_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\x80-\U0010ffff"
_DOT_STRING = re.compile(rf"[{_ATEXT}]+(?:\.[{_ATEXT}]+)*")
_QUOTED_LOCAL = re.compile(rf'"([{_ATEXT}.]+)"')
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox that is safe in SMTP and in headers: no control characters, no blanks, no angle brackets.

    `local` is as it was written, `domain` in lower case (Unicode labels stay Unicode). Build it with `parse_address`.
    Compare addresses by `folded`: local part in lower case and NFC, domain in IDNA's ASCII form.
    """

    local: str
    domain: str
    folded: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def ascii_domain(self) -> str:
        """The domain in IDNA's ASCII form, as DNS and DMARC know it."""
        return self.folded.rpartition("@")[2]

    @property
    def needs_smtputf8(self) -> bool:
        """True when the local part has other than ASCII characters (RFC 6531 §3.4)."""
        return not self.local.isascii()


def parse_address(text: str) -> Address | None:
    """`local@domain` exactly (RFC 5321 §4.1.2, RFC 6531 §3.3), else None.

    Quoted local parts are taken only when what they quote is harmless (`"anna..berg"@…`); address literals and source
    routes are not taken.
    """
    local, at, domain = text.rpartition("@")
    if not at or len(text) > LONGEST_LOCAL + LONGEST_DOMAIN + 1:
        return None
    key = _local_key(local)
    ascii_domain = fold_domain(domain)
    if key is None or ascii_domain is None:
        return None
    shown = ascii_domain if domain.isascii() else unicodedata.normalize("NFC", domain).lower()
    return Address(local, shown, f"{key}@{ascii_domain}")


def fold(text: str) -> str | None:
    """The key under which an address is found (`Address.folded`), or None where the text is no address."""
    address = parse_address(text)
    return address.folded if address else None


def fold_domain(domain: str) -> str | None:
    """A domain in IDNA's ASCII form and lower case (RFC 5890), or None where it is none."""
    if domain.isascii():
        name = domain.lower()
    else:
        # Length first: IDNA's mapping is not linear.
        if len(domain) > LONGEST_DOMAIN or _has_forbidden(domain):
            return None
        try:
            name = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
        except (idna.IDNAError, UnicodeError, IndexError):
            return None
    if len(name) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(name):
        return None
    return name


def same_organisation(one: str, other: str) -> bool:
    """Relaxed alignment (RFC 7489 §3.1), approximately: equal, or one a subdomain of the other with a dot in it."""
    a, b = one.lower().rstrip("."), other.lower().rstrip(".")
    if not a or not b:
        return False
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    return "." in short and long.endswith("." + short)


def _local_key(local: str) -> str | None:
    if not local or len(local.encode("utf-8", "surrogatepass")) > LONGEST_LOCAL:
        return None
    quoted = _QUOTED_LOCAL.fullmatch(local)
    bare = quoted[1] if quoted else local
    if not quoted and not _DOT_STRING.fullmatch(local):
        return None
    if not local.isascii() and _has_forbidden(local):
        return None
    # lower(), not casefold(): casefold makes ß into ss and would take two mailboxes for one.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", bare).lower())


def _has_forbidden(text: str) -> bool:
    """Control, format, surrogate, private and blank characters: none belongs into an address."""
    return any(unicodedata.category(char)[0] in "CZ" for char in text)


class FromOutcome(StrEnum):
    """What a strict reading of the From field found (5-quality, "F")."""

    OK = "ok"
    NONE = "none"
    SEVERAL_FIELDS = "several_fields"
    SEVERAL_MAILBOXES = "several_mailboxes"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class FromResult:
    """`address` is set exactly when `outcome` is OK; `display_name` is decoded, for showing only."""

    outcome: FromOutcome
    address: Address | None = None
    display_name: str = ""


def strict_from(header_values: Sequence[bytes | str]) -> FromResult:
    """Read the values of all From fields (RFC 5322 §3.6.2) so that nobody could read another author out of them.

    OK needs exactly one field with one mailbox, whose address our scanner and both readers of the email library agree
    on. NONE: no field or an empty one. AMBIGUOUS: everything that somebody might read differently.
    """
    if not header_values:
        return FromResult(FromOutcome.NONE)
    if len(header_values) > 1:
        return FromResult(FromOutcome.SEVERAL_FIELDS)
    raw = header_values[0]
    value = raw.decode("utf-8", "surrogateescape") if isinstance(raw, bytes) else raw
    value = unfold(value)
    if not value:
        return FromResult(FromOutcome.NONE)
    return _from_value(value) if len(value) <= LONGEST_FROM else FromResult(FromOutcome.AMBIGUOUS)


@lru_cache(maxsize=512)  # the library's new parser takes longer than all else; a mail is read several times
def _from_value(value: str) -> FromResult:
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        return FromResult(FromOutcome.AMBIGUOUS)
    scan = _scan(value)
    if scan.mailboxes > 1:
        return FromResult(FromOutcome.SEVERAL_MAILBOXES)
    if scan.address is None or not _library_agrees(value, scan.address):
        return FromResult(FromOutcome.AMBIGUOUS)
    name = decode_words(scan.phrase)
    if "=?" in scan.phrase and re.search(r"[<>]", name):
        return FromResult(FromOutcome.AMBIGUOUS)  # decoded before parsing, this would be another address
    return FromResult(FromOutcome.OK, scan.address, name.encode("utf-8", "replace").decode("utf-8"))


@dataclass(frozen=True, slots=True)
class _Scan:
    address: Address | None
    phrase: str
    mailboxes: int


# Quoted strings and plain comments are the only places where other rules hold; a comment with anything that another
# parser might act on is left to fall through as a special character.
_PIECE = re.compile(
    r"""(?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<comment>\([^()\\"@<>,:;]*\))
      | (?P<angle><[^<>]*>)
      | (?P<special>[()<>@,:;\\"])
      | (?P<text>[^()<>@,:;\\"]+)""",
    re.VERBOSE,
)


def _scan(value: str) -> _Scan:
    """Our own reading: `phrase <address>`, `address` or `address (name)`, nothing else."""
    pieces = [(match.lastgroup or "", match[0]) for match in _PIECE.finditer(value)]
    mailboxes = _count_mailboxes(pieces)
    nothing = _Scan(None, "", mailboxes)
    kinds = [kind for kind, _ in pieces]
    if "angle" in kinds:
        where = kinds.index("angle")
        after = [text for kind, text in pieces[where + 1 :] if kind != "comment"]
        if "special" in kinds or kinds.count("angle") > 1 or any(text.strip() for text in after):
            return nothing
        phrase = " ".join(text if kind == "comment" else _words(kind, text) for kind, text in pieces if kind != "angle")
        return _Scan(_plain_address(pieces[where][1][1:-1]), re.sub(r"\s+", " ", phrase).strip(), mailboxes)
    bare = [(kind, text) for kind, text in pieces if kind != "comment"]
    outside = "".join(text for _, text in bare).strip()
    # The comment may only follow the address: "anna(x)@…" is read differently by different programs.
    if "comment" in kinds and not re.fullmatch(r"[^()]*(?:\([^()]*\)\s*)+", value):
        return nothing
    phrase = " ".join(_words(kind, text) for kind, text in pieces if kind == "comment")
    return _Scan(_plain_address(outside), phrase, mailboxes)


def _plain_address(text: str) -> Address | None:
    text = text.strip(" \t")
    # An encoded word is no address (RFC 2047 §5), but some programs decode it there.
    return None if "=?" in text else parse_address(text)


def _words(kind: str, text: str) -> str:
    if kind == "quoted":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if kind == "comment":
        return text[1:-1]
    return text.strip()


def _count_mailboxes(pieces: list[tuple[str, str]]) -> int:
    """How many comma-separated elements hold an address."""
    count = 0
    holds = False
    for kind, text in pieces:
        if (kind, text) == ("special", ","):
            count += holds
            holds = False
        elif (kind == "angle" and "@" in text) or (kind, text) == ("special", "@"):
            holds = True
    return count + holds


def _library_agrees(value: str, address: Address) -> bool:
    """True when the email library's old and new parser both see exactly this one address."""
    text = value.encode("utf-8", "replace").decode("utf-8")
    try:
        old = email.utils.getaddresses([text])
        new = email.policy.SMTPUTF8.header_factory("From", text)
        seen = [pair[1] for pair in old] + [found.addr_spec for found in new.addresses]
    except (email.errors.MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError):
        return False
    return len(seen) == 2 and all(fold(one) == address.folded for one in seen)
