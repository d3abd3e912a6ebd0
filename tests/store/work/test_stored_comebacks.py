"""Mails that are brought back, on every engine: which try of which task it was."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from comeback_house import BACK, HOUR, LEASE, TASK, came_back, dead, left, said
from sqlalchemy import delete, func, select
from store_house import NOW

from gateway.errors import DeferredError
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.task import CameBack, Comeback, TaskKind, TaskLine
from gateway.store import Store, migrate
from gateway.store.engine.engines import writing_engine
from gateway.store.schema import data_key


async def log_of(store: Store, patient: PatientKey = DESK) -> list[tuple[str, str]]:
    traces = await store.traces.of_patient(patient, limit=9)
    return [(one.trace.actor, one.trace.rule) for one in traces]


async def line(store: Store) -> TaskLine:
    (one,) = await store.task_desk.lines(subject="s")
    return one


@pytest.mark.parametrize("date", [NOW, None])
async def test_a_mail_that_came_back_is_a_dead_letter(store: Store, date: datetime | None) -> None:
    await store.tasks.add([TASK, replace(TASK, name="r1.1", due_at=NOW + 9 * HOUR)])
    task = await left(store)
    found = await store.sent.returned("r1.0", left=date, outcome=BACK, at=NOW + HOUR, say=said)
    assert found == [CameBack(number=task.id, kind=TaskKind.MAIL, comeback=Comeback.ENDED)]
    assert await dead(store) == {task.id: BACK}
    assert await log_of(store) == [('{"to":"x"}', BACK)]


async def test_it_is_told_once_and_of_nobody_who_was_erased(store: Store) -> None:
    someone = PatientKey(b"someone")
    await store.tasks.add([replace(TASK, patient=someone), replace(TASK, name="r1.1")])
    first, second = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    for task in (first, second):
        await store.tasks.settle(task, outcome="sent", at=NOW)
    assert await came_back(store, NOW) == [Comeback.ENDED]
    assert await came_back(store, NOW) == [Comeback.DEAD]
    assert await log_of(store, someone) == [('{"to":"x"}', BACK)]
    await store.database.write(lambda connection: connection.execute(delete(data_key)))
    store.database.keyring._cache.clear()
    assert await came_back(store, NOW, "r1.1") == [Comeback.ENDED]
    kept = select(func.count()).select_from(data_key)
    assert await store.database.read(lambda connection: connection.scalar(kept)) == 0


async def test_a_dead_end_and_what_the_log_says_of_it_are_one_commit(store: Store) -> None:
    await store.tasks.add([TASK])
    (lost,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    (ours,) = await store.tasks.claim(NOW + LEASE, lease=LEASE, limit=9)
    for task in (lost, ours):
        acts = said(task, f"given-up {task.attempts}")
        await store.tasks.settle(task, outcome="given-up", at=NOW, dead=True, acts=acts)
    assert await log_of(store) == [('{"to":"x"}', "given-up 2")]


async def test_one_that_was_dead_keeps_its_own_outcome(store: Store) -> None:
    await store.tasks.add([TASK])
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.tasks.settle(task, outcome="given-up: away", at=NOW, dead=True)
    assert await came_back(store, NOW) == [Comeback.DEAD]
    assert await dead(store) == {task.id: "given-up: away"}


async def test_one_that_a_person_gave_up_stays_so(store: Store) -> None:
    await store.tasks.add([TASK])
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.tasks.settle(task, outcome="given-up: away", at=NOW, dead=True)
    act = NewTrace(
        patient=DESK,
        action="letter-abandoned",
        permitted=True,
        rule="DSK-01",
        kind="operator",
        actor="101",
        actor_name="Kit",
    )
    assert await store.letters.abandon(task.id, act)
    assert await came_back(store, NOW) == [Comeback.DEAD]
    assert await dead(store) == {}


async def test_the_late_return_of_an_earlier_try_undoes_no_later_one(store: Store) -> None:
    await store.tasks.add([TASK])
    task = await left(store)
    assert await store.task_desk.retry([task.id], NOW + HOUR) == [task.id]
    assert await came_back(store, NOW) == [Comeback.EARLIER]
    again = await left(store, NOW + HOUR)
    assert (again.created_at, again.made_at, again.happened_at) == (NOW + HOUR, NOW, NOW)
    assert await came_back(store, NOW) == [Comeback.EARLIER]
    assert ((await line(store)).outcome, await dead(store)) == ("sent", {})
    assert await came_back(store, NOW + HOUR) == [Comeback.ENDED]
    assert await dead(store) == {task.id: BACK}


async def test_of_two_tries_a_return_without_a_date_changes_nothing(store: Store) -> None:
    await store.tasks.add([TASK])
    task = await left(store)
    await store.task_desk.retry([task.id], NOW + HOUR)
    await left(store, NOW + HOUR)
    for date in (None, NOW + 9 * HOUR):
        assert await came_back(store, date) == [Comeback.UNCLEAR]
    assert await dead(store) == {}


@pytest.mark.parametrize("date", [NOW, None])
async def test_what_comes_back_before_our_word_of_it_is_down_is_looked_at_again(
    store: Store, date: datetime | None
) -> None:
    await store.tasks.add([TASK])
    with pytest.raises(DeferredError):
        await came_back(store, date)


async def test_the_second_of_a_date_is_all_that_is_compared(store: Store) -> None:
    begun = NOW + timedelta(microseconds=999_000)
    await store.tasks.add([TASK])
    task = await left(store)
    await store.task_desk.retry([task.id], begun + HOUR)
    await left(store, begun + HOUR)
    assert await came_back(store, NOW + HOUR) == [Comeback.ENDED]


async def test_of_two_tasks_of_one_name_the_one_that_left_then_came_back(store: Store) -> None:
    await store.tasks.add([TASK])
    first = await left(store)
    await store.tasks.add([replace(TASK, subject="t")])
    second = await left(store)
    await store.task_desk.retry([second.id], NOW + HOUR)
    await left(store, NOW + HOUR)
    assert await came_back(store, NOW + HOUR) == [Comeback.ENDED]
    assert first.id not in await dead(store)


async def test_a_task_is_found_by_the_name_that_it_was_called_last(store: Store) -> None:
    await store.tasks.add([TASK])
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    await store.sent.call(task, "r1.9", payload=b'{"to":"y"}')
    await store.tasks.settle(task, outcome="sent", at=NOW)
    assert await came_back(store, NOW) == []
    assert await store.sent.bearing("r1.0") == {}
    assert await store.sent.bearing("r1.9") == {task.id: TaskKind.MAIL}
    assert await came_back(store, NOW, "r1.9") == [Comeback.ENDED]
    assert await log_of(store) == [('{"to":"y"}', BACK)]


def test_tasks_of_the_previous_schema_were_begun_once(url: str) -> None:
    migrate(url, to="0026")
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO task (kind, subject, sealed, created_at, due_at, attempts)"
            " VALUES ('mail', 's', '', 5, 5, 0)"
        )
    migrate(url)
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT created_at, made_at FROM task").one()
    engine.dispose()
    assert tuple(row) == (5, None)
