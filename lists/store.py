"""The SQL of groups, memberships and fan-out."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from lists.model import MODERATING, Group, Membership, Settings
from mailsvc.ids import AddressId, CaseId, GroupId, MembershipId, OutgoingId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx

# ---- groups


def insert_group(
    tx: Tx,
    name: str,
    *,
    kind: str,
    title: str,
    language: str,
    post: str,
    join: str,
    settings: Settings,
    established_by: GroupId | None,
) -> GroupId:
    """A new, open group."""
    return GroupId(
        tx.insert(
            'INSERT INTO groups (name, kind, title, language, established_by, post, "join", settings,'
            " state, created_at) VALUES (:name, :kind, :title, :language, :established_by, :post, :join,"
            " :settings, 'open', :now)",
            name=name,
            kind=kind,
            title=title,
            language=language,
            established_by=established_by,
            post=post,
            join=join,
            settings=msgspec.json.encode(settings).decode(),
            now=tx.now,
        )
    )


def _group(row: Row) -> Group:
    return Group(
        GroupId(row["id"]),
        row["name"],
        row["kind"],
        row["title"],
        row["language"],
        row["established_by"],
        row["post"],
        row["join"],
        msgspec.json.decode(row["settings"], type=Settings),
        row["state"],
        row["held_at"],
    )


def group(tx: ReadTx, group_id: int) -> Group:
    """The group of this id; LookupError when there is none."""
    row = tx.one("SELECT * FROM groups WHERE id = :id", id=group_id)
    if row is None:
        raise LookupError(f"group {group_id}")
    return _group(row)


def group_named(tx: ReadTx, name: str) -> Group | None:
    """The group of this name."""
    row = tx.one("SELECT * FROM groups WHERE name = :name", name=name)
    return _group(row) if row else None


def groups(tx: ReadTx) -> list[Group]:
    """All groups by name."""
    return [_group(row) for row in tx.all("SELECT * FROM groups ORDER BY name")]


def open_groups(tx: ReadTx, kind: str) -> list[Group]:
    """The groups of a kind that are not closed, by name: on a large site a few of many."""
    sql = "SELECT * FROM groups WHERE kind = :kind AND state <> 'closed' ORDER BY name"
    return [_group(row) for row in tx.all(sql, kind=kind)]


def names(tx: ReadTx) -> set[str]:
    """Every name in use, aliases too."""
    return {row["name"] for row in tx.all("SELECT name FROM groups UNION ALL SELECT name FROM alias")}


def set_column(tx: Tx, group_id: GroupId, column: str, value: str) -> None:
    """Change one of title, language, post, join."""
    entry_changed(tx, group_id)
    statements = {
        "title": "UPDATE groups SET title = :value WHERE id = :id",
        "language": "UPDATE groups SET language = :value WHERE id = :id",
        "post": "UPDATE groups SET post = :value WHERE id = :id",
        "join": 'UPDATE groups SET "join" = :value WHERE id = :id',
    }
    tx.execute(statements[column], value=value, id=group_id)


def set_settings(tx: Tx, group_id: GroupId, settings: Settings) -> None:
    """Replace the settings of a group."""
    entry_changed(tx, group_id)
    tx.execute(
        "UPDATE groups SET settings = :settings WHERE id = :id",
        settings=msgspec.json.encode(settings).decode(),
        id=group_id,
    )
    tx.wake("digests")  # its schedule may be another


def entry_changed(tx: Tx, group_id: GroupId) -> None:
    """What the directory says of a group is another from now on."""
    tx.execute(
        "INSERT INTO group_entry (group_id, changed_at) VALUES (:id, :now)"
        " ON CONFLICT (group_id) DO UPDATE SET changed_at = excluded.changed_at",
        id=group_id,
        now=tx.now,
    )


def set_held(tx: Tx, group_id: GroupId, held_at: int | None) -> None:
    """Since when the group's posts wait; None when they do not."""
    tx.execute("UPDATE groups SET held_at = :at WHERE id = :id", at=held_at, id=group_id)


# ---- memberships

_MEMBERSHIP = """
SELECT m.*, a.address, p.name FROM membership m
JOIN address a ON a.id = m.address_id JOIN person p ON p.id = m.person_id
"""


