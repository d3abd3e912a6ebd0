"""Feed: the CDA documents of an accepted input go to a DMP, signed, as one lot (XDS.md section 11).

TD0.2 where it was not asked today, TD2.1 for what is new or replaces, ITI-57 for what is deleted or
otherwise masked. A try may come again: the lot is the same to its signature, and what is there
already is settled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

import orjson

from gateway.clock import Clock, Ids
from gateway.errors import DeferredError, DeniedError, RefusedError
from gateway.flows.again import Again, Kept
from gateway.flows.filing.judging.permission import DepositGate
from gateway.flows.sending.dmp.software import (
    REGISTRY,
    Software,
    author_of,
    entry_uuid,
    entry_uuids,
    provided,
    waves,
)
from gateway.flows.sending.dmp.told import (
    ABSENT,
    MOVED,
    THERE,
    check,
    codes_in,
    of_fault,
    refusal,
)
from gateway.flows.sending.messages.business import YES
from gateway.mapping.dmp import presence
from gateway.mapping.hl7v2.patients.visit import content_type_of
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.registry import urn_of
from gateway.mapping.xdm.ebrim.sets import filled, name_of
from gateway.mapping.xds.query import ask
from gateway.mapping.xds.query.objects import id_in
from gateway.mapping.xds.update import write
from gateway.mapping.xml import Element
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import Traces
from gateway.records.documents.document import CDA_TYPES, Action, Document
from gateway.records.intake.understanding import Submission
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.readers.access import ReaderKind
from gateway.records.task import Task

MAX_KNOWN = 10_000
"""Persons of whom one remembers for a day that they have a DMP."""
FED, ALREADY = "Success", "already-there"


class Enclosed(NamedTuple):
    """A document, its bytes, and its id on our shelf; None where the patient has no space."""

    document: Document
    body: bytes
    shelved: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What goes to the DMP of one person for one task."""

    name: str
    patient: Cx
    kept: Kept
    enclosed: Sequence[Enclosed]

    def deed(self, document: Document) -> Action:
        """A replacement of itself changes only who sees it (MODIF_CONF_CODE, XDM_HL7V2 A5)."""
        message = self.kept.understanding.message
        masks = message is not None and message.flags.get("MODIF_CONF_CODE") == YES
        of_itself = document.replaces in (None, document.unique_id)
        if masks and of_itself and document.action is Action.REPLACE:
            return Action.UPDATE
        return document.action

    def submission(self, why: str = "") -> Submission:
        """The same task gives the same names, however often it is tried."""
        receipt = self.kept.receipt
        named = id_in(urn_of(f"{receipt.id}/{self.name}/{why}")) or receipt.id
        message = self.kept.understanding.message
        said = None if why else self.kept.understanding.submission
        return filled(
            said,
            self.enclosed[0].document,
            receipt=named,
            at=receipt.at,
            content_type=content_type_of(self.kept.delivery.raw) if message else None,
        )


@dataclass(slots=True, kw_only=True)
class FeedDmp:
    """Carries the FORWARD tasks of a DMP. `software` is who signs, by the name of the forward;
    raises RefusedError where there is none, DeferredError where its files cannot be read now."""

    again: Again
    people: PatientIndex
    traces: Traces
    gate: DepositGate
    software: Callable[[str], Software]
    clock: Clock
    ids: Ids
    _known: dict[tuple[str, Cx], date] = field(default_factory=dict)

    async def carry(self, task: Task) -> str:
        payload = orjson.loads(task.payload)
        name: str = payload["forward"]
        software = self.software(name)
        kept = await self.again(task.subject)
        person = await self.people.person(task.patient) if task.patient else None
        shelved = [one["id"] for one in payload["documents"]]
        lot = _lot(name, kept, person, shelved)
        await self._permitted(lot, person)
        try:
            await self._present(software, lot)
            outcome = await self._fed(software, lot, task.attempts)
        except FaultError as fault:
            raise of_fault(fault) from fault
        except (OSError, TimeoutError) as error:
            raise DeferredError("The DMP gave no answer.", unheard=True) from error
        await self._traced(lot, person, permitted=True, rule="DESTDMP")
        return outcome

    async def _permitted(self, lot: Lot, person: Person | None) -> None:
        """Who is opposed to the feeding by now is fed nothing. Whether the record is open is the
        DMP's to say: it is asked as of an open one."""
        if person is None:
            return
        asked = replace(person, state=AccountState.ACTIVE, qualified=True)
        intake = await self.again.intake(lot.kept)
        for one in lot.enclosed:
            decision = self.gate.may_deposit(intake, one.document, asked)
            if not decision.permitted:
                await self._traced(lot, person, permitted=False, rule=decision.rule)
                raise DeniedError("This DMP may not be fed.", rule=decision.rule)

    async def _present(self, software: Software, lot: Lot) -> None:
        """TD0.2, once a day for a person who has a DMP."""
        now = self.clock.now()
        today, key = now.date(), (lot.name, lot.patient)
        if self._known.get(key) == today:
            return
        device = name_of(id_in(urn_of(software.structure)) or "0")
        asking = presence.Asking(self.ids.identifier(), device, now)
        query = presence.presence_query(lot.patient.id, lot.patient.oid, asking)
        answer = await software.ask("patients", query, presence.ACTION, lot.patient)
        found = presence.presence_in(answer.body)
        if found in ABSENT:
            raise refusal(ABSENT[found])
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[key] = today

    async def _fed(self, software: Software, lot: Lot, tries: int) -> str:
        """How the last of it went; what is new goes as one, but for what replaces another of it."""
        outcome, new = FED, []
        for one in lot.enclosed:
            match lot.deed(one.document):
                case Action.DELETE:
                    outcome = await _deleted(software, lot, one.document, tries)
                case Action.UPDATE:
                    outcome = await _masked(software, lot, one.document, tries)
                case _:
                    new.append(one)
        for number, wave in enumerate(waves([one.document for one in new])):
            sent = [new[each] for each in wave]
            outcome = await self._provided(software, lot, sent, number, tries)
        return outcome

    async def _provided(
        self, software: Software, lot: Lot, new: Sequence[Enclosed], number: int, tries: int
    ) -> str:
        """One lot, the first of its task under the name that its sender gave."""
        pairs = [(one.document, one.body) for one in new]
        names = [one.document.unique_id or "" for one in new]
        at = _signed_at(software, lot.kept.receipt.at)
        named = lot.submission(f"after/{number}" if number else "")
        codes: Sequence[str] = ()
        for _ in range(2):
            answer = await provided(software, lot.patient, named, pairs, at=at, tries=tries)
            codes = codes_in(answer.body)
            if codes and set(codes) <= THERE | MOVED:
                there = await entry_uuids(software, lot.patient, names, tries)
                if len(there) == len(names):
                    return ALREADY
            if not set(codes) & MOVED:
                break
        check(codes, tries)
        return FED

    async def _traced(self, lot: Lot, person: Person | None, *, permitted: bool, rule: str) -> None:
        """Once, when it is over: a DMP that is away for days fills no history."""
        if person is None:
            return
        await self.traces.write(
            [
                NewTrace(
                    patient=person.key,
                    action="forward",
                    permitted=permitted,
                    rule=rule,
                    kind=ReaderKind.SYSTEM,
                    actor=lot.name,
                    actor_name=lot.name,
                    document=one.shelved,
                    door="background",
                )
                for one in lot.enclosed
            ]
        )


