"""Passwords by argon2id, in threads, at most two at once (SECURITY section 2)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache, partial
from typing import TypeVar
from weakref import WeakValueDictionary

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import Argon2Error, InvalidHashError

AT_ONCE = 2
T = TypeVar("T")


class Argon2Hasher:
    """Verifies and makes argon2id hashes with the library's own cost, in `threads`; None for a
    command, which has nobody else to serve meanwhile."""

    def __init__(self, threads: Executor | None = None) -> None:
        self._threads = threads
        self._argon2 = Argon2()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._room:
            return await self._aside(self._argon2.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False for None, after the same work as for a wrong password."""
        async with self._room:
            nobody = await self._aside(of_nobody)  # always: or the first unknown takes longer
            right = await self._aside(self._matches, password_hash or nobody, password)
        return right and password_hash is not None

    def _aside(self, work: Callable[..., T], *words: str) -> Awaitable[T]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, partial(work, *words))

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False


@cache
def of_nobody() -> str:
    """What a password is tried against where there is no hash: made once a process."""
    return Argon2().hash("nobody has this password")


class LockedTurns:
    """One at a time for a subject, within this process."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, subject: str) -> AbstractAsyncContextManager[None]:
        return self._hold(self._locks.setdefault(subject, asyncio.Lock()))

    @asynccontextmanager
    async def _hold(self, lock: asyncio.Lock) -> AsyncIterator[None]:
        async with lock:
            yield
