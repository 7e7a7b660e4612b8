"""What the service logs and how: one line per event on standard error, with ids and reasons, without addresses."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog
from structlog.typing import Processor

_LOCAL_PART: Final = re.compile(r"[^\s<>@\"',;:=()\[\]]+@(?=[^\s<>@\"',;:=()\[\]]+\.)")


def set_up(style: str) -> None:
    """Send every event, our own and the libraries', to standard error: `style` is "text" (key=value) or "json"."""
    renderer: Processor
    if style == "json":
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_addresses,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def without_addresses(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Take the person out of every address that came along, in a relay's reply or an exception's text."""
    for key, value in event.items():
        if isinstance(value, str) and "@" in value:
            event[key] = _LOCAL_PART.sub("…@", value)
    return event
