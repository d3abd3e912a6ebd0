"""A patient's masks, hides and default mask: dated to the second, on every engine."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from store_house import NOW, OID, FixedClock, PlainJudge, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card, DocumentStatus
from gateway.records.intake.filing import Facts, Filing, Intake
from gateway.records.patients.account import Choice, ChoiceKind, NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import Keys, Store, open_store

WAITS = "INVISIBLE_PATIENT"
SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=1)


class ChoiceJudge(PlainJudge):
    """Files as the patient's line says (VAULT CHO-08), and knows what waits."""

    def __call__(self, one: Intake, facts: Facts) -> Filing:
        made = super().__call__(one, facts)
        masked = any(person.masks_new for person in facts.persons.values())
        shelvings = tuple(
            structs.replace(
                each,
                masked=masked,
                hidden_from=NOW if WAITS in each.document.confidentiality else None,
            )
            for each in made.shelvings
        )
        return structs.replace(made, shelvings=shelvings)


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return ChoiceJudge(keys, ids, learns=True)


def patient(store: Store, serial: int = 1) -> PatientKey:
    return store.keys.patient_key(OID, identity(serial).ins or "")


async def filed(store: Store, ids: SystemIds, number: int = 1, **changes: object) -> str:
    raw = f"MSH|veil {number}|".encode() + b"x" * 50
    made = replace(document(raw), **changes)  # type: ignore[arg-type]  # any field of a document
    answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    return answer.documents[0].id


async def replaced(store: Store, ids: SystemIds, old: str, number: int = 2, **more: object) -> str:
    shelved = await store.shelf.find(old)
    assert shelved is not None
    return await filed(store, ids, number, replaces=shelved.document.unique_id, **more)


def at(store: Store, moment: datetime) -> None:
    clock = store.database.clock
    assert isinstance(clock, FixedClock)
    clock.at = moment


async def card_of(store: Store, name: str) -> Card:
    shelved = await store.shelf.find(name)
    assert shelved is not None
    listed = [one for one in await store.shelf.cards(patient(store)) if one.id == name]
    assert listed in ([shelved.card], [])
    return shelved.card


async def test_a_mask_begins_and_ends_at_the_second_written(store: Store, ids: SystemIds) -> None:
    name = await filed(store, ids)
    begin = datetime(2026, 3, 31, 22, tzinfo=UTC)  # a start that is chosen begins a day of Paris
    end = begin + timedelta(hours=1)
    await store.shelf.mask({name: Mask(since=begin, until=end)}, at=NOW)
    expected = {begin - SECOND: False, begin: True, end - SECOND: True, end: False}
    for moment, masked in expected.items():
        at(store, moment)
        card = await card_of(store, name)
        assert (card.masked_by_patient, card.mask) == (masked, Mask(since=begin, until=end))


async def test_unmasking_takes_the_senders_mask_off_and_masking_puts_it_on_again(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids, confidentiality=("N", "MASQUE_PS"))
    assert (await card_of(store, name)).codes == ("N", "MASQUE_PS")
    await store.shelf.mask({name: None}, at=NOW)
    assert (await card_of(store, name)).codes == ("N",)
    await store.shelf.mask({name: Mask(since=NOW, until=LATER)}, at=NOW)
    assert (await card_of(store, name)).masked_by_patient
    at(store, LATER)
    card = await card_of(store, name)
    assert (card.masked_by_patient, card.codes) == (False, ("N",))


async def test_a_sender_who_says_masked_anew_is_obeyed(store: Store, ids: SystemIds) -> None:
    old = await filed(store, ids, confidentiality=("N", "MASQUE_PS"))
    await store.shelf.mask({old: None}, at=NOW)
    new = await replaced(store, ids, old, confidentiality=("N", "MASQUE_PS"))
    assert (await card_of(store, new)).codes == ("N", "MASQUE_PS")


@pytest.mark.parametrize("first", ["mask", "replacement"])
async def test_a_mask_and_a_replacement_meet_in_either_order(
    store: Store, ids: SystemIds, first: str
) -> None:
    """Whatever came first, the version that stands is masked, with the same end."""
    old = await filed(store, ids)
    mask = Mask(since=NOW, until=LATER)
    new = await replaced(store, ids, old) if first == "replacement" else ""
    await store.shelf.mask({old: mask}, at=NOW)
    new = new or await replaced(store, ids, old)
    assert (await card_of(store, new)).mask == mask


async def test_masks_and_replacements_at_once_leave_no_version_unmasked(
    store: Store, ids: SystemIds
) -> None:
    for number in range(10, 22, 2):
        old = await filed(store, ids, number)
        new, _ = await asyncio.gather(
            replaced(store, ids, old, number + 1),
            store.shelf.mask({old: Mask(since=NOW)}, at=NOW),
        )
        assert (await card_of(store, new)).masked_by_patient


