"""Quiet: what is not there and what is refused leave on a tick, so how long it took says nothing.

The steps are alike already; a stored row still takes longer to open than no row (an identity to
unseal, the choices of a record). A whole number of ticks hides that (decision 024).
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.clock import Clock

TICK_SECONDS = 0.025
"""Longer than a refusal takes with its commit, on a machine at ease."""

Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Quiet:
    clock: Clock
    pause: Pause = asyncio.sleep

    def came(self) -> float:
        """When a request came, for `leave`."""
        return self.clock.monotonic()

    async def leave(self, came: float) -> None:
        """Returns a whole number of ticks after the request came."""
        await self.pause(left_of_tick(self.clock.monotonic() - came))


def left_of_tick(spent: float) -> float:
    """Seconds until the next tick, in (0, TICK_SECONDS]."""
    return TICK_SECONDS - spent % TICK_SECONDS
