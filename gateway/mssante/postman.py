"""Mail out: one connection a destination, one message a transaction, and what became of it.

A 4xx, a lost connection or a TLS failure defers; a 5xx to a message refuses it (MSSANTE section
7). A relay that turns us away as such, in its greeting or until there is TLS, says nothing of the
message: deferred. One that ended the kept session is asked in a new one. When the final dot is not
answered the outcome is unknown: deferred, the receiver tells by Message-ID. Each try has an ENVID
of its own (RFC 3461) where the relay keeps it.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from types import TracebackType

import aiosmtplib

from gateway.errors import DeferredError, RefusedError
from gateway.records.intake.finding import Finding, Severity

FIRST_PERMANENT = 500
NEEDS_TLS = 530
"""RFC 3207: the relay hears no message before STARTTLS, or not from us."""
NOT_CONNECTED, TIMED_OUT, DISCONNECTED = 111, 420, 442
CLOSING = 421
"""RFC 5321 section 3.8: the relay ends the session, whatever it was asked."""


class NoTlsError(aiosmtplib.SMTPException):
    """The relay offers no STARTTLS where we send inside TLS only."""

    def __init__(self) -> None:
        super().__init__("no STARTTLS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """The relay. `tls` None sends in clear: loopback and tests only."""

    host: str
    port: int = 25
    tls: ssl.SSLContext | None = None
    hostname: str = "passerelle.localdomain"
    connect_seconds: float = 30.0
    command_seconds: float = 300.0
    final_dot_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class _Envelope:
    """What is said before a message: whose, for whom, of how many bytes; its ENVID if any."""

    sender: str
    recipient: str
    size: int
    name: str

    async def said_to(self, client: aiosmtplib.SMTP, seconds: float) -> None:
        options = [f"SIZE={self.size}"] if client.supports_extension("size") else []
        if self.name and client.supports_extension("dsn"):
            options.append(f"ENVID={self.name}")
        await client.mail(self.sender, options=options, timeout=seconds)
        await client.rcpt(self.recipient, timeout=seconds)


@dataclass(slots=True)
class Postman:
    """Sends to one destination; its connection is kept and opened again when it is lost."""

    destination: Destination
    _client: aiosmtplib.SMTP | None = field(default=None, init=False)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def send(self, *, sender: str, recipient: str, raw: bytes, envelope: str = "") -> str:
        """Hands one message over; the receiver's last words. `envelope` is what a delivery receipt
        calls this try: letters, digits and dots.

        Raises RefusedError (5xx) or DeferredError (4xx, no connection, TLS, time-out).
        """
        async with self._busy:
            try:
                client = await self._announced(_Envelope(sender, recipient, len(raw), envelope))
                return await self._hand_over(client, raw)
            except aiosmtplib.SMTPResponseException as error:
                await self._after_reply()
                raise _judged(error.code) from error
            except aiosmtplib.SMTPRecipientsRefused as error:
                await self._after_reply()
                raise _judged(error.recipients[0].code) from error
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                raise self._lost(error) from error
            except asyncio.CancelledError:
                self._drop()  # its next reply would be taken for that of the next message
                raise

    async def close(self) -> None:
        """Says QUIT where somebody still listens."""
        async with self._busy:
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                try:
                    await client.quit(timeout=self.destination.connect_seconds)
                except (aiosmtplib.SMTPException, OSError, TimeoutError):
                    client.close()

    async def __aenter__(self) -> "Postman":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _announced(self, envelope: "_Envelope") -> aiosmtplib.SMTP:
        """A session in which the message itself may follow. A kept one may be over without our
        knowing, as when the relay was started again: then a new one, and this is still one try."""
        seconds, kept = self.destination.command_seconds, self._client
        if kept is not None and kept.is_connected:
            try:
                await envelope.said_to(kept, seconds)
            except ConnectionError:
                self._drop()
            except aiosmtplib.SMTPResponseException as error:
                if error.code != CLOSING:
                    raise
                self._drop()
            else:
                return kept
        client = await self._connected()
        await envelope.said_to(client, seconds)
        return client

    async def _connected(self) -> aiosmtplib.SMTP:
        where = self.destination
        client = aiosmtplib.SMTP(
            hostname=where.host,
            port=where.port,
            local_hostname=where.hostname,
            start_tls=False,
            tls_context=where.tls,
            timeout=where.connect_seconds,
        )
        self._client = client
        try:
            await client.connect()
            await _introduced(client)
            if where.tls is not None:
                await _inside_tls(client)
        except aiosmtplib.SMTPResponseException as error:
            self._drop()
            raise _later(error.code) from error
        return client

    async def _hand_over(self, client: aiosmtplib.SMTP, raw: bytes) -> str:
        try:
            reply = await client.data(raw, timeout=self.destination.final_dot_seconds)
        except aiosmtplib.SMTPResponseException:
            raise
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise self._lost(error, unheard=True) from error
        return reply.message

    async def _after_reply(self) -> None:
        """A refused message leaves the connection usable."""
        client = self._client
        if client is not None and client.is_connected:
            try:
                await client.rset(timeout=self.destination.connect_seconds)
            except (aiosmtplib.SMTPException, OSError, TimeoutError):
                self._drop()
            except asyncio.CancelledError:
                self._drop()  # as above: its reply would be that of the next message
                raise

    def _lost(self, error: Exception, *, unheard: bool = False) -> DeferredError:
        self._drop()
        return DeferredError(why_lost(error), unheard=unheard, finding=_silent(error))

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def _introduced(client: aiosmtplib.SMTP) -> None:
    """EHLO, so that SIZE is said of the first message too; HELO to who knows no other."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await client.helo()


async def _inside_tls(client: aiosmtplib.SMTP) -> None:
    """RFC 3207; what was offered before counts no more, so we introduce ourselves again."""
    if not client.supports_extension("starttls"):
        raise NoTlsError
    await client.starttls()
    await _introduced(client)


def why_lost(error: Exception) -> str:
    """What an operator is to look at; a TLS 1.3 server says no only after its handshake."""
    at_fault = error if isinstance(error, ssl.SSLError | NoTlsError) else error.__cause__
    match at_fault:
        case NoTlsError():
            return "The mail server offers no STARTTLS: nothing is sent in clear."
        case ssl.SSLCertVerificationError():
            return "The mail server has no certificate for its address by an authority of ca."
        case ssl.SSLError():
            return "The mail server and this one do not agree on TLS, or on our certificate."
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return "The mail server closed the connection."
    return "The mail server cannot be reached now."


def _judged(code: int) -> RefusedError | DeferredError:
    """The reply's words are not repeated: they may name a person."""
    if code < FIRST_PERMANENT or code == NEEDS_TLS:
        return _later(code)
    return RefusedError(f"The mail server refuses the message ({code}).", finding=_said(code))


def _later(code: int) -> DeferredError:
    text = f"The mail server does not take the message now ({code})."
    return DeferredError(text, finding=_said(code))


def _silent(error: Exception) -> Finding:
    """No reply at all: the codes that ZAM has for it (XDM_HL7V2 A6)."""
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return _said(DISCONNECTED)
    if isinstance(error, TimeoutError):
        return _said(TIMED_OUT)
    return _said(NOT_CONNECTED)


def _said(code: int) -> Finding:
    return Finding(
        code="mail-reply",
        severity=Severity.ERROR,
        where="SMTP",
        message="The mail server did not take the message.",
        condition=207,
        application=code,
    )
