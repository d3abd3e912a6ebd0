"""Between the commit that destroys the keys and the one by which the last row goes."""

import pytest
from burying_house import close, draft, dumped, erase_of, furnish, trace, traces_of, verified
from papers import results
from store_house import NOW
from ward_house import ALIX, LOU, Ward

from gateway.flows.erasing.bury import Erase
from gateway.ports.people.erasures import Follows
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState
from gateway.records.patients.erasure import Erasure
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import schema
from gateway.store.burying import steps as cutting
from gateway.store.burying.rows import seek
from gateway.store.burying.steps import steps
from gateway.store.index.lineage import record

TOLD = NewTask(kind=TaskKind.ERASURE_RECEIPT, subject="told", due_at=NOW, payload=b"{}")


async def begun(ward: Ward, key: PatientKey) -> Erasure:
    person = await ward.store.people.person(key)
    assert person is not None

    def follows(_done: Erasure) -> Follows:
        return Follows(acts=[trace(DESK)], ended=[trace(DESK), trace(DESK)], then=[TOLD])

    done = await ward.store.erasures.erase(person, draft(), follows=follows)
    assert done is not None
    return done


async def test_with_the_key_everything_behaves_as_erased_and_nobody_comes_back_yet(
    ward: Ward,
) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    done = await begun(ward, alix)
    assert await ward.store.erasures.unfinished() == [done.id]
    person = await ward.store.people.person(alix)
    assert person is not None
    assert (person.state, person.identity.birth_family) == (AccountState.ERASING, None)
    assert await ward.store.traces.of_patient(alix, limit=9) == []
    assert await ward.store.people.login_of(alix) is None
    answer = await ward.send(results(ALIX, "R8"))
    assert (answer.verdict, answer.findings[-1].code) == (Verdict.REFUSE, "vault-closed")
    assert (await verified(ward)).faults == []
    assert await ward.count(LOU) == 2


async def test_what_is_said_of_a_person_meanwhile_goes_with_the_rows(ward: Ward) -> None:
    """A refused read of that second makes no new key that would stand over the old rows."""
    alix = await furnish(ward)
    await close(ward.store, alix)
    done = await begun(ward, alix)
    await ward.store.traces.write([trace(alix)])
    assert await ward.store.traces.of_patient(alix, limit=9) == []
    assert await ward.store.erasures.finish(done.id)
    names = await ward.store.database.read(lambda c: traces_of(c, (alix,)))
    left = [
        table for table, rows in (await dumped(ward.store)).items() if any(map(names.are_in, rows))
    ]
    assert set(left) <= {"tombstone", "choice"}
    found = await verified(ward)
    assert (found.faults, found.unreadable) == ([], done.entries + 1)
    await ward.store.traces.write([trace(alix)])
    assert len(await ward.store.traces.of_patient(alix, limit=9)) == 1


async def test_the_receipt_leaves_behind_the_last_step(ward: Ward) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    entries = len(await ward.store.traces.leaves())
    done = await begun(ward, alix)
    assert (await ward.store.tasks.depth()).get(TaskKind.ERASURE_RECEIPT, 0) == 0
    assert await ward.store.erasures.finish(done.id)
    assert (await ward.store.tasks.depth())[TaskKind.ERASURE_RECEIPT] == 1
    assert len(await ward.store.traces.leaves()) >= entries + 3
    assert await ward.store.people.person(alix) is None


async def test_no_step_takes_more_than_its_rows_and_bytes(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    alix = await furnish(ward)
    monkeypatch.setattr(cutting, "ROWS", 1)
    keyring = ward.store.database.keyring
    cut = await ward.store.database.read(
        lambda c: list(steps(c, seek(c, keyring, record(c, alix))))
    )
    assert {len(values) for _, values in cut} == {1}
    monkeypatch.setattr(cutting, "ROWS", 100)
    wide = await ward.store.database.read(
        lambda c: list(steps(c, seek(c, keyring, record(c, alix))))
    )
    bodies = [len(values) for column, values in wide if column.table.name == "content"]
    assert bodies == [2]
    monkeypatch.setattr(cutting, "MAX_BYTES", 10)
    narrow = await ward.store.database.read(
        lambda c: list(steps(c, seek(c, keyring, record(c, alix))))
    )
    bodies = [len(values) for column, values in narrow if column.table.name == "content"]
    assert bodies == [1, 1]


async def test_the_flow_goes_on_with_what_a_process_left_midway(ward: Ward) -> None:
    alix = await furnish(ward)
    await close(ward.store, alix)
    await begun(ward, alix)
    flow: Erase = erase_of(ward)
    assert await flow.due() == []
    assert await flow.resume() == 1
    assert await flow.resume() == 0
    assert await ward.store.people.person(alix) is None
    await ward.open(ALIX)
    assert (await ward.send(results(ALIX, "R1", local="7001"))).documents
    assert await ward.count(ALIX) == 1
    assert (await verified(ward)).faults == []


async def test_a_tombstone_of_before_its_grave_was_counted_is_no_fault(ward: Ward) -> None:
    """Schema 0038 kept none of the leaves of an erasure."""
    alix = await furnish(ward)
    await close(ward.store, alix)
    done = await begun(ward, alix)
    assert await ward.store.erasures.finish(done.id)
    old = schema.tombstone.update().values(leaves=None)
    await ward.store.database.write(lambda c: c.execute(old).close())
    found = await verified(ward)
    assert (found.faults, found.unreadable) == ([], done.entries)
