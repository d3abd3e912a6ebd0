"""Somebody else's MLLP listener on loopback: what it was sent, and how it is made to answer."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

from ports import free_port

START, END = b"\x0b", b"\x1c\r"
Answer = Callable[[bytes], bytes | None]
"""The acknowledgement of one message; None for silence."""


def control_of(message: bytes) -> str:
    return message.split(b"|", 10)[9].decode("latin-1")


def ack(message: bytes, code: str = "AA", *errors: str, control: str | None = None) -> bytes:
    """An acknowledgement as a receiver writes it; `errors` are whole ERR segments."""
    answered = control_of(message) if control is None else control
    msh = f"MSH|^~\\&|PEER|THERE|US|HERE|20260115||ACK^R01^ACK|P{answered}|P|2.5"
    return "\r".join([msh, f"MSA|{code}|{answered}", *errors, ""]).encode()


class ListeningPeer:
    """Serves each connection on a thread; `answer` may be changed at any time.

    `port` 0 takes a free one; a peer that was stopped may start again on its port.
    """

    def __init__(
        self, answer: Answer = ack, *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer = answer
        self.messages: list[bytes] = []
        self.connections = 0
        self.certificates: list[bytes | None] = []
        self._tls = tls
        self._port = port or free_port()
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    @property
    def controls(self) -> list[str]:
        return [control_of(one) for one in self.messages]

    def start(self) -> "ListeningPeer":
        listener = socket.create_server(("127.0.0.1", self._port))
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return self

    def hang_up(self) -> None:
        """Ends every connection; the listener stays."""
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def stop(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.hang_up()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        """Whatever ends the connection, its socket is closed: none is left for another test."""
        with plain, contextlib.suppress(OSError):
            line = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        self._open.append(line)
        self.connections += 1
        if isinstance(line, ssl.SSLSocket):
            self.certificates.append(line.getpeercert(binary_form=True))
        for message in _frames(line):
            self.messages.append(message)
            answer = self.answer(message)
            if answer is not None:
                line.sendall(START + answer + END)


def _frames(line: socket.socket) -> Iterator[bytes]:
    read = bytearray()
    while data := line.recv(1 << 20):
        searched = max(0, len(read) - 1)
        read += data
        while (end := read.find(END, searched)) >= 0:
            yield bytes(read[:end]).removeprefix(START)
            del read[: end + len(END)]
            searched = 0