def _membership(row: Row) -> Membership:
    return Membership(
        MembershipId(row["id"]),
        GroupId(row["group_id"]),
        PersonId(row["person_id"]),
        AddressId(row["address_id"]),
        row["address"],
        row["name"],
        row["role"],
        row["delivery"],
        bool(row["hidden"]),
        bool(row["own_copy"]),
        row["posting"],
        row["state"],
        row["paused_until"],
    )


def insert_membership(
    tx: Tx,
    group_id: GroupId,
    person_id: PersonId,
    address_id: AddressId,
    role: str,
    delivery: str,
    *,
    state: str = "active",
) -> MembershipId:
    """A person in a group from now on; the one there is, when there is one."""
    present = membership(tx, group_id, person_id)
    if present:
        return present.id
    return MembershipId(
        tx.insert(
            "INSERT INTO membership (group_id, person_id, address_id, role, state, delivery, joined_at)"
            " VALUES (:group_id, :person, :address, :role, :state, :delivery, :now)",
            group_id=group_id,
            person=person_id,
            address=address_id,
            role=role,
            state=state,
            delivery=delivery,
            now=tx.now,
        )
    )


def membership(tx: ReadTx, group_id: GroupId, person_id: PersonId) -> Membership | None:
    """This person's place in this group."""
    row = tx.one(
        f"{_MEMBERSHIP} WHERE m.group_id = :group_id AND m.person_id = :person AND m.ended_at IS NULL",
        group_id=group_id,
        person=person_id,
    )
    return _membership(row) if row else None


def membership_by_id(tx: ReadTx, membership_id: int) -> Membership | None:
    """A living membership by its id (the key of List-Unsubscribe names it)."""
    row = tx.one(f"{_MEMBERSHIP} WHERE m.id = :id AND m.ended_at IS NULL", id=membership_id)
    return _membership(row) if row else None


def membership_now(tx: ReadTx, membership_id: int) -> int | None:
    """The membership that has come of one in a group that was merged; None where it was not, or is over too."""
    row = tx.one(
        "SELECT n.id FROM membership m JOIN groups g ON g.id = m.group_id AND g.state = 'closed'"
        " JOIN alias a ON a.name = g.name"
        " JOIN membership n ON n.group_id = a.group_id AND n.person_id = m.person_id AND n.ended_at IS NULL"
        " WHERE m.id = :id AND m.ended_at IS NOT NULL",
        id=membership_id,
    )
    return int(row["id"]) if row else None


def members(tx: ReadTx, group_id: GroupId) -> list[Membership]:
    """Everybody in a group, by address."""
    rows = tx.all(f"{_MEMBERSHIP} WHERE m.group_id = :id AND m.ended_at IS NULL ORDER BY a.folded", id=group_id)
    return [_membership(row) for row in rows]


def memberships_of(tx: ReadTx, person_id: PersonId) -> list[Row]:
    """Every living membership of a person: group name, title, role, delivery."""
    return tx.all(
        "SELECT m.id, g.name, g.title, m.role, m.delivery FROM membership m JOIN groups g ON g.id = m.group_id"
        " WHERE m.person_id = :id AND m.ended_at IS NULL ORDER BY g.name",
        id=person_id,
    )


def places(tx: ReadTx, person_id: PersonId) -> list[Membership]:
    """Where a person is a member now, by the group's name: no waiting lists, no closed groups."""
    rows = tx.all(
        f"{_MEMBERSHIP} JOIN groups g ON g.id = m.group_id WHERE m.person_id = :id AND m.ended_at IS NULL"
        " AND m.state = 'active' AND g.state <> 'closed' ORDER BY g.name",
        id=person_id,
    )
    return [_membership(row) for row in rows]


def moderated_by(tx: ReadTx, person_id: PersonId) -> list[Group]:
    """The groups, but closed ones, that a person moderates, by name."""
    rows = tx.all(
        "SELECT g.* FROM membership m JOIN groups g ON g.id = m.group_id WHERE m.person_id = :id"
        " AND m.state = 'active' AND m.ended_at IS NULL AND g.state <> 'closed'"
        " AND m.role IN (SELECT value FROM json_each(:roles)) ORDER BY g.name",
        id=person_id,
        roles=json.dumps(list(MODERATING)),
    )
    return [_group(row) for row in rows]


