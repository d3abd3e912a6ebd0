"""Erasures: whose time is over, the deed, and the receipts that are left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select, update

from gateway.audit.choice import choice_trace
from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState, NewTrace, Person
from gateway.records.patients.erasure import Erasure, Tombstone
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import schema
from gateway.store.burying.bury import NOTHING, bury, names_in, set_stone
from gateway.store.burying.rows import Found, held_for, seek
from gateway.store.columns import can_be, instant, micros, micros_or_none, pack, unpack
from gateway.store.index.lineage import hold, record
from gateway.store.index.persons import find_persons
from gateway.store.keys.destroyed import alone
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.ties import ties_of
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

log = structlog.get_logger()
P, S, T = schema.patient, schema.tombstone, schema.task
CLOSED = P.c.state == AccountState.CLOSED.value
STONES = select(S.c.id, S.c.at, S.c.names).order_by(S.c.at, S.c.id)
ENDED = "space-erased"
"""By which rule a part in somebody else's record ends."""


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
            found = find_persons(connection, self._keyring, [name]).get(name)
        except (InvalidTag, ValueError):
            log.error("erasure.unreadable", name=name.hex())  # noqa: TRY400 - told by its name
            return None
        return found if found is not None and found.key == name else None

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
        if not _stands(connection, person):
            return None
        found = seek(connection, self._keyring, names, before)
        ended = self._ended_ties(connection, person.key, draft)
        stone = Tombstone(id=draft.id, at=draft.at, names=found.names)
        buried = bury(connection, self._keyring, found, stone)
        done = replace(
            draft,
            documents=tuple(one.hex() for one in found.hashes),
            keys=buried.keys,
            entries=buried.entries,
            messages=buried.messages,
            tasks=buried.tasks,
        )
        cipher = self._keyring.sealing(connection, [DESK])[DESK]
        set_stone(connection, stone, seal(cipher, pack(done), _bound(done.id)))
        what = follows(done)
        add_traces(connection, draft.at, [*what.acts, *ended])
        add_tasks(connection, self._keyring, what.then, draft.at)
        return done

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
        if not sealed:
            return None
        cipher = self._keyring.opening(connection, [DESK])[DESK]
        return unpack(Erasure, unseal(cipher, sealed, _bound(identifier)))

    async def forget_place(self, task: int) -> None:
        emptied = update(T).where(T.c.id == task).values(sealed=NOTHING)
        await self._reach.write(lambda connection: connection.execute(emptied).rowcount)

    async def tombstones(self) -> list[Tombstone]:
        return await self._reach.read(stones_of)


def stones_of(connection: Connection) -> list[Tombstone]:
    return [stone_of(row) for row in connection.execute(STONES)]


def stone_of(row: Any) -> Tombstone:
    return Tombstone(id=row.id, at=instant(row.at), names=names_in(row.names))


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


def _bound(identifier: str) -> bytes:
    return bound(b"tombstone", DESK, identifier.encode())
