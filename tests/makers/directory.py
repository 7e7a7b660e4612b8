"""Living cases of documents that were sent, of documents that are asked about, and of changes of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from lists.directory import entry_store
from lists.directory.entry_change import EntryChange
from lists.documents.case import CONFIRM, MODERATE, NOW, DocumentCheck, Documents, SentFile

if TYPE_CHECKING:
    from tests.cases_kit import House, Made


def _documents(house: House) -> Made:
    who = house.people
    made: Made = []
    for how in (NOW, CONFIRM, MODERATE):
        number = house.do(
            lambda tx: entry_store.insert_file(
                tx, who.group, "rules.pdf", "application/pdf", b"rules", b"x" * 32, who.anna, int(who.inbox)
            )
        )
        data = Documents(
            group_id=who.group,
            group=house.group_values,
            person=who.anna,
            sender="Anna",
            address="anna@example.net",
            language="en",
            how=how,
            files=(SentFile(number, "rules.pdf", 5, replaces=False),),
            look_again="2027-06-01",
        )
        made.append((data, who.group, ""))
    return made[1:] + made[:1]


def _checks(house: House) -> Made:
    who = house.people
    number = house.do(
        lambda tx: entry_store.publish(
            tx,
            entry_store.insert_file(
                tx, who.group, "old.pdf", "application/pdf", b"old", b"y" * 32, who.anna, int(who.inbox)
            ),
            "old.pdf",
            "2026-11-23",
        )
    )
    return [(DocumentCheck(who.group, house.group_values, number, "old.pdf"), who.group, str(number))]


def _changes(house: House) -> Made:
    who = house.people
    changes = (("purpose", "Maps.", ""), ("title", "Maps and atlases", "Cataloguing network"))
    data = EntryChange(group_id=who.group, group=house.group_values, by=who.karin, changes=changes)
    two = msgspec.structs.replace(data, seconds=(who.per,))
    return [(data, who.group, ""), (two, who.group, "")]


MAKERS = {"documents": _documents, "document-check": _checks, "entry-change": _changes}
