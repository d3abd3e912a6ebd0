"""Merges as they were made, step by step, so that each can be undone; and links without a merge."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, func, insert, select, update

from gateway.audit.choice import choice_trace
from gateway.errors import RefusedError
from gateway.records.intake.filing import Filing, Intake
from gateway.records.patients.account import Choice, NewTrace
from gateway.records.patients.index import ConsentFact, Link, Merge, Step
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import schema
from gateway.store.columns import instant, instant_or_none, micros, pack, unpack
from gateway.store.index.lineage import held_roots, hold, members, move, next_of, root, turn
from gateway.store.index.settling import Settling
from gateway.store.keys.keyring import Keyring
from gateway.store.keys.sealing import bound, seal, unseal
from gateway.store.log.traces import add as add_traces
from gateway.store.people.consents import (
    keep,
    latest_feeding,
    settle_feeding,
    settle_line,
)
from gateway.store.reach import Reach

T, D, N = schema.merge, schema.document, schema.local_name
CHANGED = "since this merge it was said of each of its names whose it is: nothing is taken back"


def apply(connection: Connection, keyring: Keyring, intake: Intake, filing: Filing) -> None:
    """Everything that an ADT changes of names and of words, in the transaction of its receipt."""
    settling = Settling(connection)
    for link in filing.links:
        _say(connection, link, settling)
    if filing.merge is not None:
        merge = Merge(
            id=filing.merge.id,
            at=intake.at,
            event=filing.merge.event,
            sender=filing.merge.sender,
            receipt=filing.merge.receipt,
            steps=tuple(_link(connection, filing.merge.links, settling)),
        )
        if merge.steps:
            _insert(connection, keyring, merge)
            _appeared(connection, merge)
    settling.settle_all()
    words = [fact for fact in filing.consents if keep(connection, keyring, fact)]
    add_traces(connection, intake.at, [*filing.traces, *(_said(intake, fact) for fact in words)])


def _appeared(connection: Connection, merge: Merge) -> None:
    """What each side had is news to whoever reads the other one: all of the record is, for both."""
    names = {root(connection, step.name) for step in merge.steps}
    whole = {name for one in names for name in members(connection, one)}
    ours = D.c.patient.in_(whole) & (func.coalesce(D.c.changed_at, 0) < micros(merge.at))
    connection.execute(update(D).where(ours).values(changed_at=micros(merge.at)))


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


def _say(connection: Connection, link: Link, settling: Settling) -> None:
    """An INS said of this very name: it stays when a merge that led there too is undone."""
    into = link.into
    if _link(connection, [link], settling) or into is None or link.rebinds:
        return
    if root(connection, link.name) == root(connection, into):
        connection.execute(update(N).where(N.c.name == link.name).values(said=into))


def _link(connection: Connection, links: Iterable[Link], settling: Settling) -> list[Step]:
    """The steps made; a name that leads there already, or to a patient for good, makes none."""
    steps = []
    for link in links:
        ends = held_roots(connection, [link.name, *([link.into] if link.into else [])])
        end, into = ends[link.name], ends[link.into] if link.into is not None else None
        if end == into:
            continue
        before = next_of(connection, [link.name]).get(link.name) if link.rebinds else None
        if not link.rebinds and end != link.name and _is_patient(connection, end):
            continue
        if before is None:
            settling.settle(end)
        if not link.rebinds:
            turn(connection, link.name)
        lost = before is not None and latest_feeding(connection, link.name) is not None
        move(connection, link.name, link.into)
        settling.moved(link.name, None if before is None else end, into, lost=lost)
        if link.into is not None:
            steps.append(Step(name=link.name, before=before, after=link.into))
    return steps


def _is_patient(connection: Connection, name: bytes) -> bool:
    t = schema.patient
    return connection.scalar(select(t.c.patient).where(t.c.patient == name)) is not None


def change(connection: Connection, name: bytes, before: bytes | None, into: bytes | None) -> None:
    """`name` leads elsewhere, and its words of ZFA-9 count there and no more where it led."""
    lost = before is not None and latest_feeding(connection, name) is not None
    move(connection, name, into)
    if into is not None:
        settle_feeding(connection, into)
        settle_line(connection, into)
    if before is not None:
        settle_feeding(connection, before, lost=lost)
        settle_line(connection, before)
    settle_line(connection, name)


def _insert(connection: Connection, keyring: Keyring, merge: Merge) -> None:
    cipher = keyring.sealing(connection, [DESK])[DESK]
    sealed = seal(cipher, pack(merge), _bound(merge.id))
    values = {"id": merge.id, "at": micros(merge.at), "sealed": sealed}
    connection.execute(insert(T).values(**values))


def _bound(identifier: str) -> bytes:
    return bound(b"merge", DESK, identifier.encode())


def steps_of(row: Any, cipher: AESGCM) -> Sequence[Step]:
    """Of a row with `id` and `sealed`. Raises InvalidTag."""
    return unpack(Merge, unseal(cipher, row.sealed, _bound(row.id))).steps


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
        not there, was undone, or says nothing any more.
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
        names = {name for one in merge.steps for name in (one.name, one.after)}
        hold(connection, names)
        held_roots(connection, names)
        records: dict[bytes, None] = {}
        for step in reversed(merge.steps):
            records |= dict.fromkeys(_unlink(connection, step))
        if not records:
            raise RefusedError(CHANGED)
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
    """The records that this changes: the one that loses a name and the one that gets it back.

    What was said of a name since may have turned the link round (`lineage.turn`), or made it idle.
    """
    edges = next_of(connection, [step.name, step.after])
    if edges.get(step.name) == step.after:
        _cut(connection, step.name, step.after, step.before)
    elif step.before is None and edges.get(step.after) == step.name:
        _cut(connection, step.after, step.name, None)
    else:
        return set()
    return {root(connection, step.after), root(connection, step.name)}


def _cut(connection: Connection, name: bytes, after: bytes, before: bytes | None) -> None:
    """`name` and what leads to it go their own way, to the patient of whom it was said of one of
    them, if of any."""
    side = members(connection, name)
    rows = connection.execute(select(N.c.name, N.c.said).where(N.c.name.in_(side))).all()
    said = {row.name: row.said for row in rows if row.said is not None}
    change(connection, name, after, before)
    stays = name if name in said else next(iter(said), None)
    if before is None and stays is not None:
        turn(connection, stays)
        change(connection, stays, None, said[stays])
        connection.execute(update(N).where(N.c.name == stays).values(said=said[stays]))


def _documents(connection: Connection, steps: Sequence[Step]) -> int:
    """On the side that the merge brought in; where a link was turned round, on the other side of
    it as it stands now."""
    edges = next_of(connection, [name for one in steps for name in (one.name, one.after)])
    sides = {one.after if edges.get(one.after) == one.name else one.name for one in steps}
    names = {name for side in sides for name in members(connection, side)}
    query = select(func.count()).select_from(D).where(D.c.patient.in_(names))
    return int(connection.execute(query).scalar_one())
