"""The SQL of the archive: what waits to be read, one month, a thread, a search, and forgetting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from mailsvc.ids import GroupId, PersonId
from mailsvc.store.database import ReadTx, Row, Tx

MOST_OF_THREAD: Final = 500
MOST_HITS: Final = 5000  # posts that one word may have, the newest of them, before the words are put together

# Who may read a confidential post: whoever was in the group when it went out, and whoever wrote it.
_OPEN_TO: Final = """
(a.confidential = 0 OR (:person IS NOT NULL AND (a.author_id IS :person OR EXISTS (
  SELECT 1 FROM membership m WHERE m.group_id = a.group_id AND m.person_id = :person AND m.state = 'active'
    AND m.joined_at <= a.posted_at AND (m.ended_at IS NULL OR m.ended_at > a.posted_at)))))
"""
_SHOWN: Final = f"""
SELECT a.*, coalesce(p.name, '') AS person_name,
  EXISTS (SELECT 1 FROM membership h WHERE h.group_id = a.group_id AND h.person_id = a.author_id AND h.hidden = 1)
    AS hidden
FROM archive a LEFT JOIN person p ON p.id = a.author_id
WHERE a.state <> 'new' AND a.group_id = :group AND {_OPEN_TO}
"""

# ---- preparing


def any_waiting(tx: ReadTx) -> bool:
    """Whether there is a post that nobody has looked into yet."""
    return tx.one("SELECT 1 FROM archive WHERE state = 'new'") is not None


def waiting(tx: ReadTx, most: int) -> list[Row]:
    """Posts that nobody has looked into yet, the oldest first."""
    return tx.all("SELECT * FROM archive WHERE state = 'new' ORDER BY id LIMIT :most", most=most)


def mail_comes_in(tx: ReadTx) -> bool:
    """Whether mail waits to be handled, which goes before anything that only makes posts found again."""
    return tx.one("SELECT 1 FROM inbox WHERE state = 'new' AND next_at <= :now", now=tx.now) is not None


def copies_wait(tx: ReadTx) -> bool:
    """Whether mail or a copy waits that could go now."""
    return mail_comes_in(tx) or (
        tx.one("SELECT 1 FROM delivery WHERE state = 'todo' AND next_at BETWEEN 0 AND :now LIMIT 1", now=tx.now)
        is not None
    )


def parent(tx: ReadTx, group: int, references: Sequence[str], but: int) -> Row | None:
    """The post that one answers: of the first of these Message-IDs that there is. id, thread_id, confidential."""
    # CROSS: each id by the index, never all posts of the group
    return tx.one(
        "SELECT a.id, a.thread_id, a.confidential FROM json_each(:ids) r CROSS JOIN archive a ON a.message_id = r.value"
        " AND a.group_id = :group AND a.state <> 'new' WHERE a.id <> :but ORDER BY r.key, a.id LIMIT 1",
        ids=json.dumps(list(references)),
        group=group,
        but=but,
    )


def prepared(
    tx: Tx, number: int, references: Sequence[str], *, author: str, subject: str, beginning: str, files: int
) -> bool:
    """What is shown of a post; False when it is gone meanwhile. What answers a confidential post is so too."""
    row = tx.one("SELECT group_id FROM archive WHERE id = :id AND state = 'new'", id=number)
    if row is None:
        return False
    above = parent(tx, row["group_id"], references, number) if references else None
    tx.execute(
        "UPDATE archive SET state = 'kept', thread_id = :thread, author = :author, subject = :subject,"
        " beginning = :beginning, files = :files, confidential = max(confidential, :confidential) WHERE id = :id",
        thread=above["thread_id"] if above else number,
        author=author,
        subject=subject,
        beginning=beginning,
        files=files,
        confidential=above["confidential"] if above else 0,
        id=number,
    )
    return True


def insert_words(tx: Tx, number: int, words: Sequence[str], *, who: bool) -> None:
    """The words by which a post is found; a word of its text stays that where it stands in the author's name too."""
    tx.execute(
        "INSERT INTO archive_word (group_id, word, archive_id, who)"
        " SELECT a.group_id, w.value, a.id, :who FROM archive a, json_each(:words) w WHERE a.id = :id"
        " ON CONFLICT DO NOTHING",
        id=number,
        words=json.dumps(list(words)),
        who=int(who),
    )


