"""Labels that wait, an operator's word, and the patient's own, on every engine."""

import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert, select
from store_house import NOW, OID, document, identity, intake

from gateway.clock import SystemIds
from gateway.flows.desk.agent import act_of
from gateway.flows.replay import REPLAYED
from gateway.mapping.labels.decided import undecided
from gateway.records.documents.document import Document, Label
from gateway.records.documents.labelling import LabelDecision
from gateway.records.documents.mask import Mask
from gateway.records.documents.replayed import Relabelling, Replayed
from gateway.records.intake.finding import Verdict
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind
from gateway.store import Store, schema

LATER = NOW + timedelta(hours=1)


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


MAX = Reader(kind=ReaderKind.OPERATOR, id="Max", door="command")


async def guessed(store: Store, ids: SystemIds, number: int = 1, **changes: object) -> str:
    """The id of a document filed under a label that the rules only guessed."""
    raw = f"MSH|guess {number}|".encode() + b"x" * 50
    plain = replace(document(raw), label=Label.AUTR_DOC, label_rule="default")
    made = replace(plain, **changes)  # type: ignore[arg-type]  # any field of a document
    answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    return answer.documents[0].id


def word(document: str, label: Label | None, by: str = "Lou Testeur") -> LabelDecision:
    return LabelDecision(document=document, label=label, by=by, reason="asked the sender", at=LATER)


async def stored(store: Store, document: str) -> Document:
    shelved = await store.shelf.find(document)
    assert shelved is not None
    assert shelved.card.label is shelved.document.label
    return shelved.document


async def test_what_an_official_type_labelled_never_waits(store: Store, ids: SystemIds) -> None:
    await store.journal.file(intake(ids))
    assert await store.labels.waiting(["low", "medium", "high"], limit=9) == []


async def test_guesses_wait_by_confidence_the_least_sure_and_oldest_first(
    store: Store, ids: SystemIds
) -> None:
    sure = await guessed(store, ids, 1, label_rule="title:imagerie", label_confidence="high")
    half = await guessed(store, ids, 2, label_rule="class:31", label_confidence="medium")
    first, second = [await guessed(store, ids, n) for n in (3, 4)]
    assert await store.labels.waiting(["low"], limit=9) == [first, second]
    assert await store.labels.waiting(["low", "medium"], limit=9) == [first, second, half]
    assert await store.labels.waiting(["low", "medium"], limit=1) == [first]
    assert await store.labels.waiting(["high"], limit=9) == [sure]
    assert await store.labels.waiting([], limit=9) == []


async def test_a_doubted_official_type_waits_too(store: Store, ids: SystemIds) -> None:
    doubt = {"label_rule": "type:11502-2", "label_doubt": "ORD_SOIN title:ordonnance"}
    name = await guessed(store, ids, 1, **doubt)
    assert await store.labels.waiting(["low"], limit=9) == [name]


async def test_a_document_that_was_replaced_waits_no_more(store: Store, ids: SystemIds) -> None:
    old = await guessed(store, ids, 1)
    unique = (await stored(store, old)).unique_id
    new = await guessed(store, ids, 2, replaces=unique)
    assert await store.labels.waiting(["low"], limit=9) == [new]


async def test_a_decision_is_the_label_of_all_is_traced_and_waits_no_more(
    store: Store, ids: SystemIds
) -> None:
    name = await guessed(store, ids)
    after = await store.labels.decide(word(name, Label.CERT_MED))
    found = await stored(store, name)
    assert after == found
    assert (found.label, found.label_rule) == (Label.CERT_MED, "operator:Lou Testeur")
    assert (found.label_text, found.label_confidence) == ("Certificats médicaux", "high")
    assert found.label_given == "AUTR_DOC low default"
    assert await store.labels.waiting(["low"], limit=9) == []
    (trace,) = await store.traces.of_document(patient(store), name, limit=1)
    assert (trace.trace.action, trace.trace.kind, trace.trace.actor) == (
        "relabel",
        "operator",
        "Lou Testeur",
    )
    assert json.loads(trace.trace.details) == {
        "reason": "asked the sender",
        "before": "AUTR_DOC",
        "after": "CERT_MED",
    }


async def test_a_decision_taken_back_gives_the_rules_label_and_waits_again(
    store: Store, ids: SystemIds
) -> None:
    name = await guessed(store, ids)
    before = await stored(store, name)
    await store.labels.decide(word(name, Label.CERT_MED))
    await store.labels.decide(word(name, Label.ORD_SOIN, by="Max"))
    assert (await stored(store, name)).label_given == "AUTR_DOC low default"
    await store.labels.decide(word(name, None))
    assert await stored(store, name) == before
    assert await store.labels.waiting(["low"], limit=9) == [name]
    assert len(await store.traces.of_document(patient(store), name, limit=9)) == 4


