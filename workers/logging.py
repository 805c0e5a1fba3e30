"""Log lines: one JSON object or one readable line each, for our own messages and those of libraries alike.

What people wrote or are called is never in a log. Exceptions are shown by type and place: their messages may quote
the value that caused them (pydantic's do, and PostgreSQL's). Only messages of kinds known to quote none are kept.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

PRIVATE = frozenset(
    {
        "address",
        "args",
        "body",
        "comment",
        "email",
        "external_id",
        "idea",
        "input",
        "mentee_name",
        "mentor_name",
        "name",
    }
    | {"payload", "payloads", "score", "subject", "to", "token", "values"}
)
"""Keys whose values are left out, whoever logs them."""

_QUOTES_NOTHING = (
    OSError,
    ApplicationError,
    RPCError,
    ImportError,
    NameError,
    AttributeError,
    NotImplementedError,
)


def configure_logging(
    level: str = "info", form: str = "json", stream: TextIO | None = None
) -> None:
    """Set logging up for the whole process; the last call counts."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact_private,
        describe_exception_by_place,
    ]
    ahead: list[Processor] = [
        structlog.stdlib.filter_by_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    structlog.configure(
        processors=[
            *ahead,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(shared, form))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in (
        "httpx",
        "httpcore",
        "mail.log",
        "uvicorn.access",
    ):  # these log addresses and signed links
        logging.getLogger(chatty).setLevel(logging.ERROR)


def redact_private(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Blank values under keys that may be personal."""
    return {
        key: "[left out]" if key in PRIVATE else value for key, value in event.items()
    }


def describe_exception_by_place(
    _logger: Any, _method: str, event: EventDict
) -> EventDict:
    """Replace `exc_info` by types and places, innermost last, with messages of harmless kinds only."""
    info = event.pop("exc_info", None)
    error = _exception(info)
    if error is not None:
        event["exception"] = " <- ".join(
            _exception_text(link) for link in _chain(error)
        )
        event["places"] = _places(error.__traceback__)
    return event


def _formatter(
    shared: list[Processor], form: str
) -> structlog.stdlib.ProcessorFormatter:
    renderer: Processor = structlog.processors.JSONRenderer(
        ensure_ascii=False, default=_type_alone
    )
    if form == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    )


def _type_alone(value: object) -> str:
    return f"<{type(value).__name__}>"


def _exception(info: Any) -> BaseException | None:
    if info is True:
        return sys.exc_info()[1]
    if isinstance(info, tuple):
        info = info[1]
    return info if isinstance(info, BaseException) else None


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or (
            None if error.__suppress_context__ else error.__context__
        )
    return links


def _exception_text(error: BaseException) -> str:
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, _QUOTES_NOTHING) else kind


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-6:]
    return [
        f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}"
        for frame in frames
    ]
