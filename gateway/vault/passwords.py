"""Passwords by argon2id, in threads, at most two at once (SECURITY section 2)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from weakref import WeakValueDictionary

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import Argon2Error, InvalidHashError

AT_ONCE = 2


class Argon2Hasher:
    """Verifies and makes argon2id hashes with the library's own cost."""

    def __init__(self) -> None:
        self._argon2 = Argon2()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self._argon2.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """False for None, after the same work as for a wrong password."""
        if self._nobody is None:
            self._nobody = await self.hash("nobody has this password")
        async with self._room:
            right = await asyncio.to_thread(self._matches, password_hash or self._nobody, password)
        return right and password_hash is not None

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False


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