async def test_a_hide_is_dated_goes_on_to_versions_and_ends(store: Store, ids: SystemIds) -> None:
    old, other = await filed(store, ids, 1), await filed(store, ids, 3)
    hide = Hide(to="professional", id="899700000009", since=NOW, until=LATER)
    whole = Hide(to="profession", id="G15_60", since=NOW, until=None)
    await store.shelf.hide([old, other], hide, at=NOW, by="Anne")
    await store.shelf.hide([old], whole, at=NOW)
    new = await replaced(store, ids, old)
    assert set((await card_of(store, new)).hides) == {hide, whole}
    assert (await card_of(store, other)).hides == (hide,)
    at(store, LATER)
    assert (await card_of(store, new)).hides == (whole,)
    at(store, NOW + SECOND)
    ended = replace(whole, since=NOW + SECOND, until=NOW + SECOND)
    await store.shelf.hide([new], ended, at=NOW + SECOND)
    assert (await card_of(store, new)).hides == (hide,)


async def test_a_hide_of_a_replaced_version_reaches_the_one_that_stands(
    store: Store, ids: SystemIds
) -> None:
    old = await filed(store, ids, 1)
    new = await replaced(store, ids, old)
    hide = Hide(to="profession", id="G15_60", since=NOW)
    await store.shelf.hide([old], hide, at=NOW)
    assert (await card_of(store, new)).hides == (hide,)


async def test_the_choice_and_its_entry_are_one_commit_and_outlive_a_restart(
    store: Store, ids: SystemIds, url: str, keys: Keys, judge: PlainJudge
) -> None:
    name = await filed(store, ids)
    act = NewTrace(
        patient=patient(store),
        action="mask",
        permitted=True,
        rule="P27",
        kind="patient",
        actor="a",
        actor_name="Anne",
        document=name,
        details=b'{"before":null}',
    )
    await store.shelf.mask({name: Mask(since=NOW)}, at=NOW, acts=[act])
    again = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    try:
        (newest, *_) = await again.traces.of_document(patient(again), name, limit=5)
        (card,) = await again.shelf.cards(patient(again))
    finally:
        await again.close()
    assert (newest.trace.action, newest.trace.rule) == ("mask", "P27")
    assert card.masked_by_patient


async def test_the_announcement_goes_on_to_a_version_that_waits_for_the_same_one(
    store: Store, ids: SystemIds
) -> None:
    waits = ("N", WAITS)
    first = await filed(store, ids, 1, confidentiality=waits)
    await store.shelf.mark_announced(first, at=LATER)
    second = await replaced(store, ids, first, 2, confidentiality=waits)
    assert (await card_of(store, second)).announced_at == LATER
    third = await replaced(store, ids, second, 3, confidentiality=("N",))
    assert (await card_of(store, third)).announced_at is None


async def default(store: Store, *, masked: bool, when: datetime = NOW) -> None:
    choice = Choice(
        kind=ChoiceKind.NEW_MASKED, target="", since=when, until=None if masked else when
    )
    await store.people.choose(patient(store), choice)


async def test_what_is_filed_while_the_default_is_off_enters_masked_and_nothing_else(
    store: Store, ids: SystemIds
) -> None:
    before = await filed(store, ids, 1)
    await default(store, masked=True)
    during = await filed(store, ids, 2)
    newer = await replaced(store, ids, before, 3)
    await default(store, masked=False, when=LATER)
    after = await filed(store, ids, 4)
    last = await replaced(store, ids, during, 5)
    masked = {one.id: one.masked_by_patient for one in await store.shelf.cards(patient(store))}
    assert masked == {newer: True, after: False, last: True}
    old = await store.shelf.find(before)
    assert old is not None
    assert (old.card.status, old.card.masked_by_patient) == (DocumentStatus.SUPERSEDED, False)
    entries = await store.traces.of_patient(patient(store), limit=20)
    said = {one.trace.document: json.loads(one.trace.details) for one in reversed(entries)}
    assert said[during] == {"masked": "default"}
    assert said[newer] == {"replaces": before, "masked": "default"}
    assert (said[after], said[last]) == ({}, {"replaces": during})
    assert said[None]["after"] == {"since": LATER.isoformat(), "until": LATER.isoformat()}


async def test_an_earlier_mask_with_an_end_becomes_one_without_under_the_default(
    store: Store, ids: SystemIds
) -> None:
    old = await filed(store, ids, 1)
    since = NOW - timedelta(days=1)
    await store.shelf.mask({old: Mask(since=since, until=LATER)}, at=NOW)
    await default(store, masked=True)
    new = await replaced(store, ids, old)
    assert (await card_of(store, new)).mask == Mask(since=since)
