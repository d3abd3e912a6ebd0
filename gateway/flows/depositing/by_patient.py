"""A document that a patient files, or who acts for him: the one intake flow (VAULT DOC-05, DOC-07).

What is brought is made ready first (`mapping.own_file`), becomes a DocumentReference of FHIR, and
goes the way of every door, as what a professional deposits by hand does.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from gateway.access.time import in_force
from gateway.errors import DeniedError
from gateway.flows.depositing.by_hand import NORMAL
from gateway.flows.depositing.directives import OneOfDirectives
from gateway.flows.reading.decided.asking import NOT_THERE, Asked, Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.receive import Delivery, Receive, Received
from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.mapping.labels.choosing import BY_CODE
from gateway.mapping.labels.own import ADMINISTRATIVE, DIRECTIVES, TYPE_OF
from gateway.records.documents.document import Author
from gateway.records.documents.shelved import DocumentStatus, Shelved
from gateway.records.intake.filing import Door
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, DocumentFacts, Reader, ReaderKind

BY_PATIENT = "patient/"
"""How a receipt names whose space it came from; no account of a software holds a slash."""
NOT_OWN = "F33"
URN = "urn:uuid:"
"""Before a unique id in FHIR; the shelf knows it without."""
ROLES = {
    ReaderKind.REPRESENTATIVE: "représentant légal",
    ReaderKind.CAREGIVER: "proche aidant",
}
MadeReady = Callable[[Sequence[bytes]], Awaitable[tuple[str, bytes]]]
"""MIME type and bytes of the one document that these files are; raises RefusedError."""


class NotOwnError(DeniedError):
    """A document that this reader sees, and that is not of the patient's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBrought:
    """`category` is one of `mapping.labels.own.CATEGORIES`, `paper` of its PAPERS, `act_date` ISO.
    `key` names this form: a second click is the same deposit. `replaces` is the id of an own
    document, whose bytes stay where no file is brought."""

    files: tuple[bytes, ...]
    key: str
    title: str
    category: str
    act_date: str
    note: str = ""
    paper: str = ""
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositOwn:
    """`max_bytes` of a file, and of the document that several become."""

    asking: Asking
    receive: Receive
    reading: Reading
    made_ready: MadeReady
    max_bytes: int
    directives: OneOfDirectives

    async def __call__(self, reader: Reader, patient: PatientKey, brought: OwnBrought) -> Received:
        """Durable when this returns. Raises DeniedError where ACCESS refuses the deposit, or the
        change of the document to replace (NotOwnError: a professional's); RefusedError with a
        finding for files that are not taken; DirectivesStandError; DeferredError when nothing could
        be made durable.

        A second click of the form that replaced a document is answered as the first one was."""
        gate = await self.asking.gate(reader, patient, attempt=AccessAction.DEPOSIT)
        person = await self.asking.people.person(patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        if brought.category == DIRECTIVES:
            brought = replace(brought, replaces=await self._directives(gate, person, brought))
        if brought.replaces is None:
            await self.may_deposit(gate, TYPE_OF[brought.category])
        else:
            await self._may_replace(gate, brought.replaces)
        mime_type, body = await self._file(brought)
        made = _made(gate.reader, person, brought, mime_type, body)
        delivery = Delivery(
            sender=f"{BY_PATIENT}{person.key.hex()}",
            door=Door.PAGES,
            raw=await asyncio.to_thread(reference_with, made),
            reading=self.reading,
            idempotency_key=f"{person.key.hex()}:{brought.key}",
            declared=Format.FHIR,
            depositor=in_role(gate),
        )
        return (await self.receive(delivery))[0]

    async def _directives(self, gate: Gate, person: Person, brought: OwnBrought) -> str | None:
        """What they replace. Raises DeniedError for who acts for another, DirectivesStandError."""
        await self.may_deposit(gate, TYPE_OF[DIRECTIVES])
        if gate.reader.kind is not ReaderKind.PATIENT:
            raise DeniedError(NOT_THERE)
        named = unique_id_of(person, brought.key).removeprefix(URN)
        return await self.directives.replaced_by(gate.patient, named, replaces=brought.replaces)

    async def may_deposit(self, gate: Gate, type_code: str) -> None:
        """A refusal is traced here, a deposit by its filing."""
        decision = gate.may(AccessAction.DEPOSIT, DocumentFacts(type=type_code, by_patient=True))
        if not decision.permitted:
            door = self.asking.door
            trace = trace_of(gate, decision, action=AccessAction.DEPOSIT, door=door)
            await self.asking.traces.write([trace])
            raise DeniedError(decision.because, rule=decision.rule)

    async def _may_replace(self, gate: Gate, document: str) -> None:
        """Of an own document that is replaced already the judge says what becomes of the form."""
        shelved = await self.asking.shelf.find(document)
        if shelved is not None and was_replaced(shelved, gate.patient):
            return
        asked = await demand_own(self.asking, gate.reader, AccessAction.REPLACE, document)
        if asked.card.patient != gate.patient:
            raise DeniedError(NOT_THERE)

    async def _file(self, brought: OwnBrought) -> tuple[str, bytes]:
        if brought.files:
            return await self.made_ready(brought.files)
        shelved = await self.asking.shelf.find(brought.replaces or "")
        if shelved is None:
            raise DeniedError(NOT_THERE)
        return shelved.document.mime_type, await self.asking.shelf.body(shelved.card.id)


async def demand_own(asking: Asking, reader: Reader, action: AccessAction, document: str) -> Asked:
    """`Asking.demand` for a change or a deletion; NotOwnError where the document is refused for
    nothing but that a professional brought it."""
    asked = await asking.ask(reader, action, document)
    if asked is None:
        return await asking.demand(reader, action, document)
    if asked.decision.rule == NOT_OWN:
        raise NotOwnError(asked.decision.because, rule=NOT_OWN)
    if not asked.decision.permitted:
        raise DeniedError(NOT_THERE)
    return asked


def was_replaced(shelved: Shelved, patient: PatientKey) -> bool:
    card = shelved.card
    mine = card.patient == patient and card.by_patient
    return mine and card.status is DocumentStatus.SUPERSEDED


def in_role(gate: Gate) -> Reader:
    """A representative with the role in force, which the judge decides by again."""
    reader = gate.reader
    if reader.kind is not ReaderKind.REPRESENTATIVE:
        return reader
    roles = sorted(
        one.role
        for one in gate.record.representatives
        if one.id == reader.id and in_force(one.since, one.until, gate.now)
    )
    return replace(reader, role=roles[0] if roles else None)


def _made(
    reader: Reader, person: Person, brought: OwnBrought, mime_type: str, body: bytes
) -> FileBrought:
    known = BY_CODE[TYPE_OF[brought.category]]
    return FileBrought(
        unique_id=unique_id_of(person, brought.key),
        patient=person.identity,
        author=author_of(reader),
        mime_type=mime_type,
        body=body,
        codes=(NORMAL,),
        type_code=known.code,
        type_system=known.system,
        type_display=known.words,
        title=brought.title,
        act_date=brought.act_date,
        replaces=brought.replaces,
        note=brought.note or None,
        paper=brought.paper if known.code == ADMINISTRATIVE else None,
    )


def unique_id_of(person: Person, key: str) -> str:
    """The same for the same form, and nobody else's."""
    named = f"{BY_PATIENT}{person.key.hex()}\0{key}".encode()
    return uuid.UUID(bytes=hashlib.sha256(named).digest()[:16], version=5).urn


def author_of(reader: Reader) -> Author:
    """The patient, or by name and role who acts for him (VAULT REP-13)."""
    role = ROLES.get(reader.kind)
    if role is None:
        return Author(kind="patient")
    return Author(kind="person", family=reader.name, role=role)
