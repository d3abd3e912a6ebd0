"""Ends of windows on every engine: once, on whatever node (VAULT ACC-02, ACC-13, ACC-23)."""

import asyncio
import json

import pytest
from invitation_house import DAY, MIDNIGHT, SECOND, Node, key_of, listed
from store_house import put_into

from gateway.records.patients.account import AccountState
from gateway.records.patients.invitation import OpeningPolicy
from gateway.records.readers.switches import Switch
from gateway.store import Store
from gateway.store.index.lineage import move


async def test_silence_creates_at_midnight_once_on_four_nodes(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert await node.end(MIDNIGHT - SECOND) == 0
    assert await node.state(key) is AccountState.INVITED
    counts = await asyncio.gather(*(node.end(MIDNIGHT) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, 1]
    assert await node.state(key) is AccountState.CREATED
    assert await node.end(MIDNIGHT + 400 * DAY) == 0
    assert sorted(await node.carried(MIDNIGHT + DAY)) == ["not-needed", "sent"], "no late reminder"
    assert node.box.templates() == ["invitation", "account-created"]
    assert "14 avril 2026" in node.box.letters[-1]["body"]
    ended = [row for row in await node.acts(key) if row.trace.action == "window-ends"]
    (only,) = ended
    assert json.loads(only.trace.details)["automatic_creation"] is True


async def test_a_gateway_that_was_down_over_the_end_catches_up_at_its_start(store: Store) -> None:
    node = Node(store)
    people = [listed(serial) for serial in range(1, 4)]
    for one in people:
        await node.invite(one)
    await node.carried()
    assert await node.end(MIDNIGHT + 30 * DAY) == 3
    assert {await node.state(key_of(store, one)) for one in people} == {AccountState.CREATED}


@pytest.mark.parametrize(
    ("switch", "state"),
    [
        (Switch(before=False), AccountState.INVITED),
        (Switch(before=True, entries=((MIDNIGHT, False),)), AccountState.INVITED),
        (Switch(before=True, entries=((MIDNIGHT + SECOND, False),)), AccountState.CREATED),
        (Switch(before=False, entries=((MIDNIGHT, True),)), AccountState.CREATED),
    ],
)
async def test_the_switch_counts_as_it_stands_when_the_window_is_over(
    store: Store, switch: Switch[bool], state: AccountState
) -> None:
    node, one = Node(store, OpeningPolicy(automatic_creation=switch)), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert ("rien n'est créé" in node.box.letters[0]["body"]) is (state is AccountState.INVITED)
    assert await node.end(MIDNIGHT + 9 * DAY) == 1
    assert await node.state(key) is state
    assert await node.end(MIDNIGHT + 99 * DAY) == 0, (
        "an invitation that stays open is looked at once"
    )


async def test_an_opposition_of_the_last_second_counts(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    await put_into(store, key, AccountState.OPPOSED)
    assert await node.end(MIDNIGHT) == 0
    assert await node.state(key) is AccountState.OPPOSED
    assert await node.carried(MIDNIGHT - 7 * DAY) == ["not-needed"], "none after a choice"
    assert node.box.templates() == ["invitation"]


async def test_one_reminder_leaves_seven_days_before_and_two_at_most(store: Store) -> None:
    node, one = Node(store), listed()
    key = key_of(store, one)
    await node.invite(one)
    await node.carried()
    assert await node.carried(MIDNIGHT - 7 * DAY - SECOND) == []
    assert await node.carried(MIDNIGHT - 7 * DAY) == ["sent"]
    assert "13 avril 2026 à minuit" in node.box.letters[-1]["body"]
    await node.bounced(key)
    await node.carried()
    letters_end = (await node.kept(key)).ends_at
    assert letters_end is not None
    assert await node.carried(letters_end - 7 * DAY) == ["sent"]
    assert (await node.kept(key)).reminders == 2
    templates = ["invitation", "invitation-reminder"] * 2
    assert node.box.templates() == templates


async def test_two_records_that_became_one_end_with_the_later_window(store: Store) -> None:
    node, first, other = Node(store), listed(), listed(2, email="")
    key, joined = key_of(store, first), key_of(store, other)
    for one in (first, other):
        await node.invite(one)
    await node.carried()
    await store.database.write(lambda connection: move(connection, joined, key))
    assert await node.end(MIDNIGHT) == 0
    assert await node.state(key) is AccountState.INVITED
    assert await node.end(MIDNIGHT + 5 * DAY) == 1
    assert await node.state(key) is AccountState.CREATED


async def test_more_windows_than_a_page_are_found_in_turn(store: Store) -> None:
    node = Node(store)
    for serial in range(1, 6):
        await node.invite(listed(serial))
    await node.carried()
    found, after, pages = set(), None, 0
    while pages == 0 or after is not None:
        lines, after = await store.invitations.over(MIDNIGHT, after=after, limit=2)
        found |= {one.patient for one in lines}
        pages += 1
    assert (len(found), pages) == (5, 3)
