"""Reading format=flowed text (RFC 3676 §4): soft line breaks joined, so that a word or a marker is never cut in two."""

from __future__ import annotations


def unflow(text: str, *, delsp: bool = False) -> str:
    """`text` (LF line ends) with its soft line breaks joined; quoted paragraphs keep one `>` mark for each level.

    With `delsp` the blank at a soft break is removed too (RFC 3676 §4.1). `-- ` is never a soft break (§4.3).
    """
    out: list[str] = []
    waiting: list[str] = []
    waiting_depth = 0
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if waiting and (depth != waiting_depth or bare == "-- "):
            out.append(_marked(waiting_depth, "".join(waiting)))
            waiting = []
        soft = bare.endswith(" ") and bare != "-- "
        waiting.append(bare[:-1] if soft and delsp else bare)
        waiting_depth = depth
        if not soft:
            out.append(_marked(depth, "".join(waiting)))
            waiting = []
    if waiting:
        out.append(_marked(waiting_depth, "".join(waiting)))
    return "\n".join(out)


def _marked(depth: int, text: str) -> str:
    return f"{'>' * depth} {text}" if depth else text
