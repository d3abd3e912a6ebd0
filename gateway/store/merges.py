"""Merges as they were made, step by step, so that each can be undone; and links without a merge."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from gateway.audit.choice import choice_trace
from gateway.errors import RefusedError
from gateway.records.account import Choice, NewTrace
from gateway.records.filing import Filing, Intake
from gateway.records.index import ConsentFact, Link, Merge, Step
from gateway.records.patient import PatientKey
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros, pack, unpack
from gateway.store.consents import keep, latest_feeding, settle_feeding
from gateway.store.keyring import DESK, Keyring
from gateway.store.lineage import hold, members, move, next_of, root
from gateway.store.reach import Reach
from gateway.store.sealing import bound, seal, unseal
from gateway.store.traces import add as add_traces

T, D = schema.merge, schema.document
CHANGED = "a name of this merge leads elsewhere since: undo the later merge first"


def apply(connection: Connection, keyring: Keyring, intake: Intake, filing: Filing) -> None:
    """Everything that an ADT changes of names and of words, in the transaction of its receipt."""
    _link(connection, filing.links)
    if filing.merge is not None:
        merge = Merge(
            id=filing.merge.id,
            at=intake.at,
            event=filing.merge.event,
            sender=filing.merge.sender,
            receipt=filing.merge.receipt,
            steps=tuple(_link(connection, filing.merge.links)),
        )
        if merge.steps:
            _insert(connection, keyring, merge)
    words = [fact for fact in filing.consents if keep(connection, keyring, fact)]
    add_traces(connection, intake.at, [*filing.traces, *(_said(intake, fact) for fact in words)])


def _said(intake: Intake, fact: ConsentFact) -> NewTrace:
    """A patient's word that a sender reports is a choice like any other (VAULT section 4)."""
    choice = Choice(kind=fact.kind, target=fact.target, since=fact.since, by=fact.by)
    act = NewTrace(
        patient=fact.patient,
        action="choose",
        permitted=True,
        rule="ZFA",
        kind="system",
        actor=intake.sender,
        actor_name=intake.organization or intake.sender,
        door=intake.door.value,
    )
    return choice_trace(fact.patient, choice, act, None)


def _link(connection: Connection, links: Iterable[Link]) -> list[Step]:
    """The steps made; a name that leads there already, or elsewhere for good, makes none."""
    steps = []
    for link in links:
        before = next_of(connection, [link.name]).get(link.name)
        if before == link.into or (before is not None and not link.rebinds):
            continue
        if link.into is not None and root(connection, link.into) == link.name:
            continue  # it would lead to itself
        change(connection, link.name, before, link.into)
        if link.into is not None:
            steps.append(Step(name=link.name, before=before, after=link.into))
    return steps


def change(connection: Connection, name: bytes, before: bytes | None, into: bytes | None) -> None:
    """`name` leads elsewhere, and its words of ZFA-9 count there and no more where it led."""
    lost = before is not None and latest_feeding(connection, name) is not None
    move(connection, name, into)
    if into is not None:
        settle_feeding(connection, into)
    if before is not None:
        settle_feeding(connection, before, lost=lost)


def _insert(connection: Connection, keyring: Keyring, merge: Merge) -> None:
    cipher = keyring.sealing(connection, [DESK])[DESK]
    sealed = seal(cipher, pack(merge), _bound(merge.id))
    values = {"id": merge.id, "at": micros(merge.at), "sealed": sealed}
    connection.execute(insert(T).values(**values))


def _bound(identifier: str) -> bytes:
    return bound(b"merge", DESK, identifier.encode())


class DatabaseMerges:
    """The port `Merges`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._keyring = reach.keyring

    async def list(self, *, limit: int) -> list[Merge]:
        """Newest first."""
        query = select(T).order_by(T.c.at.desc(), T.c.id.desc()).limit(limit)

        def work(connection: Connection) -> list[Merge]:
            return [self._merge(connection, row) for row in connection.execute(query).all()]

        return await self._reach.read(work)

    async def undo(self, identifier: str, trace: NewTrace, *, at: datetime) -> Merge:
        """Every name leads again where it led before, in one transaction with its trace.

        `trace` is written for each record that changes. Raises RefusedError for a merge that is
        not there, was undone, or whose names lead elsewhere since.
        """
        return await self._reach.write(lambda c: self._undo(c, identifier, trace, at))

    def _undo(
        self, connection: Connection, identifier: str, trace: NewTrace, at: datetime
    ) -> Merge:
        row = connection.execute(select(T).where(T.c.id == identifier)).one_or_none()
        if row is None:
            raise RefusedError(f"there is no merge {identifier}")
        if row.undone_at is not None:
            raise RefusedError(f"merge {identifier} was undone already")
        merge = self._merge(connection, row)
        hold(connection, {name for one in merge.steps for name in (one.name, one.after)})
        records: dict[bytes, None] = {}
        for step in reversed(merge.steps):
            records |= dict.fromkeys(_unlink(connection, step))
        connection.execute(update(T).where(T.c.id == identifier).values(undone_at=micros(at)))
        add_traces(connection, at, [replace(trace, patient=PatientKey(one)) for one in records])
        return merge

    def _merge(self, connection: Connection, row: Any) -> Merge:
        cipher = self._keyring.opening(connection, [DESK])[DESK]
        merge = unpack(Merge, unseal(cipher, row.sealed, _bound(row.id)))
        return Merge(
            id=row.id,
            at=instant(row.at),
            event=merge.event,
            sender=merge.sender,
            receipt=merge.receipt,
            steps=merge.steps,
            undone_at=instant_or_none(row.undone_at),
            documents=_documents(connection, merge.steps),
        )


def _unlink(connection: Connection, step: Step) -> set[bytes]:
    """The records that this changes: the one that loses the name and the one that gets it."""
    if next_of(connection, [step.name]).get(step.name) != step.after:
        raise RefusedError(CHANGED)
    change(connection, step.name, step.after, step.before)
    return {root(connection, step.after), root(connection, step.name)}


def _documents(connection: Connection, steps: Sequence[Step]) -> int:
    names = {name for step in steps for name in members(connection, step.name)}
    query = select(func.count()).select_from(D).where(D.c.patient.in_(names))
    return int(connection.execute(query).scalar_one())