# ---- looking


def between(tx: ReadTx, group: GroupId, person: PersonId | None, first: int, end: int, most: int) -> list[Row]:
    """The posts of a stretch of time that somebody may read, the newest `most` of them, the newest first."""
    return tx.all(
        f"{_SHOWN} AND a.posted_at >= :first AND a.posted_at < :end ORDER BY a.posted_at DESC, a.id DESC LIMIT :most",
        group=group,
        person=person,
        first=first,
        end=end,
        most=most,
    )


def newest(tx: ReadTx, group: GroupId, person: PersonId | None, most: int) -> list[Row]:
    """The newest posts that somebody may read, the newest first."""
    return tx.all(
        f"{_SHOWN} AND a.state = 'kept' ORDER BY a.posted_at DESC, a.id DESC LIMIT :most",
        group=group,
        person=person,
        most=most,
    )


def last_before(tx: ReadTx, group: GroupId, person: PersonId | None, moment: int) -> int | None:
    """When the last post before a moment went out."""
    row = tx.one(
        f"{_SHOWN} AND a.posted_at < :moment ORDER BY a.posted_at DESC LIMIT 1",
        group=group,
        person=person,
        moment=moment,
    )
    return int(row["posted_at"]) if row else None


def first_from(tx: ReadTx, group: GroupId, person: PersonId | None, moment: int) -> int | None:
    """When the first post from a moment on went out."""
    row = tx.one(
        f"{_SHOWN} AND a.posted_at >= :moment ORDER BY a.posted_at LIMIT 1", group=group, person=person, moment=moment
    )
    return int(row["posted_at"]) if row else None


def post(tx: ReadTx, group: GroupId, person: PersonId | None, number: int) -> Row | None:
    """One post, where it is of this group and for them."""
    return tx.one(f"{_SHOWN} AND a.id = :id", group=group, person=person, id=number)


def thread(tx: ReadTx, group: GroupId, person: PersonId | None, thread_id: int) -> list[Row]:
    """The posts of a thread in their order."""
    return tx.all(
        f"{_SHOWN} AND a.thread_id = :thread ORDER BY a.id LIMIT :most",
        group=group,
        person=person,
        thread=thread_id,
        most=MOST_OF_THREAD,
    )


def beside(tx: ReadTx, group: GroupId, person: PersonId | None, row: Row) -> tuple[int | None, int | None]:
    """The post before one and the one after it, by time."""
    known = {"group": group, "person": person, "at": row["posted_at"], "id": row["id"]}
    before = tx.one(
        f"{_SHOWN} AND a.state = 'kept' AND (a.posted_at, a.id) < (:at, :id)"
        " ORDER BY a.posted_at DESC, a.id DESC LIMIT 1",
        **known,
    )
    after = tx.one(
        f"{_SHOWN} AND a.state = 'kept' AND (a.posted_at, a.id) > (:at, :id) ORDER BY a.posted_at, a.id LIMIT 1",
        **known,
    )
    return (before["id"] if before else None, after["id"] if after else None)


def with_word(tx: ReadTx, group: GroupId, word: str, *, names: bool, inside: bool = False) -> set[int]:
    """The posts that hold a word that begins so (`inside`: or holds it); `names`: authors' names count too."""
    begins = "word >= :word AND word < :end" if not inside else "instr(word, :word) > 0"
    rows = tx.all(
        f"SELECT DISTINCT archive_id FROM archive_word WHERE group_id = :group AND {begins} AND who <= :names"
        " ORDER BY archive_id DESC LIMIT :most",
        group=group,
        word=word,
        end=f"{word}\U0010ffff",
        names=int(names),
        most=MOST_HITS,
    )
    return {int(row["archive_id"]) for row in rows}


