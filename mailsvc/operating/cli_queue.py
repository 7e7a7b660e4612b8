"""The commands `mailsvc queue …` (mail that goes out) and `mailsvc quarantine …` (mail that was put aside)."""

from __future__ import annotations

from collections.abc import Mapping

import click

from mailsvc.deliver import store
from mailsvc.deliver.store import QueueCopy, QueueItem
from mailsvc.errors import CommandError
from mailsvc.ids import GroupId, InboxId, OutgoingId
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import facts, iso, json_option, load_config, local, show_json, table, without_tokens
from mailsvc.store import inbox, overview, restored
from mailsvc.store.database import ReadTx, Tx


class MailNumber(click.ParamType[int]):
    """The number of a mail as the lists show it."""

    name = "ID"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """One that fits an integer of SQLite."""
        digits = str(value)
        if not (digits.isascii() and digits.isdigit() and 0 < int(digits) < 2**63):
            self.fail(f'"{value}" is not the number of a mail', param, ctx)
        return int(digits)


ID = MailNumber()


@click.group(cls=cli_tools.Group)
def queue() -> None:
    """Mail that goes out."""


@queue.command("list")
@json_option
def queue_list(as_json: bool) -> None:
    """List what is to be delivered, urgent mail first."""
    config = load_config()
    items, names = cli_tools.read(config, lambda tx: (store.queue_list(tx), overview.group_names(tx)))
    held = cli_tools.read(config, restored.sentence)
    if held:
        click.echo(held, err=True)
    if as_json:
        show_json([_item(one, names) for one in items])
        return
    table(
        ("id", "kind", "state", "group", "case", "copies", "waiting", "delivered", "failed", "next attempt"),
        [
            (
                one.id,
                one.kind,
                one.state,
                _group(one, names),
                f"#{one.case_id}" if one.case_id is not None else None,
                one.copies,
                one.todo,
                one.delivered,
                one.failed + one.expired,
                local(one.next_at, config),
            )
            for one in items
        ],
    )


def _group(one: QueueItem, names: Mapping[GroupId, str]) -> str | None:
    return names.get(one.group_id) if one.group_id is not None else None


def _item(one: QueueItem, names: Mapping[GroupId, str]) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "state": one.state,
        "group": _group(one, names),
        "case": one.case_id,
        "created_at": iso(one.created_at),
        "expires_at": iso(one.expires_at),
        "next_at": iso(one.next_at),
        "copies": one.copies,
        "todo": one.todo,
        "delivered": one.delivered,
        "failed": one.failed,
        "expired": one.expired,
        "suppressed": one.suppressed,
    }


@queue.command("show")
@click.argument("number", metavar="ID", type=ID)
@json_option
def queue_show(number: int, as_json: bool) -> None:
    """Show a mail and the state of each of its deliveries."""
    config = load_config()

    def unit(tx: ReadTx) -> tuple[dict[str, object], tuple[QueueCopy, ...]]:
        entry = store.queue_show(tx, OutgoingId(number))
        if entry is None:
            raise CommandError(f"there is no outgoing mail {number}")
        return _item(entry.item, overview.group_names(tx)), entry.deliveries

    item, deliveries = cli_tools.read(config, unit)
    if as_json:
        show_json(item | {"deliveries": [_copy(one) for one in deliveries]})
        return
    facts([(key.replace("_", " "), value) for key, value in item.items()])
    click.echo()
    table(
        ("recipient", "state", "attempts", "next attempt", "ended", "reply"),
        [
            (
                one.address,
                one.state,
                one.attempts,
                local(one.next_at if one.state == "todo" else None, config),
                local(one.final_at, config),
                without_tokens(one.reply),
            )
            for one in deliveries
        ],
    )