async def test_any_document_may_be_decided_and_leaves_no_row_when_given_back(
    store: Store, ids: SystemIds
) -> None:
    answer = await store.journal.file(intake(ids))
    name = answer.documents[0].id
    await store.labels.decide(word(name, Label.DEPISTAG))
    assert (await stored(store, name)).label is Label.DEPISTAG
    await store.labels.decide(word(name, None))
    assert (await stored(store, name)).label is Label.BIOLOGIE
    rows = await store.database.read(lambda c: c.execute(select(schema.label_review)).all())
    assert rows == []


async def test_nothing_is_decided_of_what_is_not_there(store: Store) -> None:
    assert await store.labels.decide(word("0" * 32, Label.CERT_MED)) is None


async def test_a_replay_learns_under_an_operators_word_and_never_over_it(
    store: Store, ids: SystemIds
) -> None:
    """Even where the word came while the bytes were being read again."""
    name = await guessed(store, ids)
    today = replace(
        await stored(store, name),
        label=Label.RADIO_SC,
        label_text="Radio, écho, scanner, IRM",
        label_rule="title:imagerie",
        label_confidence="high",
    )
    await store.labels.decide(word(name, Label.CERT_MED))
    shelved = await store.shelf.find(name)
    assert shelved is not None
    replayed = Replayed(
        receipt=shelved.card.receipt, at=LATER, by="Max", software="x", verdict=Verdict.ACCEPT
    )
    await store.replays.keep(
        replayed, [Relabelling(id=name, document=today)], act_of(MAX, REPLAYED, {})
    )
    found = await stored(store, name)
    assert (found.label, found.label_rule) == (Label.CERT_MED, "operator:Lou Testeur")
    assert undecided(found) == today
    await store.labels.decide(word(name, None))
    assert (await stored(store, name)).label is Label.RADIO_SC
    assert await store.labels.waiting(["low"], limit=9) == []
    assert await store.labels.waiting(["high"], limit=9) == [name]


async def test_a_replay_that_finds_the_official_type_takes_it_off_the_list(
    store: Store, ids: SystemIds
) -> None:
    name = await guessed(store, ids)
    shelved = await store.shelf.find(name)
    assert shelved is not None
    today = replace(shelved.document, label=Label.BIOLOGIE, label_rule="type:11502-2")
    replayed = Replayed(
        receipt=shelved.card.receipt, at=LATER, by="Max", software="x", verdict=Verdict.ACCEPT
    )
    await store.replays.keep(
        replayed, [Relabelling(id=name, document=today)], act_of(MAX, REPLAYED, {})
    )
    assert await store.labels.waiting(["low", "medium"], limit=9) == []


async def test_a_patients_own_label_is_kept_beside_the_official_one(
    store: Store, ids: SystemIds
) -> None:
    name = await guessed(store, ids)
    await store.shelf.label(name, own=Label.CERT_MED, at=NOW)
    (card,) = await store.shelf.cards(patient(store))
    assert (card.label, card.own_label) == (Label.AUTR_DOC, Label.CERT_MED)
    await store.labels.decide(word(name, Label.ORD_SOIN))
    (card,) = await store.shelf.cards(patient(store))
    assert (card.label, card.own_label) == (Label.ORD_SOIN, Label.CERT_MED)
    await store.shelf.label(name, own=None, at=NOW)
    (card,) = await store.shelf.cards(patient(store))
    assert card.own_label is None


async def test_a_patients_own_label_goes_on_to_the_next_version(
    store: Store, ids: SystemIds
) -> None:
    old = await guessed(store, ids, 1)
    await store.shelf.label(old, own=Label.CERT_MED, at=NOW)
    unique = (await stored(store, old)).unique_id
    new = await guessed(store, ids, 2, replaces=unique)
    (card,) = await store.shelf.cards(patient(store))
    assert (card.id, card.own_label) == (new, Label.CERT_MED)


async def test_a_patients_mask_stays_on_when_a_sender_replaces_the_document(
    store: Store, ids: SystemIds
) -> None:
    old = await guessed(store, ids, 1)
    await store.shelf.mask({old: Mask(since=NOW)}, at=NOW)
    new = await guessed(store, ids, 2, replaces=(await stored(store, old)).unique_id)
    (card,) = await store.shelf.cards(patient(store))
    assert (card.id, card.masked_by_patient) == (new, True)


async def test_code_of_yesterday_may_write_a_document_without_the_new_column(
    store: Store, ids: SystemIds
) -> None:
    """Its rows say nothing of an own label, and nothing waits for a person."""
    name = await guessed(store, ids)
    d = schema.document
    old = [column for column in d.columns if column.name != "own_label"]
    row = await store.database.read(
        lambda c: c.execute(select(*old).where(d.c.id == name)).mappings().one()
    )
    values = {**row, "number": row["number"] + 100, "id": "f" * 32}
    await store.database.write(lambda c: c.execute(insert(d).values(**values)))
    assert await store.labels.waiting(["low"], limit=9) == [name]
