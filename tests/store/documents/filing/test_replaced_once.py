"""Of two that replace one document, in one intake, in one group or on two nodes, one is filed."""

import asyncio
import threading
from datetime import timedelta

import psycopg
import pytest
from laid import lay
from real_store import open_space
from store_house import NOW, FixedClock, document, identity, intake
from ward_house import Ward

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.flows.filing import FilingJudge
from gateway.records.documents.document import Action, Document
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card
from gateway.records.intake.filing import Answer, Facts, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, Store, open_store

Said = tuple[Verdict, list[str]]
FILED: Said = (Verdict.ACCEPT, [])
LATE: Said = (Verdict.REFUSE, ["version-not-latest"])
UNIQUE, OURS = "unique id", "id of ours"
LOCKED = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def first(store: Store, ids: SystemIds) -> dict[str, str]:
    """What the first version may be called."""
    made = document(b"first version")
    await open_space(store, identity())
    answer = await store.journal.file(sent(ids, made))
    assert said(answer) == FILED
    return {UNIQUE: made.unique_id or "", OURS: answer.documents[0].id}


def next_of(name: str, text: str) -> Document:
    return document(text.encode(), title=text, action=Action.REPLACE, replaces=name)


def sent(ids: SystemIds, *documents: Document) -> Intake:
    raw = "|".join(one.unique_id or "" for one in documents).encode()
    return intake(ids, raw=raw, key=None, documents=documents)


def said(answer: Answer) -> Said:
    return answer.verdict, [one.code for one in answer.findings]


async def in_force(store: Store) -> dict[str, Card]:
    person = store.keys.patient_key(identity().ins_oid or "", identity().ins or "")
    return {card.title: card for card in await store.shelf.cards(person)}


@pytest.mark.parametrize("way", [UNIQUE, OURS])
async def test_one_intake_is_answered_as_two_one_after_the_other(
    ward: Ward, ids: SystemIds, way: str
) -> None:
    names = await first(ward.store, ids)
    one, other = next_of(names[UNIQUE], "one"), next_of(names[way], "other")
    together = await ward.store.journal.file(sent(ids, one, other))
    before, after = [await ward.store.journal.file(sent(ids, each)) for each in (one, other)]
    assert (said(before), said(after)) == (FILED, LATE)
    assert (together.verdict, together.findings) == (after.verdict, after.findings)
    assert list(await in_force(ward.store)) == ["one"]


@pytest.mark.parametrize("way", [UNIQUE, OURS])
async def test_of_two_in_one_commit_the_second_is_late_however_it_names_what_it_replaces(
    ward: Ward, ids: SystemIds, way: str
) -> None:
    names = await first(ward.store, ids)
    both = next_of(names[UNIQUE], "one"), next_of(names[way], "other")
    answers = await asyncio.gather(*(ward.store.journal.file(sent(ids, one)) for one in both))
    assert [said(one) for one in answers] == [FILED, LATE]
    assert list(await in_force(ward.store)) == ["one"]


async def test_what_is_chosen_of_the_first_reaches_the_last_of_one_intake(
    ward: Ward, ids: SystemIds
) -> None:
    """Whichever of them stands first in it."""
    names = await first(ward.store, ids)
    await ward.store.shelf.mask({names[OURS]: Mask(since=NOW)}, at=NOW + timedelta(hours=1))
    second = next_of(names[UNIQUE], "second")
    third = next_of(second.unique_id or "", "third")
    answer = await ward.store.journal.file(sent(ids, third, second))
    assert said(answer) == FILED
    assert [one.unique_id for one in answer.documents] == [third.unique_id, second.unique_id]
    found = await in_force(ward.store)
    assert list(found) == ["third"]
    assert found["third"].masked_by_patient


class Halting:
    """The judge of a node that stands still when it knows what there is."""

    def __init__(self, judge: FilingJudge) -> None:
        self._judge = judge
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, intake: Intake, facts: Facts) -> Filing:
        self.begun.set()
        self.go_on.wait(120)
        return self._judge(intake, facts)


def is_waiting(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute(LOCKED).fetchone()
    return row is not None and bool(row[0])


async def until_taken(store: Store, one: Intake) -> Answer:
    """As a sender who is put off sends it again."""
    while True:
        try:
            return await store.journal.file(one)
        except DeferredError:
            continue


@pytest.mark.postgresql
async def test_of_two_nodes_that_replace_one_document_by_different_names_one_is_late(
    postgresql_address: str, keys: Keys, ids: SystemIds
) -> None:
    lay(postgresql_address)
    judge = FilingJudge(keys, ids)
    halting = Halting(judge)
    other = open_store(postgresql_address, keys=keys, judge=judge, clock=FixedClock())
    names = await first(other, ids)
    slow = open_store(postgresql_address, keys=keys, judge=halting, clock=FixedClock())
    try:
        one, late = next_of(names[UNIQUE], "one"), next_of(names[OURS], "late")
        filing = asyncio.create_task(until_taken(slow, sent(ids, one)))
        assert await asyncio.to_thread(halting.begun.wait, 120)
        after = asyncio.create_task(until_taken(other, sent(ids, late)))
        async with asyncio.timeout(120):
            while not after.done() and not await asyncio.to_thread(is_waiting, postgresql_address):
                pass
        halting.go_on.set()
        assert [said(await one) for one in (filing, after)] == [FILED, LATE]
        assert list(await in_force(other)) == ["one"]
    finally:
        halting.go_on.set()
        await slow.close()
        await other.close()
