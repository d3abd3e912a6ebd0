"""One HL7v2 message and its acknowledgement: what the MLLP door asks for each frame."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from gateway.adapters.mllp import MllpPeer
from gateway.errors import DeferredError, GatewayError
from gateway.flows.receive import INLINE_BYTES, Delivery, Receive, Received
from gateway.mapping.hl7v2.ack import ack_code, acknowledge
from gateway.mapping.hl7v2.header import header_of
from gateway.ports.people import People
from gateway.records.account import SenderAccount
from gateway.records.filing import Door
from gateway.records.finding import Finding, Severity, Verdict
from gateway.records.message import Header
from gateway.records.reading import DEFAULT_READING, Reading

log = structlog.get_logger()

CANNOT_STORE = Finding(
    code="not-stored",
    severity=Severity.ERROR,
    where="MSH",
    message="Nothing was stored. Send again later, unchanged.",
    condition=207,
    fatal=True,
)
WRONG_SENDER = Finding(
    code="sender-mismatch",
    severity=Severity.ERROR,
    where="MSH-3",
    message="This application may not send with this certificate.",
    condition=207,
    fatal=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """How one MLLP listener reads and whom it takes its peers for.

    `sender` names the account of peers without a certificate; None asks for one.
    """

    sender: str | None
    organization: str | None = None
    reading: Reading = DEFAULT_READING
    always_original: bool = False


@dataclass(slots=True)
class Turn:
    """The messages of one connection that wait behind a long understanding."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


@dataclass(slots=True)
class Hl7Exchange:
    """Frames in, acknowledgements out; nothing positive before the durable commit."""

    receive: Receive
    people: People
    listeners: Mapping[str, Listener]
    turns: dict[MllpPeer, Turn] = field(default_factory=dict)

    async def __call__(self, peer: MllpPeer, frame: bytes) -> bytes | None:
        """The acknowledgement of one frame (of each message, where it holds a batch)."""
        listener = self.listeners[peer.listener]
        try:
            delivery = await self._delivery(peer, frame, listener)
            if delivery is None:
                return self._refuse(frame, WRONG_SENDER, listener)
            received = await self._received(peer, delivery)
        except DeferredError:
            return self._refuse(frame, CANNOT_STORE, listener)
        except GatewayError:
            raise
        except Exception:
            log.exception("mllp.failed", listener=peer.listener, bytes=len(frame))
            return self._refuse(frame, CANNOT_STORE, listener)
        return self._answers(frame, received, listener)

    async def _delivery(self, peer: MllpPeer, frame: bytes, listener: Listener) -> Delivery | None:
        """None when the certificate and MSH-3 do not belong together (SECURITY section 1)."""
        name, organization = listener.sender, listener.organization
        if peer.certificate is not None:
            account = await self.people.sender_by_certificate(peer.certificate)
            if not _belongs(account, frame):
                return None
            assert account is not None  # noqa: S101 - _belongs says so
            name, organization = account.name, account.organization
        if name is None:
            return None
        return Delivery(
            sender=name,
            organization=organization,
            door=Door.MLLP,
            raw=frame,
            reading=listener.reading,
        )

    async def _received(self, peer: MllpPeer, delivery: Delivery) -> list[Received]:
        """Keeps the order of one connection: a long understanding makes the next ones wait."""
        turn = self.turns.get(peer)
        if turn is None and len(delivery.raw) <= INLINE_BYTES:
            return await self.receive(delivery)
        if turn is None:
            turn = self.turns[peer] = Turn()
        turn.waiting += 1
        try:
            async with turn.lock:
                understood = await self.receive.offload(lambda: self.receive.understand(delivery))
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                self.turns.pop(peer, None)
        return await self.receive.file_all(delivery, understood)

    def _answers(self, frame: bytes, received: list[Received], listener: Listener) -> bytes | None:
        answers = [one for one in (self._answer(frame, r, listener) for r in received) if one]
        return b"\x1c\r\x0b".join(answers) if answers else None

    def _answer(self, frame: bytes, one: Received, listener: Listener) -> bytes | None:
        message = one.understanding.message
        header = message.header if message else header_of(frame) or Header()
        answer = one.answer
        code = ack_code(
            header, answer.verdict, answer.findings, always_original=listener.always_original
        )
        if code == "none":
            return None
        return acknowledge(
            header,
            code=code,
            control_id=answer.receipt,
            at=self.receive.clock.now(),
            findings=answer.findings,
        )

    def _refuse(self, frame: bytes, finding: Finding, listener: Listener) -> bytes | None:
        """AR 207 with nothing stored; silence where the frame has no header to answer."""
        header = header_of(frame)
        if header is None:
            return None
        code = ack_code(
            header, Verdict.REFUSE, (finding,), always_original=listener.always_original
        )
        return acknowledge(
            header,
            code=code,
            control_id=self.receive.ids.identifier(),
            at=self.receive.clock.now(),
            findings=(finding,),
        )


def _belongs(account: SenderAccount | None, frame: bytes) -> bool:
    if account is None or account.disabled:
        return False
    header = header_of(frame)
    application = header.sending_application if header else ""
    return not account.applications or application in account.applications
