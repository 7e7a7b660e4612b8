"""The runner of dialog scripts: it reads what is written, and it fails where the server differs."""

from __future__ import annotations

import pytest

from mailsvc.errors import Reason, Refusal
from tests.dialog import script
from tests.dialog.script import DialogFailed, ScriptError, Stage, Step, expand, parse

MAIL = """hello
C: MAIL FROM:<anna@example.net>
C: RCPT TO:<m1@networks.example.org>
C: DATA
S: 250 2.1.0 ...
S: 250 2.1.5 ...
S: 354 ...
C: text
C: .
S: 250 2.0.0 ...
"""


async def play(text: str) -> None:
    await script.play(parse(text))


def test_parse() -> None:
    parsed = parse("# why\nset limits.recipients 2\n\nhello 2\nC: NOOP\nc: x\nS2*2: 250 ...\nkept from a b\nclose\n")
    assert parsed.settings == (("limits.recipients", "2"),)
    assert parsed.steps == (
        Step(4, "hello", 2),
        Step(5, "send", 1, "NOOP\r\n"),
        Step(6, "send", 1, "x"),
        Step(7, "expect", 2, "250 ..."),
        Step(7, "expect", 2, "250 ..."),
        Step(8, "kept", 1, "from a b"),
        Step(9, "close", 1),
    )


@pytest.mark.parametrize(
    "text",
    [
        "hallo\n",
        "C NOOP\n",
        "hello\nset limits.recipients 2\n",
        "set limits.recipients\n",
        "closed from 127.0.0.2\n",
        "D: x\n",
    ],
)
def test_what_is_no_step_is_named_with_its_line(text: str) -> None:
    with pytest.raises(ScriptError, match=r"^line [12]: "):
        parse(text)


def test_unknown_setting() -> None:
    with pytest.raises(ScriptError, match=r"limits\.recipient"):
        script.configure((("limits.recipient", "2"),))


def test_settings_reach_the_configuration() -> None:
    settings = (("limits.recipients", "2"), ("limits.idle_seconds", "0.5"), ("smtp.trusted_relays", "127.0.0.1 ::1"))
    config = script.configure(settings)
    assert config.limits.recipients == 2
    assert config.limits.idle_seconds == 0.5
    assert config.smtp.trusted_relays == ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("written", "octets"),
    [
        (r"a\r\n\0\t\\n", b"a\r\n\0\t\\n"),
        (r"{ab*3}c{d*0}", b"abababc"),
        (r"\xff\xc3\xa5å", b"\xff\xc3\xa5\xc3\xa5"),
        (r"{\r\n*2}", b"\r\n\r\n"),
    ],
)
def test_expand(written: str, octets: bytes) -> None:
    assert expand(written).encode("utf-8", "surrogateescape") == octets


async def test_what_is_right_passes() -> None:
    await play(MAIL + "kept 1\nkept content text\\r\\n\nC: QUIT\nS: 221 2.0.0 Goodbye\nclosed\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hello\nC: NOOP\nS: 250 2.0.0 Something\n", "line 3: expected `250 2.0.0 Something`, got `250 2.0.0 Nothing"),
        ("hello\nC: NOOP\nS: 250 2.0.0\n", "line 3: expected"),
        ("hello\nC: QUIT\nS: 221 ...\nS: 250 ...\n", "line 4: the server has closed"),
        ("hello\nC: NOOP\nC: QUIT\nclosed\n", "line 4: the server said more"),
        ("hello\nC: NOOP\n", "at the end: client 1 has unread"),
        ("C2: NOOP\n", "line 1: client 2 has not connected"),
        ("hello\nkept 1\n", "line 2: kept 1: expected 1, got 0"),
        ("hello\nkept from anna@example.net\n", "line 2: no mail was kept"),
        (MAIL + "kept 2\n", "kept 2: expected 2, got 1"),
        (MAIL + "kept content text\n", "kept content: expected"),
        (MAIL + "kept author anna\n", "`author` is nothing that a kept mail has"),
        ("hello\nstopped\n", "line 2: the server has not stopped"),
    ],
)
async def test_what_is_wrong_fails(text: str, why: str) -> None:
    with pytest.raises(DialogFailed) as failure:
        await play(text)
    assert why in str(failure.value)


async def test_a_missing_reply_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "PATIENCE", 2.0)
    with pytest.raises(DialogFailed, match="line 2: nothing came for `expect 250"):
        await play("hello\nS: 250 ...\n")


async def test_a_missing_enhanced_code_fails() -> None:
    async with Stage() as stage:

        async def without_code(address: str, smtputf8: bool) -> Refusal | None:
            return Refusal(550, "4.1.1", Reason.UNKNOWN_ADDRESS, "class and code differ")

        stage.house.recipient = without_code  # type: ignore[method-assign]
        with pytest.raises(DialogFailed, match="no enhanced code"):
            await stage.play(parse("hello\nC: MAIL FROM:<>\nC: RCPT TO:<m1@x.org>\nS: 250 ...\nS: 550 ...\n"))
