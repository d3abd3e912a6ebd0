"""Open many documents at once for what they hold: one decision a document, told as its opening,
and the patient is told of the access as of any list (VAULT N4).

What is made of a document is read by whoever may open it (VAULT section 10, decision 013).
"""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import seen_in, trace_of
from gateway.flows.reading.read import Opened, ReadShelf
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Decision, Reader

MAX_OPENED = 200
"""Documents opened for their contents by one question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The documents of a record whose contents a reader gets; `left` more were not opened."""

    opened: list[Opened]
    left: int


async def open_contents(
    read: ReadShelf, reader: Reader, patient: PatientKey, wanted: Callable[[Card], bool]
) -> Gathered:
    """The newest documents that `wanted` picks and this reader may open, at most MAX_OPENED.

    Raises DeniedError for no such record.
    """
    gate, found = await read.gate_with(
        reader, patient, lambda: read.shelf.cards(patient), attempt=AccessAction.SEARCH
    )
    cards = [card for card in found if wanted(card)]
    decided = [(card, gate.may(AccessAction.OPEN, document_facts(card))) for card in cards]
    permitted = [one for one in decided if one[1].permitted]
    standing = gate.told()
    told = trace_of(
        gate,
        standing,
        action=AccessAction.SEARCH,
        door=read.door,
        seen=seen_in((card.id, decision) for card, decision in decided),
    )
    openings = (
        trace_of(gate, decision, action="contents", document=card.id, door=read.door)
        for card, decision in permitted[:MAX_OPENED]
    )
    await read.traces.write([told, *openings], then=access_notices(gate, standing))
    shelved = await read.shelf.find_each([card.id for card, _ in permitted[:MAX_OPENED]])
    opened = [
        _opened(gate, shelved[card.id], decision)
        for card, decision in permitted
        if card.id in shelved
    ]
    return Gathered(opened=opened, left=max(len(permitted) - MAX_OPENED, 0))


def _opened(gate: Gate, shelved: Shelved, decision: Decision) -> Opened:
    facts = document_facts(shelved.card)
    return Opened(shelved=shelved, facts=facts, decision=decision, gate=gate)
