"""What every listener has: a bound on connections, and a court to hand things to."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from typing import Any

from conformance.clock import seconds
from conformance.sender.court import Court
from conformance.wire.address import Address

MAX_CONNECTIONS = 64
IDLE_SECONDS, OPEN_SECONDS = 600.0, 60.0
BEGIN_IN_CLEAR = ("SmtpHandler",)
HANDSHAKE_SECONDS = 10.0
MAX_BYTES = 50_000_000


class Listener(socketserver.ThreadingTCPServer):
    """`lenient` answers positively whatever was found."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        where: Address,
        handler: Any,
        court: Court,
        *,
        lenient: bool,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        if ":" in where.host:
            self.address_family = socket.AF_INET6
        super().__init__((where.host, where.port), handler)
        self.court, self.lenient, self.tls = court, lenient, tls
        self._room = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._serial, self._start = 0, f"C{int(seconds() * 1000) % 10**7:07d}"
        self._lock = threading.Lock()

    @property
    def place(self) -> str:
        host, port = self.server_address[:2]
        return f"{host if isinstance(host, str) else host.decode()}:{port}"

    def receipt(self) -> str:
        """A number of its own for each answer."""
        with self._lock:
            self._serial += 1
            return f"{self._start}{self._serial:06d}"

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """With TLS from the first byte where the door has it; SMTP begins it by STARTTLS."""
        if self.tls is None or self.RequestHandlerClass.__name__ in BEGIN_IN_CLEAR:
            super().finish_request(request, client_address)
            return
        request.settimeout(HANDSHAKE_SECONDS)
        with self.tls.wrap_socket(request, server_side=True) as secret:
            super().finish_request(secret, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that breaks off is no news; the listener serves on."""


@contextlib.contextmanager
def served(*listeners: Listener) -> Iterator[None]:
    """Each in a thread of its own, closed at the end."""
    threads = [threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True)
               for one in listeners]  # fmt: skip
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for one in listeners:
            one.shutdown()
            one.server_close()
