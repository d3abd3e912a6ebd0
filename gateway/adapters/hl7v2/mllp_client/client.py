"""Sends HL7v2 messages to one address: one connection, kept, and one message in flight.

No retry flood (HL7V2 section 9): a message is tried once, and a second time only where a kept
connection turned out to be closed; a circuit keeps away from an address that does not answer.
When to come back with a message is its task's business.
"""

import asyncio
import ssl
from dataclasses import dataclass, field

import structlog

from gateway.adapters.hl7v2.mllp_client.circuit import Circuit
from gateway.adapters.hl7v2.mllp_client.exchange import Outgoing, outgoing
from gateway.adapters.hl7v2.mllp_client.line import Line, LineLostError
from gateway.clock import Clock
from gateway.errors import DeferredError, RefusedError
from gateway.mapping.hl7v2.reply import Fate, Reply
from gateway.records.intake.finding import Finding, Severity
from gateway.records.numbers import whole

log = structlog.get_logger()

CLOSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Whom we send to. `tls` None sends in clear: loopback or a named network only.

    `answer_seconds` is allowed to write a message and again to wait for its answer.
    """

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str | None = None
    connect_seconds: float = 10.0
    answer_seconds: float = 30.0
    idle_seconds: float = 60.0

    @property
    def longest_seconds(self) -> float:
        """The longest that one message may take, the second try included."""
        return 2 * (self.connect_seconds + 2 * self.answer_seconds)


@dataclass(slots=True)
class MllpClient:
    """One destination. Closed by `close`; a message under way then is deferred."""

    receiver: Receiver
    clock: Clock
    circuit: Circuit = field(default_factory=Circuit)
    _line: Line | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _idle: asyncio.TimerHandle | None = field(default=None, init=False)
    _closed: bool = field(default=False, init=False)

    async def send(self, message: bytes) -> str:
        """Hands one message over; the codes of its answer, "AA", or "sent" where none is asked.

        Raises RefusedError where the receiver will never take these bytes, DeferredError where
        they may be sent again later, unchanged.
        """
        reply = await self.ask(message)
        return "sent" if reply is None else judged(reply)

    async def ask(self, message: bytes) -> Reply | None:
        """The answer to one message, whatever it says; None where none is asked for.

        Raises RefusedError for what cannot be sent, DeferredError without an answer.
        """
        ready = outgoing(message)
        try:
            await asyncio.wait_for(self._turn.acquire(), self.receiver.longest_seconds)
        except TimeoutError as error:
            raise DeferredError("Another message to this address takes too long.") from error
        try:
            self._stay()
            return await self._guarded(ready)
        finally:
            self._leave_soon()
            self._turn.release()

    async def close(self) -> None:
        self._closed = True
        self._stay()
        line, self._line = self._line, None
        if line is not None and line.usable:
            await line.end(seconds=CLOSE_SECONDS)

    async def _guarded(self, message: Outgoing) -> Reply | None:
        wait = self.circuit.wait(self.clock.monotonic())
        if wait:
            raise DeferredError("The receiver did not answer lately.")
        try:
            reply = await self._twice_at_most(message)
        except (LineLostError, TimeoutError, OSError) as error:
            self.circuit.failed(self.clock.monotonic())
            reason = _reason(error)
            log.warning("mllp.not_sent", peer=self._name, reason=reason)
            raise DeferredError(reason) from error
        self.circuit.worked()
        return reply

    async def _twice_at_most(self, message: Outgoing) -> Reply | None:
        kept = self._line is not None and self._line.usable
        try:
            return await self._once(message)
        except LineLostError as error:
            if not kept or error.heard:
                raise
        return await self._once(message)

    async def _once(self, message: Outgoing) -> Reply | None:
        if self._closed:
            raise LineLostError("we are stopping", heard=True)
        if self._line is None or not self._line.usable:
            self._line = await self._connect()
        return await self._line.ask(message, seconds=self.receiver.answer_seconds)

    async def _connect(self) -> Line:
        loop, where = asyncio.get_running_loop(), self.receiver
        opening = loop.create_connection(
            lambda: Line(loop),
            where.host,
            where.port,
            ssl=where.tls,
            server_hostname=(where.server_name or where.host) if where.tls else None,
        )
        _, line = await asyncio.wait_for(opening, where.connect_seconds)
        return line

    @property
    def _name(self) -> str:
        return f"{self.receiver.host}:{self.receiver.port}"

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _leave_soon(self) -> None:
        """Nobody keeps a connection that nobody uses."""
        line = self._line
        if line is not None and line.usable:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self.receiver.idle_seconds, line.close)


def judged(reply: Reply) -> str:
    """The codes of a positive answer; raises for the others (HL7V2 section 5)."""
    if reply.fate is Fate.TAKEN:
        return reply.words
    condition, application = reply.errors[0] if reply.errors else (None, "")
    finding = Finding(
        code="not-taken",
        severity=Severity.ERROR,
        where="MSA-1",
        message="The receiver did not take the message.",
        condition=condition,
        application=whole(application),
    )
    if reply.fate is Fate.AGAIN:
        raise DeferredError(reply.words, finding=finding)
    raise RefusedError(reply.words, finding=finding)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "The receiver did not answer in time."
    if isinstance(error, LineLostError):
        return f"Not answered: {error.reason}."
    if isinstance(error, ssl.SSLError):
        return "TLS with the receiver failed."
    return "The receiver cannot be reached."
