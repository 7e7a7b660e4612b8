"""Answers to an invitation as calendar programs send them, written by us with example addresses.

Each shape is a function of what our invitation says (`Asked`) and gives a mail without its address fields: the parts
and their order, encodings, folds, wrong or missing properties, and texts of its own are the program's.
"""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

ANNA: Final = "anna@example.org"
SECRETARY: Final = "Eva Ek <eva@example.org>"
LATE: Final = "Kommer tyvärr 10 min sent"


@dataclass(frozen=True, slots=True)
class Asked:
    """The invitation that is answered; `stamp` becomes DTSTAMP."""

    uid: str
    organizer: str
    stamp: str = "20261123T120000Z"


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail's body with its MIME fields, and what has to stand for it: PARTSTAT and comment, as `standing` says."""

    body: bytes
    stands: str
    sender: str = "Anna Berg <anna@example.org>"
    fields: str = ""


# ---- making mails


def lines(*content: str, end: str = "\r\n", fold: bool = True) -> bytes:
    """Content lines, folded after 75 octets, also in the middle of a letter (RFC 5545 §3.1)."""
    found = bytearray()
    for one in content:
        rest, room = one.encode(), 75
        while fold and len(rest) > room:
            found += rest[:room] + end.encode() + b" "
            rest, room = rest[room:], 74
        found += rest + end.encode()
    return bytes(found)


