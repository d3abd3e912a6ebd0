"""The MLLP door on loopback: order, pipelining, limits, timers, refusals, the end."""

import asyncio
from typing import Any

import pytest
from door_house import MSH, Desk, connected, opened, until
from structlog.testing import capture_logs

from gateway.adapters.hl7v2.mllp import MllpPeer, Watch
from gateway.adapters.hl7v2.mllp.door import CONDITIONS
from gateway.adapters.hl7v2.mllp_protocol import framed
from gateway.adapters.turned_away import MAX_LINES
from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.mapping.xml import XmlRefusedError


async def test_pipelined_messages_are_answered_in_order_even_when_work_ends_out_of_order() -> None:
    desk = Desk()
    desk.gates[b"one"] = asyncio.Event()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(framed(b"one") + framed(b"two") + framed(b"three"))
        await until(lambda: len(desk.frames) == 3)
        desk.gates[b"one"].set()
        assert [await client.answer() for _ in range(3)] == [b"ACK one", b"ACK two", b"ACK three"]


def test_the_door_opens_on_uvloop_too() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def exchange() -> bytes:
        async with opened(Desk()) as (_, port), connected(port) as client:
            client.writer.write(framed(b"one"))
            client.writer.write_eof()
            return await client.ended()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(exchange()) == framed(b"ACK one")


async def test_no_more_messages_are_in_work_than_the_limit() -> None:
    desk = Desk()
    desk.gates = {b"%d" % n: asyncio.Event() for n in range(8)}
    async with opened(desk, max_in_flight=3) as (_, port), connected(port) as client:
        client.writer.write(b"".join(framed(one) for one in desk.gates))
        for gate in desk.gates.values():
            await until(lambda: bool(desk.frames))
            gate.set()
        assert [await client.answer() for _ in range(8)] == [b"ACK %d" % n for n in range(8)]
    assert desk.most_at_once <= 3
    assert desk.frames == [b"%d" % n for n in range(8)]


async def test_silence_is_kept_and_the_next_message_answered() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(framed(b"quiet") + framed(b"two"))
        assert await client.answer() == b"ACK two"


async def test_a_peer_that_closed_its_side_still_gets_its_answer() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(framed(b"one"))
        client.writer.write_eof()
        assert await client.ended() == framed(b"ACK one")


async def test_an_open_frame_goes_to_quarantine_when_the_peer_leaves() -> None:
    desk = Desk()
    async with opened(desk) as (_, port):
        async with connected(port) as client:
            client.writer.write(b"\x0bhalf a mess")
            await client.writer.drain()
        await until(lambda: bool(desk.partials))
    assert (desk.partials, desk.frames) == ([b"half a mess"], [])


async def test_a_frame_without_a_byte_for_too_long_is_cut() -> None:
    desk = Desk()
    async with opened(desk, frame_timeout_seconds=0.05) as (_, port), connected(port) as client:
        client.writer.write(framed(b"one"))
        assert await client.answer() == b"ACK one"
        client.writer.write(b"\x0bhalf\x1c")
        assert await client.ended() == b""
    assert desk.partials == [b"half"]
    assert Watch.FRAME_TIMEOUT in desk.seen


async def test_an_idle_connection_without_an_open_frame_is_kept() -> None:
    desk = Desk()
    async with opened(desk, frame_timeout_seconds=0.01) as (_, port), connected(port) as client:
        client.writer.write(framed(b"one"))
        assert await client.answer() == b"ACK one"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.05)
        client.writer.write(framed(b"two"))
        assert await client.answer() == b"ACK two"


async def test_a_frame_above_the_limit_is_refused_by_its_header_after_those_before_it() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(framed(b"one") + framed(MSH % b"BIG" + b"x" * 2500) + framed(b"three"))
        first, refusal = await client.answer(), await client.answer()
        assert first == b"ACK one"
        assert b"\rMSA|AR|BIG\r" in refusal
        assert b"|207^" in refusal
        assert await client.ended() == b""
    assert desk.frames == [b"one"]


async def test_a_frame_without_end_is_cut_without_an_answer() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(b"\x0b" + MSH % b"BIG" + b"x" * 5000)
        assert await client.ended() == b""
    assert (desk.frames, desk.partials) == ([], [])


