"""Strict validation in its worker: findings, a time limit that holds, and a loop that goes on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from gateway.adapters.hl7v2.validator import NOT_VALIDATED, StrictValidator
from gateway.clock import processor_seconds
from gateway.mapping.hl7v2.strict import validate
from gateway.records.intake.finding import Finding

pytestmark = pytest.mark.long

HEAD = (
    b"MSH|^~\\&|LAB|SITE|GW|HERE|20260302101500||ORU^R01^ORU_R01|C1|P|2.5\r"
    b"PID|1||1^^^A^PI||DURAND^CLAIRE\r"
)
WITHOUT_OBR = HEAD
ROW = b"OBX|1|NM|718-7^Hb^LN||13.4|g/dL|||||F\r"
QUICK, LONGER, SLOW = (HEAD + b"OBR|1|||58410-2^x^LN\r" + ROW * rows for rows in (8, 30, 150))


@pytest.fixture
async def validator() -> AsyncIterator[StrictValidator]:
    one = StrictValidator(limit_seconds=300.0)
    yield one
    one.close()


def worker_of(validator: StrictValidator) -> int:
    assert validator._pool is not None
    (number,) = validator._pool._processes
    return number


async def begun(validator: StrictValidator, raw: bytes) -> "asyncio.Task[list[Finding]]":
    """The worker is at it."""
    worker = worker_of(validator)
    before, work = processor_seconds(worker), asyncio.ensure_future(validator(raw))
    while processor_seconds(worker) == before and not work.done():  # noqa: ASYNC110 - none is told
        await asyncio.sleep(0)
    return work


async def test_the_worker_says_what_a_call_in_this_process_says(
    validator: StrictValidator,
) -> None:
    found = await validator(WITHOUT_OBR)

    assert found == validate(WITHOUT_OBR)
    assert found


async def test_the_event_loop_turns_while_a_message_is_validated(
    validator: StrictValidator,
) -> None:
    work = asyncio.ensure_future(validator(WITHOUT_OBR))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1

    assert turns > 100


async def test_what_takes_too_long_is_left_out_and_the_next_message_is_validated() -> None:
    validator = StrictValidator(limit_seconds=0.05)
    assert await validator(SLOW) == [NOT_VALIDATED]
    validator._limit_seconds = 30.0
    assert await validator(WITHOUT_OBR) == validate(WITHOUT_OBR)
    validator.close()


async def test_waiting_for_ones_turn_is_not_held_against_a_message() -> None:
    validator = StrictValidator(limit_seconds=30.0)
    await validator(WITHOUT_OBR)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await validator(LONGER)
    validator._limit_seconds = (loop.time() - began) * 5

    found = await asyncio.gather(*(validator(LONGER) for _ in range(9)))

    assert [NOT_VALIDATED] not in found
    validator.close()


async def test_a_worker_that_gets_no_processor_leaves_no_message_out() -> None:
    validator = StrictValidator(limit_seconds=1.0)
    await validator(WITHOUT_OBR)
    work = await begun(validator, QUICK)
    os.kill(worker_of(validator), signal.SIGSTOP)
    asyncio.get_running_loop().call_later(1.2, os.kill, worker_of(validator), signal.SIGCONT)
    assert await work == validate(QUICK)
    validator.close()


async def test_a_worker_that_was_killed_is_replaced(validator: StrictValidator) -> None:
    await validator(WITHOUT_OBR)
    os.kill(worker_of(validator), signal.SIGKILL)
    assert await validator(WITHOUT_OBR) == validate(WITHOUT_OBR)


async def test_a_worker_that_dies_under_a_message_is_not_held_against_it(
    validator: StrictValidator,
) -> None:
    await validator(WITHOUT_OBR)
    dead = worker_of(validator)
    work = await begun(validator, SLOW)
    os.kill(dead, signal.SIGKILL)
    assert await work == validate(SLOW)
    assert worker_of(validator) != dead


async def test_the_worker_gives_way_to_everybody_else(validator: StrictValidator) -> None:
    await validator(WITHOUT_OBR)
    mine, theirs = os.getpriority(os.PRIO_PROCESS, 0), worker_of(validator)
    assert os.getpriority(os.PRIO_PROCESS, theirs) > mine


async def test_a_fault_of_ours_leaves_the_validation_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: object) -> None:
        raise RecursionError

    validator = StrictValidator()
    monkeypatch.setattr(validator, "_validated", fails)
    with capture_logs() as logs:
        assert await validator(WITHOUT_OBR) == [NOT_VALIDATED]
    assert [one["event"] for one in logs] == ["strict.failed"]
    validator.close()
