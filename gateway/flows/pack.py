"""Pack: what a receipt filed, written as an IHE_XDM archive that our own reader understands.

A replacement is written C, a deletion D with the version it took away. Results without a document
are written as their own message, the only bytes they have. Nothing of a person is written whose
documents were erased, nor a document that its author has withdrawn since.
"""

from dataclasses import dataclass, replace

import orjson

from gateway import __version__
from gateway.errors import RefusedError
from gateway.flows.again import Again, Kept
from gateway.mapping.hl7v2.patients.visit import content_type_of
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.ebrim.sets import filled
from gateway.mapping.xdm.write import Editor, pack
from gateway.ports.documents.shelf import Shelf
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import Traces
from gateway.records.documents.document import Action, Author, Document
from gateway.records.documents.shelved import DocumentStatus, Shelved
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Submission
from gateway.records.patients.account import NewTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive, and what its reader would notice."""

    archive: bytes
    documents: int
    findings: tuple[Finding, ...]


Enclosure = tuple[Document, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    shelf: Shelf
    people: PatientIndex
    traces: Traces
    again: Again

    async def __call__(self, receipt: str, *, by: str) -> Packed:
        """The same receipt gives the same bytes; `by` is traced with each document.

        Raises RefusedError for a receipt that filed nothing, or nothing that is still there.
        """
        kept = await self.again(receipt)
        found = await self._found(kept)
        enclosures = [await self._identified(one, shelved) for one, shelved in found]
        first = enclosures[0][0]
        try:
            archive = pack(
                enclosures,
                submission_of(kept, first),
                editor=editor_of(first),
                at=kept.receipt.at,
                sender=sender_of(kept, first),
            )
        except ValueError as error:
            raise RefusedError(str(error)) from error
        await self.traces.write([_trace(shelved, receipt, by) for _, shelved in found])
        reading = replace(kept.delivery.reading, results_only=True)
        findings = understand_xdm(archive, reading).findings
        return Packed(archive=archive, documents=len(enclosures), findings=findings)

    async def _found(self, kept: Kept) -> list[tuple[Enclosure, Shelved]]:
        """Each document of the answer with its bytes, in order.

        What a deletion took away comes from its own message; what was withdrawn since is left out.
        """
        deleted = _deleted(kept)
        found: list[tuple[Enclosure, Shelved]] = []
        for one in kept.receipt.answer.documents:
            shelved = await self.shelf.find(one.id)
            if shelved is None:
                continue
            if carried := deleted.get(one.unique_id):
                found.append((carried, shelved))
            elif shelved.card.status is not DocumentStatus.WITHDRAWN:
                found.append(((shelved.document, await self.shelf.body(one.id)), shelved))
        if not found:
            raise RefusedError(f"receipt {kept.receipt.id} has no document on the shelf")
        return found

    async def _identified(self, enclosure: Enclosure, shelved: Shelved) -> Enclosure:
        """A document that came under a local number alone bears the INS it was filed under."""
        document, body = enclosure
        if document.patient.ins:
            return enclosure
        person = await self.people.person(shelved.card.patient)
        known = person.identity if person else None
        if known is None or known.ins is None:
            return enclosure
        patient = replace(document.patient, ins=known.ins, ins_oid=known.ins_oid)
        return replace(document, patient=patient), body


def _deleted(kept: Kept) -> dict[str | None, Enclosure]:
    """What this input asked to delete, by its unique id: the version it carried itself."""
    understood = kept.understanding
    pairs = zip(understood.documents, understood.contents, strict=True)
    return {
        document.unique_id: (document, content.body)
        for document, content in pairs
        if document.action is Action.DELETE and document.unique_id
    }


def submission_of(kept: Kept, document: Document) -> Submission:
    """As it came, its gaps filled from the receipt, its message and the first document."""
    return filled(
        kept.understanding.submission,
        document,
        receipt=kept.receipt.id,
        at=kept.receipt.at,
        content_type=content_type_of(kept.delivery.raw) if kept.understanding.message else None,
    )


def sender_of(kept: Kept, document: Document) -> Author | None:
    """PRT SB of a message is the author of the submission, not the author of the document
    (CDA.md section 5); None where the submission names its own."""
    message = kept.understanding.message
    if message is not None and message.sender is not None:
        said = message.sender
        return Author(
            kind="person" if said.id or said.family else "organization",
            id=said.id or None,
            family=said.family or None,
            given=said.given or None,
            organization_id=said.organization_id or None,
            organization_name=said.organization_name or None,
        )
    submission = kept.understanding.submission
    named = submission is not None and submission.author
    return None if named else next(iter(document.authors), None)


def editor_of(document: Document) -> Editor:
    """The first author and the structure it speaks for."""
    author = next(iter(document.authors), None)
    custodian = document.custodian
    name = " ".join(filter(None, (author.given, author.family))) if author else ""
    house = (author.organization_name if author else None) or (custodian and custodian.name)
    own = (author.organization_id if author else None) or (custodian and custodian.id)
    return Editor(
        author=name, organization=house or "", organization_id=own or "", version=__version__
    )


def _trace(shelved: Shelved, receipt: str, by: str) -> NewTrace:
    return NewTrace(
        patient=shelved.card.patient,
        action="export",
        permitted=True,
        rule="operator",
        kind="operator",
        actor=by,
        actor_name=by,
        document=shelved.card.id,
        door="desk",
        details=orjson.dumps({"receipt": receipt}),
    )
