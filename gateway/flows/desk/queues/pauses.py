"""Destinations that an operator pauses and resumes (PAGES section 7, « Files »), at the desk or on
the command line: while a receiver is under maintenance nothing leaves for it, and nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.desk.agent import act_of
from gateway.flows.desk.queues.waiting import MOST, mail_queue
from gateway.flows.filing.forwards import LANE as FORWARDS
from gateway.flows.sending.messages.business import LANE as ANSWERS
from gateway.ports.documents.scorecards import SenderAccounts
from gateway.ports.tasks import Pauses, Queues
from gateway.records.readers.access import Reader
from gateway.records.task import MAIL_LANE, Pause, Queue

PAUSED, RESUMED = "lane-paused", "lane-resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`waiting` tasks of its lane; `pause` None while they may leave."""

    lane: str
    waiting: int
    pause: Pause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseDesk:
    """`forwards` are those of the configuration, by name; `mails` says that a relay takes secure
    mail, which is paused as one destination."""

    pauses: Pauses
    queues: Queues
    accounts: SenderAccounts
    clock: Clock
    forwards: tuple[str, ...] = ()
    mails: bool = False

    async def destinations(self, counted: Sequence[Queue] | None = None) -> list[Destination]:
        """Every lane that there is, whether anything waits in it or not, by name; `counted` is what
        waits, where somebody has just counted it."""
        if counted is None:
            counted = await self._counted()
        waiting = {one.lane: one.size for one in counted}
        paused = {one.lane: one for one in await self.pauses.paused()}
        answered = [one.name for one in await self.accounts.senders() if one.answers]
        lanes = {
            *(FORWARDS + name for name in self.forwards),
            *(ANSWERS + name for name in answered),
            *(lane for lane in waiting if lane is not None),
            *paused,
            *([MAIL_LANE] if self.mails else []),
        }
        return [
            Destination(lane=lane, waiting=waiting.get(lane, 0), pause=paused.get(lane))
            for lane in sorted(lanes)
        ]

    async def _counted(self) -> list[Queue]:
        now = self.clock.now()
        found = await self.queues.lanes(now)
        mail = mail_queue((await self.queues.kinds(now, most=MOST))[0]) if self.mails else None
        return [*found, mail] if mail else found

    async def show(self, lane: str) -> Destination:
        """Raises RefusedError for a lane that there is not."""
        known = await self.destinations()
        found = next((one for one in known if one.lane == lane), None)
        if found is None:
            raise RefusedError(f"there is no destination {lane}")
        return found

    async def pause(self, agent: Reader, lane: str, reason: str) -> None:
        """Raises RefusedError for one that is paused already, or is none."""
        await self.show(lane)
        act = act_of(agent, PAUSED, {"lane": lane, "reason": reason})
        if not await self.pauses.pause(
            lane, self.clock.now(), by=act.actor, reason=reason, act=act
        ):
            raise RefusedError(f"{lane} is paused already")

    async def resume(self, agent: Reader, lane: str) -> None:
        """Raises RefusedError for one that is not paused."""
        act = act_of(agent, RESUMED, {"lane": lane})
        if not await self.pauses.resume(lane, self.clock.now(), act):
            raise RefusedError(f"{lane} is not paused")
