"""Of the many receipts of one unique id the desk is shown the newest."""

import pytest
from sqlalchemy import update
from store_house import document, intake

from gateway.clock import SystemIds
from gateway.records.intake.messages import Search
from gateway.store import Store, schema
from gateway.store.documents.filing.names import unique_name
from gateway.store.documents.receipts import messages

SAME = "1.2.3^same"


async def test_of_many_receipts_of_one_unique_id_the_newest_are_found(
    store: Store, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of a document whose confidentiality changed again and again."""
    monkeypatch.setattr(messages, "MAX_OF_A_DOCUMENT", 2)
    raws = [b"version %d" % number for number in range(4)]
    sent = [
        intake(ids, number, raw=raw, documents=(document(raw),))
        for number, raw in enumerate(raws, 1)
    ]
    for one in reversed(sent):  # the last receipt by name is the oldest document
        await store.journal.file(one)
    same = update(schema.document).values(unique_name=unique_name(store.keys, SAME))
    await store.database.write(lambda connection: connection.execute(same).rowcount)
    page = await store.messages.page(Search(unique_id=SAME), before=None, rows=9, limit=99)
    assert {one.receipt for one in page.rows} == {one.receipt for one in sent[:2]}
