"""Updates of metadata on every engine: what they write, when they write nothing, and their lots."""

from dataclasses import replace
from datetime import timedelta

import pytest
from earlier_schema import back_to_0039
from sqlalchemy import Connection, func, select
from store_house import NOW, OID, PlainJudge, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.documents.mask import Mask
from gateway.records.documents.shelved import Card, DocumentStatus, availability_of
from gateway.records.documents.update import Availability, Lot, Outcome, Update
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import Keys, Store, schema
from gateway.store.migrating import migrate

APPROVED, ARCHIVED, DELETED = Availability.APPROVED, Availability.ARCHIVED, Availability.DELETED
LATER = NOW + timedelta(hours=1)
LOT = Lot(unique_id="1.2.3", said="archive")


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids, learns=True)


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity(1).ins or "")


async def filed(store: Store, ids: SystemIds, number: int = 1, **changes: object) -> str:
    raw = f"MSH|update {number}|".encode() + b"x" * 50
    made = replace(document(raw), **changes)  # type: ignore[arg-type]  # any field of a document
    answer = await store.journal.file(intake(ids, number, raw=raw, documents=(made,)))
    return answer.documents[0].id


async def card_of(store: Store, name: str) -> Card:
    shelved = await store.shelf.find(name)
    assert shelved is not None
    return shelved.card


def update(name: str, becomes: Availability = ARCHIVED, **changes: object) -> Update:
    about = {"id": name, "stood": APPROVED, "version": 1, "becomes": becomes, **changes}
    return Update(**about)  # type: ignore[arg-type]  # any field of an update


def lot(number: int, said: str = "archive") -> Lot:
    return Lot(unique_id=f"1.2.3.{number}", said=said)


def act(store: Store, name: str) -> NewTrace:
    return NewTrace(
        patient=patient(store),
        action="archive",
        permitted=True,
        rule="P28",
        kind="system",
        actor="labo",
        actor_name="labo",
        document=name,
    )


def notice(store: Store, name: str) -> NewTask:
    return NewTask(
        kind=TaskKind.NOTICE, subject=name, due_at=NOW, patient=patient(store), payload=b"{}"
    )


async def written(store: Store) -> tuple[int, int]:
    """Entries of the log, and tasks."""

    def work(connection: Connection) -> tuple[int, int]:
        count = (select(func.count()).select_from(one) for one in (schema.trace, schema.task))
        traces, tasks = (connection.scalar(one) or 0 for one in count)
        return traces, tasks

    return await store.database.read(work)


async def test_an_archived_document_stays_in_force_until_it_is_taken_back(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids)
    assert await store.shelf.update(LOT, [update(name)], at=LATER) is Outcome.DONE
    card = await card_of(store, name)
    assert (card.status, card.archived_at) == (DocumentStatus.CURRENT, LATER)
    assert (card.metadata_version, card.changed.at) == (1, LATER)
    assert [one.id for one in await store.shelf.cards(patient(store))] == [name]
    back = update(name, APPROVED, stood=ARCHIVED)
    assert await store.shelf.update(lot(2), [back], at=LATER) is Outcome.DONE
    assert availability_of(await card_of(store, name)) is APPROVED


async def test_a_document_is_deleted_from_either_state(store: Store, ids: SystemIds) -> None:
    one, other = await filed(store, ids, 1), await filed(store, ids, 2)
    await store.shelf.update(lot(1), [update(other)], at=NOW)
    both = [update(one, DELETED), update(other, DELETED, stood=ARCHIVED)]
    assert await store.shelf.update(lot(2), both, at=LATER) is Outcome.DONE
    for name in (one, other):
        assert availability_of(await card_of(store, name)) is DELETED


async def test_new_codes_are_a_new_version_of_the_metadata_wherever_they_are_read(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids, confidentiality=("N",))
    codes = ("N", "MASQUE_PS")
    done = await store.shelf.update(LOT, [update(name, APPROVED, codes=codes)], at=LATER)
    shelved = await store.shelf.find(name)
    assert done is Outcome.DONE
    assert shelved is not None
    assert (shelved.card.codes, shelved.card.metadata_version) == (codes, 2)
    assert shelved.document.confidentiality == codes
    listed = await store.shelf.cards(patient(store))
    assert [one.codes for one in listed] == [codes]


