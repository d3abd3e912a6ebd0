"""One HL7v2 message and its acknowledgement: what the MLLP door asks for each frame."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import structlog

from gateway.adapters.hl7v2.known_senders import KnownSenders
from gateway.adapters.hl7v2.mllp import MllpPeer
from gateway.adapters.turned_away import TurnedAway
from gateway.errors import DeferredError, GatewayError
from gateway.flows.receive import Delivery, Receive, Received, read_for
from gateway.mapping.hl7v2.control.ack import (
    ack_code,
    acknowledge,
    application_code,
    refuse_unread,
)
from gateway.mapping.hl7v2.control.envelopes import batch_answer, is_batch
from gateway.mapping.hl7v2.control.header import header_of
from gateway.mapping.hl7v2.er7.batch import split_batch
from gateway.mapping.understand import unreadable
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Header
from gateway.records.patients.account import SenderAccount

log = structlog.get_logger()

CANNOT_STORE = Finding(
    code="not-stored",
    severity=Severity.ERROR,
    where="MSH",
    message="Nothing was stored. Send again later, unchanged.",
    condition=207,
    fatal=True,
)
FRAME_CUT = "The connection ended inside this frame. Send the whole message again."
WRONG_SENDER = Finding(
    code="sender-mismatch",
    severity=Severity.ERROR,
    where="MSH-3",
    message="This application may not send here: ask the operator for its certificate or account.",
    condition=207,
    fatal=True,
)


class NotTheirsError(Exception):
    """A frame that its peer may not send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """How one MLLP listener reads and whom it takes its peers for.

    `sender` names the account of peers without a certificate; None asks for one.
    """

    sender: str | None
    reading: Reading = DEFAULT_READING
    always_original: bool = False
    batch_ack: bool = False


