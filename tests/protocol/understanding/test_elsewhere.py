"""Where inputs are understood: here, in a thread, or by a helper that may die or hang."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.adapters.understanding import elsewhere as room
from gateway.adapters.understanding import helper
from gateway.adapters.understanding.elsewhere import Elsewhere, helpers_for
from gateway.errors import DeferredError
from gateway.mapping.understand import understand_at_door
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

EXAMPLES = Path(__file__).parents[3] / "examples"
RESULTS = (EXAMPLES / "08-biologie.hl7").read_bytes()
DOCUMENT = (EXAMPLES / "02-synthese.xml").read_bytes()
LARGE = DOCUMENT.replace(b"</title>", b"<!--" + b"x" * room.INLINE_BYTES + b"--></title>", 1)
ROW = b"OBX|99|ST|718-7^Hemoglobine^LN||x||||||F\r"
SLOW = (RESULTS + ROW * 300) * 900
"""A batch that takes seconds to read."""
MANY = room.BESIDE
NEVER_BEGINS = ("-c", "import signal; signal.pause()", "gateway.adapters.understanding")
EXPECTED = understand_at_door(RESULTS, DEFAULT_READING)[0].documents


def asked(elsewhere: Elsewhere, raw: bytes = RESULTS) -> "asyncio.Future[list[Understanding]]":
    return elsewhere.understand(raw, DEFAULT_READING, None)


def helpers() -> set[int]:
    """The processes started by this one that are still there."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(one) for one in children if b"gateway.adapters.understanding" in command_of(one)}


def command_of(number: str) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110 - a process tells no event
            await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(in_work: int = MANY, **how: float) -> AsyncIterator[Elsewhere]:
    before = helpers()
    one = Elsewhere(lambda: in_work, most=int(how.pop("most", 1)), **how)
    try:
        yield one
    finally:
        await one.close()
        assert helpers() <= before


async def pressed(elsewhere: Elsewhere) -> None:
    """Has so much come at a time that a helper is there."""

    def is_there() -> bool:
        for _ in range(room.PRESSED_BYTES // len(RESULTS) + 1):
            elsewhere.was_here(len(RESULTS))
        return elsewhere.is_better(len(RESULTS))

    await until(is_there)


async def stopped(elsewhere: Elsewhere) -> int:
    """The one helper, which takes what it is asked and does nothing."""
    await pressed(elsewhere)
    (one,) = helpers()
    os.kill(one, signal.SIGSTOP)
    return one


async def asked_of_one_that_died(
    elsewhere: Elsewhere,
) -> "tuple[int, list[asyncio.Future[list[Understanding]]]]":
    """A helper that died with five questions before it, and their answers to come."""
    one = await stopped(elsewhere)
    asking = [asked(elsewhere) for _ in range(5)]
    os.kill(one, signal.SIGKILL)
    return one, asking


async def test_a_lone_small_input_is_understood_here_and_now() -> None:
    async with opened(in_work=0) as elsewhere:
        for _ in range(1_000):
            elsewhere.was_here(len(RESULTS))
            assert not elsewhere.is_better(len(RESULTS))
        assert elsewhere.helpers == 0


async def test_a_lone_large_one_is_understood_in_a_thread() -> None:
    async with opened(in_work=0) as elsewhere:
        assert elsewhere.is_better(len(LARGE))
        (understood,) = await asked(elsewhere, LARGE)

        assert understood.documents == understand_at_door(LARGE, DEFAULT_READING)[0].documents
        assert elsewhere.helpers == 0


async def test_what_is_asked_of_elsewhere_never_holds_the_event_loop() -> None:
    async with opened(in_work=0) as elsewhere:
        assert not asked(elsewhere).done()


async def test_few_bytes_beside_others_are_not_worth_a_helper() -> None:
    async with opened() as elsewhere:
        for _ in range(room.PRESSED_BYTES // len(RESULTS) - 1):
            elsewhere.was_here(len(RESULTS))
        for _ in range(1_000):
            assert not elsewhere.is_better(len(RESULTS))  # asking counts nothing
        assert elsewhere.helpers == 0


async def test_a_helper_that_dies_before_it_begins_died_of_no_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as elsewhere:
        first, asking = await asked_of_one_that_died(elsewhere)
        monkeypatch.setattr(helper, "COMMAND", NEVER_BEGINS)
        await until(lambda: bool(helpers() - {first}))
        (second,) = helpers() - {first}
        os.kill(second, signal.SIGKILL)
        answers = await asyncio.gather(*asking, return_exceptions=True)

        assert [type(one) for one in answers] == [DeferredError] * 5


async def test_what_would_wait_too_long_for_the_thread_is_put_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "MAX_WAITING_BYTES", 2 * len(LARGE))
    async with opened(in_work=0, most=0) as elsewhere:
        asking = [asked(elsewhere, LARGE) for _ in range(3)]
        first, second, third = await asyncio.gather(*asking, return_exceptions=True)
        again = await asked(elsewhere, LARGE)

        assert isinstance(third, DeferredError)
        assert not any(isinstance(one, DeferredError) for one in (first, second, again))


async def test_much_beside_others_starts_a_helper_which_says_the_same() -> None:
    async with opened() as elsewhere:
        await pressed(elsewhere)
        answers = await asyncio.gather(*(asked(elsewhere) for _ in range(50)))
        (large,) = await asked(elsewhere, LARGE)

        assert elsewhere.helpers == len(helpers()) == 1
        assert all(one.documents == EXPECTED for (one,) in answers)
        assert large.documents == understand_at_door(LARGE, DEFAULT_READING)[0].documents


async def test_large_ones_that_wait_for_the_thread_are_beside_each_other() -> None:
    async with opened(in_work=0) as elsewhere:
        asking = [asked(elsewhere, LARGE) for _ in range(2 * room.BESIDE + 4)]
        await until(lambda: elsewhere.helpers == 1)
        assert len({one.documents for (one,) in await asyncio.gather(*asking)}) == 1


async def test_without_helpers_all_is_understood_here() -> None:
    async with opened(most=0) as elsewhere:
        for _ in range(1_000):
            elsewhere.was_here(len(RESULTS))
            assert not elsewhere.is_better(len(RESULTS))
        (understood,) = await asked(elsewhere)
        assert understood.documents == EXPECTED


async def test_a_second_helper_comes_when_the_first_has_much_to_do() -> None:
    async with opened(most=2) as elsewhere:
        first = await stopped(elsewhere)
        asking = [asked(elsewhere, LARGE) for _ in range(room.MUCH + 10)]
        await until(lambda: elsewhere.helpers == 2)
        os.kill(first, signal.SIGCONT)
        assert len({one.documents for (one,) in await asyncio.gather(*asking)}) == 1


async def test_what_a_helper_died_of_is_asked_once_more_of_another() -> None:
    async with opened() as elsewhere:
        first, asking = await asked_of_one_that_died(elsewhere)
        answers = await asyncio.gather(*asking)

        assert all(one.documents == EXPECTED for (one,) in answers)
        assert len(helpers() - {first}) == 1


async def test_what_two_helpers_died_of_is_given_up_and_the_rest_goes_on() -> None:
    async with opened() as elsewhere:
        await pressed(elsewhere)
        asking = [asked(elsewhere, SLOW), *(asked(elsewhere) for _ in range(4))]
        killed: set[int] = set()
        for _ in range(room.TRIES):
            await until(lambda: elsewhere.is_better(len(RESULTS)) and bool(helpers() - killed))
            (one,) = helpers() - killed
            os.kill(one, signal.SIGKILL)
            killed.add(one)
        (given_up,), *others = await asyncio.gather(*asking)

        assert given_up.verdict is Verdict.REFUSE
        assert [one.code for one in given_up.findings] == ["understanding-abandoned"]
        assert all(one.documents == EXPECTED for (one,) in others)


async def test_what_takes_too_long_is_given_up() -> None:
    async with opened(limit_seconds=0.5) as elsewhere:
        await stopped(elsewhere)
        (given_up,) = await asked(elsewhere)
        assert [one.code for one in given_up.findings] == ["understanding-abandoned"]
        await until(lambda: not helpers())


async def test_a_helper_that_nobody_needs_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "IDLE_SECONDS", 0.2)
    async with opened() as elsewhere:
        await pressed(elsewhere)
        await asked(elsewhere)
        await until(lambda: elsewhere.helpers == 0 and not helpers())
        await pressed(elsewhere)
        (understood,) = await asked(elsewhere)
        assert understood.documents == EXPECTED


