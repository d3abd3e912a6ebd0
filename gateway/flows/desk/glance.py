"""What stands above « Flux » (PAGES sketch O): whether the base takes what comes, whether secure
mail leaves, and how much waits to leave."""

from dataclasses import dataclass
from datetime import datetime

from gateway.flows.desk.queues.waiting import QueueDesk
from gateway.ports.health import Watch
from gateway.ports.tasks import Pauses
from gateway.records.health import BESIDE, Check
from gateway.records.task import MAIL_LANE, TaskKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """`unwell` is the first check that keeps deposits out, None where all are taken. Of mail:
    whether somebody paused it, and whether one had to be tried again. `waiting` tasks are to leave
    now, or were tried and failed, `more` where they are not all counted; `oldest` is when the first
    of them was made. A reminder of next month waits for its day and keeps nobody waiting."""

    now: datetime
    unwell: Check | None
    mail_paused: bool
    mail_tried: bool
    waiting: int
    more: bool
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GlanceDesk:
    watch: Watch
    queues: QueueDesk
    pauses: Pauses

    async def __call__(self) -> Glance:
        checks = await self.watch.checks()
        unwell = (one.check for one in checks if one.reason and one.check not in BESIDE)
        found = await self.queues()
        queues = (one for one in (*found.kinds, *found.lanes) if one.kind is not TaskKind.RELEASE)
        leaving = [one for one in queues if one.tries or one.next_due <= found.now]
        return Glance(
            now=found.now,
            unwell=next(unwell, None),
            mail_paused=any(one.lane == MAIL_LANE for one in await self.pauses.paused()),
            mail_tried=found.mail is not None and found.mail.tries > 0,
            waiting=sum(one.size for one in leaving),
            more=found.more,
            oldest=min((one.oldest for one in leaving), default=None),
        )
