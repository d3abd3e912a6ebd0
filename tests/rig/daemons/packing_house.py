"""A real store in which documents are put and packed, without a daemon beside it."""

from msgspec import structs
from place import receiving
from real_store import open_space

from gateway.flows.again import Again
from gateway.flows.corresponding.admitting import Admit
from gateway.flows.pack import Pack, Packed
from gateway.flows.receive import Delivery
from gateway.mapping.xdm import understand_xdm
from gateway.records.documents.document import Document
from gateway.records.intake.filing import Answer, Door, Receipt
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Format, Understanding
from gateway.store import Store


class PackingHouse:
    """Files what it is given and packs it again."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._receive = receiving(store)

    def understood(self, raw: bytes, kind: Format) -> list[Understanding]:
        return self._receive.understand(_delivery(raw, kind))

    async def know(self, document: Document) -> None:
        """An active space of the very patient of this document."""
        await open_space(self.store, document.patient)

    async def deposit(self, raw: bytes, kind: Format) -> Answer:
        """Of its first message or document."""
        delivery = _delivery(raw, kind)
        received = await self._receive.file_all(delivery, self._receive.understand(delivery))
        return received[0].answer

    async def pack(self, receipt: str, reading: Reading = DEFAULT_READING) -> Packed:
        store = self.store

        async def hand_over(kept: Receipt, raw: bytes) -> Delivery:
            return structs.replace(_delivery(raw, Format(kept.format)), reading=reading)

        admit = Admit(
            people=store.people,
            traces=store.traces,
            is_known=lambda _: True,
            clock=self._receive.clock,
        )
        again = Again(
            journal=store.journal, receive=self._receive, hand_over=hand_over, admit=admit
        )
        flow = Pack(shelf=store.shelf, people=store.people, traces=store.traces, again=again)
        return await flow(receipt, by="Lou Testeur")

    async def back(self, receipt: str) -> Understanding:
        """The receipt packed, and read as anybody's archive."""
        return understand_xdm((await self.pack(receipt)).archive, DEFAULT_READING)


def _delivery(raw: bytes, kind: Format) -> Delivery:
    return Delivery(
        sender="labo", organization="1999999999", door=Door.HTTP, raw=raw, declared=kind
    )