async def test_what_waits_at_the_end_is_put_off() -> None:
    async with opened() as elsewhere:
        await stopped(elsewhere)
        waiting = asked(elsewhere)
        await elsewhere.close()
        with pytest.raises(DeferredError):
            await waiting


async def test_a_helper_that_cannot_be_made_leaves_all_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.adapters.understanding.helper.sys.executable", "/nowhere/python")
    async with opened() as elsewhere:
        for _ in range(room.PRESSED_BYTES // len(RESULTS) + 1):
            elsewhere.was_here(len(RESULTS))
            assert not elsewhere.is_better(len(RESULTS))
        await asyncio.sleep(0.1)
        (understood,) = await asked(elsewhere)
        assert elsewhere.helpers == 0
        assert understood.documents == EXPECTED


async def test_what_no_other_helper_can_be_asked_is_put_off_whatever_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no thread is left to wait for a process, Python raises no OSError."""

    async def no_thread(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    async with opened() as elsewhere:
        helper = await stopped(elsewhere)
        asking = [asked(elsewhere) for _ in range(5)]
        monkeypatch.setattr("asyncio.create_subprocess_exec", no_thread)
        os.kill(helper, signal.SIGKILL)
        async with asyncio.timeout(10):
            told = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(one) for one in told} == {DeferredError}
        assert elsewhere.helpers == 0


@pytest.mark.parametrize(("processors", "helpers"), [(1, 0), (2, 1), (5, 4), (64, 4)])
def test_the_daemon_keeps_a_processor_for_itself(processors: int, helpers: int) -> None:
    assert helpers_for(processors) == helpers


def test_a_helper_loads_only_what_it_reads_with() -> None:
    """It is one process more: no event loop, no logs, nothing that files, QPDF only with a PDF."""
    told = "import sys, gateway.adapters.understanding.__main__; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout.split()

    unwanted = {"asyncio", "structlog", "pikepdf", "sqlalchemy", "aiohttp", "gateway.store"}
    assert not unwanted.intersection(loaded)
