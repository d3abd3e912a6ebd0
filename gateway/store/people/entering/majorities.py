"""Spaces of children: found by who represents them, handed over once on whatever node."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, case, func, select, update

from gateway.audit.choice import choice_trace
from gateway.ports.people.entering.majority import Represented
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros
from gateway.store.index.lineage import hold, record, root, roots
from gateway.store.index.persons import Lost, find_persons
from gateway.store.keys.keyring import Keyring
from gateway.store.log.traces import add as add_traces
from gateway.store.people.people import keep_choice
from gateway.store.reach import Reach
from gateway.store.work.rows import add_tasks

log = structlog.get_logger()
C, P = schema.choice, schema.patient
NAMED = (ChoiceKind.PARENT.value, ChoiceKind.GUARDIAN.value)
TOLD, HANDED = ChoiceKind.MAJORITY_TOLD.value, ChoiceKind.MAJORITY.value
FIRST = func.min(case((C.c.kind.in_(NAMED), C.c.since)))
ROWS = (
    select(
        C.c.patient,
        FIRST.label("first"),
        func.max(case((C.c.kind == TOLD, C.c.since))).label("told"),
        func.max(case((C.c.kind == HANDED, C.c.since))).label("handed"),
    )
    .where(C.c.kind.in_((*NAMED, TOLD, HANDED)))
    .group_by(C.c.patient)
    .having(FIRST.is_not(None))
    .order_by(C.c.patient)
)
OPEN = (AccountState.ACTIVE.value, AccountState.CREATED.value)
Found = Any  # a row of `ROWS`


class DatabaseMajorities:
    """The port `Majorities`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def represented(
        self, *, after: PatientKey | None, limit: int
    ) -> tuple[list[Represented], PatientKey | None]:
        query = ROWS.limit(limit)
        if after is not None:
            query = query.where(C.c.patient > after)

        def work(connection: Connection) -> tuple[list[Represented], PatientKey | None]:
            rows = connection.execute(query).all()
            people = _people(connection, self._keyring, [PatientKey(row.patient) for row in rows])
            lines = [_line(row, people[row.patient]) for row in rows if row.patient in people]
            return lines, PatientKey(rows[-1].patient) if len(rows) == limit else None

        return await self._reach.read(work)

    async def come_of_age(
        self,
        patient: PatientKey,
        fact: Choice,
        *,
        unless_since: datetime,
        state: AccountState | None,
        act: NewTrace,
        then: Sequence[NewTask],
    ) -> bool:
        def work(connection: Connection) -> bool:
            now = self._reach.clock.now()
            names = record(connection, patient)
            hold(connection, names)
            own = C.c.patient.in_(names) & (C.c.kind == fact.kind.value)
            done = select(C.c.number).where(own, C.c.since >= micros(unless_since)).limit(1)
            if connection.scalar(done) is not None:
                return False
            before = keep_choice(connection, self._keyring, patient, fact)
            if state is not None:
                ours = (P.c.patient == root(connection, patient)) & P.c.state.in_(OPEN)
                connection.execute(update(P).where(ours).values(state=state.value))
            add_traces(connection, now, [choice_trace(patient, fact, act, before)])
            add_tasks(connection, self._keyring, then, now)
            return True

        return await self._reach.write(work)


def _people(
    connection: Connection, keyring: Keyring, names: Sequence[PatientKey]
) -> dict[PatientKey, Person]:
    """By the names asked for, one that leads to another's record too. A line that is damaged keeps
    nobody else from coming of age."""
    ends = roots(connection, names)
    try:
        found = find_persons(connection, keyring, ends.values(), lost=Lost.LEFT_OUT)
    except (InvalidTag, ValueError):
        found = {}
        for end in set(ends.values()):
            try:
                found |= find_persons(connection, keyring, [end], lost=Lost.LEFT_OUT)
            except (InvalidTag, ValueError):
                log.error("majority.unreadable", name=end.hex())  # noqa: TRY400 - told by its name
    return {name: found[ends[name]] for name in names if ends[name] in found}


def _line(row: Found, person: Person) -> Represented:
    return Represented(
        name=PatientKey(row.patient),
        person=person,
        since=instant(row.first),
        told=instant_or_none(row.told),
        handed=instant_or_none(row.handed),
    )
