"""Whatever text is offered: an accepted address is harmless in SMTP, and its key is stable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.address import FromOutcome, fold, parse_address, strict_from

HOSTILE = st.text(alphabet=st.sampled_from('ab.@<>,:;()[]"\\ \t\r\n\x00=?_+-é\u0130\u017f\u1e9e\u200b'), max_size=40)
LIKELY = st.builds("{}@{}".format, st.text(min_size=1, max_size=12), st.sampled_from(["example.org", "exämple.org"]))


@given(st.one_of(HOSTILE, LIKELY, st.text(max_size=80)))
def test_an_accepted_address_cannot_break_a_command_or_a_header(text: str) -> None:
    address = parse_address(text)
    if address is None:
        return
    assert not set(str(address)) & set("\r\n\x00<> \t,;:")
    assert len(address.local.encode()) <= 64
    assert len(address.folded.encode()) <= 64 * 3 + 256
    assert address.ascii_domain.isascii()


@given(st.one_of(HOSTILE, LIKELY))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = fold(text)
    if key is not None and ".." not in key and not key.startswith(".") and ".@" not in key:
        assert fold(key) == key


@given(st.lists(st.one_of(HOSTILE, st.binary(max_size=60)), max_size=2))
def test_from_never_raises_and_names_an_author_only_when_ok(values: list[str | bytes]) -> None:
    result = strict_from(values)
    assert (result.address is not None) == (result.outcome is FromOutcome.OK)
    assert not set(result.display_name) & set("\r\n\x00")


@given(st.text(alphabet=st.characters(exclude_characters="\x00\r\n", exclude_categories=["Cs"]), max_size=40))
def test_a_quoted_display_name_never_changes_the_author(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    result = strict_from([f'"{quoted}" <anna@example.org>'])
    if result.outcome is FromOutcome.OK:
        assert result.address is not None
        assert result.address.folded == "anna@example.org"
    else:
        assert result.outcome is FromOutcome.AMBIGUOUS
