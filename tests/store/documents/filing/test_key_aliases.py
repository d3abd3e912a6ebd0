"""A key of software that first came with a copy: it stands for a receipt while that stands."""

from dataclasses import replace

import pytest
from msgspec import structs
from store_house import intake

from gateway.clock import SystemIds
from gateway.records.intake.finding import Verdict
from gateway.store import Store


@pytest.fixture
async def alias(store: Store, ids: SystemIds) -> str:
    """A second key of what was held, and is refused since."""
    held = structs.replace(intake(ids, verdict=Verdict.HOLD), key="idem:1")
    first = await store.journal.file(held)
    again = structs.replace(held, key="idem:2", receipt=ids.identifier())
    assert (await store.journal.file(again)).receipt == first.receipt
    refused = replace(held.understanding, verdict=Verdict.REFUSE)
    answer = await store.journal.refile(structs.replace(held, understanding=refused))
    assert (answer.receipt, answer.verdict) == (first.receipt, Verdict.REFUSE)
    return "idem:2"


@pytest.mark.parametrize("number", [1, 2])
async def test_a_key_of_what_was_refused_in_the_end_may_be_used_again(
    store: Store, ids: SystemIds, alias: str, number: int
) -> None:
    """As its first key may: the sender mends its input, or the patient is known by now."""
    answer = await store.journal.file(intake(ids, number, key=alias))
    assert (answer.verdict, answer.copy) == (Verdict.ACCEPT, False)


async def test_a_key_of_what_was_refused_may_come_with_a_copy_of_something_else(
    store: Store, ids: SystemIds, alias: str
) -> None:
    other = await store.journal.file(intake(ids, 3, key="idem:3"))
    copy = await store.journal.file(intake(ids, 3, key=alias))
    assert (copy.receipt, copy.copy) == (other.receipt, True)
    assert (await store.journal.file(intake(ids, 4, key=alias))).verdict is Verdict.REFUSE
