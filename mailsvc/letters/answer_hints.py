"""What each answer word does, in one short phrase beside it; English source texts, translated like every letter."""

from __future__ import annotations

from typing import Final


def _(text: str) -> str:
    return text  # marks the text for the catalogues


HINTS: Final[dict[str, dict[str, str]]] = {
    "held-post": {
        "yes": _("the post goes to all members"),
        "no": _("it goes back to the author with your reason"),
        "discard": _("it is put away and nobody is told, for spam"),
        "always": _("yes, and from now on this sender's posts go out at once"),
        "wait": _("no decision yet; it stays with you"),
        "all": _("every post of this list; you are asked once more"),
    },
    "join": {
        "yes": _("the person becomes a member and is welcomed"),
        "no": _("the person is told, with your reason"),
        "wait": _("no decision yet; it stays with you"),
        "all": _("everybody of this list; you are asked once more"),
    },
    "confirm": {
        "yes": _("go on"),
        "no": _("nothing is done"),
    },
    "receipt": {
        "undo": _("take it back"),
    },
}

# Offered only in letters that hold several questions.
LISTS: Final = frozenset({"all", "except"})


def hint(vocabulary: str, meaning: str) -> str:
    """The phrase beside a printed answer word, or ""."""
    return HINTS.get(vocabulary, {}).get(meaning, "")
