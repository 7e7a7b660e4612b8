"""Closing a group: nobody decides in it any more, so what waits there ends, with a letter to who waits."""

from __future__ import annotations

from lists.groups import closing_store
from lists.model import Group
from lists.posts.held_post import GROUP_CLOSED
from mailsvc.cases import store as cases
from mailsvc.cases.engine import Engine
from mailsvc.cases.model import Applied, Cause, Fired
from mailsvc.store.database import Tx


def close(tx: Tx, engine: Engine, group: Group, cause: Cause) -> int:
    """Close a group; how many held posts and requests to join ended with it. Members can still leave."""
    closing_store.set_state(tx, group.id, "closed")
    ended = 0
    for name, kind in engine.registry.kinds.items():
        if not any(trigger == f"timer:{GROUP_CLOSED}" for _, trigger in kind.transitions):
            continue
        for case in cases.find_open(tx, engine.registry.kinds, name, group.id):
            ended += isinstance(engine.apply(tx, case.id, Fired(GROUP_CLOSED), cause), Applied)
    return ended
