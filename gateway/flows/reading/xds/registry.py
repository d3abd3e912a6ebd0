"""What a registry answers (ITI-18): the whole record is decided, then the question is looked at.

So what is hidden, refused or not there takes the same steps whatever names it, and is in no
count, no set and no association (decision 040). A document in force is there for whom a search
shows it; one that was replaced, for whom may open it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import structs

from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.told import access_notices
from gateway.flows.reading.decided.trace import seen_in, trace_of
from gateway.flows.reading.xds.sets import ordered
from gateway.mapping.xdm.ebrim.displays import NOTHING_TOLD, Told, is_untold, told_in
from gateway.mapping.xds.query.asked import Query
from gateway.mapping.xds.query.find import Found, find, needs_sets, needs_some
from gateway.mapping.xds.query.objects import Entry, Registry, SeenSet, registered, seen_set
from gateway.records.documents.document import CDA_TYPES
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    Circumstances,
    Decision,
    Reader,
)

SEARCH = AccessAction.SEARCH
MAX_TOLD = 100
"""Documents whose header is read for one answer: each is opened and parsed."""


async def query_registry(
    asking: Asking,
    reader: Reader,
    patient: PatientKey,
    query: Query,
    *,
    circumstances: Circumstances = NORMAL,
) -> Found:
    """One entry of the log, as of a search. Raises DeniedError for no such record."""
    gate, cards = await asking.gate_with(
        reader,
        patient,
        lambda: asking.shelf.cards(patient, current_only=False),
        attempt=SEARCH,
        circumstances=circumstances,
    )
    ends = {} if gate.is_shut else await asking.shelf.ends(patient)
    decided = _decided(gate, cards, ends)
    told = gate.told()
    seen = seen_in((card.id, decision) for card, decision in decided)
    trace = trace_of(gate, told, action=SEARCH, door=asking.door, seen=seen)
    await asking.traces.write([trace], then=access_notices(gate, told))
    permitted = [card for card, decision in decided if decision.permitted]
    registry = await _registry(asking, gate, permitted, query)
    found = await asyncio.to_thread(find, query, registry)
    return await _with_told(asking, found) if query.leaf else found


def _decided(
    gate: Gate, cards: Sequence[Card], ends: Mapping[str, str]
) -> list[tuple[Card, Decision]]:
    """Each in turn; what was replaced with the codes of what stands in its place."""
    by_id = {card.id: card for card in cards}
    may_search, may_open = gate.each(SEARCH), gate.each(AccessAction.OPEN)

    def decision(card: Card) -> Decision:
        if card.status is not DocumentStatus.SUPERSEDED:
            return may_search(document_facts(card))
        newest = by_id.get(ends.get(card.id, ""))
        successor = document_facts(newest) if newest is not None else None
        return may_open(document_facts(card, successor=successor))

    return [(card, decision(card)) for card in cards]


async def _registry(asking: Asking, gate: Gate, cards: Sequence[Card], query: Query) -> Registry:
    """Of the documents that this question may be about."""
    some = needs_some(query)
    wanted = [card for card in cards if some is None or card.id in some]
    person = await asking.people.person(gate.patient)
    entries = await _entries(asking, wanted, person.identity if person else None)
    sets = await _sets(asking, wanted, entries) if needs_sets(query) else {}
    return Registry(entries=entries, sets=sets)


async def _entries(
    asking: Asking, cards: Sequence[Card], whose: PatientIdentity | None
) -> dict[str, Entry]:
    """Those that went away meanwhile are left out."""
    shelved = await asking.shelf.find_each([card.id for card in cards])
    return {
        card.id: Entry(
            card=card,
            document=registered(card, found.document, whose),
            listed=card.status is DocumentStatus.CURRENT,
            replaced_by=found.superseded_by,
            version=card.metadata_version,
        )
        for card in cards
        if (found := shelved.get(card.id)) is not None
    }


async def _sets(
    asking: Asking, cards: Sequence[Card], entries: Mapping[str, Entry]
) -> dict[str, SeenSet]:
    """The newest first. A deposit of which only what had come before is seen is no set."""
    by_id = {card.id: card for card in cards if card.id in entries}
    own: defaultdict[str, list[Card]] = defaultdict(list)
    for card in by_id.values():
        own[card.receipt].append(card)
    deposits = await asking.shelf.deposits(list(own))
    made = {}
    for one in sorted(deposits, key=lambda one: (one.at, one.receipt), reverse=True):
        if members := ordered(one, own.get(one.receipt, ()), by_id):
            made[one.receipt] = seen_set(one, tuple(entries[card.id] for card in members))
    return made


async def _with_told(asking: Asking, found: Found) -> Found:
    """The first MAX_TOLD entries whose codes only their documents explain, explained by them."""
    told: dict[str, Told] = {}
    for one in found.entries:
        if is_untold(one.document.event_codes) and one.card.mime_type in CDA_TYPES:
            told[one.card.id] = await _told(asking, one.card.id)
        if len(told) == MAX_TOLD:
            break
    explained = (
        structs.replace(one, told=told.get(one.card.id, one.told)) for one in found.entries
    )
    return structs.replace(found, entries=tuple(explained))


async def _told(asking: Asking, document: str) -> Told:
    try:
        body = await asking.shelf.body(document)
    except LookupError:
        return NOTHING_TOLD
    return await asyncio.to_thread(told_in, body)
