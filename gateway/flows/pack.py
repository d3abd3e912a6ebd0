"""Pack: what a receipt filed, written as an IHE_XDM archive that our own reader understands."""

from dataclasses import dataclass, replace

import orjson

from gateway import __version__
from gateway.errors import RefusedError
from gateway.flows.again import Again, Kept
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.write import Editor, pack
from gateway.ports.people import Traces
from gateway.ports.shelf import Shelf
from gateway.records.account import NewTrace
from gateway.records.document import Document
from gateway.records.filing import DocumentStatus, Receipt, Shelved
from gateway.records.finding import Finding
from gateway.records.reading import Reading
from gateway.records.understanding import Submission

OID_OF_UUIDS = "2.25"
STRUCTURES = "1.2.250.1.71.4.2.2"
OTHER_CONTENT = "07"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """An archive, and what its reader would notice."""

    archive: bytes
    documents: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    shelf: Shelf
    traces: Traces
    again: Again

    async def __call__(self, receipt: str, reading: Reading, *, by: str) -> Packed:
        """The same receipt gives the same bytes; `by` is traced with each document.

        Raises RefusedError for a receipt that filed nothing, or nothing that is still there.
        """
        kept = await self.again(receipt, reading)
        filed = await self._shelved(kept.receipt)
        documents = [(one.document, await self.shelf.body(one.card.id)) for one in filed]
        submission = submission_of(kept, documents[0][0])
        editor = editor_of(documents[0][0])
        try:
            archive = pack(documents, submission, editor=editor, at=kept.receipt.at)
        except ValueError as error:
            raise RefusedError(str(error)) from error
        await self.traces.write([_trace(one, receipt, by) for one in filed])
        findings = understand_xdm(archive, reading).findings
        return Packed(archive=archive, documents=len(documents), findings=findings)

    async def _shelved(self, receipt: Receipt) -> list[Shelved]:
        """Without those withdrawn by their author, or erased with their person."""
        found = [await self.shelf.find(one.id) for one in receipt.answer.documents]
        kept = [one for one in found if one and one.card.status is not DocumentStatus.WITHDRAWN]
        if not kept:
            raise RefusedError(f"receipt {receipt.id} has no document on the shelf")
        return kept


def submission_of(kept: Kept, document: Document) -> Submission:
    """As it came, its gaps filled from the receipt and the first document."""
    received = kept.understanding.submission or Submission()
    patient = document.patient
    house = document.custodian.id if document.custodian else None
    return replace(
        received,
        unique_id=received.unique_id or f"{OID_OF_UUIDS}.{int(kept.receipt.id, 16)}",
        source_id=received.source_id
        or (f"{STRUCTURES}.{house}" if house and house.isdecimal() else f"{OID_OF_UUIDS}.1"),
        patient_id=f"{patient.ins_oid}^{patient.ins}" if patient.ins else received.patient_id,
        time=received.time or f"{kept.receipt.at:%Y-%m-%dT%H:%M:%SZ}",
        content_type=received.content_type or OTHER_CONTENT,
    )


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
