"""The patient index, accounts, choices and credentials."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from gateway.audit.choice import Stood, choice_trace
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import (
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Person,
    Tie,
)
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros, micros_or_none, pack, unpack
from gateway.store.engine.statements import insert_or_change
from gateway.store.index.held import is_held
from gateway.store.index.identities import change_identity, like
from gateway.store.index.lineage import hold, record, root
from gateway.store.index.persons import Lost, are_of_another, find_persons
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.lost import MISSING, told_lost
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.consents import ON_THE_LINE, settle_line
from gateway.store.people.ties import naming, ties_of
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

C, L, P = schema.choice, schema.login, schema.patient


class PatientIndex:
    """Patients' half of the port `People`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def person(self, patient: PatientKey) -> Person | None:
        """By an INS, or by any name that leads to a record."""
        return await self._reach.read(lambda connection: self._person(connection, patient))

    async def person_by_local_id(self, identifier: str) -> Person | None:
        """By "root^extension", as `mapping.local_ids.scoped` writes it."""
        name = self._keyring.keys.local_key(identifier)
        return await self._reach.read(lambda connection: self._person(connection, name))

    def _person(self, connection: Connection, name: bytes) -> Person | None:
        end = root(connection, name)
        return find_persons(connection, self._keyring, [end]).get(end)

    async def persons_like(self, identity: PatientIdentity) -> list[Person]:
        """Persons who share a trait set with `identity`: candidates, not answers."""

        def work(connection: Connection) -> list[Person]:
            patients = like(connection, self._keyring.keys, identity)
            ring = self._keyring
            found = find_persons(connection, ring, patients, lost=Lost.LEFT_OUT).values()
            return list({one.key: one for one in found}.values())

        return await self._reach.read(work)

    async def change_identity(
        self, change: IdentityChange, *, act: NewTrace | None = None, held: str | None = None
    ) -> bool:
        """Adds a person or learns more of one; `state` opens the account."""

        def work(connection: Connection) -> bool:
            locals_ = [self._keyring.keys.local_key(one) for one in change.local_ids]
            hold(connection, [change.key, *locals_])
            if held is not None and not is_held(connection, held):
                return False
            if are_of_another(connection, self._keyring, locals_, change.key):
                return False
            change_identity(connection, self._keyring, change)
            if act is not None:
                add_traces(connection, self._reach.clock.now(), [act])
            return True

        return await self._reach.write(work)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        """Oldest first, those that ended too."""
        query = select(C.c.patient, C.c.sealed, C.c.until).order_by(C.c.number)

        def work(connection: Connection) -> list[Choice]:
            names = record(connection, patient)
            rows = connection.execute(query.where(C.c.patient.in_(names))).all()
            ciphers = self._keyring.opening(connection, {row.patient for row in rows})
            return [
                _choice(
                    unseal(ciphers[row.patient], row.sealed, _choice_bound(row.patient)), row.until
                )
                for row in rows
                if row.patient in ciphers
            ]

        return await self._reach.read(work)

    async def ties(self, person: PatientKey) -> list[Tie]:
        return await self._reach.read(lambda c: ties_of(c, self._keyring, person))

    async def naming(self, targets: Mapping[ChoiceKind, str], *, limit: int) -> list[Tie]:
        """The port `Authorising`."""
        return await self._reach.read(lambda c: naming(c, self._keyring, targets, limit))

    async def choose(
        self,
        patient: PatientKey,
        choice: Choice,
        *,
        act: NewTrace | None = None,
        then: Sequence[NewTask] = (),
        also: Sequence[Choice] = (),
    ) -> None:
        """With its entry in the log; `act` is who did it and by which rule, where a flow knows."""

        def work(connection: Connection) -> None:
            now = self._reach.clock.now()
            hold(connection, record(connection, patient))
            for one in (choice, *also):
                before = keep_choice(connection, self._keyring, patient, one)
                add_traces(connection, now, [choice_trace(patient, one, act, before)])
            add_tasks(connection, self._keyring, then, now)

        await self._reach.write(work)

    async def login(self, login: str) -> Login | None:
        return await self._login(select(L).where(L.c.name == login_name(self._keyring, login)))

    async def login_of(self, patient: PatientKey) -> Login | None:
        """That of the record itself before one of a record that joined it."""
        found = await self._login(select(L).where(L.c.patient == patient).limit(1))
        if found is not None:
            return found
        names = await self._reach.read(lambda connection: record(connection, patient))
        return await self._login(select(L).where(L.c.patient.in_(names)).limit(1))

    async def add_login(self, login: Login) -> None:
        """Adds or changes a patient's credentials; a former login name of theirs ends."""

        await self._reach.write(lambda connection: keep_login(connection, self._keyring, login))

    async def _login(self, query: Select[Any]) -> Login | None:
        def work(connection: Connection) -> Login | None:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            cipher = self._keyring.opening(connection, [row.patient]).get(row.patient)
            if cipher is None:
                raise told_lost(row.patient, MISSING)
            associated = bound(b"login", row.patient, row.name)
            return unpack(Login, unseal(cipher, row.sealed, associated))

        return await self._reach.read(work)


def login_name(keyring: Keyring, login: str) -> bytes:
    return keyring.keys.name(b"login", login)


def keep_login(connection: Connection, keyring: Keyring, login: Login) -> None:
    """Adds or changes credentials; a former login name of the same patient ends."""
    cipher = keyring.sealing(connection, [login.patient])[login.patient]
    name = login_name(keyring, login.login)
    values = {
        "name": name,
        "patient": login.patient,
        "sealed": seal(cipher, pack(login), bound(b"login", login.patient, name)),
    }
    connection.execute(L.delete().where((L.c.patient == login.patient) & (L.c.name != name)))
    insert_or_change(connection, L, values)


def keep_choice(
    connection: Connection, keyring: Keyring, patient: PatientKey, choice: Choice
) -> Stood | None:
    """Ends what stood and adds the fact; what stood before."""
    name = keyring.keys.name(b"target", choice.target)
    since = micros(choice.since)
    own = C.c.patient.in_(record(connection, patient))
    open_one = (C.c.until.is_(None)) | (C.c.until > since)
    same = (C.c.kind == choice.kind.value) & (C.c.target_name == name) & open_one & own
    held = select(C.c.since, C.c.until).where(same).order_by(C.c.number.desc()).limit(1)
    before = connection.execute(held).one_or_none()
    connection.execute(update(C).where(same).values(until=since))
    cipher = keyring.sealing(connection, [patient])[patient]
    values = {
        "patient": patient,
        "kind": choice.kind.value,
        "target_name": name,
        "since": since,
        "until": micros_or_none(choice.until),
        "sealed": seal(cipher, pack(choice), _choice_bound(patient)),
    }
    connection.execute(insert(C).values(**values))
    if choice.kind.value in ON_THE_LINE:
        settle_line(connection, patient)
    return _since(before)


def _since(row: Any) -> Stood | None:
    return None if row is None else (instant(row.since), instant_or_none(row.until))


def _choice_bound(patient: bytes) -> bytes:
    return bound(b"choice", patient, b"")


def _choice(plain: bytes, until: int | None) -> Choice:
    choice = unpack(Choice, plain)
    return replace(choice, until=instant_or_none(until))
