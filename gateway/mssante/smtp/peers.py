"""Who talks to the secure mail door, what they bring, and how many may come at once."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from gateway.mssante.smtp.smtp_rules import MAX_MESSAGE_BYTES
from gateway.records.intake.filing import Answer


class Mailbox(StrEnum):
    """What the door may know of a patient's box: nothing but whether it takes mail."""

    OPEN = "open"
    UNKNOWN = "unknown"
    CLOSED = "closed"


MAILBOX_REPLIES = {
    Mailbox.UNKNOWN: "550 5.1.1 No such mailbox",
    Mailbox.CLOSED: "550 5.2.1 Mailbox closed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPeer:
    """`certificate` is the SHA-256 fingerprint (hex) of the peer's certificate, inside TLS."""

    address: str
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpMail:
    """One message as the envelope brought it; `sender` is "" for the null path."""

    peer: SmtpPeer
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


Receive = Callable[[SmtpMail], Awaitable[Answer]]
MaySend = Callable[[str, SmtpPeer], Awaitable[bool]]
FindMailbox = Callable[[str], Awaitable[Mailbox]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettings:
    host: str = "127.0.0.1"
    port: int = 2525
    reuse_port: bool = False
    hostname: str = "passerelle.localdomain"
    patient_domain: str = "patient.mssante.fr"
    own_boxes: frozenset[str] = field(default_factory=frozenset)
    tls: ssl.SSLContext | None = None
    require_tls: bool = False
    max_message_bytes: int = MAX_MESSAGE_BYTES
    max_connections: int = 200
    max_connections_a_peer: int = 50
    timeout_seconds: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpPorts:
    """`receive` returns once the message is durable; `may_send` judges the envelope sender;
    `mailbox` looks an INS up among our patients."""

    receive: Receive
    may_send: MaySend
    mailbox: FindMailbox


class Guest(Protocol):
    def cut(self) -> None:
        """Ends the connection at once."""


class Guests:
    """Connections that are open, and messages in work."""

    def __init__(self, settings: InboxSettings) -> None:
        self._settings = settings
        self._here: set[Guest] = set()
        self._peers: Counter[str] = Counter()
        self.busy: set[asyncio.Future[Any]] = set()

    def enter(self, guest: Guest, address: str) -> bool:
        """False when the house or this peer's part of it is full."""
        full = len(self._here) >= self._settings.max_connections
        if full or self._peers[address] >= self._settings.max_connections_a_peer:
            return False
        self._here.add(guest)
        self._peers[address] += 1
        return True

    def leave(self, guest: Guest, address: str) -> None:
        self._here.discard(guest)
        self._peers[address] -= 1
        if not self._peers[address]:
            del self._peers[address]

    def cut_all(self) -> None:
        for guest in list(self._here):
            guest.cut()
