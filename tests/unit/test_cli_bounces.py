"""`mailsvc bounces …`: addresses that mail comes back from."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailsvc.bounces import store
from mailsvc.bounces.report import Failure
from mailsvc.bounces.verdict import Verdict
from mailsvc.clock import DAY
from mailsvc.ids import DeliveryId
from mailsvc.message.address import parse_address
from mailsvc.operating import cli_tools
from mailsvc.people import store as people
from mailsvc.store.database import ReadTx, Tx
from tests.cli_kit import Cli, made


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return made(tmp_path)


def bounced(tx: Tx, name: str, verdict: Verdict, status: str) -> None:
    """A copy to somebody came back, and counts where nobody has the address."""
    address = parse_address(f"{name}@example.net")
    assert address is not None
    people.ensure(tx, address, name=name.title(), language="en", verified=True)
    letter = tx.insert(
        "INSERT INTO outgoing (kind, message_id, language, sender, priority, state, created_at, expires_at)"
        " VALUES ('letter', :id, 'en', 'bounces', 1, 'done', 0, 0)",
        id=f"<{name}@networks.example.org>",
    )
    delivery = tx.insert(
        "INSERT INTO delivery (outgoing_id, address, next_at) VALUES (:letter, :address, 0)",
        letter=letter,
        address=str(address),
    )
    copy = store.copy(tx, DeliveryId(delivery))
    assert copy is not None
    one = store.record(tx, copy, Failure(str(address), status, "no such user", verdict, final=True), None)
    assert one is not None
    if verdict is Verdict.GONE:
        store.count(tx, one, copy)


def test_lists_counts_and_clears(cli: Cli) -> None:
    assert cli.json("bounces", "list") == []
    cli_tools.write(cli.config, lambda tx: bounced(tx, "erik", Verdict.GONE, "5.1.1"))
    cli_tools.write(cli.config, lambda tx: bounced(tx, "ola", Verdict.REFUSED, "5.7.1"))
    listed = cli.json("bounces", "list")
    assert [(one["address"], one["bounces"], one["state"], one["said"]) for one in listed] == [
        ("erik@example.net", 1, "ok", "5.1.1 no such user")
    ]
    assert "erik@example.net" in cli.run("bounces", "list")
    assert cli.json("bounces", "count") == [
        {"domain": "example.net", "verdict": "gone", "status": "5.1.1", "n": 1},
        {"domain": "example.net", "verdict": "refused", "status": "5.7.1", "n": 1},
    ]
    assert "5.7.1" in cli.run("bounces", "count", "--days", "1")
    assert "is written to again" in cli.run("bounces", "clear", "Erik@Example.net")
    assert cli.json("bounces", "list") == []
    assert "nothing counted against it" in cli.run("bounces", "clear", "erik@example.net")


@pytest.mark.parametrize(
    ("address", "said"), [("nobody@example.net", "nobody has the address"), ("rubbish", "is not an address")]
)
def test_an_address_of_nobody_is_named(cli: Cli, address: str, said: str) -> None:
    assert said in cli.refused("bounces", "clear", address)


def test_a_number_of_days_that_is_none_is_a_wrong_usage(cli: Cli) -> None:
    assert "--days" in cli.misused("bounces", "count", "--days", "0")


def test_what_is_old_is_forgotten_unless_it_counts(cli: Cli) -> None:
    cli_tools.write(cli.config, lambda tx: bounced(tx, "erik", Verdict.GONE, "5.1.1"))
    cli_tools.write(cli.config, lambda tx: bounced(tx, "ola", Verdict.REFUSED, "5.7.1"))

    def later(tx: Tx) -> list[str]:
        tx.execute("UPDATE bounce SET at = at - :days", days=200 * DAY)
        store.forget_old(tx)
        return [str(row["status"]) for row in tx.all("SELECT status FROM bounce")]

    assert cli_tools.write(cli.config, later) == ["5.1.1"]


def test_what_servers_said_is_shown_to_whom_it_is_about_and_erased_with_them(cli: Cli) -> None:
    cli_tools.write(cli.config, lambda tx: bounced(tx, "erik", Verdict.GONE, "5.1.1"))

    def known(tx: ReadTx) -> int:
        address = parse_address("erik@example.net")
        assert address is not None
        person = people.by_address(tx, address.folded)
        assert person is not None
        return person.id

    person = cli_tools.read(cli.config, known)
    told = cli_tools.read(cli.config, lambda tx: [dict(row) for row in store.of_person(tx, person)])  # type: ignore[arg-type]
    assert told[0]["text"] == "no such user"
    cli_tools.write(cli.config, lambda tx: store.forget(tx, person))  # type: ignore[arg-type]
    rows = cli_tools.read(cli.config, lambda tx: [row["text"] for row in tx.all("SELECT text FROM bounce")])
    assert rows == [""]
