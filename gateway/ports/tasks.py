"""What is still to be done, and who carries it away."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from gateway.records.patients.account import NewTrace
from gateway.records.task import (
    EVERY_KIND,
    CameBack,
    NewTask,
    Pause,
    Queue,
    Task,
    TaskKind,
    Undelivered,
)

Say = Callable[[Task, str], Sequence[NewTrace]]
"""What the log says of a task that ended undone with this outcome. Pure."""


class Tasks(Protocol):
    async def add(self, tasks: list[NewTask]) -> None: ...

    async def claim(
        self,
        now: datetime,
        *,
        lease: timedelta,
        limit: int,
        kinds: Collection[TaskKind] = EVERY_KIND,
    ) -> list[Task]:
        """Takes what is due and hides it until the lease ends; a dead worker's task comes back.

        Tasks of a lane are never among them.
        """

    async def settle(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        dead: bool = False,
        then: Sequence[NewTask] = (),
        acts: Sequence[NewTrace] = (),
    ) -> None:
        """`then` is what follows from the outcome, in the same commit; `dead` that it failed;
        `acts` what the log says of it."""

    async def postpone(
        self, task: Task, *, due_at: datetime, reason: str, unheard: bool = False
    ) -> None:
        """`unheard` where this try may have brought what it carries to the receiver."""

    async def keep(self, task: Task, *, until: datetime) -> bool:
        """Holds it beyond its lease; False where another worker took it since."""

    async def hand_back(self, tasks: Sequence[Task], *, at: datetime) -> None:
        """What was claimed and not begun: due again at once, and this was no try of it."""

    async def depth(self) -> dict[TaskKind, int]:
        """Unsettled tasks by kind, for the metrics."""


class LaneTasks(Tasks, Protocol):
    """Tasks that leave in order: only the oldest unsettled task of a lane is ever claimed, and none
    while another of its lane is under way."""

    async def claim_heads(self, now: datetime, *, lease: timedelta) -> list[Task]:
        """The head of every lane whose head is due."""

    async def advance(
        self,
        task: Task,
        *,
        outcome: str,
        at: datetime,
        lease: timedelta,
        dead: bool = False,
        then: Sequence[NewTask] = (),
    ) -> Task | None:
        """Settles the head of a lane and claims the next one, if it is due, in one commit."""


class SentTasks(Protocol):
    """Tasks that were done, looked at again when what they sent comes back."""

    async def call(self, task: Task, name: str, *, payload: bytes) -> None:
        """Gives a task the name that its receiver will know it by, before it leaves, and what is
        to be known of it later."""

    async def bearing(self, name: str) -> dict[int, TaskKind]:
        """The tasks of this `NewTask.name`: number and kind."""

    async def returned(
        self,
        name: str,
        *,
        left: datetime | None,
        tries: int = 0,
        outcome: str,
        at: datetime,
        say: Say,
    ) -> list[CameBack]:
        """The tasks of this `NewTask.name`. Of a mail whose tries a person began at the second
        `left` (None: not known), and that is number `tries` of them (0: not known), only the last
        one is undone, and becomes a dead letter with this outcome; `say` is what the log tells of
        that, in the same commit. Raises DeferredError where that try is under way still."""


class Outbox(Protocol):
    """SMS, e-mail and letters on their way to a person (VAULT GEN-05)."""

    async def send(
        self, *, channel: str, to: str, template: str, lang: str, subject: str, body: str
    ) -> None: ...


class Queues(Protocol):
    """What waits, counted at one moment."""

    async def lanes(self, now: datetime) -> list[Queue]:
        """In the order of their names; a lane in which nothing waits is left out."""

    async def kinds(self, now: datetime, *, most: int) -> tuple[list[Queue], bool]:
        """Of tasks that leave in any order, in the order of the kinds' names: the `most` + 1 that
        are due first are counted. The second value says whether more than `most` wait."""


class Pauses(Protocol):
    """Lanes of which nothing leaves until a person resumes them."""

    async def paused(self) -> list[Pause]:
        """By name of the lane."""

    async def pause(self, lane: str, now: datetime, *, by: str, reason: str, act: NewTrace) -> bool:
        """What is in hand ends; nothing else of it is claimed, on any node. Traced in the same
        commit. False, and no trace, where it is paused already."""

    async def resume(self, lane: str, now: datetime, act: NewTrace) -> bool:
        """Its head is due at once, and patience begins anew. False where it is not paused."""


class Letters(Protocol):
    """What could not be delivered, as an operator looks at it and ends it."""

    async def failed(self, *, limit: int) -> list[Undelivered]:
        """What ended undone (dead letters), the latest first."""

    async def again(self, *, among: int, limit: int) -> list[Undelivered]:
        """What failed and will be tried again, the next first: of the `among` tasks that are due
        first and of the heads of lanes."""

    async def one(self, number: int) -> Undelivered | None:
        """None unless it is a dead letter now."""

    async def retry(self, number: int, now: datetime, act: NewTrace) -> bool:
        """A dead letter is due again at once, with fresh patience; traced in the same commit.
        False, and no trace, for what is no dead letter any more."""

    async def abandon(self, number: int, act: NewTrace) -> bool:
        """A dead letter that nobody waits for any more; its outcome is kept. As `retry`."""
