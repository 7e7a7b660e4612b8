"""Everything that is kept about one person, for them to read and for programs (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from mailsvc.clock import to_datetime
from mailsvc.ids import PersonId, RawId
from mailsvc.letters.compose import Composer, LetterSpec
from mailsvc.message.attach import Attached, with_files
from mailsvc.message.parsing import parse
from mailsvc.records import personal_store, store
from mailsvc.records.authors import folded_of, mails_of
from mailsvc.registry import Registry
from mailsvc.store.database import ReadTx, Row

LETTER: Final = "person/export"
PAGE: Final = "person/data"

Data = dict[str, Any]


def gather(tx: ReadTx, registry: Registry, person_id: PersonId) -> Data:
    """What is known: moments are microseconds UTC, keys are the columns' names. LookupError for nobody."""
    row = personal_store.person(tx, person_id)
    folded = folded_of(tx, person_id)
    found: Data = {
        "person": _dict(row, "name", "language", "timezone", "created_at"),
        "addresses": [
            _dict(one, "address", "is_primary", "verified_at", "bounce_score", "bounced_at", "state")
            for one in personal_store.addresses(tx, person_id)
        ],
        "matters": [_matter(one, registry) for one in personal_store.matters(tx, person_id, folded)],
        "questions": [
            _dict(one, "case_id", "kind", "state", "answer", "reason", "asked_at", "answered_at")
            for one in personal_store.questions(tx, person_id)
        ],
        "written": [
            {"case": one["case_id"], "at": one["at"], "event": one["kind"], "text": one["text"]}
            for one in personal_store.written(tx, person_id)
        ],
        "mails": [_mail(one, registry) for one in mails_of(tx, folded, registry.site.config.limits)],
        "letters": [
            {**_dict(one, "at", "kind", "template", "address", "state"), "values": json.loads(one["data"])}
            for one in personal_store.letters(tx, person_id)
        ],
        **{name: [_dict(one) for one in rows] for name, rows in personal_store.presence(tx, person_id).items()},
    }
    for more in registry.own_data:
        found |= more(tx, person_id)
    return found


def _dict(row: Row, *names: str) -> Data:
    return {name: row[name] for name in names or row.keys()}


def _matter(row: Row, registry: Registry) -> Data:
    kind = registry.kinds.get(row["kind"])
    data = msgspec.json.decode(row["data"], type=kind.data) if kind else None
    return {
        "number": row["id"],
        **_dict(row, "kind", "state", "record_number", "opened_at", "closed_at"),
        "group": row["group_name"],
        "title": kind.title(data) if kind and data is not None else "",
        "data": json.loads(row["data"]) if row["own"] else {},
    }


def _mail(row: Row, registry: Registry) -> Data:
    message = parse(bytes(row["head"]), registry.site.config.limits)
    return {**_dict(row, "id", "raw_id", "at", "recipient", "size"), "subject": message.subject}


def files(
    tx: ReadTx, registry: Registry, composer: Composer, spec: LetterSpec, person_id: PersonId, most: int | None
) -> tuple[list[Attached], int]:
    """The readable page, the JSON and the mails, of these at most `most` octets; and how many were left out."""
    data = gather(tx, registry, person_id)
    page = composer.page(replace(spec, template=PAGE, values=data)).encode()
    whole = json.dumps(readable(data), ensure_ascii=False, indent=1).encode()
    found = [
        Attached("my-data.html", "text/html; charset=utf-8", page),
        Attached("my-data.json", "application/json", whole),
    ]
    left_out = 0
    for number, mail in enumerate(data["mails"], 1):
        content = store.raw_of(tx, RawId(mail["raw_id"])) if most is None or mail["size"] <= most else None
        if content is None:
            left_out += 1
            continue
        most = None if most is None else most - len(content)
        found.append(Attached(f"mail-{number}.eml", "application/octet-stream", content))
    return found, left_out


def readable(value: object, name: str = "") -> object:
    """The same with moments as ISO 8601: every `at` and `…_at`, `until`."""
    if isinstance(value, Mapping):
        return {key: readable(one, key) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [readable(one, name) for one in value]
    if isinstance(value, int) and (name in ("at", "until") or name.endswith("_at")) and value > 10**14:
        return to_datetime(value).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


class Exporting:
    """The letter that brings somebody their data."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def write(self, tx: ReadTx, spec: LetterSpec, composer: Composer) -> bytes:
        """See Encloser."""
        person = spec.values["person"]
        assert isinstance(person, int)
        room = self._registry.site.config.limits.message_size // 3
        found, left_out = files(tx, self._registry, composer, spec, PersonId(person), room)
        return with_files(composer.letter(replace(spec, values={**spec.values, "left_out": left_out})), found)
