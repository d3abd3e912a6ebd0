"""Prevention in the real store: what is said of examinations, and who is told of them when."""

import json
from datetime import UTC, date, datetime, timedelta

from agenda_house import due, read_of
from prevention_twin import prevention_of
from sqlalchemy import select, update
from ward_house import ALIX, LOU, Ward

from gateway.flows.prevention.telling import AGAIN, TellPrevention
from gateway.flows.reading.decided.facts import patient_reader
from gateway.mapping.prevention.examinations.told import LOOKED_EVERY
from gateway.records.patients.account import AccountState, NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import Said, Topic
from gateway.records.task import TaskKind
from gateway.store import schema

MORNING = datetime(2026, 4, 17, 7, tzinfo=UTC)
"""Nine o'clock in Paris of the day on which Alix is 65."""
OPENS = ["col-hpv", "vaccin-dtp-65-ans", "vaccin-pneumocoque-65-ans", "vaccin-zona"]
ACT = NewTrace(
    patient=PatientKey(bytes(16)),
    action="examination-done",
    permitted=True,
    rule="P01",
    kind="patient",
    actor="",
    actor_name="",
)


def telling(ward: Ward) -> TellPrevention:
    """As a daemon that has just started has it."""
    room = prevention_of(read_of(ward), ward.store.entries, ward.store.preventions)
    return TellPrevention(list=room.list, preventions=ward.store.preventions, clock=ward.clock)


def word(patient: PatientKey, at: datetime, *, holds: bool = True) -> Said:
    day = date(2026, 2, 1)
    return Said(
        patient=patient, topic=Topic.DONE, rule="sein", day=day, holds=holds, by="me", said_at=at
    )


async def told(ward: Ward, patient: PatientKey) -> list[str]:
    rows = await ward.store.traces.of_patient(patient, limit=100)
    acts = [one.trace for one in rows if one.trace.action == "prevention-due"]
    return sorted(json.loads(one.details)["examination"] for one in acts)


async def rows_of(ward: Ward) -> list[tuple[bytes, int, int]]:
    look = schema.prevention_look
    query = select(look.c.patient, look.c.looked_at, look.c.due_at)
    found = await ward.store.database.read(lambda connection: connection.execute(query).all())
    return [(row.patient, row.looked_at, row.due_at) for row in found]


async def become(ward: Ward, patient: PatientKey, state: AccountState) -> None:
    change = update(schema.patient).where(schema.patient.c.patient == patient)
    changed = change.values(state=state.value)
    await ward.store.database.write(lambda connection: connection.execute(changed).rowcount)


async def test_a_word_is_sealed_and_a_later_one_takes_its_place(ward: Ward) -> None:
    alix, kept, at = await ward.open(ALIX), ward.store.preventions, ward.clock.now()
    await kept.say(word(alix, at), act=ACT)
    assert list(await kept.said(alix)) == [word(alix, at)]
    back = word(alix, at + timedelta(hours=1), holds=False)
    await kept.say(back, act=ACT)
    assert list(await kept.said(alix)) == [back]
    rows = await ward.store.database.read(
        lambda connection: connection.execute(select(schema.prevention_said)).all()
    )
    assert len(rows) == 1
    assert b"sein" not in rows[0].sealed + rows[0].name


async def test_what_two_records_said_is_one_list_once_they_are_joined(ward: Ward) -> None:
    alix, lou, kept = await ward.open(ALIX), await ward.open(LOU), ward.store.preventions
    at = ward.clock.now()
    await kept.say(word(alix, at), act=ACT)
    await kept.say(word(lou, at + timedelta(hours=1), holds=False), act=ACT)
    joined = update(schema.patient).where(schema.patient.c.patient == lou)
    await ward.store.database.write(
        lambda connection: connection.execute(joined.values(merged_into=alix)).rowcount
    )
    assert [one.holds for one in await kept.said(alix)] == [False]
    assert list(await kept.said(lou)) == list(await kept.said(alix))


async def test_each_active_space_is_begun_with_once_and_no_other(ward: Ward) -> None:
    alix, lou, kept = await ward.open(ALIX), await ward.open(LOU), ward.store.preventions
    await become(ward, lou, AccountState.CREATED)
    at = ward.clock.now()
    assert [await kept.begin(since=at, limit=10) for _ in range(2)] == [1, 0]
    assert [one.patient for one in await kept.due(at=at, limit=10)] == [alix]
    await become(ward, lou, AccountState.ACTIVE)
    assert await kept.begin(since=at, limit=10) == 1


