"""Samples of letters that lie in modules of their own: `samples_NAME.py` beside this one, each with `SAMPLES`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.golden.values import Sample


def more(name: str) -> tuple[Sample, ...]:
    """Everything called `name` in those modules, in the order of their names."""
    found: tuple[Sample, ...] = ()
    for path in sorted(Path(__file__).parent.glob("samples_*.py")):
        found += tuple(getattr(importlib.import_module(f"tests.golden.{path.stem}"), name))
    return found
