"""A header block in ASCII: readable as before, nothing else changed, whatever stood in it."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailsvc.message.ascii_head import ascii_head


def read(head: bytes, name: str) -> str:
    return str(message_from_bytes(head + b"\r\n", policy=policy.default)[name])


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        (
            "Subject: Blåbär och rågbröd på nätverket för katalogisering med en lång rad som måste vikas någonstans",
            None,
        ),
        ("From: Åsa Öst <asa@example.org>", "Åsa Öst <asa@example.org>"),
        ('To: "Öst, Åsa" <a@example.org>, b@example.org', '"Öst, Åsa" <a@example.org>, b@example.org'),
        ("Cc: bo@exämple.net", "bo@xn--exmple-cua.net"),
        ("X-Note: bär", "bär"),
    ],
)
def test_what_people_read_stays(field: str, shown: str | None) -> None:
    head = f"{field}\r\nMessage-ID: <a@b>\r\n".encode()
    done = ascii_head(head)
    assert done.isascii()
    assert done.endswith(b"Message-ID: <a@b>\r\n")
    assert read(done, field.partition(":")[0]) == (shown or field.partition(": ")[2])
    assert all(len(line) <= 78 for line in done.split(b"\r\n"))


def test_latin_1_is_read_as_windows_wrote_it() -> None:
    assert read(ascii_head(b"Subject: bl\xe5b\xe4r \x96 nu\r\n"), "Subject") == "blåbär – nu"


def test_a_local_part_without_ascii_form_is_no_address_any_more() -> None:
    done = ascii_head("From: Åsa <åsa@example.org>\r\n".encode())
    assert done.isascii()
    group = message_from_bytes(done + b"\r\n", policy=policy.default)["From"].groups[0]
    assert (group.display_name, group.addresses) == ("Åsa åsa@example.org", ())


def test_file_names_are_kept() -> None:
    done = ascii_head('Content-Type: application/pdf; charset=x; name="räka 1.pdf"\r\n'.encode())
    part = message_from_bytes(done + b"\r\n", policy=policy.default)
    assert part.get_content_type() == "application/pdf"
    assert part.get_filename() == "räka 1.pdf"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Subject", "From", "to", "Content-Type", "X-Ärlig", "Received", "References", "A" * 60]),
            st.binary(max_size=200).map(lambda raw: bytes(one for one in raw if one not in (0, 10, 13))),
        ),
        max_size=6,
    ),
    st.booleans(),
)
def test_it_is_ascii_and_as_many_fields_whatever_stood_there(fields: list[tuple[str, bytes]], ended: bool) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" * ended
    done = ascii_head(head)
    assert done.isascii()
    assert done == ascii_head(head)
    assert not head.isascii() or done == head
    assert done.endswith(b"\r\n\r\n") or not ended or not fields
