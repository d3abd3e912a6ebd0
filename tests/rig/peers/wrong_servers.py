"""Small servers that are wrong in one way each, for the kit to find out."""

import contextlib
import http.server
import json
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from typing import Any

from conformance.wire.address import Address

FRAME = re.compile(rb"\x0b([^\x0b]*?)\x1c\r", re.DOTALL)
Reply = Callable[[bytes], bytes]
"""A whole message, without its frame -> the bytes that are sent back."""


def field(message: bytes, number: int) -> bytes:
    """One field of MSH, as it came."""
    fields = message.split(b"\r")[0].split(b"|")
    return fields[number - 1] if number <= len(fields) else b""


def ack(message: bytes, code: bytes = b"AA", about: bytes | None = None) -> bytes:
    """A plain acknowledgement; `about` is MSA-2, else the MSH-10 that came."""
    about = field(message, 10) if about is None else about
    head = [b"MSH|^~\\&", field(message, 5), field(message, 6), field(message, 3),
            field(message, 4), b"20260115101500+0100", b"", b"ACK^R01^ACK", b"A" + about,
            field(message, 11), field(message, 12), b"", b"", b"", b"", field(message, 17),
            field(message, 18)]  # fmt: skip
    return b"|".join(head) + b"\rMSA|" + code + b"|" + about + b"\r"


def framed(message: bytes) -> bytes:
    return b"\x0b" + message + b"\x1c\r"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The kit breaks off when it likes."""

    @property
    def place(self) -> Address:
        return Address("127.0.0.1", int(self.server_address[1]))


@contextlib.contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[Address]:
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.place
        server.shutdown()


def mllp(reply: Reply) -> type[socketserver.BaseRequestHandler]:
    """Reads frames rightly, answers each with `reply`."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data = b""
            while part := self.request.recv(65_536):
                data += part
                while found := FRAME.search(data):
                    data = data[found.end() :]
                    self.request.sendall(reply(found[1]))

    return Handler


def raw_mllp(turn: Callable[[Any], None]) -> type[socketserver.BaseRequestHandler]:
    """One connection, handled by `turn` as a socket."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            turn(self.request)

    return Handler


def web(status: int, body: Any, headers: dict[str, str] | None = None) -> Any:
    """Answers every request alike."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), 1_000_000_000)
            if length < 100_000_000:
                self.rfile.read(length)
            raw = json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(raw)
            self.close_connection = True

        def __getattr__(self, name: str) -> Any:
            if name.startswith("do_"):
                return self._answer
            raise AttributeError(name)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    return Handler


def smtp(code: bytes) -> type[socketserver.BaseRequestHandler]:
    """Answers every command with one code (354 to DATA when it is 250)."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 wrong\r\n")
            while line := self.rfile.readline(100_000):
                if code == b"250" and line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go\r\n")
                    while line and line != b".\r\n":
                        line = self.rfile.readline(100_000)
                self.wfile.write(code + b" so\r\n")

    return Handler
