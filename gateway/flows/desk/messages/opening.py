"""« Octets » (PAGES section 7): the bytes of a refused message, opened by two people of the desk.

One operator asks, with a reason, another one agrees; for an hour who asked may read them. Never
those of a message that was filed or held, nor of a person who opposed or whose space is closed:
that is asked again at each look. Each step is in the log of whom the message names, where the index
knows that person, before a byte leaves.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from gateway.clock import Clock, Ids
from gateway.errors import RefusedError
from gateway.flows.again import Again, Kept
from gateway.flows.desk.agent import entry_of
from gateway.flows.desk.messages.listing import MessageDesk
from gateway.flows.identity.propose import SamePersonError, same_person
from gateway.flows.identity.qualify import house_of
from gateway.mapping.datatypes.local_ids import scoped
from gateway.mapping.files.octets import WIDTH, Line, charset_of, lines_of
from gateway.mapping.identity import ALL_INS_OIDS, ins_in
from gateway.ports.documents.openings import Openings
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import PatientNames
from gateway.records.intake.finding import Verdict
from gateway.records.intake.messages import Envelope
from gateway.records.intake.opening import Opening
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey
from gateway.records.readers.access import Decision, Reader, ReaderKind

LASTS = timedelta(hours=1)
"""From the second person's word on; then it is asked anew."""
WAITS = timedelta(days=7)
"""What nobody agreed to by then waits no more."""
ROWS = 128
"""Lines of one page."""
MAX_WAITING, MAX_NAMED = 1_000, 500
ASKED, AGREED, DECLINED, READ = "bytes-asked", "bytes-agreed", "bytes-declined", "bytes"
BY_TWO = Decision(
    permitted=True,
    rule="PAGES-7",
    because="Deux agents du support ont ouvert un message refusé, qui n'a jamais été rangé.",
)
NOT_SO = replace(BY_TWO, permitted=False)
NEVER_OPENED = frozenset(
    {AccountState.OPPOSED, AccountState.CLOSED, AccountState.ERASING, AccountState.ERASED}
)


class Shut(StrEnum):
    """Why bytes stay shut."""

    NOT_REFUSED = "not-refused"
    """Or refused after it was held, or the same bytes were taken as another receipt."""
    GONE = "gone"
    PERSON = "person"


