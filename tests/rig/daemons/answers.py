"""What a daemon answers: HTTP, an acknowledgement, and one MLLP connection that gives them."""

import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any

ANSWER_SECONDS = 120.0
"""Enough for a machine of a tenth of the speed; it costs nothing where all goes well."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def codes(self) -> list[str]:
        return [one["code"] for one in self.json["findings"]]


@dataclass(frozen=True)
class Ack:
    """An acknowledgement read back: MSA-1, MSA-2, its own MSH-10, and (severity, 207, 902)."""

    raw: bytes

    def _rows(self, name: str) -> list[list[str]]:
        rows = [row.split("|") for row in self.raw.decode().split("\r")]
        return [row for row in rows if row[0] == name]

    @property
    def code(self) -> str:
        return self._rows("MSA")[0][1]

    @property
    def control(self) -> str:
        return self._rows("MSA")[0][2]

    @property
    def receipt(self) -> str:
        return self._rows("MSH")[0][9]

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Severity, condition and application code of each ERR."""
        return [
            (row[4], row[3].split("^")[0], row[5].split("^")[0] if len(row) > 5 else "")
            for row in self._rows("ERR")
        ]


class Line:
    """One MLLP connection."""

    def __init__(self, place: str, tls: ssl.SSLContext | None = None) -> None:
        host, _, port = place.rpartition(":")
        plain = socket.create_connection((host, int(port)), ANSWER_SECONDS)
        self.socket = tls.wrap_socket(plain, server_hostname=host) if tls else plain
        self._read = b""

    def send(self, raw: bytes) -> None:
        self.socket.sendall(b"\x0b" + raw + b"\x1c\r")

    def answer(self) -> Ack:
        """The next frame. Raises ConnectionError when the peer ended first."""
        while b"\x1c\r" not in self._read:
            data = self.socket.recv(65_536)
            if not data:
                raise ConnectionError("closed without an answer")
            self._read += data
        frame, _, self._read = self._read.partition(b"\x1c\r")
        return Ack(frame.removeprefix(b"\x0b"))

    def ask(self, raw: bytes) -> Ack:
        self.send(raw)
        return self.answer()

    def close(self) -> None:
        self.socket.close()
