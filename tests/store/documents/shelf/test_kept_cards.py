"""What lists keep in memory of documents they opened: no list differs by it, on every engine."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import update
from store_house import NOW, OID, FixedClock, PlainJudge, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.document import Label
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import Keys, Store, schema

LATER = NOW + timedelta(hours=1)
SOON = NOW + timedelta(minutes=30)
GONE = NewTrace(
    patient=PatientKey(bytes(16)),
    action="delete",
    permitted=True,
    rule="P26",
    kind="system",
    actor="labo",
    actor_name="labo",
)


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids, learns=True)


async def filed(store: Store, ids: SystemIds, number: int, **changes: object) -> str:
    raw = f"MSH|kept {number}|".encode() + b"x" * 50
    made = replace(document(raw), **changes)  # type: ignore[arg-type]  # any field of a document
    answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    return answer.documents[0].id


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


def forget(store: Store) -> None:
    """As a process that has listed nothing yet."""
    keyring = store.database.keyring
    keyring.opened.forget(keyring._erasures)


async def same_at_every_moment(store: Store) -> None:
    """Kept or not, the cards are the same."""
    clock, whose = store.database.clock, patient(store)
    assert isinstance(clock, FixedClock)
    for clock.at in (NOW, SOON, LATER):
        current = await store.shelf.cards(whose)
        every = await store.shelf.cards(whose, current_only=False)
        forget(store)
        assert every == await store.shelf.cards(whose, current_only=False)
        assert current == [one for one in every if one.status is DocumentStatus.CURRENT]
    clock.at = NOW


async def test_whatever_is_done_to_a_document_the_next_list_tells_of_it(
    store: Store, ids: SystemIds
) -> None:
    shelf = store.shelf
    one, two, secret = [
        await filed(store, ids, 1),
        await filed(store, ids, 2),
        await filed(store, ids, 3, confidentiality=("N", "MASQUE_PS")),
    ]
    await same_at_every_moment(store)
    doctor = Hide(to="professional", id="d", since=NOW, until=LATER)
    shelved = await shelf.find(two)
    assert shelved is not None
    unique = shelved.document.unique_id
    for act in (
        lambda: shelf.mark_read(one, at=NOW),
        lambda: shelf.label(one, own=Label.ORD_SOIN, at=NOW),
        lambda: shelf.mask({one: Mask(since=SOON, until=LATER)}, at=NOW),
        lambda: shelf.mask({one: None, secret: None}, at=SOON),
        lambda: shelf.hide([two], doctor, at=NOW),
        lambda: filed(store, ids, 4, replaces=unique),
        lambda: shelf.withdraw(one, at=NOW, act=GONE),
        lambda: filed(store, ids, 5),
    ):
        await act()
        await same_at_every_moment(store)
    assert len(await shelf.cards(patient(store))) == 3


async def test_a_row_that_did_not_change_is_opened_once(store: Store, ids: SystemIds) -> None:
    names = [await filed(store, ids, number) for number in (1, 2)]
    first = {card.id: card for card in await store.shelf.cards(patient(store))}
    await store.shelf.mark_read(names[0], at=NOW)
    again = {card.id: card for card in await store.shelf.cards(patient(store))}
    assert again[names[1]] is first[names[1]]
    assert (first[names[0]].read, again[names[0]].read) == (False, True)


async def test_a_row_that_somebody_altered_is_found_out_though_it_was_opened_before(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids, 1)
    assert len(await store.shelf.cards(patient(store))) == 1
    t = schema.document
    altered = update(t).where(t.c.id == name).values(sealed=bytes(60))
    await store.database.write(lambda connection: connection.execute(altered).rowcount)
    with pytest.raises(InvalidTag):
        await store.shelf.cards(patient(store))


async def test_what_replaced_a_version_is_told_of_as_the_two_stand_now(
    store: Store, ids: SystemIds
) -> None:
    old = await store.shelf.find(await filed(store, ids, 1))
    assert old is not None
    await filed(store, ids, 2, replaces=old.document.unique_id)
    assert [card.modified for card in await store.shelf.cards(patient(store))] == [True]
    t = schema.document
    hidden = update(t).where(t.c.id == old.card.id).values(codes="R")
    await store.database.write(lambda connection: connection.execute(hidden).rowcount)
    assert [card.modified for card in await store.shelf.cards(patient(store))] == [False]
