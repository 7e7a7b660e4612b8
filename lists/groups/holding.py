"""The emergency stop of a group: its posts wait, those on their way out and those that come in."""

from __future__ import annotations

from dataclasses import dataclass

from lists import store
from lists.model import Group
from mailsvc.clock import Instant
from mailsvc.errors import Reason
from mailsvc.registry import Registry, Target
from mailsvc.routing import route
from mailsvc.store import inbox, outgoing
from mailsvc.store.database import Tx


@dataclass(frozen=True, slots=True)
class LetGo:
    """What went on after a stop: posts going out, and mails that came in meanwhile and are handled now."""

    going: int
    handled: int


def hold(tx: Tx, group: Group) -> int:
    """Stop the group's posts; how many were on their way. Letters, commands and answers go on as ever."""
    if group.held_at is None:
        store.set_held(tx, group.id, tx.now)
    return outgoing.hold_posts(tx, group.id)


def let_go(tx: Tx, group: Group, registry: Registry) -> LetGo | None:
    """End the stop: what waited goes on in the order in which it came. None when there was none."""
    if group.held_at is None:
        return None
    store.set_held(tx, group.id, None)
    going = outgoing.let_go_posts(tx, group.id, Instant(group.held_at))
    handled = 0
    for number, recipient in inbox.put_aside_for(tx, Reason.HELD_GROUP):
        target = route(tx, registry, recipient)
        if isinstance(target, Target) and target.group == group.id:
            inbox.handle_again(tx, number)
            handled += 1
    return LetGo(going, handled)
