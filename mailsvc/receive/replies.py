"""Every reply of the SMTP server as a value, with enhanced codes (RFC 2034, RFC 3463); nothing is phrased elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache

from mailsvc.errors import Reason, Refusal

SENDER_OK = "250 2.1.0 Sender accepted"
RECIPIENT_OK = "250 2.1.5 Recipient accepted"
SEND_DATA = "354 Send the message, end with <CR><LF>.<CR><LF>"
KEPT = "250 2.0.0 Kept"
RESET = "250 2.0.0 Forgotten"
NOOP = "250 2.0.0 Nothing done"
BYE = "221 2.0.0 Goodbye"
HELP = "214 2.0.0 MAIL RCPT DATA RSET NOOP VRFY HELP QUIT as in RFC 5321, and what the greeting's reply offers"
BEGIN_TLS = "220 2.0.0 Begin TLS"
# RFC 5321 §7.3: 252 is the answer that tells nothing about who exists.
NOT_VERIFIED = "252 2.0.0 Addresses are not verified; send a mail to find out"

# the order and form of commands
UNKNOWN_COMMAND = Refusal(500, "5.5.1", Reason.BAD_COMMAND, "Command not recognised")
NOT_IMPLEMENTED = Refusal(502, "5.5.1", Reason.BAD_COMMAND, "Command not implemented")
NOT_A_COMMAND = Refusal(500, "5.5.2", Reason.BAD_COMMAND, "This is not a command")
LINE_TOO_LONG = Refusal(500, "5.5.2", Reason.BAD_LINE, "Command line too long")
BARE_LF = Refusal(500, "5.5.2", Reason.BAD_LINE, "Command lines end with CR LF")
HELO_FIRST = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "Say EHLO first")
LHLO_FIRST = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "Say LHLO first")
MAIL_FIRST = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "MAIL comes first")
RCPT_FIRST = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "RCPT comes first")
NESTED_MAIL = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "MAIL was given already")
NO_RECIPIENTS = Refusal(554, "5.5.1", Reason.UNKNOWN_ADDRESS, "No recipient was accepted")
BAD_ARGUMENT = Refusal(501, "5.5.4", Reason.BAD_COMMAND, "Wrong argument")
BAD_PARAMETER = Refusal(501, "5.5.4", Reason.BAD_COMMAND, "Wrong value of a parameter")
UNKNOWN_PARAMETER = Refusal(555, "5.5.4", Reason.BAD_COMMAND, "Parameter not recognised or not implemented")
EARLY = Refusal(554, "5.5.0", Reason.BAD_COMMAND, "Wait for the reply to DATA (RFC 2920)")
TLS_ALREADY = Refusal(503, "5.5.1", Reason.BAD_COMMAND, "TLS is in use already")
NOT_SMTP = Refusal(554, "5.5.0", Reason.BAD_COMMAND, "This is a mail server")

# addresses
BAD_SENDER = Refusal(501, "5.1.7", Reason.BAD_ADDRESS, "Not a reverse-path as in RFC 5321, <local@domain> or <>")
BAD_RECIPIENT = Refusal(501, "5.1.3", Reason.BAD_ADDRESS, "Not a forward-path as in RFC 5321, <local@domain>")
NEEDS_SMTPUTF8 = Refusal(553, "5.6.7", Reason.BAD_ADDRESS, "Addresses outside ASCII need SMTPUTF8")
TOO_MANY_RECIPIENTS = Refusal(452, "4.5.3", Reason.TOO_MANY_RECIPIENTS, "Too many recipients; send the rest apart")

# the message
TOO_BIG = Refusal(552, "5.3.4", Reason.TOO_BIG, "Message too big")
NO_MEMORY = Refusal(452, "4.3.1", Reason.BUSY, "Too much is coming in at once; try again later")
NUL_INSIDE = Refusal(550, "5.6.11", Reason.BAD_BYTES, "The message contains a NUL")
BARE_INSIDE = Refusal(550, "5.6.11", Reason.BAD_BYTES, "The message contains a CR or LF that stands alone")
LONG_LINE = Refusal(550, "5.6.0", Reason.BAD_LINE, "The message contains a line that is too long")

# the session
TOO_MANY_CONNECTIONS = Refusal(421, "4.7.0", Reason.TOO_MANY_CONNECTIONS, "Too many connections; try again later")
RELAYS_ONLY = Refusal(554, "5.7.1", Reason.NOT_A_RELAY, "Only for the relays of this service")
TOO_MANY_COMMANDS = Refusal(421, "4.7.0", Reason.TOO_MANY_COMMANDS, "Too many commands")
TOO_MANY_ERRORS = Refusal(421, "4.7.0", Reason.TOO_MANY_ERRORS, "Too many errors")
TIMED_OUT = Refusal(421, "4.4.2", Reason.TIMEOUT, "Waited too long")
STOPPING = Refusal(421, "4.3.2", Reason.STOPPING, "The service stops; try again later")

# the service's own trouble: never permanent, never in detail (the log has it)
INTERNAL = Refusal(451, "4.3.0", Reason.INTERNAL, "Internal error; try again later")
STORE_UNAVAILABLE = Refusal(451, "4.3.0", Reason.STORE_UNAVAILABLE, "Cannot be kept now; try again later")

LONGEST_REPLY = 512  # octets with CR LF, RFC 5321 §4.5.3.1.5
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")


@lru_cache(maxsize=64)
def wire_line(line: str) -> bytes:
    """One reply line as sent: printable ASCII, at most 512 octets, CR LF at its end.

    Public sentences may quote what a peer wrote; nothing of it can begin another line (RFC 5321 §4.2).
    """
    return _UNPRINTABLE.sub("?", line)[: LONGEST_REPLY - 2].encode("ascii") + b"\r\n"
