"""The emergency view: what the documents that this reader may open say in codes (VAULT EMG-01, 04).

Every line names the document it was read in. Nothing is asked that ACCESS does not permit him:
the documents are opened one by one, each opening decided and traced.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from gateway.errors import DeniedError
from gateway.flows.reading.coded.contents import Gathered, open_contents
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.facts import document_facts
from gateway.flows.reading.explain import HOLDERS, emergency_gates
from gateway.flows.reading.read import Opened, ReadShelf
from gateway.mapping.facts import facts_in, relatives_in
from gateway.records.days import iso_day
from gateway.records.documents.document import CDA_TYPES, Label
from gateway.records.documents.fact import Fact, FactKind, FactStatus
from gateway.records.documents.observation import Observation
from gateway.records.documents.relative import Nearness, Relative
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import AccessAction, Reader
from gateway.records.words import fold

T = TypeVar("T")
BLOOD_GROUPS = frozenset({"882-1", "883-9", "10331-7", "14578-8", "34474-7"})
"""LOINC: ABO and Rh group, each alone and both together, in blood."""
DIRECTIVES = "EXPPAT_3"
REPORTS = (Label.SYNTHESE, Label.CPT_REND)
MAX_REPORTS = 6
GONE_ON = frozenset({FactStatus.ACTIVE, FactStatus.UNKNOWN})
TAKEN = GONE_ON | {FactStatus.INTENDED}


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """One thing and the document that says it."""

    what: T
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """`left` documents more were not opened (contents.MAX_OPENED)."""

    problems: tuple[Said[Fact], ...]
    medicines: tuple[Said[Fact], ...]
    allergies: tuple[Said[Fact], ...]
    blood: tuple[Said[Observation], ...]
    contacts: tuple[Said[Relative], ...]
    trusted: tuple[Said[Relative], ...]
    directives: tuple[Card, ...]
    reports: tuple[Card, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Read:
    """What one document holds of these things."""

    card: Card
    facts: tuple[Fact, ...]
    relatives: tuple[Relative, ...]
    blood: tuple[Observation, ...]


async def urgent_view(
    read: ReadShelf, reader: Reader, patient: PatientKey, listed: Iterable[Card]
) -> Urgent:
    """`listed` are the cards that this reader's list shows. Raises DeniedError for no record."""
    gathered = await open_contents(read, reader, patient, _may_hold_codes)
    return await _view(read, gathered, listed)


async def own_urgent_view(read: ReadShelf, reader: Reader, patient: PatientKey) -> Urgent | None:
    """« Mes informations d'urgence » (EMG-04): what a physician would be shown in an emergency
    now, of what the holder may read himself; None where nobody would be let in.

    Raises DeniedError for anybody but the holder's side.
    """
    if reader.kind not in HOLDERS:
        raise DeniedError(NOT_THERE)
    doors = emergency_gates(await read.gate(reader, patient))
    if not doors:
        return None

    def shown(card: Card) -> bool:
        facts = document_facts(card)
        return any(door.may(AccessAction.OPEN, facts).permitted for door in doors)

    listing = await read.list_documents(reader, patient)
    gathered = await open_contents(
        read, reader, patient, lambda card: _may_hold_codes(card) and shown(card)
    )
    return await _view(read, gathered, filter(shown, listing.cards))


async def _view(read: ReadShelf, gathered: Gathered, listed: Iterable[Card]) -> Urgent:
    found = [await _read(read, one) for one in gathered.opened]
    found.sort(key=lambda one: _date(one.card), reverse=True)
    cards = sorted(listed, key=_date, reverse=True)
    return Urgent(
        problems=_facts(found, FactKind.PROBLEM, GONE_ON),
        medicines=_facts(found, FactKind.MEDICATION, TAKEN),
        allergies=_facts(found, FactKind.ALLERGY, GONE_ON),
        blood=_once(_each(found, lambda one: one.blood), _result),
        contacts=_relatives(found, Nearness.EMERGENCY),
        trusted=_relatives(found, Nearness.TRUSTED),
        directives=tuple(one for one in cards if one.type_code == DIRECTIVES),
        reports=tuple(one for one in cards if one.label in REPORTS)[:MAX_REPORTS],
        left=gathered.left,
    )


def _may_hold_codes(card: Card) -> bool:
    return card.mime_type in CDA_TYPES or card.results > 0


async def _read(read: ReadShelf, opened: Opened) -> Read:
    card = opened.card
    facts: tuple[Fact, ...] = ()
    relatives: tuple[Relative, ...] = ()
    if card.mime_type in CDA_TYPES:
        body = await read.read_body(opened)
        facts, relatives = await asyncio.to_thread(_codes, body)
    rows = await read.observations(opened) if card.results else []
    blood = tuple(one for one in rows if one.code in BLOOD_GROUPS and one.value)
    return Read(card=card, facts=facts, relatives=relatives, blood=blood)


def _codes(body: bytes) -> tuple[tuple[Fact, ...], tuple[Relative, ...]]:
    return tuple(facts_in(body)), tuple(relatives_in(body))


def _facts(
    found: Iterable[Read], kind: FactKind, wanted: frozenset[FactStatus]
) -> tuple[Said[Fact], ...]:
    """Those that go on, the newest document first, each once. A word of its author that nothing
    was found (« pas d'allergie connue ») stays only where nothing else is said."""
    said = _each(found, lambda read: read.facts)
    every = [
        one
        for one in said
        if one.what.kind is kind and _name(one.what) and not one.what.says_nothing
    ]
    going_on = [
        one
        for one in every
        if one.what.status in wanted and not one.what.stop and not _absent(one.what)
    ]
    return _once(going_on or [one for one in every if _absent(one.what)], _name)


def _absent(fact: Fact) -> bool:
    return fact.negated or fact.says_none


def _each(found: Iterable[Read], part: Callable[[Read], Iterable[T]]) -> Iterator[Said[T]]:
    return (Said(what, one.card) for one in found for what in part(one))


def _once(found: Iterable[Said[T]], name: Callable[[T], Hashable]) -> tuple[Said[T], ...]:
    first: dict[Hashable, Said[T]] = {}
    for one in found:
        first.setdefault(name(one.what), one)
    return tuple(first.values())


def _relatives(found: Iterable[Read], nearness: Nearness) -> tuple[Said[Relative], ...]:
    every = _each(found, lambda one: one.relatives)
    return _once((one for one in every if one.what.nearness is nearness), _who)


def _name(fact: Fact) -> str:
    return fold(fact.what.text or fact.what.code)


def _result(one: Observation) -> tuple[str, str]:
    """Two documents that disagree on the group both stand, each with its date."""
    return one.code, fold(one.value)


def _who(one: Relative) -> tuple[str, tuple[str, ...]]:
    return fold(one.name), one.phones


def _date(card: Card) -> str:
    return card.act_date or iso_day(card.deposited_at)
