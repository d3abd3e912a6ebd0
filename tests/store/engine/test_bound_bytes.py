"""What SQLite keeps in memory of a large message once it is stored."""

import _sqlite3
import asyncio
import ctypes
import os
from pathlib import Path

import pytest
from laid import lay
from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, Store, open_store
from gateway.store.engine.engines import CACHE_KIBIBYTES
from gateway.store.engine.statements import LARGE_BYTES

CACHE_BYTES = CACHE_KIBIBYTES * 1024
MESSAGE_BYTES = 3 * CACHE_BYTES
KEPT_BYTES = 2 * CACHE_BYTES
"""The writer's page cache fills up meanwhile; a copy of the message would be more."""


def in_use() -> int:
    """Bytes that all connections of this process have from SQLite."""
    file = getattr(_sqlite3, "__file__", None)
    if file is None:
        pytest.skip("this Python has SQLite built in: nothing tells what it holds")
    used = ctypes.CDLL(file).sqlite3_memory_used
    used.restype = ctypes.c_int64
    return int(used())


@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.REFUSE])
async def test_of_a_large_message_that_is_stored_no_copy_stays_in_memory(
    verdict: Verdict, tmp_path: Path, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    assert MESSAGE_BYTES > LARGE_BYTES
    url = f"sqlite:///{tmp_path}/gateway.sqlite3"
    lay(url)
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    try:
        await store.journal.file(intake(ids, 1))
        before = in_use()
        assert before > 0
        large = intake(ids, 2, verdict=verdict, raw=os.urandom(MESSAGE_BYTES))
        answer = await store.journal.file(large)
        assert answer.verdict is verdict
        assert in_use() - before < KEPT_BYTES
    finally:
        await store.close()


async def test_a_large_message_and_those_filed_with_it_are_given_back_as_they_came(
    store: Store, ids: SystemIds
) -> None:
    sizes = (LARGE_BYTES, 100, 2 * LARGE_BYTES, 200)
    sent = [intake(ids, n, serial=n, raw=os.urandom(size)) for n, size in enumerate(sizes)]
    answers = await asyncio.gather(*(store.journal.file(one) for one in sent))
    for one, answer in zip(sent, answers, strict=True):
        assert await store.journal.raw(one.receipt) == one.raw
        assert await store.shelf.body(answer.documents[0].id) == one.raw
