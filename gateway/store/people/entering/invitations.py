"""Invitations to own spaces: made, sent, and their windows ended once on whatever node."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select, update

from gateway.audit.choice import choice_trace
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Choice, NewTrace
from gateway.records.patients.invitation import Invitation
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import micros, micros_or_none, pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.identities import change_identity
from gateway.store.index.lineage import hold, record, root
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.people import keep_choice
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

log = structlog.get_logger()
I, P = schema.invitation, schema.patient  # noqa: E741 - tables are called by their first letter
INVITABLE = (AccountState.UNKNOWN, AccountState.ERASED)


@dataclass(frozen=True, slots=True)
class DatabaseInvitations:
    """The port `Invitations`."""

    reach: Reach

    @property
    def _keyring(self) -> Keyring:
        return self.reach.keyring

    async def invitation(self, patient: PatientKey) -> Invitation | None:
        return await self.reach.read(
            lambda c: _latest(c, self._keyring, record(c, patient)),
        )

    async def invite(
        self,
        invitation: Invitation,
        change: IdentityChange,
        *,
        parent: Choice | None,
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> AccountState | None:
        def work(connection: Connection) -> AccountState | None:
            hold(connection, [invitation.patient])
            state = _state(connection, invitation.patient)
            if state is not None and state not in INVITABLE:
                return state
            change_identity(connection, self._keyring, change)
            _keep(connection, self._keyring, invitation)
            self._write(connection, act, then)
            if parent is not None:
                stood = keep_choice(connection, self._keyring, invitation.patient, parent)
                named = choice_trace(invitation.patient, parent, act, stood)
                add_traces(connection, self.reach.clock.now(), [named])
            return None

        return await self.reach.write(work)

    async def change(
        self,
        before: Invitation,
        after: Invitation,
        *,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        def work(connection: Connection) -> bool:
            names = record(connection, before.patient)
            hold(connection, names)
            if _state(connection, before.patient) is not AccountState.INVITED:
                return False
            if _latest(connection, self._keyring, names) != before:
                return False
            _keep(connection, self._keyring, after)
            self._write(connection, act, then)
            return True

        return await self.reach.write(work)

    async def over(
        self, now: datetime, *, after: PatientKey | None, limit: int
    ) -> tuple[list[Invitation], PatientKey | None]:
        lives = P.c.deceased.is_not(True)
        query = select(I.c.patient, I.c.sealed).join(P, P.c.patient == I.c.patient)
        query = query.where(I.c.due_at <= micros(now), lives)
        query = query.order_by(I.c.patient).limit(limit)
        if after is not None:
            query = query.where(I.c.patient > after)

        def work(connection: Connection) -> tuple[list[Invitation], PatientKey | None]:
            rows = connection.execute(query).all()
            found = _opened(connection, self._keyring, rows)
            return found, PatientKey(rows[-1].patient) if len(rows) == limit else None

        return await self.reach.read(work)

    async def end(
        self,
        invitation: Invitation,
        *,
        at: datetime,
        created: bool,
        act: NewTrace,
        then: Sequence[NewTask] = (),
    ) -> bool:
        name = invitation.patient

        def work(connection: Connection) -> bool:
            names = record(connection, name)
            hold(connection, names)
            query = select(I.c.patient).where(I.c.patient == name, I.c.due_at <= micros(at))
            if connection.scalar(query) is None:
                return False
            connection.execute(update(I).where(I.c.patient == name).values(due_at=None))
            if not self._counts(connection, names, invitation):
                return False
            if created:
                ours = P.c.patient == root(connection, name)
                made = {"state": AccountState.CREATED.value}
                connection.execute(update(P).where(ours).values(**made))
            self._write(connection, act, then)
            return True

        return await self.reach.write(work)

    def _counts(
        self, connection: Connection, names: Sequence[bytes], invitation: Invitation
    ) -> bool:
        """Whether the person still waits, and by this invitation: of a record that was joined from
        two, the one that leaves more time does."""
        if _state(connection, invitation.patient) is not AccountState.INVITED:
            return False
        return _latest(connection, self._keyring, names) == invitation

    def _write(self, connection: Connection, act: NewTrace, then: Sequence[NewTask]) -> None:
        now = self.reach.clock.now()
        add_traces(connection, now, [act])
        add_tasks(connection, self._keyring, then, now)


def _state(connection: Connection, name: PatientKey) -> AccountState | None:
    found = connection.scalar(select(P.c.state).where(P.c.patient == root(connection, name)))
    return AccountState(found) if found is not None else None


def _keep(connection: Connection, keyring: Keyring, one: Invitation) -> None:
    cipher = keyring.sealing(connection, [one.patient])[one.patient]
    values = {
        "patient": one.patient,
        "due_at": micros_or_none(one.ends_at),
        "sealed": seal(cipher, pack(one), _bound(one.patient)),
    }
    insert_or_change(connection, I, values)


def _latest(connection: Connection, keyring: Keyring, names: Sequence[bytes]) -> Invitation | None:
    rows = connection.execute(select(I.c.patient, I.c.sealed).where(I.c.patient.in_(names))).all()
    found = _opened(connection, keyring, rows)
    return max(found, key=lambda one: (one.ends_at or one.made_at, one.made_at), default=None)


def _opened(connection: Connection, keyring: Keyring, rows: Sequence[Any]) -> list[Invitation]:
    """A row that is damaged keeps nobody else's window open."""
    ciphers, found = keyring.opening(connection, {row.patient for row in rows}), []
    for row in rows:
        if row.patient not in ciphers:
            continue
        try:
            plain = unseal(ciphers[row.patient], row.sealed, _bound(row.patient))
        except (InvalidTag, ValueError):
            log.error("invitation.unreadable", name=row.patient.hex())  # noqa: TRY400 - by its name
            continue
        found.append(unpack(Invitation, plain))
    return found


def _bound(patient: bytes) -> bytes:
    return bound(b"invitation", patient, b"")
