"""Open a link: its code begins a reading, and each page of it is decided anew (VAULT DOC-12)."""

from dataclasses import replace
from datetime import timedelta
from hmac import compare_digest

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.family.in_role import in_role
from gateway.flows.linking.attested import JudgedAttestation, judged_attestation
from gateway.flows.linking.room import OPENED, WHOEVER, Judged, Linking, judged
from gateway.flows.reading.decided.asking import GONE, NOBODY, NOT_THERE
from gateway.flows.reading.decided.gate import NOTHING_PERMITS
from gateway.flows.reading.read import Opened
from gateway.flows.signing_in.tries import count_try, of_address, of_person
from gateway.records.patients.account import NewTrace
from gateway.records.patients.attestation import Attestation
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import MOST_READINGS, READING, ShareLink, read_link_code
from gateway.records.readers.access import ReaderKind

FROM, OF_LINK = "link-from", "link"
WINDOW = timedelta(minutes=15)
DOOR = "lien"
AnyJudged = Judged | JudgedAttestation


class NotOpenedError(Exception):
    """Address or code is not right, or the link is over; nobody is told which."""


async def open_link(
    room: Linking, secret: str, typed: str, *, address: str
) -> tuple[ShareLink, str]:
    """Begins a reading and returns the link with a ticket, under which pages are read for half an
    hour.

    A try is counted before it is judged. Raises NotOpenedError, TooManyTriesError.
    """
    clock = room.read.clock
    whose = of_person(OF_LINK, secret, window=WINDOW)
    sent = of_address(address, kind=FROM, window=WINDOW)
    counted = await count_try(room.sessions, clock, whose, sent)
    link = await room.links.find(secret, clock.now())
    if link is None or not compare_digest(link.code, read_link_code(typed)):
        await _failed(room, link, address)
        raise NotOpenedError
    found = await _judged(room, link)
    if found is None or not found.decision.permitted:
        await _failed(room, link, address, found)
        raise NotOpenedError
    ticket = room.ids.secret()
    act = found.entry_of_whoever(OPENED, address, link=link.id, reading=link.readings + 1)
    until = min(found.gate.now + READING, link.until)
    if not await room.links.begin(link, ticket, until=until, most=MOST_READINGS, act=act):
        await _failed(room, link, address)
        raise NotOpenedError
    await room.sessions.take_back(counted, forget=whose.subject)
    return link, ticket


async def reading(
    room: Linking, secret: str, ticket: str, *, act: str, address: str
) -> tuple[ShareLink, Opened]:
    """The document of a reading that lasts, traced as `act`. Raises DeniedError."""
    link, found = await _read(room, secret, ticket, act=act, address=address)
    if not isinstance(found, Judged):
        raise DeniedError(NOT_THERE)
    card = structs.replace(found.shelved.card, own_label=None)  # for the holder's side alone
    opened = Opened(
        shelved=replace(found.shelved, card=card),
        facts=found.facts,
        decision=found.decision,
        gate=found.gate,
    )
    return link, opened


async def reading_of_attestation(
    room: Linking, secret: str, ticket: str, *, act: str, address: str
) -> tuple[ShareLink, Attestation]:
    """The attestation of a reading that lasts, likewise. Raises DeniedError."""
    link, found = await _read(room, secret, ticket, act=act, address=address)
    if not isinstance(found, JudgedAttestation):
        raise DeniedError(NOT_THERE)
    return link, found.one


async def _read(
    room: Linking, secret: str, ticket: str, *, act: str, address: str
) -> tuple[ShareLink, AnyJudged]:
    """Raises DeniedError."""
    link = await room.links.reading(secret, ticket, room.read.clock.now())
    found = await _judged(room, link) if link is not None else None
    if link is None or found is None:
        raise DeniedError(NOT_THERE)
    await room.read.traces.write([found.entry_of_whoever(act, address, link=link.id)])
    if not found.decision.permitted:
        raise DeniedError(NOT_THERE, rule=found.decision.rule)
    return link, found


async def _judged(room: Linking, link: ShareLink) -> AnyJudged | None:
    """As whoever made it stands before the record now; None where that person, or the document, is
    there no more, or is another's since (a merge that was undone)."""
    try:
        reader = await in_role(room.read.people, link.kind, link.by, link.patient, door=DOOR)
        reader = replace(reader, name=link.by_name)
        if link.is_attestation:
            return await judged_attestation(room, reader, link)
        found = await judged(room, reader, link.document, OPENED)
    except DeniedError:
        return None
    if found.gate.patient != link.patient:
        return replace(found, decision=NOTHING_PERMITS)
    return found


async def _failed(
    room: Linking, link: ShareLink | None, address: str, found: AnyJudged | None = None
) -> None:
    """Told in the record of the link, under the rule that refused; else in nobody's."""
    if found is not None and link is not None:
        entry = found.entry_of_whoever(OPENED, address, link=link.id)
        await room.read.traces.write([entry])
        return
    trace = NewTrace(
        patient=link.patient if link else PatientKey(NOBODY),
        action=OPENED,
        permitted=False,
        rule=GONE.rule,
        kind=ReaderKind.THIRD_PARTY,
        actor="",
        actor_name=WHOEVER,
        document=link.document if link and not link.is_attestation else None,
        door=room.read.door,
        address=address,
    )
    await room.read.traces.write([trace])