def _copy(one: QueueCopy) -> dict[str, object]:
    return {
        "id": one.id,
        "address": one.address,
        "state": one.state,
        "attempts": one.attempts,
        "next_at": iso(one.next_at) if one.state == "todo" else None,
        "final_at": iso(one.final_at),
        "reply": without_tokens(one.reply),
    }


@queue.command("retry")
@click.argument("number", metavar="[ID]", type=ID, required=False)
@click.option("--restored", "after_restore", is_flag=True, help="Let go all that waits after `mailsvc restore`.")
def queue_retry(number: int | None, after_restore: bool) -> None:
    """Try now what waits for its next attempt.

    With ID only that mail, also when it was set aside because it could not be written, or waits after a restore.
    """
    config = load_config()
    if after_restore and number is not None:
        raise click.UsageError("--restored is for all mail; without it ID lets go a single one")

    def unit(tx: Tx) -> int:
        if after_restore and not restored.release(tx):
            raise CommandError("nothing waits after a restore")
        if number is None:
            return store.queue_retry(tx, restored=after_restore)
        if store.queue_show(tx, OutgoingId(number), most=1) is None:
            raise CommandError(f"there is no outgoing mail {number}")
        return store.queue_retry(tx, OutgoingId(number), restored=True)

    click.echo(f"{cli_tools.write(config, unit)} to be tried now.")


@queue.command("cancel")
@click.argument("number", metavar="ID", type=ID)
def queue_cancel(number: int) -> None:
    """Send no more of a mail.

    Its deliveries that wait are suppressed, for good; nobody is told.
    """
    config = load_config()

    def unit(tx: Tx) -> int:
        if store.queue_show(tx, OutgoingId(number), most=1) is None:
            raise CommandError(f"there is no outgoing mail {number}")
        suppressed = store.queue_cancel(tx, OutgoingId(number))
        if suppressed is None:
            raise CommandError(f"mail {number} is over; nothing of it waits")
        return suppressed

    suppressed = cli_tools.write(config, unit)
    click.echo(f"{suppressed} deliveries suppressed; what is being sent at this moment may still arrive.")


# ---- quarantine


@click.group(cls=cli_tools.Group)
def quarantine() -> None:
    """Mail that came in and was put aside."""


@quarantine.command("list")
@json_option
def quarantine_list(as_json: bool) -> None:
    """List what was put aside or dropped, and why; see docs/reasons.md."""
    config = load_config()
    rows = cli_tools.read(config, inbox.quarantine)
    if as_json:
        show_json(
            [
                {
                    "id": row["id"],
                    "recipient": without_tokens(row["recipient"]),
                    "reverse_path": row["reverse_path"],
                    "reason": row["reason"],
                    "at": iso(row["handled_at"]),
                    "size": row["size"],
                }
                for row in rows
            ]
        )
        return
    table(
        ("id", "at", "reason", "from", "to", "size"),
        [
            (
                row["id"],
                local(row["handled_at"], config),
                row["reason"],
                row["reverse_path"] or "<>",
                without_tokens(row["recipient"]),
                row["size"],
            )
            for row in rows
        ],
    )


@quarantine.command("release")
@click.argument("number", metavar="ID", type=ID)
def quarantine_release(number: int) -> None:
    """Handle a mail after all, as if it had just come in."""
    config = load_config()

    def unit(tx: Tx) -> None:
        if not inbox.release(tx, InboxId(number)):
            raise CommandError(f"there is no mail {number} in quarantine")

    cli_tools.write(config, unit)
    click.echo(f"Mail {number} is handled now.")


@quarantine.command("drop")
@click.argument("number", metavar="ID", type=ID)
def quarantine_drop(number: int) -> None:
    """Take a mail out of quarantine for good; it is never handled."""
    config = load_config()

    def unit(tx: Tx) -> None:
        if not inbox.drop(tx, InboxId(number)):
            raise CommandError(f"there is no mail {number} in quarantine")

    cli_tools.write(config, unit)
    click.echo(f"Mail {number} is dropped.")