def _lot(name: str, kept: Kept, person: Person | None, shelved: Sequence[str | None]) -> Lot:
    """Raises RefusedError where there is nothing that a DMP takes."""
    understood = kept.understanding
    if len(understood.documents) != len(shelved):
        raise RefusedError("today's code finds other documents in it than were filed")
    rows = zip(understood.documents, understood.contents, shelved, strict=True)
    enclosed = [
        Enclosed(_identified(document, person), content.body, own)
        for document, content, own in rows
        if document.mime_type in CDA_TYPES
    ]
    if not enclosed:
        raise RefusedError("no CDA document is in it any more")
    first = enclosed[0].document.patient
    if not first.ins or not first.ins_oid:
        raise RefusedError("no qualified INS: a DMP is fed under an INS alone")
    return Lot(name=name, patient=Cx(first.ins, first.ins_oid, "NH"), kept=kept, enclosed=enclosed)


def _identified(document: Document, person: Person | None) -> Document:
    """What came under a local number alone bears the INS it was filed under."""
    if document.patient.ins or person is None:
        return document
    known = person.identity
    patient = replace(document.patient, ins=known.ins, ins_oid=known.ins_oid)
    return replace(document, patient=patient)


async def _deleted(software: Software, lot: Lot, document: Document, tries: int) -> str:
    """ITI-57; what is not there, or is gone since, needs no deletion."""
    found = await entry_uuid(software, lot.patient, document.unique_id or "", tries)
    if found is None:
        return ALREADY
    codes: Sequence[str] = ()
    for before in write.BEFORE:
        submission = lot.submission(f"{document.unique_id}/{before}")
        body = write.delete_request(submission, found, author_of(software), before=before)
        codes = await _updated(software, lot, body)
        if set(codes) != {write.OTHER_STATUS}:
            break
    check(codes, tries)
    return FED


async def _masked(software: Software, lot: Lot, document: Document, tries: int) -> str:
    """ITI-57 with the codes that the author wants now."""
    question = ask.get_documents([document.unique_id or ""], lot.patient, leaf=True)
    answer = await software.ask(REGISTRY, question, ask.ACTION, lot.patient)
    check(codes_in(answer.body), tries)
    entry = ask.entry_in(answer.body)
    if entry is None:
        raise refusal("UnresolvedReferenceException")
    submission = lot.submission(f"{document.unique_id}/{' '.join(document.confidentiality)}")
    body = write.codes_request(submission, entry, document.confidentiality, author_of(software))
    check(await _updated(software, lot, body), tries)
    return FED


async def _updated(software: Software, lot: Lot, body: Element) -> Sequence[str]:
    answer = await software.ask(REGISTRY, body, write.ACTION, lot.patient)
    return codes_in(answer.body)


def _signed_at(software: Software, accepted: datetime) -> datetime:
    """When this house accepted it, so that every try has the same bytes; not before the card."""
    return max(accepted, software.card.certificate.not_valid_before_utc)
