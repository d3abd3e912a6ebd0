"""What came in together, as the store gives it back."""

from dataclasses import replace

from msgspec import structs
from store_house import NOW, OID, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.deposited import Deposited
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Submission
from gateway.store import Store

SAID = Submission(unique_id="1.2.3", source_id="1.2.4", time="2026-03-01T08:00:00Z", author="A")


async def test_a_deposit_keeps_what_its_sender_said_of_the_whole(
    store: Store, ids: SystemIds
) -> None:
    bodies = [f"MSH|set {number}|".encode() + b"x" * 50 for number in range(2)]
    both = intake(ids, raw=bodies[0], documents=tuple(document(one) for one in bodies))
    both = structs.replace(both, understanding=replace(both.understanding, submission=SAID))
    answer = await store.journal.file(both)
    alone = await store.journal.file(intake(ids, 2))
    found = {one.receipt: one for one in await store.shelf.deposits([both.receipt, alone.receipt])}
    patient = store.keys.patient_key(OID, identity().ins or "")
    assert found[both.receipt] == Deposited(
        receipt=both.receipt,
        patient=patient,
        at=NOW,
        documents=tuple(one.id for one in answer.documents),
        submission=SAID,
    )
    assert len(found[both.receipt].documents) == 2
    assert (found[alone.receipt].submission, found[alone.receipt].patient) == (None, patient)


async def test_what_filed_nothing_is_no_deposit(store: Store, ids: SystemIds) -> None:
    held = await store.journal.file(intake(ids, verdict=Verdict.HOLD))
    assert await store.shelf.deposits([held.receipt, "f" * 32]) == []
    assert await store.shelf.deposits([]) == []


async def test_a_name_that_no_engine_holds_is_not_there(store: Store) -> None:
    for name in ("a\x00b", "\x00", "é" * 300):
        assert await store.shelf.find(name) is None
        assert await store.shelf.deposits([name]) == []
        assert await store.journal.receipt(name) is None


async def test_documents_are_looked_up_by_the_unique_ids_they_bear(
    store: Store, ids: SystemIds
) -> None:
    raw = b"MSH|named|" + b"x" * 50
    known = replace(document(raw), unique_id="1.2.250.1.999.5")
    answer = await store.journal.file(intake(ids, raw=raw, documents=(known,)))
    asked = ["1.2.250.1.999.5", "1.2.250.1.999.6", "a\x00b", ""]
    assert await store.shelf.named(asked) == {"1.2.250.1.999.5": answer.documents[0].id}
    assert await store.shelf.named([]) == {}
