"""Whether the house is well, for the desk: the checks of `/health/ready` themselves, asked by the
same watch, and what stands beside them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.clock import Clock, Discipline, discipline
from gateway.flows.desk.checking import CheckLog, LastRun
from gateway.ports.health import Upkeep, Watch
from gateway.ports.log import LogBook
from gateway.records.health import Checked, Deed, Disk, Timing, Upkept, Versions
from gateway.records.log import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`head` is the newest signed head of the log, None before the first; `verifying` since when
    this process verifies the log, `verified` the last time that it did."""

    now: datetime
    checks: tuple[Checked, ...]
    disk: Disk | None
    head: Sealed | None
    versions: Versions
    timing: Timing
    kept: Mapping[Deed, Upkept]
    verifying: datetime | None
    verified: LastRun | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDesk:
    watch: Watch
    upkeep: Upkeep
    book: LogBook
    clock: Clock
    checking: CheckLog
    kernel: Callable[[], Discipline | None] = discipline

    async def __call__(self) -> Health:
        return Health(
            now=self.clock.now(),
            checks=await self.watch.checks(),
            disk=self.upkeep.disk(),
            head=await self.book.latest(),
            versions=await self.upkeep.versions(),
            timing=await self._timing(),
            kept=await self.upkeep.kept(),
            verifying=self.checking.began,
            verified=self.checking.last,
        )

    async def _timing(self) -> Timing:
        told = self.kernel()
        return Timing(
            kept=told.kept if told else None,
            within=told.within if told else None,
            ahead=await self.upkeep.ahead(),
        )
