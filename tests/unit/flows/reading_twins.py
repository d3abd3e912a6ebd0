"""Twins of the ports that reading asks, in memory, and a small synthetic record."""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from msgspec import structs
from shelf_twin import ShelfTwin

from gateway.access.grid import Cell, Grid
from gateway.errors import DeniedError
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.read import ReadShelf
from gateway.records.documents.document import Document, Label
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Person,
    Professional,
    SenderAccount,
    Trace,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.switches import Switches
from gateway.records.task import NewTask

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
ANNE, PAUL = PatientKey(b"a" * 16), PatientKey(b"p" * 16)
DOCTOR = Professional(
    id="890000000011", name="Dr Synthèse", profession="G15_10", organization="1750000011"
)
NURSE = Professional(id="890000000022", name="Mme Essai", profession="G15_60")
HOLDER = patient_reader(ANNE, name="Anne ESSAI")
PHYSICIAN = professional_reader(DOCTOR)
WAITING = ("INVISIBLE_PATIENT",)
GRID = Grid(
    [
        Cell(profession="G15_10", type_code="11502-2", permits=True, status="reported"),
        Cell(profession="G15_60", type_code="11502-2", permits=False, status="placeholder"),
        Cell(profession="GENR08", type_code="11502-2", permits=False, status="placeholder"),
    ],
    digest="d" * 64,
)


def card(identifier: str, **changes: object) -> Card:
    plain = Card(
        id=identifier,
        patient=ANNE,
        receipt="r",
        status=DocumentStatus.CURRENT,
        type_code="11502-2",
        class_code="11",
        label=Label.BIOLOGIE,
        title="Compte rendu de biologie",
        author="Laboratoire des Essais",
        author_ids=("890000000099",),
        organization="1750000099",
        organization_name="Laboratoire des Essais",
        act_date="2026-03-01",
        codes=("N",),
        mime_type="text/xml",
        size=10,
        results=0,
        deposited_at=datetime(2026, 3, 10, tzinfo=UTC),
        hidden_from=None,
        announced_at=None,
        by_patient=False,
    )
    return structs.replace(plain, **changes)  # any field of a card


def person(key: PatientKey, **changes: object) -> Person:
    identity = PatientIdentity(birth_date="1984-07-02", birth_family="ESSAI", birth_given="ANNE")
    plain = Person(key=key, state=AccountState.ACTIVE, identity=identity, qualified=True)
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field of a person


def choice(
    kind: ChoiceKind,
    target: str = "",
    *,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    until: datetime | None = None,
) -> Choice:
    return Choice(kind=kind, target=target, since=since, until=until)


class FixedClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0


@dataclass
class MemoryShelf(ShelfTwin):
    bodies: dict[str, bytes] = field(default_factory=dict)
    bodies_given: list[str] = field(default_factory=list)
    results: dict[str, list[Observation]] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    read: list[str] = field(default_factory=list)
    acts: list[NewTrace] = field(default_factory=list)
    then: list[NewTask] = field(default_factory=list)

    def put(self, one: Card, *, superseded_by: str | None = None) -> None:
        document = Document(patient=PatientIdentity(), title=one.title)
        self.shelved[one.id] = Shelved(
            card=one, document=document, sender="labo", superseded_by=superseded_by
        )

    async def body(self, document: str) -> bytes:
        self.bodies_given.append(document)
        return self.bodies.get(document, b"<own bytes/>")

    async def observations(self, document: str) -> list[Observation]:
        return self.results.get(document, [])

    async def observations_each(
        self, patient: PatientKey, documents: Sequence[str]
    ) -> dict[str, list[Observation]]:
        return {one: self.results[one] for one in documents if one in self.results}

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        return self.found

    async def mark_read(self, document: str, *, at: datetime) -> None:
        self.read.append(document)

    async def written(self, acts: Sequence[NewTrace], then: Sequence[NewTask] = ()) -> None:
        self.acts += acts
        self.then += then


