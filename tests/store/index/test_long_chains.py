"""Names that are merged one behind the other, however many and from however many nodes: one record,
and its end is always found."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from laid import lay
from papers import message, msh, pid
from sqlalchemy import Connection, text
from store_house import FixedClock
from ward_house import ALIX, AUTHORITY, Ward

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, open_store
from gateway.store.engine.waiting import Limits
from gateway.store.index.lineage import hold, members, move, record, root, turn

LONG = 34
PATIENT = Limits(answer_seconds=600, act_seconds=600)
WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture
async def ward(url: str, keys: Keys, ids: SystemIds) -> AsyncIterator[Ward]:
    """That waits for its answers as long as it takes: a long chain is many questions."""
    lay(url)
    clock = FixedClock()
    opened = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=clock, limits=PATIENT)
    yield Ward(opened, clock)
    await opened.close()


def names_of(keys: Keys, *locals_: str) -> list[bytes]:
    return [keys.local_key(f"1.2.250.1.999.31^{one}") for one in locals_]


def merged(control: str, ends: str, into: str) -> bytes:
    who = pid(ALIX, local=into, with_ins=False)
    return message(msh("ADT^A40^ADT_A39", control), who, f"MRG|{ends}^^^{AUTHORITY}^PI")


def lead(connection: Connection, names: list[bytes]) -> None:
    for before, after in pairwise(names):
        move(connection, before, after)


async def test_a_chain_of_many_merges_is_one_record_from_each_of_its_ends(ward: Ward) -> None:
    names = names_of(ward.store.keys, *(f"N{number}" for number in range(LONG)))
    await ward.store.database.write(lambda connection: lead(connection, names))
    assert await ward.store.database.read(lambda c: root(c, names[0])) == names[-1]
    assert await ward.store.database.read(lambda c: record(c, names[0])) == names[::-1]


async def test_the_last_of_a_long_chain_that_is_merged_into_its_first_makes_no_ring(
    ward: Ward,
) -> None:
    names = names_of(ward.store.keys, *(f"N{number}" for number in range(LONG)))
    await ward.store.database.write(lambda connection: lead(connection, names))
    answer = await ward.send(merged("M1", f"N{LONG - 1}", "N0"))
    assert answer.verdict is Verdict.ACCEPT
    assert await ward.store.merges.list(limit=9) == []
    assert (await ward.send(merged("M2", "N3", "OTHER"))).verdict is Verdict.ACCEPT
    assert len(await ward.store.merges.list(limit=9)) == 1


async def test_a_ring_that_is_there_already_stops_nobody(ward: Ward) -> None:
    names = names_of(ward.store.keys, "N0", "N1", "N2")

    def work(connection: Connection) -> list[bytes]:
        lead(connection, [*names, names[0]])
        root(connection, names[0])
        turn(connection, names[1])
        return members(connection, names[1])

    assert sorted(await ward.store.database.write(work)) == sorted(names)


@pytest.mark.postgresql
async def test_two_nodes_that_join_the_same_records_from_either_side_make_no_ring(
    postgresql_address: str, keys: Keys, ids: SystemIds
) -> None:
    """N0 leads to N1, and N2 to N3: while one node makes N3 lead to N0, another makes N1 lead to
    N2. No message of the two names what the other one does."""
    await asyncio.to_thread(lay, postgresql_address)
    judge, clock = FilingJudge(keys, ids), FixedClock()
    stores = [
        open_store(postgresql_address, keys=keys, judge=judge, clock=clock, limits=PATIENT)
        for _ in "12"
    ]
    n0, n1, n2, n3 = names_of(keys, "N0", "N1", "N2", "N3")
    await stores[0].database.write(lambda c: lead(c, [n0, n1]))
    await stores[0].database.write(lambda c: lead(c, [n2, n3]))
    later = Ward(stores[1], clock)
    came: list[asyncio.Future[Answer]] = []
    loop = asyncio.get_running_loop()

    def joined(connection: Connection) -> None:
        """As the first node does it, up to its commit: the other one has come by then."""
        hold(connection, [n3, n0])
        move(connection, n3, n0)
        other = asyncio.run_coroutine_threadsafe(later.send(merged("M1", "N1", "N2")), loop)
        while not other.done() and not connection.scalar(WAITING):
            pass
        came.append(asyncio.wrap_future(other, loop=loop))

    await stores[0].database.write(joined)
    await came[0]
    ends = await stores[0].database.read(lambda c: {root(c, one) for one in (n0, n1, n2, n3)})
    assert len(ends) == 1
    assert await later.store.merges.list(limit=9) == []
    for store in stores:
        await store.close()
