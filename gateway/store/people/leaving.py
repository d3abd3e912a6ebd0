"""Spaces that are opposed, closed, reopened, and whose deletion is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from gateway.audit.choice import choice_trace
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Tie
from gateway.records.patients.leaving import Deletion, Ended
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.burying.receipts import ended_of
from gateway.store.columns import instant, instant_or_none, micros, unpack
from gateway.store.index.lineage import hold, record, root
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.people import keep_choice
from gateway.store.people.signing_in.sessions import end_sessions
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

C, P = schema.choice, schema.patient
OF_SERVICES = (schema.service_token, schema.launch_token, schema.service_use)
ADDRESSES = (schema.agenda_feed, schema.share_reading, schema.share_link)
"""Which others hold, and which end with the space (VAULT ACC-15)."""
MADE = (AccountState.ACTIVE, AccountState.CREATED)
STOPPED = "service-stopped"
Values = dict[str, Any]


class DatabaseDepartures:
    """The port `Departures`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def oppose(
        self, patient: PatientKey, *, at: datetime, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> datetime | None:
        def work(connection: Connection) -> datetime | None:
            hold(connection, record(connection, patient))
            own = select(P.c.state, P.c.opposed_at).where(P.c.patient == root(connection, patient))
            row = connection.execute(own).one_or_none()
            if row is None or row.state not in (AccountState.INVITED, AccountState.OPPOSED):
                return None
            first = instant_or_none(row.opposed_at) if row.state == AccountState.OPPOSED else None
            if first is None:
                values: Values = {"state": AccountState.OPPOSED.value, "opposed_at": micros(at)}
                _moved(connection, patient, AccountState(row.state), values=values)
            self._write(connection, [act], () if first else then)
            return first or at

        return await self._reach.write(work)

    async def close(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        acts: Sequence[NewTrace],
        then: Sequence[NewTask] = (),
        asks_deletion: bool = False,
    ) -> bool:
        values = {
            "state": AccountState.CLOSED.value,
            "closed_at": micros(at),
            "deletion_asked_at": micros(at) if asks_deletion else None,
        }

        def work(connection: Connection) -> bool:
            names = record(connection, patient)
            hold(connection, names)
            if not _moved(connection, patient, *MADE, values=values):
                return False
            end_sessions(connection, self._keyring, {name.hex() for name in names})
            for table in (*OF_SERVICES, *ADDRESSES):
                connection.execute(delete(table).where(table.c.patient.in_(names)))
            stopped = self._stop_applications(connection, patient, names, at, acts[0])
            self._write(connection, [*acts, *stopped], then)
            return True

        return await self._reach.write(work)

    async def reopen(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        values: Values = {
            "state": AccountState.ACTIVE.value,
            "closed_at": None,
            "deletion_asked_at": None,
        }
        return await self._move(patient, values, act=act, then=then)

    async def ask_deletion(
        self,
        patient: PatientKey,
        *,
        at: datetime,
        act: NewTrace,
        then: Sequence[NewTask] = (),
        proposed: Choice | None = None,
    ) -> bool:
        def work(connection: Connection) -> bool:
            names = record(connection, patient)
            hold(connection, names)
            if proposed is not None and not self._stands(connection, names, proposed):
                return False
            values = {"deletion_asked_at": micros(at)}
            unasked = P.c.deletion_asked_at.is_(None)
            if not _moved(connection, patient, AccountState.CLOSED, values=values, only=unasked):
                return False
            ended = [] if proposed is None else [self._ended(connection, patient, proposed, act)]
            self._write(connection, [act, *ended], then)
            return True

        return await self._reach.write(work)

    async def take_back(
        self, patient: PatientKey, *, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        asked = P.c.deletion_asked_at.is_not(None)
        values: Values = {"deletion_asked_at": None}
        return await self._move(patient, values, only=asked, act=act, then=then)

    async def deletions(self, *, limit: int) -> list[Deletion]:
        query = select(P.c.patient, P.c.state, P.c.deletion_asked_at)
        query = query.where(P.c.deletion_asked_at.is_not(None), P.c.merged_into.is_(None))
        query = query.where(P.c.state.in_([AccountState.CLOSED, AccountState.ERASING]))
        query = query.order_by(P.c.deletion_asked_at, P.c.patient).limit(limit)

        def work(connection: Connection) -> list[Deletion]:
            return [
                Deletion(
                    patient=PatientKey(row.patient),
                    state=AccountState(row.state),
                    asked_at=instant(row.deletion_asked_at),
                )
                for row in connection.execute(query)
            ]

        return await self._reach.read(work)

    async def ended(self, *, limit: int) -> list[Ended]:
        return await self._reach.read(lambda c: ended_of(c, self._keyring, limit))

    async def proposed(self, now: datetime, *, limit: int) -> list[Tie]:
        """Of a space that is closed, since before."""
        named = C.c.target_name == self._keyring.keys.name(b"target", "")
        kind = C.c.kind == ChoiceKind.DELETION_PROPOSED.value
        since = P.c.closed_at.is_(None) | (P.c.closed_at <= C.c.since)
        still = (P.c.state == AccountState.CLOSED.value) & since
        query = select(C.c.patient, C.c.sealed).where(named, kind, C.c.until > micros(now))
        query = query.join(P, P.c.patient == C.c.patient).where(
            still, P.c.deletion_asked_at.is_(None)
        )
        query = query.order_by(C.c.since, C.c.number).limit(limit)

        def work(connection: Connection) -> list[Tie]:
            found = _choices(connection, self._keyring, connection.execute(query).all())
            return [Tie(patient=patient, choice=one) for patient, one in found]

        return await self._reach.read(work)

    async def _move(
        self,
        patient: PatientKey,
        values: Values,
        *,
        only: ColumnElement[bool] | None = None,
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> bool:
        """Of a closed space."""

        def work(connection: Connection) -> bool:
            hold(connection, record(connection, patient))
            if not _moved(connection, patient, AccountState.CLOSED, values=values, only=only):
                return False
            self._write(connection, [act], then)
            return True

        return await self._reach.write(work)

    def _write(
        self, connection: Connection, acts: Sequence[NewTrace], then: Sequence[NewTask]
    ) -> None:
        now = self._reach.clock.now()
        add_traces(connection, now, acts)
        add_tasks(connection, self._keyring, then, now)

    def _stop_applications(
        self,
        connection: Connection,
        patient: PatientKey,
        names: Sequence[bytes],
        at: datetime,
        closing: NewTrace,
    ) -> list[NewTrace]:
        """What was agreed with each ends, for good (VAULT ACC-18)."""
        is_open = C.c.until.is_(None) | (C.c.until > micros(at))
        query = select(C.c.patient, C.c.sealed).where(C.c.patient.in_(names), is_open)
        rows = connection.execute(
            query.where(C.c.kind == ChoiceKind.APPLICATION.value).order_by(C.c.number)
        ).all()
        agreed = {one.target: one for _, one in _choices(connection, self._keyring, rows)}
        act = replace(closing, action=STOPPED)
        return [self._ended(connection, patient, one, act, at=at) for one in agreed.values()]

    def _ended(
        self,
        connection: Connection,
        patient: PatientKey,
        one: Choice,
        act: NewTrace,
        *,
        at: datetime | None = None,
    ) -> NewTrace:
        now = at or self._reach.clock.now()
        ended = replace(one, since=now, until=now)
        before = keep_choice(connection, self._keyring, patient, ended)
        return choice_trace(patient, ended, act, before)

    def _stands(self, connection: Connection, names: Sequence[bytes], one: Choice) -> bool:
        target = C.c.target_name == self._keyring.keys.name(b"target", one.target)
        same = C.c.patient.in_(names) & (C.c.kind == one.kind.value) & target
        at = (C.c.since == micros(one.since)) & (C.c.until > micros(self._reach.clock.now()))
        return connection.scalar(select(C.c.number).where(same, at)) is not None


def _moved(
    connection: Connection,
    patient: PatientKey,
    *before: AccountState,
    values: Values,
    only: ColumnElement[bool] | None = None,
) -> bool:
    """Changes the line of the record, from these states only."""
    ours = (P.c.patient == root(connection, patient)) & P.c.state.in_([one.value for one in before])
    chosen = ours if only is None else ours & only
    return connection.execute(update(P).where(chosen).values(**values)).rowcount == 1


def _choices(
    connection: Connection, keyring: Keyring, rows: Sequence[Any]
) -> list[tuple[PatientKey, Choice]]:
    """Of rows with `patient` and `sealed`; what nobody can read any more is left out."""
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    return [
        (
            PatientKey(row.patient),
            unpack(
                Choice,
                unseal(ciphers[row.patient], row.sealed, bound(b"choice", row.patient, b"")),
            ),
        )
        for row in rows
        if row.patient in ciphers
    ]
