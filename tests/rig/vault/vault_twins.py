"""In-memory twins of the ports that the vault stands on."""

import hashlib
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from shelf_twin import ShelfTwin

from gateway.records.documents.observation import Observation
from gateway.records.patients.account import (
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Person,
    Professional,
    SenderAccount,
    Tie,
    Trace,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.operator import Operator
from gateway.records.readers.own_try import OwnTry
from gateway.records.task import NewTask

NOW = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
SENDER_TOKEN = "token-of-a-laboratory"
INS_TEST = "1.2.250.1.213.1.4.10"


def identity(ins: str, family: str, given: str) -> PatientIdentity:
    return PatientIdentity(
        ins=ins,
        ins_oid=INS_TEST,
        birth_family=family,
        birth_given=given,
        birth_givens=given,
        birth_date="1984-03-12",
        sex="F",
        birth_place="75116",
        traits_complete=True,
    )


@dataclass
class MovedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


@dataclass
class Pauses:
    """Waits for nobody, and counts how often it was asked to."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class PlainHasher:
    """No argon2 in tests: the hash is the password, said to be one. Counts how often it was asked,
    which is what takes the time of a sign-in."""

    asked = 0

    async def hash(self, password: str) -> str:
        return f"hash:{password}"

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.asked += 1
        return password_hash == f"hash:{password}"


@dataclass
class Letters:
    sent: list[dict[str, str]] = field(default_factory=list)

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None:
        self.sent.append({"channel": channel, "to": to, "subject": subject, "body": body})

    def code(self) -> str:
        words = self.sent[-1]["body"].replace(".", " ").split()
        return next(word for word in words if word.isdigit() and len(word) == 6)


@dataclass
class MemoryTraces:
    clock: MovedClock
    rows: list[Trace] = field(default_factory=list)

    async def write(self, traces: Sequence[NewTrace], *, then: Sequence[NewTask] = ()) -> None:
        for one in traces:
            self.rows.append(Trace(number=len(self.rows) + 1, at=self.clock.now(), trace=one))

    async def of_patient(
        self, patient: PatientKey, *, limit: int, before: int | None = None
    ) -> list[Trace]:
        found = [row for row in self.rows if row.trace.patient == patient]
        older = [row for row in found if before is None or row.number < before]
        return list(reversed(older))[:limit]

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
        found = await self.of_patient(patient, limit=len(self.rows), before=before)
        return [row for row in found if row.trace.document == document][:limit]


def _ended(one: Choice, by: Choice) -> Choice:
    """As the store does: an open choice of the same kind and target ends at the new one's start."""
    same = (one.kind, one.target) == (by.kind, by.target)
    is_open = one.until is None or one.until > by.since
    return replace(one, until=by.since) if same and is_open else one


@dataclass
class MemoryPeople:
    persons: dict[PatientKey, Person] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    pros: list[Professional] = field(default_factory=list)
    chosen: dict[PatientKey, list[Choice]] = field(default_factory=dict)
    log: "MemoryTraces | None" = None
    then: list[NewTask] = field(default_factory=list)
    certificates: dict[str, SenderAccount] = field(default_factory=dict)

    async def person(self, patient: PatientKey) -> Person | None:
        return self.persons.get(patient)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        return self.chosen.get(patient, [])

    async def ties(self, person: PatientKey) -> list[Tie]:
        return [
            Tie(patient=patient, choice=one)
            for patient, chosen in self.chosen.items()
            for one in chosen
            if one.target == person.hex()
        ]

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        return list(self.persons.values())

    async def choose(
        self,
        patient: PatientKey,
        choice: Choice,
        *,
        act: NewTrace | None = None,
        then: Sequence[NewTask] = (),
        also: Sequence[Choice] = (),
    ) -> None:
        self.then += then
        for each in (choice, *also):
            held = self.chosen.get(patient, [])
            self.chosen[patient] = [*(_ended(one, each) for one in held), each]
            self._settle(patient, each)
            if act is not None and self.log is not None:
                await self.log.write([act])

    def _settle(self, patient: PatientKey, choice: Choice) -> None:
        """As the store does, the record's own line says whether new documents enter masked."""
        if choice.kind is ChoiceKind.NEW_MASKED:
            changed = replace(self.persons[patient], masks_new=choice.until is None)
            self.persons[patient] = changed
        if choice.kind is ChoiceKind.DECEASED:
            dead = replace(self.persons[patient], deceased=choice.until is None)
            self.persons[patient] = dead

    async def login(self, login: str) -> Login | None:
        return self.logins.get(login)

    async def login_of(self, patient: PatientKey) -> Login | None:
        return next((one for one in self.logins.values() if one.patient == patient), None)

    async def professional(self, token_hash: bytes) -> Professional | None:
        return next((one for one in self.pros if one.token_hash == token_hash), None)

    async def professionals(self) -> list[Professional]:
        return self.pros

    async def professionals_at(self, addresses: Collection[str]) -> list[Professional]:
        wanted = {one.lower() for one in addresses}
        return [one for one in self.pros if one.mail and one.mail.lower() in wanted]

    async def sender(self, token_hash: bytes) -> SenderAccount | None:
        known = hashlib.sha256(SENDER_TOKEN.encode()).digest()
        return SenderAccount(name="labo") if token_hash == known else None

    async def sender_by_certificate(self, fingerprint: str) -> SenderAccount | None:
        return self.certificates.get(fingerprint)

    async def sender_named(self, name: str) -> SenderAccount | None:
        return None


class Directory:
    """The twin of the table of professionals, as a provider's sign-in notes them."""

    def __init__(self, known: list[Professional]) -> None:
        self.known = known

    async def professional_by_id(self, identifier: str) -> Professional | None:
        return next((one for one in self.known if one.id == identifier), None)

    async def add_professional(self, professional: Professional) -> None:
        self.known[:] = [one for one in self.known if one.id != professional.id]
        self.known.append(professional)


@dataclass
class MemoryShelf(ShelfTwin):
    bodies: dict[str, bytes] = field(default_factory=dict)
    results: dict[str, list[Observation]] = field(default_factory=dict)
    log: "MemoryTraces | None" = None

    async def body(self, document: str) -> bytes:
        return self.bodies[document]

    async def observations(self, document: str) -> list[Observation]:
        return self.results.get(document, [])

    async def observations_each(
        self, patient: PatientKey, documents: Sequence[str]
    ) -> dict[str, list[Observation]]:
        return {one: self.results[one] for one in documents if one in self.results}

    async def words(self, patient: PatientKey, words: Sequence[str]) -> set[str]:
        cards = await self.cards(patient)
        return {card.id for card in cards if all(w in card.title.casefold() for w in words)}

    async def mark_read(self, document: str, *, at: datetime) -> None:
        self.change(document, read=True)

    async def written(self, acts: Sequence[NewTrace], then: Sequence[NewTask] = ()) -> None:
        if self.log is not None:
            await self.log.write(acts, then=then)


@dataclass
class MemoryOperators:
    """By login, in small letters."""

    kept: dict[str, Operator] = field(default_factory=dict)

    async def operator(self, login: str) -> Operator | None:
        return self.kept.get(login.casefold())

    async def operator_numbered(self, number: str) -> Operator | None:
        return next((one for one in self.kept.values() if one.number == number), None)


@dataclass
class MemoryOwnTries:
    kept: dict[str, list[OwnTry]] = field(default_factory=dict)

    async def note(self, professional: str, one: OwnTry) -> None:
        self.kept.setdefault(professional, []).append(one)

    async def of(self, professional: str, *, limit: int) -> list[OwnTry]:
        return list(reversed(self.kept.get(professional, [])))[:limit]


class PlainNames:
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return PatientKey(hashlib.sha256(f"{ins_oid}|{ins}".encode()).digest()[:16])

    def local_key(self, identifier: str) -> bytes:
        return hashlib.sha256(identifier.encode()).digest()[:16]
