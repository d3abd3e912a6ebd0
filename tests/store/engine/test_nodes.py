"""Two nodes at once: at one person, and at one lane of tasks."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import Connection, Select, event, text
from store_house import NOW, OID, FixedClock, PlainJudge, identity

from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState
from gateway.records.task import NewTask, TaskKind
from gateway.store import Keys, Store, migrate, open_store
from gateway.store.index.identities import change_identity
from gateway.store.work import lanes

LEASE = timedelta(minutes=1)
STOP = 77
STOPS_A_WRITER = text(
    "CASE WHEN current_setting('transaction_isolation') = 'read committed'"
    f" THEN CAST(pg_advisory_xact_lock_shared({STOP}) AS text) IS NOT NULL ELSE true END"
)
STOPPED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"


async def test_a_word_of_one_node_is_not_undone_by_what_another_read_before(
    store: Store, keys: Keys
) -> None:
    key = keys.patient_key(OID, identity().ins or "")
    change = IdentityChange(
        key=key, identity=identity(), qualified=True, state=AccountState.ACTIVE, status="VALI"
    )
    await store.people.change_identity(change)
    plain = replace(change, state=None, status=None, qualified=False)
    statements: list[str] = []

    def work(connection: Connection) -> None:
        @event.listens_for(connection, "before_cursor_execute")
        def note(*words: object) -> None:
            statements.append(str(words[2]))

        change_identity(connection, store.database.keyring, plain)

    await store.database.write(work)
    (written,) = (one for one in statements if "INTO patient" in one)
    _, _, changed = written.partition("DO UPDATE SET")
    assert not any(name in changed for name in ("state", "feeding", "identity_status"))
    person = await store.people.person(key)
    assert person is not None
    assert (person.state, person.status) == (AccountState.ACTIVE, "VALI")
    assert not person.qualified


@contextmanager
def stop_between(url: str) -> Iterator[psycopg.Connection]:
    """Whoever looks for heads in order to take one has seen them, and goes no further."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [STOP])
        yield connection


def is_stopped(connection: psycopg.Connection) -> bool:
    row = connection.execute(STOPPED, [STOP]).fetchone()
    return row is not None and bool(row[0])


async def test_a_head_settled_by_another_node_meanwhile_is_not_taken_again(
    postgresql_url: str, keys: Keys, judge: PlainJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lease was over, so that both hold it for theirs: the lane has one holder all the same."""
    heads = lanes.heads

    def stopping() -> Select[tuple[int]]:
        return heads().where(STOPS_A_WRITER)

    await asyncio.to_thread(migrate, postgresql_url)
    slow, other = (
        open_store(postgresql_url, keys=keys, judge=judge, clock=FixedClock()) for _ in range(2)
    )
    try:
        await slow.tasks.add([forward("a1"), forward("a2")])
        (first,) = await slow.tasks.claim_heads(NOW, lease=LEASE)
        monkeypatch.setattr(lanes, "heads", stopping)
        with stop_between(postgresql_url) as watched:
            taking = asyncio.create_task(other.tasks.claim_heads(NOW + LEASE, lease=LEASE))
            async with asyncio.timeout(120):
                while not await asyncio.to_thread(is_stopped, watched):
                    pass
            second = await slow.tasks.advance(first, outcome="AA", at=NOW + LEASE, lease=LEASE)
        assert [one.subject for one in await taking] == []
        assert second is not None
        assert second.subject == "a2"
    finally:
        await slow.close()
        await other.close()


async def test_a_lane_that_one_node_takes_is_not_taken_by_another_before_the_commit(
    postgresql_url: str, keys: Keys, judge: PlainJudge
) -> None:
    """The other one looks at a head of its own: a dead letter that is tried again meanwhile."""
    await asyncio.to_thread(migrate, postgresql_url)
    slow, other = (
        open_store(postgresql_url, keys=keys, judge=judge, clock=FixedClock()) for _ in range(2)
    )
    gate, reached = threading.Event(), threading.Event()

    def stop(_connection: Connection) -> None:
        reached.set()
        gate.wait(120)

    try:
        await slow.tasks.add([forward("a1"), forward("a2")])
        (first,) = await slow.tasks.claim_heads(NOW, lease=LEASE)
        await slow.tasks.settle(first, outcome="refused: AE 207", at=NOW, dead=True)
        event.listen(slow.database._writing, "commit", stop)
        taking = asyncio.create_task(slow.tasks.claim_heads(NOW, lease=LEASE))
        assert await asyncio.to_thread(reached.wait, 120)
        assert await other.task_desk.retry([first.id], NOW) == [first.id]
        assert await other.tasks.claim_heads(NOW, lease=LEASE) == []
        gate.set()
        (second,) = await taking
        assert second.subject == "a2"
        assert await other.tasks.claim_heads(NOW, lease=LEASE) == []
        again = await slow.tasks.advance(second, outcome="AA", at=NOW, lease=LEASE)
        assert again is not None
        assert again.subject == "a1"
    finally:
        gate.set()
        await slow.close()
        await other.close()


def forward(subject: str) -> NewTask:
    return NewTask(kind=TaskKind.FORWARD, subject=subject, due_at=NOW, lane="forward:lis")
