"""Who works at the desk, on every engine; and when the next task falls due."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from store_house import NOW, act_at_desk

from gateway.ports.people.operators import Operators
from gateway.records.patients.account import NewTrace
from gateway.records.readers.operator import Operator, OperatorRole
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store, schema

CAMILLE = Operator(
    number="",
    login="Camille.F",
    name="Camille Fabre",
    password_hash="argon",
    roles=(OperatorRole.CONSEILLER, OperatorRole.VALIDEUR),
)


def told(_number: str) -> NewTrace:
    return act_at_desk("operator-disabled")


async def test_an_operator_is_found_by_login_in_any_case_and_by_number(store: Store) -> None:
    desk: Operators = store.operators
    kept = await store.operators.keep_operator(CAMILLE)
    assert kept == replace(CAMILLE, number="101")
    assert await desk.operator(" camille.f ") == kept
    assert await desk.operator_numbered("101") == kept
    assert await desk.operator("nobody") is None
    assert await desk.operator_numbered("102") is None


async def test_a_known_login_keeps_its_number_and_nobody_gets_anothers(store: Store) -> None:
    await store.operators.keep_operator(CAMILLE)
    await store.operators.keep_operator(replace(CAMILLE, login="noe"))
    again = replace(CAMILLE, password_hash="new", roles=(OperatorRole.AUDITEUR,), number="999")
    assert (await store.operators.keep_operator(again)).number == "101"
    await store.operators.disable_operator("noe", told=told)
    third = await store.operators.keep_operator(replace(CAMILLE, login="third"))
    assert third.number == "103"
    found = [(one.number, one.disabled) for one in await store.operators.operators()]
    assert found == [("101", False), ("102", True), ("103", False)]


async def test_disabling_nobody_says_so_and_a_new_password_lets_in_again(store: Store) -> None:
    assert not await store.operators.disable_operator("nobody", told=told)
    await store.operators.keep_operator(CAMILLE)
    assert await store.operators.disable_operator("CAMILLE.F", told=told)
    assert (await store.operators.operators())[0].disabled
    await store.operators.keep_operator(CAMILLE)
    assert not (await store.operators.operators())[0].disabled


async def test_no_login_and_no_name_can_be_read_in_the_table(store: Store) -> None:
    await store.operators.keep_operator(CAMILLE)
    rows = await store.database.read(lambda c: c.execute(select(schema.operator)).all())
    assert b"camille" not in repr(rows).encode().lower()


async def test_the_next_due_instant_is_that_of_what_is_not_settled(store: Store) -> None:
    assert await store.tasks.next_due(after=NOW) is None
    assert not await store.tasks.anything_due(NOW)
    hour = timedelta(hours=1)
    tasks = [
        NewTask(kind=TaskKind.NOTICE, subject=str(number), due_at=NOW + number * hour)
        for number in range(3)
    ]
    await store.tasks.add(tasks)
    assert await store.tasks.anything_due(NOW)
    assert await store.tasks.next_due(after=NOW) == NOW + hour
    (first,) = await store.tasks.claim(NOW, lease=hour / 2, limit=9)
    await store.tasks.settle(first, outcome="sent", at=NOW)
    assert not await store.tasks.anything_due(NOW)
    assert await store.tasks.next_due(after=NOW + hour) == NOW + 2 * hour
