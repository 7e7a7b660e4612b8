"""The command `mailsvc check`: files, disk, ports, clock, evidence, relay, DNS; each OK, or what to do."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from functools import partial
from typing import Final

import click

from mailsvc import keys
from mailsvc.config import Config
from mailsvc.errors import CommandError, ConfigError
from mailsvc.net import ListenAddress, UnixAddress, parse_listen
from mailsvc.operating import cli_tools
from mailsvc.operating.checking import Finding, look
from mailsvc.operating.cli_tools import json_option, load_config, show_json
from mailsvc.records import chain_store
from mailsvc.store import migrate, restored
from mailsvc.store.sqlite import SqliteDatabase

MOST_BREAKS: Final = 10
MIB: Final = 1024 * 1024


@click.command(cls=cli_tools.Command)
@json_option
def check(as_json: bool) -> None:
    """Look at configuration, key, database, logs, disk, ports, certificate, clock, evidence, relay, DNS.

    Each is OK, or what to do is said, and the exit status is 1. The relay is called and nothing is sent; what the DNS
    could not be asked is no fault.
    """
    findings = list(_findings())
    if as_json:
        show_json([{"check": one.name, "ok": one.ok, "text": one.text} for one in findings])
    else:
        width = max(len(one.name) for one in findings)
        for one in findings:
            click.echo(f"{'OK ' if one.ok else 'BAD'}  {one.name.ljust(width)}  {' '.join(one.text.split())}")
    bad = [one.name for one in findings if not one.ok]
    if bad:
        raise CommandError(f"not well: {', '.join(bad)}")


def _findings() -> Iterator[Finding]:
    """Everything that can still be looked at after what was found before."""
    try:
        config = load_config()
        listens = _listens(config)
    except ConfigError as error:
        yield Finding("configuration", str(error), ok=False)
        return
    yield Finding("configuration", str(cli_tools.config_path()))
    yield from _lacking(config)
    key = look("key", lambda: _key(config))
    yield key
    database = look("database", lambda: _database(config, with_key=key.ok))
    yield database
    if key.ok and database.ok:
        yield look("logs", lambda: _logs(config))
        yield from _restore(config)
    yield look("disk", lambda: _disk(config))
    served = _served(config)
    for name, address in listens:
        yield look(name, partial(_port, address, served=served))
    yield from _mail(config, with_database=key.ok and database.ok)


def _mail(config: Config, *, with_database: bool) -> Iterator[Finding]:
    # all that reads and sends mail; other commands start faster without it
    from mailsvc.operating import check_dns, check_mail, check_tls

    yield from check_tls.findings(config)
    if with_database:
        yield check_mail.clock(config)
        yield check_mail.obtainable(config)
        yield from check_mail.strict(config)
    yield check_mail.forged(config)
    try:
        yield from check_mail.relays(config)
    except ConfigError as error:
        yield Finding("relay", str(error), ok=False)
    yield from check_dns.findings(config)


def _lacking(config: Config) -> Iterator[Finding]:
    """What a configuration may say and no site should."""
    if not config.site.operators:
        yield Finding("operators", "site.operators is empty: alarms and mail to postmaster@ reach nobody", ok=False)
    if not config.smtp.listen and not config.smtp.lmtp:
        yield Finding("mail in", "smtp.listen and smtp.lmtp are both empty: no mail comes in", ok=False)
    scanner = config.docs.scan_command
    if scanner and shutil.which(scanner[0]) is None:
        text = f"docs.scan_command: there is no program {scanner[0]}, so no document can be looked at"
        yield Finding("scan", text, ok=False)


def _listens(config: Config) -> list[tuple[str, ListenAddress | UnixAddress]]:
    # Pages and all; other commands start faster without them.
    from mailsvc.receive.listening import lmtp_addresses, smtp_addresses
    from mailsvc.receive.tls import server_context
    from mailsvc.web.server import check_loopback

    smtp = [("smtp.listen", address) for address in smtp_addresses(config)]
    lmtp = [("smtp.lmtp", address) for address in lmtp_addresses(config)]
    server_context(config)
    check_loopback(config)
    return [*smtp, *lmtp, ("web.listen", parse_listen(config.web.listen, "web.listen"))]


def _key(config: Config) -> str:
    path = config.path(config.site.key_file)
    keys.load(path)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise CommandError(f"others may read {path} (mode {mode:04o}): chmod 600 {path}")
    return str(path)


def _database(config: Config, *, with_key: bool) -> str:
    path = config.database_path
    site_id = keys.load(config.path(config.site.key_file)).site_id if with_key else None
    schema = migrate.check(path, site_id)
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise CommandError(f"{path} and its folder must be writable for the service's account")
    return f"{path}, schema {schema}, {path.stat().st_size / MIB:.1f} MiB, undamaged"


def _logs(config: Config) -> str:
    """Every log is read again, a page at a time, so that memory does not grow with the site."""

    async def whole(database: SqliteDatabase) -> chain_store.Place:
        place = chain_store.Place()
        while not place.done:
            place = await database.read(partial(chain_store.step, place=place))
        return place

    read = cli_tools.with_database(config, whole)
    if read.breaks:
        shown = ", ".join(f"line {one.seq} of #{one.case_id}" for one in read.breaks[:MOST_BREAKS])
        more = f" and {len(read.breaks) - MOST_BREAKS} more" if len(read.breaks) > MOST_BREAKS else ""
        raise CommandError(f"the log was changed: {shown}{more} does not fit; see `mailsvc case show`")
    return "unbroken in the only case" if read.cases == 1 else f"unbroken in all {read.cases} cases"


def _restore(config: Config) -> Iterator[Finding]:
    """Said only while a restored site waits."""
    held = cli_tools.read(config, restored.sentence)
    if held:
        yield Finding("restore", held, ok=False)


def _disk(config: Config) -> str:
    folder = config.database_path.parent
    free = shutil.disk_usage(folder).free
    floor = max(config.limits.disk_floor, 2 * config.limits.message_size)
    if free < floor:
        raise CommandError(
            f"{free // MIB} MiB free in {folder}, less than the floor of {floor // MIB} MiB: nothing is taken and"
            " nothing is sent until there is more"
        )
    return f"{free // MIB} MiB free in {folder}, floor {floor // MIB} MiB"


def _socket(address: UnixAddress, *, served: bool) -> str:
    """What `_port` says, for a socket that is a file."""
    if address.path.is_socket() and served:
        return f"{address}, in use; the service runs"
    if address.path.exists() and not address.path.is_socket():
        raise CommandError(f"cannot listen on {address}: something that is no socket lies there")
    if not os.access(address.path.parent, os.W_OK):
        raise CommandError(f"cannot listen on {address}: the service's account must be able to write to its folder")
    return f"{address}, free" + ("; yet a service runs: was it changed since its start?" if served else "")


def _served(config: Config) -> bool:
    """Whether a service holds the lock now."""
    if not config.database_path.exists():
        return False
    try:
        with migrate.only_server(config.database_path):
            return False
    except CommandError:
        return True


def _port(address: ListenAddress | UnixAddress, *, served: bool) -> str:
    if isinstance(address, UnixAddress):
        return _socket(address, served=served)
    family, kind, protocol, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
        except OSError as error:
            if served:
                return f"{address}, in use; the service runs"
            raise CommandError(f"cannot listen on {address}: {error.strerror or error}") from None
    return f"{address}, free" + ("; yet a service runs: was it changed since its start?" if served else "")
