"""Peers that a door turns away before it hears them: a line for the operators, never a flood.

A line says door, address, certificate and reason; nothing that a peer wrote into either.
"""

import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from gateway.clock import Clock

log = structlog.get_logger()

HANDSHAKE_SECONDS = 20.0
"""Of TLS. Before its end a connection is counted by nobody."""
WINDOW_SECONDS = 60.0
MAX_LINES = 20
"""Lines of one door in a minute."""


@dataclass(slots=True)
class TurnedAway:
    """The lines of all doors of one process; `listener` names one of them."""

    clock: Clock
    _written: dict[str, deque[float]] = field(default_factory=dict)

    def note(self, event: str, *, listener: str, **told: str | None) -> None:
        now = self.clock.monotonic()
        written = self._written.setdefault(listener, deque(maxlen=MAX_LINES))
        if len(written) == MAX_LINES and now - written[0] < WINDOW_SECONDS:
            return
        written.append(now)
        log.warning(event, listener=listener, **told)


Met = Callable[[ssl.SSLObject], None]


def watched(
    context: ssl.SSLContext, *, listener: str, away: TurnedAway, met: Met | None = None
) -> ssl.SSLContext:
    """The context, which tells of handshakes that fail: the event loop passes over them. `met` is
    told of those that end well."""

    class WatchedObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            try:
                super().do_handshake()
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                raise
            except ssl.SSLError as error:
                away.note("tls.refused", listener=listener, reason=error.reason)
                raise
            if met is not None:
                met(self)

    context.sslobject_class = WatchedObject
    return context
