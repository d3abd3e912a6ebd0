"""Release: what was held for an identity files itself once the identity is qualified."""

from dataclasses import dataclass, replace

from gateway.flows.receive import Delivery, Receive
from gateway.ports.journal import Journal
from gateway.records.filing import Answer
from gateway.records.reading import DEFAULT_READING, Reading
from gateway.records.task import Task


@dataclass(frozen=True, slots=True)
class Release:
    """Understands the kept bytes again and has them judged under the same receipt."""

    journal: Journal
    receive: Receive
    reading: Reading = DEFAULT_READING

    async def carry(self, task: Task) -> str:
        """A RELEASE task: its payload lists the names that were qualified, in hex."""
        count = 0
        for name in task.payload.decode().split(","):
            for receipt in await self.journal.waiting_for(bytes.fromhex(name)):
                await self.again(receipt)
                count += 1
        return f"released {count}"

    async def again(self, receipt: str) -> Answer | None:
        """Judges one held receipt again; None when its bytes are gone."""
        kept = await self.journal.receipt(receipt)
        raw = await self.journal.raw(receipt)
        if kept is None or raw is None:
            return None
        delivery = Delivery(sender=kept.sender, door=kept.door, raw=raw, reading=self.reading)
        understood = (await self.receive.offload(lambda: self.receive.understand(delivery)))[0]
        intake = self.receive.intake(delivery, understood)
        intake = replace(intake, receipt=receipt, key=kept.key, released=True)
        return await self.journal.refile(intake)
