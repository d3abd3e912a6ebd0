"""The bounded room before the writer: so many units, so many bytes, so much patience."""

import asyncio
from collections import deque
from dataclasses import dataclass

from gateway.errors import DeferredError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`max_group` units share one commit at most. Below `reserve_bytes` of free space (or five
    per cent of the disk, when `reserve_bytes` is not 0) inputs are deferred while the rest goes on.
    An input is answered within `answer_seconds`, an act within `act_seconds`; the end of the
    process waits `stop_seconds` for what is under way.
    """

    max_waiting: int = 2_000
    max_waiting_bytes: int = 128_000_000
    patience_seconds: float = 5.0
    answer_seconds: float = 10.0
    act_seconds: float = 30.0
    stop_seconds: float = 10.0
    max_group: int = 64
    readers: int = 4
    reserve_bytes: int = 0


class WaitingRoom:
    """Lives on the event loop; entered before a unit is queued, left when it is answered."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._units = 0
        self._bytes = 0
        self._outside: deque[asyncio.Event] = deque()

    @property
    def units(self) -> int:
        return self._units

    async def enter(self, size: int) -> None:
        """In the order in which they came: what one connection sends is judged in its order.

        Raises DeferredError when the room stays full for too long.
        """
        if self._outside or self._is_full(size):
            try:
                async with asyncio.timeout(self._limits.patience_seconds):
                    await self._wait(size)
            except TimeoutError as error:
                raise DeferredError("Too much is waiting. Send it again later.") from error
        self._units += 1
        self._bytes += size

    def leave(self, size: int) -> None:
        self._units -= 1
        self._bytes -= size
        self._call()

    async def _wait(self, size: int) -> None:
        called = asyncio.Event()
        self._outside.append(called)
        try:
            while self._outside[0] is not called or self._is_full(size):
                called.clear()
                await called.wait()
        finally:
            self._outside.remove(called)
            self._call()  # there may be room for the next one too

    def _call(self) -> None:
        """The first of those outside looks again."""
        if self._outside:
            self._outside[0].set()

    def _is_full(self, size: int) -> bool:
        """One unit may always wait, however large it is."""
        if self._units == 0:
            return False
        too_many = self._units >= self._limits.max_waiting
        return too_many or self._bytes + size > self._limits.max_waiting_bytes
