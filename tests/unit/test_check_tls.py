"""`mailsvc check` looks at the certificate's days, before clients refuse it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from mailsvc.clock import to_instant
from mailsvc.errors import CommandError
from mailsvc.operating.check_tls import lasting
from tests import certificates
from tests.cli_kit import made


def test_a_certificate_that_lasts(tmp_path: Path) -> None:
    path = certificates.make(tmp_path).path
    now = to_instant(certificates.LAST_DAY - timedelta(days=14))
    assert lasting(path, now).endswith("good until 2199-12-31 00:00 UTC")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (certificates.LAST_DAY - timedelta(days=14) + timedelta(seconds=1), "in 13 days"),
        (certificates.LAST_DAY - timedelta(hours=30), "in 1 day:"),
        (certificates.LAST_DAY + timedelta(seconds=1), "has expired on 2199-12-31"),
        (certificates.FIRST_DAY - timedelta(seconds=1), "not good before 2020-01-01"),
    ],
)
def test_one_that_does_not(tmp_path: Path, now: object, said: str) -> None:
    path = certificates.make(tmp_path).path
    with pytest.raises(CommandError, match=said):
        lasting(path, to_instant(now))  # type: ignore[arg-type]


def test_the_weakest_of_a_chain_counts(tmp_path: Path) -> None:
    path = certificates.make(tmp_path).path
    path.write_bytes(path.read_bytes() * 2)
    assert "good until" in lasting(path, to_instant(certificates.FIRST_DAY))


def test_no_certificate_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.pem"
    path.write_text("nothing")
    with pytest.raises(CommandError, match="no certificate"):
        lasting(path, to_instant(certificates.FIRST_DAY))


def test_check_tells_it(tmp_path: Path) -> None:
    cli = made(tmp_path)
    found = certificates.make(tmp_path)
    with_tls = f'[smtp]\ntls_certificate = "{found.path.name}"\ntls_key = "{found.key.name}"'
    cli.path.write_text(cli.path.read_text().replace("[smtp]", with_tls))
    result = cli.invoke("check")
    assert "OK   certificate" in result.stdout
    assert "good until 2199-12-31" in result.stdout
