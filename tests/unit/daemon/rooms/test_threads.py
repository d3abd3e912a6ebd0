"""Work of one kind never waits for work of another, nor for whoever fills the pool of all."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import pytest

from gateway.daemon.rooms.threads import AT_ONCE, threads
from gateway.vault.signing_in.passwords import Argon2Hasher


@pytest.fixture
async def everybody_waits() -> AsyncIterator[threading.Event]:
    """The pool of all has one thread, and it stands still."""
    loop, go_on = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    stuck = loop.run_in_executor(None, go_on.wait)
    yield go_on
    go_on.set()
    await stuck


async def test_a_sign_in_waits_neither_for_mails_nor_for_the_pool_of_all(
    everybody_waits: threading.Event,
) -> None:
    loop = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        mails = threads(stack, "mails")
        built = [loop.run_in_executor(mails, everybody_waits.wait) for _ in range(AT_ONCE + 1)]
        hasher = Argon2Hasher(threads(stack, "passwords"))
        assert not await hasher.verify(None, "any")
        assert not any(one.done() for one in built)
        everybody_waits.set()
        assert all(await asyncio.gather(*built))


async def test_at_the_end_what_runs_ends_and_what_waits_is_not_begun() -> None:
    loop, go_on, begun = asyncio.get_running_loop(), threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(120)

    async with AsyncExitStack() as stack:
        made = threads(stack, "previews", most=1)
        runs, waits = (loop.run_in_executor(made, work) for _ in range(2))
        assert await asyncio.to_thread(begun.wait, 120)
        ending = asyncio.create_task(stack.pop_all().aclose())
        assert await asyncio.gather(waits, return_exceptions=True)
        go_on.set()
        assert await runs
        await ending
    assert waits.cancelled()
