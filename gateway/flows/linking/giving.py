"""Make a link to one document, see those that are in force, end one (VAULT DOC-12)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import orjson

from gateway.errors import DeniedError, RefusedError
from gateway.flows.family.profiles import decide_act
from gateway.flows.linking.room import (
    ENDED,
    LISTED,
    MADE,
    Judged,
    Linking,
    can_be_given,
    demanded,
)
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import (
    LEAST_DAYS,
    MOST_DAYS,
    MOST_LINKS,
    ShareLink,
    new_link_code,
)
from gateway.records.readers.access import AccessAction, Reader

MOST_SIGNS = 50
"""Of the words for whom a link is."""
ID_LETTERS = 32
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class TooManyLinksError(RefusedError):
    """The record has MOST_LINKS in force."""

    def __init__(self) -> None:
        super().__init__(f"There are {MOST_LINKS} links in force already: end one first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A link in force, with the document as this reader sees it, None of an attestation; `reads`
    says that it would still be opened to somebody who comes with it now."""

    link: ShareLink
    card: Card | None
    reads: bool


async def shareable(room: Linking, reader: Reader, patient: PatientKey, document: str) -> Judged:
    """Before a form: raises DeniedError, traced, where no link may be made to it."""
    return await demanded(room, reader, patient, document, MADE)


async def make(
    room: Linking,
    reader: Reader,
    patient: PatientKey,
    document: str,
    *,
    days: int,
    to: str,
    key: str = "",
) -> ShareLink:
    """Its address and code are told to who holds the record, and to nobody else; a second click on
    one form (`key`) is the same link.

    Raises DeniedError, RefusedError for days or words out of bounds, TooManyLinksError.
    """
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise RefusedError(f"A link lasts {LEAST_DAYS} to {MOST_DAYS} days.")
    if len(to) > MOST_SIGNS or LINE_BREAKS.search(to):
        raise RefusedError(f"For whom it is: one line of {MOST_SIGNS} characters at most.")
    found = await demanded(room, reader, patient, document, MADE)
    made = new_link(room, found.gate, document, days=days, to=to, key=key)
    act = found.entry(MADE, link=made.id, days=days)
    if not await room.links.make(made, most=MOST_LINKS, act=act):
        raise TooManyLinksError
    return made


def new_link(
    room: Linking,
    gate: Gate,
    what: str,
    *,
    days: int,
    key: str,
    to: str = "",
    is_attestation: bool = False,
) -> ShareLink:
    """From now on, by whoever stands at this gate; `what` is the id of a document, or of an
    attestation."""
    said = orjson.dumps([key, what, days, to])
    named = sha256(gate.patient + said).hexdigest()[:ID_LETTERS]
    return ShareLink(
        id=named if key else room.ids.identifier(),
        patient=gate.patient,
        document=what,
        by=gate.reader.id or "",
        kind=gate.reader.kind,
        by_name=gate.reader.name,
        to=to,
        secret=room.ids.secret(),
        code=new_link_code(room.ids.octets),
        made_at=gate.now,
        until=gate.now + timedelta(days=days),
        is_attestation=is_attestation,
    )


async def given(room: Linking, reader: Reader, patient: PatientKey) -> list[Given]:
    """Of this record, the newest first; what this reader may not see is left out. Raises
    DeniedError, traced, for who may take nothing out of the record."""
    gate = await room.read.gate(reader, patient, attempt=LISTED)
    decision = decide_act(gate, AccessAction.EXPORT)
    trace = trace_of(gate, decision, action=LISTED, door=room.read.door)
    await room.read.traces.write([trace])
    if not decision.permitted:
        raise DeniedError(NOT_THERE, rule=decision.rule)
    links = await room.links.of(gate.patient, gate.now)
    shelved = await room.read.shelf.find_each([one.document for one in links])
    seen = [await _given(room, gate, one, shelved.get(one.document)) for one in links]
    return [one for one in seen if one is not None]


async def _given(room: Linking, gate: Gate, link: ShareLink, found: Shelved | None) -> Given | None:
    if link.is_attestation:
        one = await room.attestations.find(link.document)
        stands = one is not None and one.withdrawn_at is None
        return Given(link=link, card=None, reads=stands and not link.is_spent)
    if found is None:
        return None
    if not gate.may(AccessAction.LIST, await room.read.facts(found)).permitted:
        return None
    return Given(link=link, card=found.card, reads=can_be_given(found.card) and not link.is_spent)


async def end(room: Linking, reader: Reader, patient: PatientKey, link: str) -> bool:
    """No reading of it lasts longer; False where it is not, or no longer, in this reader's list.
    Raises DeniedError."""
    found = find_in(await given(room, reader, patient), link)
    if found is None:
        return False
    gate = await room.read.gate(reader, patient, attempt=ENDED)
    act = trace_of(
        gate,
        decide_act(gate, AccessAction.EXPORT),
        action=ENDED,
        document=found.card.id if found.card else None,
        door=room.read.door,
        said={"link": link},
    )
    return await room.links.end(link, act=act)


def find_in(links: Sequence[Given], link: str) -> Given | None:
    return next((one for one in links if one.link.id == link), None)
