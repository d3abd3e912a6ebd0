"""Results of many documents at once, and what of them stays in memory, on every engine."""

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select, update
from store_house import OID, PlainJudge, identity, intake

from gateway.clock import SystemIds
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, Store, schema


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids, learns=True)


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


async def filed(store: Store, ids: SystemIds, number: int) -> str:
    return (await store.journal.file(intake(ids, number))).documents[0].id


async def test_the_results_of_many_documents_are_those_of_each(
    store: Store, ids: SystemIds
) -> None:
    names = [await filed(store, ids, number) for number in (1, 2)]
    for _ in range(2):  # as they are read, and as they are kept
        found = await store.shelf.observations_each(patient(store), [*names, "0" * 32, "'"])
        assert {name: list(rows) for name, rows in found.items()} == {
            name: await store.shelf.observations(name) for name in names
        }
        assert [len(rows) for rows in found.values()] == [40, 40]


async def test_what_did_not_change_is_opened_once_and_what_somebody_altered_is_found_out(
    store: Store, ids: SystemIds
) -> None:
    name, whose = await filed(store, ids, 1), patient(store)
    first = await store.shelf.observations_each(whose, [name])
    again = await store.shelf.observations_each(whose, [name])
    assert again[name] is first[name]
    c, d = schema.content, schema.document
    number = select(d.c.number).where(d.c.id == name).scalar_subquery()
    altered = update(c).where(c.c.number == number).values(results=bytes(60))
    await store.database.write(lambda connection: connection.execute(altered).rowcount)
    with pytest.raises(InvalidTag):
        await store.shelf.observations_each(whose, [name])
