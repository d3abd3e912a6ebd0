"""A ward whose senders name, merge and speak for patients: a store with the real judge."""

from dataclasses import dataclass, replace
from datetime import timedelta

from msgspec import structs
from papers import Person, message, msh, pid, results, stranger
from real_store import open_space
from store_house import FixedClock

from gateway.clock import SystemIds
from gateway.flows.again import Again
from gateway.flows.corresponding.admitting import Admit
from gateway.flows.identity.decide import Decide
from gateway.flows.identity.propose import TwoPeople
from gateway.flows.identity.qualify import Qualify
from gateway.flows.identity.release import Release
from gateway.flows.receive import Delivery, Here, Receive
from gateway.ports.documents.journal import Journal
from gateway.ports.people.desk import Proposals
from gateway.ports.people.patient_index import PatientIndex
from gateway.records.intake.filing import Answer, Door, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import NewTrace
from gateway.records.patients.index import DeskWord
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.store import Store

ALIX, LOU = stranger(), replace(stranger(322), given="Lou", givens="Lou")
AUTHORITY = "CHARMES&1.2.250.1.999.31&ISO"
HOUSE = "1999999999"
READING = replace(DEFAULT_READING, results_only=True)
WORD = NewTrace(
    patient=PatientKey(bytes(16)),
    action="identity",
    permitted=True,
    rule="operator",
    kind="operator",
    actor="Lou",
    actor_name="Lou",
)


@dataclass
class Ward:
    """A store with the real judge, and a sender that may send results alone."""

    store: Store
    clock: FixedClock

    def __post_init__(self) -> None:
        ids = SystemIds()
        self.receive = Receive(self.store.journal, self.clock, ids, Here())
        again = Again(
            journal=self.store.journal,
            receive=self.receive,
            hand_over=self._hand_over,
            admit=Admit(
                people=self.store.people,
                traces=self.store.traces,
                is_known=lambda _: True,
                clock=self.clock,
            ),
        )
        self.release = Release(again)

    async def _hand_over(self, kept: Receipt, raw: bytes) -> Delivery:
        return Delivery(
            sender=kept.sender,
            door=kept.door,
            raw=raw,
            organization=HOUSE,
            reading=READING,
            depositor=kept.depositor,
        )

    async def send(
        self, raw: bytes, house: str | None = HOUSE, *, depositor: Reader | None = None
    ) -> Answer:
        """The answer, once what it released is filed too."""
        delivery = Delivery(
            sender="labo",
            door=Door.MLLP,
            raw=raw,
            organization=house,
            reading=READING,
            depositor=depositor,
        )
        (received,) = await self.receive(delivery)
        for task in await self.store.tasks.claim(
            self.clock.now(), lease=timedelta(minutes=5), limit=99
        ):
            if task.kind == "release":
                await self.release.carry(task)
                await self.store.tasks.settle(task, outcome="done", at=self.clock.now())
        return received.answer

    async def fate(self, answer: Answer) -> Verdict:
        kept = await self.store.journal.receipt(answer.receipt)
        assert kept is not None
        return kept.answer.verdict

    async def decide(self, answer: Answer, word: DeskWord) -> Answer:
        """As two operators would have a held receipt judged again."""
        raw = await self.store.journal.raw(answer.receipt)
        kept = await self.store.journal.receipt(answer.receipt)
        assert raw is not None
        assert kept is not None
        delivery = Delivery(
            sender="labo", door=Door.MLLP, raw=raw, organization=HOUSE, reading=READING
        )
        intake = self.receive.intake(delivery, self.receive.understand(delivery)[0])
        intake = structs.replace(intake, receipt=answer.receipt, key=kept.key, desk=word)
        return await self.store.journal.refile(intake)

    def key(self, who: Person) -> PatientKey:
        return self.store.keys.patient_key(who.oid, who.ins)

    async def open(self, who: Person) -> PatientKey:
        return await open_space(self.store, who.identity)

    async def count(self, who: Person) -> int:
        cards = await self.store.shelf.cards(self.key(who))
        record = await self.root(who)
        assert all(card.patient == record for card in cards)
        return len(cards)

    async def root(self, who: Person) -> PatientKey:
        person = await self.store.people.person(self.key(who))
        assert person is not None
        return person.key


def desk(
    ward: Ward,
    people: PatientIndex | None = None,
    *,
    journal: Journal | None = None,
    proposals: Proposals | None = None,
) -> TwoPeople:
    """The desk of one process; several share the store."""
    store = ward.store
    again = replace(ward.release.again, journal=journal or store.journal)
    return TwoPeople(
        proposals=proposals or store.proposals,
        qualify=Qualify(
            people=people or store.people, names=store.keys, again=again, release=ward.release
        ),
        decide=Decide(names=store.keys, again=again, release=ward.release),
        clock=ward.clock,
        ids=SystemIds(),
    )


def a40(who: Person, control: str, prior: str, *, local: str = "", event: str = "A40") -> bytes:
    """The survivor with its INS; `prior` is a local identifier of the same authority."""
    return message(
        msh(f"ADT^{event}^ADT_A39", control),
        "EVN||20260115101500",
        pid(who, local=local),
        f"MRG|{prior}^^^{AUTHORITY}^PI",
    )


def numbered(who: Person, control: str, local: str) -> bytes:
    return results(who, control, local=local, with_ins=False)
