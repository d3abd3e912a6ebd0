"""Erasing one person: nothing of her is left in any table, and nothing of anybody else is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from burying_house import (
    ASKED,
    close,
    draft,
    dumped,
    furnish,
    trace,
    traces_of,
    verified,
)
from papers import results
from sqlalchemy import Connection, select, text
from store_house import NOW
from ward_house import ALIX, LOU, Ward

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.ports.people.erasures import Follows
from gateway.records.intake.finding import Verdict
from gateway.records.patients.erasure import Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, open_store, schema
from gateway.store.burying.rows import CHANGED, GOES, STAYS, seek
from gateway.store.index.lineage import record

OF_OTHERS = {"choice": "another record says whom it shared with, and until when"}


def nothing_follows(_done: Erasure) -> Follows:
    return Follows()


async def erased(ward: Ward, key: PatientKey, number: int = 1) -> Erasure:
    person = await ward.store.people.person(key)
    assert person is not None
    done = await ward.store.erasures.erase(person, draft(number), follows=nothing_follows)
    assert done is not None
    assert await ward.store.erasures.finish(done.id)
    assert not await ward.store.erasures.finish(done.id)
    return done


def test_every_table_of_the_schema_is_known_to_an_erasure() -> None:
    """A new table goes, is changed, or says why nothing of a person stands in it."""
    goes = {column.table.name for column, _ in GOES}
    assert goes.isdisjoint(CHANGED)
    assert set(STAYS).isdisjoint(goes | set(CHANGED))
    assert goes | set(CHANGED) | set(STAYS) == set(schema.metadata.tables)


def test_every_column_that_bears_a_person_or_a_document_is_sought() -> None:
    bearing = {"patient", "document", "original", "receipt"}
    sought = {(column.table.name, column.name) for column, _ in GOES}
    by_another = {  # the row is found by another of its columns
        ("content", "patient"),
        ("label_review", "patient"),
        ("raw", "patient"),
        ("replay", "patient"),
        ("receipt", "patient"),
        ("business_ack", "patient"),
        ("task", "patient"),
        ("document", "patient"),
        ("document", "receipt"),
        ("share_link", "document"),
    }
    for table in schema.metadata.tables.values():
        if table.name in CHANGED or table.name in STAYS:
            continue
        for column in table.c:
            place = (table.name, column.name)
            assert column.name not in bearing or place in sought | by_another, place


async def test_nothing_of_her_is_left_and_nothing_of_another_is_lost(ward: Ward) -> None:
    alix = await furnish(ward)
    store = ward.store
    names = tuple(await store.database.read(lambda c: record(c, alix)))
    assert len(names) == 3
    hers = await store.database.read(lambda c: traces_of(c, names))
    before = await dumped(store)
    of_her = {name for name, rows in before.items() if any(map(hers.are_in, rows))}
    assert of_her >= {column.table.name for column, _ in GOES} - {"merge", "login"}
    await close(store, alix)
    done = await erased(ward, alix)
    assert (len(done.documents), len(done.keys)) == (2, 2)
    assert done.messages >= 2
    after = await dumped(store)
    for table, rows in after.items():
        left = [row for row in rows if hers.are_in(row)]
        assert not left or table in {"tombstone", *OF_OTHERS}, (table, left)
    assert len(after["merge"]) == len(after["login"]) == len(after["session"]) == 1
    for table in {column.table.name for column, _ in GOES} - {"choice", "merge", "login"}:
        others = [row for row in before[table] if not hers.are_in(row)]
        assert [row for row in others if row not in after[table]] == [], table
    assert await ward.count(LOU) == 2
    assert await store.people.person(alix) is None


async def test_the_log_verifies_and_what_it_said_of_her_is_read_by_nobody(ward: Ward) -> None:
    alix = await furnish(ward)
    size = len(await ward.store.traces.leaves())
    leaves = await ward.store.traces.leaves()
    await close(ward.store, alix)
    done = await erased(ward, alix)
    found = await verified(ward)
    assert (found.faults, found.unreadable) == ([], done.entries)
    assert [one.entries for one in found.graves.values()] == [done.entries]
    assert (await ward.store.traces.leaves())[:size] == leaves
    assert await ward.store.traces.of_patient(alix, limit=99) == []
    assert await ward.store.traces.of_patient(ward.key(LOU), limit=99)


async def test_an_entry_that_is_moved_to_nobodys_grave_is_altered(ward: Ward) -> None:
    await close(ward.store, await furnish(ward))
    await erased(ward, ward.key(ALIX))
    moved = text("UPDATE trace SET patient = leaf WHERE number = 1")
    await ward.store.database.write(lambda c: c.execute(moved).rowcount)
    faults = (await verified(ward)).faults
    assert faults[0] == "entry 1 is altered"
    assert len(faults) == 2  # and it is missed where it stood


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE trace SET leaf = (SELECT leaf FROM trace WHERE number = 1) WHERE patient = :grave",
        "UPDATE trace SET patient = :grave, document = NULL, sealed = '' WHERE patient = :lou",
        "UPDATE trace SET patient = :lou WHERE patient = :grave",
        "UPDATE tombstone SET leaves = sealed",
    ],
)
async def test_a_grave_that_is_not_as_it_was_left_is_found(ward: Ward, forged: str) -> None:
    """Its leaves, an entry that is hidden there, one that is taken away, the seal itself."""
    await close(ward.store, await furnish(ward))
    done = await erased(ward, ward.key(ALIX))
    assert (await verified(ward)).faults == []
    given = {"grave": bytes.fromhex(done.id), "lou": ward.key(LOU)}
    wanted = {name: one for name, one in given.items() if f":{name}" in forged}
    await ward.store.database.write(lambda c: c.execute(text(forged), wanted).rowcount)
    faults = (await verified(ward)).faults
    assert any(
        f"the entries of erasure {done.id} are not those that it left" in one for one in faults
    )


async def test_who_comes_back_finds_an_empty_space_with_a_new_key(ward: Ward) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    await erased(ward, alix)
    assert (await ward.send(results(ALIX, "R8"))).verdict is Verdict.REFUSE
    await ward.open(ALIX)
    assert await ward.count(ALIX) == 0
    assert (await ward.send(results(ALIX, "R1", local="7001"))).documents
    assert await ward.count(ALIX) == 1
    await ward.store.traces.write([trace(alix)])
    assert len(await ward.store.traces.of_patient(alix, limit=99)) >= 2
    assert (await verified(ward)).faults == []
    assert await ward.store.people.ties(alix)  # once shared with her, and no more
    for tie in await ward.store.people.ties(alix):
        assert tie.choice.until == NOW


async def test_whom_she_cared_for_reads_that_it_ended(ward: Ward) -> None:
    await close(ward.store, await furnish(ward))
    await erased(ward, ward.key(ALIX))
    newest = (await ward.store.traces.of_patient(ward.key(LOU), limit=1))[0].trace
    assert (newest.action, newest.rule) == ("choose", "space-erased")


async def test_another_process_drops_the_key_that_it_remembers(
    ward: Ward, url: str, keys: Keys, ids: SystemIds
) -> None:
    """It had filed for her, and files again once she came back: both read the other's rows."""
    other = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=ward.clock)
    beside = Ward(other, ward.clock)
    try:
        alix = await furnish(ward)
        assert (await beside.send(results(ALIX, "R5"))).documents
        await close(ward.store, alix)
        await erased(ward, alix)
        await ward.open(ALIX)
        assert (await ward.send(results(ALIX, "R6"))).documents
        assert await beside.count(ALIX) == 1
        assert (await beside.send(results(ALIX, "R7"))).documents
        assert await ward.count(ALIX) == 2
        assert (await verified(ward)).faults == []
    finally:
        await other.close()


