"""The text of config.toml as `mailsvc init` writes it: every key with its value and a comment on what it does."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Final

import msgspec

from mailsvc.config.sections import Config

WIDTH: Final = 100

INTRO: Final = """\
The configuration of mailsvc, read once at the start. Relative paths are relative to this file. A key that is left out
has the value that `mailsvc init` writes. Secrets do not stand here: they are in files of their own."""

# The same sentences as in docs/configuration.md (tested).
SECTIONS: Final = {
    "site": "Who we are.",
    "security": "How much evidence is asked for.",
    "database": "Where everything is kept.",
    "smtp": "Mail in.",
    "delivery": "Mail out.",
    "web": "Pages.",
    "docs": "Documents of groups.",
    "moderation": "Held posts and those who decide.",
    "reading": "How answers are read.",
    "letters": "Letters of the service.",
    "digests": "When letters that gather decisions are sent.",
    "proposals": "How networks are proposed and initiatives taken.",
    "ideas": "The idea box.",
    "rounds": "A question to everybody in a group (`N-round@`).",
    "actions": "What somebody has to do by a day.",
    "joint": "Matters that the parties of a joint body answer, and minutes that all of them sign.",
    "meetings": "What a call of a meeting leaves open.",
    "networks": "How networks change hands, merge and end.",
    "health": "The yearly letter to the moderators of every network.",
    "records": "Copies for the archive of the organisation.",
    "limits": (
        "Every number that protects the service. Sizes are octets, times are seconds unless the name says otherwise."
    ),
}

KEYS: Final = {
    "site.name": "The organisation's name as people read it in letters and on pages.",
    "site.domain": "The mail domain of all addresses of the service.",
    "site.language": "Language of those who have chosen none: en, sv, da, nb or nn.",
    "site.timezone": "Time zone of dates in letters and of the working day, as in the IANA database.",
    "site.country": "Whose working days count: SE, DK, NO or FI.",
    "site.operators": "Addresses that get what is for the operators, and mail to postmaster and abuse.",
    "site.alias_domains": "Further domains whose addresses mean the same as those of domain.",
    "site.closed": 'Periods of the year, "07-01/08-07", in which the clock of reminders and deadlines stands still.',
    "site.key_file": (
        "File with the site's secret key; made by mailsvc init and mailsvc demo, mode 0600, part of a backup."
    ),
    "security.mode": (
        "default: the evidence that ordinary mail systems give; strict: answers count only with a DKIM signature that "
        "we verified ourselves."
    ),
    "database.url": "sqlite:///PATH.",
    "smtp.listen": "Addresses and ports that take mail.",
    "smtp.lmtp": 'Addresses and sockets that take mail by LMTP, "127.0.0.1:2424" or "unix:/run/mailsvc/lmtp.sock".',
    "smtp.tls_certificate": (
        "PEM file with the certificate for STARTTLS and those between it and its root; empty: not offered. Read at the "
        "start and on SIGHUP."
    ),
    "smtp.tls_key": "PEM file with its key, without a password; empty: it stands in the certificate's file.",
    "smtp.trusted_relays": (
        "IP addresses of relays in front of us: their line ends are mended, and limits on connections do "
        "not count for them."
    ),
    "smtp.authserv_id": (
        'Whose Authentication-Results count (RFC 8601); "exchange-online" for Microsoft\'s, which have no '
        "id; empty: none."
    ),
    "smtp.trusted_hops": "How many Received fields of our own border stand above what it says about authentication.",
    "smtp.internal_networks": (
        'Networks ("10.0.0.0/8") whose clients are staff: their mail counts as authenticated, and they see staff pages.'
    ),
    "smtp.spam_header": 'A header field, "X-Spam-Flag: YES", with which mail goes to quarantine; empty: none.',
    "delivery.transport": "mailroom: nothing leaves, the page /mailroom shows it; smtp: to the relay.",
    "delivery.relay": (
        "The relay that takes all outgoing mail: smtp://host:port, starttls://user@host:port or "
        "smtps://user@host:port; a list of them, the preferred first, where others stand in for one that is not well."
    ),
    "delivery.relay_password_file": (
        "File with the password of a relay with a user, one line, mode 0600; a list of files where users differ. "
        "Without it the environment's MAILSVC_RELAY_PASSWORD is taken."
    ),
    "delivery.relay_ca_file": (
        "File with the certificates (PEM) that vouch for a relay's TLS; empty: those that the system trusts."
    ),
    "delivery.dkim_keys": (
        'Keys that sign all outgoing mail with DKIM, each SELECTOR=FILE (PEM, mode 0600): "s2026=var/dkim-s2026.pem".'
        " mailsvc dkim new makes one. Empty: the relay signs, or nobody."
    ),
    "delivery.connections": "How many connections to a relay are open at the same time.",
    "delivery.rate": (
        'Most copies that are sent in a time over all connections: "30/min", "5/s", "1000/h"; empty: as fast as the '
        "relay takes them."
    ),
    "web.listen": "Address and port of the pages.",
    "web.base_url": "How the pages are reached from outside; begins the links in letters.",
    "web.embed_origins": (
        'Sites, "https://intranet.example.org", whose pages may show the directory: in a frame, or by a script; '
        "empty: none."
    ),
    "web.session": 'How long somebody stays logged in: "12 h", "5 d".',
    "web.accessibility_contact": (
        "Address on the page about accessibility to which barriers are reported; empty: postmaster at the domain."
    ),
    "docs.scan_command": (
        'A virus scanner and its arguments, ["clamdscan", "--no-summary", "-"]: each document is given to its standard '
        "input, and it ends with 0 for clean and 1 for infected; empty: none."
    ),
    "docs.scan_seconds": "Seconds that looking through one document may take.",
    "docs.look_again_days": "Days after which a document is asked about again that was found to be still right.",
    "moderation.undo": 'How long a decision can be taken back before it acts; "0 min": it acts at once.',
    "reading.banners": (
        "External-sender texts of your own mail system, so that they are not taken for what a person wrote."
    ),
    "letters.bundle": ('Time at which letters that are not urgent are gathered ("decided by others"); "" for at once.'),
    "records.address": (
        "Address that gets a copy of every post from outside as soon as it is held, and the file of every matter when "
        "it is decided; empty: none."
    ),
    "records.retention": (
        'How long decided matters are kept: kind of matter, days after its end, the decision that says so, "proposal '
        '3650 LIB-2026-12"; "post" are the archives of groups; a kind that is not named is kept.'
    ),
    "letters.my_week": ('When the letter "my week" goes to those who have asked for it: "mon 07:00", "off".'),
    "digests.leadership": (
        'When a leadership group gets its digest of what waits for a decision: "mon 08:00", "mon,thu 08:00", '
        '"weekdays 08:00", "1st mon 09:00", "off"; a group can have its own (group set NAME digest ...).'
    ),
    "digests.preparation": "The same for preparation groups.",
    "digests.others": "The same for all other groups.",
    "digests.undo": 'How long a decision by digest can be taken back before it acts; "0 min": it acts at once.',
    "digests.overdue_working_days": "Working days after which a matter in a digest is marked as overdue.",
    "digests.posts": "When members who want posts gathered get them: every morning, or every Monday, at this time.",
    "proposals.route": (
        "The way of a proposed network to its decision: library (leadership assigns a preparation group, which "
        "prepares; leadership hears of it, and then decides; the preparation group establishes), hear-only (leadership "
        "only hears), or one of routes."
    ),
    "proposals.routes": (
        'Routes of your own, each a list of steps "GROUP ACTION": GROUP is a group\'s name, leadership, or preparation '
        "(the one that was assigned); ACTION is assign, prepare, advise, hear, decide or establish."
    ),
    "proposals.prepare_working_days": "Working days in which a group prepares or advises, and in which one hears.",
    "proposals.form_days": "Days after which a proposal whose form nobody has filled in is closed.",
    "proposals.threshold": "People counted in, the initiator among them, with whom an initiative starts.",
    "proposals.initiative_days": "Days in which people can be counted in.",
    "ideas.group": (
        "Name of the group that gets what comes to the idea box; empty: the first leadership group, or the operators "
        "where there is none."
    ),
    "ideas.follow_up_days": (
        "Days after which whoever took an idea up is asked whether it worked; 0: nobody is asked."
    ),
    "ideas.list_day": (
        "Day of the week on which all staff (groups of the kind everyone) "
        'get the list of ideas and how they stand, where anything has come or moved: "mon" to "sun", "off".'
    ),
    "joint.answer_working_days": (
        "Working days after which a matter that not all parties have answered ends, and no answer is shown."
    ),
    "joint.reminder_working_days": "Working days after which parties are reminded whose note or signature is missing.",
    "joint.note_working_days": "Working days for each party's note where they do not agree.",
    "joint.responsible_working_days": (
        "Working days for saying who follows up what was agreed; then it is whoever raised the matter."
    ),
    "joint.minutes_working_days": "Working days for adding to the minutes.",
    "joint.signature_working_days": "Working days for signing the minutes; then they go out saying who has not signed.",
    "meetings.length_minutes": "Minutes that a meeting lasts for which no end was written.",
    "meetings.poll_working_days": "Working days for answering a poll of dates for which no day was written.",
    "meetings.ahead": "Meetings of a series until further notice that are called ahead.",
    "rounds.working_days": "Working days for answering a question to a network whose mail names no day.",
    "rounds.max_people": "Most people who can be asked one question; a larger group's mail is refused.",
    "actions.remind_working_days": (
        "Working days before the day of an action on which it is reminded of; 0: not at all."
    ),
    "actions.overdue_working_days": (
        "Working days after its day before an action that nobody has answered for is overdue and goes to those who "
        "decided it."
    ),
    "actions.again_working_days": "Working days after which an overdue action is asked about again, until it is done.",
    "actions.without_date_working_days": "Working days that an action has for which no day was written.",
    "networks.leadership": (
        "Name of the leadership group that hears of it when a network is to be closed; empty: the first group of kind "
        "leadership. Where there is none, the group that established the network decides."
    ),
    "networks.hearing_working_days": "Working days in which leadership hears of it.",
    "networks.objection_working_days": (
        "Working days between the letter to the members and the day on which a network is closed or merged."
    ),
    "networks.reopen_days": "Days in which a network that was closed can be opened again with one word.",
    "networks.nomination_working_days": (
        "Working days in which somebody who was nominated can accept; halfway they are reminded."
    ),
    "health.months": "How often the letter is sent, in months from the founding of a network; 0: never.",
    "health.answer_working_days": (
        "Working days after which the letter is repeated, and after as many more the matter goes to the digest of the "
        "group that established the network."
    ),
    "limits.message_size": "Largest mail at SMTP; 25 MiB.",
    "limits.data_in_flight": (
        "All mail being received at the same moment together; beyond it the answer is 452; 256 MiB."
    ),
    "limits.recipients": "Recipients of one transaction.",
    "limits.connections": "SMTP connections at the same time.",
    "limits.connections_per_ip": "SMTP connections of one IP address at the same time; trusted relays are exempt.",
    "limits.errors_soft": "Errors of a session after which it is told in the log.",
    "limits.errors_hard": "Errors of a session after which it is ended.",
    "limits.junk_commands": (
        "Commands without a transaction (NOOP, RSET, VRFY and such) after which a session is ended."
    ),
    "limits.commands": "Commands of any kind after which a session is ended.",
    "limits.idle_seconds": "Wait for the next command.",
    "limits.data_seconds": "Time for the whole content of one mail.",
    "limits.session_seconds": "Time for the whole session.",
    "limits.command_line": "Longest command line with its line end.",
    "limits.text_line": "Longest line of content that is accepted; longer ones are refused.",
    "limits.header_size": "Largest header section; 100 KiB.",
    "limits.header_fields": "Header fields of one mail.",
    "limits.header_field_size": "Largest single header field; 16 KiB.",
    "limits.mime_depth_held": "Nesting of MIME parts beyond which a post is held.",
    "limits.mime_depth_refused": "Nesting of MIME parts beyond which a mail is refused.",
    "limits.mime_parts": "MIME parts of one mail; more are refused.",
    "limits.received_fields": "Received fields from which on a mail counts as going round in a loop.",
    "limits.group_message_size": "Largest post of a group that says nothing else; larger ones are held; 5 MiB.",
    "limits.read_text": "How much of a mail's plain text is read; 64 KiB.",
    "limits.read_html": "How much of a mail's HTML is read; 256 KiB.",
    "limits.read_parts": "How many MIME parts are looked at for text.",
    "limits.dkim_signatures": "DKIM signatures of one mail that are verified; more are passed over.",
    "limits.dns_lookups": "Names looked up in DNS for one mail.",
    "limits.dns_seconds": "Seconds that verifying one mail may take, with its look-ups.",
    "limits.handling_attempts": "How often the handling of a mail may break off before it goes to quarantine.",
    "limits.duplicate_days": "Days in which a second arrival of the same mail is known again.",
    "limits.quarantine_days": "Days that mail stays in quarantine.",
    "limits.old_question_days": "Days that closed questions are remembered, so that a late answer is told who decided.",
    "limits.confirmations_open_per_group": "Unanswered confirmations of one address for one group.",
    "limits.confirmations_per_day": "Confirmations sent to one address in a day.",
    "limits.confirmations_per_week": "Confirmations sent to one address in a week.",
    "limits.confirmations_site_per_hour": (
        "Confirmations of the whole site in an hour; then they pause and the operators are told."
    ),
    "limits.nominations_per_day": "Proposed networks for which one address is asked in a day to moderate.",
    "limits.nominations_per_week": "The same in a week.",
    "limits.stranger_letters_per_day": "Letters of our own to one address that we do not know, in a day.",
    "limits.person_letters_per_day": "Letters of our own to one person about what they sent, in a day.",
    "limits.join_unconfirmed_days": "Days after which a join that was never confirmed is forgotten.",
    "limits.held_working_days": "Working days after which a held post goes back to its author.",
    "limits.reminder_working_days": "Working days after which a question to moderators is sent to them again.",
    "limits.hand_over_working_days": "Working days after the reminder, at whose end the next in line is asked too.",
    "limits.absence_working_days": "Working days for which somebody counts as away whose notice names no day.",
    "limits.left_working_days": "Working days for which somebody counts as away who does not work there any more.",
    "limits.bounce_probe_days": "Days after a bounce as of an address that nobody has, until a first letter tries it.",
    "limits.bounce_second_probe_days": "Days after it until a second letter tries it, when the first came back too.",
    "limits.bounces_alike": "So many copies of a message that bounce alike may tell of a server, not of people.",
    "limits.bounces_alike_percent": "They do when they are more than this share of its copies, or half of a domain's.",
    "limits.retry_first_seconds": "Wait before the second attempt of a delivery; each further wait is twice as long.",
    "limits.retry_longest_seconds": "Longest wait between two attempts.",
    "limits.give_up_days": "Days after which a delivery is given up.",
    "limits.final_reply_seconds": "Wait for the relay's reply to the final dot.",
    "limits.login_minutes": "Minutes in which the code of a login is good.",
    "limits.logins_per_hour": "Codes of logins sent to one address in an hour.",
    "limits.logins_site_per_hour": "Requests for a login of the whole site in an hour, known addresses or not.",
    "limits.documents_per_mail": "Documents that one mail may bring.",
    "limits.disk_floor": "Free disk below which nothing is sent and nothing is accepted; 64 MiB.",
}


def render(config: Config, intro: str = INTRO) -> str:
    """The text of a file that `config.load` reads back as `config`."""
    return "\n".join([*_comment(intro), *_sections(config)]) + "\n"


def _sections(config: Config) -> Iterator[str]:
    for section in msgspec.structs.fields(Config):
        if section.name == "base":  # where the file lies is not said in the file
            continue
        yield ""
        yield from _comment(SECTIONS.get(section.name, ""))
        yield f"[{section.name}]"
        values = getattr(config, section.name)
        for key in msgspec.structs.fields(values):
            yield from _comment(KEYS.get(f"{section.name}.{key.name}", ""))
            yield f"{key.name} = {toml_value(getattr(values, key.name))}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False)]


def toml_value(value: object) -> str:
    """A value as TOML 1.0 writes it; JSON's strings, numbers, booleans and arrays are written alike."""
    if isinstance(value, dict):
        inside = ", ".join(f"{toml_value(name)} = {toml_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")  # the one character that only TOML wants escaped
