"""Tries at a secret are counted before they are judged: never one more than is allowed."""

import asyncio
from datetime import timedelta

import pytest
from laid import lay
from store_house import NOW, FixedClock, PlainJudge

from gateway.records.readers.tries import Allowance, Counted
from gateway.store import Keys, Store, open_store

HOUR = timedelta(hours=1)
PERSON = Allowance(subject="login:claire", most=5, window=HOUR)
PLACE = Allowance(subject="address:one", most=50, window=HOUR)


async def test_of_twelve_at_once_five_are_counted(store: Store) -> None:
    said = await asyncio.gather(*(store.sessions.count([PERSON], at=NOW) for _ in range(12)))
    assert sorted(len(one.numbers) for one in said) == [0] * 7 + [1] * 5
    assert {one.until for one in said if not one.numbers} == {NOW + HOUR}
    assert await store.sessions.tries(PERSON.subject, since=NOW) == [NOW] * 5


@pytest.mark.postgresql
async def test_of_twelve_at_once_on_three_nodes_five_are_counted(
    postgresql_address: str, keys: Keys, judge: PlainJudge
) -> None:
    lay(postgresql_address)
    nodes = [
        open_store(postgresql_address, keys=keys, judge=judge, clock=FixedClock()) for _ in range(3)
    ]
    try:
        said: list[Counted] = await asyncio.gather(
            *(nodes[number % 3].sessions.count([PERSON, PLACE], at=NOW) for number in range(12))
        )
    finally:
        await asyncio.gather(*(node.close() for node in nodes))
    assert sorted(len(one.numbers) for one in said) == [0] * 7 + [2] * 5


async def test_who_has_no_try_left_spends_none_of_another_subject(store: Store) -> None:
    for _ in range(6):
        await store.sessions.count([PERSON, PLACE], at=NOW)
    assert len(await store.sessions.tries(PLACE.subject, since=NOW)) == 5


async def test_a_try_that_was_right_is_taken_back_and_those_of_its_person_forgotten(
    store: Store,
) -> None:
    before = await store.sessions.count([PERSON, PLACE], at=NOW)
    right = await store.sessions.count([PERSON, PLACE], at=NOW)
    await store.sessions.take_back(right.numbers, forget=PERSON.subject)
    assert await store.sessions.tries(PERSON.subject, since=NOW) == []
    assert len(await store.sessions.tries(PLACE.subject, since=NOW)) == 1
    await store.sessions.take_back(before.numbers)
    assert await store.sessions.tries(PLACE.subject, since=NOW) == []


async def test_tries_count_within_their_window_only_whichever_way_the_clock_went(
    store: Store,
) -> None:
    for _ in range(5):
        await store.sessions.count([PERSON], at=NOW)
    assert (await store.sessions.count([PERSON], at=NOW + HOUR - timedelta(seconds=1))).until
    assert (await store.sessions.count([PERSON], at=NOW + HOUR)).numbers
    assert (await store.sessions.count([PERSON], at=NOW - HOUR)).numbers


async def test_two_allowances_of_one_subject_count_one_try(store: Store) -> None:
    soon = Allowance(subject=PERSON.subject, most=1, window=timedelta(seconds=30))
    assert len((await store.sessions.count([soon, PERSON], at=NOW)).numbers) == 1
    later = NOW + timedelta(seconds=29)
    assert (await store.sessions.count([soon, PERSON], at=later)).until == NOW + soon.window
