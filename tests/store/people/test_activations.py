"""Provisional codes and the credentials that follow, on each engine."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from store_house import NOW, OID, FixedClock, identity, session

from gateway.flows.family.profiles import look_at
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Login, NewTrace
from gateway.records.patients.activation import Activated, Activation, Aim, Draft
from gateway.records.patients.patient import PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store

LATER = NOW + timedelta(weeks=6)


async def opened(store: Store, state: AccountState = AccountState.CREATED) -> PatientKey:
    one = identity()
    key = store.keys.patient_key(OID, one.ins or "")
    change = IdentityChange(key=key, identity=one, qualified=True, state=state)
    assert await store.people.change_identity(change)
    return key


def act(key: PatientKey, action: str = "activation") -> NewTrace:
    return NewTrace(
        patient=key,
        action=action,
        permitted=True,
        rule="P60",
        kind="patient",
        actor=key.hex(),
        actor_name="",
    )


def code(key: PatientKey, digest: bytes = b"d" * 32) -> Activation:
    return Activation(
        patient=key,
        salt=b"s" * 16,
        digest=digest,
        serial="60123456789",
        made_at=NOW,
        expires_at=LATER,
        email="zoe@exemple.test",
    )


def login(key: PatientKey, name: str = "zebulon55") -> Login:
    return Login(patient=key, login=name, password_hash="h", mobile="0612345678")


async def handed(store: Store, one: Activation) -> None:
    await store.activations.hand_over(one, act=act(one.patient, "activation-code"))


async def test_a_code_opens_once_with_all_that_follows_in_one_commit(store: Store) -> None:
    key = await opened(store)
    await handed(store, code(key))
    await store.sessions.open(session(subject=key.hex()))
    task = NewTask(kind=TaskKind.NOTICE, subject="account-activated", due_at=NOW, patient=key)
    done = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key), then=[task])
    assert done is Activated.DONE
    person = await store.people.person(key)
    assert person is not None
    assert person.state is AccountState.ACTIVE
    assert await store.people.login("zebulon55") == login(key)
    assert await store.sessions.find(b"h" * 32) is None
    told = [one.trace.action for one in await store.traces.of_patient(key, limit=9)]
    assert told == ["activation", "activation-code"]
    assert (await store.tasks.depth())[TaskKind.NOTICE] == 1
    again = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    assert again is Activated.GONE


async def test_the_code_of_a_child_opens_once_and_makes_no_login(store: Store) -> None:
    key = await opened(store, AccountState.INVITED)
    await handed(store, replace(code(key), parent="ab" * 16))
    child = store.activations.activate_child
    assert not await child(key, digest=b"x" * 32, act=act(key))
    task = NewTask(kind=TaskKind.NOTICE, subject="account-activated", due_at=NOW, patient=key)
    assert await child(key, digest=b"d" * 32, act=act(key), then=[task])
    person = await store.people.person(key)
    assert person is not None
    assert person.state is AccountState.ACTIVE
    assert await store.people.login_of(key) is None
    assert not await child(key, digest=b"d" * 32, act=act(key))
    told = [one.trace.action for one in await store.traces.of_patient(key, limit=9)]
    assert told == ["activation", "activation-code"]
    assert (await store.tasks.depth())[TaskKind.NOTICE] == 1


async def test_the_code_of_a_child_that_ended_or_of_a_shut_space_opens_nothing(
    store: Store,
) -> None:
    key = await opened(store, AccountState.CLOSED)
    await handed(store, code(key))
    assert not await store.activations.activate_child(key, digest=b"d" * 32, act=act(key))
    await handed(store, replace(code(key), expires_at=NOW))
    assert not await store.activations.activate_child(key, digest=b"d" * 32, act=act(key))
    person = await store.people.person(key)
    assert person is not None
    assert person.state is AccountState.CLOSED


async def test_nothing_of_a_code_or_a_contact_is_readable_in_the_table(store: Store) -> None:
    key = await opened(store)
    await handed(store, code(key))
    rows = await store.database.read(
        lambda c: [repr(tuple(row)) for row in c.execute(text("SELECT * FROM activation"))]
    )
    assert len(rows) == 1
    for secret in ("zoe", "60123456789", "exemple"):
        assert secret not in rows[0]
    assert await store.activations.handed_over(key) == code(key)


async def test_a_newer_code_an_ended_one_and_a_shut_space_open_nothing(store: Store) -> None:
    key = await opened(store)
    await handed(store, code(key))
    await handed(store, code(key, b"e" * 32))
    old = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    await handed(store, replace(code(key), expires_at=NOW))
    ended = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    await handed(store, code(key))
    await opened(store, AccountState.ERASING)
    shut = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    assert (old, ended, shut) == (Activated.GONE,) * 3
    assert await store.people.login("zebulon55") is None


async def test_a_login_of_somebody_else_is_never_taken_over(store: Store) -> None:
    key, other = await opened(store), PatientKey(b"o" * 16)
    await store.people.add_login(login(other))
    await handed(store, code(key))
    assert not await store.activations.is_free("zebulon55", key)
    assert await store.activations.is_free("zebulon55", other)
    taken = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    assert taken is Activated.TAKEN
    assert await store.people.login("zebulon55") == login(other)
    free = await store.activations.activate(login(key, "zebulon56"), digest=b"d" * 32, act=act(key))
    assert free is Activated.DONE


async def test_a_new_password_is_for_an_active_space_and_ends_its_sessions_alone(
    store: Store,
) -> None:
    key = await opened(store)
    changed = replace(login(key), password_hash="i", former=("h",))
    assert not await store.activations.renew(changed, act=act(key, "recovery"))
    await opened(store, AccountState.ACTIVE)
    await store.sessions.open(session(subject=key.hex()))
    await store.sessions.open(session(subject=key.hex(), id_hash=b"g" * 32, who="guest"))
    assert await store.activations.renew(changed, act=act(key, "recovery"))
    assert await store.people.login_of(key) == changed
    assert await store.sessions.find(b"h" * 32) is None
    assert await store.sessions.find(b"g" * 32) is not None


async def test_a_session_that_a_new_password_ended_is_not_opened_again_by_its_last_request(
    store: Store,
) -> None:
    key = await opened(store, AccountState.ACTIVE)
    one = session(subject=key.hex())
    await store.sessions.open(one)
    await look_at(store.sessions, one, "ab")
    under_way = await store.sessions.find(one.id_hash)
    assert under_way is not None
    assert under_way.profile == "ab"
    assert await store.activations.renew(login(key), act=act(key, "recovery"))
    await look_at(store.sessions, under_way, "cd")
    assert await store.sessions.find(one.id_hash) is None


async def test_a_draft_is_kept_with_its_session(store: Store) -> None:
    draft = Draft(aim=Aim.ACTIVATION, patient="ab", to_prove=("sms",), mobile="0612345678")
    await store.sessions.open(session(who="guest", proved=False, draft=draft))
    found = await store.sessions.find(b"h" * 32)
    assert found is not None
    assert found.draft == draft
    assert FixedClock().now() < found.expires_at


async def test_sessions_of_one_person_end_without_a_look_at_those_of_others(store: Store) -> None:
    key, other = await opened(store), b"o" * 32
    await handed(store, code(key))
    await store.sessions.open(session(subject=key.hex()))
    await store.sessions.open(session(id_hash=other, subject="cd"))
    spoilt = text("update session set sealed = :sealed where id_hash = :id")
    await store.database.write(lambda c: c.execute(spoilt, {"sealed": b"x", "id": other}).rowcount)
    done = await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    assert done is Activated.DONE
    assert await store.sessions.find(b"h" * 32) is None
    left = text("select count(*) from session where id_hash = :id")
    assert await store.database.read(lambda c: c.execute(left, {"id": other}).scalar()) == 1


async def test_sessions_that_yesterdays_code_opened_end_too(store: Store) -> None:
    key = await opened(store)
    await handed(store, code(key))
    for id_hash, subject in ((b"h" * 32, key.hex()), (b"o" * 32, "cd")):
        await store.sessions.open(session(id_hash=id_hash, subject=subject))
    unnamed = text("update session set whose_name = null")
    await store.database.write(lambda c: c.execute(unnamed).rowcount)
    await store.activations.activate(login(key), digest=b"d" * 32, act=act(key))
    assert await store.sessions.find(b"h" * 32) is None
    assert await store.sessions.find(b"o" * 32) is not None


async def test_tries_of_long_ago_are_forgotten_and_those_that_count_are_not(store: Store) -> None:
    for hours in (24, 1):
        await store.sessions.failed("nobody", at=NOW - timedelta(hours=hours))
    assert await store.sessions.drop_expired(NOW) == 1
    since = NOW - timedelta(days=9)
    assert await store.sessions.tries("nobody", since=since) == [NOW - timedelta(hours=1)]
