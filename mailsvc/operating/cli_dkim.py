"""The commands `mailsvc dkim …`: keys that sign all outgoing mail."""

from __future__ import annotations

from pathlib import Path

import click

from mailsvc.config.rules import SELECTOR
from mailsvc.deliver import signing
from mailsvc.errors import CommandError
from mailsvc.operating import cli_tools
from mailsvc.operating.cli_tools import load_config


@click.group(cls=cli_tools.Group)
def dkim() -> None:
    """Keys that sign all outgoing mail (DKIM)."""


@dkim.command("new")
@click.argument("selector")
@click.option("--kind", type=click.Choice(signing.KINDS), default="rsa", show_default=True, help="The kind of key.")
def dkim_new(selector: str, kind: str) -> None:
    """Make a key in var/dkim-SELECTOR.pem, and print what goes into the DNS and into config.toml.

    Publish the record first, and sign when `mailsvc check` finds it. An RSA key is understood everywhere; an Ed25519
    key beside it is shorter and understood by some.

    \b
    Example:
      mailsvc dkim new s2026
    """
    config = load_config()
    if not SELECTOR.fullmatch(selector):
        raise CommandError(f'"{selector}" is not a selector: letters, digits and "-" in labels between dots')
    file = Path("var") / f"dkim-{selector}.pem"
    key = signing.make(config.path(str(file)), selector, kind)
    keys = [*config.delivery.dkim_keys, f"{selector}={file}"]
    click.echo(f"The key is in {file}. In the DNS:\n")
    click.echo(signing.zone_line(key, config.site.domain))
    click.echo("\nThen, in [delivery] of the configuration:\n")
    click.echo(_setting(keys))


@dkim.command("record")
def dkim_record() -> None:
    """Print the DNS records of the keys in the configuration."""
    config = load_config()
    signer = signing.signer(config)
    if signer is None:
        raise CommandError("no key is configured (delivery.dkim_keys); `mailsvc dkim new SELECTOR` makes one")
    for key in signer.keys:
        click.echo(signing.zone_line(key, config.site.domain))


def _setting(keys: list[str]) -> str:
    quoted = ", ".join(f'"{one}"' for one in keys)
    return f"dkim_keys = [{quoted}]"