class ShutError(RefusedError):
    def __init__(self, why: Shut) -> None:
        super().__init__(f"the bytes of this receipt stay shut: {why}")
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """One page of them; `how` the character set became known."""

    charset: str
    how: str
    lines: list[Line]
    size: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Octets:
    """`mine` is what this operator asked for: it waits, or is open until its end; `shown` only
    where it is open."""

    envelope: Envelope
    mine: Opening | None = None
    shown: Bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningDesk:
    messages: MessageDesk
    again: Again
    openings: Openings
    people: PatientIndex
    names: PatientNames
    clock: Clock
    ids: Ids

    async def show(self, agent: Reader, receipt: str, *, page: int) -> Octets:
        """`page` counts from 1; behind the last one stands the last one. Raises DeniedError,
        ShutError, and RefusedError for a receipt that there is not."""
        envelope = (await self.messages.show(agent, receipt)).envelope
        kept, whose = await self._openable(receipt)
        mine = await self._mine(agent, receipt)
        if mine is None or mine.until is None:
            return Octets(envelope=envelope, mine=mine)
        said = {"opening": mine.id, "page": page}
        trace = self._trace(agent, READ, receipt, whose, said)
        await self.messages.gate.traces.write([trace])
        return Octets(
            envelope=envelope, mine=mine, shown=await asyncio.to_thread(_bytes, kept, page)
        )

    async def ask(self, agent: Reader, receipt: str, *, reason: str) -> None:
        """Raises as `show`; a refused try is traced."""
        await self.messages.show(agent, receipt)
        try:
            _, whose = await self._openable(receipt)
        except ShutError as error:
            said = {"reason": reason, "shut": error.why}
            refused = self._trace(agent, ASKED, receipt, DESK, said, by=NOT_SO)
            await self.messages.gate.traces.write([refused])
            raise
        mine = await self._mine(agent, receipt)
        if mine is not None:
            return
        made = Opening(
            id=self.ids.identifier(),
            receipt=receipt,
            by=agent.id or "",
            reason=reason,
            at=self.clock.now(),
        )
        said = {"opening": made.id, "reason": reason}
        await self.openings.ask(made, act=self._trace(agent, ASKED, receipt, whose, said))

    async def waiting(self) -> list[Opening]:
        """What waits for a second person, oldest first."""
        since = self.clock.now() - WAITS
        return await self.openings.waiting(since=since, limit=MAX_WAITING)

    async def examine(self, agent: Reader, identifier: str) -> tuple[Opening, Envelope]:
        """What a second person must see before he agrees: never the bytes. Raises ShutError,
        DeniedError, RefusedError."""
        opening = await self._waiting(identifier)
        message = await self.messages.show(agent, opening.receipt)
        await self._openable(opening.receipt)
        return opening, message.envelope

    async def agree(self, agent: Reader, identifier: str) -> None:
        """Raises SamePersonError for who asked, ShutError, RefusedError for what waits no more."""
        opening = await self._waiting(identifier)
        if same_person(opening.by, agent.id or ""):
            raise SamePersonError("a second person agrees: this is who asked")
        _, whose = await self._openable(opening.receipt)
        agreed = replace(opening, agreed_by=agent.id or "", until=self.clock.now() + LASTS)
        said = {"opening": opening.id, "asked_by": opening.by, "reason": opening.reason}
        act = self._trace(agent, AGREED, opening.receipt, whose, said)
        if not await self.openings.agree(agreed, act=act):
            raise _waits_no_more(identifier)

    async def decline(self, agent: Reader, identifier: str) -> None:
        """Whoever it is, nothing is opened. Raises RefusedError for what waits no more."""
        opening = await self._waiting(identifier)
        try:
            _, whose = await self._openable(opening.receipt)
        except ShutError:
            whose = DESK
        act = self._trace(agent, DECLINED, opening.receipt, whose, {"opening": opening.id})
        if not await self.openings.drop(identifier, act=act):
            raise _waits_no_more(identifier)

    async def is_shut(self, receipt: str) -> Shut | None:
        """By what is known without reading the bytes; None where they may be asked for."""
        standing, now = await self.openings.standing(receipt), self.clock.now()
        if standing is None:
            return Shut.GONE
        never = standing.verdict is Verdict.REFUSE and standing.was_held is False
        if not never or standing.in_a_record or standing.taken:
            return Shut.NOT_REFUSED
        kept = standing.keep_until is not None and now < standing.keep_until
        return None if kept else Shut.GONE

    async def _openable(self, receipt: str) -> tuple[Kept, PatientKey]:
        """The bytes, and in whose log this stands. Raises ShutError."""
        why = await self.is_shut(receipt)
        if why is not None:
            raise ShutError(why)
        try:
            kept = await self.again(receipt)
        except RefusedError as error:
            raise ShutError(Shut.GONE) from error
        named = await self._named(kept)
        if any(one.feeding_opposed or one.state in NEVER_OPENED for one in named):
            raise ShutError(Shut.PERSON)
        return kept, named[0].key if named else DESK

    async def _named(self, kept: Kept) -> list[Person]:
        """Everybody of the index whom the message names, by INS or local identifier; by what may
        be an INS in its bytes too, for they may be too broken to be understood."""
        found: list[Person | None] = []
        for one in _identities(kept.understanding):
            if one.ins:
                key = self.names.patient_key(one.ins_oid or "", one.ins)
                found.append(await self.people.person(key))
            for other in one.other_ids:
                scope = scoped(other, house_of(kept))
                found.append(await self.people.person_by_local_id(scope))
        bare = await asyncio.to_thread(ins_in, kept.delivery.raw, most=MAX_NAMED)
        keys = [self.names.patient_key(oid, ins) for ins in bare for oid in ALL_INS_OIDS]
        found += [await self.people.person(key) for key in keys]
        return [one for one in found if one is not None]

    async def _mine(self, agent: Reader, receipt: str) -> Opening | None:
        """One that is open comes before one that waits. An end that a clock far ahead wrote down
        opens nothing once it is corrected."""
        now = self.clock.now()
        kept = await self.openings.of_receipt(receipt)
        mine = [one for one in kept if same_person(one.by, agent.id or "")]
        opened = (one for one in mine if one.until and now < one.until <= now + LASTS)
        waits = (one for one in mine if one.until is None and one.at > now - WAITS)
        return next(opened, None) or next(waits, None)

    async def _waiting(self, identifier: str) -> Opening:
        found = await self.openings.find(identifier)
        if found is None or found.at <= self.clock.now() - WAITS:
            raise _waits_no_more(identifier)
        return found

    def _trace(
        self,
        agent: Reader,
        action: str,
        receipt: str,
        whose: PatientKey,
        said: Mapping[str, object],
        *,
        by: Decision = BY_TWO,
    ) -> NewTrace:
        """Raises RefusedError for somebody without a number."""
        if agent.kind is not ReaderKind.OPERATOR or not agent.id:
            raise RefusedError("who acts at the desk has a number")
        return entry_of(agent, action, {"receipt": receipt, **said}, by=by, patient=whose)


def _identities(understood: Understanding) -> list[PatientIdentity]:
    found = [one.patient for one in understood.documents]
    message = understood.message
    if message is not None and message.patient is not None:
        found.append(message.patient)
    if message is not None and message.admission is not None:
        for subject in message.admission.subjects:
            found += [subject.identity, *([subject.prior] if subject.prior else [])]
    return list(dict.fromkeys(found))


def _bytes(kept: Kept, page: int) -> Bytes:
    raw = kept.delivery.raw
    charset, how = charset_of(raw, kept.delivery.reading)
    pages = max(1, -(-len(raw) // (ROWS * WIDTH)))
    page = min(max(page, 1), pages)
    lines = lines_of(raw, charset, first=(page - 1) * ROWS, rows=ROWS)
    return Bytes(charset=charset, how=how, lines=lines, size=len(raw), page=page, pages=pages)


def _waits_no_more(identifier: str) -> RefusedError:
    return RefusedError(f"no opening {identifier} waits for a second person")
