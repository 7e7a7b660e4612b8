"""The command `mailsvc explain`: what would happen to a mail, step by step, changing nothing."""

from __future__ import annotations

from pathlib import Path

import click

from mailsvc.clock import SystemClock
from mailsvc.errors import CommandError
from mailsvc.message.address import parse_address
from mailsvc.net import parse_ip
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import json_option, load_config, printable, show_json, without_tokens


@click.command(cls=cli_tools.Command)
@click.argument("file", metavar="FILE.eml", type=cli_tools.file_type)
@click.option("--to", "recipient", metavar="ADDRESS", required=True, help="The address of ours that it is sent to.")
@click.option("--from", "reverse_path", metavar="ADDRESS", help="The reverse path; <> for none.  [default: its author]")
@click.option("--ip", "peer", default="127.0.0.1", show_default=True, help="Where it comes from.")
@json_option
def explain(file: Path, recipient: str, reverse_path: str | None, peer: str, as_json: bool) -> None:
    """Say what would happen to a mail, changing nothing.

    Each step with its reason, as docs/reasons.md explains them. The last one says what becomes of the mail: it is
    `result`, or one that is refused. Either way the exit status is 0, for the question has its answer; programs find
    the `reason` of the last step with --json.

    The mail is handled in a transaction that is taken back; while that lasts, a running service cannot write.

    \b
    Example:
      mailsvc explain answer.eml --to cataloguing@networks.example.org
    """
    from mailsvc import explain as explaining  # all that reads mail; other commands start faster without it
    from mailsvc.receive.dkim_dns import TxtLookup

    config = load_config()
    bare = reverse_path.strip("<>") if reverse_path is not None else None
    if bare and parse_address(bare) is None:
        raise click.BadParameter(f'"{reverse_path}" is not a mail address', param_hint="--from")
    if parse_ip(peer) is None:
        raise click.BadParameter(f'"{peer}" is not an IP address', param_hint="--ip")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror or error}") from error
    verified = explaining.verified(config, content, SystemClock().now(), TxtLookup(config.limits.dns_seconds))
    question = explaining.Question(content, recipient, bare, peer, verified)
    registry = cli_tools.registry(config)
    steps = cli_tools.rehearse(config, lambda tx: explaining.explain(tx, registry, question))
    if as_json:
        show_json([{"step": one.name, "text": without_tokens(one.text), "reason": one.reason} for one in steps])
        return
    width = max(len(one.name) for one in steps)
    before = ""
    for one in steps:
        name = one.name if one.name != before else ""
        click.echo(f"{name.ljust(width)}  {' '.join(printable(without_tokens(one.text)).split())}")
        before = one.name
