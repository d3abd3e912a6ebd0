"""The memory of a listener: beyond it the door stops reading, refuses nobody, and never stops."""

import asyncio

from door_house import SMALL, Desk, connected, opened
from patience_house import Hours, House, arrived, turns

from gateway.adapters.hl7v2.mllp import MllpPeer
from gateway.adapters.hl7v2.mllp_protocol import framed

LONG = SMALL.turn_seconds


def halves(message: bytes) -> tuple[bytes, bytes]:
    whole = framed(message)
    return whole[: len(whole) // 2], whole[len(whole) // 2 :]


async def test_of_two_messages_that_fill_the_room_one_is_read_to_its_end_before_the_other() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    (one, its_line), (other, others_line) = (arrived(house, hours) for _ in range(2))
    first, second = halves(b"first message"), halves(b"second message")
    one.data_received(first[0])
    other.data_received(second[0])
    one.data_received(b"")
    assert (its_line.is_read, others_line.is_read) == (False, True)
    other.data_received(second[1])
    assert (its_line.is_read, others_line.is_read) == (True, False)
    one.data_received(first[1])
    await turns()
    assert house.desk.frames == [b"second message", b"first message"]
    assert (its_line.is_read, others_line.is_read, house.room.bytes) == (True, True, 0)
    assert its_line.written == framed(b"ACK first message")


async def test_a_message_larger_than_the_room_comes_in() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    large, line = arrived(house, hours)
    for part in halves(b"x" * 1_000):
        assert line.is_read
        large.data_received(part)
    await turns()
    assert (house.desk.frames, house.room.bytes) == ([b"x" * 1_000], 0)


async def test_while_what_is_in_work_fills_the_room_no_more_is_read_than_one_message() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    house.desk.gates[b"a long message"] = asyncio.Event()
    lines = []
    for number in range(3):
        made, line = arrived(house, hours)
        made.data_received(framed(b"a long message") if number == 0 else b"\x0bopen")
        lines.append(line)
    assert [line.is_read for line in lines] == [False, True, False]
    await turns()
    house.desk.gates[b"a long message"].set()
    await turns()
    assert [line.is_read for line in lines] == [True, True, True]


async def test_one_without_an_open_message_never_keeps_the_turn_from_the_others() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    house.desk.gates[b"a long message"] = asyncio.Event()
    idle, _ = arrived(house, hours)
    idle.data_received(framed(b"a long message"))
    busy, line = arrived(house, hours)
    busy.data_received(b"\x0bopen")
    assert line.is_read
    busy.data_received(b"ed\x1c\r")
    await turns()
    assert house.desk.frames == [b"a long message", b"opened"]


async def test_what_a_peer_held_that_left_is_room_for_others() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    gone, _ = arrived(house, hours)
    gone.data_received(b"\x0bhalf a message")
    waits, line = arrived(house, hours)
    waits.data_received(b"\x0bhalf")
    assert not line.is_read
    gone.connection_lost(None)
    assert line.is_read
    assert house.room.bytes == len(b"half")


async def test_one_that_drips_while_others_wait_for_its_turn_is_cut_at_last() -> None:
    house, hours = House(max_held_bytes=10), Hours()
    slow, its_line = arrived(house, hours)
    slow.data_received(b"\x0bhalf a message")
    for _ in range(20):
        hours.pass_on(LONG / 10)
        slow.data_received(b".")
    assert not its_line.is_closed
    waits, line = arrived(house, hours)
    waits.data_received(b"\x0bhalf")
    for _ in range(9):
        hours.pass_on(LONG / 10)
        slow.data_received(b".")
    assert not its_line.is_closed
    hours.pass_on(LONG / 10)
    assert its_line.is_closed
    assert line.is_read
    assert not line.is_closed


async def test_many_large_messages_at_once_are_all_answered_however_small_the_room() -> None:
    messages = [b"%d" % number * 300_000 for number in range(6)]

    async def receive(_peer: MllpPeer, frame: bytes) -> bytes:
        return frame[:1]

    async def send(message: bytes, port: int) -> bytes:
        async with connected(port) as client:
            client.writer.write(framed(message) * 2)
            return await client.answer() + await client.answer()

    limits = {"max_frame_bytes": 400_000, "max_held_bytes": 1_024}
    async with opened(Desk(), receive=receive, **limits) as (door, port):
        answers = await asyncio.gather(*(send(message, port) for message in messages))
        assert door.room.bytes == 0
    assert answers == [message[:1] * 2 for message in messages]
