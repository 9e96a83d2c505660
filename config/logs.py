"""Log lines as JSON with a request id; what a person typed, and who they are beyond an id, stays out."""

import logging
import re
from typing import Any

import structlog

# Who asks these addresses when is who votes when; the log must not know.
_UNLOGGED = re.compile(r"/ballots/[^/]+/(check|cast)/")


# The rest of these addresses opens an account, or what one person has to do.
_LINKS = re.compile(r"/(invitations|password-reset|email-confirm|calendar)/[^/\s?]{16,}")


def keep_private(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Drop what a person searched for and with which browser, links that open accounts, and every trace of voting."""
    event.pop("user_agent", None)
    request = event.get("request")
    if isinstance(request, str):
        if _UNLOGGED.search(request):
            raise structlog.DropEvent
        event["request"] = _LINKS.sub(r"/\1/…", request.split("?", 1)[0])
    return event


# The database repeats the values of a refused row after its first line, in a traceback or in an error's repr.
_DETAIL = re.compile(r"\nDETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)|\\nDETAIL:[^\n]*", re.DOTALL)


def drop_values(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Cut from messages and tracebacks what the database says about a row's content, and links that open accounts."""
    for key in ("event", "exception"):
        text = event.get(key)
        if isinstance(text, str):
            event[key] = _LINKS.sub(r"/\1/…", _DETAIL.sub("", text))
    return event


class QuietVotes(logging.Filter):
    """Keeps refusals at the addresses of voting out of the log; a defect there is still told, without a person."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.ERROR or not _UNLOGGED.search(record.getMessage())


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    drop_values,
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
        drop_values,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter(*, json: bool) -> logging.Formatter:
    """Build the one formatter of all handlers; `json=False` is for a developer's terminal."""
    # The terminal's own way to show an error prints the variables of every frame: words and passphrases of people.
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
