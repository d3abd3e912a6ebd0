"""What a flow needs of software at a DMP door: who it is, and what it is answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gateway.flows.sending.dmp.told import check, codes_in
from gateway.mapping.soap.message import NO_PARTS, Message
from gateway.mapping.vihf.card import Card
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xds.lot.write import ACTION, Sent, provide_request
from gateway.mapping.xds.query import ask
from gateway.mapping.xml import Element
from gateway.records.documents.document import Action, Author, Document
from gateway.records.intake.understanding import Submission

REPOSITORY, REGISTRY = "repository", "registry"


class Software(Protocol):
    """`structure` is the Struct_IdNat that its VIHF names."""

    @property
    def card(self) -> Card: ...
    @property
    def structure(self) -> str: ...

    async def ask(
        self,
        service: str,
        body: Element,
        action: str,
        patient: Cx,
        parts: Mapping[str, bytes] = NO_PARTS,
    ) -> Message:
        """The answer of a transaction about `patient`. Raises FaultError for the door's fault,
        OSError or TimeoutError where nothing came that could be read."""


def author_of(software: Software) -> Author:
    """Of a set: who signs."""
    person = software.card.person
    kind = "person" if person else "organization"
    return Author(kind=kind, id=person, organization_id=software.structure)


def waves(documents: Sequence[Document]) -> list[list[int]]:
    """Their numbers, by lots: what replaces another of them goes after it, for RPLC names what is
    registered."""
    waiting = {number: one.unique_id for number, one in enumerate(documents)}
    found: list[list[int]] = []
    while waiting:
        names = {name for name in waiting.values() if name}
        now = [number for number in waiting if documents[number].replaces not in names]
        found.append(now or list(waiting))  # those that replace each other go as they came
        for number in found[-1]:
            del waiting[number]
    return found


async def provided(
    software: Software,
    patient: Cx,
    submission: Submission,
    enclosed: Sequence[tuple[Document, bytes]],
    *,
    at: datetime,
    tries: int = 1,
) -> Message:
    """TD2.1: one lot, signed at `at`; a replacement names the entryUUID of what it replaces.

    Raises as `ask` and `entry_uuids`; RefusedError for a document that is said to be XML and is
    none.
    """
    sent = [
        Sent(document, body, await _replaced(software, patient, document, tries))
        for document, body in enclosed
    ]
    body, parts = provide_request(
        submission, sent, software.card, author=author_of(software), at=at
    )
    return await software.ask(REPOSITORY, body, ACTION, patient, parts)


async def entry_uuids(
    software: Software, patient: Cx, unique_ids: Sequence[str], tries: int
) -> list[str]:
    """TD3.1b: those that the door tells of these documents. Raises as `check`: a registry that
    fails has not said that there are none."""
    question = ask.get_documents(unique_ids, patient, leaf=False)
    answer = await software.ask(REGISTRY, question, ask.ACTION, patient)
    check(codes_in(answer.body), tries)
    return ask.references_in(answer.body)


async def entry_uuid(software: Software, patient: Cx, unique_id: str, tries: int) -> str | None:
    """The one of this document, of several versions of its metadata that in force; None where the
    door tells of none. Raises as `entry_uuids`."""
    found = await entry_uuids(software, patient, [unique_id], tries)
    if len(found) <= 1:
        return next(iter(found), None)
    question = ask.get_documents([unique_id], patient, leaf=True)
    answer = await software.ask(REGISTRY, question, ask.ACTION, patient)
    check(codes_in(answer.body), tries)
    entry = ask.entry_in(answer.body)
    return found[-1] if entry is None else entry.get("id", found[-1])


async def _replaced(software: Software, patient: Cx, document: Document, tries: int) -> str | None:
    """None where it replaces nothing, or the door tells of no one such."""
    if document.action is not Action.REPLACE or not document.replaces:
        return None
    return await entry_uuid(software, patient, document.replaces, tries)
