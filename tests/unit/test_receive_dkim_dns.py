"""Keys from a DNS server of our own on a real socket, and what happens when it is slow, wrong or silent."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from mailsvc.limits import Limits
from mailsvc.message.dkim_check import DnsTrouble
from mailsvc.message.dkim_tags import DkimVerdict
from mailsvc.receive.dkim_dns import TxtLookup, verify_in_time
from tests.unit.test_message_dkim import NAME, NOW, keys, signed

LONG = "x" * 255
RECORDS = {
    "one.example.org.": ['"v=DKIM1; p=AAAA"'],
    "split.example.org.": ['"v=DKIM1; " "p=AA" "AA"'],
    "several.example.org.": ['"spf2.0/mfrom"', '"v=DKIM1; p=BBBB"', '"v=DKIM1; p=AAAA"'],
    "other.example.org.": ['"zzz"', '"aaa"'],
    "long.example.org.": [" ".join([f'"{LONG}"'] * 20)],
}


class Server:
    """A name server on UDP and TCP of one port that knows RECORDS, keys and some misbehaviour by first label."""

    def __init__(self) -> None:
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", 0))
        self.port: int = self.udp.getsockname()[1]
        self.asked: list[str] = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            data, peer = self.udp.recvfrom(4096)
            if data == b"stop":
                return
            query = dns.message.from_wire(data)
            name = str(query.question[0].name)
            self.asked.append(name)
            if not name.startswith("silent"):
                self.udp.sendto(self.answer(query, name).to_wire(max_size=65535), peer)

    def answer(self, query: dns.message.Message, name: str) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        texts = RECORDS.get(name)
        if name == NAME + ".":
            key = keys()[NAME].decode()
            texts = [" ".join(f'"{key[place : place + 200]}"' for place in range(0, len(key), 200))]
        if name.startswith("broken"):
            response.set_rcode(dns.rcode.SERVFAIL)
        elif texts:
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *texts))
        elif not name.startswith("empty"):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response

    def close(self) -> None:
        self.udp.sendto(b"stop", ("127.0.0.1", self.port))
        self.thread.join()
        self.udp.close()


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


def lookup(server: Server, seconds: float = 0.3) -> TxtLookup:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.port
    return TxtLookup(seconds, resolver)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one.example.org", b"v=DKIM1; p=AAAA"),
        ("split.example.org", b"v=DKIM1; p=AAAA"),
        ("several.example.org", b"v=DKIM1; p=AAAA"),
        ("other.example.org", b"aaa"),
        ("none.example.org", None),
        ("empty.example.org", None),
    ],
)
def test_records(server: Server, name: str, expected: bytes | None) -> None:
    assert lookup(server)(name) == expected
    assert server.asked == [name + "."]


def test_a_record_is_cut_where_it_is_too_long_to_be_a_key(server: Server) -> None:
    record = lookup(server)("long.example.org")
    assert record is not None
    assert len(record) == 4097


@pytest.mark.parametrize("name", ["a..example.org", "a" * 64 + ".example.org", ".".join(["a" * 60] * 5)])
def test_what_cannot_be_a_name_is_not_asked(server: Server, name: str) -> None:
    assert lookup(server)(name) is None
    assert server.asked == []


@pytest.mark.parametrize(
    ("name", "reason"), [("silent.example.org", "LifetimeTimeout"), ("broken.example.org", "NoNameservers")]
)
def test_trouble(server: Server, name: str, reason: str) -> None:
    with pytest.raises(DnsTrouble, match=reason):
        lookup(server)(name)


async def test_verified_with_a_key_from_dns(server: Server) -> None:
    (result,) = await verify_in_time(
        signed(), lookup(server, 5), 30, limits=Limits(), now=NOW, author_domain="example.org"
    )
    assert result.complete


async def test_out_of_time_is_nobodys_fault() -> None:
    """The waiting ends at once; the thread looks up nothing more."""
    asked: list[str] = []
    go_on = threading.Event()
    ended = threading.Event()

    def slow(name: str) -> bytes | None:
        asked.append(name)
        go_on.wait(30)
        ended.set()
        return None

    two = signed(domain=b"example.com").partition(b"\r\nFrom: Anna")[0] + b"\r\n" + signed()
    (result,) = await verify_in_time(two, slow, 0.05, limits=Limits(), now=NOW)
    assert result.verdict is DkimVerdict.TEMPERROR
    assert result.reason == "not verified within 0.05 seconds"
    go_on.set()
    assert await asyncio.to_thread(ended.wait, 30)
    assert asked == ["s1._domainkey.example.com"]
