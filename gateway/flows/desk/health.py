"""Whether the house is well, for the desk: the checks of `/health/ready` themselves, asked by the
same watch, and what stands beside them."""

from dataclasses import dataclass
from datetime import datetime

from gateway.clock import Clock
from gateway.ports.health import Upkeep, Watch
from gateway.ports.log import LogBook
from gateway.records.health import Checked, Disk, Versions
from gateway.records.log import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`head` is the newest signed head of the log, None before the first."""

    now: datetime
    checks: tuple[Checked, ...]
    disk: Disk | None
    head: Sealed | None
    versions: Versions


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthDesk:
    watch: Watch
    upkeep: Upkeep
    book: LogBook
    clock: Clock

    async def __call__(self) -> Health:
        return Health(
            now=self.clock.now(),
            checks=await self.watch.checks(),
            disk=self.upkeep.disk(),
            head=await self.book.latest(),
            versions=await self.upkeep.versions(),
        )
