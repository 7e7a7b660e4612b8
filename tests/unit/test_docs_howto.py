"""docs/howto: the commands in them exist, their config parses, their metrics are the service's, the unit is one."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from mailsvc import config
from mailsvc.cli import main
from mailsvc.clock import SystemClock
from mailsvc.deliver.next_hop import parse_relay
from mailsvc.ids import SystemRandomness
from mailsvc.store.sqlite import SqliteDatabase
from mailsvc.web.metrics import Metrics
from tests.cli_kit import Cli, made
from tests.tools import ROOT

HOWTO = ROOT / "docs" / "howto"
PAGES = sorted(HOWTO.glob("*.md"))
UNIT = HOWTO / "mailsvc.service"
CONTAINER = HOWTO / "Containerfile"


@pytest.fixture
def place(tmp_path: Path) -> Cli:
    return made(tmp_path)


def commands(path: Path) -> Iterator[list[str]]:
    """The words behind every `mailsvc` of a code block or of code in a line."""
    text = path.read_text("utf-8")
    code = re.findall(r"`(mailsvc [^`]+)`", text.replace("\n", " ")) if path.suffix == ".md" else []
    lines = [
        line
        for line in text.splitlines()
        if path.suffix != ".md" or line.startswith("    ") or re.match(r"(?:\S*/)?mailsvc ", line)
    ]
    found = r"(?:^|[\s-])(?:\S*/)?mailsvc ((?:--config|init|serve|check|[a-z]+ (?=[A-Za-z/<]))[^|&\n`]*)"
    for line in [*code, *lines]:
        match = re.search(found, f" {line}")
        if match:
            words = shlex.split(re.sub(r"[%$\\(){};]", "", match[1]), comments=True)
            yield words[1:] if words[0] == "mailsvc" else words  # behind an account or a container of that name


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words behind it. LookupError when there is none."""
    command: click.Command = main
    rest = list(words)
    while rest and isinstance(command, click.Group):
        word = rest.pop(0)
        if word == "--config":
            rest.pop(0)
            continue
        if word not in command.commands:
            raise LookupError(" ".join(words))
        command = command.commands[word]
    return command, rest


@pytest.mark.parametrize("path", [*PAGES, UNIT, CONTAINER], ids=lambda path: path.name)
def test_every_command_exists(path: Path) -> None:
    for words in commands(path):
        command, rest = resolve(words)
        assert not isinstance(command, click.Group), words
        known = {one for parameter in command.params for one in parameter.opts}
        assert [word for word in rest if word.startswith("--") and word not in known] == [], words


def test_commands_are_found() -> None:
    found = {" ".join(words[2:3] if words[0] == "--config" else words[:2]) for words in commands(HOWTO / "backup.md")}
    assert {"backup", "restore", "upgrade", "queue"} <= found | {one.split()[0] for one in found}
    assert list(commands(UNIT))
    assert list(commands(CONTAINER))
    with pytest.raises(LookupError):
        resolve(["nonsense"])


@pytest.mark.parametrize("name", ["microsoft-365.md", "google-relay.md"])
def test_every_configuration_parses(name: str) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", (HOWTO / name).read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        for url in config.parse(block).delivery.relays:
            parse_relay(url)


async def test_the_metrics_are_the_services_own(place: Cli) -> None:
    page = (HOWTO / "monitoring.md").read_text("utf-8")
    database = SqliteDatabase(place.config.database_path, SystemClock(), SystemRandomness())
    await database.open()
    try:
        text = (await Metrics().text(database, place.folder)).decode()
    finally:
        await database.close()
    served = set(re.findall(r"^# TYPE (mailsvc_\w+)", text, re.MULTILINE))
    shown = set(re.findall(r"^\| `(mailsvc_\w+)", page, re.MULTILINE))
    assert shown == served
    assert set(re.findall(r"mailsvc_\w+", page)) <= served


def test_every_alert_is_explained() -> None:
    page = (HOWTO / "monitoring.md").read_text("utf-8")
    alerts = re.findall(r"- alert: (\w+)", page)
    assert alerts
    assert alerts == re.findall(r"^\| `([A-Z]\w+)` \|", page, re.MULTILINE)


def test_every_page_that_is_named_is_there() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


# ---- the unit


def unit() -> ConfigParser:
    parser = ConfigParser(strict=True, interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string(UNIT.read_text("utf-8"))
    return parser


def test_the_unit_has_each_key_once_and_leaves_time_to_end() -> None:
    service = unit()["Service"]
    assert int(service["TimeoutStopSec"]) > 30  # SIGTERM ends it within 30 s
    assert service["User"] == "mailsvc"
    assert service["Restart"] == "on-failure"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Where systemd is not installed its own reader cannot be asked; the test above has read the file."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    text = UNIT.read_text("utf-8").replace("/usr/local/bin/mailsvc", sys.executable)
    (tmp_path / "mailsvc.service").write_text(text)
    done = subprocess.run(
        [analyze, "verify", str(tmp_path / "mailsvc.service")], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# ---- the container


def test_the_container_copies_what_is_there_and_no_mail() -> None:
    copied = [
        word for line in re.findall(r"^COPY (.+)$", CONTAINER.read_text("utf-8"), re.MULTILINE) for word in line.split()
    ]
    sources = [word for word in copied if word != "./"]
    assert [word for word in sources if not (ROOT / word).exists()] == []
    assert {"mailsvc", "lists", "workflows", "templates", "requirements", ".ci", "Makefile"} <= set(sources)
    assert not {".", "var", "tests", ".venv"} & set(sources)
