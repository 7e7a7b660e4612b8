"""Bytes to text, whatever the label says: mail is full of wrong, vague and invented charset names."""

from __future__ import annotations

import codecs

# The names clients write for something else than what they send (WHATWG does the same): each is read as its superset.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
}

# Labels that promise nothing: plain ASCII and Latin-1 are what clients write when they do not know.
_VAGUE = frozenset(
    ["", "ascii", "latin-1", "iso8859-1", "cp1252", "us-ascii", "unknown", "x-unknown", "unknown-8bit", "default"]
)

# Text codecs only: Python also finds "zlib", "punycode" or "unicode_escape" under the names that a stranger writes.
_TEXT_CODEC_NAMES = """
ascii latin-1 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9
iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256
cp1257 cp1258 cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869
cp874 cp932 cp949 cp950 big5 big5hkscs gb18030 gb2312 gbk hz euc_jp euc_jis_2004 euc_kr johab shift_jis
shift_jis_2004 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_2004 iso2022_jp_ext iso2022_kr koi8-r
koi8-u koi8-t kz1048 ptcp154 tis-620 mac-roman mac-latin2 mac-cyrillic mac-greek mac-iceland mac-turkish utf-8
utf-8-sig utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be utf-7
"""
_TEXT_CODECS = frozenset(_TEXT_CODEC_NAMES.split())


def codec_of(label: str) -> str:
    """The name of the text codec for a charset label; "" when the label says nothing that can be used."""
    name = label.strip().strip("\"'").lower()[:40]
    name = _SUPERSETS.get(name, name)
    if name in _VAGUE:
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    if found in _VAGUE or found not in _TEXT_CODECS:
        return ""
    return found


def decode(data: bytes, label: str = "") -> str:
    """`data` as text. Never raises: what the label's codec cannot read is tried as UTF-8, then as Windows-1252.

    UTF-8 under a Latin-1 or missing label is recognised, since real Latin-1 text is practically never valid UTF-8.
    A byte that is nothing becomes "?": the answer reader takes a question mark as "not decided", the safe side.
    """
    codec = codec_of(label)
    if codec and codec != "utf-8":
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            return _strictly_or_closest(data, codec)
    return _strictly_or_closest(data, "utf-8" if codec else "")


def _strictly_or_closest(data: bytes, codec: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if codec:
        guess = data.decode(codec, "replace")
        # A few broken characters in otherwise good text: keep the text. Mostly broken: the label was wrong.
        broken = guess.count("\ufffd")
        foreign = sum(1 for char in guess if ord(char) > 127)
        if broken * 2 <= foreign and foreign > 1:
            return guess.replace("\ufffd", "?")
    return data.decode("cp1252", "replace").replace("\ufffd", "?")


def decode_header_bytes(data: bytes) -> str:
    """Raw header bytes as text (RFC 6532 says UTF-8; old programs send Latin-1); unknown bytes become "?"."""
    return decode(data)
