"""What waits and what failed, on every engine: counts, who has it in hand, and its two ends."""

from datetime import timedelta

import orjson
from sqlalchemy import update
from store_house import NOW

from gateway.ports.tasks import Letters, Queues
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK
from gateway.records.task import NewTask, Queue, Task, TaskKind
from gateway.store import Store
from gateway.store.schema import task

LEASE = timedelta(minutes=1)
LATER = NOW + timedelta(minutes=5)
MOST = 100
ACT = NewTrace(
    patient=DESK,
    action="letter",
    permitted=True,
    rule="r",
    kind="operator",
    actor="1",
    actor_name="",
)


def mail(subject: str) -> NewTask:
    payload = orjson.dumps({"to": subject})
    return NewTask(kind=TaskKind.MAIL, subject=subject, due_at=NOW, payload=payload)


def forward(subject: str, lane: str = "forward:lis") -> NewTask:
    return NewTask(kind=TaskKind.FORWARD, subject=subject, due_at=NOW, lane=lane)


def notice(subject: str) -> NewTask:
    return NewTask(kind=TaskKind.NOTICE, subject=subject, due_at=LATER)


async def claimed(store: Store, *tasks: NewTask) -> list[Task]:
    await store.tasks.add(list(tasks))
    return await store.tasks.claim(NOW, lease=LEASE, limit=9)


async def dead(store: Store, subject: str) -> int:
    (one,) = await claimed(store, mail(subject))
    await store.tasks.settle(one, outcome="refused: no", at=NOW, dead=True)
    return one.id


async def numbers(store: Store) -> list[int]:
    return [one.line.id for one in await store.letters.failed(limit=MOST)]


async def test_each_kind_and_each_lane_is_counted_with_its_oldest_and_next(store: Store) -> None:
    queues: Queues = store.queues
    assert (await queues.lanes(NOW), await queues.kinds(NOW, most=MOST)) == ([], ([], False))
    await store.tasks.add([mail("a"), notice("b"), notice("c"), forward("d"), forward("e")])
    await store.tasks.add([forward("f", "answers:labo")])
    lanes = await queues.lanes(NOW)
    assert [(one.lane, one.size, one.taken, one.tries) for one in lanes] == [
        ("answers:labo", 1, 0, 0),
        ("forward:lis", 2, 0, 0),
    ]
    kinds, more = await queues.kinds(NOW, most=MOST)
    assert kinds == [
        Queue(kind=kind, lane=None, size=size, oldest=NOW, next_due=due, taken=0, tries=0)
        for kind, size, due in ((TaskKind.MAIL, 1, NOW), (TaskKind.NOTICE, 2, LATER))
    ]
    assert not more


async def test_what_passes_the_limit_is_cut_and_said_to_be(store: Store) -> None:
    await store.tasks.add([notice(str(n)) for n in range(5)])
    (one,), more = await store.queues.kinds(NOW, most=3)
    assert (one.size, more) == (4, True)
    (one,), more = await store.queues.kinds(NOW, most=5)
    assert (one.size, more) == (5, False)


async def test_a_task_is_in_hand_from_its_claim_to_the_end_of_its_lease(store: Store) -> None:
    await claimed(store, mail("a"))
    ((one,), _), then = await store.queues.kinds(NOW, most=MOST), NOW + LEASE
    assert (one.taken, one.tries, one.next_due) == (1, 1, then)
    (one,), _ = await store.queues.kinds(then, most=MOST)
    assert one.taken == 0


async def test_what_failed_is_in_nobodys_hand_until_it_is_claimed_again(store: Store) -> None:
    (one,) = await claimed(store, mail("a"))
    await store.tasks.postpone(one, due_at=LATER, reason="away")
    (queue,), _ = await store.queues.kinds(NOW, most=MOST)
    assert (queue.taken, queue.next_due) == (0, LATER)
    await store.tasks.claim(LATER, lease=LEASE, limit=9)
    (queue,), _ = await store.queues.kinds(LATER, most=MOST)
    assert (queue.taken, queue.tries) == (1, 2)


