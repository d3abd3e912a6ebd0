"""Release: what was held for an identity files itself once the identity is qualified."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from msgspec import structs

from gateway.flows.receive import Delivery, Receive
from gateway.ports.journal import Journal
from gateway.records.filing import Answer, Receipt
from gateway.records.reading import DEFAULT_READING, Reading
from gateway.records.task import Task

HandOver = Callable[[Receipt, bytes], Awaitable[Delivery]]
"""What the door that took these bytes would hand over today."""


@dataclass(frozen=True, slots=True)
class Release:
    """Understands the kept bytes again and has them judged under the same receipt.

    Without `hand_over` every receipt is read as `reading` says.
    """

    journal: Journal
    receive: Receive
    reading: Reading = DEFAULT_READING
    hand_over: HandOver | None = None

    async def carry(self, task: Task) -> str:
        """A RELEASE task: its payload lists the names that were qualified, in hex."""
        count = 0
        for name in task.payload.decode().split(","):
            for receipt in await self.journal.waiting_for(bytes.fromhex(name)):
                await self.again(receipt)
                count += 1
        return f"released {count}"

    async def others(self, names: Iterable[bytes], *, apart_from: str) -> list[tuple[str, Answer]]:
        """Judges again what waits for one of these names, and tells each answer."""
        waiting: dict[str, None] = {}
        for name in names:
            waiting |= dict.fromkeys(await self.journal.waiting_for(name))
        waiting.pop(apart_from, None)
        answers = [(one, await self.again(one)) for one in waiting]
        return [(one, answer) for one, answer in answers if answer is not None]

    async def again(self, receipt: str) -> Answer | None:
        """Judges one held receipt again; None when its bytes are gone."""
        kept = await self.journal.receipt(receipt)
        raw = await self.journal.raw(receipt)
        if kept is None or raw is None:
            return None
        delivery = await self._delivery(kept, raw)
        understood = (await self.receive.elsewhere_understood(delivery))[0]
        intake = self.receive.intake(delivery, understood)
        intake = structs.replace(intake, receipt=receipt, key=kept.key, released=True)
        return await self.journal.refile(intake)

    async def _delivery(self, kept: Receipt, raw: bytes) -> Delivery:
        if self.hand_over is not None:
            return await self.hand_over(kept, raw)
        return Delivery(
            sender=kept.sender,
            door=kept.door,
            raw=raw,
            reading=self.reading,
            depositor=kept.depositor,
        )
