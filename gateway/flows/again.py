"""Again: what was kept of a receipt, understood with today's code as its door would."""

from dataclasses import dataclass

from gateway.errors import RefusedError
from gateway.flows.receive import Delivery, Receive
from gateway.ports.journal import Journal
from gateway.ports.patient_index import PatientIndex
from gateway.records.filing import Receipt
from gateway.records.reading import Reading
from gateway.records.understanding import Format, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A receipt with its bytes, ready to be judged again."""

    receipt: Receipt
    delivery: Delivery
    understanding: Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    journal: Journal
    people: PatientIndex
    receive: Receive

    async def __call__(self, receipt: str, reading: Reading) -> Kept:
        """Raises RefusedError for an unknown receipt, or one whose bytes were dropped."""
        kept = await self.receipt(receipt)
        raw = await self.journal.raw(receipt)
        if raw is None:
            raise RefusedError(f"the bytes of receipt {receipt} were dropped")
        sender = await self.people.sender_named(kept.sender)
        known = kept.format != Format.UNKNOWN
        delivery = Delivery(
            sender=kept.sender,
            organization=sender.organization if sender else None,
            door=kept.door,
            raw=raw,
            reading=reading,
            declared=Format(kept.format) if known else None,
            depositor=kept.depositor,
        )
        understood = (await self.receive.elsewhere_understood(delivery))[0]
        return Kept(receipt=kept, delivery=delivery, understanding=understood)

    async def receipt(self, receipt: str) -> Receipt:
        """Raises RefusedError for an unknown one."""
        kept = await self.journal.receipt(receipt)
        if kept is None:
            raise RefusedError(f"there is no receipt {receipt}")
        return kept
