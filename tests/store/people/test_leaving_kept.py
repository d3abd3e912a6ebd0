"""Spaces that are opposed, closed, reopened, and whose deletion is asked for, on each engine."""

from dataclasses import replace
from datetime import timedelta

from store_house import NOW, OID, identity, session

from gateway.records.catalogue.launches import LaunchToken, TokenKind
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import (
    AccountState,
    Choice,
    ChoiceKind,
    Login,
    NewTrace,
    Person,
)
from gateway.records.patients.activation import Activated, Activation
from gateway.records.patients.leaving import Deletion
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.service import ServiceToken
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store

LATER = NOW + timedelta(days=9)


async def opened(store: Store, state: AccountState, ins: str = "255077511600192") -> PatientKey:
    one = replace(identity(), ins=ins)
    key = store.keys.patient_key(OID, ins)
    change = IdentityChange(key=key, identity=one, qualified=True, state=state)
    assert await store.people.change_identity(change)
    return key


def act(key: PatientKey, action: str = "closing") -> NewTrace:
    return NewTrace(
        patient=key,
        action=action,
        permitted=True,
        rule="P60",
        kind="patient",
        actor=key.hex(),
        actor_name="",
    )


def notice(key: PatientKey) -> NewTask:
    return NewTask(kind=TaskKind.NOTICE, subject="told", due_at=NOW, patient=key)


async def person(store: Store, key: PatientKey) -> Person:
    found = await store.people.person(key)
    assert found is not None
    return found


async def closed(store: Store, key: PatientKey, *, asks_deletion: bool = False) -> bool:
    return await store.departures.close(
        key, at=NOW, acts=[act(key)], then=[notice(key)], asks_deletion=asks_deletion
    )


async def told(store: Store, key: PatientKey) -> list[str]:
    return [one.trace.action for one in await store.traces.of_patient(key, limit=20)]


async def test_the_first_opposition_stands_and_a_second_one_only_leaves_its_entry(
    store: Store,
) -> None:
    key, opposing = await opened(store, AccountState.INVITED), store.departures.oppose
    first = await opposing(key, at=NOW, act=act(key, "opposition"), then=[notice(key)])
    again = await opposing(key, at=LATER, act=act(key, "opposition"), then=[notice(key)])
    assert (first, again) == (NOW, NOW)
    found = await person(store, key)
    assert (found.state, found.opposed_at) == (AccountState.OPPOSED, NOW)
    assert await told(store, key) == ["opposition", "opposition"]
    assert (await store.tasks.depth())[TaskKind.NOTICE] == 1


async def test_a_space_that_does_not_wait_is_not_opposed(store: Store) -> None:
    waiting = (AccountState.INVITED, AccountState.OPPOSED)
    for number, state in enumerate(one for one in AccountState if one not in waiting):
        key = await opened(store, state, f"{number:015}")
        assert await store.departures.oppose(key, at=NOW, act=act(key)) is None
        assert (await person(store, key)).state is state
        assert await told(store, key) == []


async def test_a_closing_ends_sessions_tokens_and_what_was_agreed_with_applications(
    store: Store,
) -> None:
    key = await opened(store, AccountState.ACTIVE)
    await store.sessions.open(session(subject=key.hex()))
    token = ServiceToken(token_hash=b"t" * 32, service="carnet", patient=key, granted=NOW)
    await store.service_tokens.keep(token)
    launched = LaunchToken(
        token_hash=b"l" * 32,
        kind=TokenKind.ACCESS,
        service="carnet",
        patient=key,
        granted=NOW,
        made_at=NOW,
        ends_at=LATER,
    )
    await store.launches.keep(launched)
    await store.launches.begin(key, "carnet", at=NOW)
    for kind, target in ((ChoiceKind.APPLICATION, "carnet"), (ChoiceKind.BLOCK, "8001")):
        choice = Choice(kind=kind, target=target, since=NOW - timedelta(days=1))
        await store.people.choose(key, choice)
    assert await closed(store, key)
    found = await person(store, key)
    assert (found.state, found.closed_at) == (AccountState.CLOSED, NOW)
    assert found.deletion_asked_at is None
    assert await store.sessions.find(b"h" * 32) is None
    assert await store.service_tokens.find(b"t" * 32) is None
    assert await store.launches.find(launched.token_hash) is None
    assert await store.launches.uses(key) == []
    in_force = [
        one.kind for one in await store.people.choices(key) if one.until is None or one.until > NOW
    ]
    assert in_force == [ChoiceKind.BLOCK]
    assert (await told(store, key))[:2] == ["service-stopped", "closing"]
    assert (await store.tasks.depth())[TaskKind.NOTICE] == 1
    assert not await closed(store, key)
    assert await store.departures.reopen(key, act=act(key, "reopening"))
    found = await person(store, key)
    assert (found.state, found.closed_at) == (AccountState.ACTIVE, None)
    assert [one.kind for one in await store.people.choices(key) if one.until is None] == in_force


