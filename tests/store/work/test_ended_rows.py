"""Rows that nobody asks about any more go by themselves, not only where somebody acts again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from store_house import NOW
from ward_house import ALIX, Ward, numbered

from gateway.records.patients.index import DeskAct, DeskWord, Proposal
from gateway.records.readers.own_try import OwnTry, Tried
from gateway.store import Store, schema
from gateway.store.people.signing_in import own_tries

MONTH = timedelta(days=30)
TRY = OwnTry(act=Tried.DOCUMENT, permitted=True, at=NOW)


@pytest.mark.parametrize("at_once", [1, 1_000])
async def test_the_tries_of_who_never_comes_again_are_forgotten_after_a_month(
    store: Store, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(own_tries, "AT_ONCE", at_once)
    await store.own_tries.note("101", TRY)
    await store.own_tries.note("102", TRY)
    await store.own_tries.note("102", replace(TRY, at=NOW + timedelta(seconds=1)))
    assert await store.own_tries.drop_expired(NOW + MONTH) == 0
    assert await store.own_tries.drop_expired(NOW + MONTH + timedelta(seconds=1)) == 2
    assert await store.own_tries.of("101", limit=9) == []
    assert len(await store.own_tries.of("102", limit=9)) == 1


async def test_what_a_desk_proposed_is_forgotten_once_it_is_settled_or_moot(ward: Ward) -> None:
    await ward.open(ALIX)
    proposals = ward.store.proposals
    held = [await ward.send(numbered(ALIX, name, name)) for name in ("R1", "R2", "R3")]
    for number, answer in enumerate(held):
        await proposals.add(
            Proposal(
                id=f"p{number}",
                receipt=answer.receipt,
                act=DeskAct.QUALIFY,
                by="1",
                reason="x",
                at=NOW,
            )
        )
    await proposals.claim(held[0].receipt, at=NOW, until=NOW)
    assert await proposals.settle("p0", outcome="done", at=NOW)
    await ward.decide(held[1], DeskWord.SET_ASIDE)
    assert await proposals.drop_ended(by=NOW - timedelta(seconds=1)) == 0
    assert await proposals.drop_ended(by=NOW) == 2
    assert [one.id for one in await proposals.open(limit=9)] == ["p2"]
    claims = select(func.count()).select_from(schema.receipt_claim)
    assert await ward.store.database.read(lambda connection: connection.scalar(claims)) == 0
