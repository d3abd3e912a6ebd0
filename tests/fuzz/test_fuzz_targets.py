"""Every parser on kept cases, on honest inputs changed a little, and on long repetitions.

The short run of CI; `make fuzz` goes on for longer. The same inputs in every run.
"""

import time
from random import Random

import pytest
from bounds import BrokenBoundError, max_seconds, measured, timed
from longer import CASES, cases_of
from mutation import crossed, mutated, pumped, pumped_twice
from registry import ALL, BY_NAME
from target import Target

INPUTS, REPETITIONS = 600, 6
PUMP_BYTES = 60_000

every_target = pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)


@every_target
def test_honest_inputs_and_kept_cases_keep_every_law(target: Target) -> None:
    for data in [*cases_of(target), *target.seeds()]:
        measured(target.run, data)


@every_target
def test_inputs_changed_a_little_keep_every_law(target: Target) -> None:
    seeds, chance = target.seeds(), Random(target.name)  # noqa: S311 - inputs of a test
    for _ in range(INPUTS):
        data = mutated(chance.choice(seeds), target.words, chance)
        timed(target.run, data)
    for _ in range(INPUTS // 10):
        timed(target.run, crossed(chance.choice(seeds), chance.choice(seeds), chance))


@every_target
def test_no_repetition_costs_more_than_a_second(target: Target) -> None:
    seeds, chance = target.seeds(), Random(target.name)  # noqa: S311 - inputs of a test
    for _ in range(REPETITIONS):
        for grow in (pumped, pumped_twice):
            data = grow(target, chance.choice(seeds), chance, size=PUMP_BYTES)
            measured(target.run, data)


def test_every_kept_case_belongs_to_a_target() -> None:
    assert {path.name for path in CASES.iterdir()} <= BY_NAME.keys()


def test_a_slow_parser_is_convicted() -> None:
    def slow(data: bytes) -> None:
        until = time.process_time() + 1.1 * max_seconds
        while time.process_time() < until:
            sum(data)

    with pytest.raises(BrokenBoundError, match="s for 1 bytes"):
        timed(slow, b"\0")


def test_a_parser_that_hoards_is_convicted() -> None:
    def hoard(data: bytes) -> None:
        assert len(bytearray(200_000_000)) > len(data)

    with pytest.raises(BrokenBoundError, match="MB for 1 bytes"):
        measured(hoard, b"x")


def test_the_same_chance_makes_the_same_inputs() -> None:
    made = [mutated(b"MSH|^~\\&|A", (b"PID",), Random(7)) for _ in range(2)]  # noqa: S311 - as above
    assert made[0] == made[1] != b"MSH|^~\\&|A"
    target = BY_NAME["hl7-splitter"]
    long = pumped(target, b"MSH|a|b\rPID|1\r", Random(3), size=5_000)  # noqa: S311 - as above
    assert 4_500 < len(long) <= 5_500
