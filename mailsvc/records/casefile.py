"""The file of a matter as it goes to the records: what happened in words, the original mails, and their checksums."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from mailsvc.cases import ask_store, exposed
from mailsvc.cases import store as cases
from mailsvc.clock import to_datetime
from mailsvc.errors import CommandError
from mailsvc.ids import CaseId, RawId
from mailsvc.keys import without_tokens
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.attach import Attached
from mailsvc.message.parsing import Message, parse
from mailsvc.message.tokens import reply_tokens
from mailsvc.records import chain_store, store
from mailsvc.registry import Registry
from mailsvc.store import overview
from mailsvc.store.database import ReadTx, Row

PAGE: Final = "records/case"
COLUMNS: Final = (
    *("file", "sha256", "octets", "what", "case", "record_number", "kind", "state", "group", "opened", "closed"),
    *("at", "from", "to", "subject", "message_id", "original_sha256", "note"),
)
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")  # a spreadsheet would carry it out
_INSIDE: Final = frozenset({"group", "author_language", "language", "sender_folded", "message_id"})


@dataclass(frozen=True, slots=True)
class Mail:
    """One original mail. `content` is None where it is not enclosed; `note` says why, or what was changed."""

    name: str
    row: Row
    content: bytes | None
    original: str  # SHA-256 of what arrived, "" when it was erased
    sender: str
    subject: str
    message_id: str
    note: str


def files(
    tx: ReadTx, registry: Registry, composer: Composer, case_id: CaseId, most: int | None
) -> tuple[Mapping[str, object], list[Attached]]:
    """The values that letters print of a case, and its files; mails beyond `most` octets together are only named.

    CommandError when there is no such case, or its kind is of a package that this program does not bring.
    """
    row = overview.case(tx, case_id)
    if row is None:
        raise CommandError(f"there is no case #{case_id}")
    if row["kind"] not in registry.kinds:
        raise CommandError(f"#{case_id} is a {row['kind']}, which this program does not know")
    mails = list(_mails(tx, registry, case_id, most))
    values = _values(tx, registry, row, mails)
    page = composer.page(_spec(registry, case_id, values)).encode()
    enclosed = [Attached("case.html", "text/html; charset=utf-8", page)]
    enclosed += [Attached(m.name, "application/octet-stream", m.content) for m in mails if m.content is not None]
    table = metadata(row, enclosed, mails)
    values = {**values, "checksum": hashlib.sha256(table).hexdigest()}
    return values, [*enclosed, Attached("metadata.csv", "text/csv; charset=utf-8; header=present", table)]


def _spec(registry: Registry, case_id: CaseId, values: Mapping[str, object]) -> LetterSpec:
    """The page's template with everything around it."""
    return LetterSpec(PAGE, registry.site.config.site.language, "", "", "", 0, values, case=int(case_id))


def with_values(spec: LetterSpec, values: Mapping[str, object]) -> LetterSpec:
    """A letter about the case, in the words of the case's file."""
    return replace(spec, values={**spec.values, **values})


# ---- the mails


def _mails(tx: ReadTx, registry: Registry, case_id: CaseId, most: int | None) -> Sequence[Mail]:
    found: list[Mail] = []
    room = most
    for number, row in enumerate(store.mails_of(tx, case_id), 1):
        name = f"mail-{number}.eml"
        if room is not None and row["size"] > room:
            found.append(Mail(name, row, None, "", row["reverse_path"], "", "", "too-large"))
            continue
        content = store.raw_of(tx, RawId(row["raw_id"]))
        if content is None:
            found.append(Mail(name, row, None, "", "", "", "", "erased"))
            continue
        message = parse(content, registry.site.config.limits)
        shown, note = _without_living_tokens(tx, registry, message)
        room = None if room is None else room - row["size"]
        author = message.from_address
        digest = hashlib.sha256(content).hexdigest()
        sender = str(author) if author else row["reverse_path"]
        found.append(Mail(name, row, shown, digest, sender, message.subject, message.message_id, note))
    return found


def _without_living_tokens(tx: ReadTx, registry: Registry, message: Message) -> tuple[bytes | None, str]:
    """The mail as it may leave: a token that still answers something else is cut out (promise 8), and that is said."""
    living = exposed.living(tx, message)
    if not living:
        return message.content, ""
    content = message.content
    for token in reply_tokens(message):
        content = re.sub(token.encode(), b"x" * len(token), content, flags=re.IGNORECASE)
    for known in message.references:
        if ask_store.live_letters(tx, [known]):
            content = content.replace(known.encode(), b"x" * len(known.encode()))
    if exposed.living(tx, parse(content, registry.site.config.limits)):
        return None, "withheld"
    return content, "masked"


