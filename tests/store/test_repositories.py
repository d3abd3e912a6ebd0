"""Tasks, sessions, people, traces and shelf: one test a question, on every engine."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, update
from store_house import NOW, OID, act_at_desk, identity, intake, session

from gateway.clock import SystemIds
from gateway.records.documents.mask import Mask
from gateway.records.patients.account import (
    Choice,
    ChoiceKind,
    NewTrace,
    Professional,
    SenderAccount,
)
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store
from gateway.store.schema import data_key
from gateway.store.schema import task as task_table

LEASE = timedelta(minutes=5)
TASK = NewTask(kind=TaskKind.MAIL, subject="s", due_at=NOW, payload=b'{"to":"x"}')


def patient(store: Store) -> PatientKey:
    return store.keys.patient_key(OID, identity().ins or "")


async def test_a_dead_workers_task_comes_back_when_its_lease_ends(store: Store) -> None:
    await store.tasks.add([TASK])
    (first,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    assert (first.kind, first.payload, first.attempts) == (TaskKind.MAIL, TASK.payload, 1)
    assert await store.tasks.claim(NOW, lease=LEASE, limit=9) == []
    (again,) = await store.tasks.claim(NOW + LEASE, lease=LEASE, limit=9)
    assert (again.id, again.attempts) == (first.id, 2)


async def test_a_task_is_settled_by_its_last_holder_only(store: Store) -> None:
    await store.tasks.add([TASK])
    (first,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    (second,) = await store.tasks.claim(NOW + LEASE, lease=LEASE, limit=9)
    await store.tasks.settle(first, outcome="late", at=NOW)
    assert await store.tasks.depth() == {TaskKind.MAIL: 1}
    await store.tasks.settle(second, outcome="sent", at=NOW)
    assert await store.tasks.depth() == {}


async def test_what_is_settled_stays_as_it_was_settled(store: Store) -> None:
    await store.tasks.add([TASK])
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.tasks.settle(task, outcome="sent", at=NOW)
    await store.tasks.settle(task, outcome="late", at=NOW, dead=True)
    assert await store.task_desk.lines(dead=True) == []


async def test_no_more_tasks_are_taken_than_were_asked_for_and_the_oldest_first(
    store: Store,
) -> None:
    late, later = (replace(TASK, subject=f"{n}", due_at=NOW - n * LEASE) for n in (1, 2))
    await store.tasks.add([TASK, late, later])
    taken = await store.tasks.claim(NOW, lease=LEASE, limit=2)
    assert {one.subject for one in taken} == {"1", "2"}
    (last,) = await store.tasks.claim(NOW, lease=LEASE, limit=2)
    assert last.subject == TASK.subject


async def test_a_task_of_an_erased_person_ends_without_anybody_at_work(store: Store) -> None:
    await store.tasks.add([replace(TASK, patient=patient(store))])
    await store.database.write(lambda connection: connection.execute(delete(data_key)).rowcount)
    store.database.keyring._cache.clear()  # as another process has it
    assert await store.tasks.claim(NOW, lease=LEASE, limit=9) == []
    assert await store.tasks.depth() == {}
    assert await store.task_desk.lines(dead=True) == []


async def test_a_postponed_task_is_due_at_its_new_time(store: Store) -> None:
    await store.tasks.add([TASK, replace(TASK, due_at=NOW + 9 * LEASE)])
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.tasks.postpone(task, due_at=NOW + 2 * LEASE, reason="450")
    assert await store.tasks.claim(NOW + LEASE, lease=LEASE, limit=9) == []
    assert len(await store.tasks.claim(NOW + 2 * LEASE, lease=LEASE, limit=9)) == 1


async def test_a_damaged_task_is_a_dead_letter_and_stops_no_other(store: Store) -> None:
    await store.tasks.add([TASK, replace(TASK, subject="t", payload=b'{"to":"y"}')])
    broken = update(task_table).where(task_table.c.subject == "s").values(sealed=bytes(60))
    await store.database.write(lambda connection: connection.execute(broken).rowcount)
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    assert (task.subject, task.payload) == ("t", b'{"to":"y"}')
    (line,) = await store.task_desk.lines(dead=True)
    assert (line.subject, line.outcome) == ("s", "unreadable")
    assert await store.task_desk.retry([line.id], NOW) == [line.id]


async def test_a_damaged_key_stops_the_tasks_of_its_person_alone(store: Store) -> None:
    one, other = patient(store), PatientKey(b"other")
    await store.tasks.add([replace(TASK, patient=one), replace(TASK, patient=other)])
    key = update(data_key).where(data_key.c.patient == one).values(wrapped=bytes(40))
    await store.database.write(lambda connection: connection.execute(key).rowcount)
    store.database.keyring._cache.clear()
    assert [t.patient for t in await store.tasks.claim(NOW, lease=LEASE, limit=9)] == [other]
    assert [line.outcome for line in await store.task_desk.lines(dead=True)] == ["unreadable"]


async def test_a_session_lives_from_its_opening_to_its_close(store: Store) -> None:
    kept = session()
    await store.sessions.open(kept)
    assert await store.sessions.find(kept.id_hash) == kept
    later = NOW + timedelta(minutes=1)
    await store.sessions.touch(kept.id_hash, seen_at=later)
    assert await store.sessions.find(kept.id_hash) == replace(kept, seen_at=later)
    assert await store.sessions.drop_expired(NOW) == 0
    await store.sessions.close(kept.id_hash)
    assert await store.sessions.find(kept.id_hash) is None


async def test_a_session_keeps_the_situation_that_a_provider_told(store: Store) -> None:
    told = Professional(id="899", name="Kit", profession="G15_10", activity="GENR01", role="300")
    kept = session(id_hash=b"p" * 32, who="professional", subject="899", situations=(told,))
    await store.sessions.open(kept)
    assert await store.sessions.find(kept.id_hash) == kept


async def test_a_code_is_spent_by_exactly_one_caller_and_replaced_by_a_newer(
    store: Store,
) -> None:
    for salt in (b"1", b"2"):
        await store.sessions.keep_code("s", "login", salt=salt, digest=b"d", expires_at=NOW)
    assert await store.sessions.take_code("s", "login") == (b"2", b"d", NOW)
    assert await store.sessions.take_code("s", "other") is None
    assert [await store.sessions.spend_code("s", "login") for _ in range(2)] == [True, False]


async def test_what_may_be_shown_once_is_new_to_one_of_many(store: Store) -> None:
    async def show(subject: str) -> bool:
        return await store.sessions.once(subject, "jti", until=NOW + timedelta(minutes=1))

    assert sorted(await asyncio.gather(*(show("s") for _ in range(20)))) == [False] * 19 + [True]
    assert await show("t")
    await store.sessions.drop_expired(NOW + timedelta(minutes=1))
    assert await show("s")


async def test_failed_tries_are_counted_since_an_instant_and_forgotten(store: Store) -> None:
    for minute in range(3):
        await store.sessions.failed("s", at=NOW + timedelta(minutes=minute))
    since = NOW + timedelta(minutes=1)
    assert await store.sessions.tries("s", since=since) == [since, NOW + timedelta(minutes=2)]
    await store.sessions.take_back([], forget="s")
    assert await store.sessions.tries("s", since=NOW) == []


async def test_a_new_choice_ends_the_open_one_of_its_kind_and_target(store: Store) -> None:
    first = Choice(kind=ChoiceKind.BLOCK, target="899", since=NOW, by="self")
    second = replace(first, since=NOW + LEASE, until=NOW + 9 * LEASE)
    other = replace(first, target="898")
    for choice in (first, other, second):
        await store.people.choose(patient(store), choice)
    ended = replace(first, until=NOW + LEASE)
    assert await store.people.choices(patient(store)) == [ended, other, second]


async def test_senders_are_found_by_token_certificate_and_name_and_disabled(
    store: Store,
) -> None:
    account = SenderAccount(name="labo", token_hash=b"t" * 32, certificate="ab", reply_to="m:1")
    await store.people.add_sender(account)
    assert await store.people.sender(b"t" * 32) == account
    assert await store.people.sender_by_certificate("ab") == account
    assert await store.people.sender(b"x" * 32) is None
    assert await store.people.disable_sender("labo", act=act_at_desk("sender-disabled"))
    assert not await store.people.disable_sender("nobody", act=act_at_desk("sender-disabled"))
    assert await store.people.sender_named("labo") == replace(account, disabled=True)
    assert [one.name for one in await store.people.senders()] == ["labo"]


async def test_professionals_are_found_by_token_and_by_id(store: Store) -> None:
    one = Professional(id="899", name="Dr Roux", profession="G15_10", token_hash=b"p" * 32)
    await store.people.add_professional(one)
    assert await store.people.professional(b"p" * 32) == one
    assert await store.people.professional_by_id("899") == one
    assert await store.people.professionals() == [one]


async def test_traces_are_read_newest_first_for_a_patient_and_a_document(store: Store) -> None:
    trace = NewTrace(
        patient=patient(store),
        action="open",
        permitted=False,
        rule="P01",
        kind="professional",
        actor="899",
        actor_name="Dr Roux",
        document="d1",
        details=b'{"a":1}',
    )
    await store.traces.write([trace, replace(trace, document="d2")])
    found = await store.traces.of_patient(patient(store), limit=9)
    assert [one.trace.document for one in found] == ["d2", "d1"]
    (only,) = await store.traces.of_document(patient(store), "d1", limit=9)
    assert only.trace == trace
    assert [one.number for one in found] == [2, 1]


async def test_what_others_did_is_read_without_own_looks_as_far_back_as_they_reach(
    store: Store,
) -> None:
    me = patient(store)
    own = NewTrace(
        patient=me,
        action="list",
        permitted=True,
        rule="P01",
        kind="patient",
        actor=me.hex(),
        actor_name="Ana",
    )
    told, other = replace(own, action="recovery"), replace(own, actor="899")
    await store.traces.write([other, own, told, own, own])
    besides = frozenset({"recovery"})
    newest, lowest = await store.traces.of_others(me, me.hex(), besides=besides, limit=2)
    assert (newest, lowest) == ([], 4)
    older, lowest = await store.traces.of_others(
        me, me.hex(), besides=besides, limit=9, before=lowest
    )
    assert [(one.number, one.trace) for one in older] == [(3, told), (1, other)]
    end = await store.traces.of_others(me, me.hex(), besides=besides, limit=9, before=lowest)
    assert end == ([], None)


async def test_a_document_is_searched_read_announced_and_masked(
    store: Store, ids: SystemIds
) -> None:
    answer = await store.journal.file(intake(ids))
    document = answer.documents[0].id
    assert await store.shelf.words(patient(store), ["kaleidoscope", "hemato"]) == {document}
    assert await store.shelf.words(patient(store), ["kaleidoscope", "absent"]) == set()
    await store.shelf.mark_read(document, at=NOW)
    await store.shelf.mark_announced(document, at=NOW)
    await store.shelf.mask({document: Mask(since=NOW)}, at=NOW)
    (card,) = await store.shelf.cards(patient(store))
    assert (card.read, card.announced_at, card.masked_by_patient) == (True, NOW, True)
    await store.shelf.mask({document: None}, at=NOW)
    (card,) = await store.shelf.cards(patient(store))
    assert not card.masked_by_patient


async def test_what_is_not_there_is_none(store: Store) -> None:
    assert await store.journal.receipt("x") is None
    assert await store.journal.raw("x") is None
    assert await store.shelf.find("x") is None
    assert await store.shelf.observations("x") == []
    assert await store.shelf.cards(patient(store)) == []
    assert await store.people.login("x") is None


async def test_a_choice_and_its_entry_in_the_log_are_one_commit(store: Store) -> None:
    act = NewTrace(
        patient=patient(store),
        action="block",
        permitted=True,
        rule="P60",
        kind="patient",
        actor="self",
        actor_name="Anne",
    )
    chosen = Choice(kind=ChoiceKind.BLOCK, target="899", since=NOW, by="self")
    await store.people.choose(patient(store), chosen, act=act)
    (written,) = await store.traces.of_patient(patient(store), limit=5)
    assert (written.trace.action, written.trace.rule) == ("block", "P60")
    assert (await store.log_reader.stretch(since=1, limit=5)).altered == ()
