"""When a stored document changed: what each act leaves, on every engine."""

from dataclasses import replace
from datetime import timedelta

from store_house import NOW, OID, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.changed import NEVER, Changed
from gateway.records.documents.document import Label
from gateway.records.documents.labelling import LabelDecision
from gateway.records.documents.mask import Mask
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Hide
from gateway.store import Store

LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
ROUX = Hide(to="professional", id="899700000009", since=NOW)


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


async def filed(store: Store, ids: SystemIds, number: int = 1, **changes: object) -> str:
    raw = f"MSH|change {number}|".encode() + b"x" * 50
    made = replace(document(raw), **changes)  # type: ignore[arg-type]  # any field of a document
    answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    return answer.documents[0].id


async def changed(store: Store, name: str) -> Changed:
    """The same in a list as alone."""
    shelved = await store.shelf.find(name)
    assert shelved is not None
    listed = await store.shelf.cards(patient(store), current_only=False)
    (card,) = (one for one in listed if one.id == name)
    assert card.changed == shelved.card.changed
    return card.changed


def word(name: str, label: Label | None) -> LabelDecision:
    return LabelDecision(document=name, label=label, by="Max", reason="lu", at=LATER)


async def test_what_was_only_filed_and_read_never_changed(store: Store, ids: SystemIds) -> None:
    name = await filed(store, ids)
    await store.shelf.mark_read(name, at=LATER)
    await store.shelf.mask({name: Mask(since=LATER)}, at=NOW)
    assert await changed(store, name) == NEVER, "the mask itself says when it begins"


async def test_a_mask_taken_off_is_a_change(store: Store, ids: SystemIds) -> None:
    name = await filed(store, ids)
    await store.shelf.mask({name: Mask(since=NOW)}, at=NOW)
    await store.shelf.mask({name: None}, at=LATER)
    assert await changed(store, name) == Changed(at=LATER)


async def test_a_replacement_changes_what_it_replaced(store: Store, ids: SystemIds) -> None:
    old = await filed(store, ids)
    shelved = await store.shelf.find(old)
    assert shelved is not None
    new = await filed(store, ids, 2, replaces=shelved.document.unique_id)
    assert (await changed(store, old)).at is not None
    assert await changed(store, new) == NEVER


async def test_a_label_of_an_operator_is_a_change_and_the_same_word_again_is_none(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids)
    await store.labels.decide(word(name, Label.CERT_MED))
    assert await changed(store, name) == Changed(at=LATER)
    await store.labels.decide(replace(word(name, Label.CERT_MED), at=LAST))
    assert await changed(store, name) == Changed(at=LATER)
    await store.labels.decide(replace(word(name, None), at=LAST))
    assert await changed(store, name) == Changed(at=LAST), "given back to the rules"


async def test_an_own_label_is_a_change_for_its_holders(store: Store, ids: SystemIds) -> None:
    name = await filed(store, ids)
    for moment, own in ((NOW, Label.CERT_MED), (LATER, Label.CERT_MED)):
        await store.shelf.label(name, own=own, at=moment)
        assert await changed(store, name) == Changed(own_label=NOW)
    await store.shelf.label(name, own=None, at=LAST)
    assert await changed(store, name) == Changed(own_label=LAST)


async def test_the_end_of_what_was_hidden_is_known_for_its_reader_alone(
    store: Store, ids: SystemIds
) -> None:
    name, other = await filed(store, ids), await filed(store, ids, 2)
    nurses = Hide(to="profession", id="G15_60", since=NOW, until=LAST)
    await store.shelf.hide([name], ROUX, at=NOW)
    await store.shelf.hide([other], nurses, at=NOW)
    assert await store.shelf.hides_ended(patient(store), [ROUX, nurses], by=LATER) == {}
    await store.shelf.hide([name], replace(ROUX, since=LATER, until=LATER), at=LATER)
    ended = await store.shelf.hides_ended(patient(store), [ROUX, nurses], by=LAST)
    assert ended == {name: LATER, other: LAST}
    somebody = replace(ROUX, id="899700000010")
    assert await store.shelf.hides_ended(patient(store), [somebody], by=LAST) == {}
    assert await store.shelf.hides_ended(PatientKey(bytes(16)), [ROUX], by=LAST) == {}
