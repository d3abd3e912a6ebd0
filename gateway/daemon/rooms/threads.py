"""Threads for what takes long, of its own for each kind of work: else a burst of one, in the pool
that all share, keeps everybody waiting (a sign-in behind mails of 16 MB)."""

import asyncio
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial

AT_ONCE = 2
"""Of a kind, in one process: one that takes seconds stops no other of its kind."""


def threads(stack: AsyncExitStack, name: str, *, most: int = AT_ONCE) -> Executor:
    """Begun when they are first needed. When `stack` closes, what runs ends, and what waits is not
    begun."""
    made = ThreadPoolExecutor(most, thread_name_prefix=name)
    end = partial(made.shutdown, cancel_futures=True)
    stack.push_async_callback(asyncio.to_thread, end)
    return made
