"""Twins of what tells whether the house is well, for the page of the desk about it."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

from vault_house import House
from vault_twins import NOW

from gateway.access.grid import shipped_grid
from gateway.clock import Discipline
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.checking import MOST, CheckLog
from gateway.flows.desk.health import HealthDesk
from gateway.flows.log.verify_log import Verified
from gateway.records.health import Check, Checked, Deed, Disk, Upkept, Versions
from gateway.records.log import Grown, Sealed

VERSIONS = Versions(gateway="0.1.0", engine="sqlite", schema="0024", newest="0024")


@dataclass
class Seen:
    """The ports `Watch` and `Upkeep`."""

    reasons: dict[Check, str] = field(default_factory=dict)
    room: Disk | None = None
    known: Versions = VERSIONS
    done: dict[Deed, Upkept] = field(default_factory=dict)
    servers: timedelta | None = None

    async def checks(self) -> tuple[Checked, ...]:
        since = NOW - timedelta(minutes=4)
        return tuple(
            Checked(check=one, reason=self.reasons.get(one, ""), since=since) for one in Check
        )

    def disk(self) -> Disk | None:
        return self.room

    async def versions(self) -> Versions:
        return self.known

    async def ahead(self) -> timedelta | None:
        return self.servers

    async def kept(self) -> dict[Deed, Upkept]:
        return self.done

    async def keep(self, done: Upkept) -> None:
        self.done[done.deed] = done


@dataclass
class OneHead:
    """As much of the port `LogBook` as the page asks."""

    head: Sealed | None = None

    async def latest(self) -> Sealed | None:
        return self.head

    async def covering(self, number: int) -> Sealed | None:
        raise AssertionError

    async def grown(self, since: Sealed | None) -> Grown:
        raise AssertionError

    async def keep(self, sealed: Sealed, nodes: object) -> None:
        raise AssertionError

    async def root_of(self, size: int, *, nodes: object = ()) -> bytes:
        raise AssertionError

    async def consistency(self, first: int, size: int, *, nodes: object = ()) -> list[bytes]:
        raise AssertionError

    async def inclusion(self, numbers: object, size: int) -> list[list[bytes]]:
        raise AssertionError


@dataclass
class Log:
    """What a verification finds once it may go on; `reads` counts how often it was begun."""

    found: Verified = field(default_factory=Verified)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    reads: int = 0
    error: Exception | None = None

    async def whole(self) -> Verified:
        self.reads += 1
        await self.go_on.wait()
        if self.error is not None:
            raise self.error
        return self.found


def with_health(
    seen: Seen,
    head: Sealed | None = None,
    *,
    log: Log | None = None,
    kernel: Discipline | None = None,
    most: timedelta = MOST,
) -> House:
    house = House()
    gate = DeskGate(
        traces=house.traces, clock=house.clock, grid=shipped_grid(), switches=house.switches
    )
    desk = HealthDesk(
        watch=seen,
        upkeep=seen,
        book=OneHead(head),
        clock=house.clock,
        checking=CheckLog(gate=gate, whole=(log or Log()).whole, most=most),
        kernel=lambda: kernel,
    )
    house.furnish_desk = lambda rooms: replace(rooms, health=desk)
    return house
