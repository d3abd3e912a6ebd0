"""Structured logs without a patient in them: known keys with harmless values, or nothing.

A key outside ALLOWED is dropped, and so is a text that holds a line break, a character outside
printable ASCII, a delimiter of HL7v2, or something like an INS. Callers keep to ids of ours.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from gateway.errors import place_of

ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "logger"),
        *("receipt", "sender", "door", "listener", "peer", "verdict", "code", "codes", "count"),
        *("grid", "before"),
        *("bytes", "seconds", "depth", "kind", "outcome", "attempts", "task", "number", "pid"),
        *("http", "mllp", "smtp", "metrics", "folder", "engine", "revision", "profile", "version"),
        *("status", "route", "method", "rule", "error", "where", "reason", "name", "worker"),
    }
)
HARMLESS = re.compile(r"[A-Za-z0-9 _.,:;/\[\]{}()<=+%#@'*-]{0,200}")
INS = re.compile(
    r"(?<![0-9A-Fa-f])[12378][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}(?:[0-9]{2})?(?![0-9A-Fa-f])"
)
DROPPED = "dropped"

Event = MutableMapping[str, Any]


def keep_known(_logger: object, _method: str, event: Event) -> Event:
    """Drops unknown keys and doubtful values, and says how many (`dropped`)."""
    kept = {key: value for key, value in event.items() if key in ALLOWED and _harmless(value)}
    kept.setdefault("event", "log.withheld")
    if len(kept) < len(event):
        kept[DROPPED] = len(event.keys() - kept.keys())
    return kept


def _harmless(value: object) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return True
    if isinstance(value, str):
        return HARMLESS.fullmatch(value) is not None and INS.search(value) is None
    if isinstance(value, list | tuple):
        return all(_harmless(item) for item in value)
    return isinstance(value, Mapping) and all(map(_harmless, [*value.keys(), *value.values()]))


def name_error(_logger: object, _method: str, event: Event) -> Event:
    """An exception becomes its type and place: its text may quote a message."""
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = place_of(error)
    return event


def configure_logging(
    *, level: str = "info", form: str = "json", stream: TextIO | None = None
) -> None:
    """Logs of ours and of the libraries go to `stream` (stderr), one line an event.

    `form` is "json" or "console". Library records lose their text: only logger, level and the
    type of an exception are kept, because the text may quote what a peer sent.
    """
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            name_error,
            keep_known,
            _renderer(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [LibraryHandler()]
    root.setLevel(logging.WARNING)


def _renderer(form: str) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=True)
    return structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])


class LibraryHandler(logging.Handler):
    """Hands a library's record to structlog without its text."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        log.log(record.levelno, "library.log", logger=record.name, exc_info=record.exc_info)