async def test_a_flood_of_start_bytes_closes_the_connection() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(b"\x0b" * 100_000)
        assert await client.ended() == b""
    assert Watch.VIOLATION in desk.seen


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x0b" * 2_000])
async def test_a_flood_of_peers_that_speak_no_mllp_fills_no_log(sent: bytes) -> None:
    with capture_logs() as written:
        async with opened(Desk()) as (_, port):
            for _ in range(MAX_LINES + 5):
                async with connected(port) as client:
                    client.writer.write(sent)
                    client.writer.write_eof()
                    assert await client.ended() == b""
    assert len(written) == MAX_LINES
    assert {one["log_level"] for one in written} == {"warning"}


async def test_junk_between_frames_is_skipped_and_reported_once() -> None:
    desk = Desk()
    async with opened(desk) as (_, port), connected(port) as client:
        client.writer.write(b"\n\0junk" + framed(b"one") + b"more junk" + framed(b"two"))
        assert [await client.answer() for _ in range(2)] == [b"ACK one", b"ACK two"]
    assert desk.seen.count(Watch.JUNK) == 1


async def test_reading_stops_while_the_peer_does_not_read_and_ends_after_the_limit() -> None:
    desk = Desk()
    answer = b"A" * 400_000

    async def long_answer(_peer: MllpPeer, frame: bytes) -> bytes:
        desk.frames.append(frame)
        return answer

    limits: dict[str, Any] = {"write_timeout_seconds": 0.05, "max_unsent_bytes": 1000}
    async with opened(desk, receive=long_answer, **limits) as (_, port), connected(port) as client:
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(60):
            client.writer.write(framed(b"x" * 1000))
        await until(lambda: Watch.WRITE_TIMEOUT in desk.seen)
        assert len(desk.frames) < 60


@pytest.mark.parametrize("limit", ["max_connections", "max_connections_per_address"])
async def test_more_connections_than_allowed_are_turned_away(limit: str) -> None:
    desk = Desk()
    limits: dict[str, Any] = {limit: 1}
    async with opened(desk, **limits) as (door, port), connected(port) as first:
        first.writer.write(framed(b"one"))
        assert await first.answer() == b"ACK one"
        async with connected(port) as second:
            assert await second.ended() == b""
        assert door.connections == 1
    assert Watch.TURNED_AWAY in desk.seen


async def test_closing_lets_messages_in_work_and_open_frames_end() -> None:
    desk = Desk()
    desk.gates[b"one"] = asyncio.Event()
    async with opened(desk) as (door, port), connected(port) as client:
        client.writer.write(framed(b"one") + b"\x0btw")
        await until(lambda: desk.frames == [b"one"])
        closing = asyncio.ensure_future(door.close())
        await asyncio.sleep(0)
        client.writer.write(b"o\x1c\r")
        await until(lambda: len(desk.frames) == 2)
        desk.gates[b"one"].set()
        assert [await client.answer() for _ in range(2)] == [b"ACK one", b"ACK two"]
        assert await client.ended() == b""
        await closing
        with pytest.raises(ConnectionError):
            await asyncio.open_connection("127.0.0.1", port)


async def test_closing_does_not_wait_for_ever() -> None:
    desk = Desk()
    desk.gates[b"stuck"] = asyncio.Event()
    async with opened(desk, close_seconds=0.05) as (door, port), connected(port) as client:
        client.writer.write(framed(b"stuck"))
        await until(lambda: desk.frames == [b"stuck"])
        await door.close()
        assert await client.ended() == b""
        desk.gates[b"stuck"].set()


@pytest.mark.parametrize(
    ("error", "code", "condition"),
    [
        (RefusedError("Mend it"), b"AE", b"199"),
        (XmlRefusedError("Mend it"), b"AE", b"199"),
        (DeferredError("Later"), b"AR", b"207"),
        (DeniedError("No"), b"AE", b"207"),
        (ZeroDivisionError("our bug, patient PATTE"), b"AR", b"207"),
    ],
)
async def test_an_error_of_the_flow_is_a_negative_answer_without_its_inside(
    error: Exception, code: bytes, condition: bytes
) -> None:
    async def fails(_peer: MllpPeer, _frame: bytes) -> bytes:
        raise error

    async with opened(Desk(), receive=fails) as (_, port), connected(port) as client:
        client.writer.write(framed(MSH % b"M1"))
        sent = await client.answer()
    assert b"\rMSA|%b|M1\r" % code in sent
    assert b"|%b^" % condition in sent
    assert b"PATTE" not in sent


def test_every_error_that_crosses_rooms_has_its_answer() -> None:
    assert set(GatewayError.__subclasses__()) == set(CONDITIONS)
