"""Erasures: whose time is over, the deed, and the receipts that are left."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, func, null, select, update

from gateway.audit.choice import choice_trace
from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.erasure import Cause, Erasure, Tombstone
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.burying.bury import NOTHING, clear, destroy, set_stone
from gateway.store.burying.graves import sealed_grave
from gateway.store.burying.receipts import opened, sealed_receipt
from gateway.store.burying.rows import Found, held_for, seek
from gateway.store.burying.steps import Step, steps, take
from gateway.store.columns import can_be, instant, micros, micros_or_none, pack, unpack
from gateway.store.index.lineage import hold, record, root
from gateway.store.index.persons import Lost, find_persons
from gateway.store.keys.destroyed import alone, my_turn, names_in
from gateway.store.keys.lost import missing_keys
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.ties import ties_of
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

log = structlog.get_logger()
P, S, T, TRACE = schema.patient, schema.tombstone, schema.task, schema.trace
CLOSED = P.c.state == AccountState.CLOSED.value
STONES = select(S.c.id, S.c.at, S.c.names).order_by(S.c.at, S.c.id)
ENDED = "space-erased"
"""By which rule a part in somebody else's record ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What the last step writes (`Follows`)."""

    acts: tuple[NewTrace, ...] = ()
    then: tuple[NewTask, ...] = ()


class DatabaseErasures:
    """The port `Erasures`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def due(self, *, asked_before: datetime, closed_before: datetime) -> list[Person]:
        asked = P.c.deletion_asked_at <= micros(asked_before)
        over = P.c.closed_at <= micros(closed_before)
        wanted = [select(P.c.patient).where(CLOSED, one) for one in (asked, over)]

        def work(connection: Connection) -> list[Person]:
            names = {PatientKey(one) for query in wanted for one in connection.scalars(query)}
            found = [self._person(connection, name) for name in sorted(names)]
            return [one for one in found if one is not None]

        return await self._reach.read(work)

    def _person(self, connection: Connection, name: PatientKey) -> Person | None:
        """One whose line is damaged keeps nobody else from being erased; nor does one that joined
        another record, which is that one's to end."""
        try:
            found = find_persons(connection, self._keyring, [name], lost=Lost.BARE).get(name)
        except (InvalidTag, ValueError):
            log.error("erasure.unreadable", name=name.hex())  # noqa: TRY400 - told by its name
            return None
        return found if found is not None and found.key == name else None

    async def lost(self, patient: PatientKey) -> Person | None:
        def work(connection: Connection) -> Person | None:
            end = root(connection, patient)
            if end in self._keyring.sound(connection, [end])[0]:
                return None
            found = find_persons(connection, self._keyring, [end], lost=Lost.BARE).get(end)
            return found if found and found.state is not AccountState.ERASING else None

        return await self._reach.read(work)

    async def keyless(self, *, limit: int) -> list[PatientKey]:
        found = await self._reach.read(lambda c: missing_keys(c, limit=limit))
        return [PatientKey(one) for one in found]

    async def held(self, patient: PatientKey) -> list[str]:
        return await self._reach.read(lambda c: held_for(c, record(c, patient)))

    async def erase(
        self, person: Person, draft: Erasure, *, follows: Callable[[Erasure], Follows]
    ) -> Erasure | None:
        """A reader seeks what takes a walk through whole tables; the commit what came since."""
        before = await self._reach.read(
            lambda c: seek(c, self._keyring, record(c, person.key)),
        )
        return await self._reach.write(lambda c: self._erase(c, person, draft, follows, before))

    def _erase(
        self,
        connection: Connection,
        person: Person,
        draft: Erasure,
        follows: Callable[[Erasure], Follows],
        before: Found,
    ) -> Erasure | None:
        if not alone(connection):
            return None
        names = record(connection, person.key)
        hold(connection, names)
        if draft.cause is Cause.KEY_LOST:
            stands = person.key not in self._keyring.sound(connection, [person.key])[0]
        else:
            stands = _stands(connection, person)
        if not stands:
            return None
        found = seek(connection, self._keyring, names, before)
        ended = self._ended_ties(connection, person.key, draft)
        stone = Tombstone(id=draft.id, at=draft.at, names=found.names)
        done = replace(
            draft,
            documents=tuple(one.hex() for one in found.hashes),
            keys=destroy(connection, self._keyring, stone),
            entries=_entries(connection, stone),
            messages=len(found.messages),
            tasks=len(found.tasks),
        )
        what = follows(done)
        receipt = sealed_receipt(self._keyring.keys, done)
        rest = self._sealed_rest(connection, stone, what)
        set_stone(connection, replace(stone, receipt=receipt), rest=rest, leaves=None)
        add_traces(connection, draft.at, [*what.acts, *ended])
        return done

    def _desk(self, connection: Connection) -> AESGCM:
        return self._keyring.sealing(connection, [DESK])[DESK]

    def _sealed_rest(self, connection: Connection, stone: Tombstone, what: Follows) -> bytes:
        rest = Rest(acts=tuple(what.ended), then=tuple(what.then))
        return seal(self._desk(connection), pack(rest), bound(b"rest", DESK, stone.grave))

    async def unfinished(self) -> list[str]:
        wanted = select(S.c.id).where(schema.UNFINISHED).order_by(S.c.at, S.c.id)
        return await self._reach.read(lambda connection: list(connection.scalars(wanted)))

    async def finish(self, identifier: str) -> bool:
        """Each step is a commit of its own: what others file goes between."""
        stone = await self._reach.read(lambda connection: _unfinished(connection, identifier))
        if stone is None:
            return False
        found = await self._reach.read(lambda c: seek(c, self._keyring, stone.names))
        for step in await self._reach.read(lambda connection: list(steps(connection, found))):
            if not await self._reach.write(partial(_step, step=step, stone=stone)):
                return False
        left = await self._reach.read(lambda c: seek(c, self._keyring, stone.names))
        return await self._reach.write(lambda connection: self._finish(connection, stone, left))

    def _finish(self, connection: Connection, stone: Tombstone, before: Found) -> bool:
        """The last step: what came meanwhile goes too, and the names are nobody's."""
        if not alone(connection) or _unfinished(connection, stone.id) is None:
            return False
        hold(connection, stone.names)
        found = seek(connection, self._keyring, stone.names, before)
        clear(connection, self._keyring, found, stone)
        sealed = connection.scalar(select(S.c.rest).where(S.c.id == stone.id)) or NOTHING
        plain = unseal(self._desk(connection), sealed, bound(b"rest", DESK, stone.grave))
        rest, now = unpack(Rest, plain), self._reach.clock.now()
        leaves = sealed_grave(connection, self._keyring, stone.grave)
        done = update(S).where(S.c.id == stone.id).values(rest=null(), leaves=leaves)
        connection.execute(done)
        add_traces(connection, now, rest.acts)
        add_tasks(connection, self._keyring, rest.then, now)
        return True

    def _ended_ties(
        self, connection: Connection, person: PatientKey, draft: Erasure
    ) -> list[NewTrace]:
        """Entries of the records that this person had a part in until now."""
        own = set(record(connection, person))
        traces = []
        for tie in ties_of(connection, self._keyring, person):
            stood = tie.choice.since, tie.choice.until
            if tie.patient in own or (stood[1] is not None and stood[1] <= draft.at):
                continue
            fact = replace(tie.choice, since=draft.at, until=draft.at)
            traces.append(choice_trace(tie.patient, fact, _ending(tie.patient), stood))
        return traces

    async def receipts(self, patient: PatientKey) -> list[Erasure]:
        def work(connection: Connection) -> list[Erasure]:
            ids = [row.id for row in connection.execute(STONES) if patient in names_in(row.names)]
            found = [self._receipt(connection, one) for one in reversed(ids)]
            return [one for one in found if one is not None]

        return await self._reach.read(work)

    async def receipt(self, identifier: str) -> Erasure | None:
        if not can_be(identifier):
            return None
        return await self._reach.read(lambda c: self._receipt(c, identifier))

    def _receipt(self, connection: Connection, identifier: str) -> Erasure | None:
        sealed = connection.scalar(select(S.c.sealed).where(S.c.id == identifier))
        return opened(connection, self._keyring, identifier, sealed)

    async def forget_place(self, task: int) -> None:
        emptied = update(T).where(T.c.id == task).values(sealed=NOTHING)
        await self._reach.write(lambda connection: connection.execute(emptied).rowcount)

    async def tombstones(self) -> list[Tombstone]:
        return await self._reach.read(stones_of)


