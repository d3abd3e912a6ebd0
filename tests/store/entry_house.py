"""A medical profile and who writes into it: the real store, judge and room."""

from dataclasses import dataclass, field
from datetime import timedelta

from papers import ANA, Person
from real_store import open_space
from store_house import FixedClock

from gateway.access.grid import read_grid, shipped_bytes
from gateway.clock import SystemIds
from gateway.flows.entries.listing import Listed
from gateway.flows.entries.room import MedicalProfile, profile_of
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.read import ReadShelf
from gateway.records.entries.entry import Entry
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.medical import Allergy, Condition
from gateway.records.patients.account import Choice, ChoiceKind, Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.records.readers.switches import Switches
from gateway.store import Store

ROUX = Professional(
    id="899900000018",
    name="Dr Hélène Roux",
    profession="G15_10",
    organization="1",
    organization_name="Cabinet des Tilleuls",
)
ASTHMA = Condition(name="Asthme", onset="2010")
PENICILLIN = Allergy(substance="Pénicilline")
CONDITION = EntryKind.CONDITION


@dataclass
class Diary:
    """`ana` writes into her own profile, `roux` is her doctor."""

    store: Store
    clock: FixedClock
    key: PatientKey = field(init=False)
    room: MedicalProfile = field(init=False)

    def __post_init__(self) -> None:
        self.read = ReadShelf(
            shelf=self.store.shelf,
            people=self.store.people,
            traces=self.store.traces,
            clock=self.clock,
            grid=read_grid(shipped_bytes()),
            switches=Switches(),
        )
        self.room = profile_of(self.read, self.store.entries, SystemIds())
        self.key = self.store.keys.patient_key(ANA.oid, ANA.ins)

    async def open(self, who: Person = ANA) -> PatientKey:
        await self.store.people.add_professional(ROUX)
        key = await open_space(self.store, who.identity)
        since = self.clock.now() - timedelta(days=1)
        consent = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=ROUX.id, since=since)
        await self.store.people.choose(key, consent)
        return key

    @property
    def ana(self) -> Reader:
        return patient_reader(self.key, name="Ana")

    @property
    def roux(self) -> Reader:
        return professional_reader(ROUX)

    async def tied(self, who: PatientKey, kind: ReaderKind, choice: ChoiceKind) -> Reader:
        """Somebody who acts for Ana."""
        tie = Choice(kind=choice, target=who.hex(), since=self.clock.now(), by="caisse")
        await self.store.people.choose(self.key, tie)
        return Reader(kind=kind, id=who.hex(), name="Alix")

    async def listed(
        self, reader: Reader | None = None, *kinds: EntryKind, proposed: bool = False
    ) -> Listed:
        wanted = kinds or tuple(EntryKind)
        return await self.room.listing(reader or self.ana, self.key, wanted, proposed=proposed)

    async def only(self, reader: Reader | None = None) -> Entry:
        (entry,) = (await self.listed(reader)).entries
        return entry

    async def acts(self) -> list[tuple[str, bool, str]]:
        """Newest last."""
        rows = await self.store.traces.of_patient(self.key, limit=99)
        return [(r.trace.action, r.trace.permitted, r.trace.rule) for r in reversed(rows)]

    def wait(self, **time: int) -> None:
        self.clock.at += timedelta(**time)
