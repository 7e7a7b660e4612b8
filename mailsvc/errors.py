"""Values for refusals and outcomes, the one list of named reasons, and the few exceptions the service has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something was done or not done; each value is explained in docs/reasons.md (tested)."""

    # receiving
    OK = "ok"
    UNKNOWN_ADDRESS = "unknown-address"
    NOT_OUR_DOMAIN = "not-our-domain"
    CLOSED = "closed"
    BAD_ADDRESS = "bad-address"
    TOO_MANY_RECIPIENTS = "too-many-recipients"
    TOO_MANY_CONNECTIONS = "too-many-connections"
    TOO_MANY_COMMANDS = "too-many-commands"
    TOO_MANY_ERRORS = "too-many-errors"
    TOO_BIG = "too-big"
    BUSY = "busy"
    TIMEOUT = "timeout"
    BAD_COMMAND = "bad-command"
    STOPPING = "stopping"
    NOT_A_RELAY = "not-a-relay"
    BAD_LINE = "bad-line"
    BAD_BYTES = "bad-bytes"
    BAD_HEADERS = "bad-headers"
    BAD_MIME = "bad-mime"
    BAD_FROM = "bad-from"
    LOOP = "loop"
    STORE_UNAVAILABLE = "store-unavailable"
    DISK_FULL = "disk-full"
    INTERNAL = "internal"
    # handling
    DUPLICATE = "duplicate"
    AUTOMATIC = "automatic"
    OWN_MAIL = "own-mail"
    SPAM_HEADER = "spam-header"
    POISON = "poison"
    FORGED = "forged"
    POSTED = "posted"
    HELD = "held"
    MEETING_CALLED = "meeting-called"
    FORWARDED = "forwarded"
    ANSWERED = "answered"
    UNDECIDED = "undecided"
    NOTHING_SAID = "nothing-said"
    ALREADY_DECIDED = "already-decided"
    OLD_QUESTION = "old-question"
    UNKNOWN_TOKEN = "unknown-token"  # noqa: S105 - a reason's name, not a secret
    OTHERS_ADDRESS = "others-address"
    UNKNOWN_SENDER = "unknown-sender"
    CHALLENGED = "challenged"
    COMMANDS_DONE = "commands-done"
    NO_COMMAND = "no-command"
    EXPLAINED = "explained"
    PROPOSED = "proposed"
    NEEDS_OPERATOR = "needs-operator"
    DOCUMENTS = "documents"
    NOT_TAKEN = "not-taken"
    FOUND = "found"
    HELPED = "helped"
    JOIN_ASKED = "join-asked"
    JOINED = "joined"
    NOT_MEMBER = "not-member"
    LEAVE_ASKED = "leave-asked"
    LEFT = "left"
    CLOSED_GROUP = "closed-group"
    LIMIT = "limit"
    BOUNCE = "bounce"
    ABSENCE = "absence"
    NOT_ENTITLED = "not-entitled"
    NOT_SIGNED = "not-signed"
    UNPROVEN = "unproven"
    ON_BEHALF = "on-behalf"
    NOT_ELIGIBLE = "not-eligible"
    # why a post is held
    HELD_NOT_MEMBER = "held-not-member"
    HELD_MODERATED = "held-moderated"
    HELD_ANNOUNCE = "held-announce"
    HELD_SENDER_MODERATED = "held-sender-moderated"
    HELD_TOO_BIG = "held-too-big"
    HELD_DMARC = "held-dmarc"
    HELD_IDENTITY_NUMBER = "held-identity-number"
    HELD_IDENTITY_NUMBER_IN_FILE = "held-identity-number-in-file"
    HELD_TOKEN = "held-token"  # noqa: S105 - a reason's name, not a secret
    HELD_AUTOMATIC = "held-automatic"
    HELD_INVITATION = "held-invitation"
    HELD_UNREADABLE = "held-unreadable"
    HELD_COMMAND = "held-command"
    HELD_SAME_ID = "held-same-id"
    HELD_FROM = "held-from"
    HELD_MIME_DEPTH = "held-mime-depth"
    HELD_UNPROVEN = "held-unproven"
    HELD_ON_BEHALF = "held-on-behalf"
    HELD_GROUP = "held-group"
    BANNED = "banned"
    # delivery
    RELAY_UNREACHABLE = "relay-unreachable"
    RELAY_TEMPORARY = "relay-temporary"
    RELAY_PERMANENT = "relay-permanent"
    BOUNCES_ALIKE = "bounces-alike"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An SMTP refusal as a value (RFC 5321 §4.2, RFC 3463): what the peer is told, and apart what the log is told."""

    code: int
    enhanced: str
    reason: Reason
    public: str
    private: str = ""

    @property
    def temporary(self) -> bool:
        """True for 4yz: the peer should try again."""
        return 400 <= self.code < 500

    def line(self) -> str:
        """The reply line, `550 5.1.1 text`."""
        return f"{self.code} {self.enhanced} {self.public}"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The next hop took it; `reply` is its words."""

    reply: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now; try again. `reply` is what was said or seen."""

    reply: str
    reason: Reason = Reason.RELAY_TEMPORARY


@dataclass(frozen=True, slots=True)
class Failed:
    """Never; `reply` is the next hop's permanent answer."""

    reply: str
    reason: Reason = Reason.RELAY_PERMANENT


Outcome = Delivered | Deferred | Failed


class ConfigError(Exception):
    """A configuration that cannot be used; names the key and, where known, the line."""

    def __init__(self, message: str, key: str = "", line: int | None = None) -> None:
        place = f"{key}" + (f" (line {line})" if line is not None else "")
        super().__init__(f"{place}: {message}" if place else message)
        self.key = key
        self.line = line


class CommandError(Exception):
    """A command-line request that cannot be done; the message is the one sentence shown (exit 1)."""


class StoreUnavailable(Exception):
    """The database cannot take this now (full, locked, I/O error): nothing was changed; try again (451)."""


class StoreCorrupt(Exception):
    """The database must not be served: corrupt, emptied, foreign or newer than this program."""
