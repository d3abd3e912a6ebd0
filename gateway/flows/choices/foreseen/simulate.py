"""« Que voit ce professionnel ? »: his own list, decided as it would be, by the one decision.

Nothing is read, so nothing is traced: the holder looks at his own record (VAULT CHO-14).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.choices.documents.hide import TO_PROFESSION, TO_PROFESSIONAL
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.decided.facts import document_facts, professional_reader, record_facts
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.explain import HOLDERS
from gateway.records.documents.shelved import Card
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    NORMAL,
    AccessAction,
    CareConsent,
    Circumstances,
    Decision,
    DocumentFacts,
    Entry,
    Hide,
    Mode,
    Reader,
    ReaderKind,
    RecordFacts,
)

SOMEBODY = "simulated"
MOTIVE = "simulation"
NO_DOCUMENTS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """`professional` by his id, else any member of `profession`.

    `team`: None as it stands (a profession: with the patient's agreement), True as a member of a
    care team that the patient agreed to, False without any team. `at` is now or later.
    `agreed`, `blocked`, `masked`, `hidden` (documents) change what stands: « avant / après » of a
    choice not yet made; what is hidden is hidden from this reader.
    """

    professional: str | None = None
    profession: str | None = None
    mode: Mode = Mode.NORMAL
    team: bool | None = None
    at: datetime | None = None
    agreed: bool = False
    blocked: bool = False
    masked: frozenset[str] = NO_DOCUMENTS
    hidden: frozenset[str] = NO_DOCUMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    card: Card
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """`standing` is the head line; then each document that the holder himself may see."""

    who: Reader
    standing: Decision
    seen: tuple[Line, ...]
    unseen: tuple[Line, ...]


async def simulate(
    asking: Asking, reader: Reader, patient: PatientKey, wished: Wished
) -> Simulated:
    """Raises DeniedError for anybody but the holder's side, and for an unknown professional."""
    if reader.kind not in HOLDERS:
        raise DeniedError(NOT_THERE)
    own = await asking.gate(reader, patient)
    who = await _reader(asking, wished)
    gate = await _gate(asking, own, who, wished)
    lines = [
        Line(card=card, decision=gate.may(AccessAction.LIST, _facts(card, gate, wished)))
        for card in await asking.shelf.cards(patient)
        if own.may(AccessAction.LIST, document_facts(card)).permitted
    ]
    return Simulated(
        who=who,
        standing=gate.standing(),
        seen=tuple(line for line in lines if line.decision.permitted),
        unseen=tuple(line for line in lines if not line.decision.permitted),
    )


def as_of(card: Card, at: datetime) -> Card:
    """The card as it stands at an instant to come."""
    return structs.replace(card, masked_by_patient=card.mask is not None and card.mask.holds(at))


def _facts(card: Card, gate: Gate, wished: Wished) -> DocumentFacts:
    shown = as_of(card, gate.now) if wished.at else card
    if card.id in wished.masked:
        shown = structs.replace(shown, masked_by_patient=True)
    if card.id in wished.hidden:
        shown = structs.replace(shown, hides=(*shown.hides, _hide(wished)))
    return document_facts(shown)


def _hide(wished: Wished) -> Hide:
    to = TO_PROFESSION if wished.professional is None else TO_PROFESSIONAL
    return Hide(to=to, id=wished.professional or wished.profession or "")


async def _reader(asking: Asking, wished: Wished) -> Reader:
    centre15 = wished.mode is Mode.SAMU
    if wished.professional is None:
        return Reader(
            kind=ReaderKind.PROFESSIONAL,
            id=SOMEBODY,
            profession=wished.profession,
            centre15=centre15,
        )
    for one in await asking.people.professionals():
        if one.id == wished.professional:
            return replace(professional_reader(one), centre15=centre15)
    raise DeniedError(NOT_THERE)


async def _gate(asking: Asking, own: Gate, who: Reader, wished: Wished) -> Gate:
    record, at = own.record, wished.at or own.now
    person = await asking.people.person(own.patient)
    if person is not None and wished.at is not None:
        record = record_facts(person, await asking.people.choices(own.patient), at)
    if wished.team is True and not who.team:
        who = replace(who, team=SOMEBODY)
    emergency = wished.mode is not Mode.NORMAL
    return replace(
        own,
        reader=who,
        record=_as_wished(record, who, wished, own.now),
        circumstances=Circumstances(mode=wished.mode, reason=MOTIVE) if emergency else NORMAL,
        now=at,
    )


def _as_wished(record: RecordFacts, who: Reader, wished: Wished, now: datetime) -> RecordFacts:
    name, team = who.id or "", who.team or ""
    consents, objected = record.consents, record.teams_objected
    if wished.agreed or (name == SOMEBODY and wished.team is None):
        consents = (*consents, CareConsent(id=name, to="professional", since=now))
    if wished.team is True:
        consents = (*consents, CareConsent(id=team, to="team", since=now))
        objected = tuple(one for one in objected if one != team)
    if wished.team is False:
        consents = tuple(one for one in consents if one.to != "team")
    blocks = (*record.blocks, Entry(id=name, since=now)) if wished.blocked else record.blocks
    informed = () if wished.team is False else record.teams_informed
    return replace(
        record,
        consents=consents,
        blocks=blocks,
        teams_objected=objected,
        teams_informed=informed,
    )
