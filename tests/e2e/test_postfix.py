"""Real Postfix in front by LMTP and behind as relay, with the files of docs/howto/behind-postfix.md."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.e2e.installation import DOMAIN, Installation, free_port
from tests.e2e.postfix_kit import Howto, Milter, Postfix, fill_in, read_howto
from tests.sink import Accepted, Moment, Sink
from tests.tools import require_tool

pytestmark = pytest.mark.e2e

KARIN = "karin@example.org"
MAJA, NILS, GONE = "maja@example.com", "nils@example.net", "gone@example.com"
ÅSA = "åsa@example.net"
STRANGER = "sven@example.net"
OUTSIDE = "127.0.0.9"  # whoever is not in mynetworks
BYTES = "Känner någon till det här?\r\n".encode() + b"x" * 1500 + b"\r\nM\xe5ste fr\xe5ga.\r\n"


def world(moment: Moment) -> str | None:
    """The receivers out there: one address does not exist."""
    return "550 5.1.1 no such user" if moment.verb == "RCPT" and moment.argument == GONE else None


@dataclass(slots=True)
class Stage:
    """Outside → front → the service → relay → the world."""

    site: Installation
    front: Postfix
    relay: Postfix
    sink: Sink

    def mail(self, sender: str, to: str, content: bytes, *, options: tuple[str, ...] = ()) -> tuple[int, bytes]:
        """Hand a mail to the front from outside; the reply that decided."""
        with smtplib.SMTP("127.0.0.1", self.front.port, source_address=(OUTSIDE, 0), timeout=30) as client:
            client.ehlo("client.example.net")
            client.mail(sender, options)
            reply = client.rcpt(to)
            return client.data(content) if reply[0] == 250 else reply

    def write(self, sender: str, to: str, subject: str, text: str = "Text", **headers: str) -> None:
        """A mail that has to be taken."""
        message = EmailMessage(policy=policy.SMTP)
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0100"
        message["Message-ID"] = f"<{len(self.sink.accepted)}.{len(subject)}@example.net>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        reply = self.mail(sender, to, message.as_bytes())
        assert reply[0] == 250, reply

    def arrived(self, to: str, subject: str) -> Accepted:
        """Wait for somebody's mail in the world."""

        def seen() -> list[Accepted]:
            mails = [one for one in list(self.sink.accepted) if to in one.recipients]
            return [one for one in mails if subject in str(parsed(one)["Subject"])]

        return self.site.until(seen, f"{to} gets {subject!r}")[-1]


def parsed(one: Accepted) -> EmailMessage:
    message = message_from_bytes(one.content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@contextmanager
def stage(sink: Sink, howto: Howto) -> Iterator[Stage]:
    """Everything runs within; nothing runs and nothing lies about after it."""
    if os.geteuid() != 0:
        pytest.skip("Postfix's master must be started by root")
    for tool in ("postfix", "postmap", "postqueue", "postconf"):
        require_tool(tool)
    # Postfix's account must be able to go through every folder above its queue, and pytest's own are closed.
    folder = Path(tempfile.mkdtemp(prefix="mailsvc-postfix-"))
    folder.chmod(0o755)
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, folder)
        milter = ending.enter_context(Milter(howto.config["smtp"]["authserv_id"]).running())
        front, relay = Postfix(folder / "front"), Postfix(folder / "relay")
        site = Installation(folder / "site", swaks="", smtp=free_port())
        values = {
            "127.0.0.1:2424": f"127.0.0.1:{site.smtp}",
            "127.0.0.1:8891": f"127.0.0.1:{milter.port}",
            "127.0.0.0/8 [::1]/128": "127.0.0.1/32",
            "127.0.0.1:25": f"127.0.0.1:{relay.port}",
        }
        everywhere = f"[127.0.0.1]:{sink.port}"
        files = dict(howto.files)
        at_front = {**values, "/etc/postfix": str(front.conf)}
        main_cf = fill_in(files.pop("main.cf"), at_front)
        front.write(main_cf, {name: fill_in(text, at_front) for name, text in files.items()}, everywhere)
        # What DNS says to the rest of the world: where the domain's mail goes.
        mx = f"transport_maps = inline:{{{DOMAIN}=smtp:[127.0.0.1]:{front.port}}}\n"
        relay.write(fill_in(howto.relay, values) + mx, {}, everywhere)
        site.set_up()
        configure(site, howto, values)
        made = Stage(site, front, relay, sink)
        ending.callback(print_logs, made)
        for postfix in (front, relay):
            ending.callback(postfix.stop)
            postfix.start()
        yield made


def configure(site: Installation, howto: Howto, values: dict[str, str]) -> None:
    """config.toml with the howto's sections in place of those for a rehearsal."""
    kept: list[str] = []
    section = ""
    for line in (site.folder / "config.toml").read_text().splitlines():
        section = line if line.startswith("[") else section
        if section.strip("[]") not in howto.config:
            kept.append(line)
    for name, keys in howto.config.items():
        kept += [f"[{name}]", *(f"{key} = {fill_in(json.dumps(value), values)}" for key, value in keys.items())]
    (site.folder / "config.toml").write_text("\n".join(kept) + "\n")


