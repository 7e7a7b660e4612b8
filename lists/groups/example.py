"""The example organisation of `mailsvc demo`: a library with two networks, leadership and those who prepare for it."""

from __future__ import annotations

from typing import Final

from lists import store
from lists.groups.founding import NewGroup, enrol, found, outside
from lists.model import Settings
from mailsvc.config import Config
from mailsvc.store import meta
from mailsvc.store.database import Tx

SEEDED: Final = "example_organisation"

GROUPS: Final = (
    NewGroup(
        "leadership",
        "leadership",
        "Library leadership",
        join="closed",
        settings=Settings(purpose="Decides about networks and what they bring up."),
    ),
    NewGroup(
        "preparation",
        "preparation",
        "Preparation group for metadata",
        join="closed",
        established_by="leadership",
        settings=Settings(purpose="Prepares matters of metadata for leadership, and establishes networks."),
    ),
    NewGroup(
        "cataloguing",
        "network",
        "Cataloguing network",
        join="moderated",
        established_by="preparation",
        settings=Settings(purpose="For all who catalogue: rules, records and the systems that hold them."),
    ),
    NewGroup(
        "digital-learning",
        "network",
        "Digital learning",
        join="open",
        settings=Settings(purpose="Courses, films and exercises on the web, and how people learn from them."),
    ),
    NewGroup(
        "everyone",
        "everyone",
        "Everyone at the library",
        post="moderators",
        join="closed",
        settings=Settings(purpose="What all staff need to know; few letters."),
    ),
)

# name, address, language
KARIN: Final = ("Karin Lind", "karin@example.org", "sv")
PER: Final = ("Per Holm", "per@example.org", "sv")
ANNA: Final = ("Anna Berg", "anna@example.org", "en")
METTE: Final = ("Mette Sørensen", "mette@example.com", "da")
LARS: Final = ("Lars Nygaard", "lars@example.com", "da")
INGRID: Final = ("Ingrid Haugen", "ingrid@example.net", "nb")
OLA: Final = ("Ola Bakken", "ola@example.net", "nb")
GUNHILD: Final = ("Gunhild Tveit", "gunhild@example.net", "nn")
ELSA: Final = ("Elsa Nyström", "elsa@example.org", "sv")
JONAS: Final = ("Jonas Ek", "jonas@example.org", "sv")
MARY: Final = ("Mary Walsh", "mary@example.com", "en")

PEOPLE: Final = (KARIN, PER, ANNA, METTE, LARS, INGRID, OLA, GUNHILD, ELSA, JONAS, MARY)

ROSTERS: Final = {
    "cataloguing": {"moderator": (KARIN,), "deputy": (PER,), "member": (ANNA, METTE, LARS, INGRID, GUNHILD, ELSA)},
    "digital-learning": {"moderator": (MARY,), "deputy": (OLA,), "member": (JONAS, METTE, GUNHILD, ANNA)},
    "leadership": {"chair": (ELSA,), "secretary": (JONAS,), "member": (MARY, LARS)},
    "preparation": {"chair": (PER,), "member": (INGRID, ANNA)},
    "everyone": {"moderator": (ELSA,), "deputy": (JONAS,), "member": PEOPLE},
}


def seed(tx: Tx, config: Config) -> bool:
    """Make the organisation, once, in a database without groups; whether it was made."""
    if meta.get(tx, SEEDED) is not None or store.names(tx):
        return False
    meta.put(tx, SEEDED, "1")
    for new in GROUPS:
        group_id = found(tx, config, new)
        present: set[str] = set()
        for role, people in ROSTERS[new.name].items():
            for name, address, language in people:
                if address not in present:
                    present.add(address)
                    enrol(
                        tx, group_id, outside(config, address), name=name, role=role, delivery="each", language=language
                    )
    return True
