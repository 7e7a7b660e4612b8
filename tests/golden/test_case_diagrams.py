"""docs/cases: one page with a diagram per kind of case, as the tables have it now."""

from __future__ import annotations

from mailsvc.app import build_registry
from mailsvc.cases.diagram import page
from mailsvc.config import Config
from mailsvc.keys import SiteKey
from mailsvc.site import Site
from tests import tools

FOLDER = tools.ROOT / "docs" / "cases"


def pages() -> dict[str, str]:
    registry, _ = build_registry(Site(Config(), SiteKey("k", "site", bytes(32))))
    return {f"{kind.name}.md": page(kind) for kind in registry.kinds.values()}


def test_the_pages_are_those_of_the_tables() -> None:
    made = pages()
    if tools.UPDATE_GOLDEN:
        FOLDER.mkdir(exist_ok=True)
        for path in FOLDER.glob("*.md"):
            path.unlink()
        for name, text in made.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")} == made