def with_roles(tx: ReadTx, group_id: GroupId, roles: Sequence[str]) -> list[PersonId]:
    """Who has one of these roles, in the order they joined."""
    rows = tx.all(
        "SELECT person_id FROM membership WHERE group_id = :id AND state = 'active' AND ended_at IS NULL"
        " AND role IN (SELECT value FROM json_each(:roles)) ORDER BY id",
        id=group_id,
        roles=json.dumps(list(roles)),
    )
    return [PersonId(row["person_id"]) for row in rows]


def without_role(tx: ReadTx, kind: str, roles: Sequence[str], *, established: bool = False) -> list[tuple[int, str]]:
    """Groups of a kind that are not closed, each with one of `roles` that nobody has in it.

    `established`: only those that another group established.
    """
    rows = tx.all(
        """
        SELECT g.id, r.value AS role FROM groups g, json_each(:roles) r
        WHERE g.kind = :kind AND g.state <> 'closed' AND (NOT :established OR g.established_by IS NOT NULL)
          AND NOT EXISTS (
            SELECT 1 FROM membership m WHERE m.group_id = g.id AND m.role = r.value AND m.state = 'active'
            AND m.ended_at IS NULL)
        ORDER BY g.id, r.key
        """,
        kind=kind,
        roles=json.dumps(list(roles)),
        established=established,
    )
    return [(int(row["id"]), str(row["role"])) for row in rows]


def count_members(tx: ReadTx, group_id: GroupId) -> int:
    """How many are in a group, without its waiting list."""
    row = tx.one(
        "SELECT count(*) AS n FROM membership WHERE group_id = :id AND state = 'active' AND ended_at IS NULL",
        id=group_id,
    )
    return int(row["n"]) if row else 0


def has_more_than(tx: ReadTx, group_id: int, most: int) -> bool:
    """Whether more than `most` are or wait to be in a group; looks at no more of them."""
    row = tx.one(
        "SELECT 1 FROM membership WHERE group_id = :id AND ended_at IS NULL LIMIT 1 OFFSET :most",
        id=group_id,
        most=most,
    )
    return row is not None


def count_waiting(tx: ReadTx, group_id: GroupId) -> int:
    """How many are on the waiting list of a group."""
    row = tx.one(
        "SELECT count(*) AS n FROM membership WHERE group_id = :id AND state = 'waiting' AND ended_at IS NULL",
        id=group_id,
    )
    return int(row["n"]) if row else 0


def longest_waiting(tx: ReadTx, group_id: GroupId) -> Membership | None:
    """The first on the waiting list."""
    row = tx.one(
        f"{_MEMBERSHIP} WHERE m.group_id = :id AND m.state = 'waiting' AND m.ended_at IS NULL ORDER BY m.id",
        id=group_id,
    )
    return _membership(row) if row else None


def activate(tx: Tx, membership_id: MembershipId) -> None:
    """From the waiting list into the group."""
    tx.execute("UPDATE membership SET state = 'active', joined_at = :now WHERE id = :id", now=tx.now, id=membership_id)


def end_membership(tx: Tx, membership_id: MembershipId) -> bool:
    """The membership is over; its row stays as history. False when it was over already."""
    return bool(
        tx.execute(
            "UPDATE membership SET ended_at = :now WHERE id = :id AND ended_at IS NULL", now=tx.now, id=membership_id
        )
    )


def restore_membership(tx: Tx, membership_id: MembershipId) -> bool:
    """Undo of `end_membership`, unless the person has joined again since."""
    return bool(
        tx.execute(
            "UPDATE membership SET ended_at = NULL WHERE id = :id AND ended_at IS NOT NULL AND NOT EXISTS ("
            "SELECT 1 FROM membership o WHERE o.group_id = membership.group_id"
            " AND o.person_id = membership.person_id AND o.ended_at IS NULL)",
            id=membership_id,
        )
    )


