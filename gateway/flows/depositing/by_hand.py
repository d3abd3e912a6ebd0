"""A document that a professional deposits at a page: the one intake flow, under his own name.

What he brings becomes a DocumentReference of FHIR and goes the way of every door: receive, judge,
file (ARCHITECTURE "The path of one document"). Nothing is filed beside it.
"""

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from gateway.errors import DeniedError
from gateway.flows.depositing.own import is_own
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.receive import Delivery, Receive, Received
from gateway.mapping.cda import read_cda
from gateway.mapping.fhir.taken.resources.people import PERSONS
from gateway.mapping.fhir.written.deposit import FileBrought, reference_with
from gateway.mapping.labels.choosing import BY_CODE
from gateway.ports.documents.journal import Journal
from gateway.records.documents.document import Author, Document
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.intake.filing import Door, Receipt
from gateway.records.intake.keys import CHOSEN_KEY
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format
from gateway.records.patients.account import Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader

CDA = "text/xml"
BY_HAND = "pro/"
NORMAL = "N"
MAX_FILE_BYTES = 15_000_000
"""In base64, and with what is said of it, a file of this size is within a FHIR body of 20 MiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """`codes` are the visibility codes that the author asks for; `replaces` the id of an own
    document. `key` names this form: a second click is the same deposit. `title`, `type_code` and
    `act_date` (ISO) are not looked at for a CDA, which says them itself."""

    body: bytes
    mime_type: str
    key: str
    title: str = ""
    type_code: str = ""
    act_date: str = ""
    codes: tuple[str, ...] = ()
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositByHand:
    asking: Asking
    receive: Receive
    journal: Journal
    reading: Reading
    name: Callable[[str], str]
    """What a professional is called in a column, by his number: nobody reads him out of it."""

    async def __call__(self, reader: Reader, patient: PatientKey, brought: Brought) -> Received:
        """Durable when this returns. Raises DeniedError for no such record, or where the document
        to replace is not this author's; DeferredError when nothing could be made durable.

        `brought.replaces` may be an own document that was replaced already: a second click is
        answered as the first one was, anything else is refused (`version-not-latest`)."""
        person = await self.asking.people.person(patient)
        if person is None:
            raise DeniedError(NOT_THERE)
        if brought.replaces is not None:
            await self._may_replace(reader, person, brought.replaces)
        made = await asyncio.to_thread(self._made, reader, person, brought)
        delivery = Delivery(
            sender=self._sender(reader),
            organization=reader.organisation,
            door=Door.PAGES,
            raw=reference_with(made),
            reading=self.reading,
            idempotency_key=_key(patient, brought.key),
            declared=Format.FHIR,
            depositor=reader,
        )
        return (await self.receive(delivery))[0]

    async def receipt(self, reader: Reader, patient: PatientKey, receipt: str) -> Receipt:
        """A receipt of this person's own in this record; DeniedError for any other."""
        found = await self.journal.receipt(receipt)
        if found is None or found.door is not Door.PAGES or found.sender != self._sender(reader):
            raise DeniedError(NOT_THERE)
        if not (found.key or "").startswith(CHOSEN_KEY + _key(patient, "")):
            raise DeniedError(NOT_THERE)
        return found

    def _sender(self, reader: Reader) -> str:
        """How a receipt names a person; no account of a software holds a slash."""
        return BY_HAND + self.name(reader.id or "")

    async def _may_replace(self, reader: Reader, person: Person, document: str) -> None:
        """Asked of ACCESS and traced before the new version is sent in (P24, F58). Of an own
        document that is replaced already the judge says what becomes of the form."""
        shelved = await self.asking.shelf.find(document)
        if shelved is not None and self._was_replaced(reader, person, shelved.card):
            return
        asked = await self.asking.demand(reader, AccessAction.REPLACE, document)
        if asked.shelved.card.patient != person.key:
            raise DeniedError(NOT_THERE)

    def _was_replaced(self, reader: Reader, person: Person, card: Card) -> bool:
        mine = card.patient == person.key and is_own(card, reader)
        return mine and card.status is DocumentStatus.SUPERSEDED

    def _made(self, reader: Reader, person: Person, brought: Brought) -> FileBrought:
        if brought.mime_type == CDA:
            inside = read_cda(brought.body, self.reading).document
            return _cda_brought(reader, person, brought, inside)
        known = BY_CODE.get(brought.type_code)
        return FileBrought(
            unique_id=_unique_id(reader, person, brought),
            patient=person.identity,
            author=_author(reader),
            mime_type=brought.mime_type,
            body=brought.body,
            codes=(NORMAL, *brought.codes),
            type_code=brought.type_code,
            type_system=known.system if known else None,
            type_display=known.words if known else None,
            title=brought.title,
            act_date=brought.act_date,
            replaces=brought.replaces,
        )


def _key(patient: PatientKey, form: str) -> str:
    """Of one form in one record."""
    return f"{patient.hex()}:{form}"


def _cda_brought(
    reader: Reader, person: Person, brought: Brought, inside: Document | None
) -> FileBrought:
    """A CDA keeps its own id, type, title, date and codes; what its author asks for is added."""
    own = inside.confidentiality if inside is not None and inside.confidentiality else (NORMAL,)
    return FileBrought(
        unique_id=None,
        patient=person.identity,
        author=_author(reader),
        mime_type=CDA,
        body=brought.body,
        codes=tuple(dict.fromkeys((*own, *brought.codes))),
        replaces=brought.replaces or (inside.replaces if inside is not None else None),
    )


def _unique_id(reader: Reader, person: Person, brought: Brought) -> str:
    """The same for the same form, and nobody else's."""
    named = f"{BY_HAND}{reader.id}\0{person.key.hex()}\0{brought.key}".encode()
    return uuid.UUID(bytes=hashlib.sha256(named).digest()[:16], version=5).urn


def _author(reader: Reader) -> Author:
    parts = (reader.profession, reader.specialty)
    return Author(
        kind="person",
        id=reader.id,
        id_system=PERSONS,
        family=reader.name,
        specialty="/".join(part for part in parts if part),
        organization_id=reader.organisation,
        organization_name=reader.organisation_name,
    )
