"""A document that another node replaces while this one judges: it has one successor."""

import asyncio
from dataclasses import replace

import pytest
from laid import lay
from msgspec import structs
from sqlalchemy import Connection, text, update
from store_house import FixedClock, document, intake
from ward_house import ALIX, Ward

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.records.documents.document import Action
from gateway.records.intake.filing import Answer, Intake
from gateway.store import Keys, open_store, schema
from gateway.store.engine.waiting import Limits

D = schema.document
PATIENT = Limits(answer_seconds=600, act_seconds=600)
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def version(ids: SystemIds, number: int, **changes: object) -> Intake:
    raw = f"MSH|version {number}|".encode() + b"x" * 50
    made = replace(document(raw), patient=ALIX.identity, **changes)  # type: ignore[arg-type]  # any field of a document
    sent = intake(ids, number, raw=raw, documents=(made,))
    return structs.replace(sent, organization="1999999999")


def by_our_id(ids: SystemIds, filed: Answer) -> Intake:
    return version(ids, 3, action=Action.REPLACE, replaces=filed.documents[0].id)


@pytest.mark.postgresql
async def test_a_document_that_another_node_replaces_meanwhile_is_not_replaced_twice(
    postgresql_address: str, keys: Keys, ids: SystemIds
) -> None:
    await asyncio.to_thread(lay, postgresql_address)
    judge, clock = FilingJudge(keys, ids), FixedClock()
    stores = [
        open_store(postgresql_address, keys=keys, judge=judge, clock=clock, limits=PATIENT)
        for _ in "12"
    ]
    patient = await Ward(stores[0], clock).open(ALIX)
    first = version(ids, 1)
    filed = await stores[0].journal.file(first)
    loop = asyncio.get_running_loop()
    came: list[asyncio.Future[Answer]] = []

    def replaced(connection: Connection) -> None:
        """As the first node does it, up to its commit: the other one has judged by then."""
        ours = update(D).where(D.c.id == filed.documents[0].id)
        connection.execute(ours.values(status="superseded", superseded_by="0" * 32))
        journal = stores[1].journal
        other = asyncio.run_coroutine_threadsafe(journal.file(by_our_id(ids, filed)), loop)
        while not other.done() and not connection.scalar(WAITING):
            pass
        came.append(asyncio.wrap_future(other, loop=loop))

    await stores[0].database.write(replaced)
    answer = await came[0]
    assert [one.code for one in answer.findings] == ["version-not-latest"]
    assert await stores[0].shelf.cards(patient) == []
    for store in stores:
        await store.close()
