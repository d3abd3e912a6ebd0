"""Hundreds of documents are read with a few statements, each as if it were found alone."""

from sqlalchemy import Connection, event
from store_house import NOW, document, intake

from gateway.clock import SystemIds
from gateway.records.documents.mask import Mask
from gateway.records.readers.access import Hide
from gateway.store import Store
from gateway.store.documents.shelf import shelf

SOMEBODY = Hide(to="professional", id="810000000012", since=NOW)
MANY = 12


async def filed(store: Store, ids: SystemIds) -> list[str]:
    """Documents of several people."""
    answers = [
        await store.journal.file(
            intake(ids, number, documents=(document(b"document %d" % number),))
        )
        for number in range(1, MANY + 1)
    ]
    return [answer.documents[0].id for answer in answers]


async def test_each_is_what_it_is_alone(store: Store, ids: SystemIds) -> None:
    names = await filed(store, ids)
    await store.shelf.mask({names[0]: Mask(since=NOW)}, at=NOW)
    await store.shelf.hide([names[1]], SOMEBODY, at=NOW)
    found = await store.shelf.find_each([*names, "nobody", "\0"])
    assert found == {name: await store.shelf.find(name) for name in names}
    assert await store.shelf.find_each([]) == {}


async def test_no_statement_is_asked_for_each(store: Store, ids: SystemIds) -> None:
    names = await filed(store, ids)
    statements: list[str] = []

    def work(connection: Connection) -> None:
        @event.listens_for(connection, "before_cursor_execute")
        def note(*words: object) -> None:
            statements.append(str(words[2]))

        store.shelf._find(connection, names)

    await store.database.read(work)
    assert 0 < len(statements) < MANY
    assert shelf.FOUND_AT_ONCE == 200
