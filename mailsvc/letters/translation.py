"""The catalogues: gettext .po files read once at start by Babel; English is the source language."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from mailsvc.config import LANGUAGES
from mailsvc.resources import locale_dir


@cache
def catalogue(language: str, folder: Path | None = None) -> gettext.NullTranslations:
    """The translations into `language`; an unknown language and English give the source texts.

    Raises FileNotFoundError when the catalogue of a language is missing: the installation is incomplete.
    """
    if language == "en" or language not in LANGUAGES:
        return gettext.NullTranslations()
    with ((folder or locale_dir()) / f"{language}.po").open("rb") as handle:
        messages = read_po(handle, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
