"""Copies of records as the store keeps them: sealed, one a person, counted, and gone in time."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select
from store_house import NOW, put_into
from ward_house import ALIX, LOU, Ward, a40, numbered

from gateway.flows.exporting.take import ended
from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState, NewTrace
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.export import LINK, Export, ExportState, Member, Plan
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import schema

PIECE = b"KALEIDOSCOPE" * 40
MEMBER = Member(name="LISEZMOI.html", size=480, packed=480, crc=7, sha256="ab" * 32, file=10)
DAY = timedelta(days=1)
TABLES = (schema.export, schema.export_piece)


def export_of(patient: PatientKey, asker: PatientKey, number: int = 1) -> Export:
    return Export(
        id=f"{number:032x}",
        patient=patient,
        asker=asker,
        name="Zébulon",
        base="https://exemple.test/fhir",
        asked_at=NOW,
        ends_at=NOW + DAY,
    )


def act(one: Export, said: str = "export-asked") -> NewTrace:
    return replace(ended(one), action=said)


async def made(ward: Ward, one: Export) -> Export:
    """Begun, with a piece, and ready."""
    exports = ward.store.exports
    assert await exports.begin(one, act=act(one))
    await exports.put(one.id, 10, 0, PIECE)
    ready = replace(
        one, state=ExportState.READY, ready_at=NOW, ends_at=NOW + LINK, size=99, tag="cafe"
    )
    plan = Plan(members=(MEMBER,), at=NOW)
    assert await exports.finish(ready, plan, act=act(one, "export-made"))
    return ready


async def acts_of(ward: Ward, patient: PatientKey) -> list[str]:
    rows = await ward.store.traces.of_patient(patient, limit=50)
    return [row.trace.action for row in rows if row.trace.action.startswith("export")][::-1]


def as_stored(connection: Connection) -> str:
    return str([connection.execute(select(table)).all() for table in TABLES])


async def rows_left(ward: Ward) -> int:
    queries = [select(func.count()).select_from(table) for table in TABLES]
    return await ward.store.database.read(lambda c: sum(c.scalar(one) or 0 for one in queries))


async def test_a_copy_is_kept_as_it_was_said_and_nothing_of_it_in_clear(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    exports, one = ward.store.exports, export_of(alix, lou)
    task = NewTask(kind=TaskKind.EXPORT, subject=one.id, due_at=NOW, patient=alix)
    assert await exports.begin(one, act=act(one), then=[task])
    assert (await ward.store.tasks.depth())[TaskKind.EXPORT] == 1
    assert await exports.find(one.id) == one
    again = export_of(alix, lou, 2)
    assert not await exports.begin(again, act=act(again))
    ready = await made(ward, export_of(lou, lou, 3))
    assert await exports.find(ready.id) == ready
    assert await exports.latest(lou, lou) == ready
    assert await exports.latest(lou, alix) is None
    assert await exports.plan(ready.id) == Plan(members=(MEMBER,), at=NOW)
    assert await exports.piece(ready.id, 10, 0) == PIECE
    with pytest.raises(LookupError):
        await exports.piece(ready.id, 10, 1)
    stored = await ward.store.database.read(as_stored)
    assert not any(word in stored for word in ("Zébulon", "LISEZMOI", "KALEIDO", lou.hex()))
    assert await acts_of(ward, alix) == ["export-asked"]
    newer = export_of(lou, lou, 4)
    assert await exports.begin(newer, act=act(newer))  # in place of the one before
    assert await exports.find(ready.id) is None
    assert await rows_left(ward) == 2


async def test_a_copy_that_was_given_up_may_be_asked_for_anew(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    exports, one = ward.store.exports, export_of(alix, alix)
    assert await exports.begin(one, act=act(one))
    await exports.put(one.id, 10, 0, PIECE)
    await exports.clear(one.id)
    assert await rows_left(ward) == 1
    await exports.put(one.id, 20, 0, PIECE)
    await exports.put(one.id, 20, 0, PIECE)  # written a second time by who began anew
    await exports.fail(one.id)
    found = await exports.find(one.id)
    assert found is not None
    assert (found.state, await rows_left(ward)) == (ExportState.FAILED, 1)
    late = replace(found, ready_at=NOW, state=ExportState.READY)
    assert not await exports.finish(late, Plan(members=(), at=NOW), act=act(one, "export-made"))
    lost = export_of(alix, alix, 2)
    assert await exports.begin(lost, act=act(lost))
    after = replace(export_of(alix, alix, 3), asked_at=NOW + DAY, ends_at=NOW + 2 * DAY)
    assert await exports.begin(after, act=act(after))  # nothing is expected of the lost one
    assert await acts_of(ward, alix) == ["export-asked"] * 3


async def test_downloads_are_counted_and_end_by_number_and_by_time(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    exports, one = ward.store.exports, await made(ward, export_of(alix, alix))
    for expected in (True, True, False):
        assert (
            await exports.count(one.id, NOW, most=2, act=act(one, "export-downloaded")) is expected
        )
    assert not await exports.count(one.id, one.ends_at, most=9, act=act(one, "export-downloaded"))
    found = await exports.find(one.id)
    assert found == replace(one, downloads=2)
    assert await exports.drop_ended(one.ends_at - timedelta(seconds=1), limit=9, say=ended) == 0
    assert await exports.drop_ended(one.ends_at, limit=9, say=ended) == 1
    assert await rows_left(ward) == 0
    told = ["export-asked", "export-made", *["export-downloaded"] * 2, "export-expired"]
    assert await acts_of(ward, alix) == told


async def test_a_copy_follows_its_record_into_a_merge_and_goes_with_its_erasure(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(numbered(ALIX, "N1", "7001"))
    await ward.send(numbered(LOU, "N2", "7002"))
    exports = ward.store.exports
    mine = await made(ward, export_of(alix, alix))
    theirs = await made(ward, export_of(lou, lou, 2))
    await ward.send(a40(ALIX, "M1", "8001", local="7001"))
    root = await ward.root(ALIX)
    found = await exports.latest(root, alix)
    assert found is not None
    assert (found.id, found.patient) == (mine.id, root)
    await put_into(ward.store, root, AccountState.CLOSED)
    person = await ward.store.people.person(root)
    assert person is not None
    draft = Erasure(id="e" * 32, at=NOW, cause=Cause.ARCHIVE, since=NOW)
    deed = await ward.store.erasures.erase(person, draft, follows=lambda _done: Follows())
    assert deed is not None  # the rows follow later; nobody reads them any more
    assert await exports.find(mine.id) is None
    with pytest.raises(LookupError):
        await exports.piece(mine.id, 10, 0)
    with pytest.raises(LookupError):
        await exports.put(mine.id, 10, 1, PIECE)
    assert await exports.find(theirs.id) == theirs
