"""Again: what was kept of a receipt, understood with today's code as its door would."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from msgspec import structs

from gateway.errors import DeniedError, RefusedError
from gateway.flows.receive import Delivery, Receive
from gateway.ports.documents.journal import Journal
from gateway.records.intake.filing import Intake, Receipt
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.patient import PatientKey

HandOver = Callable[[Receipt, bytes], Awaitable[Delivery]]
"""What the door that took these bytes would hand over today."""
Admit = Callable[[Understanding, str, PatientKey | None], Awaitable[Understanding]]
"""`corresponding.admitting`: what a box takes of this sender; raises DeniedError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A receipt with its bytes, ready to be judged again."""

    receipt: Receipt
    delivery: Delivery
    understanding: Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    journal: Journal
    receive: Receive
    hand_over: HandOver
    admit: Admit

    async def __call__(self, receipt: str) -> Kept:
        """Raises RefusedError for an unknown receipt, or one whose bytes were dropped."""
        found = await self.receipt(receipt)
        delivery = await self._delivery(found)
        understood = (await self.receive.elsewhere_understood(delivery))[0]
        return Kept(receipt=found, delivery=delivery, understanding=understood)

    async def intake(self, kept: Kept, understood: Understanding | None = None) -> Intake:
        """To be judged again under its own receipt; `understood` where it is otherwise than kept.
        What the mail door asks of a message is asked again: where the patient refuses its sender by
        now, its documents are judged alone."""
        delivery, found = kept.delivery, understood or kept.understanding
        try:
            found = await self.admit(found, delivery.writer or delivery.sender, delivery.box)
        except DeniedError:
            delivery = structs.replace(delivery, box=None)
        made = self.receive.intake(delivery, found)
        return structs.replace(made, receipt=kept.receipt.id, key=kept.receipt.key)

    async def delivery(self, receipt: str) -> Delivery:
        """Its bytes, as its door would hand them over today. Raises RefusedError likewise."""
        return await self._delivery(await self.receipt(receipt))

    async def _delivery(self, found: Receipt) -> Delivery:
        raw = await self.journal.raw(found.id)
        if raw is None:
            raise RefusedError(f"the bytes of receipt {found.id} were dropped")
        return await self.hand_over(found, raw)

    async def receipt(self, receipt: str) -> Receipt:
        """Raises RefusedError for an unknown one."""
        kept = await self.journal.receipt(receipt)
        if kept is None:
            raise RefusedError(f"there is no receipt {receipt}")
        return kept
