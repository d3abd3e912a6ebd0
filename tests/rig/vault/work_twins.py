"""Twins of what waits and what failed, for the pages of the desk about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import orjson
from health_twins import Seen
from vault_house import House
from vault_twins import NOW

from gateway.flows.desk.glance import GlanceDesk
from gateway.flows.desk.queues.letters import LetterDesk
from gateway.flows.desk.queues.pauses import PauseDesk
from gateway.flows.desk.queues.waiting import QueueDesk
from gateway.records.patients.account import NewTrace, SenderAccount
from gateway.records.task import AnyKind, Pause, Queue, TaskLine, Undelivered


def letter(
    number: int,
    kind: AnyKind,
    outcome: str,
    *,
    to: str | None = None,
    lane: str | None = None,
    minutes: int = 0,
) -> Undelivered:
    """A dead letter of some minutes ago."""
    at = NOW - timedelta(minutes=minutes)
    line = TaskLine(
        id=number,
        kind=kind,
        subject=f"{number:032x}",
        lane=lane,
        attempts=3,
        created_at=at,
        due_at=at,
        settled_at=at,
        outcome=outcome,
        dead=True,
    )
    return Undelivered(line=line, payload=None if to is None else orjson.dumps({"to": to}))


def tried_again(number: int, kind: AnyKind, reason: str, *, to: str) -> Undelivered:
    """One whose last try failed and that is due in five minutes."""
    line = TaskLine(
        id=number,
        kind=kind,
        subject=f"{number:032x}",
        lane=None,
        attempts=2,
        created_at=NOW,
        due_at=NOW + timedelta(minutes=5),
        reason=reason,
    )
    return Undelivered(line=line, payload=orjson.dumps({"to": to}))


@dataclass
class MemoryLetters:
    """`ended` is what was done to which letter, in order."""

    dead: dict[int, Undelivered]
    waiting: list[Undelivered] = field(default_factory=list)
    ended: list[tuple[str, int]] = field(default_factory=list)
    acts: list[NewTrace] = field(default_factory=list)

    async def failed(self, *, limit: int) -> list[Undelivered]:
        return list(self.dead.values())[:limit]

    async def again(self, *, among: int, limit: int) -> list[Undelivered]:
        return self.waiting[:limit]

    async def one(self, number: int) -> Undelivered | None:
        return self.dead.get(number)

    async def retry(self, number: int, now: datetime, act: NewTrace) -> bool:
        return self._end("retry", number, act)

    async def abandon(self, number: int, act: NewTrace) -> bool:
        return self._end("abandon", number, act)

    def _end(self, how: str, number: int, act: NewTrace) -> bool:
        if self.dead.pop(number, None) is None:
            return False
        self.ended.append((how, number))
        self.acts.append(act)
        return True


@dataclass
class MemoryQueues:
    of_lanes: list[Queue] = field(default_factory=list)
    of_kinds: list[Queue] = field(default_factory=list)
    cut: bool = False

    async def lanes(self, now: datetime) -> list[Queue]:
        return self.of_lanes

    async def kinds(self, now: datetime, *, most: int) -> tuple[list[Queue], bool]:
        return self.of_kinds, self.cut


@dataclass
class MemoryPauses:
    """The port `Pauses`, and the accounts of senders (`SenderAccounts`)."""

    held: dict[str, Pause] = field(default_factory=dict)
    acts: list[NewTrace] = field(default_factory=list)
    accounts: list[SenderAccount] = field(default_factory=list)

    async def senders(self) -> list[SenderAccount]:
        return self.accounts

    async def paused(self) -> list[Pause]:
        return [self.held[lane] for lane in sorted(self.held)]

    async def pause(self, lane: str, now: datetime, *, by: str, reason: str, act: NewTrace) -> bool:
        if lane in self.held:
            return False
        self.held[lane] = Pause(lane=lane, since=now, by=by, reason=reason)
        self.acts.append(act)
        return True

    async def resume(self, lane: str, now: datetime, act: NewTrace) -> bool:
        if self.held.pop(lane, None) is None:
            return False
        self.acts.append(act)
        return True


def with_letters(
    house: House, *dead: Undelivered, again: Sequence[Undelivered] = ()
) -> MemoryLetters:
    letters = MemoryLetters({one.line.id: one for one in dead}, list(again))
    desk = LetterDesk(letters=letters, clock=house.clock)
    house.furnish_desk = lambda rooms: replace(rooms, letters=desk)
    return letters


def with_pauses(
    house: House, queues: MemoryQueues, *forwards: str, mails: bool = False
) -> MemoryPauses:
    """« Files » with the forwards of a configuration, and whoever of the senders is answered."""
    pauses = MemoryPauses()
    waiting = QueueDesk(queues=queues, clock=house.clock)
    desk = PauseDesk(
        pauses=pauses,
        queues=queues,
        accounts=pauses,
        clock=house.clock,
        forwards=forwards,
        mails=mails,
    )
    house.furnish_desk = lambda rooms: replace(rooms, queues=waiting, pauses=desk)
    return pauses


@dataclass
class AtWork:
    watch: Seen = field(default_factory=Seen)
    queues: MemoryQueues = field(default_factory=MemoryQueues)
    pauses: MemoryPauses = field(default_factory=MemoryPauses)


def with_glance(house: House) -> AtWork:
    """What stands above « Flux »."""
    work = AtWork()
    queues = QueueDesk(queues=work.queues, clock=house.clock)
    desk = GlanceDesk(watch=work.watch, queues=queues, pauses=work.pauses)
    house.furnish_desk = lambda rooms: replace(rooms, glance=desk)
    return work


def with_queues(house: House, queues: MemoryQueues, **memory: int) -> None:
    desk = QueueDesk(queues=queues, clock=house.clock, in_memory=lambda: memory)
    house.furnish_desk = lambda rooms: replace(rooms, queues=desk)