def print_logs(made: Stage) -> None:
    """What pytest shows of a test that has failed."""
    print(made.front.log(), made.relay.log(), sep="\n--- relay\n")


async def test_outside_front_service_relay_world() -> None:
    async with Sink(world) as sink:
        await asyncio.to_thread(scenario, sink)


def scenario(sink: Sink) -> None:
    with stage(sink, read_howto()) as made:
        site = made.site
        site.run(
            "group", "add", "cataloguing", "--kind", "network", "--title", "Cataloguing", "--moderator", KARIN,
            "--join", "moderated",
        )  # fmt: skip
        for member in (MAJA, NILS, GONE, ÅSA):
            site.run("member", "add", "cataloguing", member)
        site.start()
        try:
            site.until(lambda: made.front.listens() and made.relay.listens(), "both Postfixes listen")
            border(made)
            held_and_approved(made)
            bytes_and_names(made)
            the_service_is_away(made)
        finally:
            assert site.stop() == 0
    assert not made.front.alive()
    assert not made.relay.alive()


def border(made: Stage) -> None:
    """What is refused while the sender's server is still there."""
    content = b"From: sven@example.net\r\nSubject: x\r\n\r\nx\r\n"
    assert made.mail(STRANGER, "someone@example.com", content)[0] == 554
    code, said = made.mail(STRANGER, f"nobody@{DOMAIN}", content)
    assert code == 550
    assert b"5.1.1" in said
    assert b"There is no such address here" in said
    # Well-formed addresses of questions are taken; whether there is such a question is nobody's business.
    assert made.mail(STRANGER, f"reply+{'a' * 26}@{DOMAIN}", content)[0] == 250


def held_and_approved(made: Stage) -> None:
    """A stranger's post waits, is approved by a reply, and goes to each member; one of them is unknown out there."""
    forged = "mx.example.org; dmarc=fail (p=reject) header.from=example.net"
    made.write(STRANGER, f"cataloguing@{DOMAIN}", "A question", Authentication_Results=forged)
    question = parsed(made.arrived(KARIN, "A question"))
    assert made.site.rows("SELECT json_extract(evidence, '$.d') FROM mail ORDER BY id DESC LIMIT 1") == [("pass",)]
    reply_to = str(question["Reply-To"].addresses[0].addr_spec)
    made.write(KARIN, reply_to, f"Re: {question['Subject']}", "Yes", In_Reply_To=str(question["Message-ID"]))
    copies = {member: made.arrived(member, "A question") for member in (MAJA, NILS, ÅSA)}
    senders = {one.sender for one in copies.values()}
    assert len(senders) == 3
    assert all(sender.startswith("bounces+") and sender.endswith(f"@{DOMAIN}") for sender in senders)
    assert all(len(one.recipients) == 1 for one in copies.values())
    received = parsed(copies[MAJA]).get_all("Received", [])
    assert any("with LMTP" in str(one) for one in received), received
    assert "dmarc=fail" not in copies[MAJA].content.decode()
    made.site.until(lambda: made.site.rows("SELECT 1 FROM inbox WHERE reason = 'bounce'"), "the bounce comes back")


def bytes_and_names(made: Stage) -> None:
    """Long lines, 8-bit text and addresses outside ASCII go through both Postfixes."""
    head = f"From: {MAJA}\r\nTo: cataloguing@{DOMAIN}\r\nSubject: Bytes\r\nMessage-ID: <bytes@example.com>\r\n"
    head += (
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    code, said = made.mail(MAJA, f"cataloguing@{DOMAIN}", head.encode() + BYTES, options=("BODY=8BITMIME",))
    assert code == 250, said
    copy = made.arrived(NILS, "Bytes")
    assert copy.content.partition(b"\r\n\r\n")[2] == BYTES
    head = f"From: {ÅSA}\r\nTo: cataloguing@{DOMAIN}\r\nSubject: Hälsningar\r\nMessage-ID: <names@example.net>\r\n\r\n"
    code, said = made.mail(ÅSA, f"cataloguing@{DOMAIN}", head.encode() + b"Hej\r\n", options=("SMTPUTF8",))
    assert code == 250, said
    assert "with UTF8LMTP" in str(parsed(made.arrived(NILS, "Hälsningar")).get_all("Received"))
    assert made.arrived(ÅSA, "Hälsningar").recipients == (ÅSA,)


def the_service_is_away(made: Stage) -> None:
    """Postfix keeps what comes meanwhile, and nobody is told that a group does not exist."""
    site = made.site
    assert site.stop() == 0
    made.write(MAJA, f"cataloguing@{DOMAIN}", "Later")
    code, _ = made.mail(MAJA, f"never-heard-of@{DOMAIN}", b"From: maja@example.com\r\n\r\nx\r\n")
    assert code == 450
    site.until(lambda: "Later" in made.front.log() or made.front.waiting(), "the mail waits")
    site.start()

    def emptied() -> bool:
        made.front.run("postqueue", "-f")
        return not made.front.waiting()

    site.until(emptied, "the queue is empty")
    made.arrived(NILS, "Later")
