"""A connection of the MLLP door without a socket, by a clock that the test moves."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from door_house import SMALL, Desk

from gateway.adapters.hl7v2.mllp import MllpSettings
from gateway.adapters.hl7v2.mllp.connection import MllpConnection
from gateway.adapters.hl7v2.mllp.room import Room
from gateway.adapters.hl7v2.mllp.settings import Observe, Quarantine, Receive
from gateway.adapters.turned_away import TurnedAway
from gateway.clock import SystemClock


class Timer:
    def __init__(self, at: float, call: Callable[[], object]) -> None:
        self.at, self.call = at, call
        self.is_over = False

    def cancel(self) -> None:
        self.is_over = True


class Hours:
    """The running loop, but for its clock: `pass_on` moves that and rings what falls due."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []
        self.create_future = asyncio.get_running_loop().create_future

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[[], object]) -> Timer:
        self.timers.append(Timer(self.now + seconds, call))
        return self.timers[-1]

    def pass_on(self, seconds: float) -> None:
        self.now += seconds
        for one in [one for one in self.timers if one.at <= self.now and not one.is_over]:
            one.is_over = True
            one.call()


class Line:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.is_aborted = self.is_closed = False
        self.is_read = True

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 40_000) if name == "peername" else None

    def set_write_buffer_limits(self, high: int) -> None: ...

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def abort(self) -> None:
        self.is_aborted = True

    def close(self) -> None:
        self.is_closed = True


class House:
    settings: MllpSettings = SMALL

    def __init__(self, *, max_held_bytes: int = SMALL.max_held_bytes) -> None:
        self.desk = Desk()
        self.receive: Receive = self.desk
        self.observe: Observe = self.desk.observe
        self.quarantine: Quarantine | None = self.desk.quarantine
        self.away = TurnedAway(SystemClock())
        self.room = Room(max_bytes=max_held_bytes)
        self.left = 0

    def admit(self, connection: MllpConnection) -> bool:
        return True

    def leave(self, connection: MllpConnection) -> None:
        self.left += 1

    def refusal(self, head: bytes, problem: BaseException | None) -> bytes | None:
        return b"NAK " + head


def connection() -> tuple[MllpConnection, House, Hours, Line]:
    house, hours = House(), Hours()
    made, line = arrived(house, hours)
    return made, house, hours, line


def arrived(house: House, hours: Hours) -> tuple[MllpConnection, Line]:
    """One more at this door."""
    line = Line()
    made = MllpConnection(house, cast(asyncio.AbstractEventLoop, hours))
    made.connection_made(cast(asyncio.BaseTransport, line))
    return made, line


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
