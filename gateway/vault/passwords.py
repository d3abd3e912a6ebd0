"""Passwords by argon2id, in threads, at most two at once (SECURITY section 2)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from weakref import WeakValueDictionary

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import Argon2Error, InvalidHashError

AT_ONCE = 2


class Argon2Hasher:
    """Verifies and makes argon2id hashes with the library's own cost."""

    def __init__(self) -> None:
        self._argon2 = Argon2()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._argon2.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False for None, after the same work as for a wrong password."""
        async with self._room:
            nobody = await asyncio.to_thread(of_nobody)  # always: or the first unknown takes longer
            right = await asyncio.to_thread(self._matches, password_hash or nobody, password)
        return right and password_hash is not None

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
