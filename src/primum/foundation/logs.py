"""One JSON line per event, with an allow-list of keys: text of posts, names, tokens and query strings are never keys.

structlog is imported where it is used: it brings a quarter of a second with it, and `primum check` logs nothing.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "logger",
        "pid",
        "port",
        "path",
        "method",
        "status",
        "ms",
        "job",
        "job_id",
        "queue",
        "attempt",
        "delivery",
        "channel_kind",
        "outcome",
        "fault",
        "signal",
        "process",
        "exit_code",
        "seconds",
        "count",
        "size",
        "version",
        "host",
    ]
)


def only_allowed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not on the list. What is dropped is counted, so that a mistake is seen."""
    dropped = [key for key in event if key not in ALLOWED and not key.startswith("_")]
    for key in dropped:
        del event[key]
    if dropped:
        event["count"] = len(dropped)
    return event


class _AllowedFormatter(logging.Formatter):
    """Records of other libraries keep their logger and level; their message is reduced to its template, without arguments,
    and an exception to its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {"event": str(record.msg)[:120] if not record.args else _template(str(record.msg)), "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[0]:
            event["fault"] = record.exc_info[0].__name__
        return json.dumps(only_allowed(None, "", event))


def _template(message: str) -> str:
    return message[:120]


def configure(level: str = "INFO") -> None:
    import structlog

    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), only_allowed, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_AllowedFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)


def log() -> Any:
    """A bound logger; every event is one line."""
    import structlog

    return structlog.get_logger()