async def test_a_space_that_is_not_made_is_not_closed(store: Store) -> None:
    made = (AccountState.ACTIVE, AccountState.CREATED)
    for number, state in enumerate(one for one in AccountState if one not in made):
        key = await opened(store, state, f"{number:015}")
        assert not await closed(store, key)
        assert (await person(store, key)).state is state
        assert await told(store, key) == []


async def test_a_deletion_is_asked_for_once_and_reopening_cancels_it(store: Store) -> None:
    key, leaving = await opened(store, AccountState.ACTIVE), store.departures
    assert not await leaving.ask_deletion(key, at=NOW, act=act(key, "deletion"))
    assert await closed(store, key)
    assert not await leaving.take_back(key, act=act(key, "deletion-kept"))
    assert await leaving.ask_deletion(key, at=NOW, act=act(key, "deletion"))
    assert not await leaving.ask_deletion(key, at=LATER, act=act(key, "deletion"))
    due = Deletion(patient=key, state=AccountState.CLOSED, asked_at=NOW)
    assert await leaving.deletions(limit=9) == [due]
    assert await leaving.reopen(key, act=act(key, "reopening"))
    assert await leaving.deletions(limit=9) == []
    assert (await person(store, key)).deletion_asked_at is None
    assert not await leaving.reopen(key, act=act(key, "reopening"))


async def test_a_deletion_is_asked_for_with_the_closing_and_taken_back(store: Store) -> None:
    key, leaving = await opened(store, AccountState.ACTIVE), store.departures
    assert await closed(store, key, asks_deletion=True)
    assert [one.patient for one in await leaving.deletions(limit=9)] == [key]
    assert await leaving.take_back(key, act=act(key, "deletion-kept"))
    assert await leaving.deletions(limit=9) == []
    assert (await person(store, key)).state is AccountState.CLOSED


async def test_the_deletion_that_is_due_first_is_listed_first(store: Store) -> None:
    keys = [await opened(store, AccountState.ACTIVE, ins) for ins in ("1" * 15, "2" * 15)]
    for key, at in zip(keys, (LATER, NOW), strict=True):
        assert await closed(store, key)
        assert await store.departures.ask_deletion(key, at=at, act=act(key, "deletion"))
    assert [one.patient for one in await store.departures.deletions(limit=9)] == keys[::-1]


async def test_a_deletion_on_paper_waits_and_is_confirmed_once(store: Store) -> None:
    key, leaving = await opened(store, AccountState.ACTIVE), store.departures
    assert await closed(store, key)
    end = NOW + timedelta(days=30)
    paper = Choice(kind=ChoiceKind.DELETION_PROPOSED, target="", since=NOW, until=end, by="101")
    await store.people.choose(key, paper)
    assert [(one.patient, one.choice) for one in await leaving.proposed(NOW, limit=9)] == [
        (key, paper)
    ]
    assert await leaving.proposed(end, limit=9) == []
    asked = act(key, "deletion")
    assert await leaving.ask_deletion(key, at=NOW, act=asked, proposed=paper)
    assert await leaving.proposed(NOW, limit=9) == []
    assert await leaving.take_back(key, act=act(key, "deletion-kept"))
    assert not await leaving.ask_deletion(key, at=NOW, act=asked, proposed=paper)


async def test_an_activation_after_a_closing_cancels_the_deletion(store: Store) -> None:
    key = await opened(store, AccountState.CREATED)
    assert await closed(store, key, asks_deletion=True)
    code = Activation(
        patient=key, salt=b"s" * 16, digest=b"d" * 32, serial="1", made_at=NOW, expires_at=LATER
    )
    await store.activations.hand_over(code, act=act(key, "activation-code"))
    login = Login(patient=key, login="zebulon55", password_hash="h")
    done = await store.activations.activate(login, digest=code.digest, act=act(key, "activation"))
    assert done is Activated.DONE
    found = await person(store, key)
    assert (found.state, found.closed_at, found.deletion_asked_at) == (
        AccountState.ACTIVE,
        None,
        None,
    )