def with_whole_word(tx: ReadTx, group: GroupId, word: str, *, names: bool) -> set[int]:
    """The posts that hold exactly this word."""
    rows = tx.all(
        "SELECT archive_id FROM archive_word WHERE group_id = :group AND word = :word AND who <= :names"
        " ORDER BY archive_id DESC LIMIT :most",
        group=group,
        word=word,
        names=int(names),
        most=MOST_HITS,
    )
    return {int(row["archive_id"]) for row in rows}


def these(tx: ReadTx, group: GroupId, person: PersonId | None, numbers: Sequence[int], most: int) -> list[Row]:
    """Of these posts what somebody may read, the newest first."""
    return tx.all(
        f"{_SHOWN} AND a.state = 'kept' AND a.id IN (SELECT value FROM json_each(:ids))"
        " ORDER BY a.posted_at DESC, a.id DESC LIMIT :most",
        group=group,
        person=person,
        ids=json.dumps(list(numbers)),
        most=most,
    )


def has_any(tx: ReadTx, group: GroupId) -> bool:
    """Whether the group has an archive at all."""
    return tx.one("SELECT 1 FROM archive WHERE group_id = :group AND state <> 'new'", group=group) is not None


def was_in(tx: ReadTx, group: GroupId, person: PersonId) -> bool:
    """Whether somebody was in a group until it was closed, as when it was merged: then every place ends with it."""
    row = tx.one(
        "SELECT 1 FROM membership m JOIN groups g ON g.id = m.group_id AND g.state = 'closed'"
        " WHERE m.group_id = :group AND m.person_id = :person AND m.state = 'active' AND m.ended_at = g.closed_at",
        group=group,
        person=person,
    )
    return row is not None


# ---- forgetting

_REMOVED: Final = (
    "state = 'removed', thread_id = coalesce(thread_id, id), author = '', subject = '', beginning = '', files = 0,"
    " message_id = 'erased-' || id"
)


def forget_author(tx: Tx, person: PersonId) -> None:
    """Everything that shows or finds the posts of somebody; their bytes go with their mails."""
    tx.execute(
        "DELETE FROM archive_word WHERE archive_id IN (SELECT id FROM archive WHERE author_id = :person)"
        " AND group_id IN (SELECT group_id FROM archive WHERE author_id = :person)",
        person=person,
    )
    tx.execute(f"UPDATE archive SET {_REMOVED} WHERE author_id = :person", person=person)


def remove(tx: Tx, number: int) -> None:
    """One post is shown and found no more."""
    tx.execute(
        "DELETE FROM archive_word WHERE archive_id = :id AND group_id IN (SELECT group_id FROM archive WHERE id = :id)",
        id=number,
    )
    tx.execute(f"UPDATE archive SET {_REMOVED} WHERE id = :id", id=number)


def over(tx: ReadTx, before: int, most: int) -> list[Row]:
    """Posts that went out before a moment: id, mail_id; `alone` is 1 where no matter rests on their mail."""
    return tx.all(
        "SELECT a.id, i.mail_id, NOT EXISTS (SELECT 1 FROM inbox o JOIN event e ON e.inbox_id = o.id"
        "  WHERE o.mail_id = i.mail_id) AS alone"
        " FROM archive a JOIN inbox i ON i.id = a.inbox_id WHERE a.state = 'kept' AND a.posted_at < :before"
        " ORDER BY a.id LIMIT :most",
        before=before,
        most=most,
    )


def of_author(tx: ReadTx, person: PersonId) -> list[Row]:
    """What the archives have of somebody: group, number, subject, at."""
    return tx.all(
        'SELECT g.name AS "group", a.id AS number, a.subject, a.posted_at AS at FROM archive a'
        " JOIN groups g ON g.id = a.group_id WHERE a.author_id = :person AND a.state <> 'removed' ORDER BY a.id",
        person=person,
    )
