"""The MLLP listeners that this house sends to: one client an address, opened when first needed."""

import ssl
from dataclasses import dataclass, field

from gateway.adapters.hl7v2.mllp_client import MllpClient, Receiver, client_context
from gateway.clock import Clock
from gateway.errors import DeferredError, RefusedError
from gateway.settings import parse_receiver
from gateway.settings.sections.sending import Sending


@dataclass(slots=True)
class Receivers:
    """Satisfies `ports.hl7.Hl7Clients`."""

    sending: Sending
    clock: Clock
    _clients: dict[str, MllpClient] = field(default_factory=dict)
    _tls: ssl.SSLContext | None = None

    def __call__(self, address: str) -> MllpClient:
        if address not in self._clients:
            self._clients[address] = MllpClient(self._receiver(address), self.clock)
        return self._clients[address]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()

    def _receiver(self, address: str) -> Receiver:
        try:
            where = parse_receiver(address)
        except ValueError as error:
            raise RefusedError(f"no address to send to: {error}") from error
        return Receiver(
            host=where.address.host,
            port=where.address.port,
            tls=self._context() if where.tls else None,
            connect_seconds=self.sending.connect_seconds,
            answer_seconds=self.sending.answer_seconds,
            idle_seconds=self.sending.idle_seconds,
        )

    def _context(self) -> ssl.SSLContext:
        """Files that an operator is just replacing are tried again later."""
        if self._tls is None:
            one = self.sending
            try:
                self._tls = client_context(ca=one.ca, certificate=one.certificate, key=one.key)
            except OSError as error:
                raise DeferredError("The certificates of [sending] cannot be read.") from error
        return self._tls
