"""What an MLLP listener is told, and what it knows of its peers."""

import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class MllpPeer:
    """One connection's other side.

    `address` is "host:port", `listener` the name of our listener, `certificate` the SHA-256
    fingerprint (hex) of the client certificate that TLS verified, or None.
    """

    address: str
    listener: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MllpSettings:
    """One listener and its limits; port 0 takes a free one.

    `max_in_flight` messages of one connection are in work at a time, answered in order;
    `max_held_bytes` are held of all connections' messages before reading waits (`Room`), and
    `turn_seconds` is the longest that one may be read alone while others wait.
    """

    name: str = "mllp"
    host: str = "127.0.0.1"
    port: int = 2575
    tls: ssl.SSLContext | None = None
    reuse_port: bool = False
    max_frame_bytes: int = 50_000_000
    max_held_bytes: int = 256_000_000
    max_in_flight: int = 16
    max_connections: int = 2000
    max_connections_per_address: int = 200
    max_unsent_bytes: int = 256 * 1024
    frame_timeout_seconds: float = 60.0
    write_timeout_seconds: float = 60.0
    turn_seconds: float = 300.0
    close_seconds: float = 10.0
    always_original: bool = False


class Watch(StrEnum):
    """What the door lets an observer count."""

    OPENED = "opened"
    CLOSED = "closed"
    TURNED_AWAY = "turned-away"
    FRAME = "frame"
    ANSWER = "answer"
    JUNK = "junk"
    PARTIAL = "partial"
    OVERSIZE = "oversize"
    VIOLATION = "violation"
    FRAME_TIMEOUT = "frame-timeout"
    WRITE_TIMEOUT = "write-timeout"
    FAILURE = "failure"


Receive = Callable[[MllpPeer, bytes], Awaitable[bytes | None]]
"""Takes one frame; returns the acknowledgement, or None for silence. Called in order."""

Quarantine = Callable[[MllpPeer, bytes], None]
"""Takes the open part of a frame that never ended."""

Observe = Callable[[Watch, MllpPeer, int], None]
"""Told of everything in `Watch`, with a number of bytes (0 where there is none)."""


def ignore(_what: Watch, _peer: MllpPeer, _count: int) -> None:
    """The observer of a door that nobody watches."""
