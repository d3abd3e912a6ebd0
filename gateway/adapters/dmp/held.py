"""Memory for the large requests of one door: beyond it they wait, as long as a request may take."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

small_bytes = 1_000_000
"""So much of a request is never waited for: the number of connections bounds it."""


@dataclass(slots=True)
class Held:
    """`max_held_bytes` at one time of all that is larger than `small_bytes`, or one alone."""

    max_held_bytes: int
    _used: int = 0
    _freed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def place(self, most: int) -> AsyncIterator["Place"]:
        """For one request of at most `most` bytes, until it is answered."""
        place = Place(self, most)
        try:
            yield place
        finally:
            if place.taken:
                async with self._freed:
                    self._used -= place.most
                    self._freed.notify_all()

    async def take(self, size: int) -> None:
        async with self._freed:
            await self._freed.wait_for(lambda: self._fits(size))
            self._used += size

    def _fits(self, size: int) -> bool:
        return self._used == 0 or self._used + size <= self.max_held_bytes


@dataclass(slots=True)
class Place:
    """One request, which may turn out to be large only while it comes."""

    held: Held
    most: int
    taken: bool = False

    async def grown(self, size: int) -> None:
        """It has so many bytes now: past the small ones it waits for all that it may become."""
        if size > small_bytes and not self.taken:
            await self.held.take(self.most)
            self.taken = True
