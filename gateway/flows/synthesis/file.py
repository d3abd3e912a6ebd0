"""File a synthesis among the documents of the record, in place of the one before (VAULT PRO-05).

The space made it at the patient's wish: ACCESS is asked whether this reader writes into the record,
not whether anybody deposits this type (F35, F37).
"""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.access.time import civil_date
from gateway.errors import DeniedError, RefusedError
from gateway.flows.depositing.by_hand import NORMAL
from gateway.flows.depositing.by_patient import (
    BY_PATIENT,
    URN,
    DepositOwn,
    author_of,
    in_role,
    unique_id_of,
)
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.receive import Delivery
from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.mapping.labels.choosing import BY_CODE
from gateway.mapping.labels.own import SYNTHESIS
from gateway.records.documents.shelved import Card
from gateway.records.entries.kind import HISTORY
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

TITLE = "Synthèse de mon profil médical"
PDF = "application/pdf"


class UnfiledError(RefusedError):
    """The record did not take it now."""


async def file_synthesis(
    own: DepositOwn,
    reader: Reader,
    patient: PatientKey,
    made: Callable[[], Awaitable[bytes]],
    *,
    key: str,
) -> str | None:
    """The document's id, None where it waits for a check of the identity. `made` gives the bytes of
    the PDF; `key` names the form: its second click makes nothing more. Raises DeniedError where
    this reader writes nothing here, UnfiledError, and DeferredError when nothing could be made
    durable."""
    gate = await own.asking.gate(reader, patient, attempt=AccessAction.DEPOSIT)
    person = await own.asking.people.person(gate.patient)
    if person is None:
        raise DeniedError(NOT_THERE)
    await own.may_deposit(gate, HISTORY)
    name = unique_id_of(person, key)
    kept = name.removeprefix(URN)
    filed = await own.asking.shelf.named([kept])
    if kept in filed:
        return filed[kept]
    earlier = await _earlier(own, gate)
    brought = _brought(gate, person, name, await made(), earlier)
    delivery = Delivery(
        sender=f"{BY_PATIENT}{person.key.hex()}",
        door=Door.PAGES,
        raw=await asyncio.to_thread(reference_with, brought),
        reading=own.reading,
        idempotency_key=f"{person.key.hex()}:{key}",
        declared=Format.FHIR,
        depositor=in_role(gate),
    )
    answer = (await own.receive(delivery))[0].answer
    if answer.documents:
        return answer.documents[0].id
    if answer.verdict is Verdict.HOLD:
        return None
    filed = await own.asking.shelf.named([kept])  # by another click meanwhile
    if kept not in filed:
        raise UnfiledError("The synthesis was not filed.")
    return filed[kept]


async def _earlier(own: DepositOwn, gate: Gate) -> Card | None:
    """The synthesis that is in force."""
    cards = await own.asking.shelf.cards(gate.patient, current_only=True)
    return next((one for one in cards if one.type_code == SYNTHESIS and one.by_patient), None)


def _brought(
    gate: Gate, person: Person, name: str, body: bytes, earlier: Card | None
) -> FileBrought:
    known = BY_CODE[SYNTHESIS]
    return FileBrought(
        unique_id=name,
        patient=person.identity,
        author=author_of(gate.reader),
        mime_type=PDF,
        body=body,
        codes=(NORMAL,),
        type_code=known.code,
        type_system=known.system,
        type_display=known.words,
        title=TITLE,
        act_date=civil_date(gate.now).isoformat(),
        replaces=earlier.id if earlier else None,
    )