def _ended(one: Choice, by: Choice) -> Choice:
    """As the store does: an open choice of the same kind and target ends at the new one's start."""
    same = (one.kind, one.target) == (by.kind, by.target)
    is_open = one.until is None or one.until > by.since
    return replace(one, until=by.since) if same and is_open else one


@dataclass
class MemoryPeople:
    known: dict[PatientKey, Person] = field(default_factory=lambda: {ANNE: person(ANNE)})
    chosen: list[Choice] = field(default_factory=list)
    acts: list[NewTrace] = field(default_factory=list)
    then: list[NewTask] = field(default_factory=list)
    logins: dict[PatientKey, Login] = field(default_factory=dict)

    async def person(self, patient: PatientKey) -> Person | None:
        return self.known.get(patient)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        return self.chosen

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        return list(self.known.values())

    async def choose(
        self,
        patient: PatientKey,
        choice: Choice,
        *,
        act: NewTrace | None = None,
        then: Sequence[NewTask] = (),
        also: Sequence[Choice] = (),
    ) -> None:
        for each in (choice, *also):
            self.chosen = [*(_ended(one, each) for one in self.chosen), each]
            self.acts += [act] if act else []
        self.then += then

    async def login(self, login: str) -> Login | None:
        return None

    async def login_of(self, patient: PatientKey) -> Login | None:
        return self.logins.get(patient)

    async def professional(self, token_hash: bytes) -> Professional | None:
        return None

    async def professionals(self) -> list[Professional]:
        return [DOCTOR, NURSE]

    async def professionals_at(self, addresses: Collection[str]) -> list[Professional]:
        wanted = {one.lower() for one in addresses}
        return [one for one in [DOCTOR, NURSE] if one.mail and one.mail.lower() in wanted]

    async def sender(self, token_hash: bytes) -> SenderAccount | None:
        return None

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return None

    async def sender_named(self, name: str) -> SenderAccount | None:
        return None


@dataclass
class MemoryTraces:
    written: list[NewTrace] = field(default_factory=list)
    then: list[NewTask] = field(default_factory=list)

    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        self.written.extend(traces)
        self.then.extend(then)

    async def of_patient(
        self, patient: PatientKey, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        rows = [
            Trace(number=number, at=NOW, trace=trace)
            for number, trace in enumerate(self.written, 1)
            if trace.patient == patient and (before is None or number < before)
        ]
        return rows[::-1][:limit]

    async def of_others(
        self,
        patient: PatientKey,
        own: str,
        *,
        besides: Container[str],
        limit: int,
        before: int | None = None,
    ) -> tuple[list[Trace], int | None]:
        rows = await self.of_patient(patient, limit=limit, before=before)
        kept = [one for one in rows if one.trace.actor != own or one.trace.action in besides]
        return kept, rows[-1].number if rows else None

    async def of_document(
        self, patient: PatientKey, document: str, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        rows = await self.of_patient(patient, limit=len(self.written), before=before)
        return [row for row in rows if row.trace.document == document][:limit]


class FullTraces(MemoryTraces):
    """A log that cannot be written."""

    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        raise OSError("no space left")


@dataclass
class House:
    """One record with its twins, and the verbs over them."""

    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    traces: MemoryTraces = field(default_factory=MemoryTraces)

    @property
    def read(self) -> ReadShelf:
        return ReadShelf(
            shelf=self.shelf,
            people=self.people,
            traces=self.traces,
            clock=FixedClock(),
            grid=GRID,
            switches=Switches(),
        )

    def agree(self, professional: Professional = DOCTOR) -> None:
        self.people.chosen.append(choice(ChoiceKind.CARE_PROFESSIONAL, professional.id))


def house_of(*cards: Card) -> House:
    house = House()
    for one in cards:
        house.shelf.put(one)
    return house


async def refusal(house: House, reader: Reader, document: str) -> DeniedError:
    with pytest.raises(DeniedError) as caught:
        await house.read.open_document(reader, document)
    return caught.value