async def test_of_a_lane_its_head_says_who_has_it_and_when_it_goes_on(store: Store) -> None:
    await store.tasks.add([forward("a"), forward("b")])
    (head,) = await store.tasks.claim_heads(NOW, lease=LEASE)
    (lane,) = await store.queues.lanes(NOW)
    assert (lane.size, lane.taken, lane.tries) == (2, 1, 1)
    await store.tasks.postpone(head, due_at=LATER, reason="away")
    (lane,) = await store.queues.lanes(NOW)
    assert (lane.taken, lane.next_due) == (0, LATER)


async def test_dead_letters_stand_latest_first_with_what_they_carry(store: Store) -> None:
    first, second = await dead(store, "a@x.fr"), await dead(store, "b@x.fr")
    letters: Letters = store.letters
    found = await letters.failed(limit=MOST)
    assert [one.line.id for one in found] == [second, first]
    assert found[0].payload == b'{"to":"b@x.fr"}'
    assert len(await letters.failed(limit=1)) == 1
    one = await letters.one(first)
    assert one is not None
    assert (one.line.outcome, one.line.dead) == ("refused: no", True)


async def test_a_damaged_letter_is_listed_without_what_it_carried(store: Store) -> None:
    number = await dead(store, "a@x.fr")
    broken = update(task).where(task.c.id == number).values(sealed=bytes(60))
    await store.database.write(lambda connection: connection.execute(broken).rowcount)
    (one,) = await store.letters.failed(limit=MOST)
    assert (one.line.id, one.payload) == (number, None)


async def test_what_failed_once_is_listed_with_its_next_try_and_what_never_failed_is_not(
    store: Store,
) -> None:
    (one,) = await claimed(store, mail("a"))
    await store.tasks.postpone(one, due_at=LATER, reason="away")
    await store.tasks.add([mail("b"), forward("c"), forward("d")])
    (head,) = await store.tasks.claim_heads(NOW, lease=LEASE)
    await store.tasks.postpone(head, due_at=LATER + LEASE, reason="silent")
    found = await store.letters.again(among=MOST, limit=MOST)
    assert [(each.line.subject, each.line.reason) for each in found] == [
        ("a", "away"),
        ("c", "silent"),
    ]
    assert [each.line.due_at for each in found] == [LATER, LATER + LEASE]


async def test_a_letter_is_tried_again_once_however_often_it_is_asked(store: Store) -> None:
    number = await dead(store, "a")
    assert await store.letters.retry(number, LATER, ACT)
    assert not await store.letters.retry(number, LATER, ACT)
    (again,) = await store.tasks.claim(LATER, lease=LEASE, limit=9)
    assert (again.id, again.attempts, again.created_at) == (number, 1, LATER)
    await store.tasks.settle(again, outcome="sent", at=LATER)
    assert not await store.letters.retry(number, LATER, ACT)
    assert await store.tasks.claim(LATER, lease=LEASE, limit=9) == []
    assert len(await store.traces.of_patient(DESK, limit=9)) == 1


async def test_an_abandoned_letter_keeps_how_it_ended_and_leaves_the_list(store: Store) -> None:
    number, other = await dead(store, "a"), await dead(store, "b")
    assert await store.letters.abandon(number, ACT)
    assert not await store.letters.abandon(number, ACT)
    assert not await store.letters.retry(number, LATER, ACT)
    assert await numbers(store) == [other]
    assert await store.letters.one(number) is None
    (line,) = await store.task_desk.lines(subject="a")
    assert (line.outcome, line.dead) == ("abandoned: refused: no", False)
    assert len(await store.traces.of_patient(DESK, limit=9)) == 1
    assert await store.tasks.claim(LATER, lease=LEASE, limit=9) == []


async def test_what_never_was_a_letter_is_neither_tried_again_nor_abandoned(store: Store) -> None:
    (one,) = await claimed(store, mail("a"))
    for number in (one.id, 99_999):
        assert not await store.letters.retry(number, LATER, ACT)
        assert not await store.letters.abandon(number, ACT)
    assert await store.traces.of_patient(DESK, limit=9) == []


async def test_the_depth_of_both_halves_is_one_count(store: Store) -> None:
    await dead(store, "a")
    await store.tasks.add([mail("b"), forward("c"), notice("d")])
    more = NewTask(kind=TaskKind.MAIL, subject="e", due_at=NOW, lane="of its own")
    await store.tasks.add([more])
    assert await store.tasks.depth() == {
        TaskKind.MAIL: 2,
        TaskKind.FORWARD: 1,
        TaskKind.NOTICE: 1,
    }