def part(kind: str, content: bytes, encoding: str = "base64", disposition: str = "") -> bytes:
    """One part of a mail."""
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    head += f"Content-Disposition: {disposition}\r\n" if disposition else ""
    if encoding == "base64":
        content = base64.encodebytes(content)
    elif encoding == "quoted-printable":
        content = quopri.encodestring(content.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return head.encode() + b"\r\n" + content + b"\r\n"


def several(kind: str, *parts: bytes) -> bytes:
    """A multipart."""
    name = f"part_{kind}_{sum(map(len, parts))}"
    inner = b"".join(b"--" + name.encode() + b"\r\n" + one for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="{name}"\r\n\r\n'.encode() + inner + f"--{name}--\r\n".encode()


def plain(text: str) -> bytes:
    return part("text/plain; charset=utf-8", text.encode(), "8bit")


def html(text: str) -> bytes:
    return part("text/html; charset=utf-8", text.encode(), "8bit")


def answer(
    asked: Asked, partstat: str, *more: str, product: str = "-//Example//EN", who: str = f"mailto:{ANNA}",
    parameters: str = "", method: str = "REPLY", sequence: str = "0",
) -> list[str]:  # fmt: skip
    """The content lines of a small REPLY or COUNTER (RFC 5546 §3.2.3, §3.2.7)."""
    return [
        "BEGIN:VCALENDAR", f"METHOD:{method}", f"PRODID:{product}", "VERSION:2.0", "BEGIN:VEVENT",
        f"ATTENDEE;PARTSTAT={partstat}{parameters}:{who}", *more, f"UID:{asked.uid}", f"SEQUENCE:{sequence}",
        f"DTSTAMP:{asked.stamp}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def alone(content: bytes, method: str = "REPLY", charset: str = "utf-8", encoding: str = "base64") -> bytes:
    """The calendar as the only part."""
    return part(f"text/calendar; charset={charset}; method={method}", content, encoding)


# ---- programs

EXCHANGE: Final = "Microsoft Exchange Server 2010"
RULES: Final = (
    "BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
)  # fmt: skip


def outlook(asked: Asked) -> Answer:
    """Outlook for Windows: a localised prefix, a Windows zone, MAILTO in capitals, no ORGANIZER."""
    calendar = lines(
        "BEGIN:VCALENDAR", "METHOD:REPLY", f"PRODID:{EXCHANGE}", "VERSION:2.0", *RULES, "BEGIN:VEVENT",
        "ATTENDEE;PARTSTAT=TENTATIVE;CN=Anna Berg:MAILTO:Anna@Example.org", f"COMMENT;LANGUAGE=sv-SE:{LATE}\\n",
        f"UID:{asked.uid}", "SUMMARY;LANGUAGE=sv-SE:Preliminärt: Något annat",
        "DTSTART;TZID=W. Europe Standard Time:20261203T130000", "DTEND;TZID=W. Europe Standard Time:20261203T143000",
        "PRIORITY:5", f"DTSTAMP:{asked.stamp}", "TRANSP:OPAQUE", "STATUS:CONFIRMED", "SEQUENCE:0",
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0", "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    texts = plain(LATE), html(f"<p>{LATE}</p>")
    return Answer(several("alternative", *texts, alone(calendar)), f"TENTATIVE {LATE}")


def outlook_phone(asked: Asked) -> Answer:
    """Outlook for iOS: what was written stands in the mail alone, above the program's advertisement."""
    calendar = lines(*answer(asked, "ACCEPTED", "COMMENT:\\n", product=EXCHANGE))
    text = f"{LATE}\r\n\r\nHämta Outlook för iOS<https://aka.ms/o0ukef>\r\n"
    texts = plain(text), html(f"<div>{LATE}</div>")
    return Answer(several("alternative", *texts, alone(calendar, encoding="8bit")), f"ACCEPTED {LATE}")


def exchange_alone(asked: Asked) -> Answer:
    """Exchange on premises: no DTSTAMP and no SEQUENCE, nothing but the calendar."""
    content = [one for one in answer(asked, "DECLINED", product=EXCHANGE) if one[:3] not in ("SEQ", "DTS")]
    return Answer(alone(lines(*content)), "DECLINED")


def google(asked: Asked) -> Answer:
    """Google Calendar: a sentence of its own, the comment in a parameter, and a file beside the calendar."""
    said = ';CN=Anna Berg;X-NUM-GUESTS=0;X-RESPONSE-COMMENT="Är bortrest, tyvärr"'
    event = ("DTSTART:20261203T120000Z", "DTEND:20261203T133000Z", "STATUS:CONFIRMED", "SUMMARY:Map meeting")
    product = "-//Google Inc//Google Calendar 70.9054//EN"
    calendar = lines(*answer(asked, "DECLINED", *event, parameters=said, product=product))
    file = part('application/ics; name="invite.ics"', calendar, "base64", 'attachment; filename="invite.ics"')
    texts = plain("Anna Berg har tackat nej till den här inbjudan."), html("<p>Anna Berg har tackat nej.</p>")
    inner = several("alternative", *texts, alone(calendar, charset='"UTF-8"', encoding="7bit"))
    return Answer(several("mixed", inner, file), "DECLINED Är bortrest, tyvärr")


def apple(asked: Asked) -> Answer:
    """Apple Calendar: people as principals, the calendar without `method`, nested and as an attachment."""
    who = ';CN="Anna Berg";CUTYPE=INDIVIDUAL;EMAIL="anna@example.org";ROLE=REQ-PARTICIPANT'
    product = "-//Apple Inc.//macOS 14.5//EN"
    calendar = lines(
        *answer(asked, "ACCEPTED", "COMMENT:Jag kommer", parameters=who, who="/aMTIz/principal/", product=product)
    )
    file = part(
        'text/calendar; charset=utf-8; name="iCal-20261123.ics"', calendar, "quoted-printable",
        'attachment; filename="iCal-20261123.ics"',
    )  # fmt: skip
    inner = several("mixed", html("<p>Anna Berg har tackat ja</p>"), file)
    return Answer(several("alternative", plain("Anna Berg har tackat ja"), inner), "ACCEPTED Jag kommer")


def phone_file(asked: Asked) -> Answer:
    """A file of no known kind, named as calendars are."""
    calendar = lines(*answer(asked, "TENTATIVE"))
    kind = 'application/octet-stream; name="invite.ics"'
    file = part(kind, calendar, "base64", 'attachment; filename="invite.ics"')
    return Answer(several("mixed", plain(""), file), "TENTATIVE")


def thunderbird(asked: Asked) -> Answer:
    """Thunderbird: LF line ends; and some program in between that writes identifiers in capitals."""
    product = "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN"
    upper = Asked(asked.uid.upper(), asked.organizer, asked.stamp)
    calendar = lines(*answer(upper, "ACCEPTED", f"ORGANIZER:mailto:{asked.organizer}", product=product), end="\n")
    return Answer(
        several("alternative", plain("Anna Berg har accepterat din inbjudan."), alone(calendar, encoding="8bit")),
        "ACCEPTED",
    )


def zimbra(asked: Asked) -> Answer:
    """Zimbra: the original time in the text, the rule of an event that has none."""
    product = "Zimbra-Calendar-Provider"
    calendar = lines(*answer(asked, "DECLINED", "COMMENT:Fel vecka", "SUMMARY:Avböjd: Map meeting", product=product))
    texts = plain("Nej\\, jag kommer inte.\r\n\r\n-----Ursprunglig tid-----\r\n"), html("<p>Nej</p>")
    return Answer(several("alternative", *texts, alone(calendar, encoding="7bit")), "DECLINED Fel vecka")


def notes(asked: Asked) -> Answer:
    """HCL Notes: a calendar inside multipart/related, ALTREP beside the comment, a name of its own kind."""
    product = "-//HCL Technologies//NONSGML Notes 12.0//EN"
    comment = 'COMMENT;ALTREP="CID:<FFFF__=0ABB>":Upptagen'
    name = ';ROLE=REQ-PARTICIPANT;CN="Anna Berg/Stab/Example"'
    calendar = lines(*answer(asked, "DECLINED", comment, parameters=name, product=product))
    inner = part("text/calendar; method=REPLY; charset=UTF-8", calendar, "base64", "inline")
    return Answer(several("related", several("alternative", plain(" "), html(" "), inner)), "DECLINED Upptagen")


def sogo(asked: Asked) -> Answer:
    """SOGo: HTML and the calendar, no text; REQUEST-STATUS."""
    product = "-//Inverse inc./SOGo 5.8//EN"
    calendar = lines(*answer(asked, "ACCEPTED", "REQUEST-STATUS:2.0;Success", product=product))
    return Answer(several("mixed", html("<p>Anna Berg kommer</p>"), alone(calendar, encoding="8bit")), "ACCEPTED")


def nextcloud(asked: Asked) -> Answer:
    """Nextcloud's page: the comment in both places, and guests."""
    said = ";X-RESPONSE-COMMENT=Vi är två;X-NUM-GUESTS=1"
    product = "-//Nextcloud/Nextcloud CalDAV Server//EN"
    calendar = lines(*answer(asked, "ACCEPTED", "COMMENT:Vi är två", parameters=said, product=product))
    return Answer(several("mixed", plain("Anna Berg accepted"), alone(calendar)), "ACCEPTED Vi är två")


def small_letters(asked: Asked) -> Answer:
    """Everything in small letters behind a byte order mark, and a name with a comma."""
    content = [
        "begin:vcalendar", "method:reply", "version:2.0", "begin:vevent", f"uid:{asked.uid}",
        'attendee;partstat=accepted;cn="Berg, Anna":mailto:anna@example.org', "sequence:0",
        f"dtstamp:{asked.stamp.lower()}", "end:vevent", "end:vcalendar",
    ]  # fmt: skip
    return Answer(alone(b"\xef\xbb\xbf" + lines(*content), method="reply"), "ACCEPTED")


def folded_letters(asked: Asked) -> Answer:
    """Folds in the middle of letters that are several octets long."""
    said = "å" * 60 + "😀" * 40
    return Answer(alone(lines(*answer(asked, "ACCEPTED", f"COMMENT:{said}"))), f"ACCEPTED {said}")


def latin(asked: Asked) -> Answer:
    """An old program in ISO 8859-1."""
    content = lines(*answer(asked, "ACCEPTED", "COMMENT:Räksmörgås")).decode().encode("latin-1")
    return Answer(alone(content, charset="iso-8859-1", encoding="quoted-printable"), "ACCEPTED Räksmörgås")


def wide(asked: Asked) -> Answer:
    """UTF-16."""
    content = lines(*answer(asked, "TENTATIVE", "COMMENT:Kanske Å"), fold=False).decode().encode("utf-16")
    return Answer(alone(content, charset="utf-16"), "TENTATIVE Kanske Å")


def quoted_parameters(asked: Asked) -> Answer:
    """Quotes where none are needed, and none where they are."""
    calendar = lines(*answer(asked, '"ACCEPTED"', parameters=';ROLE="REQ-PARTICIPANT";CN=Berg: Anna'))
    return Answer(alone(calendar, method='"REPLY"'), "ACCEPTED")


def by_secretary(asked: Asked) -> Answer:
    """A secretary with a delegated calendar: From is theirs, SENT-BY names them, and ATTENDEE is whose answer it is."""
    calendar = lines(*answer(asked, "DECLINED", parameters=';SENT-BY="mailto:eva@example.org";CN=Anna Berg'))
    text = "Eva Ek har svarat för Anna Berg."
    return Answer(several("alternative", plain(text), alone(calendar)), "DECLINED", sender=SECRETARY)


def of_one_time(asked: Asked) -> Answer:
    """The whole and one time of it: the time is the nearer one, whatever order they come in."""
    time = answer(asked, "ACCEPTED", "RECURRENCE-ID:20261203T120000Z")[4:-1]
    calendar = lines(*answer(asked, "DECLINED")[:-1], *time, "END:VCALENDAR")
    return Answer(alone(calendar), "ACCEPTED")


def endless_rule(asked: Asked) -> Answer:
    """A rule that nobody can work out."""
    rule = "RRULE:FREQ=SECONDLY;COUNT=999999999;BYSECOND=" + ",".join(str(one % 60) for one in range(4000))
    return Answer(alone(lines(*answer(asked, "ACCEPTED", rule))), "ACCEPTED")


def without_words(asked: Asked) -> Answer:
    """A program that nobody knows, with a sentence of its own."""
    calendar = lines(*answer(asked, "TENTATIVE"))
    text = "Anna Berg may come to Map meeting."
    return Answer(several("alternative", plain(text), alone(calendar)), "TENTATIVE")


def with_words(asked: Asked) -> Answer:
    """A program that nobody knows, with what its user wrote."""
    calendar = lines(*answer(asked, "ACCEPTED"))
    return Answer(several("alternative", plain(LATE), alone(calendar)), f"ACCEPTED {LATE}")


def marked(asked: Asked) -> Answer:
    """A mail system's marks of machines on a person's answer."""
    fields = "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
    return Answer(alone(lines(*answer(asked, "DECLINED"))), "DECLINED", fields=fields)


SHAPES: Final[Sequence[Callable[[Asked], Answer]]] = (
    outlook, outlook_phone, exchange_alone, google, apple, phone_file, thunderbird, zimbra, notes, sogo, nextcloud,
    small_letters, folded_letters, latin, wide, quoted_parameters, by_secretary, of_one_time, endless_rule,
    without_words, with_words, marked,
)  # fmt: skip


# ---- what records nothing


def _hostile(asked: Asked, *before: str) -> bytes:
    content = answer(asked, "ACCEPTED")
    return alone(lines(*content[:4], *before, *content[4:]))


def hostile(asked: Asked) -> dict[str, bytes]:
    """Calendars that nobody means: each must be taken in and change nothing."""
    nobody = Asked("nobody@example.org", asked.organizer, asked.stamp)
    loop = ("BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "DTSTART:19700101T000000", "RRULE:FREQ=SECONDLY")
    return {
        "alarms": _hostile(asked, "BEGIN:VEVENT", *(("BEGIN:VALARM", "TRIGGER:-PT1M", "END:VALARM") * 15_000)),
        "nested": _hostile(asked, *("BEGIN:VTIMEZONE", "BEGIN:STANDARD") * 5_000),
        "zones": _hostile(asked, *loop * 3_000),
        "another meeting": alone(lines(*answer(nobody, "ACCEPTED"))),
        "no identifier": alone(lines(*(one for one in answer(asked, "ACCEPTED") if one[:3] != "UID"))),
        "failed": alone(lines(*answer(asked, "NEEDS-ACTION", "REQUEST-STATUS:3.7;Invalid Calendar User"))),
        "no answer": alone(lines(*answer(asked, "X-PERHAPS"))),
        "a publication": alone(lines(*answer(asked, "ACCEPTED", method="PUBLISH")), method="PUBLISH"),
        "an addition": alone(lines(*answer(asked, "ACCEPTED", method="ADD")), method="ADD"),
        "a cancellation": alone(lines(*answer(asked, "DECLINED", method="CANCEL")), method="CANCEL"),
        "free time": alone(
            lines(*(one.replace("VEVENT", "VFREEBUSY") for one in answer(asked, "ACCEPTED"))),
        ),
        "nothing": alone(b"BEGIN:VCALENDAR\r\n"),
        "octets": alone(bytes(range(256)) * 40, encoding="base64"),
    }
