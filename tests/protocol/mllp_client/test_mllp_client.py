"""The MLLP client against real sockets: reuse, late and wrong answers, a dead peer, TLS."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvloop
from authority import Authority
from daemon_rig import eventually
from listening_peer import Answer, ListeningPeer, ack

from gateway.adapters.hl7v2.mllp import tls_context
from gateway.adapters.hl7v2.mllp_client import MllpClient, Receiver, client_context
from gateway.clock import SystemClock
from gateway.errors import DeferredError, RefusedError

ERR_207 = "ERR||MSH^1|207^Application internal error^HL70357|E"


def message(control: str, *, size: int = 0, mode: str = "") -> bytes:
    pad = f"NTE|1||{'x' * size}\r" if size else ""
    return (
        f"MSH|^~\\&|US|HERE|PEER|THERE|20260115||ORU^R01^ORU_R01|{control}|P|2.5{mode}\rPID|1\r{pad}"
    ).encode()


class MovedClock(SystemClock):
    """Moves only when a test says so."""

    seconds = 1_000.0

    def monotonic(self) -> float:
        return self.seconds


@contextmanager
def peer(answer: Answer = ack, **more: Any) -> Iterator[ListeningPeer]:
    one = ListeningPeer(answer, **more).start()
    try:
        yield one
    finally:
        one.stop()


@asynccontextmanager
async def client(port: int, **changes: Any) -> AsyncIterator[MllpClient]:
    there = Receiver(host="127.0.0.1", port=port, connect_seconds=60.0, answer_seconds=60.0)
    receiver = replace(there, **changes)
    one = MllpClient(receiver, MovedClock())
    try:
        yield one
    finally:
        await one.close()


async def test_messages_follow_each_other_on_one_connection() -> None:
    with peer() as there:
        async with client(there.port) as us:
            sent = [await us.send(message(f"C{n}")) for n in range(5)]
        assert sent == ["AA"] * 5
        assert there.controls == [f"C{n}" for n in range(5)]
        assert there.connections == 1


async def test_concurrent_senders_take_turns_on_the_one_connection() -> None:
    at_once, most = 0, 0
    lock = threading.Lock()

    def answer(raw: bytes) -> bytes:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        answered = ack(raw)
        with lock:
            at_once -= 1
        return answered

    with peer(answer) as there:
        async with client(there.port) as us:
            await asyncio.gather(*(us.send(message(f"C{n}")) for n in range(20)))
        assert sorted(there.controls) == sorted(f"C{n}" for n in range(20))
        assert (there.connections, most) == (1, 1)


async def test_a_large_message_arrives_whole() -> None:
    with peer() as there:
        async with client(there.port) as us:
            raw = message("BIG", size=20_000_000)
            assert await us.send(raw) == "AA"
        assert there.messages == [raw]


async def test_a_late_answer_never_becomes_the_next_messages() -> None:
    late = threading.Event()

    def answer(raw: bytes) -> bytes:
        if b"|C1|" in raw:
            late.wait(60)
            return ack(raw)
        return ack(raw, "AE")

    with peer(answer) as there:
        async with client(there.port, answer_seconds=0.2) as us:
            with pytest.raises(DeferredError, match="in time"):
                await us.send(message("C1"))
            late.set()
            us.circuit.worked()
            us.receiver = replace(us.receiver, answer_seconds=60.0)
            with pytest.raises(RefusedError, match="AE"):
                await us.send(message("C2"))
        assert there.connections == 2


async def test_an_answer_to_another_message_is_passed_over() -> None:
    def answer(raw: bytes) -> bytes:
        wrong = ack(raw, "AE", control="OTHER")
        return wrong + b"\x1c\r\x0b" + ack(raw)

    with peer(answer) as there:
        async with client(there.port) as us:
            assert await us.send(message("C1")) == "AA"


async def test_a_wrong_answer_alone_is_no_answer() -> None:
    with peer(lambda raw: ack(raw, control="OTHER")) as there:
        async with client(there.port, answer_seconds=0.2) as us:
            with pytest.raises(DeferredError):
                await us.send(message("C1"))


async def test_the_second_answer_of_the_enhanced_mode_is_nobody_elses() -> None:
    def answer(raw: bytes) -> bytes:
        return ack(raw, "CA") + b"\x1c\r\x0b" + ack(raw, "AA")

    with peer(answer) as there:
        async with client(there.port) as us:
            sent = [await us.send(message(f"C{n}", mode="|||AL|AL")) for n in range(3)]
        assert sent == ["CA"] * 3
        assert there.connections == 1


async def test_a_message_that_asks_for_no_answer_is_sent() -> None:
    with peer(lambda _raw: None) as there:
        async with client(there.port) as us:
            assert await us.send(message("C1", mode="|||NE|NE")) == "sent"
            assert await us.send(message("C2", mode="|||NE|NE")) == "sent"
        eventually(lambda: there.controls == ["C1", "C2"])


async def test_silence_is_good_where_only_errors_are_answered() -> None:
    with peer(lambda _raw: None) as there:
        async with client(there.port, answer_seconds=0.2) as us:
            assert await us.send(message("C1", mode="|||ER|NE")) == "sent"
    with peer(lambda raw: ack(raw, "CE")) as there:
        async with client(there.port) as us:
            with pytest.raises(RefusedError, match="CE"):
                await us.send(message("C1", mode="|||ER|NE"))


async def test_a_kept_connection_that_was_closed_is_opened_once_more() -> None:
    with peer() as there:
        async with client(there.port) as us:
            await us.send(message("C1"))
            there.hang_up()
            assert await us.send(message("C2")) == "AA"
        assert there.controls == ["C1", "C2"]


async def test_an_idle_connection_is_closed() -> None:
    with peer() as there:
        async with client(there.port, idle_seconds=0.01) as us:
            await us.send(message("C1"))
            await asyncio.get_running_loop().run_in_executor(
                None, lambda: eventually(lambda: not us._line or not us._line.usable or None)
            )
            assert await us.send(message("C2")) == "AA"
        assert there.connections == 2


async def test_a_peer_that_ends_each_connection_is_not_flooded() -> None:
    there = ListeningPeer()

    def answer(_raw: bytes) -> None:
        there.hang_up()

    there.answer = answer
    there.start()
    try:
        async with client(there.port) as us:
            for _ in range(10):
                with pytest.raises(DeferredError):
                    await us.send(message("C1"))
        assert there.connections == 1
        assert there.controls == ["C1"]
    finally:
        there.stop()


async def test_a_dead_peer_is_left_in_peace_for_a_while_and_tried_again() -> None:
    with peer() as there:
        port = there.port
    clock = MovedClock()
    us = MllpClient(Receiver(host="127.0.0.1", port=port), clock)
    with pytest.raises(DeferredError, match="cannot be reached"):
        await us.send(message("C1"))
    with pytest.raises(DeferredError, match="did not answer lately"):
        await us.send(message("C1"))
    with peer(port=port) as there:
        clock.seconds += 5.0
        assert await us.send(message("C1")) == "AA"
        await us.close()
        assert there.controls == ["C1"]


async def test_a_rejection_for_now_leaves_the_circuit_closed() -> None:
    with peer(lambda raw: ack(raw, "AR", ERR_207)) as there:
        async with client(there.port) as us:
            for _ in range(2):
                with pytest.raises(DeferredError, match="AR 207"):
                    await us.send(message("C1"))
        assert there.connections == 1


async def test_an_answer_without_end_ends_the_connection() -> None:
    with peer(lambda _raw: b"x" * 3_000_000) as there:
        async with client(there.port) as us:
            with pytest.raises(DeferredError, match="does not speak MLLP"):
                await us.send(message("C1"))


async def test_closing_defers_what_is_under_way() -> None:
    with peer(lambda _raw: None) as there:
        async with client(there.port) as us:
            sending = asyncio.ensure_future(us.send(message("C1")))
            await asyncio.get_running_loop().run_in_executor(
                None, lambda: eventually(lambda: there.controls)
            )
            await us.close()
            with pytest.raises(DeferredError):
                await sending
        assert there.connections == 1


async def test_both_sides_show_a_certificate_inside_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server, own = authority.issue("server"), authority.issue("passerelle")
    inside = tls_context(server, server.with_suffix(".key"), client_ca=authority.path)
    context = client_context(ca=authority.path, certificate=own, key=own.with_suffix(".key"))
    with peer(tls=inside) as there:
        async with client(there.port, tls=context, server_name="another.name") as us:
            assert await us.send(message("C1")) == "AA"
        assert there.certificates[0] is not None


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_no_answer_is_lost_inside_tls_on_either_loop(
    tmp_path: Path, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    authority = Authority(tmp_path)
    server = authority.issue("server")

    async def talk(there: ListeningPeer) -> None:
        async with client(there.port, tls=client_context(ca=authority.path)) as us:
            for number in range(200):
                assert await us.send(message(f"C{number}", size=number % 40 * 997)) == "AA"

    with (
        peer(tls=tls_context(server, server.with_suffix(".key"))) as there,
        asyncio.Runner(loop_factory=loop) as runner,
    ):
        runner.run(talk(there))
        assert there.connections == 1


async def test_a_certificate_of_somebody_else_is_not_talked_to(tmp_path: Path) -> None:
    theirs, ours = Authority(tmp_path / "theirs"), Authority(tmp_path / "ours")
    server = theirs.issue("server")
    with peer(tls=tls_context(server, server.with_suffix(".key"))) as there:
        async with client(there.port, tls=client_context(ca=ours.path)) as us:
            with pytest.raises(DeferredError, match="TLS"):
                await us.send(message("C1"))
        assert there.messages == []
