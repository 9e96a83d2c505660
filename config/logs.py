"""Log lines as JSON with a request id; what a person typed, and who they are beyond an id, stays out."""

import logging
import re
from typing import Any

import structlog

# Who asks these addresses when is who votes when; the log must not know.
_UNLOGGED = re.compile(r"/ballots/[^/]+/(check|cast)/")


def keep_private(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop what a person searched for and with which browser, and every trace of the addresses of voting."""
    event.pop("user_agent", None)
    request = event.get("request")
    if isinstance(request, str):
        if _UNLOGGED.search(request):
            raise structlog.DropEvent
        event["request"] = request.split("?", 1)[0]
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        keep_private,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter(*, json: bool) -> logging.Formatter:
    """Build the one formatter of all handlers; `json=False` is for a developer's terminal."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