async def test_what_opens_is_told_at_nine_in_one_message_and_never_twice(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    await telling(ward)()
    assert await told(ward, alix) == []
    ward.clock.at = MORNING - timedelta(minutes=1)
    await telling(ward)()
    assert await told(ward, alix) == []
    ward.clock.at = MORNING
    for _ in range(3):
        await telling(ward)()
    assert await told(ward, alix) == OPENS
    tasks = await due(ward, TaskKind.NOTICE)
    assert [json.loads(one.payload) for one in tasks] == [{"notice": "prevention"}] * len(OPENS)
    assert {one.subject for one in tasks} == {"prevention"}


async def test_at_two_thirds_it_is_told_once_more_unless_it_was_done_or_silenced(
    ward: Ward,
) -> None:
    alix, me = await ward.open(ALIX), patient_reader(await ward.open(ALIX))
    await telling(ward)()
    ward.clock.at = MORNING
    await telling(ward)()
    room = prevention_of(read_of(ward), ward.store.entries, ward.store.preventions)
    await room.say.silence(me, alix, "vaccin-dtp-65-ans", silent=True)
    ward.clock.at = MORNING + timedelta(days=364)
    await telling(ward)()
    again = [one for one in await told(ward, alix) if one not in ("sein", "colorectal")]
    assert again == sorted([*OPENS, "col-hpv"])


async def test_a_line_opened_before_the_space_was_there_is_told_at_two_thirds_alone(
    ward: Ward,
) -> None:
    alix = await ward.open(ALIX)
    ward.clock.at = MORNING + timedelta(days=1)
    await telling(ward)()
    ward.clock.at += timedelta(days=5)
    await telling(ward)()
    assert await told(ward, alix) == []


async def test_by_night_nobody_is_told_and_in_the_morning_all(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    await telling(ward)()
    ward.clock.at = MORNING + timedelta(hours=13)
    await telling(ward)()
    assert await told(ward, alix) == []
    ward.clock.at = MORNING + timedelta(days=1)
    await telling(ward)()
    assert await told(ward, alix) == OPENS


async def test_of_two_nodes_that_look_at_once_one_tells(ward: Ward) -> None:
    alix, kept, now = await ward.open(ALIX), ward.store.preventions, ward.clock.now()
    await kept.begin(since=now, limit=10)
    (one,) = await kept.due(at=now, limit=10)
    later = now + timedelta(minutes=1)
    act = NewTrace(**{name: getattr(ACT, name) for name in ACT.__slots__} | {"patient": alix})
    done = [await kept.looked(one, at=later, due_at=later, acts=[act]) for _ in range(2)]
    assert done == [True, False]
    rows = await ward.store.traces.of_patient(alix, limit=10)
    assert [row.trace.action for row in rows].count("examination-done") == 1


async def test_a_space_that_is_not_active_is_left_and_begun_with_anew(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    await telling(ward)()
    for state in (AccountState.CLOSED, AccountState.CREATED):
        await become(ward, alix, state)
        ward.clock.at += LOOKED_EVERY
        await telling(ward)()
        assert await rows_of(ward) == []
    ward.clock.at = MORNING + timedelta(days=3)
    await become(ward, alix, AccountState.ACTIVE)
    await telling(ward)()
    assert await told(ward, alix) == []
    assert len(await rows_of(ward)) == 1


async def test_a_person_is_looked_at_again_when_something_opens_and_once_a_month(
    ward: Ward,
) -> None:
    await ward.open(ALIX)
    await telling(ward)()
    ((_, looked, next_at),) = await rows_of(ward)
    assert timedelta(microseconds=next_at - looked) == LOOKED_EVERY
    ward.clock.at = MORNING - timedelta(days=10)
    await telling(ward)()
    ((_, _, next_at),) = await rows_of(ward)
    assert datetime.fromtimestamp(next_at / 1_000_000, UTC) == MORNING


async def test_a_line_that_cannot_be_read_keeps_nobody_else_from_being_told(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    await telling(ward)()
    broken = update(schema.patient).where(schema.patient.c.patient == lou).values(sealed=b"x" * 60)
    await ward.store.database.write(lambda connection: connection.execute(broken).rowcount)
    ward.clock.at = MORNING
    await telling(ward)()
    assert await told(ward, alix) == OPENS
    turns = {row[0]: row[2] for row in await rows_of(ward)}
    assert timedelta(microseconds=turns[lou] - _micros(MORNING)) == AGAIN


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
