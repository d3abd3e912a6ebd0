"""Provisional codes of spaces, and credentials that change with everything that follows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from gateway.audit.choice import choice_trace
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Tie,
)
from gateway.records.patients.activation import Activated, Activation
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import micros, pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.lineage import hold, record, root
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.people import keep_choice, keep_login, login_name
from gateway.store.people.signing_in.sessions import end_sessions
from gateway.store.people.ties import proposed_of
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

A, C, L, P = schema.activation, schema.choice, schema.login, schema.patient
WAITING = (
    AccountState.INVITED,
    AccountState.OPPOSED,
    AccountState.CREATED,
    AccountState.ACTIVE,
    AccountState.CLOSED,
)
"""A space that is active already may be given another login: its owner lost the former one. Who
opposed or closed may change his mind."""
UNMADE = (AccountState.INVITED, AccountState.OPPOSED, AccountState.CREATED)
"""A space that nobody activated."""
OF_A_CHILD = (AccountState.INVITED, AccountState.CREATED, AccountState.ACTIVE)


class DatabaseActivations:
    """The ports `Activations` and `Representatives`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def hand_over(self, activation: Activation, *, act: NewTrace) -> None:
        def work(connection: Connection) -> None:
            _keep(connection, self._keyring, activation)
            add_traces(connection, self._reach.clock.now(), [act])

        await self._reach.write(work)

    async def handed_over(self, patient: PatientKey) -> Activation | None:
        return await self._reach.read(lambda c: _latest(c, self._keyring, patient))

    async def is_free(self, login: str, patient: PatientKey) -> bool:
        return await self._reach.read(lambda c: _is_free(c, self._keyring, login, patient))

    async def activate(
        self,
        login: Login,
        *,
        digest: bytes,
        by_code: bool = True,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> Activated:
        def work(connection: Connection) -> Activated:
            now, names = self._reach.clock.now(), record(connection, login.patient)
            hold(connection, [*names, login_name(self._keyring, login.login)])
            code = _latest(connection, self._keyring, login.patient)
            if code is None or code.digest != digest:
                return Activated.GONE
            if by_code and (code.spent_at or now >= code.expires_at):
                return Activated.GONE
            if not _is_free(connection, self._keyring, login.login, login.patient):
                return Activated.TAKEN
            if not _open(connection, login.patient, WAITING if by_code else UNMADE):
                return Activated.GONE
            _keep(connection, self._keyring, replace(code, spent_at=now))
            self._change(connection, login, names, act, then)
            return Activated.DONE

        return await self._reach.write(work)

    async def activate_child(
        self, child: PatientKey, *, digest: bytes, act: NewTrace, then: Sequence[NewTask] = ()
    ) -> bool:
        def work(connection: Connection) -> bool:
            now = self._reach.clock.now()
            hold(connection, record(connection, child))
            code = _latest(connection, self._keyring, child)
            if code is None or code.digest != digest or code.spent_at or now >= code.expires_at:
                return False
            if not _open(connection, child, UNMADE):
                return False
            _keep(connection, self._keyring, replace(code, spent_at=now))
            add_traces(connection, now, [act])
            add_tasks(connection, self._keyring, then, now)
            return True

        return await self._reach.write(work)

    async def renew(self, login: Login, *, act: NewTrace, then: Sequence[NewTask] = ()) -> bool:
        def work(connection: Connection) -> bool:
            names = record(connection, login.patient)
            hold(connection, names)
            if not _open(connection, login.patient, (AccountState.ACTIVE,)):
                return False
            self._change(connection, login, names, act, then)
            return True

        return await self._reach.write(work)

    async def proposed(
        self, kinds: Sequence[ChoiceKind], now: datetime, *, limit: int
    ) -> list[Tie]:
        return await self._reach.read(lambda c: proposed_of(c, self._keyring, kinds, now, limit))

    async def represent(
        self,
        patient: PatientKey,
        facts: Sequence[Choice],
        proposed: Choice,
        *,
        opens: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        def work(connection: Connection) -> bool:
            now, names = self._reach.clock.now(), record(connection, patient)
            hold(connection, names)
            if not _stands(connection, self._keyring, names, proposed, now):
                return False
            if opens and not _open(connection, patient, OF_A_CHILD):
                return False
            for one in (*facts, replace(proposed, since=now, until=now)):
                before = keep_choice(connection, self._keyring, patient, one)
                add_traces(connection, now, [choice_trace(patient, one, act, before)])
            add_tasks(connection, self._keyring, then, now)
            return True

        return await self._reach.write(work)

    def _change(
        self,
        connection: Connection,
        login: Login,
        names: Sequence[bytes],
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> None:
        """One login for the whole record, and nobody in by a former one."""
        connection.execute(L.delete().where(L.c.patient.in_(names)))
        keep_login(connection, self._keyring, login)
        end_sessions(connection, self._keyring, {name.hex() for name in names})
        now = self._reach.clock.now()
        add_traces(connection, now, [act])
        add_tasks(connection, self._keyring, then, now)


def _keep(connection: Connection, keyring: Keyring, one: Activation) -> None:
    cipher = keyring.sealing(connection, [one.patient])[one.patient]
    values = {
        "patient": one.patient,
        "expires_at": micros(one.expires_at),
        "sealed": seal(cipher, pack(one), _bound(one.patient)),
    }
    insert_or_change(connection, A, values)


def _latest(connection: Connection, keyring: Keyring, patient: PatientKey) -> Activation | None:
    query = select(A.c.patient, A.c.sealed).where(A.c.patient.in_(record(connection, patient)))
    rows = connection.execute(query).all()
    ciphers = keyring.opening(connection, {row.patient for row in rows})
    found = [
        unpack(Activation, unseal(ciphers[row.patient], row.sealed, _bound(row.patient)))
        for row in rows
        if row.patient in ciphers
    ]
    return max(found, key=lambda one: one.made_at, default=None)


def _is_free(connection: Connection, keyring: Keyring, login: str, patient: PatientKey) -> bool:
    owner = select(L.c.patient).where(L.c.name == login_name(keyring, login))
    found = connection.scalar(owner)
    return found is None or found in record(connection, patient)


def _stands(
    connection: Connection,
    keyring: Keyring,
    names: Sequence[bytes],
    proposed: Choice,
    now: datetime,
) -> bool:
    target = C.c.target_name == keyring.keys.name(b"target", proposed.target)
    same = C.c.patient.in_(names) & (C.c.kind == proposed.kind.value) & target
    return connection.scalar(select(C.c.number).where(same, C.c.until > micros(now))) is not None


def _open(connection: Connection, patient: PatientKey, states: Sequence[AccountState]) -> bool:
    """Makes the space active, from these states only; no deletion is asked for any more."""
    known = [one.value for one in states]
    ours = (P.c.patient == root(connection, patient)) & P.c.state.in_(known)
    made = (
        update(P)
        .where(ours)
        .values(state=AccountState.ACTIVE.value, closed_at=None, deletion_asked_at=None)
    )
    return connection.execute(made).rowcount == 1


def _bound(patient: bytes) -> bytes:
    return bound(b"activation", patient, b"")
