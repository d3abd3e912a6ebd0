"""An assertion of the DMP door is spent on every node, and after a restart too."""

import asyncio

from laid import lay
from store_house import FixedClock, PlainJudge
from vihf_case import NOW, proved, signed

from gateway.flows.signing_in.vihf import Provers, Shown
from gateway.mapping.vihf.fields import Window
from gateway.mapping.vihf.prove import Proved
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.records.patients.account import SenderAccount
from gateway.store import Keys, Store, open_store

CLINIC = Shown(sender=SenderAccount(name="clinic"))


async def outcome(store: Store, asked: Proved) -> Why | None:
    provers = Provers(
        people=store.people,
        directory=store.people,
        sessions=store.sessions,
        window=Window(),
        software={},
        mutual=False,
    )
    try:
        await provers.believed(asked, CLINIC)
    except NotVihfError as error:
        return error.why
    return None


async def test_one_of_many_nodes_takes_an_assertion_and_none_after_a_restart(
    url: str, keys: Keys, judge: PlainJudge
) -> None:
    lay(url)
    asked, clock = proved(signed()), FixedClock(NOW)
    nodes = [open_store(url, keys=keys, judge=judge, clock=clock) for _ in range(2)]
    try:
        told = await asyncio.gather(*(outcome(nodes[at % 2], asked) for at in range(8)))
    finally:
        for node in nodes:
            await node.close()
    assert told.count(None) == 1
    assert set(told) == {None, Why.REPLAY}

    restarted = open_store(url, keys=keys, judge=judge, clock=clock)
    try:
        await restarted.sessions.drop_expired(NOW + Window().age)
        assert await outcome(restarted, asked) is Why.REPLAY
    finally:
        await restarted.close()
