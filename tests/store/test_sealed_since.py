"""Rows of the previous schema that bear names in clear: sealed or renamed once, and found again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select, update
from store_house import NOW, FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.records.intake.filing import Answer, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.task import NewTask, TaskKind
from gateway.store import Keys, Store, migrate, open_store, schema
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.statements import current_number
from gateway.store.sealed_since import named, seal_words_of_before

DOCTOR, PATIENT = "jeanne.aubert@cabinet.mssante.fr", "284037511604282@patient.mssante.fr"
BY_HAND, SOFTWARE = "pro/899900000018", "labo"
DISEASE = "Mucoviscidose"
SAID = f"sent: 2.1.5 {PATIENT} accepted"
R, D, T, MARK = schema.receipt, schema.document, schema.task, schema.counter


@asynccontextmanager
async def opened(url: str, keys: Keys, judge: PlainJudge) -> AsyncIterator[Store]:
    store = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    try:
        yield store
    finally:
        await store.close()


def came(ids: SystemIds, number: int, sender: str, **more: Any) -> Intake:
    return intake(ids, number, serial=number, sender=sender, key=f"mail:{number} a@b", **more)


@pytest.fixture
async def before(url: str, keys: Keys, judge: PlainJudge, ids: SystemIds) -> dict[str, Answer]:
    """What the code of 0031 left, by sender; the schema is current."""
    await asyncio.to_thread(migrate, url)
    senders = (DOCTOR, PATIENT, BY_HAND, SOFTWARE)
    async with opened(url, keys, judge) as store:
        made = {
            one: await store.journal.file(came(ids, place, one))
            for place, one in enumerate(senders, 1)
        }
        await store.tasks.add([NewTask(kind=TaskKind.MAIL, subject="s", due_at=NOW)])
    with_words(url)
    return made


def with_words(url: str) -> None:
    """As rows were written before words were told from codes, and no row was looked through."""
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.execute(update(D).values(type_code=DISEASE, organization=DOCTOR))
        connection.execute(update(T).where(T.c.kind == "mail").values(outcome=SAID))
        connection.execute(update(MARK).where(MARK.c.name == "sealed").values(next=0))
    engine.dispose()


def senders_of(url: str) -> list[str]:
    engine = writing_engine(url)
    with engine.connect() as connection:
        receipts = list(connection.scalars(select(R.c.sender).order_by(R.c.number)))
        assert list(connection.scalars(select(D.c.sender).order_by(D.c.number))) == receipts
    engine.dispose()
    return receipts


def test_of_a_person_only_the_domain_or_the_way_stays(
    url: str, keys: Keys, before: dict[str, Answer]
) -> None:
    assert before
    documents, receipts, mails = 4, 3, 1
    assert seal_words_of_before(url, keys) == documents + receipts + mails
    doctor, patient, by_hand, software = senders_of(url)
    assert doctor == named(DOCTOR, keys)
    assert doctor.partition("@")[2] == "cabinet.mssante.fr"
    assert patient.partition("@")[2] == "patient.mssante.fr"
    assert by_hand.startswith("pro/")
    assert "8999" not in by_hand
    assert software == SOFTWARE
    assert seal_words_of_before(url, keys) == 0
    assert senders_of(url) == [doctor, patient, by_hand, software]


async def test_a_copy_of_what_came_before_gets_its_first_answer(
    url: str, keys: Keys, judge: PlainJudge, ids: SystemIds, before: dict[str, Answer]
) -> None:
    await asyncio.to_thread(seal_words_of_before, url, keys)
    async with opened(url, keys, judge) as store:
        for place, sender in enumerate(before, 1):
            again = came(ids, place, named(sender, keys))
            answer = await store.journal.file(again)
            assert (answer.receipt, answer.copy) == (before[sender].receipt, True)


async def test_bytes_that_were_named_alone_are_found_again_too(
    url: str, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    await asyncio.to_thread(migrate, url)
    one = structs.replace(came(ids, 1, DOCTOR), key=None)
    async with opened(url, keys, judge) as store:
        first = await store.journal.file(one)
        assert await asyncio.to_thread(seal_words_of_before, url, keys) == 2
        again = structs.replace(one, sender=named(DOCTOR, keys), receipt=ids.identifier())
        answer = await store.journal.file(again)
    assert (answer.receipt, answer.copy) == (first.receipt, True)


async def test_what_was_read_in_clear_is_read_out_of_the_seal(
    url: str, keys: Keys, judge: PlainJudge, before: dict[str, Answer]
) -> None:
    await asyncio.to_thread(seal_words_of_before, url, keys)
    async with opened(url, keys, judge) as store:
        receipts = {one: await store.journal.receipt(before[one].receipt) for one in before}
        writers = {one: kept and kept.writer for one, kept in receipts.items()}
        assert writers == {DOCTOR: DOCTOR, PATIENT: None, BY_HAND: None, SOFTWARE: None}
        found = await store.shelf.find(before[DOCTOR].documents[0].id)
        assert found is not None
        assert (found.card.type_code, found.card.organization) == (DISEASE, DOCTOR)
        outcomes = select(T.c.outcome).where(T.c.kind == "mail")
        assert await store.database.read(lambda c: c.scalar(outcomes)) == "sent"


def test_the_files_hold_none_of_it_any_more(
    url: str, keys: Keys, before: dict[str, Answer], tmp_path: Path
) -> None:
    assert before
    if not url.startswith("sqlite"):
        return
    assert DOCTOR.encode() in files_of(tmp_path)
    seal_words_of_before(url, keys)
    for word in (DOCTOR, PATIENT, BY_HAND, DISEASE, "accepted"):
        assert word.encode() not in files_of(tmp_path), word


def files_of(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("gateway.sqlite3*"))


async def test_what_yesterdays_code_writes_afterwards_is_sealed_at_the_next_start(
    url: str, keys: Keys, judge: PlainJudge, ids: SystemIds, before: dict[str, Answer]
) -> None:
    assert before
    await asyncio.to_thread(seal_words_of_before, url, keys)
    async with opened(url, keys, judge) as store:
        await store.journal.file(came(ids, 9, "paul.blanc@cabinet.mssante.fr"))
    assert await asyncio.to_thread(seal_words_of_before, url, keys) == 2
    assert senders_of(url)[-1] == named("paul.blanc@cabinet.mssante.fr", keys)


async def test_a_row_whose_key_is_destroyed_keeps_no_word(
    url: str, keys: Keys, judge: PlainJudge, before: dict[str, Answer]
) -> None:
    assert before
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.execute(schema.data_key.delete())
    engine.dispose()
    await asyncio.to_thread(seal_words_of_before, url, keys)
    assert senders_of(url)[0] == named(DOCTOR, keys)
    async with opened(url, keys, judge) as store:
        query = select(D.c.type_code, D.c.organization).distinct()
        rows = await store.database.read(lambda c: c.execute(query).all())
    assert [tuple(row) for row in rows] == [(None, None)]


async def test_a_damaged_seal_stops_nobody(url: str, keys: Keys, before: dict[str, Answer]) -> None:
    assert before
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.execute(update(R).values(sealed=b"\1"))
        connection.execute(update(D).values(sealed=b"\1"))
    engine.dispose()
    await asyncio.to_thread(seal_words_of_before, url, keys)
    assert senders_of(url)[0] == named(DOCTOR, keys)


async def test_a_refused_mail_is_renamed_too(
    url: str, keys: Keys, judge: PlainJudge, ids: SystemIds
) -> None:
    await asyncio.to_thread(migrate, url)
    async with opened(url, keys, judge) as store:
        await store.journal.file(came(ids, 1, DOCTOR, verdict=Verdict.REFUSE))
    assert await asyncio.to_thread(seal_words_of_before, url, keys) == 1


def test_a_schema_without_the_mark_is_left_alone(url: str, keys: Keys) -> None:
    migrate(url, to="0031")
    assert seal_words_of_before(url, keys) == 0
    migrate(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        assert current_number(connection, "sealed") == -1
    engine.dispose()


def test_a_mailbox_has_one_name_however_it_is_written(keys: Keys) -> None:
    assert named(DOCTOR.upper(), keys) == named(DOCTOR, keys)
    assert named(named(DOCTOR, keys), keys) == named(DOCTOR, keys)
    assert named(named(BY_HAND, keys), keys) == named(BY_HAND, keys)
    assert named("<>", keys) == "<>"
    assert named("app/carnet/of-claire", keys) == "app/carnet/of-claire"
