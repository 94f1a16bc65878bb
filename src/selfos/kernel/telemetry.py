"""Structured logs with one id from the request through its jobs."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import structlog
from structlog.contextvars import bound_contextvars, get_contextvars, merge_contextvars

if TYPE_CHECKING:
    from collections.abc import Generator

NOISY = ("procrastinate", "sqlalchemy", "uvicorn", "asyncio", "alembic")


def configure_logging(level: str, log_format: str) -> None:
    """Send everything, ours and the libraries', to stderr: JSON, or text on a terminal."""
    text = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if text
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    finish: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    # Local variables hold passwords and people's words; a log holds neither.
    told = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    finish += [] if text else [structlog.processors.ExceptionRenderer(told)]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[*finish, renderer]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("procrastinate.worker").addFilter(_names_nobody)


def _names_nobody(record: logging.LogRecord) -> bool:
    """Hold back the engine's line on a dead job: it repeats the arguments, and we have our own."""
    return getattr(record, "action", None) != "job_error"


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger; log facts, not prose: `log.info("calendar.synced", added=3)`."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def request_id_bound(request_id: str | None) -> Generator[None]:
    """Mark everything logged inside with this correlation id."""
    with bound_contextvars(request_id=request_id):
        yield


def current_request_id() -> str | None:
    """Return the correlation id of the request or job we are in."""
    return get_contextvars().get("request_id")
