"""Receive: understand an input, purely and at once, and have it judged and made durable.

Which door it came through makes no difference here; the caller translates the answer.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog
from msgspec import Struct

from gateway.clock import Clock, Ids
from gateway.errors import DeferredError
from gateway.mapping.understand import too_many, understand_at_door
from gateway.ports.documents.journal import Journal
from gateway.ports.metrics import Metrics, NoMetrics
from gateway.ports.understanding import Elsewhere
from gateway.records.intake.filing import Answer, Door, Intake
from gateway.records.intake.finding import Finding, Verdict, verdict_of
from gateway.records.intake.keys import CHOSEN_KEY, LOT_KEY, mailed_key, read_key
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

log = structlog.get_logger()
Validate = Callable[[bytes], Awaitable[list[Finding]]]
"""Strict validation of one HL7v2 message against its published structure."""
FILED_AT_ONCE = 32
"""Messages of one batch that share a commit, half of what a commit takes: it serves others too."""
MAX_STRICT_MESSAGES = 200
"""Of one batch, where each is validated first: more would outlast the patience of their sender."""
TOO_MANY_STRICT = f"Send at most {MAX_STRICT_MESSAGES} messages in a batch: each is validated."


class Delivery(Struct, frozen=True, kw_only=True):
    """What a door hands over: who sends, through what, and the bytes.

    `idempotency_key` is HTTP's, `recipients` those of a mail's envelope; `declared` the format a
    Content-Type names, where it names one.
    `depositor` is the person who stands at a page of ours, where no software sends. `writer` is the
    mailbox behind `sender`, which names a person: it is told in sealed rows only. `box` is whose
    box a mail is for, where it is one patient's and takes mail.
    """

    sender: str
    door: Door
    raw: bytes
    organization: str | None = None
    reading: Reading = DEFAULT_READING
    idempotency_key: str | None = None
    recipients: tuple[str, ...] = ()
    declared: Format | None = None
    depositor: Reader | None = None
    writer: str | None = None
    box: PatientKey | None = None

    @property
    def counted_as(self) -> str:
        """The sender in the metrics, where no person is named: of a mail address the domain, for
        what stands before it may be an INS."""
        if self.depositor is not None:
            return self.door
        return self.sender if self.door is not Door.SMTP else self.sender.rpartition("@")[2]


class Received(Struct, frozen=True, kw_only=True):
    """One message of a delivery: what was understood, and the durable answer."""

    understanding: Understanding
    answer: Answer


class Here:
    """Satisfies `ports.understanding.Elsewhere` on the spot: for a command, which has nobody else
    to serve meanwhile."""

    def is_better(self, size: int) -> bool:  # noqa: ARG002 - the port's
        return False

    def was_here(self, size: int) -> None:
        """Nobody else could have."""

    async def understand(
        self, raw: bytes, reading: Reading, declared: Format | None
    ) -> list[Understanding]:
        return understand_at_door(raw, reading, declared)


@dataclass(frozen=True, slots=True)
class Receive:
    """The flow of ARCHITECTURE "The path of one document", steps 2 to 5."""

    journal: Journal
    clock: Clock
    ids: Ids
    elsewhere: Elsewhere
    metrics: Metrics = field(default_factory=NoMetrics)
    validate: Validate | None = None

    async def __call__(self, delivery: Delivery) -> list[Received]:
        """Each message of the delivery, in order; durable when this returns.

        Raises DeferredError when nothing could be made durable.
        """
        if self.takes_no_time(delivery):
            return await self.file_all(delivery, self.understand(delivery))
        return await self.file_all(delivery, await self.understood(delivery, self.begin(delivery)))

    async def refuse(self, delivery: Delivery, fault: Finding) -> Received:
        """Keeps what a door refuses for its request, unlike what it refuses for its bytes.

        It is read all the same, where its type is one that is read: the desk sees what else is
        wrong with it. Raises DeferredError as a call does.
        """
        read = await self.understood(delivery, self.begin(delivery))
        others = (one for one in read[0].findings if one.code != fault.code)
        findings = (fault, *others)
        judged = replace(read[0], findings=findings, verdict=verdict_of(findings))
        return (await self.file_all(delivery, [judged]))[0]

    def takes_no_time(self, delivery: Delivery) -> bool:
        """Understood at once, on the event loop, without giving way to anybody."""
        return not delivery.reading.strict and not self.elsewhere.is_better(len(delivery.raw))

    def understand(self, delivery: Delivery) -> list[Understanding]:
        """Here and now, as a door judges it."""
        self.elsewhere.was_here(len(delivery.raw))
        return understand_at_door(delivery.raw, delivery.reading, delivery.declared)

    def begin(self, delivery: Delivery) -> Awaitable[list[Understanding]]:
        """Here and now, or already begun elsewhere, whichever is better."""
        if self.elsewhere.is_better(len(delivery.raw)):
            return self.elsewhere_understood(delivery)
        return _told(self.understand(delivery))

    def elsewhere_understood(self, delivery: Delivery) -> Awaitable[list[Understanding]]:
        """The same away from the event loop; begins before it is awaited."""
        return self.elsewhere.understand(delivery.raw, delivery.reading, delivery.declared)

    async def understood(
        self, delivery: Delivery, begun: Awaitable[list[Understanding]]
    ) -> list[Understanding]:
        """What `begun` brings, validated where the sender is strict."""
        understood = await begun
        if not delivery.reading.strict or self.validate is None:
            return understood
        if len(understood) > MAX_STRICT_MESSAGES:
            return [too_many(replace(understood[0], raw=None), TOO_MANY_STRICT)]
        return [await self._validated(one, delivery, self.validate) for one in understood]

    async def _validated(
        self, one: Understanding, delivery: Delivery, validate: Validate
    ) -> Understanding:
        if one.format is not Format.HL7V2:
            return one
        found = await validate(one.raw if one.raw is not None else delivery.raw)
        findings = (*one.findings, *found)
        return replace(one, findings=findings, verdict=verdict_of(findings))

    async def file_all(self, delivery: Delivery, understood: list[Understanding]) -> list[Received]:
        """Files what was understood, in order, and counts each answer. Of a batch so many at once
        share a commit; those behind one that could not be made durable are not begun.
        """
        began = self.clock.monotonic()
        if len(understood) == 1:
            return [await self._file(delivery, understood[0], began, several=False)]
        received: list[Received] = []
        for first in range(0, len(understood), FILED_AT_ONCE):
            some = understood[first : first + FILED_AT_ONCE]
            filing = [self._file(delivery, one, began, several=True) for one in some]
            for outcome in await asyncio.gather(*filing, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome
                received.append(outcome)
        return received

    async def _file(
        self, delivery: Delivery, one: Understanding, began: float, *, several: bool
    ) -> Received:
        intake = self.intake(delivery, one, several=several)
        try:
            answer = await self.journal.file(intake)
        except DeferredError:
            self.metrics.deferred(door=delivery.door, sender=delivery.counted_as)
            raise
        tell(delivery, answer)
        self.metrics.received(
            door=delivery.door,
            sender=delivery.counted_as,
            verdict=answer.verdict,
            seconds=self.clock.monotonic() - began,
        )
        return Received(understanding=one, answer=answer)

    def intake(
        self, delivery: Delivery, understood: Understanding, *, several: bool = False
    ) -> Intake:
        """Names the intake; `several` when the delivery is a batch of messages."""
        raw = understood.raw if several and understood.raw is not None else delivery.raw
        digest = _digest(raw, understood)
        return Intake(
            receipt=self.ids.identifier(),
            sender=delivery.sender,
            organization=delivery.organization,
            door=delivery.door,
            key=_key(delivery, understood, digest, several=several),
            raw=raw,
            digest=digest,
            at=self.clock.now(),
            understanding=understood,
            depositor=delivery.depositor,
            writer=delivery.writer,
            box=delivery.box,
        )


def tell(delivery: Delivery, answer: Answer) -> None:
    """A line for what its sender must mend or a person must look at, which an operator finds by the
    receipt or by the sender; of what was accepted only where everything is told."""
    if answer.verdict is Verdict.ACCEPT:
        log.debug("intake.accepted", receipt=answer.receipt, door=delivery.door.value)
        return
    is_refused = answer.verdict is Verdict.REFUSE
    (log.warning if is_refused else log.info)(
        "intake.refused" if is_refused else "intake.held",
        receipt=answer.receipt,
        door=delivery.door.value,
        sender=delivery.counted_as,
        verdict=answer.verdict.value,
        codes=list(dict.fromkeys(one.code for one in answer.findings)),
    )


async def _told(understood: list[Understanding]) -> list[Understanding]:
    return understood


def _digest(raw: bytes, understood: Understanding) -> bytes:
    """SHA-256 of the bytes; taken from the document where it is the whole of them. Of a lot that of
    all it says: a retry bears another MessageID and another assertion (XDS.md section 11)."""
    if understood.format is Format.XDS and understood.written_as is not None:
        return bytes.fromhex(understood.written_as)
    if len(understood.contents) == 1 and understood.contents[0].body is raw:
        return bytes.fromhex(understood.documents[0].sha256)
    return hashlib.sha256(raw).digest()


def read_for(reading: Reading, account: SenderAccount | None) -> Reading:
    """A door's way of reading with what the operator allows, or asks, of this sender."""
    if account is None or (
        reading.results_only >= account.results_only
        and reading.strict >= account.strict
        and reading.identities <= account.identities
    ):
        return reading
    return replace(
        reading,
        results_only=reading.results_only or account.results_only,
        strict=reading.strict or account.strict,
        identities=reading.identities and account.identities,
    )


def _key(
    delivery: Delivery, understood: Understanding, digest: bytes, *, several: bool
) -> str | None:
    """What this sender may use once: its own key, a mail for the same boxes, the uniqueId of a
    SubmissionSet (XDS.md section 5), or MSH-3, MSH-4 and MSH-10 (HL7V2 section 5)."""
    if delivery.recipients:
        return mailed_key(understood.written_as or digest.hex(), delivery.recipients)
    if delivery.idempotency_key:
        suffix = f"#{understood.index}" if several else ""
        return f"{CHOSEN_KEY}{delivery.idempotency_key}{suffix}"
    submission = understood.submission
    if understood.format is Format.XDS and submission is not None and submission.unique_id:
        return f"{LOT_KEY}{submission.unique_id}"
    message = understood.message
    if message is None or not message.header.control_id:
        return None
    header = message.header
    return read_key(header.sending_application, header.sending_facility, header.control_id)