def set_role(tx: Tx, membership_id: MembershipId, role: str) -> None:
    """Give a member another role."""
    tx.execute("UPDATE membership SET role = :role WHERE id = :id", role=role, id=membership_id)
    tx.wake("daily")  # a group may have nobody in a role now, or somebody again


def set_posting(tx: Tx, membership_id: MembershipId, posting: str) -> None:
    """How a member's posts are treated: normal, trusted, moderated."""
    tx.execute("UPDATE membership SET posting = :posting WHERE id = :id", posting=posting, id=membership_id)


def choose(tx: Tx, membership_id: MembershipId, option: str, value: str | int | None) -> None:
    """What a member chooses: delivery, hidden, own_copy, or paused_until (a moment; None for no pause)."""
    statements = {
        "delivery": "UPDATE membership SET delivery = :value WHERE id = :id",
        "hidden": "UPDATE membership SET hidden = :value WHERE id = :id",
        "own_copy": "UPDATE membership SET own_copy = :value WHERE id = :id",
        "paused_until": "UPDATE membership SET paused_until = :value WHERE id = :id",
    }
    tx.execute(statements[option], value=value, id=membership_id)


# ---- senders who are not members


def sender_posting(tx: ReadTx, group_id: GroupId, folded: str) -> str | None:
    """What moderators decided about a sender: trusted, moderated, banned; None when nothing."""
    row = tx.one("SELECT posting FROM sender WHERE group_id = :id AND folded = :folded", id=group_id, folded=folded)
    return str(row["posting"]) if row else None


def set_sender(tx: Tx, group_id: GroupId, folded: str, posting: str, case_id: CaseId | None) -> None:
    """Remember what moderators decided about a sender."""
    tx.execute(
        "INSERT INTO sender (group_id, folded, posting, case_id, at) VALUES (:id, :folded, :posting, :case_id, :now)"
        " ON CONFLICT (group_id, folded) DO UPDATE SET posting = excluded.posting, at = excluded.at",
        id=group_id,
        folded=folded,
        posting=posting,
        case_id=case_id,
        now=tx.now,
    )


# ---- fan-out


def fan_out(
    tx: Tx, outgoing: OutgoingId, group_id: GroupId, author: PersonId | None, skip: Sequence[str], post_key: str
) -> int:
    """One delivery per member in one statement; how many.

    Left out: who has paused until a later day, the author without own copy, members already in To/Cc (`skip`, folded
    addresses) and, for a post that went to several of our groups (`post_key`, its Message-ID), people who get it
    through another of them.
    """
    return tx.execute(
        """
        INSERT INTO delivery (outgoing_id, person_id, membership_id, address, next_at)
        SELECT :outgoing, m.person_id, m.id, a.address, :now
        FROM membership m JOIN address a ON a.id = m.address_id
        WHERE m.group_id = :group_id AND m.delivery = 'each' AND m.state = 'active' AND m.ended_at IS NULL
          AND (m.paused_until IS NULL OR m.paused_until <= :now) AND a.state = 'ok'
          AND (m.own_copy = 1 OR m.person_id IS NOT :author)
          AND a.folded NOT IN (SELECT value FROM json_each(:skip))
          AND NOT EXISTS (
            SELECT 1 FROM outgoing o JOIN delivery d ON d.outgoing_id = o.id
            WHERE o.kind = 'post' AND o.message_id = :post_key AND o.id <> :outgoing AND d.person_id = m.person_id)
        """,
        outgoing=outgoing,
        group_id=group_id,
        author=author,
        skip=json.dumps(list(skip)),
        post_key=post_key,
        now=tx.now,
    )


def groups_of_addresses(tx: ReadTx, addresses: Sequence[AddressId]) -> dict[GroupId, set[AddressId]]:
    """Which groups send to which of these addresses."""
    found: dict[GroupId, set[AddressId]] = {}
    for row in tx.all(
        "SELECT group_id, address_id FROM membership WHERE ended_at IS NULL AND state = 'active'"
        " AND address_id IN (SELECT value FROM json_each(:ids)) ORDER BY group_id",
        ids=json.dumps(list(addresses)),
    ):
        found.setdefault(GroupId(row["group_id"]), set()).add(AddressId(row["address_id"]))
    return found
