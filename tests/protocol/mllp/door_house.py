"""An open MLLP door, a desk behind it that answers each frame, and peers that speak to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from answers import ANSWER_SECONDS

from gateway.adapters.hl7v2.mllp import MllpDoor, MllpPeer, MllpSettings, Watch

MSH = b"MSH|^~\\&|LAB|A|GW|B|20260115||ORU^R01^ORU_R01|%b|P|2.5|||||FRA|UNICODE UTF-8\rPID|1\r"
SMALL = MllpSettings(max_frame_bytes=2000, port=0)


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 1, 15, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class FixedIds:
    def identifier(self) -> str:
        return "RECEIPT"

    def secret(self) -> str:
        return "s"

    def code(self, *, digits: int = 6) -> str:
        return "0" * digits

    def octets(self, count: int) -> bytes:
        return b"\0" * count


class Desk:
    """Answers each frame with its own bytes, and keeps what it was given."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.peers: list[MllpPeer] = []
        self.partials: list[bytes] = []
        self.seen: list[Watch] = []
        self.gates: dict[bytes, asyncio.Event] = {}
        self.most_at_once = self._at_once = 0

    async def __call__(self, peer: MllpPeer, frame: bytes) -> bytes | None:
        self.frames.append(frame)
        self.peers.append(peer)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if frame in self.gates:
            await self.gates[frame].wait()
        self._at_once -= 1
        return None if frame == b"quiet" else b"ACK " + frame

    def quarantine(self, _peer: MllpPeer, part: bytes) -> None:
        self.partials.append(part)

    def observe(self, what: Watch, _peer: MllpPeer, _count: int) -> None:
        self.seen.append(what)


Receive = Callable[[MllpPeer, bytes], Awaitable[bytes | None]]


@asynccontextmanager
async def opened(
    desk: Desk, *, receive: Receive | None = None, **changes: Any
) -> AsyncIterator[tuple[MllpDoor, int]]:
    door = MllpDoor(
        receive=receive or desk,
        settings=replace(SMALL, **changes),
        clock=FixedClock(),
        ids=FixedIds(),
        quarantine=desk.quarantine,
        observe=desk.observe,
    )
    _, port = await door.start()
    try:
        yield door, port
    finally:
        await door.close()


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> bytes:
        """The next acknowledgement without its block characters."""
        got = await asyncio.wait_for(self.reader.readuntil(b"\x1c\r"), ANSWER_SECONDS)
        return got[1:-2]

    async def ended(self) -> bytes:
        """Everything until the door closes the connection."""
        try:
            return await asyncio.wait_for(self.reader.read(), ANSWER_SECONDS)
        except ConnectionError:
            return b""


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(ANSWER_SECONDS):
        while not condition():  # noqa: ASYNC110 - the door knows no events of its tests
            await asyncio.sleep(0)
