"""The secure mail door (SMTP in): a message is answered 250 only once it is durable.

The rules of the wire are in `smtp_rules`, one connection in `session`, its words in `replies`.
"""

import asyncio

from gateway.mssante.smtp.peers import (
    FindMailbox,
    Guests,
    InboxSettings,
    Mailbox,
    MaySend,
    Receive,
    SmtpMail,
    SmtpPeer,
    SmtpPorts,
)
from gateway.mssante.smtp.session import SmtpSession

__all__ = ["InboxSettings", "Mailbox", "SmtpInbox", "SmtpMail", "SmtpPeer"]


class SmtpInbox:
    """Listens and gives each connection a session."""

    def __init__(
        self, settings: InboxSettings, *, receive: Receive, may_send: MaySend, mailbox: FindMailbox
    ) -> None:
        self._settings = settings
        self._ports = SmtpPorts(receive=receive, may_send=may_send, mailbox=mailbox)
        self._guests = Guests(settings)
        self._server: asyncio.Server | None = None

    async def open(self) -> tuple[str, int]:
        """Listens; the address and port in use."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SmtpSession(self._settings, self._ports, self._guests),
            self._settings.host,
            self._settings.port,
            reuse_port=self._settings.reuse_port or None,
        )
        host, port = self._server.sockets[0].getsockname()[:2]
        return str(host), int(port)

    @property
    def busy(self) -> int:
        """Messages in work: taken from the wire, not answered yet."""
        return len(self._guests.busy)

    async def close(self, *, grace_seconds: float = 10.0) -> None:
        """Stops listening, lets messages in work be answered, then cuts every connection."""
        if self._server is not None:
            self._server.close()
        if self._guests.busy:
            await asyncio.wait(self._guests.busy, timeout=grace_seconds)
            await asyncio.sleep(0)
        self._guests.cut_all()
        await asyncio.sleep(0)