def stones_of(connection: Connection) -> list[Tombstone]:
    """With their receipts, as they are kept apart from the database."""
    rows = connection.execute(STONES.add_columns(S.c.sealed))
    return [replace(stone_of(row), receipt=row.sealed or NOTHING) for row in rows]


def stone_of(row: Any) -> Tombstone:
    return Tombstone(id=row.id, at=instant(row.at), names=names_in(row.names))


def _unfinished(connection: Connection, identifier: str) -> Tombstone | None:
    one = STONES.where(S.c.id == identifier, schema.UNFINISHED)
    row = connection.execute(one).one_or_none()
    return None if row is None else stone_of(row)


def _step(connection: Connection, *, step: Step, stone: Tombstone) -> bool:
    """False where another process buries: it is left to that one."""
    if not my_turn(connection):
        return False
    take(connection, step, stone)
    return True


def _entries(connection: Connection, stone: Tombstone) -> int:
    ours = select(func.count()).where(TRACE.c.patient.in_(stone.names))
    return connection.scalar(ours) or 0


def _stands(connection: Connection, person: Person) -> bool:
    """Closed as it was read, whatever came between."""
    times = select(P.c.closed_at, P.c.deletion_asked_at).where(P.c.patient == person.key, CLOSED)
    row = connection.execute(times).one_or_none()
    wanted = micros_or_none(person.closed_at), micros_or_none(person.deletion_asked_at)
    return row is not None and tuple(row) == wanted


def _ending(patient: PatientKey) -> NewTrace:
    return NewTrace(
        patient=patient,
        action="choose",
        permitted=True,
        rule=ENDED,
        kind="system",
        actor="",
        actor_name="Mon espace santé",
        door="",
    )
