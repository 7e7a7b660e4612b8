"""One conversation in SMTP (RFC 5321) or LMTP (RFC 2033): commands in, replies out, a mail handed over, within limits.

It reads from a `Wire` and writes through a `Line`, so it knows neither sockets nor aiosmtpd.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

from structlog.typing import FilteringBoundLogger

from mailsvc.errors import Refusal
from mailsvc.message.envelope import Envelope
from mailsvc.receive import replies
from mailsvc.receive.commands import parse_mail, parse_rcpt
from mailsvc.receive.content_rules import admit
from mailsvc.receive.model import House, Line, Peer, Transaction, Verdict
from mailsvc.receive.session_limits import SessionBudget
from mailsvc.receive.wire import DataBlock, Wire

LONGEST_LINE = 4096  # octets of a command line that are looked at; `limits.command_line` is meant to be below
LONGEST_HELO = 255
LINGER_SECONDS = 2.0  # how long a client that we dismiss may go on sending, so that it can read why
LINGER_OCTETS = 1024 * 1024
# RFC 1870 §3, RFC 6152 §2 and RFC 6531 §3.1: what their parameters add to the length of MAIL.
MAIL_LINE_EXTRA = 26 + 17 + 10

_VERB = re.compile(rb"[A-Za-z]{1,16}")
_CONTROLS = re.compile(rb"[\x00-\x1f\x7f]")
_HELO = re.compile(r"[A-Za-z0-9._:\[\]-]+", re.ASCII)
_JUNK = frozenset({"NOOP", "RSET", "VRFY", "EXPN", "HELP"})
# Known, and not offered: EXPN would name members, AUTH is for submission, BDAT and ETRN are extensions of RFC 3030 and
# RFC 1985.
_NOT_OFFERED = frozenset({"EXPN", "AUTH", "BDAT", "ETRN", "TURN", "SEND", "SOML", "SAML"})
# A browser that a page sends here must not have the body of its request read as commands.
_HTTP = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "CONNECT", "TRACE"})
# Replies to these may wait for the replies of what follows (RFC 2920 §3.2).
_GROUPED = frozenset({"MAIL", "RCPT", "RSET"})


class Conversation:
    """Commands are methods that answer with `_say` or `_refuse`; `talk` is all of it from greeting to goodbye."""

    def __init__(
        self, house: House, peer: Peer, wire: Wire, line: Line, log: FilteringBoundLogger, *, lmtp: bool = False
    ) -> None:
        self._house = house
        self._lmtp = lmtp
        self._limits = house.limits
        self._peer = peer
        self._wire = wire
        self._line = line
        self._log = log
        self.budget = SessionBudget(house.limits)
        self.in_data = False
        self._unsent = bytearray()
        self._ending = False
        self._lingers = True
        self._helo = ""
        self._extended = False
        self._transaction: Transaction | None = None
        self._time: Callable[[], float] = asyncio.get_running_loop().time
        self._hang_up_at = self._time() + house.limits.session_seconds
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "STARTTLS": self._starttls,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._rset,
            "NOOP": self._noop,
            "VRFY": self._vrfy,
            "HELP": self._help,
            "QUIT": self._quit,
        }
        # RFC 2033 §4.1: an LMTP server must not answer EHLO, so that nobody takes one for the other.
        self._commands |= {"LHLO": self._ehlo} if lmtp else {"EHLO": self._ehlo, "HELO": self._hello}

    async def talk(self) -> None:
        """From the greeting to the goodbye; ConnectionError or TimeoutError when the client does not read."""
        self._say(f"220 {self._house.name} {'LMTP' if self._lmtp else 'ESMTP'}")
        while not self._ending:
            # RFC 2920 §3.2: whatever is unsent goes out before we wait for the client.
            if not self._wire.has_line:
                await self._flush()
            try:
                line = await self._wire.line(LONGEST_LINE, self._deadline(self._limits.idle_seconds))
            except TimeoutError:
                self._refuse(replies.TIMED_OUT)
                break
            if line is None:
                await self._flush()
                return
            try:
                await self._obey(line)
            except (ConnectionError, TimeoutError):
                raise
            except Exception as error:  # noqa: BLE001 - a bug of ours must not tell the peer more than "try again"
                self._refuse(self._house.trouble(error))
            if self._house.stopping and not self._ending:
                self._refuse(replies.STOPPING)
                self._lingers = False
        await self._flush()
        if self._lingers:
            self._line.send_end()
            await self._wire.discard(LINGER_OCTETS, self._time() + LINGER_SECONDS)

    def last_words(self) -> bytes:
        """What an idle client is told when the service stops: the unsent replies, and 421."""
        return bytes(self._unsent) + replies.wire_line(replies.STOPPING.line())

    def _deadline(self, seconds: float) -> float:
        return min(self._time() + seconds, self._hang_up_at)

    # ---- a command line

    async def _obey(self, line: bytes) -> None:
        """Its form, the counters, its method."""
        verb_bytes, _, rest = line.rstrip(b"\r\n").partition(b" ")
        verb = verb_bytes.decode("ascii", "replace").upper()
        refusal = self.budget.command() or (self.budget.junk() if verb in _JUNK else None)
        refusal = refusal or self._malformed(line, verb_bytes, verb) or self._unknown(verb)
        if refusal is None and _CONTROLS.search(rest):
            refusal = {"MAIL": replies.BAD_SENDER, "RCPT": replies.BAD_RECIPIENT}.get(verb, replies.BAD_ARGUMENT)
        if refusal is None:
            await self._commands[verb](rest.strip(b" ").decode("utf-8", "surrogateescape"))
        else:
            self._refuse(refusal)
        if verb not in _GROUPED:
            await self._flush()

    def _malformed(self, line: bytes, verb_bytes: bytes, verb: str) -> Refusal | None:
        longest = self._limits.command_line + (MAIL_LINE_EXTRA if verb == "MAIL" and self._extended else 0)
        if len(line) > min(longest, LONGEST_LINE):
            return replies.LINE_TOO_LONG
        if not line.endswith(b"\r\n") and not self._peer.trusted:
            return replies.BARE_LF
        return None if _VERB.fullmatch(verb_bytes) else replies.NOT_A_COMMAND

    def _unknown(self, verb: str) -> Refusal | None:
        if verb in self._commands:
            return None
        if verb in _HTTP:
            self._ending = True
            return replies.NOT_SMTP
        return replies.NOT_IMPLEMENTED if verb in _NOT_OFFERED else replies.UNKNOWN_COMMAND

    # ---- replies

    def _say(self, line: str) -> None:
        self._unsent += replies.wire_line(line)

    def _refuse(self, refusal: Refusal, *, counts: bool = True) -> None:
        """Say no. Permanent refusals are counted as the client's errors unless `counts` is false."""
        if counts and not refusal.temporary:
            over = self.budget.error()
            if self.budget.soft_reached:
                self._log.warning("smtp.errors", errors=self.budget.errors)
            refusal = over or refusal
        self._log.info("smtp.refused", code=refusal.code, enhanced=refusal.enhanced, reason=refusal.reason.value)
        if refusal.private:
            self._log.debug("smtp.refused.why", reason=refusal.reason.value, private=refusal.private)
        self._say(refusal.line())
        if refusal.code == 421:
            self._ending = True

    async def _flush(self) -> None:
        if self._unsent:
            data = bytes(self._unsent)
            self._unsent.clear()
            await self._line.send(data)

    async def _ask(self, question: Awaitable[Refusal | None]) -> Refusal | None:
        """What the acceptor says; a failure of its own is a temporary refusal."""
        try:
            return await question
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the peer shall try again
            return self._house.trouble(error)

    # ---- greetings

    async def _ehlo(self, argument: str) -> None:
        """EHLO, RFC 5321 §4.1.1.1, and LHLO, RFC 2033 §4.1."""
        if self._greet(argument, extended=True):
            for offer in (self._house.name, "PIPELINING", f"SIZE {self._limits.message_size}", "8BITMIME", "SMTPUTF8"):
                self._say(f"250-{offer}")
            if self._line.can_be_secured:
                self._say("250-STARTTLS")
            self._say("250 ENHANCEDSTATUSCODES")

    async def _hello(self, argument: str) -> None:
        """HELO, RFC 5321 §4.1.1.1."""
        if self._greet(argument, extended=False):
            self._say(f"250 {self._house.name}")

    def _greet(self, name: str, *, extended: bool) -> bool:
        # Later it stands in a Received field, so it is a name or an address literal and nothing cleverer.
        if len(name) > LONGEST_HELO or not _HELO.fullmatch(name):
            self._refuse(replies.BAD_ARGUMENT)
            return False
        self._helo = name
        self._extended = extended
        self._transaction = None
        return True

    async def _starttls(self, argument: str) -> None:
        """RFC 3207 §4: everything said before is forgotten; what was sent behind it in plain text is dropped unread.

        Whoever sits between could otherwise put a command there that counts as said inside TLS.
        """
        if argument:
            self._refuse(replies.BAD_ARGUMENT)
        elif self._line.secured:
            self._refuse(replies.TLS_ALREADY)
        elif not self._line.can_be_secured:
            self._refuse(replies.NOT_IMPLEMENTED)
        else:
            self._line.hold()
            self._say(replies.BEGIN_TLS)
            await self._flush()
            self._wire.drop()
            self._helo = ""
            self._extended = False
            self._transaction = None
            await self._line.start_tls()

    # ---- a transaction

    @property
    def _greeting_first(self) -> Refusal:
        return replies.LHLO_FIRST if self._lmtp else replies.HELO_FIRST

    async def _mail(self, argument: str) -> None:
        """RFC 5321 §4.1.1.2, SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531)."""
        if not self._helo or self._transaction:
            self._refuse(replies.NESTED_MAIL if self._helo else self._greeting_first)
            return
        command = parse_mail(argument, extended=self._extended)
        if isinstance(command, Refusal):
            self._refuse(command)
            return
        refusal: Refusal | None = None
        if command.size > self._limits.message_size:
            refusal = replies.TOO_BIG
        elif not self._house.in_flight.room_for(command.size):
            refusal = replies.NO_MEMORY
        refusal = refusal or await self._ask(self._house.acceptor.room())
        if refusal:
            self._refuse(refusal)
            return
        self._transaction = Transaction(command.reverse_path, command.smtputf8, command.size)
        self._say(replies.SENDER_OK)

    async def _rcpt(self, argument: str) -> None:
        """RFC 5321 §4.1.1.3."""
        transaction = self._transaction
        if transaction is None:
            self._refuse(replies.MAIL_FIRST if self._helo else self._greeting_first)
            return
        address = parse_rcpt(argument, smtputf8=transaction.smtputf8)
        if isinstance(address, Refusal):
            self._refuse(address)
            return
        if address in transaction.recipients:
            transaction.promised.append(address)
            self._say(replies.RECIPIENT_OK)
            return
        refusal: Refusal | None = replies.TOO_MANY_RECIPIENTS
        if len(transaction.recipients) < self._limits.recipients:
            refusal = await self._ask(self._house.acceptor.recipient(address, transaction.smtputf8))
        if refusal:
            transaction.refused += 1
            # A relay passes on what others wrote. Cut off for it, it would bring the same mail again until it expires.
            self._refuse(refusal, counts=not self._peer.trusted)
            return
        transaction.recipients.append(address)
        transaction.promised.append(address)
        self._say(replies.RECIPIENT_OK)

    async def _data(self, argument: str) -> None:
        """RFC 5321 §4.1.1.4."""
        refusal = self._not_now(argument)
        transaction = self._transaction
        if refusal or transaction is None:
            self._refuse(refusal or replies.MAIL_FIRST)
            return
        self._transaction = None
        self.in_data = True
        try:
            verdict = await self._message(transaction)
        finally:
            self.in_data = False
        self._tell(transaction, verdict)

    def _tell(self, transaction: Transaction, verdict: Verdict) -> None:
        """The replies to the final dot: one in SMTP, one for each RCPT that was answered with 250 in LMTP (RFC 2033
        §4.2)."""
        if isinstance(verdict, Refusal) or verdict is None:
            refusals = [verdict] * len(transaction.promised)
        else:
            refusals = [verdict.get(address) for address in transaction.promised]
        kept = None in refusals
        if kept:
            self.budget.mail()
        # 421 ends the conversation, so nothing can follow it; and where SMTP's one reply has to stand for recipients
        # who were not taken alike, what was taken must not be sent again.
        if not self._lmtp or (isinstance(verdict, Refusal) and verdict.code == 421):
            refusals = [None] if kept else refusals[:1]
        for refusal in refusals:
            if refusal is None:
                self._say(replies.KEPT)
            else:
                # What a relay passes on is not its fault; and a 421 in place of a reply would take the rest with it.
                self._refuse(refusal, counts=not (self._peer.trusted or self._lmtp))

    def _not_now(self, argument: str) -> Refusal | None:
        """Why DATA is not answered with 354."""
        transaction = self._transaction
        if self._wire.unread:
            # RFC 2920 §3.1: nothing may follow DATA before its reply. Whoever cannot wait cannot see a refusal either,
            # and a refused message would be read as commands.
            self._ending = True
            return replies.EARLY
        if argument:
            return replies.BAD_ARGUMENT
        if transaction is None:
            return replies.MAIL_FIRST if self._helo else self._greeting_first
        if not transaction.recipients:
            return replies.NO_RECIPIENTS if transaction.refused else replies.RCPT_FIRST
        return None if self._house.in_flight.room_for(transaction.size) else replies.NO_MEMORY

    async def _message(self, transaction: Transaction) -> Verdict:
        """Everything from 354 to the outcome."""
        self._say(replies.SEND_DATA)
        await self._flush()
        block = DataBlock(self._limits.message_size, self._house.in_flight)
        handed_over = False
        try:
            try:
                complete = await self._wire.block(block, self._deadline(self._limits.data_seconds))
            except TimeoutError:
                return replies.TIMED_OUT
            if not complete:
                raise ConnectionResetError
            if block.discarding:
                return replies.TOO_BIG if block.too_big else replies.NO_MEMORY
            content = admit(block.content(), self._limits, normalise=self._peer.trusted)
            if isinstance(content, Refusal):
                return content
            outcome = self._house.commit(self._envelope(transaction, content), block)
            handed_over = True
        finally:
            if not handed_over:
                block.release()
        # A client that hangs up cancels this conversation, but not the commit.
        return await asyncio.shield(outcome)

    def _envelope(self, transaction: Transaction, content: bytes) -> Envelope:
        return Envelope(
            reverse_path=transaction.reverse_path,
            recipients=tuple(transaction.recipients),
            peer=self._peer.ip,
            helo=self._helo,
            protocol=self._protocol(smtputf8=transaction.smtputf8),
            content=content,
            trusted=self._peer.trusted,
            internal=self._peer.internal,
            smtputf8=transaction.smtputf8,
        )

    def _protocol(self, *, smtputf8: bool) -> str:
        """The word of the registry of mail transmission types (RFC 3848, RFC 6531 §4.3)."""
        word = "LMTP" if self._lmtp else "SMTP"
        if smtputf8:
            word = f"UTF8{word}"
        elif self._extended and not self._lmtp:
            word = f"E{word}"
        return f"{word}S" if self._line.secured and self._extended else word

    # ---- the rest

    async def _rset(self, argument: str) -> None:
        """RFC 5321 §4.1.1.5."""
        if argument:
            self._refuse(replies.BAD_ARGUMENT)
            return
        self._transaction = None
        self._say(replies.RESET)

    async def _noop(self, _argument: str) -> None:
        """RFC 5321 §4.1.1.9."""
        self._say(replies.NOOP)

    async def _vrfy(self, argument: str) -> None:
        """RFC 5321 §3.5.3: the same answer for everybody."""
        if argument:
            self._say(replies.NOT_VERIFIED)
        else:
            self._refuse(replies.BAD_ARGUMENT)

    async def _help(self, _argument: str) -> None:
        """RFC 5321 §4.1.1.8."""
        self._say(replies.HELP)

    async def _quit(self, argument: str) -> None:
        """RFC 5321 §4.1.1.10."""
        if argument:
            self._refuse(replies.BAD_ARGUMENT)
            return
        self._say(replies.BYE)
        self._ending = True
        self._lingers = False
