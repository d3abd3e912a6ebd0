"""One SMTP connection, on aiosmtpd's command loop and STARTTLS.

Every command that carries an address or a message is read here by `smtp_rules`; no address of
a patient reaches a log.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Any, cast

import structlog
from aiosmtpd.smtp import SMTP

from gateway.errors import GatewayError
from gateway.mssante.smtp import peers
from gateway.mssante.smtp.peers import Guests, InboxSettings, SmtpMail, SmtpPeer, SmtpPorts
from gateway.mssante.smtp.replies import answer_reply, error_reply
from gateway.mssante.smtp.smtp_rules import (
    MAX_RECIPIENTS,
    PATIENT,
    Address,
    DataPatience,
    MessageLines,
    header_problem,
    read_mail,
    read_recipient,
)
from gateway.mssante.smtp.stream import CommandReader, SpoiltError, fingerprint, turn_away

for _name in ("mail.log", "mail.debug"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)  # they would print addresses

log = structlog.get_logger()

END_OF_DATA = b".\r\n"
MAX_REFUSED_RECIPIENTS = 20
CALLS = {"NOOP": 20, "RSET": 200, "EHLO": 20, "HELO": 20, "*": 1_000}


class SmtpSession(SMTP):
    """One connection. Names of methods are aiosmtpd's: `smtp_<COMMAND>`."""

    command_size_limit = 2_048

    def __init__(self, settings: InboxSettings, ports: SmtpPorts, guests: Guests) -> None:
        super().__init__(
            self,
            data_size_limit=settings.max_message_bytes,
            enable_SMTPUTF8=True,
            hostname=settings.hostname,
            ident="ESMTP",
            tls_context=settings.tls,
            require_starttls=settings.require_tls,
            timeout=settings.timeout_seconds,
            command_call_limit=dict(CALLS),
            loop=asyncio.get_running_loop(),
        )
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        self._settings = settings
        self._ports = ports
        self._guests = guests
        self._stream: asyncio.StreamReader
        self._address = ""
        self._inside = False
        self._sender: Address | None = None
        self._mail_given = False
        self._recipients: list[str] = []
        self._refused = 0

    # -- the connection ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._inside:
            peer = transport.get_extra_info("peername")
            self._address = str(peer[0]) if peer else ""
            if not self._guests.enter(self, self._address):
                turn_away(transport)
                return
            self._inside = True
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._inside:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return bool(super().eof_received()) if self._inside else False

    def connection_lost(self, error: Exception | None) -> None:
        if self._inside:
            self._inside = False
            self._guests.leave(self, self._address)
            super().connection_lost(error)

    def cut(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _cb_client_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super()._cb_client_connected(reader, writer)
        self._stream = reader
        self._reader = cast(Any, CommandReader(reader, writer))

    async def handle_exception(self, error: Exception) -> str:
        if isinstance(error, SpoiltError):
            self.loop.call_soon(self.cut)
            return error.last_words
        if isinstance(error, GatewayError):  # asked whose box it is while the store is away
            return error_reply(error)
        log.error("smtp.failed", error=type(error).__name__, exc_info=error)
        return "451 4.3.0 Internal error, try again later"

    async def _farewell(self, reply: str) -> None:
        await self.push(reply)
        self.cut()

    # -- commands without a message ------------------------------------------------------

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not hostname:
            await self.push("501 5.5.4 Syntax: EHLO hostname")
            return
        self._forget()
        if self.session is not None:
            self.session.extended_smtp = True
            self.session.host_name = hostname
        offers = [f"SIZE {self._settings.max_message_bytes}", "8BITMIME", "SMTPUTF8"]
        offers += ["PIPELINING", "DSN", "ENHANCEDSTATUSCODES"]
        if self.tls_context and not self._tls_protocol:
            offers.insert(0, "STARTTLS")
        lines = [self.hostname, *offers]
        text = "\r\n".join(f"250-{line}" for line in lines[:-1])
        await self.push(f"{text}\r\n250 {lines[-1]}")

    async def smtp_HELO(self, hostname: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if not hostname:
            await self.push("501 5.5.4 Syntax: HELO hostname")
            return
        self._forget()
        if self.session is not None:
            self.session.host_name = hostname
        await self.push(f"250 {self.hostname}")

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if arg:
            await self.push("501 5.5.4 Syntax: STARTTLS")
        elif self._tls_protocol or not self.tls_context:
            await self.push("503 5.5.1 STARTTLS is not offered")
        elif self._stream._buffer:  # type: ignore[attr-defined]  # no public look at what waits
            await self._farewell("503 5.5.1 Commands sent before TLS")
        else:
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("502 5.5.1 AUTH is not offered")

    async def smtp_VRFY(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("502 5.5.1 VRFY is not offered")

    async def smtp_EXPN(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("502 5.5.1 EXPN is not offered")

    async def smtp_BDAT(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Cut, for its chunk comes without being asked for and would be read as commands."""
        await self._farewell("502 5.5.1 BDAT is not offered")

    async def smtp_HELP(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push("214 2.0.0 See RFC 5321")

    async def smtp_GET(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self._farewell("221 2.0.0 This is no HTTP server")

    smtp_POST = smtp_PUT = smtp_HEAD = smtp_OPTIONS = smtp_CONNECT = smtp_GET  # noqa: N815

    async def smtp_RSET(self, _: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        self._forget()
        await self.push("250 2.0.0 Ok")

    def _forget(self) -> None:
        self._set_post_data_state()  # type: ignore[no-untyped-call]  # aiosmtpd's
        self._sender, self._mail_given = None, False
        self._recipients = []

    # -- the envelope ---------------------------------------------------------------------

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        await self.push(await self._mail(arg))

    async def _mail(self, arg: str | None) -> str:
        if self.session is None or not self.session.host_name:
            return "503 5.5.1 Send EHLO first"
        if self._mail_given:
            return "503 5.5.1 One sender a message"
        path = read_mail(arg, max_bytes=self._settings.max_message_bytes)
        if isinstance(path, str):
            return path
        written = "@".join(path.address) if path.address else ""
        if not await self._ports.may_send(written, self._peer()):
            return "550 5.7.1 This sender may not write here"
        self._sender, self._mail_given = path.address, True
        return "250 2.1.0 Ok"

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        reply = await self._recipient(arg)
        if reply.startswith("5"):
            self._refused += 1
            if self._refused > MAX_REFUSED_RECIPIENTS:
                await self._farewell("421 4.7.0 Too many refused recipients")
                return
        await self.push(reply)

    async def _recipient(self, arg: str | None) -> str:
        if not self._mail_given:
            return "503 5.5.1 Send MAIL first"
        if len(self._recipients) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        address = read_recipient(arg)
        if isinstance(address, str):
            return address
        problem = await self._mailbox_problem(address)
        if problem is None:
            self._recipients.append("@".join(address))
        return problem or "250 2.1.5 Ok"

    async def _mailbox_problem(self, address: Address) -> str | None:
        if address.domain != self._settings.patient_domain:
            known = "@".join(address).lower() in self._settings.own_boxes
            return None if known else "554 5.7.1 Relaying denied"
        if not PATIENT.fullmatch(address.local.upper()):
            return "550 5.1.3 No patient's mailbox: the INS stands before the @"
        return peers.MAILBOX_REPLIES.get(await self._ports.mailbox(address.local.upper()))

    # -- the message ----------------------------------------------------------------------

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if arg or not self._recipients:
            await self.push("503 5.5.1 Send RCPT first")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        lines = await self._read_lines()
        if lines.hopeless:
            await self._farewell(lines.problem or "552 5.3.4 Message too big")
            return
        if lines.problem:
            await (self._farewell if "Bare" in lines.problem else self.push)(lines.problem)
            self._forget()
            return
        raw = lines.content()
        self._reset_timeout()
        try:
            reply = header_problem(raw, self._sender) or await self._take(raw)
        finally:
            self._forget()
        await self.push(reply)

    async def _read_lines(self) -> MessageLines:
        """Until CRLF.CRLF, or until the peer is beyond hope; memory stays under the limit."""
        stream, in_line = self._stream, False
        lines = MessageLines(max_bytes=self._settings.max_message_bytes)
        patience = DataPatience(self.loop.time(), self._settings.timeout_seconds)
        while not lines.hopeless:
            if seconds := patience.left(self.loop.time(), lines.size):
                self._reset_timeout(seconds)
            try:
                line = await stream.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as error:
                lines.overflow(len(await stream.read(max(error.consumed, 1))))
                in_line = True
                continue
            if line == END_OF_DATA and not in_line:
                break
            if in_line:
                lines.overflow(len(line))
            else:
                lines.add(line)
            in_line = False
        return lines

    async def _take(self, raw: bytes) -> str:
        sender = "@".join(self._sender) if self._sender else ""
        mail = SmtpMail(
            peer=self._peer(), sender=sender, recipients=tuple(self._recipients), raw=raw
        )
        task = asyncio.ensure_future(self._ports.receive(mail))
        self._guests.busy.add(task)
        try:
            answer = await asyncio.shield(task)
        except GatewayError as error:
            return error_reply(error)
        finally:
            self._guests.busy.discard(task)
        return answer_reply(answer)

    def _peer(self) -> SmtpPeer:
        return SmtpPeer(address=self._address, certificate=fingerprint(self.transport))
