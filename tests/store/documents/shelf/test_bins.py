"""A patient's own documents in a real store: filed, replaced, thrown away, taken back, emptied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from real_store import open_space
from sqlalchemy import Connection, func, select
from store_house import identity
from ward_house import Ward

from gateway.access.grid import shipped_grid
from gateway.errors import DeniedError
from gateway.flows.depositing.bin import KEPT, Bin, ChangedMeanwhileError, empty
from gateway.flows.depositing.by_patient import DepositOwn, OwnBrought
from gateway.flows.depositing.directives import OneOfDirectives
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.listing import Filters
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.files.own_file import made_ready
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.switches import Switches
from gateway.store import schema
from gateway.store.documents.shelf.bins import IN_BIN

LETTER = b"Pneumonoultramicroscopique, mes questions"
ROOM = 5_000_000


@dataclass
class Own:
    """What the pages do, over the store of a ward."""

    ward: Ward
    patient: PatientKey
    reader: Reader
    deposit: DepositOwn
    bin: Bin

    async def file(self, body: bytes = b"", *, key: str = "a" * 20, replaces: str = "") -> Answer:
        brought = OwnBrought(
            files=(body,) if body else (),
            key=key,
            title="Mes questions",
            category="AUTR_DOC",
            act_date="2026-02-03",
            note="Zygomatique",
            replaces=replaces or None,
        )
        return (await self.deposit(self.reader, self.patient, brought)).answer

    async def filed(self, body: bytes = LETTER, *, key: str = "a" * 20, replaces: str = "") -> str:
        answer = await self.file(body, key=key, replaces=replaces)
        assert answer.verdict is Verdict.ACCEPT, answer.findings
        return answer.documents[0].id

    async def listed(self, words: str = "") -> list[str]:
        read = self.deposit.asking
        assert isinstance(read, ReadShelf)
        found = await read.search(self.reader, self.patient, Filters(words=words))
        return [card.id for card in found.cards]

    async def in_bin(self) -> list[str]:
        return [one.card.id for one in await self.bin.thrown(self.reader, self.patient)]

    async def counted(self) -> dict[str, int]:
        """Rows of what a document is made of."""

        def work(connection: Connection) -> dict[str, int]:
            tables = (schema.document, schema.content, schema.raw, schema.receipt)
            return {
                one.name: connection.scalar(select(func.count()).select_from(one)) or 0
                for one in tables
            }

        return await self.ward.store.database.read(work)


async def ready(files: Sequence[bytes]) -> tuple[str, bytes]:
    return made_ready(*files, max_bytes=ROOM)


@pytest.fixture
async def own(ward: Ward) -> Own:
    store = ward.store
    patient = await open_space(store, identity())
    read = ReadShelf(
        shelf=store.shelf,
        people=store.people,
        traces=store.traces,
        clock=ward.clock,
        grid=shipped_grid(),
        switches=Switches(),
    )
    directives = OneOfDirectives(shelf=store.shelf, entries=store.entries)
    deposit = DepositOwn(
        asking=read,
        receive=ward.receive,
        reading=DEFAULT_READING,
        made_ready=ready,
        max_bytes=ROOM,
        directives=directives,
    )
    reader = patient_reader(patient, name="Zoltan ZEBULONIX")
    thrown = Bin(asking=read, bins=store.bins, directives=directives)
    return Own(ward, patient, reader, deposit, thrown)


async def test_an_own_document_is_filed_once_found_by_its_words_and_changed(own: Own) -> None:
    first = await own.filed()
    assert await own.filed() == first, "a double click"
    for words in ("pneumono", "zygomatique", "zoltan"):
        assert await own.listed(words) == [first]
    second = await own.filed(b"", key="b" * 20, replaces=first)
    assert await own.listed() == [second]
    assert await own.ward.store.shelf.body(second) == LETTER
    late = await own.file(b"Trop tard", key="c" * 20, replaces=first)
    assert "version-not-latest" in {one.code for one in late.findings}
    kept = await own.ward.store.journal.receipt(late.receipt)
    assert kept is not None, "a refusal is kept as every door's"
    assert kept.sender == f"patient/{own.patient.hex()}"


async def test_what_is_thrown_away_comes_back_with_its_versions(own: Own) -> None:
    first = await own.filed()
    second = await own.filed(b"Autrement", key="b" * 20, replaces=first)
    await own.bin.throw(own.reader, [second])
    assert (await own.listed(), await own.in_bin()) == ([], [second])
    shelf = own.ward.store.shelf
    cards = await shelf.cards(own.patient, current_only=False)
    assert {one.status for one in cards} == {DocumentStatus.WITHDRAWN}, "older versions too"
    await own.bin.throw(own.reader, [second])  # a second click
    own.ward.clock.at += KEPT - timedelta(seconds=1)
    await own.bin.take_out(own.reader, second)
    assert (await own.listed(), await own.in_bin()) == ([second], [])
    assert [one.id for one in await shelf.versions(second)] == [first]
    await own.bin.take_out(own.reader, second)  # a second click
    assert await own.listed() == [second]


async def test_all_are_thrown_away_or_none(own: Own) -> None:
    first = await own.filed()
    second = await own.filed(b"Autrement", key="b" * 20, replaces=first)
    other = await own.filed(b"Autre chose", key="c" * 20)
    with pytest.raises(ChangedMeanwhileError):
        await own.bin.throw(own.reader, [other, first])
    assert sorted(await own.listed()) == sorted([second, other])
    assert not await own.ward.store.bins.put([other, first], at=own.ward.clock.at, acts=[])
    assert sorted(await own.listed()) == sorted([second, other])


async def test_after_thirty_days_the_bytes_of_every_version_are_gone_and_the_rows_stay(
    own: Own,
) -> None:
    store, bins = own.ward.store, own.ward.store.bins
    first = await own.filed()
    second = await own.filed(b"Autrement", key="b" * 20, replaces=first)
    kept = await own.filed(b"Ceci reste", key="c" * 20)
    await own.bin.throw(own.reader, [second])
    due = own.ward.clock.at + KEPT
    assert await empty(bins, due - timedelta(seconds=1), limit=9) == 0
    assert await empty(bins, due, limit=1) == 1
    assert await empty(bins, due, limit=9) == 1
    assert await empty(bins, due, limit=9) == 0, "and not again"
    assert await own.counted() == {"document": 3, "content": 1, "raw": 1, "receipt": 3}
    with pytest.raises(LookupError):
        await store.shelf.body(second)
    assert await store.shelf.find(second) is None
    receipts = {
        one.id: one.receipt for one in await store.shelf.cards(own.patient, current_only=False)
    }
    assert await store.journal.raw(receipts[second]) is None
    assert await store.journal.raw(receipts[kept]) is not None
    with pytest.raises(DeniedError):
        await own.bin.take_out(own.reader, second)
    assert await own.listed() == [kept]


async def test_what_is_in_the_bins_is_found_by_an_index(own: Own) -> None:
    """Of a million documents those few are looked at."""

    def work(connection: Connection) -> str:
        asked = select(schema.document.c.number).where(IN_BIN, schema.document.c.changed_at <= 9)
        text = str(asked.compile(connection, compile_kwargs={"literal_binds": True}))
        if connection.dialect.name == "sqlite":
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return str(connection.exec_driver_sql(f"EXPLAIN {text}").all())

    assert "document_in_bin" in await own.ward.store.database.read(work)


async def test_another_patient_throws_nothing_away_and_takes_nothing_back(own: Own) -> None:
    first = await own.filed()
    stranger = patient_reader(PatientKey(b"x" * 16))
    with pytest.raises(DeniedError):
        await own.bin.throw(stranger, [first])
    await own.bin.throw(own.reader, [first])
    with pytest.raises(DeniedError):
        await own.bin.take_out(stranger, first)
    assert await own.in_bin() == [first]