@pytest.mark.parametrize("what", ["opened again", "asked anew"])
async def test_a_space_that_changed_meanwhile_is_not_erased(ward: Ward, what: str) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    person = await ward.store.people.person(alix)
    assert person is not None
    if what == "opened again":
        await ward.open(ALIX)
    else:
        person = replace(person, deletion_asked_at=ASKED + timedelta(seconds=1))
    assert await ward.store.erasures.erase(person, draft(), follows=nothing_follows) is None
    assert await ward.count(ALIX) == 2


async def test_a_task_in_hand_ends_without_a_word(ward: Ward) -> None:
    """Its lease is held by somebody: what he says of it afterwards changes nothing."""
    alix = await furnish(ward)
    await close(ward.store, alix)
    _take_none = text("UPDATE task SET settled_at = 1 WHERE kind = 'mail'")
    await ward.store.database.write(lambda c: c.execute(_take_none).rowcount)
    later = NOW + timedelta(days=1)
    taken = await ward.store.tasks.claim(later, lease=timedelta(minutes=5), limit=99)
    hers = [one for one in taken if one.patient == alix]
    assert hers
    await erased(ward, alix)
    for one in hers:
        await ward.store.tasks.settle(one, outcome="sent", at=later)
    ids = [one.id for one in hers]
    left = select(schema.task.c.id).where(schema.task.c.id.in_(ids))
    assert await ward.store.database.read(lambda c: list(c.scalars(left))) == []


async def test_what_came_after_the_walk_is_found_by_the_commit(ward: Ward) -> None:
    alix = await furnish(ward)
    keyring = ward.store.database.keyring

    def found(connection: Connection) -> tuple[int, int]:
        before = seek(connection, keyring, record(connection, alix))
        return len(before.messages), before.last_message

    count, last = await ward.store.database.read(found)
    assert count
    assert (await ward.send(results(ALIX, "R9"))).documents

    def again(connection: Connection) -> tuple[int, int]:
        before = seek(connection, keyring, [b"x" * 16])
        assert before.messages == {}
        now = seek(connection, keyring, record(connection, alix), before)
        return len(now.messages), now.last_message

    more, later = await ward.store.database.read(again)
    assert (more, later > last) == (count + 1, True)
