"""A listener of MLLP: who may connect, what is answered when nobody could read, and the end."""

import asyncio
from collections import Counter

import structlog

from gateway.adapters.hl7v2.mllp.connection import MllpConnection
from gateway.adapters.hl7v2.mllp.room import Room
from gateway.adapters.hl7v2.mllp.settings import (
    MllpSettings,
    Observe,
    Quarantine,
    Receive,
    ignore,
)
from gateway.adapters.turned_away import HANDSHAKE_SECONDS, TurnedAway
from gateway.clock import Clock, Ids
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError, kind_of
from gateway.mapping.hl7v2.control.ack import refuse_unread
from gateway.records.intake.finding import Finding, Severity

log = structlog.get_logger()

BACKLOG = 512
TOO_LARGE = Finding(
    code="too-large",
    severity=Severity.ERROR,
    where="MSH",
    message="The message is larger than this connection takes.",
    condition=207,
    fatal=True,
)
CONDITIONS: dict[type[GatewayError], tuple[str, int, bool]] = {
    RefusedError: ("refused", 199, False),
    DeferredError: ("deferred", 207, True),
    DeniedError: ("denied", 207, False),
}
"""How this edge says each error: finding code, ERR-3, and whether it is AR (HL7V2 section 5)."""
INTERNAL = Finding(
    code="internal",
    severity=Severity.ERROR,
    where="MSH",
    message="Internal error. Send again later, unchanged.",
    condition=207,
    fatal=True,
)


class MllpDoor:
    """One listener. `receive` decides and stores; this door only carries bytes."""

    def __init__(
        self,
        *,
        receive: Receive,
        settings: MllpSettings,
        clock: Clock,
        ids: Ids,
        quarantine: Quarantine | None = None,
        observe: Observe = ignore,
        away: TurnedAway | None = None,
    ) -> None:
        self.receive = receive
        self.settings = settings
        self.quarantine = quarantine
        self.observe = observe
        self.away = away or TurnedAway(clock)
        self.room = Room(max_bytes=settings.max_held_bytes)
        self._clock = clock
        self._ids = ids
        self._server: asyncio.Server | None = None
        self._open: set[MllpConnection] = set()
        self._hosts: Counter[str] = Counter()

    async def start(self) -> tuple[str, int]:
        """Listens; the address and port that were bound. Raises OSError."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: MllpConnection(self, loop),
            self.settings.host,
            self.settings.port,
            ssl=self.settings.tls,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if self.settings.tls else None,
            backlog=BACKLOG,
            reuse_port=self.settings.reuse_port or None,
        )
        host, port = self._server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    async def close(self) -> None:
        """Stops accepting, lets frames in work get their answer, then closes what is left."""
        if self._server is not None:
            self._server.close()
        open_now = list(self._open)
        for connection in open_now:
            connection.drain()
        if open_now:
            gone = [connection.gone for connection in open_now]
            await asyncio.wait(gone, timeout=self.settings.close_seconds)
        for connection in list(self._open):
            connection.abort()

    @property
    def connections(self) -> int:
        return len(self._open)

    def admit(self, connection: MllpConnection) -> bool:
        """Counts a new connection, or turns it away."""
        full = len(self._open) >= self.settings.max_connections
        if full or self._hosts[connection.host] >= self.settings.max_connections_per_address:
            return False
        self._open.add(connection)
        self._hosts[connection.host] += 1
        return True

    def leave(self, connection: MllpConnection) -> None:
        if connection in self._open:
            self._open.remove(connection)
            self._hosts[connection.host] -= 1
            if not self._hosts[connection.host]:
                del self._hosts[connection.host]

    def refusal(self, head: bytes, problem: BaseException | None) -> bytes | None:
        """The negative answer to a frame that was not understood; None where MSH is unreadable.

        `problem` None means that the frame was too large, or that we are stopping.
        """
        return refuse_unread(
            head,
            finding=TOO_LARGE if problem is None else self._finding(problem),
            control_id=self._ids.identifier(),
            at=self._clock.now(),
            always_original=self.settings.always_original,
        )

    def _finding(self, problem: BaseException) -> Finding:
        if not isinstance(problem, GatewayError):
            log.error("mllp.internal", exc_info=problem)
            return INTERNAL
        if isinstance(problem, RefusedError) and problem.finding is not None:
            return problem.finding
        code, condition, fatal = CONDITIONS[kind_of(problem)]
        return Finding(
            code=code,
            severity=Severity.ERROR,
            where="MSH",
            message=str(problem),
            condition=condition,
            fatal=fatal,
        )
