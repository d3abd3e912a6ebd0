"""Which of the tries of one round a mail that comes back was, on every engine."""

from datetime import timedelta

import pytest
from comeback_house import BACK, HOUR, LEASE, TASK, came_back, dead, left
from store_house import NOW

from gateway.errors import DeferredError
from gateway.records.task import Comeback, Task
from gateway.store import Store, migrate
from gateway.store.engine.engines import writing_engine

LATER = NOW + LEASE + timedelta(minutes=1)


async def taken(store: Store) -> Task:
    (task,) = await store.tasks.claim(NOW, lease=LEASE, limit=9)
    return task


@pytest.fixture
async def killed(store: Store) -> Task:
    """A first try of which we never heard the end: whoever had it in hand was killed."""
    await store.tasks.add([TASK])
    return await taken(store)


async def test_the_return_of_a_try_that_another_followed_undoes_nothing(
    store: Store, killed: Task
) -> None:
    again = await left(store, LATER)
    assert (killed.attempts, again.attempts) == (1, 2)
    assert await came_back(store, NOW, tries=1) == [Comeback.EARLIER]
    assert await dead(store) == {}
    assert await came_back(store, NOW, tries=2) == [Comeback.ENDED]
    assert await dead(store) == {killed.id: BACK}


async def test_it_may_come_back_before_the_next_try_has_its_end(store: Store, killed: Task) -> None:
    with pytest.raises(DeferredError):
        await came_back(store, NOW, tries=1)
    await store.tasks.postpone(killed, due_at=NOW, reason="cut", unheard=True)
    with pytest.raises(DeferredError):
        await came_back(store, NOW, tries=1)
    second = await taken(store)
    assert await came_back(store, NOW, tries=1) == [Comeback.EARLIER]
    await store.tasks.settle(second, outcome="sent", at=NOW)
    assert await came_back(store, NOW, tries=1) == [Comeback.EARLIER]
    assert await dead(store) == {}


@pytest.mark.parametrize("unheard", [True, False])
async def test_without_an_envelope_id_only_a_try_that_may_have_arrived_leaves_a_doubt(
    store: Store, killed: Task, *, unheard: bool
) -> None:
    await store.tasks.postpone(killed, due_at=NOW, reason="450", unheard=unheard)
    await left(store)
    expected = Comeback.UNCLEAR if unheard else Comeback.ENDED
    assert await came_back(store, NOW) == [expected]
    assert await dead(store) == ({} if unheard else {killed.id: BACK})


async def test_a_try_that_surely_did_not_leave_hides_none_that_may_have(store: Store) -> None:
    await store.tasks.add([TASK])
    await store.tasks.postpone(await taken(store), due_at=NOW, reason="450")
    await taken(store)  # and its worker was killed
    await left(store, LATER)
    assert await came_back(store, None) == [Comeback.UNCLEAR]
    assert await dead(store) == {}


async def test_a_try_of_which_nobody_wrote_the_end_leaves_a_doubt_too(
    store: Store, killed: Task
) -> None:
    assert (await left(store, LATER)).id == killed.id
    for date in (NOW, None):
        assert await came_back(store, date) == [Comeback.UNCLEAR]
    assert await dead(store) == {}


async def test_what_was_handed_back_is_due_at_once_and_was_no_try(store: Store) -> None:
    """A busy hour's claims would leave a doubt of each mail that comes back."""
    await store.tasks.add([TASK])
    await store.tasks.hand_back([await taken(store)], at=NOW)
    assert (await left(store, NOW)).attempts == 1
    assert await came_back(store, NOW) == [Comeback.ENDED]


async def test_what_another_took_since_is_not_handed_back(store: Store, killed: Task) -> None:
    (second,) = await store.tasks.claim(LATER, lease=LEASE, limit=9)
    await store.tasks.hand_back([killed], at=LATER)
    assert await store.tasks.claim(LATER, lease=LEASE, limit=9) == []
    await store.tasks.settle(second, outcome="sent", at=LATER)
    assert [one.attempts for one in await store.task_desk.lines(subject="s")] == [2]


async def test_what_takes_long_is_held_beyond_its_lease_by_who_has_it(store: Store) -> None:
    await store.tasks.add([TASK])
    mine = await taken(store)
    assert await store.tasks.keep(mine, until=LATER + HOUR)
    assert await store.tasks.claim(LATER, lease=LEASE, limit=9) == []
    await store.tasks.settle(mine, outcome="sent", at=LATER)
    assert not await store.tasks.keep(mine, until=LATER + HOUR)


async def test_what_another_took_since_is_not_held(store: Store, killed: Task) -> None:
    (second,) = await store.tasks.claim(LATER, lease=LEASE, limit=9)
    assert not await store.tasks.keep(killed, until=LATER + HOUR)
    assert await store.tasks.claim(LATER + LEASE, lease=LEASE, limit=9) != []
    assert second.attempts == 2


async def test_what_a_person_begins_anew_is_a_round_of_its_own(store: Store, killed: Task) -> None:
    await store.tasks.postpone(killed, due_at=NOW, reason="450")
    await left(store)
    assert await store.task_desk.retry([killed.id], NOW + HOUR) == [killed.id]
    (first,) = await store.tasks.claim(NOW + HOUR, lease=LEASE, limit=9)
    await store.tasks.postpone(first, due_at=NOW + HOUR, reason="cut", unheard=True)
    await left(store, NOW + HOUR)
    assert await came_back(store, NOW, tries=2) == [Comeback.EARLIER]
    assert await came_back(store, NOW + HOUR) == [Comeback.UNCLEAR]
    assert await came_back(store, NOW + HOUR, tries=1) == [Comeback.EARLIER]
    assert await came_back(store, NOW + HOUR, tries=2) == [Comeback.ENDED]


async def test_a_mail_that_ended_undone_keeps_its_end_in_any_doubt(
    store: Store, killed: Task
) -> None:
    (second,) = await store.tasks.claim(LATER, lease=LEASE, limit=9)
    await store.tasks.settle(second, outcome="given-up: 450", at=LATER, dead=True)
    assert await came_back(store, NOW) == [Comeback.DEAD]
    assert await dead(store) == {killed.id: "given-up: 450"}


def test_of_a_task_of_the_previous_schema_no_try_is_known(url: str) -> None:
    migrate(url, to="0030")
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO task (kind, subject, sealed, created_at, due_at, attempts)"
            " VALUES ('mail', 's', '', 5, 5, 1)"
        )
    migrate(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT unsent FROM task").scalar_one() is None
    engine.dispose()
