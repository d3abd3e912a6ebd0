"""An order that a laboratory completes by the hour has more versions than anybody counts."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import structs
from real_store import open_space
from store_house import NOW, OID, PlainJudge, document, identity, intake
from ward_house import Ward

from gateway.clock import SystemIds
from gateway.records.documents.document import Action
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.finding import Verdict
from gateway.records.messages.message import Header, Message
from gateway.records.readers.access import Hide
from gateway.store import Keys, Store
from gateway.store.documents.filing import facts
from gateway.store.documents.packed import PackedCard, packed_card
from gateway.store.documents.shelf.versions import ends_of

VERSIONS = 104
SOMEBODY = Hide(to="professional", id="810000000012", since=NOW)


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids, learns=True)


async def history(store: Store, ids: SystemIds) -> tuple[str, str]:
    """The first version of a document and its last."""
    names: list[str] = []
    unique: str | None = None
    for number in range(1, VERSIONS + 1):
        raw = f"MSH|version {number}|".encode()
        made = replace(document(raw), replaces=unique)
        answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
        names.append(answer.documents[0].id)
        unique = made.unique_id
    return names[0], names[-1]


def openings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What filings open of documents that are here, from now on."""
    opened: list[object] = []

    def watched(row: Any, cipher: AESGCM) -> PackedCard:
        opened.append(row)
        return packed_card(row, cipher)

    monkeypatch.setattr(facts, "packed_card", watched)
    return opened


async def test_what_is_chosen_of_the_first_version_reaches_the_last(
    store: Store, ids: SystemIds
) -> None:
    first, last = await history(store, ids)
    newest = await store.shelf.newest(first)
    assert newest is not None
    assert (newest.card.id, newest.card.status) == (last, DocumentStatus.CURRENT)
    assert not newest.card.masked_by_patient
    await store.shelf.mask({first: Mask(since=NOW)}, at=NOW)
    await store.shelf.hide([first], SOMEBODY, at=NOW)
    (card,) = await store.shelf.cards(store.keys.patient_key(OID, identity(1).ins or ""))
    assert card.id == last
    assert card.masked_by_patient
    assert [one.id for one in card.hides] == [SOMEBODY.id]


async def test_every_version_ends_with_the_last(store: Store, ids: SystemIds) -> None:
    first, last = await history(store, ids)
    patient = store.keys.patient_key(OID, identity(1).ins or "")
    ends = await store.shelf.ends(patient)
    assert (len(ends), set(ends.values())) == (VERSIONS - 1, {last})
    assert first in ends
    assert last not in ends


async def test_a_version_more_opens_the_one_before_and_no_older(
    store: Store, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or an order of a thousand versions is read whole by each of its messages."""
    opened = openings(monkeypatch)
    before: str | None = None
    for number in range(1, 6):
        raw = f"MSH|order {number}|".encode()
        made = replace(document(raw), set_id="F1^labo", replaces=before)
        before = made.unique_id
        await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    assert len(opened) == 4


async def test_a_document_whose_masking_changed_often_is_opened_once_each_time(
    ward: Ward, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change is a version under the same unique id."""
    await open_space(ward.store, identity())
    opened = openings(monkeypatch)
    for number in range(5):
        hidden = ("N", "INVISIBLE_PATIENT") if number % 2 else ("N",)
        action = Action.REPLACE if number else Action.CREATE
        raw = document(b"report", confidentiality=hidden, action=action)
        one = intake(ids, number, raw=b"message %d" % number, documents=(raw,))
        message = Message(header=Header(control_id="C1"), flags={"MODIF_CONF_CODE": "Y"})
        understood = replace(one.understanding, message=message)
        answer = await ward.store.journal.file(structs.replace(one, understanding=understood))
        assert (answer.verdict, answer.findings) == (Verdict.ACCEPT, ())
    assert len(opened) == 4
    (card,) = await ward.store.shelf.cards(ward.store.keys.patient_key(OID, identity().ins or ""))
    assert card.codes == ("N",)


def test_versions_that_replace_each_other_end_all_the_same() -> None:
    after = {"a": "b", "b": "c", "x": "y", "y": "x", "left": "elsewhere"}
    ends = ends_of(after)
    assert {one: ends[one] for one in ("a", "b", "left")} == {
        "a": "c",
        "b": "c",
        "left": "elsewhere",
    }
    assert ends["x"] in after


async def test_what_nothing_replaced_is_its_own_newest(store: Store, ids: SystemIds) -> None:
    answer = await store.journal.file(intake(ids, 1))
    (one,) = answer.documents
    newest = await store.shelf.newest(one.id)
    assert newest is not None
    assert newest.card.id == one.id
    assert await store.shelf.newest("0" * 32) is None
