"""« Que voit ce professionnel ? »: his own list, decided as it would be, by the one decision.

Nothing is read, so nothing is traced: the holder looks at his own record (VAULT CHO-14).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.errors import DeniedError
from gateway.flows.reading.asking import NOT_THERE, Asking
from gateway.flows.reading.explain import HOLDERS
from gateway.flows.reading.facts import document_facts, professional_reader
from gateway.flows.reading.gate import Gate
from gateway.records.access import (
    NORMAL,
    AccessAction,
    CareConsent,
    Circumstances,
    Decision,
    Entry,
    Mode,
    Reader,
    ReaderKind,
)
from gateway.records.filing import Card
from gateway.records.patient import PatientKey

SOMEBODY = "simulated"
MOTIVE = "simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """`professional` by his id, else any member of `profession` with the patient's agreement.

    `agreed`, `blocked` change what stands: « avant / après » of a choice not yet made.
    """

    professional: str | None = None
    profession: str | None = None
    mode: Mode = Mode.NORMAL
    at: datetime | None = None
    agreed: bool = False
    blocked: bool = False


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
    gate = _gate(own, who, wished)
    lines = [
        Line(card=card, decision=gate.may(AccessAction.LIST, document_facts(card)))
        for card in await asking.shelf.cards(patient)
        if own.may(AccessAction.LIST, document_facts(card)).permitted
    ]
    return Simulated(
        who=who,
        standing=gate.standing(),
        seen=tuple(line for line in lines if line.decision.permitted),
        unseen=tuple(line for line in lines if not line.decision.permitted),
    )


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


def _gate(own: Gate, who: Reader, wished: Wished) -> Gate:
    record = own.record
    name = who.id or ""
    if wished.agreed or who.id == SOMEBODY:
        agreement = CareConsent(id=name, to="professional", since=own.now)
        record = replace(record, consents=(*record.consents, agreement))
    if wished.blocked:
        record = replace(record, blocks=(*record.blocks, Entry(id=name, since=own.now)))
    emergency = wished.mode is not Mode.NORMAL
    return replace(
        own,
        reader=who,
        record=record,
        circumstances=Circumstances(mode=wished.mode, reason=MOTIVE) if emergency else NORMAL,
        now=wished.at or own.now,
    )
