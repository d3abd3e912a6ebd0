"""Strict validation in its worker: findings, a time limit that holds, and a loop that goes on."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.adapters.validator import NOT_VALIDATED, StrictValidator
from gateway.mapping.hl7v2.strict import validate

WITHOUT_OBR = (
    b"MSH|^~\\&|LAB|SITE|GW|HERE|20260302101500||ORU^R01^ORU_R01|C1|P|2.5\r"
    b"PID|1||1^^^A^PI||DURAND^CLAIRE\r"
)


@pytest.fixture
async def validator() -> AsyncIterator[StrictValidator]:
    one = StrictValidator(limit_seconds=30.0)
    yield one
    one.close()


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
    validator = StrictValidator(limit_seconds=0.001)
    assert await validator(WITHOUT_OBR) == [NOT_VALIDATED]

    patient = StrictValidator(limit_seconds=30.0)
    assert await patient(WITHOUT_OBR) != [NOT_VALIDATED]
    patient.close()
    validator.close()
