"""What waits, queue by queue (PAGES section 7): tasks by kind, destinations by lane, and what this
process holds in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from gateway.clock import Clock
from gateway.ports.tasks import Queues
from gateway.records.task import MAIL_LANE, MAILS, Queue, TaskKind

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
    def mail(self) -> Queue | None:
        return mail_queue(self.kinds)

    @property
    def is_empty(self) -> bool:
        return not (self.kinds or self.lanes or any(self.memory.values()))


def mail_queue(kinds: Sequence[Queue]) -> Queue | None:
    """All that waits to leave by secure mail, as one destination; None where nothing does."""
    mails = [one for one in kinds if one.kind in MAILS]
    if not mails:
        return None
    return Queue(
        kind=TaskKind.MAIL,
        lane=MAIL_LANE,
        size=sum(one.size for one in mails),
        oldest=min(one.oldest for one in mails),
        next_due=min(one.next_due for one in mails),
        taken=sum(one.taken for one in mails),
        tries=max(one.tries for one in mails),
    )


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