@dataclass(slots=True)
class Turn:
    """The messages of one connection that wait behind one that takes its time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


@dataclass(slots=True)
class Hl7Exchange:
    """Frames in, acknowledgements out; nothing positive before the durable commit."""

    receive: Receive
    senders: KnownSenders
    listeners: Mapping[str, Listener]
    turns: dict[MllpPeer, Turn] = field(default_factory=dict)
    kept: set["asyncio.Future[None]"] = field(default_factory=set)
    away: TurnedAway = field(init=False)

    def __post_init__(self) -> None:
        self.away = TurnedAway(self.receive.clock)

    async def __call__(self, peer: MllpPeer, frame: bytes) -> bytes | None:
        """The acknowledgement of one frame (of each message, where it holds a batch)."""
        listener = self.listeners[peer.listener]
        try:
            received = await self._received(peer, frame, listener)
        except NotTheirsError:
            self.away.note(
                "mllp.sender_refused",
                listener=peer.listener,
                peer=peer.address,
                name=peer.certificate or listener.sender,
            )
            return self._refuse(frame, WRONG_SENDER, listener)
        except DeferredError:
            return self._refuse(frame, CANNOT_STORE, listener)
        except GatewayError:
            raise
        except Exception:
            log.exception("mllp.failed", listener=peer.listener, bytes=len(frame))
            return self._refuse(frame, CANNOT_STORE, listener)
        return self._answers(frame, received, listener)

    async def _received(self, peer: MllpPeer, frame: bytes, listener: Listener) -> list[Received]:
        """Keeps the order of one connection: a sender that must be looked up, and an understanding
        elsewhere, make the next messages wait.
        """
        turn = self.turns.get(peer)
        known = self.senders.at_hand(peer.certificate or listener.sender or "")
        delivery = begun = None
        if known is not None:
            delivery = delivery_of(peer, frame, listener, known.account)
            if turn is None and self.receive.takes_no_time(delivery):
                return await self.receive(delivery)
            begun = self.receive.begin(delivery)
        if turn is None:
            turn = self.turns[peer] = Turn()
        turn.waiting += 1
        try:
            async with turn.lock:
                if delivery is None or begun is None:
                    account = await self._account(peer, listener)
                    delivery = delivery_of(peer, frame, listener, account)
                    begun = self.receive.begin(delivery)
                understood = await self.receive.understood(delivery, begun)
        finally:
            turn.waiting -= 1
            if turn.waiting == 0:
                self.turns.pop(peer, None)
        return await self.receive.file_all(delivery, understood)

    async def _account(self, peer: MllpPeer, listener: Listener) -> SenderAccount | None:
        if peer.certificate is not None:
            return (await self.senders.bearing(peer.certificate)).account
        if listener.sender is not None:
            return (await self.senders.named(listener.sender)).account
        return None

    def _answers(self, frame: bytes, received: list[Received], listener: Listener) -> bytes | None:
        answers = [part for one in received for part in self._answer(frame, one, listener)]
        return self._together(frame, answers, listener)

    def _together(self, frame: bytes, answers: list[bytes], listener: Listener) -> bytes | None:
        if answers and listener.batch_ack and is_batch(frame):
            control_id, at = self.receive.ids.identifier(), self.receive.clock.now()
            return batch_answer(frame, answers, control_id=control_id, at=at)
        return b"\x1c\r\x0b".join(answers) if answers else None

    def _answer(self, frame: bytes, one: Received, listener: Listener) -> Iterator[bytes]:
        """The accept or application answer, and the second one where both were asked for."""
        message = one.understanding.message
        raw = frame if one.understanding.raw is None else one.understanding.raw
        header = message.header if message else header_of(raw) or Header()
        answer, original = one.answer, listener.always_original
        code = ack_code(header, answer.verdict, answer.findings, always_original=original)
        second = application_code(header, answer.verdict, always_original=original)
        now = self.receive.clock.now()
        if code != "none":
            yield acknowledge(
                header, code=code, control_id=answer.receipt, at=now, findings=answer.findings
            )
        if second != "none":
            yield acknowledge(header, code=second, control_id=self.receive.ids.identifier(), at=now)

    def quarantine(self, peer: MllpPeer, part: bytes) -> None:
        """Keeps the open part of a frame that never ended for the operator; nobody is answered."""
        listener = self.listeners[peer.listener]
        delivery = Delivery(sender=listener.sender or peer.address, door=Door.MLLP, raw=part)
        keeping = asyncio.ensure_future(self._keep(delivery))
        self.kept.add(keeping)
        keeping.add_done_callback(self.kept.discard)

    async def _keep(self, delivery: Delivery) -> None:
        try:
            await self.receive.file_all(delivery, [unreadable("frame-cut", FRAME_CUT)])
        except DeferredError:
            log.warning("mllp.part-lost", bytes=len(delivery.raw))

    def _refuse(self, frame: bytes, finding: Finding, listener: Listener) -> bytes | None:
        """AR 207 to each message of the frame, with nothing stored; silence where it is asked for,
        and where the frame has no header to answer."""
        most = listener.reading.max_messages
        answers = [
            refuse_unread(
                part,
                finding=finding,
                control_id=self.receive.ids.identifier(),
                at=self.receive.clock.now(),
                always_original=listener.always_original,
            )
            for part in split_batch(frame, most=most)[:most]
        ]
        return self._together(frame, [one for one in answers if one is not None], listener)


def delivery_of(
    peer: MllpPeer, frame: bytes, listener: Listener, account: SenderAccount | None
) -> Delivery:
    """Whose frame this is. Raises NotTheirsError where the certificate or the name of the listener
    is nobody's, an MSH-3 is not of its sender (SECURITY section 1), or the sender was disabled.
    """
    if account is None or account.disabled:
        raise NotTheirsError
    if peer.certificate is not None and not _belongs(account, frame):
        raise NotTheirsError
    return Delivery(
        sender=account.name,
        organization=account.organization,
        door=Door.MLLP,
        raw=frame,
        reading=read_for(listener.reading, account),
        declared=Format.HL7V2,
    )


def _belongs(account: SenderAccount, frame: bytes) -> bool:
    """Whether every message of the frame names, in MSH-3, an application of this account."""
    if not account.applications:
        return True
    named = [_applications(part) for part in split_batch(frame)]
    return bool(named) and all(not one.isdisjoint(account.applications) for one in named)


def _applications(message: bytes) -> frozenset[str]:
    """MSH-3 as an operator may have written it: its first component, or the whole field, in either
    case without the blanks that may follow."""
    header = header_of(message)
    if header is None:
        return frozenset()
    whole = header.sending_application
    named = (whole, whole.partition(header.encoding[:1] or "^")[0])
    return frozenset(one.rstrip(" ") for one in named) - {""}