# ---- what happened


def _values(tx: ReadTx, registry: Registry, row: Row, mails: Sequence[Mail]) -> Mapping[str, object]:
    kind = registry.kinds[row["kind"]]
    data = msgspec.json.decode(row["data"], type=kind.data)
    events = cases.events(tx, CaseId(row["id"]))
    names = {one.row["mail_id"]: one.name for one in mails}
    group = {"name": row["group_name"], "title": _title(tx, row)} if row["group_name"] else None
    return {
        "number": row["id"],
        "record_number": row["record_number"],
        "kind": row["kind"],
        "state": row["state"],
        "about": without_tokens(kind.title(data)),
        **({"group": group} if group else {}),
        "in_group": group["title"] if group else "",
        "opened_at": row["opened_at"],
        "closed_at": row["closed_at"],
        "details": list(_details(data)),
        "lines": [_line(tx, event, names) for event in events],
        "mails": [
            {
                "name": one.name,
                "at": one.row["received_at"],
                "sender": one.sender,
                "subject": without_tokens(one.subject),
                "note": one.note,
            }
            for one in mails
        ],
        "broken": chain_store.broken_at(tx, CaseId(row["id"])),
    }


def _title(tx: ReadTx, row: Row) -> str:
    return store.group_title(tx, row["group_ref"]) or row["group_name"]


def _details(data: msgspec.Struct) -> Sequence[Mapping[str, str]]:
    """What the matter consists of, under the names by which the service keeps it."""
    found = []
    for name, value in msgspec.to_builtins(data).items():
        texts = value if isinstance(value, list) else [value]
        if name in _INSIDE or not all(isinstance(one, str) for one in texts):
            continue
        text = "\n".join(one for one in texts if one)
        if text:
            found.append({"name": name.replace("_", " "), "text": without_tokens(text)})
    return found


def _line(tx: ReadTx, event: Row, names: Mapping[int, str]) -> Mapping[str, object]:
    said = json.loads(event["data"])
    evidence = json.loads(event["evidence"])
    trigger = str(event["kind"])
    what = "answered" if said.get("type") == "Answered" else trigger.partition(":")[0]
    mail_id = store.mail_of(tx, event["inbox_id"]) if event["inbox_id"] is not None else None
    return {
        "at": event["at"],
        "what": what,
        "name": trigger.partition(":")[2],
        "who": event["actor_name"],
        "meaning": said.get("meaning", ""),
        "text": without_tokens(event["text"] or ""),
        "state": event["state"],
        "evidence": " ".join(filter(None, (str(evidence.get("d", "")), str(evidence.get("detail", ""))))),
        "mail": names.get(mail_id, "") if mail_id is not None else "",
    }


# ---- the table


def metadata(row: Row, enclosed: Sequence[Attached], mails: Sequence[Mail]) -> bytes:
    """One line for each file with its SHA-256, UTF-8, RFC 4180; nothing in it acts in a spreadsheet."""
    known = {one.name: one for one in mails}
    present = {one.name: one for one in enclosed}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for name in dict.fromkeys((*present, *known)):
        file, mail = present.get(name), known.get(name)
        content = file.content if file else b""
        writer.writerow(
            _safe(one)
            for one in (
                name,
                hashlib.sha256(content).hexdigest() if file else "",
                len(content) if file else "",
                "mail" if mail else "matter",
                *(row["id"], row["record_number"], row["kind"], row["state"], row["group_name"] or ""),
                *(_iso(row["opened_at"]), _iso(row["closed_at"])),
                _iso(mail.row["received_at"]) if mail else "",
                mail.sender if mail else "",
                mail.row["recipient"].partition("+")[0] if mail else "",
                without_tokens(mail.subject) if mail else "",
                mail.message_id if mail else "",
                mail.original if mail else "",
                mail.note if mail else "",
            )
        )
    return out.getvalue().encode()


def _safe(value: object) -> str:
    text = " ".join(str(value).split())
    return f"'{text}" if _FORMULA.match(text) else text


def _iso(at: int | None) -> str:
    return to_datetime(at).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else ""
