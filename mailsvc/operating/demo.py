"""`mailsvc demo`: an example organisation, and a service that is started again when it crashes."""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Final

import click

from mailsvc.config import Config
from mailsvc.errors import CommandError
from mailsvc.ids import SystemRandomness
from mailsvc.net import parse_listen
from mailsvc.operating import cli_tools, site_files
from mailsvc.store import migrate
from mailsvc.store.database import Tx

CRASHES: Final = 5  # in a row that are borne
PAUSE_SECONDS: Final = 1.0
CALM_SECONDS: Final = 60.0  # a service that ran this long did not crash at its start
REFUSED: Final = 1  # exit status of a service that said in one sentence why it does not start


def prepare(config: Config, seed: Callable[[Tx, Config], bool]) -> None:
    """Make key, database and example organisation when they are missing. Raises CommandError, StoreCorrupt."""
    if config.delivery.transport != "mailroom":
        raise CommandError('the demo runs only with [delivery] transport = "mailroom", so that no mail leaves')
    with migrate.only_server(config.database_path):
        for text, key in (*((text, "smtp.listen") for text in config.smtp.listen), (config.web.listen, "web.listen")):
            _port_is_free(text, key)
        made = site_files.ensure(config, SystemRandomness())
        if cli_tools.write(config, lambda tx: seed(tx, config)):
            click.echo(f"{'Made' if made.database else 'Filled'} {config.database_path} with an example organisation.")


def _port_is_free(text: str, key: str) -> None:
    address = parse_listen(text, key)
    family, kind, protocol, _, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "another program listens there; end it" if taken else error.strerror
            raise CommandError(f"cannot listen on {address}: {why}, or change {key}") from None


def run(path: Path, config: Config) -> None:
    """Serve in a child process until Ctrl-C or SIGTERM; start it again when it crashes. Raises CommandError."""
    child = _Child([sys.executable, "-m", "mailsvc", "--config", str(path), "serve"])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, child.end)
    crashes, told = 0, False
    while not child.ending:
        started = time.monotonic()
        for line in child.lines():
            click.echo(line, nl=False)
            if not told:
                click.echo(what_to_try(config))
                told = True
        status = child.wait()
        if child.ending or status == 0:
            return
        if status == REFUSED and not told:
            raise SystemExit(REFUSED)  # it said why itself
        crashes = crashes + 1 if time.monotonic() - started < CALM_SECONDS else 1
        if crashes > CRASHES:
            raise CommandError(f"the service crashed {crashes} times in a row (last: {_how(status)})")
        click.echo(f"The service crashed ({_how(status)}) and is started again; no mail is lost.", err=True)
        time.sleep(PAUSE_SECONDS)


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


class _Child:
    """The serving process, and whether somebody wants it to end."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[str] | None = None
        self.ending = False

    def lines(self) -> Iterator[str]:
        """Start it; what it says on standard output, until that ends."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
        if self.ending:  # the signal came before there was anybody to pass it on to
            self._process.terminate()
        assert self._process.stdout is not None
        with self._process.stdout as said:
            yield from said

    def wait(self) -> int:
        """Its exit status; negative when a signal ended it."""
        assert self._process is not None
        return self._process.wait()

    def end(self, _number: int, _frame: FrameType | None) -> None:
        """Signal handler: ask it to end cleanly, and start no other."""
        self.ending = True
        if self._process is not None:
            self._process.terminate()


def what_to_try(config: Config) -> str:
    """A short text for who has just started it."""
    domain, smtp = config.site.domain, config.smtp.listen[0]
    return f"""
{config.site.name}: staff networks run entirely by email.

  mail in   {smtp}  (SMTP)
  mailroom  {config.web.base_url}/mailroom  (everybody's inbox; nothing leaves this machine)

Try this:
  1. Write to the cataloguers as somebody who is not one of them:

     swaks --server {smtp} --from robin@example.net --to cataloguing@{domain} --header "Subject: A question" \\
       --body "Which rules do you follow for series titles?"

  2. Open the mailroom, and in it Karin Lind's inbox: she is asked whether the members should get it.
  3. Press "approve", or answer by mail in your own words ("Ja tack"): every member gets a copy.
  4. Write to cataloguing-join@{domain} as anybody, answer the question that comes back, and let Karin decide.
     "Let time pass" in the mailroom moves the clock, so that deadlines can be seen.

Ctrl-C ends it. What happened is kept in {config.database_path}; remove that file and the key beside it to begin anew.
"""
