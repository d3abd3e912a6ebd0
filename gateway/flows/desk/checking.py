"""The whole log verified for whoever keeps the house well (PAGES section 7): beside everything
else, one at a time in a process, and never for longer than MOST. It reads every entry, and what it
tells is of nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from gateway.errors import GatewayError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.log.verify_log import Verified
from gateway.records.readers.access import Decision, Reader, ReaderKind

log = structlog.get_logger()
MOST = timedelta(hours=1)
CHECKS = Decision(
    permitted=True,
    rule="DSK-01",
    because="Le support vérifie que le journal est entier, sans le lire.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The last in this process; `found` is None where it was broken off."""

    ended: datetime
    found: Verified | None


@dataclass(slots=True, kw_only=True)
class CheckLog:
    """`whole` reads the log, and keeps what it found for all nodes. `began` is None between two."""

    gate: DeskGate
    whole: Callable[[], Awaitable[Verified]]
    most: timedelta = MOST
    began: datetime | None = None
    last: LastRun | None = None
    _task: asyncio.Task[None] | None = None

    async def begin(self, agent: Reader) -> bool:
        """False where one is under way already. Raises DeniedError."""
        if self.began is not None:
            return False
        self.began = self.gate.clock.now()
        try:
            await self._demand(agent)
        except BaseException:
            self.began = None
            raise
        self._task = asyncio.create_task(self._run())
        return True

    async def close(self) -> None:
        """What is under way is broken off."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        found: Verified | None = None
        try:
            async with asyncio.timeout(self.most.total_seconds()):
                found = await self.whole()
        except (GatewayError, TimeoutError) as error:
            log.warning("log.not_verified", error=type(error).__name__)
        except Exception:
            log.exception("log.not_verified")
        finally:
            self.last = LastRun(ended=self.gate.clock.now(), found=found)
            self.began = None

    async def _demand(self, agent: Reader) -> None:
        decision = CHECKS
        if agent.kind is not ReaderKind.OPERATOR:
            decision = Decision(permitted=False, rule=CHECKS.rule, because=CHECKS.because)
        await self.gate.demand(agent, decision, traced_as="audit-verify")
