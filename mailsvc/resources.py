"""Where shared templates and gettext catalogues are: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """The folder of the shared letters and pages; raises FileNotFoundError when the installation is incomplete."""
    for folder in (_PACKAGE / "templates", _PACKAGE.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates in {_PACKAGE} nor beside it; this installation is incomplete")


def locale_dir() -> Path:
    """The folder of the catalogues, `LANGUAGE.po` or folders beneath it; English is the source and has none."""
    return templates_dir() / "locale"
