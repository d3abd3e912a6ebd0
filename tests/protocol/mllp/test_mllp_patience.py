"""How long one connection of the MLLP door waits, by a clock that the test moves."""

import asyncio
from typing import Any

from door_house import SMALL
from patience_house import connection, turns

from gateway.adapters.hl7v2.mllp import Watch
from gateway.adapters.hl7v2.mllp_protocol import framed

LIMIT = SMALL.frame_timeout_seconds


async def test_a_frame_that_comes_slowly_is_never_cut_while_bytes_come() -> None:
    slow, house, hours, line = connection()
    for byte in b"\x0bslow\x1c":
        slow.data_received(bytes([byte]))
        hours.pass_on(LIMIT * 0.9)
    slow.data_received(b"\r")
    await turns()
    assert house.desk.frames == [b"slow"]
    assert line.written == framed(b"ACK slow")
    assert not line.is_closed


async def test_a_frame_is_cut_at_the_limit_after_its_last_byte() -> None:
    slow, house, hours, line = connection()
    slow.data_received(b"\x0bha")
    hours.pass_on(LIMIT - 1)
    slow.data_received(b"lf")
    hours.pass_on(LIMIT - 1)
    assert not line.is_closed
    hours.pass_on(1)
    assert line.is_closed
    assert house.desk.partials == [b"half"]


async def test_time_in_which_the_door_did_not_read_is_not_the_peers() -> None:
    held, house, hours, line = connection()
    house.desk.gates = {b"%d" % n: asyncio.Event() for n in range(SMALL.max_in_flight)}
    held.data_received(b"".join(framed(one) for one in house.desk.gates) + b"\x0bope")
    assert not line.is_read
    hours.pass_on(10 * LIMIT)
    assert (line.is_closed, house.desk.partials) == (False, [])
    await turns()
    for gate in house.desk.gates.values():
        gate.set()
    await turns()
    assert line.is_read
    held.data_received(b"n" + b"\x1c\r")
    await turns()
    assert house.desk.frames[-1] == b"open"


async def test_a_frame_left_open_while_the_door_did_not_read_has_its_time_again() -> None:
    held, house, hours, line = connection()
    house.desk.gates = {b"%d" % n: asyncio.Event() for n in range(SMALL.max_in_flight)}
    held.data_received(b"".join(framed(one) for one in house.desk.gates) + b"\x0bopen")
    hours.pass_on(LIMIT - 1)
    await turns()
    for gate in house.desk.gates.values():
        gate.set()
    await turns()
    hours.pass_on(LIMIT - 1)
    assert not line.is_closed
    hours.pass_on(1)
    assert line.is_closed


async def test_a_peer_that_reads_again_in_time_is_kept() -> None:
    full, house, hours, line = connection()
    full.pause_writing()
    full.data_received(framed(b"one"))
    await turns()
    assert house.desk.frames == []
    hours.pass_on(SMALL.write_timeout_seconds - 1)
    full.resume_writing()
    await turns()
    hours.pass_on(2)
    assert not line.is_aborted
    assert line.written == framed(b"ACK one")


async def test_a_peer_that_does_not_read_for_too_long_is_cut() -> None:
    full, house, hours, line = connection()
    full.pause_writing()
    hours.pass_on(SMALL.write_timeout_seconds)
    assert line.is_aborted
    assert house.desk.seen[-1] is Watch.WRITE_TIMEOUT


async def test_what_a_peer_sent_before_it_left_is_filed_without_an_answer() -> None:
    gone, house, _, line = connection()
    house.desk.gates[b"one"] = asyncio.Event()
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, told: faults.append(told))
    gone.data_received(framed(b"one"))
    await turns()
    gone.connection_lost(None)
    house.desk.gates[b"one"].set()
    await turns()
    assert house.desk.frames == [b"one"]
    assert (line.written, faults, house.left) == (b"", [], 1)


async def test_what_had_not_begun_when_its_peer_left_is_not_begun() -> None:
    gone, house, _, _ = connection()
    names = [b"%d" % n for n in range(SMALL.max_in_flight)]
    house.desk.gates = {name: asyncio.Event() for name in names}
    gone.data_received(b"".join(map(framed, [*names, b"too late"])))
    await turns()
    gone.connection_lost(None)
    for gate in house.desk.gates.values():
        gate.set()
    await turns()
    assert house.desk.frames == names


async def test_a_message_whose_work_is_cancelled_gets_its_negative_answer() -> None:
    stopped, house, _, line = connection()
    house.desk.gates[b"one"] = asyncio.Event()
    stopped.data_received(framed(b"one"))
    await turns()
    [work] = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
    work.cancel()
    await turns()
    assert line.written == framed(b"NAK one")
