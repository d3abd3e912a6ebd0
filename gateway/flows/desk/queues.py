"""What waits, queue by queue (PAGES section 7): tasks by kind, destinations by lane, and what this
process holds in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.clock import Clock
from gateway.ports.tasks import Queues
from gateway.records.task import Queue

MOST = 100_000
"""Tasks that leave in any order which one page counts."""
InMemory = Callable[[], Mapping[str, int]]
"""How much waits in this process, by the names that the metrics give to its queues."""


def nothing_in_memory() -> Mapping[str, int]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """At `now`; `more` where the sizes of `kinds` are no whole count."""

    now: datetime
    kinds: tuple[Queue, ...]
    more: bool
    lanes: tuple[Queue, ...]
    memory: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        return not (self.kinds or self.lanes or any(self.memory.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDesk:
    queues: Queues
    clock: Clock
    in_memory: InMemory = field(default=nothing_in_memory)

    async def __call__(self) -> Waiting:
        now = self.clock.now()
        kinds, more = await self.queues.kinds(now, most=MOST)
        lanes = await self.queues.lanes(now)
        return Waiting(
            now=now, kinds=tuple(kinds), more=more, lanes=tuple(lanes), memory=self.in_memory()
        )
