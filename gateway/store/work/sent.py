"""Tasks whose mail left, found again by its name when the mail is brought back.

A mail bears the Date of the tries that a person began, in whole seconds, and its envelope the
number of the try: the receipt of an earlier one, however late it comes, changes nothing of the one
that followed. Where a relay keeps none, the one after a try that may have arrived is in doubt.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from gateway.errors import DeferredError
from gateway.ports.tasks import Say
from gateway.records.patients.patient import DESK
from gateway.records.task import CameBack, Comeback, Task, TaskKind
from gateway.store import schema
from gateway.store.columns import micros
from gateway.store.documents.filing.names import sent_name
from gateway.store.documents.filing.rows import task_bound
from gateway.store.keys.sealing import seal
from gateway.store.log import traces
from gateway.store.reach import Reach
from gateway.store.work.lanes import KNOWN
from gateway.store.work.letters import ABANDONED
from gateway.store.work.rows import CLAIMED, payload_of, task_of
from gateway.store.work.tasks import Value, change_held

T = schema.task
READ = (*CLAIMED, T.c.settled_at, T.c.dead_at, T.c.outcome, T.c.unsent)
SECOND = 1_000_000

AnyRow = Any  # a row of READ


class DatabaseSent:
    """The port `SentTasks`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def call(self, task: Task, name: str, *, payload: bytes) -> None:
        """Of somebody who was erased since, the name alone."""
        keyring, owner = self._reach.keyring, task.patient or DESK

        def work(connection: Connection) -> None:
            values: dict[str, Value] = {"name": sent_name(keyring.keys, name)}
            if cipher := keyring.opening(connection, [owner]).get(owner):
                values["sealed"] = seal(cipher, payload, task_bound(owner, task.subject))
            change_held(connection, task, values)

        await self._reach.write(work)

    async def bearing(self, name: str) -> dict[int, TaskKind]:
        query = select(T.c.id, T.c.kind).where(self._named(name))
        rows = await self._reach.read(lambda connection: connection.execute(query).all())
        return {row.id: TaskKind(row.kind) for row in rows}

    async def returned(
        self,
        name: str,
        *,
        left: datetime | None,
        tries: int = 0,
        outcome: str,
        at: datetime,
        say: Say,
    ) -> list[CameBack]:
        named = select(*READ).where(self._named(name))

        def work(connection: Connection) -> list[CameBack] | None:
            rows = _meant(connection.execute(named.with_for_update()).all(), left)
            told = [(row, _comeback(row, left, tries)) for row in rows]
            if any(comeback is None for _, comeback in told):
                return None
            ended = [row for row, comeback in told if comeback is Comeback.ENDED]
            undone = update(T).where(T.c.id.in_([row.id for row in ended]))
            connection.execute(undone.values(outcome=outcome, dead_at=micros(at)))
            for task in self._read(connection, ended):
                traces.add(connection, at, say(task, outcome))
            return [
                CameBack(number=row.id, kind=TaskKind(row.kind), comeback=comeback)
                for row, comeback in told
                if comeback is not None
            ]

        found = await self._reach.write(work)
        if found is None:
            raise DeferredError("What came back is under way still.")
        return found

    def _named(self, name: str) -> ColumnElement[bool]:
        return and_(T.c.name == sent_name(self._reach.keyring.keys, name), KNOWN)

    def _read(self, connection: Connection, rows: Sequence[AnyRow]) -> Iterator[Task]:
        """Those whose payload can be read: of nobody who was erased a word is written."""
        ciphers, _ = self._reach.keyring.sound(connection, [row.patient for row in rows])
        for row in rows:
            payload = payload_of(row, ciphers.get(row.patient or DESK))
            if payload is not None:
                yield task_of(row, payload)


def _meant(rows: Sequence[AnyRow], left: datetime | None) -> Sequence[AnyRow]:
    """Of several that bear one name, those that left at this second, where any did."""
    exact = [row for row in rows if left is not None and _after(row, left) == 0]
    return exact or rows


def _comeback(row: AnyRow, left: datetime | None, tries: int) -> Comeback | None:
    """None where the try that came back has no end yet."""
    since = None if left is None else _after(row, left)
    if since is not None and (since > 0 or (since == 0 and 0 < tries < row.attempts)):
        return Comeback.EARLIER
    if since != 0 and row.made_at is not None:
        return Comeback.UNCLEAR
    if row.settled_at is None:
        return None
    if row.dead_at is not None or (row.outcome or "").startswith(ABANDONED):
        return Comeback.DEAD
    in_doubt = not tries and row.attempts - (row.unsent or 0) > 1
    return Comeback.UNCLEAR if in_doubt else Comeback.ENDED


def _after(row: AnyRow, left: datetime) -> int:
    """Seconds by which the last try was begun after the mail that came back."""
    return int(row.created_at) // SECOND - micros(left) // SECOND