async def test_a_mask_that_its_sender_puts_on_again_holds_after_the_patient_took_one_off(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids, confidentiality=("N", "MASQUE_PS"))
    await store.shelf.mask({name: None}, at=NOW)
    plain = update(name, APPROVED, version=2, codes=("N",))
    assert await store.shelf.update(lot(1), [plain], at=NOW) is Outcome.DONE
    masked = update(name, APPROVED, version=3, codes=("N", "MASQUE_PS"))
    assert await store.shelf.update(lot(2), [masked], at=LATER) is Outcome.DONE
    assert (await card_of(store, name)).codes == ("N", "MASQUE_PS")


async def test_a_mask_and_an_announcement_are_new_versions_of_the_metadata(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids)
    await store.shelf.mask({name: Mask(since=NOW)}, at=NOW)
    await store.shelf.mask({name: None}, at=NOW)
    await store.shelf.mark_announced(name, at=NOW)
    await store.shelf.mark_announced(name, at=LATER)
    assert (await card_of(store, name)).metadata_version == 4
    told = update(name, APPROVED, version=4, announces=True)
    assert await store.shelf.update(LOT, [told], at=LATER) is Outcome.DONE
    card = await card_of(store, name)
    assert (card.metadata_version, card.announced_at) == (5, NOW)


async def test_nothing_of_a_lot_is_written_where_one_document_moved(
    store: Store, ids: SystemIds
) -> None:
    still, moved = await filed(store, ids, 1), await filed(store, ids, 2)
    await store.shelf.mask({moved: Mask(since=NOW)}, at=NOW)
    before = await written(store)
    for wrong in (
        update(moved),
        update(moved, version=2, stood=ARCHIVED),
        update("0" * 32),
    ):
        outcome = await store.shelf.update(
            LOT, [update(still), wrong], at=LATER, acts=[act(store, still)]
        )
        assert outcome is Outcome.MOVED
    assert (await card_of(store, still)).archived_at is None
    assert await written(store) == before
    assert await store.shelf.written_before(LOT) is None


async def test_what_was_replaced_or_deleted_is_not_updated(store: Store, ids: SystemIds) -> None:
    name = await filed(store, ids)
    await store.shelf.update(lot(1), [update(name, DELETED)], at=NOW)
    assert await store.shelf.update(lot(2), [update(name)], at=LATER) is Outcome.MOVED


async def test_the_same_lot_writes_once_and_another_one_never_takes_its_name(
    store: Store, ids: SystemIds
) -> None:
    name = await filed(store, ids)
    assert await store.shelf.written_before(LOT) is None
    acts, then = [act(store, name)], [notice(store, name)]
    first = await store.shelf.update(LOT, [update(name)], at=NOW, acts=acts, then=then)
    after = await written(store)
    again = await store.shelf.update(LOT, [update(name)], at=LATER, acts=acts, then=then)
    other = replace_said(LOT)
    used = await store.shelf.update(other, [update(name, APPROVED, stood=ARCHIVED)], at=LATER)
    assert (first, again, used) == (Outcome.DONE, Outcome.AGAIN, Outcome.USED)
    assert await written(store) == after
    assert await store.shelf.written_before(LOT) is Outcome.AGAIN
    assert await store.shelf.written_before(other) is Outcome.USED


def replace_said(one: Lot) -> Lot:
    return Lot(unique_id=one.unique_id, said="something else")


async def test_a_store_of_the_schema_before_is_brought_up_with_all_it_holds(
    store: Store, ids: SystemIds, url: str
) -> None:
    name = await filed(store, ids)

    def back(connection: Connection) -> None:
        back_to_0039(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0039'")

    await store.database.write(back)
    migrate(url)
    card = await card_of(store, name)
    assert (availability_of(card), card.metadata_version) == (APPROVED, 1)
    assert await store.shelf.update(LOT, [update(name)], at=LATER) is Outcome.DONE
